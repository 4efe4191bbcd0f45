"""Bilingual lexicon induction: how often the nearest targets of a mapped source are its gold translations."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from isogloss.alignment.anchors.dictionary import Dictionary
from isogloss.errors import InvalidValue
from isogloss.figure import Figure
from isogloss.linear import one_thread, unit_rows
from isogloss.nearest.criteria.isf import BETA
from isogloss.nearest.criterion import About
from isogloss.nearest.criterion import retrievals as by_retrieval
from isogloss.nearest.csls import K, cosine_blocks
from isogloss.resampling import mean_interval, share_interval
from isogloss.spaces.space import Space
from isogloss.types import Mask, Rows, Vectors

RETRIEVALS = ("nn", "csls", "isf")
OOV = ("dropped", "wrong")
TOP = 10
_DRAWS = 2_000
_HOW = {
    1: "share of {} whose nearest target is a gold translation",
    5: "share of {} with a gold translation among the five nearest",
    10: "share of {} with a gold translation among the ten nearest",
}
_BLOCK, _COLUMNS, _CELLS, _FEWEST, _GROUP = 256, 16_384, 1 << 22, 32, 32


def share(hits: Mask, what: str, *, seed: int | None = None) -> Figure:
    """A share of test words, by the seed with its 95 % bootstrap interval.

    >>> share(np.array([True, True]), "found first", seed=0)
    1.00 (1.00 to 1.00), n = 2
    """
    if not len(hits):
        return Figure(value=math.nan, n=0, better="more", how=what)
    value, interval = float(hits.mean()), None
    if seed is not None:
        interval = share_interval(value, len(hits), _DRAWS, rng=np.random.default_rng(seed))
    low, high = interval or (None, None)
    how = what if interval is None else f"{what}; test words resampled"
    return Figure(value=value, n=len(hits), better="more", low=low, high=high, how=how)


@dataclass(frozen=True, eq=False, kw_only=True)
class Retrieved:
    """Of each test source that both spaces know: its row, its ten nearest targets, the rank of its best gold (1 is
    first).

    sources: rows, (n,). nearest: rows of targets, (n, 10). scores: (n, 10). rank: (n,).
    missing: test sources that the spaces do not cover.
    """

    sources: Rows
    nearest: Rows
    scores: Vectors
    rank: Rows
    missing: int

    def figures(self, oov: str = "dropped", *, seed: int = 0) -> dict[str, Figure]:
        """precision_at_1 (with its interval), precision_at_5, precision_at_10, mrr, coverage: from 0 to 1, more is
        better; NaN where no test word counts.

        oov: sources that are not covered are `dropped` (MUSE, VecMap) or counted `wrong` (fastText).
        """
        rank = self.rank.astype(np.float64)
        if oov == "wrong":
            rank = np.concatenate([rank, np.full(self.missing, np.inf)])
        of = "all test words" if oov == "wrong" else "test words that both spaces hold"
        covered = np.arange(len(self.rank) + self.missing) < len(self.rank)
        found = {f"precision_at_{k}": share(rank <= k, _HOW[k].format(of), seed=seed if k == 1 else None) for k in _HOW}
        mrr = float((1 / rank).mean()) if len(rank) else math.nan
        found["mrr"] = Figure(value=mrr, n=len(rank), better="more", how=f"mean of 1/rank of the best gold, of {of}")
        return found | {"coverage": share(covered, "share of test words that both spaces hold")}

    def row(self, oov: str = "dropped", *, seed: int = 0) -> dict[str, float | int | list[float]]:
        """The figures as JSON tells them, with n_test and ci_precision_at_1; 0 where no test word counts."""
        figures = self.figures(oov, seed=seed)
        first = figures["precision_at_1"]
        told: dict[str, float | int | list[float]] = {"n_test": first.n}
        known = {name: one.value if first.n else 0.0 for name, one in figures.items()}
        told |= {"coverage": known.pop("coverage"), **known}
        return told | {"ci_precision_at_1": list(first.interval or (0.0, 0.0))}


@dataclass(frozen=True, eq=False)
class Neighborhoods:
    """What CSLS and the inverted softmax ask of the other side. r_source: mean cosine of each source to its k = 10
    nearest targets, (n,). mass_source: 1/β · log Σ_targets exp(β·cos), (n,). r_target, mass_target: the same of each
    target, (m,).
    """

    r_source: Vectors
    r_target: Vectors
    mass_source: Vectors
    mass_target: Vectors

    def reversed(self) -> Neighborhoods:
        return Neighborhoods(self.r_target, self.r_source, self.mass_target, self.mass_source)


def neighborhoods(u: Vectors, v: Vectors, retrievals: Sequence[str] = RETRIEVALS) -> Neighborhoods:
    """Of both sides in one pass over the cosines, block by block; zeros for what no retrieval asks for.

    u: unit sources, (n, dim). v: unit targets, (m, dim). Of cosines, exp(β·(cos − 1)) neither over- nor underflows.
    """
    from isogloss.nearest.best import Best

    near, far = Best.empty(len(u), min(K, len(v))), Best.empty(len(v), min(K, len(u)))
    rows, columns = np.zeros(len(u)), np.zeros(len(v))
    csls, isf = "csls" in retrievals, "isf" in retrievals
    for i, j, cosine in cosine_blocks(u, v) if csls or isf else ():
        there, back = slice(i, i + len(cosine)), slice(j, j + cosine.shape[1])
        if csls:
            near.part(there.start, there.stop).add_rows(cosine, j)
            far.part(back.start, back.stop).add_columns(cosine, i)
        if isf:
            _exponentials(cosine)
            rows[there] += cosine.sum(axis=1)
            columns[back] += cosine.sum(axis=0)
    r = [(best.values.mean(axis=1) if csls else np.zeros(len(best.values), np.float32)) for best in (near, far)]
    mass = [(1 + np.log(np.maximum(one, 1e-300)) / BETA if isf else one).astype(np.float32) for one in (rows, columns)]
    return Neighborhoods(r[0], r[1], mass[0], mass[1])


def _exponentials(cosine: Vectors) -> None:
    """exp(β·(cos − 1)) in place, on all cores."""

    def part(at: int) -> None:
        some = cosine[at : at + _FEWEST]
        some -= 1
        some *= BETA
        np.exp(some, out=some)

    with ThreadPoolExecutor(os.cpu_count() or 1) as threads:
        list(threads.map(part, range(0, len(cosine), _FEWEST)))


def retrieve(
    source: Space, target: Space, test: Dictionary, *, x: Vectors, z: Vectors, retrievals: Sequence[str] = RETRIEVALS
) -> Mapping[str, Retrieved]:
    """Look the test sources up among all targets, by each retrieval.

    x: mapped source vectors, (len(source), dim). z: mapped target vectors, (len(target), dim). Any gold translation
    counts (MUSE, VecMap). nn: cosine. csls: 2·cos − r_T(x) − r_S(z), k = 10 (Conneau et al. 2018). isf: inverted
    softmax with β = 30 over all sources (Smith et al. 2017), exp(β·cos) / Σ_sources exp(β·cos). Memory grows with the
    block, not with n × m. Raises InvalidValue.
    """
    u, v = _unit(x), _unit(z)
    return _retrieve(source, target, u, v, test, _known(retrievals), lambda: neighborhoods(u, v, retrievals))


def retrieve_both(
    source: Space,
    target: Space,
    *,
    x: Vectors,
    z: Vectors,
    there: Dictionary,
    back: Dictionary,
    retrievals: Sequence[str] = RETRIEVALS,
) -> tuple[Mapping[str, Retrieved], Mapping[str, Retrieved]]:
    """`retrieve` in either direction, the cosines of all pairs computed once. back: pairs of a target and a source."""
    u, v = _unit(x), _unit(z)
    found: list[Neighborhoods] = []

    def known() -> Neighborhoods:
        if not found:
            found.append(neighborhoods(u, v, retrievals))
        return found[0]

    one = _retrieve(source, target, u, v, there, _known(retrievals), known)
    return one, _retrieve(target, source, v, u, back, retrievals, lambda: known().reversed())


def _known(retrievals: Sequence[str]) -> Sequence[str]:
    unknown = [one for one in retrievals if one not in RETRIEVALS]
    if unknown:
        raise InvalidValue(f"there is no retrieval {unknown[0][:40]!r}", f"choose from {', '.join(RETRIEVALS)}")
    return retrievals


def _retrieve(
    source: Space,
    target: Space,
    u: Vectors,
    v: Vectors,
    test: Dictionary,
    retrievals: Sequence[str],
    neighborhoods_of: Callable[[], Neighborhoods],
) -> Mapping[str, Retrieved]:
    gold = {
        source[item]: np.array([target[t] for t in some if t in target], dtype=np.int64)
        for item, some in test.targets.items()
        if item in source
    }
    rows = np.array([row for row, some in gold.items() if len(some)], dtype=np.int64)
    missing = len(test.targets) - len(rows)
    k = min(TOP, len(v))
    out = {
        name: Retrieved(
            sources=rows,
            nearest=np.empty((len(rows), k), dtype=np.int64),
            scores=np.empty((len(rows), k), dtype=np.float32),
            rank=np.empty(len(rows), dtype=np.int64),
            missing=missing,
        )
        for name in retrievals
    }
    if not len(rows):
        return out
    about = neighborhoods_of()
    criteria, asked = by_retrieval(), About(about.r_source, about.r_target, about.mass_target)
    block = min(max(_CELLS // len(v), _FEWEST), _BLOCK)

    def look_up(at: int) -> None:
        part = slice(at, at + block)
        some = rows[part]
        cosine = u[some] @ v.T
        for name in retrievals:
            score = criteria[name].score(cosine, asked.part(some))
            out[name].nearest[part], out[name].scores[part] = _highest(score, k)
            out[name].rank[part] = [
                1 + np.count_nonzero(mine > mine[gold[row]].max())
                for mine, row in zip(score, some.tolist(), strict=True)
            ]

    _by_blocks(look_up, len(rows), block)
    return out


def _by_blocks(work: Callable[[int], None], n: int, block: int) -> None:
    """One thread a block, each with a BLAS of its own: two layers of threads wait for each other."""
    with one_thread(), ThreadPoolExecutor(os.cpu_count() or 1) as threads:
        list(threads.map(work, range(0, n, block)))


def _highest(scores: Vectors, k: int) -> tuple[Rows, Vectors]:
    """Columns of the k highest scores of each row, and the scores, best first, (n, k) each.

    The columns are dealt into groups: the k highest lie in the k groups of highest maximum, or in what is left over.
    """
    n, m = scores.shape
    wide = m // _GROUP
    if wide <= 2 * k:
        groups, values, wide = np.empty((n, 0), dtype=np.int64), scores, 0
    else:
        dealt = scores[:, : wide * _GROUP].reshape(n, _GROUP, wide)
        groups = np.argpartition(dealt.max(axis=1), wide - k, axis=1)[:, wide - k :]
        found = dealt[np.arange(n)[:, None], :, groups].reshape(n, -1)
        values = np.hstack([found, scores[:, wide * _GROUP :]])
    at = np.argpartition(values, values.shape[1] - k, axis=1)[:, values.shape[1] - k :]
    best = np.take_along_axis(values, at, axis=1)
    order = np.argsort(-best, axis=1, kind="stable")
    at, best = np.take_along_axis(at, order, axis=1), np.take_along_axis(best, order, axis=1)
    if wide:
        dealt_at = at < groups.shape[1] * _GROUP
        group, within = np.divmod(np.where(dealt_at, at, 0), _GROUP)
        left = at + wide * _GROUP - groups.shape[1] * _GROUP
        at = np.where(dealt_at, np.take_along_axis(groups, group, axis=1) + wide * within, left)
    return at, best


def _unit(rows: Vectors) -> Vectors:
    """Rows of length 1, without whole matrices on the way."""
    out = np.empty(rows.shape, dtype=np.float32)
    for at in range(0, len(rows), _COLUMNS):
        out[at : at + _COLUMNS] = unit_rows(rows[at : at + _COLUMNS])
    return out


def paired_difference(one: Retrieved, two: Retrieved, *, draws: int = _DRAWS, seed: int = 0) -> Figure:
    """P@1 of `one` less that of `two` on the same sources, and its 95 % bootstrap interval; 0 inside is not
    distinguishable. 0 without a source.

    Raises InvalidValue when the sources differ.
    """
    if not np.array_equal(one.sources, two.sources):
        raise InvalidValue("the two were not tested on the same words", "compare results of one dictionary")
    each = (one.rank <= 1).astype(np.float64) - (two.rank <= 1)
    value, low, high = 0.0, 0.0, 0.0
    if len(each):
        value, (low, high) = float(each.mean()), mean_interval(each, draws, np.random.default_rng(seed))
    how = "P@1 less P@1 of another on the same test words, which are resampled"
    return Figure(value=value, n=len(each), better="more", low=low, high=high, how=how)
