"""Two groups of one space: how often each finds the other, and what tells them apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from isogloss.errors import NotFound
from isogloss.figure import Figure, Null
from isogloss.resampling import mean_interval
from isogloss.separation.groups import groups_of
from isogloss.separation.measures import pair_neighbors, paired_hits
from isogloss.spaces.space import Space
from isogloss.text.matches import closest

_DRAWS = 500


@dataclass(frozen=True)
class Pair:
    """a_finds_b: share of a's items with a translation in b whose nearest item of b is one; its null is 1 / n of b.
    overlap: share of items that the direction between the means puts on the wrong side of its middle (0 is apart, .5 is
    chance). at_a, at_b: items at the ends of that direction.
    """

    n_shared: int
    a_finds_b: Figure
    b_finds_a: Figure
    overlap: Figure
    at_a: tuple[str, ...]
    at_b: tuple[str, ...]


def compare_pair(space: Space, a: str, b: str, *, by: str = "script", n_ends: int = 6, seed: int = 0) -> Pair:
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
    found = []
    for side in (0, 1):
        of = right[(codes == side) & (asked > 0)]
        low, high = mean_interval(of, _DRAWS, rng)
        chance = 1 / max(int((codes == 1 - side).sum()), 1)
        found.append(
            Figure(
                value=float(of.mean()) if len(of) else float("nan"),
                n=len(of),
                better="more",
                low=low,
                high=high,
                null=Null(p95=float("nan"), mean=chance, how="one item of the other group drawn at random"),
                how="share of items with a translation in the other group whose nearest item of it is one",
            )
        )
    means = [x[codes == side].mean(axis=0) for side in (0, 1)]
    along = (x - (means[0] + means[1]) / 2) @ (means[1] - means[0])
    wrong = ((along > 0) != (codes == 1)).mean()
    order = np.argsort(along, kind="stable")
    ends_a = [space.items[rows[i]] for i in order if codes[i] == 0][:n_ends]
    ends_b = [space.items[rows[i]] for i in order[::-1] if codes[i] == 1][:n_ends]
    shared = set(meanings[(codes == 0) & (meanings >= 0)].tolist()) & set(meanings[(codes == 1)].tolist())
    overlap = Figure(
        value=float(wrong), n=len(rows), better="more", how="share on the wrong side of the middle between the means"
    )
    return Pair(len(shared), found[0], found[1], overlap, tuple(ends_a), tuple(ends_b))
