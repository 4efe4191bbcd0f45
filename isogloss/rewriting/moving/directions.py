"""Directions of displacement: how far they agree, and what chance would give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from isogloss.figure import Figure, Null
from isogloss.linear import unit
from isogloss.resampling import multinomial_weights, null_of, percentile_interval
from isogloss.types import Floats, Mask, Matrix, Rows, Vectors

DRAWS = 500
_BLOCK = 50  # draws at a time: memory stays that of a few copies of the directions
LEAST = 3  # pairs that a direction takes
HOW = "R̄, the length of the mean direction (b − a)/‖b − a‖: 1 where all agree; interval: bootstrap over pairs"
FLIPPED = "the signs of directions flipped pair by pair"
PERMUTED = "the column permuted among the pairs"


@dataclass(frozen=True, eq=False)
class Directions:
    """rows: pairs that moved, (n,). vectors: their displacements, (n, dim). units: the same of length 1."""

    rows: Rows
    vectors: Matrix
    units: Matrix

    def __len__(self) -> int:
        return len(self.rows)

    def take(self, keep: Mask) -> Directions:
        """Those of `keep`, a mask over these, (n,)."""
        return Directions(self.rows[keep], self.vectors[keep], self.units[keep])

    @property
    def mean(self) -> Floats:
        """Of unit directions, (dim,); its length is R̄."""
        return np.asarray(self.units.mean(axis=0)) if len(self) else np.zeros(self.units.shape[1])


def directions(source: Vectors, target: Vectors) -> Directions:
    """Of pairs that moved; a text without a vector (zero) has no direction. source, target: (n, dim), row by row.

    >>> found = directions(np.float32([[1, 0], [1, 0]]), np.float32([[1, 2], [1, 0]]))
    >>> found.rows.tolist(), found.units.tolist()
    ([0], [[0.0, 1.0]])
    """
    a, b = source.astype(np.float64), target.astype(np.float64)
    apart = b - a
    known = a.any(axis=1) & b.any(axis=1)
    size = np.linalg.norm(apart, axis=1)
    rows = np.flatnonzero(known & (size > 1e-6 * np.maximum(np.linalg.norm(a, axis=1), 1e-12)))
    return Directions(rows, apart[rows], unit(apart[rows]))


def resultant(found: Directions, *, seed: int = 0, draws: int = DRAWS) -> Figure:
    """R̄ = ‖mean u‖ with its interval, and the null of flipped signs; NaN of fewer than three pairs.

    Resampling adds (1 − R̄²)/n to the square of a resultant; it is taken out of each draw.
    """
    n = len(found)
    if n < LEAST:
        return Figure(value=float("nan"), n=n, how=HOW)
    value = float(np.linalg.norm(found.mean))
    rng = np.random.default_rng(seed)
    flipped: list[float] = []
    resampled: list[float] = []
    for _ in range(0, draws, _BLOCK):
        signs = rng.integers(0, 2, size=(_BLOCK, n)) * 2.0 - 1.0
        flipped += np.linalg.norm(signs @ found.units / n, axis=1).tolist()
        drawn = np.linalg.norm(multinomial_weights(n, _BLOCK, rng) @ found.units / n, axis=1)
        resampled += np.sqrt(np.maximum(drawn**2 - (1 - value**2) / n, 0.0)).tolist()
    low, high = percentile_interval(resampled)
    null = null_of(flipped, value, FLIPPED)
    return Figure(value=value, n=n, low=min(low, value), high=max(high, value), null=null, how=HOW)


def without_length(found: Directions, lengths: Floats, *, seed: int = 0) -> Figure:
    """R̄ of what is left of displacements when what goes with the difference of lengths is taken out.

    lengths: log of the ratio of lengths of these pairs, (n,). The slope is that of displacement on length (least
    squares with a constant); what is left is the displacement at equal length. NaN where all differ alike.
    """
    how = f"{HOW}; what goes with the log ratio of lengths is taken out (least squares)"
    centered = lengths - lengths.mean() if len(lengths) else lengths
    varied = float(centered @ centered)
    if len(found) < LEAST + 1 or (varied < 1e-9 and np.abs(lengths).max(initial=0.0) > 1e-6):
        return Figure(value=float("nan"), n=len(found), how=how)
    slope = centered @ found.vectors / varied if varied >= 1e-9 else np.zeros(found.vectors.shape[1])
    left = found.vectors - lengths[:, None] * slope
    one = resultant(Directions(found.rows, left, unit(left)), seed=seed)
    return Figure(value=one.value, n=one.n, low=one.low, high=one.high, null=one.null, how=how)


def group_nulls(units: Matrix, groups: Mapping[str, Rows], *, seed: int = 0) -> tuple[dict[str, Null | None], Figure]:
    """What R̄ of each group is when the column is permuted, and the mean R̄ of all groups weighted by their pairs.

    units: (n, dim). groups: name → rows of `units`, together all of them.
    """
    rng = np.random.default_rng(seed)
    order = np.concatenate(list(groups.values()))
    ends = np.cumsum([len(rows) for rows in groups.values()])
    sizes = np.diff(ends, prepend=0)
    starts = ends - sizes

    def lengths(rows: Rows) -> Floats:
        sums = np.add.reduceat(units[rows], starts, axis=0)
        return np.asarray(np.linalg.norm(sums, axis=1) / sizes)

    own = lengths(order)
    drawn = np.array([lengths(rng.permutation(order)) for _ in range(200)])
    each = {name: null_of(drawn[:, i].tolist(), float(own[i]), PERMUTED) for i, name in enumerate(groups)}
    weights = sizes / sizes.sum()
    value = float(own @ weights)
    together = Figure(
        value=value,
        n=len(order),
        null=null_of((drawn @ weights).tolist(), value, PERMUTED),
        how="mean R̄ of the groups, weighted by their pairs: above its null where each has a direction of its own",
    )
    return each, together


def between(groups: Mapping[str, Directions], *, seed: int = 0) -> list[dict[str, object]]:
    """Cosine of every two groups' mean directions with its interval: pairs resampled within groups."""
    rng = np.random.default_rng(seed)
    means, drawn = {}, {}
    for name, one in groups.items():
        means[name] = one.mean
        drawn[name] = np.vstack(
            [multinomial_weights(len(one), _BLOCK, rng) @ one.units / len(one) for _ in range(0, DRAWS, _BLOCK)]
        )
    found: list[dict[str, object]] = []
    for a, b in combinations(groups, 2):
        cosines = (unit(drawn[a]) * unit(drawn[b])).sum(axis=1)
        value = float((unit(means[a][None]) * unit(means[b][None])).sum())
        low, high = percentile_interval(cosines)
        found.append({"one": a, "two": b, "value": value, "low": min(low, value), "high": max(high, value)})
    return found


def principal_plane(vectors: Sequence[Vectors]) -> list[Matrix]:
    """Each set of rows in the first two principal components of all of them, (n, 2): for arrows."""
    both = np.vstack(vectors).astype(np.float64)
    middle = both.mean(axis=0)
    centered = both - middle
    _, directions_of = np.linalg.eigh(centered.T @ centered)
    plane = directions_of[:, ::-1][:, :2]
    if plane.shape[1] < 2:
        plane = np.hstack([plane, np.zeros((len(plane), 1))])
    return [(one - middle) @ plane for one in vectors]
