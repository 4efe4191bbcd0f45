"""Bilingual lexicon induction: how often the nearest targets of a mapped source are its gold translations."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from isogloss.alignment.anchors import Dictionary
from isogloss.errors import InvalidValue
from isogloss.linear import unit_rows
from isogloss.nearest.criteria.isf import BETA
from isogloss.nearest.criterion import About
from isogloss.nearest.criterion import retrievals as by_retrieval
from isogloss.nearest.csls import K, cosine_blocks
from isogloss.spaces.space import Space
from isogloss.types import Rows, Vectors

RETRIEVALS = ("nn", "csls", "isf")
OOV = ("dropped", "wrong")
TOP = 10
_DRAWS = 2_000
_BLOCK, _COLUMNS, _CELLS, _FEWEST, _GROUP = 256, 16_384, 1 << 22, 32, 32


def share_interval(hits: npt.NDArray[np.bool_], seed: int = 0) -> tuple[float, float]:
    """The 95 % bootstrap interval of a share: resampling hits is a binomial draw.

    >>> share_interval(np.array([True, True]))
    (1.0, 1.0)
    """
    drawn = np.random.default_rng(seed).binomial(len(hits), hits.mean(), _DRAWS) / len(hits)
    low, high = np.percentile(drawn, (2.5, 97.5))
    return float(low), float(high)


@dataclass(frozen=True, eq=False)
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

    def figures(self, oov: str = "dropped", seed: int = 0) -> dict[str, float | int | list[float]]:
        """P@1, P@5, P@10, MRR, coverage and the 95 % bootstrap interval of P@1 over sources, all from 0 to 1.

        oov: sources that are not covered are `dropped` (MUSE, VecMap) or counted `wrong` (fastText).
        """
        rank = self.rank.astype(np.float64)
        if oov == "wrong":
            rank = np.concatenate([rank, np.full(self.missing, np.inf)])
        n, covered = len(rank), len(self.rank)
        total = covered + self.missing
        if not n:
            empty = dict.fromkeys(("precision_at_1", "precision_at_5", "precision_at_10", "mrr"), 0.0)
            return {"n_test": 0, "coverage": 0.0, **empty, "ci_precision_at_1": [0.0, 0.0]}
        hits = rank <= 1
        low, high = share_interval(hits, seed)
        return {
            "n_test": n,
            "coverage": covered / total if total else 0.0,
            "precision_at_1": float(hits.mean()),
            "precision_at_5": float((rank <= 5).mean()),
            "precision_at_10": float((rank <= 10).mean()),
            "mrr": float((1 / rank).mean()),
            "ci_precision_at_1": [low, high],
        }


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
    source: Space, target: Space, x: Vectors, z: Vectors, test: Dictionary, retrievals: Sequence[str] = RETRIEVALS
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
            rows,
            np.empty((len(rows), k), dtype=np.int64),
            np.empty((len(rows), k), dtype=np.float32),
            np.empty(len(rows), dtype=np.int64),
            missing,
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
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, "blas"), ThreadPoolExecutor(os.cpu_count() or 1) as threads:
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


def paired_difference(one: Retrieved, two: Retrieved, draws: int = _DRAWS, seed: int = 0) -> tuple[float, float, float]:
    """P@1 of `one` less that of `two` on the same sources, and its 95 % bootstrap interval; 0 inside is not
    distinguishable.

    Raises InvalidValue when the sources differ.
    """
    if not np.array_equal(one.sources, two.sources):
        raise InvalidValue("the two were not tested on the same words", "compare results of one dictionary")
    each = (one.rank <= 1).astype(np.float64) - (two.rank <= 1)
    if not len(each):
        return 0.0, 0.0, 0.0
    drawn = each[np.random.default_rng(seed).integers(0, len(each), (draws, len(each)))].mean(axis=1)
    low, high = np.percentile(drawn, (2.5, 97.5))
    return float(each.mean()), float(low), float(high)
