"""A lesson of two heads over banks that are not paired, its control beside it, judged as heads are."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from isogloss.errors import InvalidValue
from isogloss.heads.head import UNPAIRED, Head
from isogloss.heads.judged import Ranks, ranks_of
from isogloss.heads.pairs import Split, pivot_of, read_pairs
from isogloss.heads.recipe import TeachRecipe
from isogloss.heads.sides import Side, Sides, read_file
from isogloss.heads.teach import Arm, Lesson
from isogloss.heads.training import Chosen, Course
from isogloss.heads.unpaired import Banks, TwoHeads, parameters_of, teach_unpaired
from isogloss.progress import Progress, Stages, part_of, silent
from isogloss.types import Floats, Rows, Vectors
from isogloss.workspace.derived import DerivedStore, derived_key
from isogloss.workspace.store import Workspace

_VERSION = 1


@dataclass(frozen=True, eq=False)
class Given:
    """sides: texts by language, and the others under their one name. bridge: the same items by both encoders, row by
    row. test: language → rows of it and of the others, (n, 2). other: the name of the others.
    """

    sides: Mapping[str, Side]
    bridge: tuple[Vectors, Vectors]
    test: Mapping[str, Rows]
    other: str

    def banks(self, rows: Rows, partners: Rows, held_out: tuple[str, ...]) -> Banks:
        """rows, partners: of the bridge. What is tested, and languages that are held out, are in no bank. Raises
        InvalidValue where a bank is empty.
        """
        texts = []
        for name, side in self.sides.items():
            if name != self.other and name not in held_out:
                texts.append(
                    np.delete(side.vectors, np.unique(self.test[name][:, 0]) if name in self.test else [], axis=0)
                )
        tested = np.unique(np.concatenate([pairs[:, 1] for pairs in self.test.values()]))
        others = np.delete(self.sides[self.other].vectors, tested, axis=0)
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


def read_given(recipe: TeachRecipe) -> tuple[Given, Sides, Any]:
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
    shared = [item for item in one.items if item in two.rows]
    rows = [[side.rows[item] for item in shared] for side in (one, two)]
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
    given = Given(sides, (one.vectors[rows[0]], two.vectors[rows[1]]), test, names[0])
    return given, whole, tally


def teach_bridged(
    recipe: TeachRecipe, workspace: Workspace, *, progress: Progress = silent
) -> tuple[Lesson, tuple[Head, Head], Given]:
    """Two heads by the bridge, by shares of it, and by one whose partners are dealt anew (the control). A part of the
    bridge is the development set; each teaching is kept as it ends. Raises InvalidValue; what the progress raises.
    """
    training, asked = recipe.training, recipe.unpaired
    stages = Stages(progress, {"reading": 1, "teaching": 10})
    stages.part("reading")("reading", 0.0, None)
    given, sides, tally = read_given(recipe)
    if missing := [one for one in training.held_out_languages if one not in given.test]:
        raise InvalidValue(f"no pair of {missing[0][:40]!r} is tested", "give such pairs, or do not hold it out")
    n = len(given.bridge[0])
    dealt = np.random.default_rng(training.seed).permutation(n)
    n_dev = max(2, round(training.development * n))
    development, train = np.sort(dealt[:n_dev]), np.sort(dealt[n_dev:])
    if len(train) < 2:
        raise InvalidValue(f"the bridge has {n:,} items in both files", "give more")
    rng = np.random.default_rng([training.seed, 1])
    mixed, blind = rng.permutation(train), rng.permutation(development)
    few = np.random.default_rng([training.seed, 2]).permutation(train)
    some = [np.sort(few[: max(2, round(share * len(train)))]) for share in training.constraints]
    ways = [
        (train, train, development, "teaching"),
        (train, mixed, blind, "the control"),
        (train, mixed, development, "without pairs"),
        *((one, one, development, "fewer pairs") for one in some),
    ]
    lesson = _Bridged(recipe, given, development, DerivedStore(workspace.root / "derived" / "bridged"))
    part = stages.part("teaching")
    done = [
        lesson.arm((rows, partners), by, part_of(part, i / len(ways), (i + 1) / len(ways), prefix=f"{what}: "))
        for i, (rows, partners, by, what) in enumerate(ways)
    ]
    bridge = {(asked.pivot, given.other): np.column_stack([train, train])}
    split = Split(given.other, bridge, {}, given.test, training.held_out_languages)
    arms = [arm for arm, _ in done]
    taught = Lesson(
        recipe=recipe,
        split=split,
        before=lesson.ranks(None),
        after=arms[0],
        control=arms[1],
        spread=arms[2],
        fewer=tuple(arms[3:]),
        vectors=sides.read,
        pairs=tally,
        source=sides.source,
        parameters=parameters_of(given.bridge[0].shape[1], given.bridge[1].shape[1], asked.out),
    )
    card = {
        "name": recipe.name,
        "source": sides.source,
        "pivot": asked.pivot,
        "held_out_languages": list(training.held_out_languages),
        "epoch": arms[0].taught.epoch,
    }
    one, two = (replace(head, card=card | dict(head.card)) for head in done[0][1])
    return taught, (one, two), given


@dataclass(frozen=True, eq=False)
class _Bridged:
    recipe: TeachRecipe
    given: Given
    development: Rows
    store: DerivedStore

    def arm(self, bridge: tuple[Rows, Rows], by: Rows, progress: Progress) -> tuple[Arm, tuple[Head, Head]]:
        """bridge: rows of the one side and of the other. by: partners of the development rows."""
        training, asked = self.recipe.training, self.recipe.unpaired
        key = self._key(bridge, by)
        found = self.store.find(key)
        if found is None:
            banks = self.given.banks(*bridge, training.held_out_languages)
            chosen: list[Chosen] = []
            states: dict[int, tuple[Any, Any]] = {}

            def after_epoch(heads: TwoHeads, epoch: int) -> bool:
                values = self._values(heads, by)
                if not chosen:
                    chosen.append(Chosen(values))
                    states[0] = copy.deepcopy((heads.text, heads.other))
                    return False
                if chosen[0].take(values, epoch):
                    states[epoch] = copy.deepcopy((heads.text, heads.other))
                return epoch - int(np.argmax(chosen[0].history)) >= training.patience

            teach_unpaired(
                banks,
                epochs=asked.epochs,
                batch=training.batch,
                rate=asked.rate,
                out=asked.out,
                seed=training.seed,
                after_epoch=after_epoch,
                progress=progress,
            )
            best = chosen[0].at
            heads = TwoHeads(*states[best]).heads({})
            found = {
                f"{side}-{name}": one
                for side, head in zip("to", heads, strict=True)
                for name, one in head.weights.items()
            }
            found |= {"epoch": np.array(best), "history": np.array(chosen[0].history)}
            self.store.put(key, found)
        progress("judging", 1.0, None)
        text, other = (
            Head(UNPAIRED, {n[2:]: one for n, one in found.items() if n.startswith(f"{side}-")}, {"side": told})
            for side, told in (("t", "texts"), ("o", "others"))
        )
        course = Course(int(found["epoch"]), tuple(found["history"].tolist()))
        return Arm(course, len(bridge[0]), self.ranks((text, other))), (text, other)

    def ranks(self, heads: tuple[Head, Head] | None) -> dict[str, Ranks]:
        """heads: None for the vectors as they came; across dimensions those find nothing: every rank is the middle."""
        others = self.given.sides[self.given.other].vectors
        target = others if heads is None else heads[1].apply(others)
        found = {}
        for name, rows in self.given.test.items():
            texts = self.given.sides[name].vectors
            source = texts if heads is None else heads[0].apply(texts)
            if source.shape[1] != target.shape[1]:
                source = np.zeros((len(source), target.shape[1]), np.float32)
            found[name] = ranks_of(source, target, rows)
        return found

    def _values(self, heads: TwoHeads, by: Rows) -> Floats:
        """1/rank of every item of the bridge that is developed on, among them all."""
        one, two = heads.texts(self.given.bridge[0][self.development]), heads.others(self.given.bridge[1][by])
        at = np.arange(len(self.development))
        return ranks_of(one, two, np.column_stack([at, at])).values("mrr")

    def _key(self, bridge: tuple[Rows, Rows], by: Rows) -> str:
        digest = hashlib.sha256()
        for name, side in sorted(self.given.sides.items()):
            digest.update(f"{name}{side.vectors.shape}".encode())
            digest.update(side.vectors.tobytes())
        for one in (*self.given.bridge, *bridge, self.development, by):
            digest.update(f"{one.shape}".encode())
            digest.update(np.ascontiguousarray(one).tobytes())
        for name, rows in sorted(self.given.test.items()):
            digest.update(name.encode("utf-8", "surrogatepass") + np.ascontiguousarray(rows).tobytes())
        asked = replace(self.recipe.unpaired, texts="", others="", text_items="", other_items="")
        training = replace(self.recipe.training, constraints=())
        return derived_key("bridged", _VERSION, content=digest.hexdigest(), asked=repr((asked, training)))
