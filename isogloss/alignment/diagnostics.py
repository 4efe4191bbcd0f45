"""What can be known of an alignment before it is tested: how anchors fit, which look wrong, how alike the sides are."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from isogloss.errors import InvalidValue
from isogloss.figure import Figure, Null
from isogloss.linear import unit
from isogloss.resampling import multinomial_weights, null_of, percentile_interval, statistic_interval
from isogloss.types import Floats, Mask, Matrix, Rows

_DRAWS, _SHUFFLES, _SPLITS = 1_000, 200, 3
_WORK, _GROUPS = 6e8, 10  # refits · dim³ for few anchors; the fewest refits
_OPEN = 1e-12  # of the greatest singular value: below it, a direction is not decided
_DEVIATIONS, _NORMAL = 3, 1.4826  # scaled so that it is a standard deviation of normal residuals
_ENERGY = 0.9
_RESIDUAL = "mean distance of an anchor to its partner under a map of the others; anchors resampled"
_RELATION = "Pearson's r of the cosines within either side, over pairs of anchors; anchors resampled"
_SHUFFLED = "anchors shuffled"
_DIVERGENCE = "squared differences of the Laplacian eigenvalues of both nearest-neighbor graphs"
_HALVES = "one half of a side beside its other half"


def _check(x: Matrix, z: Matrix) -> None:
    if x.ndim != 2 or x.shape != z.shape or len(x) < 3:
        raise InvalidValue(
            f"anchors of shapes {x.shape} and {z.shape}", "give three or more rows, one target for each source"
        )
    if not (np.isfinite(x).all() and np.isfinite(z).all()):
        raise InvalidValue("an anchor's vector is not finite", "leave such rows out")


def leave_one_out(x: Matrix, z: Matrix) -> Matrix:
    """‖x_i W − z_i‖ of each anchor under the orthogonal map W of all the others, float64 (n,).

    x, z: (n, dim), preprocessed rows. Of many anchors (n > 2·dim), from the change to first order: with C = XᵀZ = USVᵀ,
    leaving i out changes W = UVᵀ by UKVᵀ, K_jk = (b_j a_k − a_j b_k) / (s_j + s_k), a = x_i U, b = z_i V. By aK the
    residual grows by a share h; aK / (1 − h) is taken, as is exact for least squares, and the length of x_i kept. Of
    few, W is refitted without each anchor, or, where that would be long, without each of ten or more groups of anchors.
    Directions that the rest leaves open (n ≤ dim) count with the mean square over all orthogonal W that agree on the
    others. Raises InvalidValue.
    """
    _check(x, z)
    n, dim = x.shape
    if n < dim:
        x, z = (np.linalg.qr(side.T)[1].T for side in (x, z))  # the same rows in the directions they span
    if n <= 2 * dim:
        return _refitted(x, z, min(n, max(_GROUPS, int(_WORK / min(n, dim) ** 3))))
    u, s, vt = np.linalg.svd(x.T @ z)
    a, b = x @ u, z @ vt.T
    inverse = 1 / np.maximum(s[:, None] + s[None, :], max(1e-9 * s[0], 1e-150))
    change = a * ((a * b) @ inverse) - b * ((a * a) @ inverse)
    inside = a - b
    grown = (change * inside).sum(axis=1) / np.maximum((inside**2).sum(axis=1), 1e-300)
    moved = unit(a + change / (1 - np.clip(grown, 0, 0.9)[:, None])) * np.linalg.norm(a, axis=1, keepdims=True)
    return np.asarray(np.linalg.norm(moved - b, axis=1))


def _refitted(x: Matrix, z: Matrix, groups: int) -> Matrix:
    """The residuals of each group of anchors under the map of the others."""
    every, found = x.T @ z, np.empty(len(x))
    group = np.random.default_rng(0).permutation(len(x)) % groups
    for number in range(groups):
        out = group == number
        u, s, vt = np.linalg.svd(every - x[out].T @ z[out])
        a, b = x[out] @ u, z[out] @ vt.T
        undecided = 2 * (a * b)[:, s <= _OPEN * max(s[0], 1e-300)].sum(axis=1)
        found[out] = np.sqrt(np.maximum(((a - b) ** 2).sum(axis=1) + undecided, 0))
    return found


def suspicious(residual: Floats) -> Mask:
    """Residuals more than three scaled median absolute deviations above the median. Raises InvalidValue.

    >>> suspicious(np.array([1.0, 1.1, 0.9, 1.0, 5.0])).tolist()
    [False, False, False, False, True]
    """
    if not len(residual) or not np.isfinite(residual).all():
        raise InvalidValue(f"{len(residual)} residuals, or one that is not finite", "give those of `leave_one_out`")
    middle = np.median(residual)
    spread = _NORMAL * np.median(np.abs(residual - middle))
    return np.asarray(residual > middle + _DEVIATIONS * max(float(spread), 1e-12))


def band_residuals(residual: Floats, rank: Rows, edges: Sequence[int], *, seed: int = 0) -> dict[str, Figure]:
    """Band of frequency rank → mean residual with its 95 % bootstrap interval; empty bands are left out.

    rank: rows of the anchors in their space, the most frequent 0. edges: rising. Raises InvalidValue.

    >>> band_residuals(np.array([1.0, 1.0]), np.array([3, 7]), (5,))
    {'1–5': 1.00 (1.00 to 1.00), n = 1, '6 and beyond': 1.00 (1.00 to 1.00), n = 1}
    """
    if len(rank) != len(residual):
        raise InvalidValue(f"{len(residual):,} residuals and {len(rank):,} ranks", "give a rank for each residual")
    if any(low >= high for low, high in pairwise([0, *edges])):
        raise InvalidValue(f"bands end at {', '.join(map(str, edges))}", "give rising numbers above 0")
    rng, found = np.random.default_rng(seed), {}
    for first, end in pairwise([0, *edges, 1 << 62]):
        some = residual[(rank >= first) & (rank < end)]
        if len(some):
            name = f"{first + 1:,}–{end:,}" if end < 1 << 62 else f"{first + 1:,} and beyond"
            found[name] = _mean(some, rng)
    return found


def _mean(some: Floats, rng: np.random.Generator) -> Figure:
    interval = statistic_interval(lambda rows: float(some[rows].mean()), len(some), _DRAWS, rng=rng)
    low, high = interval or (None, None)
    return Figure(value=float(some.mean()), n=len(some), better="less", low=low, high=high, how=_RESIDUAL)


def relational_similarity(x: Matrix, z: Matrix, *, most: int = 500, seed: int = 0) -> Figure:
    """Pearson's correlation of cos(x_i, x_j) with cos(z_i, z_j) over pairs of anchors: 1 for a rotated copy.

    RSIM of Vulić, Ruder & Søgaard (2020). x, z: (n, dim); of more than `most`, a sample. Resampled are anchors, not
    pairs, and a copy is not compared with itself. Where the cosines of a side are all the same the value is 0 and there
    is no null; draws in which they are count as −1 below and as 1 above. Raises InvalidValue.
    """
    _check(x, z)
    rng = np.random.default_rng(seed)
    rows = np.sort(rng.permutation(len(x))[:most])
    one, two = _cosines(x[rows]), _cosines(z[rows])
    n = len(rows)
    weights = np.concatenate([np.ones((1, n)), multinomial_weights(n, _DRAWS, rng)])

    def over_pairs(of: Matrix) -> Matrix:
        """Σ w_i w_j m_ij over i ≠ j, of each draw: how often anchors were drawn weighs their pair."""
        return np.asarray(((weights @ of) * weights).sum(axis=1))

    count = np.maximum(weights.sum(axis=1) ** 2 - (weights**2).sum(axis=1), 1)
    mean_one, mean_two = over_pairs(one) / count, over_pairs(two) / count
    spread_one, spread_two = over_pairs(one**2) / count - mean_one**2, over_pairs(two**2) / count - mean_two**2
    both = over_pairs(one * two) / count - mean_one * mean_two
    known = np.minimum(spread_one, spread_two) > 1e-12
    scale = np.sqrt(np.where(known, spread_one * spread_two, 1))
    value, draws = float(np.where(known, both / scale, 0)[0]), (both / scale)[1:]
    low = percentile_interval(np.where(known[1:], draws, -1))[0]
    high = percentile_interval(np.where(known[1:], draws, 1))[1]
    shuffled = []
    for _ in range(_SHUFFLES if known[0] else 0):
        order = rng.permutation(n)
        shuffled.append(float((np.vdot(one, two[order][:, order]) / count[0] - mean_one[0] * mean_two[0]) / scale[0]))
    null = null_of(shuffled, value, _SHUFFLED)
    return Figure(value=value, n=n, better="more", low=low, high=high, null=null, how=_RELATION)


def _cosines(rows: Matrix) -> Matrix:
    """Of each row to each other one; 0 on the diagonal."""
    found = unit(rows) @ unit(rows).T
    np.fill_diagonal(found, 0)
    return np.asarray(found)


def eigenvalue_divergence(x: Matrix, z: Matrix, *, most: int = 1_000, k: int = 10, seed: int = 0) -> Figure:
    """Σ (λ_i − μ_i)² of the Laplacian eigenvalues of both k-nearest-neighbor graphs (Søgaard, Ruder & Vulić 2018).

    Counted are the greatest eigenvalues, as many as hold 90 % of the sum on the side that needs fewer. x, z: (n, dim);
    of more than `most`, a sample. The figure depends on the size of the graphs, so the anchors are halved: the value is
    the mean of each half of x beside the same half of z, the mean of the null (the reference) that of one half of a
    side beside its other half, over three ways to halve. A value as great as the reference means that partners are no
    more alike than other words of one space. k: at most a quarter of a half. Raises InvalidValue.
    """
    _check(x, z)
    rng = np.random.default_rng(seed)
    rows = rng.permutation(len(x))[:most]
    half = len(rows) // 2
    k = min(k, half // 4)
    if k < 1:
        raise InvalidValue(f"{len(rows)} anchors and {k} neighbors are too few for a graph", "give 8 anchors or more")
    across, within = [], []
    for _ in range(_SPLITS):
        order = rng.permutation(rows)
        (a, b), (c, d) = (
            [_eigenvalues(side[part], k) for part in (order[:half], order[half : 2 * half])] for side in (x, z)
        )
        across += [_divergence(a, c), _divergence(b, d)]
        within += [_divergence(a, b), _divergence(c, d)]
    null = Null(mean=float(np.mean(within)), p95=math.nan, how=_HALVES)
    return Figure(value=float(np.mean(across)), n=len(rows), better="less", null=null, how=_DIVERGENCE)


def _divergence(one: Matrix, two: Matrix) -> float:
    n = min(int(np.searchsorted(np.cumsum(e) / e.sum(), _ENERGY)) + 1 for e in (one, two))
    return float(((one[:n] - two[:n]) ** 2).sum())


def _eigenvalues(rows: Matrix, k: int) -> Matrix:
    """Of the Laplacian of the symmetric, unweighted graph of k nearest neighbors by cosine; the greatest first."""
    cosine = _cosines(rows).round(9)  # equal ones go by row, whichever way the space is turned
    np.fill_diagonal(cosine, -np.inf)
    near = np.argsort(-cosine, axis=1, kind="stable")[:, :k]
    graph = np.zeros(cosine.shape)
    np.put_along_axis(graph, near, 1.0, axis=1)
    graph = np.maximum(graph, graph.T)
    return np.asarray(np.linalg.eigvalsh(np.diag(graph.sum(axis=1)) - graph)[::-1])


def relation_row(figure: Figure) -> dict[str, Any]:
    """A relational similarity as JSON tells it, and as outcomes are kept; `relation_of` takes it back."""
    null = 0.0 if figure.null is None else figure.null.p95
    return {"value": figure.value, "low": figure.low, "high": figure.high, "null_high": null, "n": figure.n}


def relation_of(row: Mapping[str, Any]) -> Figure:
    null = Null(p95=row["null_high"], how=_SHUFFLED)
    told = {name: row[name] for name in ("value", "low", "high", "n")}
    return Figure(**told, better="more", null=null, how=_RELATION)


def divergence_row(figure: Figure) -> dict[str, Any]:
    """An eigenvalue divergence as JSON tells it, and as outcomes are kept; `divergence_of` takes it back."""
    reference = math.nan if figure.null is None else figure.null.mean
    return {"value": figure.value, "reference": reference, "n": figure.n}


def divergence_of(row: Mapping[str, Any]) -> Figure:
    null = Null(mean=row["reference"], p95=math.nan, how=_HALVES)
    return Figure(value=row["value"], n=row["n"], better="less", null=null, how=_DIVERGENCE)


def spectrum(w: Matrix) -> Floats:
    """How much a map (dim, dim) stretches each of its directions: the singular values, the greatest first, (dim,).

    Raises InvalidValue.

    >>> spectrum(np.diag([0.5, 2.0])).tolist()
    [2.0, 0.5]
    """
    if w.ndim != 2 or not w.size or not np.isfinite(w).all():
        raise InvalidValue(f"a map of shape {w.shape}, or one that is not finite", "give a matrix of finite numbers")
    return np.asarray(np.linalg.svd(w, compute_uv=False))


def singular_values(w: Matrix) -> tuple[float, float]:
    """The least and the greatest stretch of a map (dim, dim): 1 and 1 for an orthogonal one. Raises InvalidValue.

    >>> singular_values(np.diag([2.0, 0.5]))
    (0.5, 2.0)
    """
    values = spectrum(w)
    return float(values.min()), float(values.max())


def orthogonality(w: Matrix) -> float:
    """‖WᵀW − I‖_F of a map (dim, dim): 0 for an orthogonal one."""
    return float(np.linalg.norm(w.T @ w - np.eye(w.shape[1])))


def condition(w: Matrix) -> float:
    """The greatest singular value over the least, infinite for a map that loses a direction. Raises InvalidValue.

    >>> condition(np.diag([2.0, 0.5]))
    4.0
    """
    least, greatest = singular_values(w)
    return greatest / least if least > _OPEN * greatest else float("inf")
