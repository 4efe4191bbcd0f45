"""The ranking of a pair of spaces: every shared item's drift with what noise would have shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from isogloss.drift.distances import Shared, distances
from isogloss.drift.frequency import unusual_for_frequency
from isogloss.drift.measure import MEASURES, usable
from isogloss.drift.nulls import level_to_reach
from isogloss.drift.pair import WIDE_K
from isogloss.drift.verdict import LEVEL, WORDS, Finding, State, Verdict, finding_of
from isogloss.errors import InvalidValue, NotAligned, NotFound
from isogloss.figure import Figure, Null
from isogloss.resampling import adjust
from isogloss.shown import html_table
from isogloss.spaces.collection import Collection
from isogloss.spaces.controls import PairControls
from isogloss.spaces.tails import Reach
from isogloss.text.matches import closest
from isogloss.types import Floats, Mask, Rows
from isogloss.workspace.derived import DerivedStore, store_of


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Ranking:
    """Drift of every shared item under one measure; all arrays (n_items,), NaN where unknown.

    distance: larger is farther. low, high: its 95 % interval. p, q: against what noise alone gives it, q adjusted over
    all items tested. null_low, null_high: 5th and 95th percentile of that null, from null_n distances. unusual: robust
    z of the distance among the 100 items of the most similar count, a description and no test. counts: in the source
    and in the target, or None. steps: the two spaces between which each item moved most, for a ranking over several.
    source, target: names of the spaces. built_before: whether nothing was tested because the collection's controls are
    older than the measure. reach: how far noise carries each item, where the controls say it. needs: the distance each
    must exceed for q < .05, given there instead, for a ranking over several. others: measure → p, (n,), of every
    measure that was tested. k: neighbors compared, 0 where a measure compares none. too_few: whether nothing was tested
    because there were too few null distances.
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
    null_n: Rows
    unusual: Floats
    count_source: Rows | None
    count_target: Rows | None
    steps: tuple[tuple[str, str], ...] = ()
    source: str = ""
    target: str = ""
    built_before: bool = False
    reach: Reach | None = None
    needs: Floats | None = None
    others: Mapping[str, Floats] = field(default_factory=dict)
    k: int = 0
    too_few: bool = False

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[str]:
        return iter(self.items)

    def __contains__(self, item: object) -> bool:
        return item in self.rows

    def __getitem__(self, item: str) -> Verdict:
        """What is said of one item. Raises NotFound, naming the nearest matches."""
        if item not in self.rows:
            raise NotFound(f"{item[:80]!r} is not among the ranked items", closest(item[:400], self.items))
        row = self.rows[item]
        tested = bool(self.tested[row])
        null = Null(
            p95=float(self.null_high[row]),
            p=float(self.p[row]),
            how=f"{int(self.null_n[row]):,} distances between halves of one space, "
            + ("of items as frequent" if self.reach is None else "against its own halves"),
        )
        interval = np.isfinite(self.low[row]) and np.isfinite(self.high[row])
        return Verdict(
            item=item,
            distance=Figure(
                value=float(self.distance[row]),
                n=int(self.smaller_count[row]),
                better="neither",
                low=float(self.low[row]) if interval else None,
                high=float(self.high[row]) if interval else None,
                null=null if tested else None,
                how=f"{MEASURES[self.measure].title}; larger is farther; n is the smaller of its two counts",
            ),
            q=float(self.q[row]),
            moved=bool(self.significant[row]) if tested else None,
            state=self.state(row),
            needed=float(self.needed[row]),
            agree=(int(self.agree[row]), int(self.agree_of[row])),
        )

    def state(self, row: int) -> State:
        """What is said of the item of one row."""
        if not self.tested[row]:
            return "untested"
        return "moved" if self.significant[row] else "undecided" if self.undecided[row] else "noise"

    @cached_property
    def rows(self) -> dict[str, int]:
        """Item → row."""
        return {item: row for row, item in enumerate(self.items)}

    @cached_property
    def tested(self) -> Mask:
        """Which items were held against a null."""
        return np.isfinite(self.q)

    @cached_property
    def significant(self) -> Mask:
        """q < .05: the item moved farther than noise of its frequency, among all those tested."""
        return self.tested & (self.q < LEVEL)

    @cached_property
    def undecided(self) -> Mask:
        """Beyond the 95th percentile of noise, while q does not reach the level: more replicates might."""
        return np.asarray(self.tested & ~self.significant & (self.distance > self.null_high))

    @cached_property
    def needed(self) -> Floats:
        """The distance each item must exceed for q < .05, given the p of all others.

        Infinite where the greatest distance would not be enough, NaN where the controls do not say it.
        """
        if self.needs is not None:
            return self.needs
        if self.reach is None or len(self.reach.p95) != len(self):
            return np.full(len(self), np.nan)
        return self.attainable(self.reach.needed(level_to_reach(self.p, LEVEL)))

    def attainable(self, needed: Floats) -> Floats:
        """Infinite from the measure's greatest distance on: that would have to be exceeded."""
        return np.where(needed >= MEASURES[self.measure].range[1], np.inf, needed)

    @cached_property
    def _verdicts(self) -> tuple[Rows, Rows]:
        moved, of = self.significant.astype(np.int64), self.tested.astype(np.int64)
        for name, p in self.others.items():
            if name != self.measure and len(p) == len(self):
                q = adjust(p)
                moved, of = moved + (q < LEVEL), of + np.isfinite(q)
        return moved, of

    @property
    def agree(self) -> Rows:
        """By how many measures each item moved farther than noise."""
        return self._verdicts[0]

    @property
    def agree_of(self) -> Rows:
        """By how many measures each item was tested."""
        return self._verdicts[1]

    @cached_property
    def order(self) -> Rows:
        """Rows, most changed first; equal distances by item, those without a distance last."""
        down = (-np.nan_to_num(self.distance, nan=-1)).tolist()
        return np.array(sorted(range(len(self)), key=lambda r: (down[r], self.items[r])), dtype=np.int64)

    @cached_property
    def order_as_frequent(self) -> Rows:
        """Rows, those first that stand out most from items as frequent."""
        return np.argsort(-np.nan_to_num(self.unusual, nan=-np.inf), kind="stable")

    @cached_property
    def places(self) -> Rows:
        """The place of each row in the order, from 1."""
        out = np.empty(len(self), dtype=np.int64)
        out[self.order] = np.arange(1, len(self) + 1)
        return out

    @cached_property
    def smaller_count(self) -> Rows:
        """The smaller of the two counts, 0 where nothing was counted."""
        if self.count_source is None or self.count_target is None:
            return np.zeros(len(self), dtype=np.int64)
        return np.minimum(self.count_source, self.count_target)

    @property
    def beyond_noise(self) -> Floats:
        """The distance less the 95th percentile of its null; the whole distance where there is no null."""
        return self.distance - np.nan_to_num(self.null_high)

    def finding(self, least: float = 0.0) -> Finding:
        """What it says of all items. least: the drift from which a shift matters."""
        return finding_of(self, least)

    def top(self, n: int = 20) -> pa.Table:
        """The n most changed, most first; what is unknown is null. Raises InvalidValue for n < 1."""
        if n < 1:
            raise InvalidValue(f"the {n} most changed items were asked for", "give a number of 1 or more")
        rows = self.order[:n]
        floats = {
            "distance": self.distance,
            "low": self.low,
            "high": self.high,
            "null_p95": self.null_high,
            "p": self.p,
            "q": self.q,
        }
        columns: dict[str, Any] = {"item": pa.array([self.items[r] for r in rows], pa.string())}
        columns |= {name: pa.array(values[rows], pa.float64(), from_pandas=True) for name, values in floats.items()}
        columns["moved"] = pa.array(self.significant[rows], pa.bool_(), mask=~self.tested[rows])
        columns["verdict"] = pa.array([WORDS[self.state(r)] for r in rows], pa.string())
        columns["agree"] = pa.array([f"{self.agree[r]} of {self.agree_of[r]}" for r in rows], pa.string())
        for name, counts in (("count_source", self.count_source), ("count_target", self.count_target)):
            columns[name] = pa.nulls(len(rows), pa.int64()) if counts is None else pa.array(counts[rows], pa.int64())
        return pa.table(columns)

    def __repr__(self) -> str:
        most = ", ".join(f"{self.items[r][:40]} {self.distance[r]:.2f}" for r in self.order[:3])
        return f"<{self._headline()}>\nmost changed: {most or 'nothing'}"

    def _repr_html_(self) -> str:
        return html_table(self.top(10), self._headline())

    def _headline(self) -> str:
        of = f" from {self.source} to {self.target}" if self.source else ""
        found = self.finding()
        said = f"{found.moved:,} of {found.tested:,} moved farther than noise" if found.tested else "not tested"
        return f"{self.measure} drift{of}: {len(self):,} items, {said}"


def measure_drift(
    collection: Collection,
    source: str,
    target: str,
    *,
    measure: str = "cosine",
    k: int | None = None,
    min_count: int = 0,
    panel: bool = False,
    store: DerivedStore | None = None,
) -> Ranking:
    """Rank the shared items of two spaces by how far they moved.

    measure: one of MEASURES. k: neighbors compared, by default the measure's own number; the controls hold for the
    default only. Of more than a measure can use it takes as many as it can, and `k` says how many. min_count: items
    with fewer uses in either space are left out, and not tested. panel: among those who speak in every space; only
    where the build was asked for it. store: where distances are kept. Items stay untested where the collection has no
    controls, or controls that are older than the measure.

    Raises NotFound, InvalidValue, and NotAligned for a measure that needs shared coordinates.
    """
    one = MEASURES[measure]
    if k is not None and k < 1:
        raise InvalidValue(f"k is {k}", "choose k of 1 or more")
    if source == target:
        raise InvalidValue(f"drift was asked from {source!r} to itself", "choose two spaces")
    shared = Shared(collection[source], collection[target])
    if one.needs_alignment and not collection.aligned:
        *others, last = (other.name for other in usable(aligned=False))
        raise NotAligned(
            f"{measure} drift needs shared coordinates and the spaces of {collection.name!r} are not aligned",
            f"choose {', '.join(others)} or {last}, which compare neighbors, or align the spaces",
        )
    controls = collection.controls.pair(source, target, panel) if collection.controls else None
    held = _Held.of(controls, shared)
    usual = held.k(measure)
    k = usual if k is None else k if k == usual else one.fitting_k(k, held.often)
    older = controls is not None and measure not in controls.figures
    if panel:
        if controls is None:
            raise InvalidValue(
                f"collection {collection.name!r} was not trained on the same speakers alone",
                "build it with replicates.panel",
            )
        items = tuple(controls.rows)
        counts: tuple[Rows | None, Rows | None] = (controls.count_source, controls.count_target)
        distance = np.full(len(items), np.nan) if older else controls.figures[measure]["distance"]
    else:
        items, counts = shared.items, shared.counts
        kept = store_of(collection, store)
        found = distances(shared, one, k=k or None, wide_k=held.wide, aligned=collection.aligned, store=kept)
        distance = found.astype(np.float64)
        if k != usual:
            controls, older = None, False
    ranking = _ranking(measure, items, distance, counts, controls)
    compares = 0 if one.needs_alignment else k
    few = controls is not None and not older and not ranking.tested.any()
    ranking = replace(ranking, source=source, target=target, built_before=older, k=compares, too_few=few)
    return ranking if min_count <= 0 else _keep(ranking, ranking.smaller_count >= min_count)


def _ranking(
    measure: str,
    items: tuple[str, ...],
    distance: Floats,
    counts: tuple[Rows | None, Rows | None],
    controls: PairControls | None,
) -> Ranking:
    """counts: uses of the items in the source and in the target. controls: None where nothing was tested."""
    n = len(items)
    least, most = MEASURES[measure].range
    reach, others = None, dict[str, Floats]()
    found = {figure: np.full(n, np.nan) for figure in ("sd", "p", "p05", "p95")}
    null_n = np.zeros(n, dtype=np.int64)
    if controls is not None:
        rows = np.array([controls.rows.get(item, -1) for item in items], dtype=np.int64)
        here = np.flatnonzero(rows >= 0)
        if measure in controls.figures:
            for figure, out in found.items():
                out[here] = controls.figures[measure][figure][rows[here]]
            null_n[here] = controls.null_n[rows[here]]
        reach = controls.reach[measure].take(rows) if measure in controls.reach else None
        others = {name: np.where(rows >= 0, figures["p"][rows], np.nan) for name, figures in controls.figures.items()}
    count_source, count_target = counts
    smaller = None if count_source is None or count_target is None else np.minimum(count_source, count_target)
    return Ranking(
        measure=measure,
        items=items,
        distance=distance,
        low=np.maximum(least, distance - 1.96 * found["sd"]),
        high=np.minimum(most, distance + 1.96 * found["sd"]),
        p=found["p"],
        q=adjust(found["p"]),
        null_low=np.minimum(most, found["p05"]),
        null_high=np.minimum(most, found["p95"]),
        null_n=null_n,
        unusual=unusual_for_frequency(distance, smaller),
        count_source=count_source,
        count_target=count_target,
        reach=reach,
        others=others,
    )


@dataclass(frozen=True)
class _Held:
    """Of how many neighbors the controls speak. often: shared items that are used often. kept: measure → k."""

    often: int
    kept: Mapping[str, int]

    @classmethod
    def of(cls, controls: PairControls | None, shared: Shared) -> _Held:
        often = int(shared.often.sum())
        if controls is None or controls.ks:
            return cls(often, controls.ks if controls else {})
        # What was built before 0.7 took a half of all shared items where that was less than 1,000, and did not say so.
        return cls(often, {"gonen": min(WIDE_K, len(shared) // 2)})

    def k(self, measure: str) -> int:
        """Neighbors that a measure compares where nobody says: as many as the controls did."""
        return self.kept.get(measure, MEASURES[measure].default_k(self.often))

    @property
    def wide(self) -> int:
        return self.k("gonen")


def _keep(one: Ranking, mask: Mask) -> Ranking:
    """The items of the mask; q is adjusted over these alone."""
    rows = np.flatnonzero(mask)
    held: dict[str, Any] = {known.name: getattr(one, known.name) for known in fields(one)}
    kept: dict[str, Any] = {name: v[rows] for name, v in held.items() if isinstance(v, np.ndarray)}
    kept |= {name: tuple(held[name][r] for r in rows) for name in ("items", "steps") if held[name]}
    kept["others"] = {name: p[rows] for name, p in one.others.items()}
    return replace(one, **kept | {"q": adjust(kept["p"]), "reach": one.reach and one.reach.take(rows)})
