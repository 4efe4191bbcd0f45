"""How far the groups of a space lie apart: every figure with its null and its interval."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from isogloss.figure import Better, Figure, Null
from isogloss.linear import unit_rows
from isogloss.progress import Progress, part_of, silent
from isogloss.resampling import Shuffle, multinomial_weights, null_of, percentile_interval
from isogloss.separation.groups import Groups, distinct, groups_of, halves
from isogloss.separation.measures import (
    eta_of_sums,
    eta_squared,
    first_finds,
    most_alike,
    nearest_others,
    pair_neighbors,
    paired_hits,
    pooled_hits,
    same_group,
    silhouettes,
    squared_lengths,
)
from isogloss.separation.probe import probe_guesses, rescaled
from isogloss.separation.removal import Codes, fit_removal
from isogloss.shown import html_table
from isogloss.spaces.space import Space
from isogloss.types import Arrays, Floats, Mask, Vectors
from isogloss.workspace.derived import DerivedStore, derived_key

K = 10
_VERSION = 2
FIGURES = ("eta_squared", "pooled_precision_at_1", "paired_precision_at_1", "probe", "purity_at_10", "silhouette")
_READS: dict[str, tuple[Better, str]] = {
    "eta_squared": ("less", "share of the variance between groups; less is better"),
    "pooled_precision_at_1": (
        "more",
        "share of terms that find their meaning in another group first, among all terms of all groups but "
        "its translations in their own; more is better",
    ),
    "paired_precision_at_1": (
        "more",
        "the same as pooled, but searching one other group at a time; hides separation",
    ),
    "probe": ("less", "held-out logistic regression naming the group, 0 is guessing and 1 always right; saturates"),
    "purity_at_10": ("less", "share of the ten nearest from the same group; nearer to its null is better"),
    "silhouette": ("less", "−1 to 1, cosine; higher is farther apart"),
}
_OVER_MEANINGS = ("pooled_precision_at_1", "paired_precision_at_1")
_SHUFFLED = {True: "meanings shuffled within each group", False: "groups shuffled within each meaning"}
_PERMUTATIONS, _DRAWS = 200, 200
_LABELS = 2_000_000  # of all permutations that are looked at together


@dataclass(frozen=True, repr=False)
class Report:
    """The figures of one space by name, those of FIGURES; their values are NaN where the data cannot give one.

    n: rows measured (of the half that nothing was fitted on). n_distinct: without identical strings.
    with_identical: pooled P@1 with names that are spelt alike left in. other_language: share of
    the same-script neighbors that are of another language.
    """

    groups: tuple[tuple[str, int], ...]
    n: int
    n_distinct: int
    figures: Mapping[str, Figure]
    with_identical: float = float("nan")
    other_language: float = float("nan")

    def __getitem__(self, name: str) -> Figure:
        return self.figures[name]

    def table(self) -> pa.Table:
        """A row for each figure: value, low, high, null_mean, null_p95, p, n, better, how."""
        rows = [
            {
                "figure": name,
                "value": one.value,
                "low": one.low,
                "high": one.high,
                "null_mean": one.null.mean if one.null else None,
                "null_p95": one.null.p95 if one.null else None,
                "p": one.null.p if one.null else None,
                "n": one.n,
                "better": one.better,
                "how": one.how,
            }
            for name, one in self.figures.items()
        ]
        return pa.Table.from_pylist(rows)

    def __repr__(self) -> str:
        return (
            f"<{len(self.groups)} groups of {self.n:,} items, measured where nothing was fitted>\n"
            f"  η² {self['eta_squared']!r}; pooled P@1 {self['pooled_precision_at_1']!r}"
        )

    def _repr_html_(self) -> str:
        return html_table(self.table(), f"{len(self.groups)} groups of {self.n:,} items")

    @property
    def known_nulls(self) -> dict[str, Null]:
        """Figure → null, of those that have one."""
        return {name: one.null for name, one in self.figures.items() if one.null is not None}

    @property
    def known_intervals(self) -> dict[str, tuple[float, float]]:
        """Figure → 95 % interval, of those that have one."""
        return {name: one.interval for name, one in self.figures.items() if one.interval is not None}


def figure_of(
    name: str, value: float, n: int, *, null: Null | None = None, interval: tuple[float, float] | None = None
) -> Figure:
    """One of FIGURES, with the way that is better and how it reads."""
    better, how = _READS[name]
    low, high = interval or (None, None)
    return Figure(value=value, n=n, better=better, low=low, high=high, null=null, how=how)


def removed(vectors: Vectors, groups: Groups, removal: str, *, rank: int | None, seed: int = 0) -> tuple[Vectors, Mask]:
    """All rows without their groups' part, fitted on one half; and which rows that half is."""
    fit = halves(groups, seed)
    found = fit_removal(removal, vectors[fit], groups.codes[fit], n_groups=len(groups.names), rank=rank)
    return found.apply(vectors, groups.codes), fit


def measure_separation(
    space: Space,
    *,
    by: str = "script",
    remove: str = "none",
    rank: int | None = None,
    seed: int = 0,
    permutations: int = _PERMUTATIONS,
    progress: Progress = silent,
) -> Report:
    """How far the groups of a space lie apart, measured on the half of the meanings on which nothing was fitted; before
    and after share that half.

    remove, rank: a removal of the family, and its directions. Nulls: for P@1 the meanings are shuffled within each
    group; for the others the groups are permuted within each meaning. Intervals: percentile bootstrap over meanings.
    """
    groups = groups_of(space, by)
    progress("taking the groups' part out", 0.0)
    vectors, fit = removed(space.vectors, groups, remove, rank=rank, seed=seed)
    test = ~fit
    rng = np.random.default_rng(seed)
    rows = np.flatnonzero(test)
    x, codes, meanings = vectors[rows], groups.codes[rows], groups.meanings[rows]
    sizes = tuple(zip(groups.names, groups.sizes, strict=True))
    if len(rows) < 2:
        return Report(sizes, len(rows), len(rows), {f: figure_of(f, float("nan"), len(rows)) for f in FIGURES})
    kept = distinct(groups, test)[rows]
    progress("measuring", 0.1)
    nearest = nearest_others(x, K)
    probe = probe_guesses(vectors, groups.codes, fit, seed=seed)[rows]
    one = _Measured(codes, meanings, x, nearest=nearest, guess=probe, n_groups=len(groups.names), kept=kept)
    values = one.values()
    null = one.nulls(values, rng, permutations, part_of(progress, 0.3, 0.9))
    progress("resampling meanings", 0.9)
    interval = one.intervals(values, rng)
    progress("measured", 1.0)
    identical = values["pooled_precision_at_1"]
    if not kept.all():
        identical = _mean(pooled_hits(nearest_others(x, most_alike(codes, meanings)), meanings, codes))
    languages = space.column("language")
    other = float("nan")
    if by == "script" and languages is not None and nearest.shape[1]:
        speech = np.array([str(v) for v in languages[rows]], dtype=object)
        same = codes[nearest] == codes[:, None]
        other = float((speech[nearest] != speech[:, None])[same].mean()) if same.any() else float("nan")
    n = {f: int(kept.sum()) if f in _OVER_MEANINGS else len(rows) for f in FIGURES}
    figures = {f: figure_of(f, values[f], n[f], null=null.get(f), interval=interval.get(f)) for f in FIGURES}
    return Report(sizes, len(rows), int(kept.sum()), figures, identical, other)


def _mean(values: Floats) -> float:
    known = np.isfinite(values)
    return float(values[known].mean()) if known.any() else float("nan")


def _columns(labels: Sequence[Codes]) -> Codes:
    """Labellings (n,) side by side, (n, turns), in no more bytes than they need."""
    small = np.int16 if max((int(one.max(initial=0)) for one in labels), default=0) < 2**15 else np.int64
    return np.ascontiguousarray(np.stack([one.astype(small) for one in labels], axis=1))


class _Measured:
    """One half of a space with everything that its figures, nulls and intervals are made of.

    All that is searched is searched once: under a permutation the neighbors stay, and only their labels are others.
    """

    def __init__(
        self,
        codes: Codes,
        meanings: Codes,
        x: Vectors,
        *,
        nearest: Codes,
        guess: Floats,
        n_groups: int,
        kept: Mask,
    ) -> None:
        self.codes, self.meanings, self.x, self.unit, self.nearest = codes, meanings, x, unit_rows(x), nearest
        self.purity, self.outline = same_group(nearest, codes), silhouettes(x, codes)
        self.guess, self.n_groups = guess, n_groups
        self.kept = kept
        self.kept_codes, self.kept_meanings = codes[kept], meanings[kept]
        self.kept_nearest = nearest_others(x[kept], most_alike(self.kept_codes, self.kept_meanings))
        self.finds = pooled_hits(self.kept_nearest, self.kept_meanings, self.kept_codes)
        self.pairs = pair_neighbors(x[kept], self.kept_codes, n_groups)
        self.right, self.asked = paired_hits(self.pairs, self.kept_codes, self.kept_meanings)
        self.present = len(np.unique(codes))
        self.squares, self.unit_squares = squared_lengths(x), squared_lengths(self.unit)

    def values(self) -> dict[str, float]:
        asked = self.asked.sum()
        return {
            "eta_squared": eta_squared(self.x, self.codes),
            "pooled_precision_at_1": _mean(self.finds),
            "paired_precision_at_1": float(self.right.sum() / asked) if asked else float("nan"),
            "probe": self._probes(self.codes[:, None])[0],
            "purity_at_10": _mean(self.purity),
            "silhouette": _mean(self.outline) if self.present > 1 else float("nan"),
        }

    def _probes(self, codes: Codes) -> list[float]:
        """The probe's figure under each labelling, codes: (n, turns)."""
        known = np.isfinite(self.guess)
        if not known.any():
            return [float("nan")] * codes.shape[1]
        guess = self.guess[known].astype(codes.dtype)
        right = (guess[:, None] == codes[known]).sum(axis=0) / known.sum()
        return [rescaled(float(share), self.present) for share in right]

    def nulls(
        self, values: Mapping[str, float], rng: np.random.Generator, n: int, progress: Progress
    ) -> dict[str, Null]:
        drawn: dict[str, list[float]] = {name: [] for name in FIGURES}
        in_group, in_meaning = Shuffle(self.kept_codes), Shuffle(self.meanings)
        at_once = max(1, min(n, _LABELS // max(len(self.codes), 1)))
        for first in range(0, n, at_once):
            progress("shuffling", first / n)
            turns = range(first, min(first + at_once, n))
            drawings = [(in_group(self.kept_meanings, rng), in_meaning(self.codes, rng)) for _ in turns]
            meanings, codes = (_columns(one) for one in zip(*drawings, strict=True))
            dear = len([turn for turn in turns if turn < n // 4])  # of the dearer two a quarter
            drawn["pooled_precision_at_1"] += self._pooled(meanings)
            drawn["paired_precision_at_1"] += self._paired(meanings[:, :dear])
            drawn["purity_at_10"] += self._purities(codes)
            drawn["probe"] += self._probes(codes)
            drawn["eta_squared"] += [self._eta(one) for _, one in drawings]
            drawn["silhouette"] += [self._outline(one) for _, one in drawings[:dear]]
        found = {name: null_of(one, values[name], _SHUFFLED[name in _OVER_MEANINGS]) for name, one in drawn.items()}
        return {name: null for name, null in found.items() if null is not None}

    def _eta(self, codes: Codes, weights: Floats | None = None) -> float:
        """η² of the rows under a labelling, or as often as each counts."""
        from isogloss.separation.sums import sums_of_groups  # numba

        w = np.ones(len(codes)) if weights is None else weights
        counts = np.bincount(codes, w, minlength=self.n_groups)
        return eta_of_sums(sums_of_groups(self.x, codes, self.n_groups, weights), counts, float(w @ self.squares))

    def _outline(self, codes: Codes) -> float:
        """Mean silhouette under a labelling; NaN with one group."""
        from isogloss.separation.sums import outlines, sums_of_groups

        if self.present < 2:
            return float("nan")
        sums = sums_of_groups(self.unit, codes, self.n_groups)
        counts = np.bincount(codes, minlength=self.n_groups).astype(np.float64)
        return float(outlines(self.unit @ sums.T.astype(np.float32), codes, counts, self.unit_squares).mean())

    def _pooled(self, meanings: Codes) -> list[float]:
        """Pooled P@1 under each labelling, meanings: (n, turns). Who is asked stays: meanings keep their groups."""
        asked = int(np.isfinite(self.finds).sum())
        found = first_finds(self.kept_nearest, self.kept_codes, meanings)
        return (found.sum(axis=0) / asked).tolist() if asked else []

    def _paired(self, meanings: Codes) -> list[float]:
        """The same one other group at a time."""
        right, asked = np.zeros(meanings.shape[1], dtype=np.int64), self.asked.sum()
        for nearest in self.pairs.T if asked and meanings.shape[1] else ():
            rows = np.flatnonzero(nearest >= 0)
            own = meanings[rows]
            right += ((meanings[nearest[rows]] == own) & (own >= 0)).sum(axis=0)
        return (right / asked).tolist() if asked else []

    def _purities(self, codes: Codes) -> list[float]:
        """Share of neighbors of the same group under each labelling, codes: (n, turns)."""
        same = sum((codes[near] == codes).sum(axis=0) for near in self.nearest.T)
        return (same / self.nearest.size).tolist() if self.nearest.size else []

    def intervals(self, values: Mapping[str, float], rng: np.random.Generator) -> dict[str, tuple[float, float]]:
        """Percentile intervals, 95 %, over resampled meanings (rows without one are units of their own)."""
        alone = self.meanings < 0
        units = np.where(alone, int(self.meanings.max(initial=-1)) + 1 + np.cumsum(alone) - 1, self.meanings)
        present, unit = np.unique(units, return_inverse=True)
        if len(present) < 2:
            return {}
        weights = multinomial_weights(len(present), _DRAWS, rng)
        kept_unit = unit[self.kept]
        hit = np.where(np.isfinite(self.guess), self.guess == self.codes, np.nan)
        ratios = {
            "pooled_precision_at_1": (np.nan_to_num(self.finds), np.isfinite(self.finds), kept_unit),
            "paired_precision_at_1": (self.right, self.asked, kept_unit),
            "purity_at_10": (np.nan_to_num(self.purity), np.isfinite(self.purity), unit),
            "silhouette": (np.nan_to_num(self.outline), np.isfinite(self.outline), unit),
            "probe": (np.nan_to_num(hit), np.isfinite(hit), unit),
        }
        out = {}
        for name, (top, bottom, of) in ratios.items():
            if not np.isfinite(values[name]):
                continue
            above = weights @ np.bincount(of, top, minlength=len(present))
            below = weights @ np.bincount(of, bottom, minlength=len(present))
            share = above[below > 0] / below[below > 0]
            if name == "probe":
                share = np.array([rescaled(float(s), self.present) for s in share])
            out[name] = percentile_interval(share)
        if np.isfinite(values["eta_squared"]):
            drawn = np.array([self._eta(self.codes, w[unit]) for w in weights])
            drawn -= np.nanmean(drawn) - values["eta_squared"]  # resampling adds between-group variance of its own
            low, high = percentile_interval(drawn[np.isfinite(drawn)])
            out["eta_squared"] = (max(0.0, low), min(1.0, high))
        return out


def removed_space(space: Space, by: str, removal: str, *, rank: int | None = None, seed: int = 0) -> Space:
    """The space with its groups' part taken out (fitted on one half of the meanings); named and fingerprinted by
    how.
    """
    if removal == "none":
        return space
    vectors, _ = removed(space.vectors, groups_of(space, by), removal, rank=rank, seed=seed)
    mark = hashlib.sha256(f"{space.fingerprint}|{by}|{removal}|{rank}|{seed}|{_VERSION}".encode()).hexdigest()[:24]
    made = {"by": by, "removal": removal, "rank": rank, "seed": seed, "from": space.name}
    label = f"{space.name} − {removal}" + (f" {rank}" if rank is not None else "")
    return Space(label, space.items, vectors, space.columns, dict(space.metadata) | made, mark, checked=True)


def kept_report(
    space: Space,
    store: DerivedStore,
    *,
    by: str = "script",
    removal: str = "none",
    rank: int | None = None,
    seed: int = 0,
) -> Report:
    """The report, kept once it was computed."""
    key = derived_key("groups", _VERSION, space=space.fingerprint, by=by, removal=removal, rank=rank, seed=seed)
    found = store.find(key)
    if found is not None and "figures" in found:
        return _of_arrays(found)
    made = measure_separation(space, by=by, remove=removal, rank=rank, seed=seed)
    store.put(
        key,
        {
            "figures": np.array([_packed(made[f]) for f in FIGURES]),
            "names": np.array([name for name, _ in made.groups]),
            "sizes": np.array([n for _, n in made.groups]),
            "more": np.array([made.n, made.n_distinct, made.with_identical, made.other_language]),
        },
    )
    return made


def _packed(one: Figure) -> tuple[float, ...]:
    """A row of what is kept: value; mean, 95th percentile and p of the null; the interval."""
    nan = float("nan")
    null = (nan, nan, nan) if one.null is None else (one.null.mean, one.null.p95, one.null.p)
    return (one.value, *null, *(one.interval or (nan, nan)))


def _of_arrays(found: Arrays) -> Report:
    n, n_distinct, identical, other = found["more"].tolist()
    figures = {}
    for name, row in zip(FIGURES, found["figures"].tolist(), strict=True):
        value, mean, p95, p, low, high = row
        of = int(n_distinct if name in _OVER_MEANINGS else n)
        null = Null(mean=mean, p95=p95, p=p, how=_SHUFFLED[name in _OVER_MEANINGS]) if np.isfinite(mean) else None
        figures[name] = figure_of(name, value, of, null=null, interval=(low, high) if np.isfinite(low) else None)
    groups = tuple(zip(found["names"].tolist(), found["sizes"].tolist(), strict=True))
    return Report(groups, int(n), int(n_distinct), figures, identical, other)
