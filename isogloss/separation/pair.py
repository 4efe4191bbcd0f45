"""Two groups of one space: how often each finds the other, and what tells them apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from isogloss.errors import NotFound
from isogloss.separation.measures import pair_neighbors, paired_hits
from isogloss.separation.report import groups_of
from isogloss.spaces.space import Space
from isogloss.text.matches import closest


@dataclass(frozen=True)
class Pair:
    """a_finds_b: share of a's items with a translation in b whose nearest item of b is one. overlap: share of items
    that the direction between the means puts on the wrong side of its middle (0 is apart, .5 is chance).
    """

    n_shared: int
    n_b: int
    a_finds_b: float
    b_finds_a: float
    a_ci: tuple[float, float]
    b_ci: tuple[float, float]
    overlap: float
    at_a: tuple[str, ...]
    at_b: tuple[str, ...]


def compare_pair(space: Space, a: str, b: str, by: str = "script", n_ends: int = 6, seed: int = 0) -> Pair:
    """Raises NotFound for a group that is not there. Intervals: bootstrap over items, 95 %."""
    groups = groups_of(space, by)
    for name in (a, b):
        if name not in groups.names:
            raise NotFound(f"there is no {by} {name[:40]!r} in {space.name!r}", closest(name[:40], groups.names))
    code_a, code_b = groups.names.index(a), groups.names.index(b)
    rows = np.flatnonzero((groups.codes == code_a) | (groups.codes == code_b))
    codes = (groups.codes[rows] == code_b).astype(np.int64)
    meanings = groups.meanings[rows]
    x = space.vectors[rows]
    right, asked = paired_hits(pair_neighbors(x, codes, 2), codes, meanings)
    rng = np.random.default_rng(seed)
    shares, intervals = [], []
    for side in (0, 1):
        of = right[(codes == side) & (asked > 0)]
        shares.append(float(of.mean()) if len(of) else float("nan"))
        draws = of[rng.integers(len(of), size=(500, len(of)))].mean(axis=1) if len(of) else np.array([np.nan])
        intervals.append((float(np.quantile(draws, 0.025)), float(np.quantile(draws, 0.975))))
    means = [x[codes == side].mean(axis=0) for side in (0, 1)]
    along = (x - (means[0] + means[1]) / 2) @ (means[1] - means[0])
    wrong = ((along > 0) != (codes == 1)).mean()
    order = np.argsort(along, kind="stable")
    ends_a = [space.items[rows[i]] for i in order if codes[i] == 0][:n_ends]
    ends_b = [space.items[rows[i]] for i in order[::-1] if codes[i] == 1][:n_ends]
    shared = set(meanings[(codes == 0) & (meanings >= 0)].tolist()) & set(meanings[(codes == 1)].tolist())
    return Pair(
        len(shared),
        int((codes == 1).sum()),
        shares[0],
        shares[1],
        intervals[0],
        intervals[1],
        float(wrong),
        tuple(ends_a),
        tuple(ends_b),
    )
