"""What noise alone would show: one null of all counts, against the item's own halves; p-values and their adjustment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from isogloss.spaces.tails import Tail, distance_at, evened, full_tail
from isogloss.types import Floats, Rows

LEAST = 200  # null distances: of fewer nothing is tested
_KNOTS = 24
_FLOOR = 1e-6


@dataclass(frozen=True, eq=False)
class Halves:
    """Distances between the two halves of one space, from all replicates of a kind, (m,) each.

    counts: the smaller count in the two halves. places: of the item among those that two spaces share. sides: 0 within
    the first space, 1 within the second.
    """

    counts: Rows
    distances: Floats
    places: Rows
    sides: npt.NDArray[np.integer]

    def known(self) -> Halves:
        """Those that have a distance and a count."""
        here = np.isfinite(self.distances) & (self.counts > 0)
        return Halves(self.counts[here], self.distances[here], self.places[here], self.sides[here])


@dataclass(frozen=True, eq=False)
class Null:
    """center, scale: of each item, (n,): the distance that noise gives it, evened, and how far that spreads; NaN where
    unknown. tail: all null distances in these units.
    """

    center: Floats
    scale: Floats
    tail: Tail

    def p_values(self, distances: Floats) -> Floats:
        """p = (1 + #{null ≥ z}) / (1 + N), over the null distances of all items; NaN where nothing is known."""
        return self.tail.p_values((evened(distances, self.tail.end) - self.center) / self.scale)

    def quantile(self, share: float) -> Floats:
        """The distance below which this share of noise stays, (n,)."""
        reached = distance_at(self.center + self.scale * self.tail.at(share), self.tail.end)
        return np.asarray(np.clip(reached, 0.0, self.tail.end))


def make_null(
    halves: Halves,
    counts: Rows,
    *,
    whole: Smooth | None = None,
    taken: Floats | float = 0.5,
    end: float | None = None,
    least: int = LEAST,
) -> Null | None:
    """One null for all items; None from fewer than `least` null distances.

    counts: the smaller count of each item in the two spaces, (n,). whole: how much nearer two spaces lie than their
    halves, as a difference of evened distances over the logarithm of the count. taken: the share of that which the
    null of each item is nearer; where it is below 0, farther. end: of the measure's scale, see `evened`.

    A word used in many ways is noisier than others as frequent, again and again (the words' own levels make up some
    four fifths of the variance), so each is held against *its own* halves, shrunk to what its frequency gives
    (moderated, after Smyth 2004). With y the evened distance, log(d + .001) or its odds, and m(c) the running median of
    y over log counts: an item's level in one space is m(c) + (ȳ − m(c)) · τ² / (τ² + σ²/r), ȳ of the mean of its r null
    distances there, σ² their variance and τ² that of the levels. z₀ of a null distance is y less the level *from the
    others of its item*, over the running 95th percentile of these differences; z of a distance between spaces is y less
    the log of the mean of eʸ of the item's two levels. All z₀ are one null: that many words are tested asks for p far
    smaller than one band of frequency can give.
    """
    known, n = halves.known(), len(counts)
    if len(known.counts) < least:
        return None
    x, y = np.log(known.counts), evened(known.distances, end)
    key = known.places * 2 + known.sides
    r = np.bincount(key, minlength=2 * n).astype(np.float64)
    total = np.bincount(key, known.distances, minlength=2 * n).astype(np.float64)
    usual = Smooth.of(x, y, 0.5)
    at = usual(np.bincount(key, x, minlength=2 * n) / np.maximum(r, 1))
    shift, within, between = _variances(key, y, r=r, apart=_mean(total, r, end) - at)

    def level(mean: Floats, usually: Floats, r: Floats) -> Floats:
        weight = between / (between + within / np.maximum(r, 1))
        return usually + shift + weight * np.where(r > 0, mean - usually - shift, 0.0)

    others = r[key] - 1
    rest = y - level(_mean(total[key] - known.distances, others, end), at[key], others)
    middle = Smooth.of(x, rest, 0.5)
    rest -= middle(x)
    spread = Smooth.of(x, rest, 0.95)
    spread = Smooth(spread.x, np.maximum(spread.y, _FLOOR))
    tail = full_tail(rest / spread(x), spread.x, spread.y, end=end)
    mine, seen = level(_mean(total, r, end), at, r).reshape(n, 2), (r > 0).reshape(n, 2)
    far = np.where(seen, mine, -np.inf).max(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        center = far[:, 0] + np.log((seen * np.exp(mine - far)).sum(axis=1) / seen.sum(axis=1))
    nearer = np.zeros(n) if whole is None else taken * np.minimum(0.0, whole(np.log(np.maximum(counts, 1))))
    return Null(center + nearer + middle(np.log(np.maximum(counts / 2, 1))), tail.scale(counts / 2), tail)


def _mean(total: Floats, r: Floats, end: float | None) -> Floats:
    return evened(total / np.maximum(r, 1), end)


def _variances(key: Rows, y: Floats, *, r: Floats, apart: Floats) -> tuple[float, float, float]:
    """Of the items' levels: their median departure from what is usual, the variance within an item, that of items."""
    several = r > 1
    if not several.any():
        return 0.0, 1.0, _FLOOR
    mean = np.bincount(key, y, minlength=len(r)) / np.maximum(r, 1)
    within = float(((y - mean[key]) ** 2).sum() / max(float((r[several] - 1).sum()), 1.0))
    between = float(np.var(apart[several])) - within * float(np.mean(1 / r[several]))
    return float(np.median(apart[several])), max(within, _FLOOR), max(between, _FLOOR)


@dataclass(frozen=True, eq=False)
class Smooth:
    """A running quantile: at up to 24 places with as many values each, straight between them, level outside."""

    x: Floats
    y: Floats

    def __call__(self, x: Floats) -> Floats:
        return np.asarray(np.interp(x, self.x, self.y))

    @classmethod
    def of(cls, x: Floats, y: Floats, share: float, *, least: int = LEAST) -> Smooth:
        """least: values for each place; equal x stay together.

        >>> Smooth.of(np.arange(400.0), np.arange(400.0), 0.5)(np.array([99.5, 199.5])).tolist()
        [99.5, 199.5]
        """
        parts = int(np.clip(len(x) // least, 1, _KNOTS))
        edges = np.unique(np.quantile(x, np.linspace(0, 1, parts + 1)))
        part = np.clip(np.searchsorted(edges, x, side="right") - 1, 0, max(len(edges) - 2, 0))
        places = np.unique(part)
        return cls(
            np.array([x[part == one].mean() for one in places]),
            np.array([np.quantile(y[part == one], share) for one in places]),
        )


def level_to_reach(p: Floats, level: float) -> Floats:
    """For each tested item the p it would need for q < `level`, given the p of all the others; NaN where untested.

    With R the items that reach it now, one of these needs p < R · level / m. One that does not, needs that of the
    largest k with k − 1 others at or below k · level / m.

    >>> level_to_reach(np.array([0.001, 0.5, 0.6, np.nan]), 0.05).round(4).tolist()
    [0.0167, 0.0333, 0.0333, nan]
    """
    out = np.full(len(p), np.nan)
    tested = np.isfinite(p)
    m = int(tested.sum())
    if not m:
        return out
    steps = level * np.arange(1, m + 1) / m
    below = np.searchsorted(np.sort(p[tested]), steps, side="left")  # #{p < step}
    k = np.arange(1, m + 1)
    reached = int(k[below >= k].max(initial=0))
    nearly = int(k[below >= k - 1].max(initial=1))
    out[tested] = np.where(p[tested] < steps[reached - 1], steps[reached - 1], np.nan) if reached else np.nan
    rest = tested & np.isnan(out)
    out[rest] = np.where(p[rest] >= steps[nearly - 1], steps[nearly - 1], steps[min(reached, m - 1)])
    return out
