"""A lesson of two heads over banks that are not paired, its control beside it, judged as heads are."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from isogloss.errors import InvalidValue
from isogloss.heads.arms import Arm, every_arm
from isogloss.heads.beyond.asked import Judges, Key
from isogloss.heads.beyond.judged import Values, back_of, values_of
from isogloss.heads.bridged.given import Given, read_given
from isogloss.heads.head import UNPAIRED, Head
from isogloss.heads.judged import Ranks, ranks_of
from isogloss.heads.pairs import Split
from isogloss.heads.recipe import TeachRecipe
from isogloss.heads.sides import Sides
from isogloss.heads.teach import Lesson
from isogloss.heads.training import Chosen, Course
from isogloss.heads.unpaired import TwoHeads, parameters_of, teach_unpaired
from isogloss.progress import Progress, Stages, silent
from isogloss.text.tally import Tally
from isogloss.types import Floats, Rows, Vectors
from isogloss.workspace.derived import DerivedStore, derived_key
from isogloss.workspace.store import Workspace

_VERSION = 1


Read = tuple[Given, Sides, Tally]


def teach_bridged(
    recipe: TeachRecipe, workspace: Workspace, *, read: Read | None = None, progress: Progress = silent
) -> tuple[Lesson, tuple[Head, Head], Given]:
    """Two heads by the bridge, by shares of it, and by one whose partners are dealt anew (the control). A part of the
    bridge is the development set; each teaching is kept as it ends. read: by `read_given`, where it was. Raises
    InvalidValue; what the progress raises.
    """
    training, asked = recipe.training, recipe.unpaired
    stages = Stages(progress, {"reading": 1, "teaching": 10})
    stages.part("reading")("reading", 0.0, None)
    given, sides, tally = read or read_given(recipe)
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
    judges = Judges(lines=given.lines, banks=recipe.measures.separation, back=True)
    bridge = {(asked.pivot, given.other): np.column_stack([train, train])}
    split = Split(given.other, bridge, {}, given.test, training.held_out_languages)
    store = DerivedStore(workspace.root / "derived" / "bridged")
    lesson = _Bridged(recipe, given, split, development, store, judges)
    done = every_arm(
        lambda some, unseen, progress: lesson.arm(some, blind if unseen else development, progress),
        (train, train),
        (train, mixed),
        [(one, one) for one in some],
        stages.part("teaching"),
    )
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
        parameters=parameters_of(given.dims["texts"], given.dims["others"], asked.out),
        judges=judges,
        values=lesson.values(None),
        items={name: side.items for name, side in given.sides.items()},
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
    split: Split
    development: Rows
    store: DerivedStore
    judges: Judges

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
        arm = Arm(course, len(bridge[0]), self.ranks((text, other)), self.values((text, other)))
        return arm, (text, other)

    def ranks(self, heads: tuple[Head, Head] | None, *, back: bool = False) -> dict[str, Ranks]:
        """Of the texts of each language among the others. heads: None for the vectors as they came; across dimensions
        those are at chance. back: of the others among the texts.
        """
        others = self.given.sides[self.given.other].vectors
        target = others if heads is None else heads[1].apply(others)
        found = {}
        for name, rows in self.given.test.items():
            texts = self.given.sides[name].vectors
            source = texts if heads is None else heads[0].apply(texts)
            found[name] = ranks_of(target, source, rows[:, ::-1]) if back else ranks_of(source, target, rows)
        return found

    def values(self, heads: tuple[Head, Head] | None) -> Values:
        """Of the measures asked for. heads: None for the vectors as they came, which have no separation of the banks,
        and find lines by chance, where the sides have other dimensions.
        """
        given = self.given

        def sided(name: str, at: Rows) -> Vectors:
            vectors = given.sides[name].vectors[at]
            return vectors if heads is None else heads[name == given.other].apply(vectors)

        def rows(keys: Sequence[Key]) -> Vectors:
            at = given.sides[keys[0][0]].rows  # lines are asked for a language at a time
            return sided(keys[0][0], np.array([at[text] for _, text in keys], dtype=np.int64))

        seen = self.judges if heads is not None or given.shared else replace(self.judges, banks=False)
        return {**values_of(seen, self.split, rows, sided), **back_of(self.split, self.ranks(heads, back=True))}

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
        for name, rows in sorted(self.given.line_rows.items()):  # which the banks lack too
            digest.update(b"lines" + name.encode("utf-8", "surrogatepass") + rows.tobytes())
        asked = replace(self.recipe.unpaired, texts="", others="", text_items="", other_items="")
        training = replace(self.recipe.training, constraints=())
        return derived_key("bridged", _VERSION, content=digest.hexdigest(), asked=repr((asked, training)))
