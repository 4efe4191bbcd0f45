"""Both sides of a trial on one map, before and after the alignment, with lines between words that belong together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from isogloss.alignment.trial import Outcome, Trial
from isogloss.figure import Figure
from isogloss.maps.layout import LayoutParameters, compute_layout
from isogloss.progress import Progress, silent
from isogloss.spaces.space import Space
from isogloss.types import Arrays, Rows, Vectors
from isogloss.workspace.derived import derived_key

WHEN = ("before", "after")
_FREQUENT, _TESTED, _VERSION = 2_000, 1_500, 1


@dataclass(frozen=True, eq=False)
class JointMaps:
    """source, target: rows of the items drawn, (n,) and (m,). pairs: positions of test words and of their first gold
    among them, (p, 2). before, after: coordinates, (n + m, 2), the source's first. kept: share of true neighbors (k =
    10) that each map kept.
    """

    source: Rows
    target: Rows
    pairs: Rows
    before: Vectors
    after: Vectors
    kept: tuple[float, float]

    def line_length(self, when: str) -> Figure:
        """Median length of the lines between the pairs, as a share of the diagonal of the map; 0 without a pair."""
        coordinates = self.before if when == WHEN[0] else self.after
        ends = coordinates[self.pairs]
        length = np.linalg.norm(ends[:, 0] - ends[:, 1], axis=1)
        value = float(np.median(length) / np.linalg.norm(np.ptp(coordinates, axis=0))) if len(length) else 0.0
        how = "median distance of a test word and its first gold on the map, as a share of its diagonal"
        return Figure(value=value, n=len(length), better="less", how=how)

    @classmethod
    def of_arrays(cls, data: Arrays) -> JointMaps:
        kept = (float(data["kept"][0]), float(data["kept"][1]))
        return cls(data["source"], data["target"], data["pairs"], data["before"], data["after"], kept)


def picture_key(trial: Trial, method: str, *, parameters: LayoutParameters | None = None) -> str:
    return derived_key("joint", _VERSION, trial=trial.key(method), layout=repr(parameters or LayoutParameters()))


def joint_maps(
    trial: Trial, outcome: Outcome, *, parameters: LayoutParameters | None = None, progress: Progress = silent
) -> Arrays:
    """UMAP of the most frequent items of both sides and of the test words with their gold translations, twice: as
    each side is by itself (its coordinates have nothing to do with the other's), and as the map brought them
    together.
    """
    way, p = trial.way("source-target"), parameters or LayoutParameters()
    found = way.test.rows(trial.source, trial.target)
    first = np.unique(found[0], return_index=True)[1][:_TESTED]
    a, b = found[0][np.sort(first)], found[1][np.sort(first)]
    source = np.unique(np.concatenate([np.arange(min(_FREQUENT, len(trial.source))), a]))
    target = np.unique(np.concatenate([np.arange(min(_FREQUENT, len(trial.target))), b]))
    pairs = np.stack([np.searchsorted(source, a), np.searchsorted(target, b) + len(source)], axis=1)
    mapping = outcome.mapping
    x, z = trial.source.vectors[source], trial.target.vectors[target]
    apart = [side.preprocessing.apply(rows) for side, rows in ((mapping.source, x), (mapping.target, z))]
    together = [mapping.source.apply(x), mapping.target.apply(z)]
    arrays: Arrays = {"source": source, "target": target, "pairs": pairs}
    kept = []
    for i, when in enumerate(WHEN):
        progress(f"drawing the map {when} the alignment", i / 2)
        vectors = np.concatenate((apart, together)[i]).astype(np.float32)
        space = Space(when, tuple(map(str, range(len(vectors)))), vectors, fingerprint="-", checked=True)
        coordinates, near, k = compute_layout(space, p)
        arrays[when] = coordinates
        kept.append(float(near.mean()) / k if k else 0.0)
    return arrays | {"kept": np.array(kept)}
