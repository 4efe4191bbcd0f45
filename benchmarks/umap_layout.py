"""A map of 20,000 points: isogloss.maps.layout.compute_layout against umap-learn's default, UMAP(metric="cosine").

Aim: ≤ 0.4 × the CPU time (all threads) at a trustworthiness no more than 0.01 lower. Both are warmed
up on 5,000 points (numba compiles; below 4,096 umap-learn takes brute force, and the first real run
would be charged some 30 s for compiling pynndescent). The peer is as it comes: unseeded and multi-threaded. Ours
includes the exact neighbors and the count of kept ones. Points: 20,000 rows of the demo's spaces.
Trustworthiness (Venna & Kaski 2001; cosine, 10 neighbors) and kept neighbors are over all points.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from benchmarks.demo import demo, rows
from benchmarks.measure import Entry, Spread, clock, take_turns
from isogloss.maps.layout import LayoutParameters, compute_layout, kept_neighbors
from isogloss.nearest.exact import self_neighbors
from isogloss.spaces.space import Space

K = 10
WARM_UP = 5_000
CPU_SHARE, TRUST_LOSS = 0.4, 0.01


def run(quick: bool = False) -> Iterator[Entry]:
    from umap import UMAP

    def ours(vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        return compute_layout(as_space(vectors), LayoutParameters())[0]

    def default(vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return np.asarray(UMAP(metric="cosine").fit_transform(vectors))

    vectors = rows(demo(), 5_000 if quick else 20_000)
    for warm_up in (ours, default):
        warm_up(vectors[:WARM_UP])
    done = take_turns(
        1 if quick else 3, ours=lambda: clock(lambda: ours(vectors)), peer=lambda: clock(lambda: default(vectors))
    )
    space = as_space(vectors)
    true = self_neighbors(space, K)[0]
    trust = {name: [trustworthiness(space.unit, one.result) for one in done[name]] for name in done}
    kept = {name: [kept_neighbors(true, o.result, K).mean() / K for o in done[name]] for name in done}
    cpu = {name: [one.cpu for one in done[name]] for name in done}
    wall = {name: [one.wall for one in done[name]] for name in done}
    same = all(np.array_equal(one.result, done["ours"][0].result) for one in done["ours"])
    share = Spread.of(cpu["ours"]).median / Spread.of(cpu["peer"]).median
    loss = Spread.of(trust["peer"]).median - Spread.of(trust["ours"]).median
    what = f"{len(vectors):,} points"
    yield Entry(
        "umap_layout",
        f"{what}, CPU time",
        "s",
        cpu["ours"],
        cpu["peer"],
        "umap-learn",
        aim=f"≤ {CPU_SHARE} ×",
        met=share <= CPU_SHARE,
    )
    yield Entry("umap_layout", f"{what}, wall time", "s", wall["ours"], wall["peer"], "umap-learn")
    yield Entry(
        "umap_layout",
        f"{what}, trustworthiness",
        f"0–1, k={K}",
        trust["ours"],
        trust["peer"],
        "umap-learn",
        aim=f"≥ peer − {TRUST_LOSS}",
        met=loss <= TRUST_LOSS,
        note=f"ours − peer = {-loss:+.4f}; ours is {'the same picture' if same else 'NOT the same'} every time",
    )
    yield Entry(
        "umap_layout", f"{what}, true neighbors kept", f"share, k={K}", kept["ours"], kept["peer"], "umap-learn"
    )


def as_space(vectors: npt.NDArray[np.float32]) -> Space:
    return Space("points", tuple(map(str, range(len(vectors)))), vectors, checked=True)


def trustworthiness(
    unit: npt.NDArray[np.float32], coordinates: npt.NDArray[np.float32], k: int = K, block: int = 500
) -> float:
    """As sklearn.manifold.trustworthiness(metric="cosine"), in blocks: 1 − 2/(nk(2n−3k−1)) Σ max(0, rank − k).

    The sum runs over the k nearest points on the map of each point; rank: theirs by true similarity.
    """
    from scipy.spatial import cKDTree

    n, far = len(unit), 0
    near = cKDTree(coordinates).query(coordinates, k=k + 1)[1]
    for start in range(0, n, block):
        own = np.arange(start, min(start + block, n))
        at = np.arange(len(own))
        similarity = unit[own] @ unit.T
        similarity[at, own] = -np.inf
        others = near[own] != own[:, None]
        others[others.all(axis=1), -1] = False  # coinciding points may hide the own row
        mapped = near[own][others].reshape(len(own), k)
        for column in mapped.T:
            rank = 1 + (similarity > similarity[at, column][:, None]).sum(axis=1)
            far += int(np.maximum(0, rank - k).sum())
    return 1 - 2 * far / (n * k * (2 * n - 3 * k - 1))
