"""The grid: shares of the clone by shares of anchors, trained seed by seed; what is done is kept as it ends."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from isogloss.corpora.recipe import TrainingParameters
from isogloss.errors import InvalidValue
from isogloss.figure import Figure, Null
from isogloss.imbalance.clone import Cloned, Text, cloned, read_text
from isogloss.imbalance.measured import MEASURES, measured
from isogloss.imbalance.recipe import ImbalanceRecipe, TrainingAsked
from isogloss.progress import Progress, Stages, part_of, silent
from isogloss.tasks.beforehand import do_beforehand
from isogloss.tasks.task import HERE, Task
from isogloss.text.tally import Tally
from isogloss.types import Arrays, Floats
from isogloss.workspace.derived import DerivedStore, derived_key

_VERSION, _SMALL = 1, 2
_LEAST = 10  # words to be tested
_LONGEST = 64  # letters of a name
CANNOT_SHOW = (
    "Static vectors have one vector a word and no layers: whether the larger language draws the hidden states of the"
    " smaller one (cosine .78 to .96 at nine to one, in transformers) cannot be seen in them. What they show is which"
    " neighbors the two languages share: without anchors, none. A smaller share is also fewer uses of each word:"
    " compare sizes before the share alone is blamed."
)
LAYERS = {
    "cosine": "mean cosine of a word's state and its clone's in the same held-out sentence",
    "precision_at_1": "share of held-out sentences whose nearest, by the mean of its states, is what they were made of",
}
_HIDDEN = (*LAYERS, "cosine_shuffled")


@dataclass(frozen=True, eq=False)
class Point:
    """One place of the grid. seeds: what each measured, by measure. n: words tested, the fewest of any seed. model: the
    folder of the small transformer of the first seed, where it was kept.
    """

    share: float
    anchors: float
    tokens: int
    n: int
    seeds: Mapping[str, tuple[float, ...]]
    hidden: Mapping[str, tuple[tuple[float, ...], ...]] = field(default_factory=dict)
    sentences: int = 0
    model: Path | None = None

    def layers(self, measure: str) -> list[Figure]:
        """Of the small transformer, by layer from the table of words on; empty where none was trained. The same
        intervals; null: a word of another sentence, chance of a find.
        """
        found = []
        for layer, values in enumerate(zip(*self.hidden.get(measure, ()), strict=True)):
            null = 1 / max(self.sentences, 1)
            if measure == "cosine":
                null = float(np.mean([seed[layer] for seed in self.hidden["cosine_shuffled"]]))
            found.append(
                _mean(np.array(values), self.sentences, null, LAYERS[measure], 0.0 if measure != "cosine" else -1)
            )
        return found

    def figure(self, measure: str) -> Figure:
        """Mean of the seeds with the 95 % interval of Student's t; none of one seed. null: chance of a find, a shuffled
        dictionary's cosine.
        """
        values = np.array([one for one in self.seeds[measure] if np.isfinite(one)])
        null = 1 / max(self.n, 1) if "precision" in measure else 0.0
        if measure == "cosine":
            null = float(np.mean(self.seeds["cosine_shuffled"]))
        return _mean(values, self.n, null, MEASURES[measure], 0.0 if "precision" in measure else -1.0)


@dataclass(frozen=True, eq=False)
class Grid:
    recipe: ImbalanceRecipe
    text: Text
    points: tuple[Point, ...]

    def said(self) -> str:
        """The finding, in two sentences: of the largest size, of the fewest and of the most shared words."""
        tokens = max(one.tokens for one in self.points)
        every = sorted({one.anchors for one in self.points})
        return " ".join(self._said_of(tokens, anchors) for anchors in dict.fromkeys((every[0], every[-1])))

    def said_of_layers(self) -> str:
        """Of the small transformer: whether the share draws the clone nearer, by the last layer's cosine; said where
        the intervals lie apart.
        """
        tokens = max(one.tokens for one in self.points)
        parts = []
        for anchors in sorted({one.anchors for one in self.points}):
            some = [one for one in self.points if (one.tokens, one.anchors) == (tokens, anchors) and one.hidden]
            if not some:
                continue
            even, odd = (pick(some, key=lambda one: abs(one.share - 0.5)) for pick in (min, max))
            a, b = even.layers("cosine")[-1], odd.layers("cosine")[-1]
            told = f"{a.value:.2f} at a share of {even.share:g}"
            shared = f"with {anchors:.0%} of the words shared" if anchors else "without shared words"
            said = f"{shared} a word and its clone have the cosine {told}"
            if odd.share == even.share:
                parts.append(f"{said} in the last layer")
                continue
            (low, high), (least, most) = (one.interval or (-1.0, 1.0) for one in (a, b))
            moved = (
                "nearer"
                if least > high
                else "farther"
                if most < low
                else "neither nearer nor farther by more than its seeds"
            )
            parts.append(f"{said} and {b.value:.2f} at {odd.share:g} in the last layer: {moved}")
        return f"In a small transformer, {'; '.join(parts)}." if parts else ""

    def _said_of(self, tokens: int, anchors: float) -> str:
        some = [one for one in self.points if one.tokens == tokens and one.anchors == anchors]
        even, odd = (pick(some, key=lambda one: abs(one.share - 0.5)) for pick in (min, max))
        lying, turned = even.figure("precision_at_1"), even.figure("precision_at_1_rotated")
        shared = f"With {anchors:.0%} of the words shared" if anchors else "Without shared words"
        chance = lying.null.mean if lying.null else float("nan")
        found = (
            f"{shared} {lying.value:.1%} of words find their clone as the vectors lie (chance {chance:.1%}), and"
            f" {turned.value:.1%} after a rotation, at a share of {even.share:g}"
        )
        if odd.share == even.share:
            return f"{found}."
        lying, turned = odd.figure("precision_at_1"), odd.figure("precision_at_1_rotated")
        return f"{found}; {lying.value:.1%} and {turned.value:.1%} at {odd.share:g}."


def measure_grid(
    recipe: ImbalanceRecipe,
    *,
    store: DerivedStore,
    models: Path | None = None,
    progress: Progress = silent,
    on: str = HERE,
) -> Grid:
    """Every point with every seed; each is looked for in the store first, and kept there when it is done: a grid that
    was stopped goes on, to the same bits. models: where the small transformers of the largest size and the first seed
    become folders (see `folder.py`). on: where points are trained side by side (see `place_of`). Raises InvalidValue
    for a corpus too small, StoreError; what the progress raises.
    """
    stages = Stages(progress, {"reading": 1, "training": 20})
    stages.part("reading")("reading", 0.0)
    text = read_text(recipe)
    small, grid, part = recipe.transformer, recipe.grid, stages.part("training")
    digest = hashlib.sha256(text.ids.tobytes()).hexdigest()
    places = list(product(grid.tokens, grid.anchors, grid.shares))
    points, steps = [], len(places) * len(grid.seeds)
    if on != HERE:
        tasks = {}
        for (tokens, anchors, share), seed in product(places, grid.seeds):
            one = {"share": share, "anchors": anchors, "tokens": tokens, "seed": seed}
            settings = {"training": asdict(recipe.training), "words": len(text.words), **one}
            tasks[_key(recipe, digest, one)] = Task("isogloss.imbalance.grid:point_task", {"ids": text.ids}, settings)
        do_beforehand(tasks, store=store, on=on, progress=part)
    for i, (tokens, anchors, share) in enumerate(places):
        found, hidden = [], []
        kept_at = None
        if models is not None and small.epochs and tokens == max(grid.tokens):
            kept_at = models / name_of(recipe.name, share=share, anchors=anchors)
        for j, seed in enumerate(grid.seeds):
            at = i * len(grid.seeds) + j
            one = {"share": share, "anchors": anchors, "tokens": tokens, "seed": seed}
            key = _key(recipe, digest, one)
            kept = store.find(key)
            if kept is None or not {*MEASURES, "cosine_shuffled", "n"} <= set(kept):
                drawn = cloned(text, share=share, anchors=anchors, tokens=tokens, seed=seed)
                kept = _measure(recipe.training, drawn, seed, part_of(part, at / steps, (at + 1) / steps))
                store.put(key, kept)
            if small.epochs:
                within = part_of(part, (at + 0.2) / steps, (at + 1) / steps)
                at_first = None if j else kept_at
                hidden.append(_hidden(recipe, text, store, one | {"text": digest}, progress=within, folder=at_first))
            part(f"share {share:g}, anchors {anchors:g}, seed {seed}", (at + 1) / steps)
            found.append({name: float(value) for name, value in kept.items()})
        seeds = {name: tuple(one[name] for one in found) for name in (*MEASURES, "cosine_shuffled")}
        layers = {name: tuple(tuple(one[name].tolist()) for one in hidden) for name in _HIDDEN} if hidden else {}
        sentences = int(min((one["sentences"] for one in hidden), default=0))
        points.append(
            Point(share, anchors, tokens, int(min(one["n"] for one in found)), seeds, layers, sentences, kept_at)
        )
    return Grid(recipe, text, tuple(points))


def _key(recipe: ImbalanceRecipe, digest: str, point: Mapping[str, Any]) -> str:
    return derived_key("imbalance", _VERSION, content=digest, **point, training=repr(recipe.training))


def point_task(arrays: Arrays, settings: Mapping[str, Any], progress: Progress) -> Arrays:
    """One point of the grid with one seed, as a task. ids: the text's; words: how many there are."""
    text = Text(tuple(map(str, range(settings["words"]))), arrays["ids"], Tally())
    point = {name: settings[name] for name in ("share", "anchors", "tokens", "seed")}
    return _measure(TrainingAsked(**settings["training"]), cloned(text, **point), point["seed"], progress)


def _measure(asked: TrainingAsked, one: Cloned, seed: int, progress: Progress) -> Arrays:
    from isogloss.training.cade import train_alone  # gensim: only when something trains

    tested = one.tested(asked.min_count)
    if len(tested) < _LEAST:
        raise InvalidValue(
            f"{len(tested)} words stand {asked.min_count} times in either language",
            "give a larger corpus, more tokens or a share nearer to 0.5, or lower training.min_count",
        )
    known = np.flatnonzero(one.counts)
    row_of = np.full(2 * one.n + 1, -1, dtype=np.int32)
    row_of[known] = np.arange(len(known), dtype=np.int32)
    parameters = TrainingParameters(
        dim=asked.dim,
        window=asked.window,
        negative=asked.negative,
        alpha=asked.alpha,
        sample=asked.sample,
        slice_epochs=asked.epochs,
        seed=seed,
    )
    vectors = train_alone(
        row_of[one.ids],  # −1 stays −1: the last place
        [str(i) for i in known.tolist()],
        one.counts[known],
        parameters=parameters,
        seed=seed,
        progress=progress,
    )
    found = measured(vectors, known, one, tested=tested, seed=seed, window=asked.window)
    return {name: np.array(value) for name, value in found.items()} | {"n": np.array(len(tested))}


def name_of(grid: str, *, share: float, anchors: float) -> str:
    """What the model of a point is called, and the report of its layers.

    >>> name_of("my-grid", share=0.1, anchors=0.3)
    'my-grid-p0.1-a0.3'
    """
    told = f"-p{share:g}-a{anchors:g}"
    if len(grid) + len(told) > _LONGEST:
        grid = f"{grid[: _LONGEST - len(told) - 9]}-{hashlib.sha256(grid.encode()).hexdigest()[:8]}"
    return f"{grid}{told}"


def _hidden(
    recipe: ImbalanceRecipe,
    text: Text,
    store: DerivedStore,
    point: Mapping[str, Any],
    *,
    progress: Progress,
    folder: Path | None,
) -> Arrays:
    """A small transformer of one point and one seed, kept like the rest; it is trained again where the folder that it
    should become is not there. Raises InvalidValue for too few sentences, StoreError.
    """
    from isogloss.imbalance.folder import is_of, spelled, write_folder
    from isogloss.imbalance.transformer import hidden, sentences_of, split, taught  # torch: only here

    asked = recipe.transformer
    key = derived_key("imbalance-transformer", _SMALL, **point, asked=repr(asked))
    kept, called = store.find(key), derived_key("imbalance-folder", _SMALL, of=key, clone=repr(recipe.clone))
    if kept is not None and {*_HIDDEN, "sentences"} <= set(kept) and (folder is None or is_of(folder, called)):
        return kept
    seed = int(point["seed"])
    one = cloned(text, share=point["share"], anchors=point["anchors"], tokens=point["tokens"], seed=seed)
    at, tested = split(text.ids[: len(one.ids)], asked.length)
    rows = sentences_of(one.ids[:at], asked.length)
    if len(rows) < asked.batch or len(tested) < _LEAST:
        raise InvalidValue(
            f"{len(rows):,} sentences are left to teach a transformer and {len(tested):,} to test it",
            "give more tokens, or leave out [transformer]",
        )
    model, loss = taught(rows, 2 * one.n, asked, seed=seed, progress=progress)
    found = hidden(model, tested, one) | {"loss": np.array(loss), "sentences": np.array(len(tested))}
    if folder is not None:
        write_folder(model, tested, one, spelled(text.words, recipe.clone), folder=folder, key=called)
    store.put(key, found)
    return found


def _mean(values: Floats, n: int, null: float, what: str, least: float) -> Figure:
    low, high = _interval(values, least=least)
    return Figure(
        value=float(values.mean()) if len(values) else float("nan"),
        n=n,
        better="more",
        low=low,
        high=high,
        null=Null(mean=null, p95=float("nan")),
        how=f"{what}; mean of {len(values)} seeds, interval of Student's t",
    )


def _interval(values: Floats, *, least: float) -> tuple[float | None, float | None]:
    """No end lies where the measure cannot."""
    if len(values) < 2:
        return None, None
    from scipy.stats import t

    half = float(t.ppf(0.975, len(values) - 1)) * float(values.std(ddof=1)) / len(values) ** 0.5
    return max(least, float(values.mean()) - half), min(1.0, float(values.mean()) + half)
