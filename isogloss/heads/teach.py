"""A head is taught, its control beside it, and both are judged on items and languages that neither has seen."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np

from isogloss.errors import InvalidValue
from isogloss.figure import Figure
from isogloss.heads.arms import Arm, every_arm
from isogloss.heads.beyond.asked import Judges, Key, Known, read_judges
from isogloss.heads.beyond.judged import Values, values_of
from isogloss.heads.beyond.judged import figures_of as measured
from isogloss.heads.beyond.known import known_of
from isogloss.heads.head import Head
from isogloss.heads.judged import Ranks, Weights, figure_of, gain_of, ranks_of, said_of
from isogloss.heads.pairs import By, Split, read_pairs, split_pairs
from isogloss.heads.recipe import MeasuresAsked, TeachRecipe, Training
from isogloss.heads.sides import read_sides
from isogloss.heads.training import Taught, shuffled, some_of, teach_head, teach_ridge
from isogloss.linear import unit_rows
from isogloss.progress import Progress, Stages, silent
from isogloss.text.tally import Tally
from isogloss.types import Floats, Mask, Rows, Vectors
from isogloss.workspace.derived import DerivedStore, derived_key
from isogloss.workspace.store import Workspace

_VERSION = 2


@dataclass(frozen=True, eq=False)
class Lesson:
    """before: ranks as the vectors came; drawn where the two sides have other dimensions. fewer: arms of fewer pairs.

    control: pairs and development pairs shuffled. spread: pairs shuffled, the development pairs as they are: what the
    loss does to vectors without knowing any pair (it spreads them), at its best. parameters: that were taught, of a
    model. judges, values: what else it is judged by, and what that is before. items: by language.
    """

    recipe: TeachRecipe
    split: Split
    before: Mapping[str, Ranks]
    after: Arm
    control: Arm
    spread: Arm
    fewer: tuple[Arm, ...]
    vectors: Tally
    pairs: Tally
    source: str
    parameters: int = 0
    judges: Judges = field(default_factory=Judges)
    values: Values = field(default_factory=dict)
    items: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def judged(self) -> tuple[str, ...]:
        """The languages of the headline: those that were held out, else those with held-out items."""
        return self.split.held_out or tuple(self.split.test)

    def weights(self, languages: tuple[str, ...]) -> Weights:
        return Weights.of({name: self.after.ranks[name] for name in languages}, self.recipe.training.seed)

    def figures(self, languages: tuple[str, ...], measure: str) -> dict[str, Figure]:
        """before, after, control, gain (with the control's gain as its null), control_gain, without_pairs (the gain of
        `spread`).
        """
        weights = self.weights(languages)
        one, two, three = (
            {name: ranks[name] for name in languages} for ranks in (self.before, self.after.ranks, self.control.ranks)
        )
        spread = {name: self.spread.ranks[name] for name in languages}
        control = figure_of(three, measure, weights=weights)
        control_gain = gain_of(one, three, measure, weights=weights)
        return {
            "before": figure_of(one, measure, weights=weights),
            "after": figure_of(two, measure, weights=weights, null=control.value),
            "control": control,
            "gain": gain_of(one, two, measure, weights=weights, null=control_gain.value),
            "control_gain": control_gain,
            "without_pairs": gain_of(one, spread, measure, weights=weights),
        }

    def measures(self) -> dict[str, dict[str, Figure]]:
        """Measure → before, after, control, gain, control_gain, of what the recipe names in [measures]. before and the
        gains are unknown where two banks share no space before they are taught.
        """
        if not self.judges:
            return {}
        arms = {"before": self.values, "after": self.after.values, "control": self.control.values}
        return measured(self.judges, self.split, arms, seed=self.recipe.training.seed)

    def by_constraints(self) -> list[tuple[int, Figure]]:
        """Number of pairs taught → the gain in MRR, from few to all."""
        languages = self.judged
        weights, before = self.weights(languages), {name: self.before[name] for name in languages}
        return [
            (arm.constraints, gain_of(before, {n: arm.ranks[n] for n in languages}, "mrr", weights=weights))
            for arm in sorted((*self.fewer, self.after), key=lambda arm: arm.constraints)
        ]

    def head(self) -> Head:
        """With its card. Raises InvalidValue where the model itself was taught."""
        if not isinstance(self.after.taught, Taught):
            raise InvalidValue("the model itself was taught, and no head", "open the folder that was written")
        found, training = self.after.taught.head, self.recipe.training
        gain = self.figures(self.judged, "mrr")["gain"]
        card: dict[str, Any] = {
            "name": self.recipe.name,
            "source": self.source,
            "unit": training.loss != "ridge",
            "pivot": self.split.pivot,
            "held_out_languages": list(self.split.held_out),
            "constraints": self.after.constraints,
            "epoch": self.after.taught.epoch,
            "training": asdict(training),
            "said": said_of(gain),
        }
        return Head(found.kind, found.weights, card | dict(found.card))


def teach(recipe: TeachRecipe, workspace: Workspace, *, progress: Progress = silent) -> Lesson:
    """Teach on the pairs, on fewer, and on shuffled ones; each teaching is kept as it ends, so that a stopped lesson
    goes on. Raises InvalidValue, NotFound; what the progress raises.
    """
    training = recipe.training
    stages = Stages(progress, {"reading": 1, "teaching": 2 * (len(training.constraints) + 3)})
    sides = read_sides(recipe, workspace, stages.part("reading"))
    pairs, tally = read_pairs(recipe, sides)
    split = split_pairs(pairs, training)
    lesson = _Lesson(
        recipe,
        split,
        {n: one.vectors if training.loss == "ridge" else unit_rows(one.vectors) for n, one in sides.languages.items()},
        DerivedStore(workspace.root / "derived" / "heads"),
    )
    if recipe.measures != MeasuresAsked():
        known = known_of(recipe, sides, workspace, split.pivot)
        lesson = replace(lesson, judges=read_judges(recipe, sides, split, known), known=known)
        lesson.check_measures()
    part = stages.part("teaching")
    blind = replace(lesson, split=_blind(split, training.seed))
    done = every_arm(
        lambda some, unseen, progress: (blind if unseen else lesson).arm(some, progress),
        split.train,
        shuffled(split.train, training.seed),
        [some_of(split.train, share, training.seed) for share in training.constraints],
        part,
    )
    return Lesson(
        recipe=recipe,
        split=split,
        before=lesson.ranks(None),
        after=done[0],
        control=done[1],
        spread=done[2],
        fewer=tuple(done[3:]),
        vectors=sides.read,
        pairs=tally,
        source=sides.source,
        judges=lesson.judges,
        values=lesson.values(None),
        items={name: side.items for name, side in sides.languages.items()},
    )


def _blind(split: Split, seed: int) -> Split:
    """With development pairs that are shuffled as well."""
    dealt = shuffled({(name, split.pivot): rows for name, rows in split.development.items()}, seed + 1)
    return replace(split, development={name: rows for (name, _), rows in dealt.items()})


@dataclass(frozen=True, eq=False)
class _Lesson:
    recipe: TeachRecipe
    split: Split
    vectors: Mapping[str, Vectors]
    store: DerivedStore
    judges: Judges = field(default_factory=Judges)
    known: Known | None = None

    def __post_init__(self) -> None:
        used = {name for key in self.split.train for name in key} | set(self.split.test) | {self.split.pivot}
        dims = {self.vectors[name].shape[1] for name in used}
        others = {self.vectors[name].shape[1] for name in used - {self.split.pivot}}
        if len(others) > 1 or (len(dims) > 1 and self.recipe.training.loss != "ridge"):
            raise InvalidValue(
                f"the languages have vectors of {sorted(dims)} dimensions",
                "one head takes one; ridge leads into another",
            )

    def arm(self, pairs: By, progress: Progress) -> Arm:
        key = derived_key("head", _VERSION, content=self._content(pairs), asked=repr(self._asked()))
        found = self.store.find(key)
        taught = _read(found, self.recipe.head.kind) if found is not None else None
        if taught is None:
            taught = self._teach(pairs, progress)
            told = {"history": np.array(taught.history), "epoch": np.array(taught.epoch)}
            self.store.put(key, {**{f"w-{n}": one for n, one in taught.head.weights.items()}, **told})
        progress("judging", 1.0)
        return Arm(taught, sum(map(len, pairs.values())), self.ranks(taught.head), self.values(taught.head))

    def _teach(self, pairs: By, progress: Progress) -> Taught:
        training = self.recipe.training
        if training.loss == "ridge":
            usable = {key: rows for key, rows in pairs.items() if self.split.pivot in key and key[0] != key[1]}
            if not usable:
                raise InvalidValue("ridge has no pair with the pivot to train on", "give such pairs, or another loss")
            return teach_ridge(
                self.vectors, usable, pivot=self.split.pivot, strength=training.strength, score=self._score
            )
        return teach_head(
            self.vectors, pairs, asked=self.recipe.head, training=training, score=self._score, progress=progress
        )

    def _asked(self) -> tuple[Any, Training]:
        """What decides a teaching, besides pairs and vectors."""
        return self.recipe.head, replace(self.recipe.training, constraints=(), held_out_languages=())

    def _score(self, head: Head) -> Floats:
        """1/rank of every development pair."""
        return np.concatenate([one.values("mrr") for one in self._ranks(head, self.split.development).values()])

    def ranks(self, head: Head | None) -> Mapping[str, Ranks]:
        return self._ranks(head, self.split.test)

    def _ranks(self, head: Head | None, pairs: Mapping[str, Rows]) -> dict[str, Ranks]:
        """head: None for the vectors as they came; across dimensions those are at chance."""
        ridge, pivot = self.recipe.training.loss == "ridge", self.vectors[self.split.pivot]
        target = pivot if head is None or ridge else head.apply(pivot)
        found = {}
        for name, rows in pairs.items():
            source = self.vectors[name] if head is None else head.apply(self.vectors[name])
            found[name] = ranks_of(source, target, rows)
        return found

    def check_measures(self) -> None:
        """Raises InvalidValue where a head leads into another dimension: there is no one space to measure in."""
        pivot = self.vectors[self.split.pivot].shape[1]
        if any(self.vectors[name].shape[1] != pivot for name in self.split.test):
            raise InvalidValue("the languages have vectors of several dimensions", "leave out [measures]")

    def values(self, head: Head | None) -> Values:
        """Of the measures asked for; none is nothing."""
        ridge = self.recipe.training.loss == "ridge"

        def mapped(vectors: Vectors, stay: Mask) -> Vectors:
            return vectors if head is None else np.where(stay[:, None], vectors, head.apply(vectors))

        def rows(keys: Sequence[Key]) -> Vectors:
            assert self.known is not None
            found = self.known(keys)[0]
            stay = np.array([ridge and name == self.split.pivot for name, _ in keys], dtype=bool)
            return mapped(found if ridge else unit_rows(found), stay)

        def sided(name: str, at: Rows) -> Vectors:
            return mapped(self.vectors[name][at], np.full(len(at), ridge and name == self.split.pivot))

        return values_of(self.judges, self.split, rows, sided) if self.judges else {}

    def _content(self, pairs: By) -> str:
        digest = hashlib.sha256()
        for name, one in sorted(self.vectors.items()):
            digest.update(f"{name}{one.shape}".encode())
            digest.update(one.tobytes())
        for part in (pairs, self.split.development):
            for key, rows in sorted(part.items()):
                digest.update(f"{key}{rows.shape}".encode())
                digest.update(rows.tobytes())
        return digest.hexdigest()


def _read(found: Mapping[str, Any], kind: str) -> Taught | None:
    """A kept teaching; None where it is damaged, which is as good as none."""
    try:
        weights = {name[2:]: one for name, one in found.items() if name.startswith("w-")}
        epoch, history = int(found["epoch"]), tuple(found["history"].tolist())
        return Taught(epoch=epoch, history=history, head=Head(kind, weights))
    except (InvalidValue, KeyError, TypeError, ValueError):
        return None
