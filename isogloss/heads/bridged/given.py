"""Two banks that are not paired, their bridge, and what is tested and therefore in neither bank."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from isogloss.errors import InvalidValue
from isogloss.heads.beyond.asked import Key, Lines, read_lines
from isogloss.heads.pairs import pivot_of, read_pairs
from isogloss.heads.recipe import TeachRecipe
from isogloss.heads.sides import Side, Sides, read_file
from isogloss.heads.unpaired import Banks
from isogloss.text.tally import Tally
from isogloss.types import Mask, Rows, Vectors


@dataclass(frozen=True, eq=False)
class Given:
    """sides: texts by language, and the others under their one name. bridge: the same items by both encoders, row by
    row. test: language → rows of it and of the others, (n, 2). other: the name of the others. lines: that are looked
    for besides.
    """

    sides: Mapping[str, Side]
    bridge: tuple[Vectors, Vectors]
    test: Mapping[str, Rows]
    other: str
    lines: Lines | None = None

    @property
    def dims(self) -> dict[str, int]:
        """Of the vectors that the head of each side takes, by the sides' names in the recipe."""
        return {"texts": int(self.bridge[0].shape[1]), "others": int(self.bridge[1].shape[1])}

    @property
    def shared(self) -> bool:
        """Whether both sides have one dimension, so that they can be looked at before a head is taught."""
        return len(set(self.dims.values())) == 1

    @property
    def line_rows(self) -> dict[str, Rows]:
        """Of each side, those which stand in the lines."""
        by = self.lines.by if self.lines else {}
        found = {name: self.sides[name].rows for name in by if name in self.sides}
        return {name: np.unique([at[line] for line in by[name] if line]).astype(np.int64) for name, at in found.items()}

    def banks(self, rows: Rows, partners: Rows, held_out: tuple[str, ...]) -> Banks:
        """rows, partners: of the bridge. What is tested, and languages that are held out, are in no bank. Raises
        InvalidValue where a bank is empty.
        """
        apart = self._apart()
        texts = [
            np.delete(side.vectors, apart.get(name, []), axis=0)
            for name, side in self.sides.items()
            if name != self.other and name not in held_out
        ]
        others = np.delete(self.sides[self.other].vectors, apart[self.other], axis=0)
        left = sum(map(len, texts))
        if not left or not len(others):
            raise InvalidValue(
                f"the banks have {left:,} texts and {len(others):,} others beside what is tested",
                "give more that stands in no pair",
            )
        return Banks(
            text_bridge=self.bridge[0][rows],
            other_bridge=self.bridge[1][partners],
            text_bank=np.concatenate(texts),
            other_bank=others,
        )

    def _apart(self) -> dict[str, Rows]:
        found = {name: [pairs[:, 0]] for name, pairs in self.test.items()}
        found[self.other] = [pairs[:, 1] for pairs in self.test.values()]
        for name, rows in self.line_rows.items():
            found.setdefault(name, []).append(rows)
        return {name: np.unique(np.concatenate(some)) for name, some in found.items()}


def read_given(recipe: TeachRecipe) -> tuple[Given, Sides, Tally]:
    """What the recipe names, and the tally of its pairs. Raises InvalidValue."""
    asked = recipe.unpaired
    texts = read_file(recipe.file(asked.texts), recipe.file(asked.text_items) if asked.text_items else None)
    others = read_file(recipe.file(asked.others), recipe.file(asked.other_items) if asked.other_items else None)
    for name, side in ((asked.texts, texts), (asked.others, others)):
        if asked.pivot not in side.languages:
            raise InvalidValue(
                f"{name[:60]} has nothing of {asked.pivot[:40]!r}", "name the bridge's language as unpaired.pivot"
            )
    names = [name for name in others.languages if name != asked.pivot]
    if len(names) != 1 or names[0] in texts.languages:
        raise InvalidValue(
            f"{asked.others[:60]} holds {', '.join(names)[:120] or 'the bridge alone'}",
            "give the bridge and one other name, such as image, that is no language of the texts",
        )
    one, two = texts.languages[asked.pivot], others.languages[asked.pivot]
    there = two.rows
    shared = [item for item in one.items if item in there]
    rows = [[at[item] for item in shared] for at in (one.rows, there)]
    sides = {name: side for name, side in texts.languages.items() if name != asked.pivot}
    sides |= {names[0]: others.languages[names[0]]}
    read = copy.deepcopy(texts.read)
    read.add(others.read)
    whole = Sides(sides, read, f"{texts.source}, {others.source}")
    pairs, tally = read_pairs(recipe, whole)
    pivot_of(pairs, names[0])
    test = {}
    for (a, b), some in pairs.items():
        if a != b and names[0] in (a, b):
            test[b if a == names[0] else a] = some[:, ::-1] if a == names[0] else some
    bridge = (one.vectors[rows[0]], two.vectors[rows[1]])
    lines = _lines(recipe, sides, names[0]) if recipe.measures.retrieval else None
    return Given(sides, bridge, test, names[0], lines), whole, tally


def _lines(recipe: TeachRecipe, sides: Mapping[str, Side], other: str) -> Lines:
    rows = {name: side.rows for name, side in sides.items()}

    def known(keys: Sequence[Key]) -> tuple[Vectors, Mask]:
        """Which of them there are; their vectors are of two dimensions, and not asked for here."""
        has = np.array([text in rows.get(name, {}) for name, text in keys], dtype=bool)
        return np.empty((len(keys), 0), np.float32), has

    return read_lines(recipe.file(recipe.measures.retrieval), other, known)
