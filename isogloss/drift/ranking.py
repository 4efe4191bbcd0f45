"""The ranking of a pair of spaces: every shared item's drift with what noise would have shown."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from isogloss.drift.distances import MEASURES, K, drift, wide_neighbors
from isogloss.drift.nulls import adjust
from isogloss.errors import InvalidValue, NotAligned
from isogloss.spaces.collection import Collection
from isogloss.spaces.controls import PairControls
from isogloss.types import Floats
from isogloss.workspace.derived import DerivedStore

LEVEL = 0.05
_MATCHED = 100  # items of the most similar frequency that an item is compared with


@dataclass(frozen=True, eq=False)
class Ranking:
    """Drift of every shared item under one measure; all arrays (n_items,), NaN where unknown.

    distance: larger is farther. low, high: its 95 % interval. p, q: against the null of its frequency
    band, q adjusted over all items tested. null_low, null_high: 5th and 95th percentile of that null,
    from null_n distances. unusual: robust z of the distance among the 100 items of the most similar
    count, a description and no test. counts: in the source and in the target, or None. steps: the two
    spaces between which each item moved most, for a ranking over several.
    """

    measure: str
    items: tuple[str, ...]
    distance: Floats
    low: Floats
    high: Floats
    p: Floats
    q: Floats
    null_low: Floats
    null_high: Floats
    null_n: npt.NDArray[np.int64]
    unusual: Floats
    count_source: npt.NDArray[np.int64] | None
    count_target: npt.NDArray[np.int64] | None
    steps: tuple[tuple[str, str], ...] = ()

    def __len__(self) -> int:
        return len(self.items)

    @cached_property
    def rows(self) -> dict[str, int]:
        """Item → row."""
        return {item: row for row, item in enumerate(self.items)}

    @cached_property
    def tested(self) -> npt.NDArray[np.bool_]:
        """Which items were held against a null."""
        return np.isfinite(self.q)

    @cached_property
    def significant(self) -> npt.NDArray[np.bool_]:
        """q < .05: the item moved farther than noise of its frequency, among all those tested."""
        return self.tested & (self.q < LEVEL)

    @cached_property
    def order(self) -> npt.NDArray[np.int64]:
        """Rows, most changed first; equal distances by item, those without a distance last."""
        return np.array(
            sorted(range(len(self)), key=lambda r: (-np.nan_to_num(self.distance[r], nan=-1), self.items[r]))
        )

    @property
    def smaller_count(self) -> npt.NDArray[np.int64]:
        """The smaller of the two counts, 0 where nothing was counted."""
        if self.count_source is None or self.count_target is None:
            return np.zeros(len(self), dtype=np.int64)
        return np.minimum(self.count_source, self.count_target)


def rank(
    collection: Collection,
    source: str,
    target: str,
    measure: str = "cosine",
    k: int | None = None,
    min_count: int = 0,
    panel: bool = False,
    store: DerivedStore | None = None,
) -> Ranking:
    """Rank the shared items of two spaces. Raises NotFound, InvalidValue, NotAligned (cosine).

    k: neighbors compared, by default 25 (Gonen: 1,000 or half the shared items); the controls hold for
    the default only. min_count: items with fewer uses in either space are left out, and not tested.
    panel: among those who speak in every space; only where the build was asked for it.
    """
    if measure not in MEASURES:
        raise InvalidValue(f"the measure is {measure!r}", f"choose {', '.join(MEASURES)}")
    if k is not None and k < 1:
        raise InvalidValue(f"k is {k}", "choose k of 1 or more")
    if source == target:
        raise InvalidValue(f"drift was asked from {source!r} to itself", "choose two spaces")
    a, b = collection[source], collection[target]
    if measure == "cosine" and not collection.aligned:
        raise NotAligned(
            f"cosine drift needs shared coordinates and the spaces of {collection.name!r} are not aligned",
            "choose local, jaccard or gonen, which compare neighbors, or align the spaces",
        )
    controls = collection.controls.pair(source, target, panel) if collection.controls else None
    if panel:
        if controls is None:
            raise InvalidValue(
                f"collection {collection.name!r} was not trained on the same speakers alone",
                "build it with replicates.panel",
            )
        items, distance = tuple(controls.rows), controls.figures[measure]["distance"]
        counts: tuple[npt.NDArray[np.int64] | None, ...] = (controls.count_source, controls.count_target)
    else:
        found = drift(
            a,
            b,
            K if k is None or measure == "gonen" else k,
            k if measure == "gonen" else None,
            collection.aligned,
            store,
        )
        items, distance = found.items, found.distances[measure].astype(np.float64)
        counts = tuple(
            None if space.counts is None else space.counts[rows]
            for space, rows in ((a, found.rows_source), (b, found.rows_target))
        )
        if k is not None and k != (wide_neighbors(len(found)) if measure == "gonen" else K):
            controls = None
    ranking = _ranking(measure, items, distance, counts[0], counts[1], controls)
    return ranking if min_count <= 0 else _keep(ranking, ranking.smaller_count >= min_count)


def _ranking(
    measure: str,
    items: tuple[str, ...],
    distance: Floats,
    count_source: npt.NDArray[np.int64] | None,
    count_target: npt.NDArray[np.int64] | None,
    controls: PairControls | None,
) -> Ranking:
    n = len(items)
    sd, p, null_low, null_high = (np.full(n, np.nan) for _ in range(4))
    null_n = np.zeros(n, dtype=np.int64)
    if controls is not None:
        rows = np.array([controls.rows.get(item, -1) for item in items], dtype=np.int64)
        here = np.flatnonzero(rows >= 0)
        for out, figure in ((sd, "sd"), (p, "p"), (null_low, "p05"), (null_high, "p95")):
            out[here] = controls.figures[measure][figure][rows[here]]
        null_n[here] = controls.null_n[rows[here]]
    known = count_source is not None and count_target is not None
    smaller = np.minimum(count_source, count_target) if known else None  # type: ignore[arg-type]
    return Ranking(
        measure,
        items,
        distance,
        np.maximum(0.0, distance - 1.96 * sd),
        distance + 1.96 * sd,
        p,
        adjust(p),
        null_low,
        null_high,
        null_n,
        unusual_for_frequency(distance, smaller),
        count_source,
        count_target,
    )


def _keep(one: Ranking, mask: npt.NDArray[np.bool_]) -> Ranking:
    rows = np.flatnonzero(mask)
    source, target = (None if c is None else c[rows] for c in (one.count_source, one.count_target))
    return Ranking(
        one.measure,
        tuple(one.items[r] for r in rows),
        one.distance[rows],
        one.low[rows],
        one.high[rows],
        one.p[rows],
        adjust(one.p[rows]),
        one.null_low[rows],
        one.null_high[rows],
        one.null_n[rows],
        one.unusual[rows],
        source,
        target,
    )


def unusual_for_frequency(distance: Floats, counts: npt.NDArray[np.int64] | None) -> Floats:
    """Robust z of each distance among the 100 items nearest to it in the order of their counts.

    (d − median) / (1.4826 · MAD) of those items; NaN without counts or with fewer than 20 items. It
    describes how far an item stands out from others as frequent and says nothing of noise.
    """
    out = np.full(len(distance), np.nan)
    known = np.flatnonzero(np.isfinite(distance))
    if counts is None or len(known) < 20:
        return out
    order = known[np.argsort(counts[known], kind="stable")]
    sorted_distance = distance[order]
    width = min(_MATCHED, len(order))
    first = np.clip(np.arange(len(order)) - width // 2, 0, len(order) - width)
    windows = np.lib.stride_tricks.sliding_window_view(sorted_distance, width)[first]
    median = np.median(windows, axis=1)
    spread = 1.4826 * np.median(np.abs(windows - median[:, None]), axis=1)
    out[order] = np.where(spread > 0, (sorted_distance - median) / np.where(spread > 0, spread, 1), np.nan)
    return out


def flipped(everyone: Ranking, panel: Ranking) -> list[tuple[str, bool]]:
    """Items tested in both whose verdict differs, with that among everyone; most changed first."""
    out = []
    for row in everyone.order:
        item = everyone.items[row]
        at = panel.rows.get(item)
        if at is not None and everyone.tested[row] and panel.tested[at]:
            verdict = bool(everyone.significant[row])
            if verdict != bool(panel.significant[at]):
                out.append((item, verdict))
    return out
