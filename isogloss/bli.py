"""Bilingual lexicon induction: how often the nearest targets of a mapped source are its gold translations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from isogloss.anchors import Dictionary
from isogloss.csls import K
from isogloss.errors import InvalidValue
from isogloss.index import unit_rows
from isogloss.space import Space, Vectors

RETRIEVALS = ("nn", "csls", "isf")
OOV = ("dropped", "wrong")
TOP = 10
BETA = 30.0
_BLOCK, _DRAWS = 256, 2_000
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Retrieved:
    """Of each test source that both spaces know: its row, its ten nearest targets, the rank of its best gold (1 is first).

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
        drawn = np.random.default_rng(seed).binomial(n, hits.mean(), _DRAWS) / n  # resampling hits is a binomial draw
        low, high = np.percentile(drawn, (2.5, 97.5))
        return {
            "n_test": n, "coverage": covered / total if total else 0.0, "precision_at_1": float(hits.mean()),
            "precision_at_5": float((rank <= 5).mean()), "precision_at_10": float((rank <= 10).mean()),
            "mrr": float((1 / rank).mean()), "ci_precision_at_1": [float(low), float(high)],
        }  # fmt: skip


def retrieve(
    source: Space, target: Space, x: Vectors, z: Vectors, test: Dictionary, retrievals: Sequence[str] = RETRIEVALS
) -> Mapping[str, Retrieved]:
    """Look the test sources up among all targets, by each retrieval.

    x: mapped source vectors, (len(source), dim). z: mapped target vectors, (len(target), dim). Any gold translation counts
    (MUSE, VecMap). nn: cosine. csls: 2·cos − r_T(x) − r_S(z), k = 10 (Conneau et al. 2018). isf: inverted softmax with β = 30
    over all sources (Smith et al. 2017), exp(β·cos) / Σ_sources exp(β·cos). Memory grows with the block, not with n × m.
    """
    unknown = [one for one in retrievals if one not in RETRIEVALS]
    if unknown:
        raise InvalidValue(f"there is no retrieval {unknown[0][:40]!r}", f"choose from {', '.join(RETRIEVALS)}")
    gold = {
        source[item]: np.array([target[t] for t in some if t in target], dtype=np.int64)
        for item, some in test.targets.items() if item in source
    }  # fmt: skip
    rows = np.array([row for row, some in gold.items() if len(some)], dtype=np.int64)
    missing = len(test.targets) - len(rows)
    u, v = unit_rows(x), unit_rows(z)
    r_target = _mean_nearest(v, u) if "csls" in retrievals else np.zeros(len(v), np.float32)
    mass = _log_mass(u, v) if "isf" in retrievals else np.zeros(len(v))
    out = {name: ([], [], []) for name in retrievals}  # type: dict[str, tuple[list[Rows], list[Vectors], list[int]]]
    k = min(TOP, len(v))
    for at in range(0, len(rows), _BLOCK):
        some = rows[at : at + _BLOCK]
        cosine = u[some] @ v.T
        r_source = np.partition(cosine, -min(K, len(v)), axis=1)[:, -min(K, len(v)) :].mean(axis=1)
        for name in retrievals:
            score = (
                cosine
                if name == "nn"
                else 2 * cosine - r_source[:, None] - r_target
                if name == "csls"
                else (BETA * cosine - mass).astype(np.float32)
            )
            near = np.argpartition(-score, k - 1, axis=1)[:, :k]
            values = np.take_along_axis(score, near, axis=1)
            order = np.argsort(-values, axis=1, kind="stable")
            out[name][0].append(np.take_along_axis(near, order, axis=1))
            out[name][1].append(np.take_along_axis(values, order, axis=1))
            for i, row in enumerate(some.tolist()):
                out[name][2].append(1 + int((score[i] > score[i, gold[row]].max()).sum()))
    empty = np.empty((0, k))
    return {
        name: Retrieved(
            rows, np.concatenate(near) if near else empty.astype(np.int64),
            np.concatenate(values) if values else empty.astype(np.float32), np.array(rank, dtype=np.int64), missing,
        )
        for name, (near, values, rank) in out.items()
    }  # fmt: skip


def _mean_nearest(rows: Vectors, others: Vectors, k: int = K) -> Vectors:
    """Mean cosine of each row to its k nearest others."""
    import faiss

    k = min(k, len(others))
    return np.asarray(faiss.knn(rows, others, k, metric=faiss.METRIC_INNER_PRODUCT)[0].mean(axis=1))


def _log_mass(u: Vectors, v: Vectors) -> npt.NDArray[np.float64]:
    """log Σ_sources exp(β·cos) of each target, block by block."""
    total = np.full(len(v), -np.inf)
    for at in range(0, len(u), 1_024):
        block = BETA * (u[at : at + 1_024] @ v.T).astype(np.float64)
        most = block.max(axis=0)
        total = np.logaddexp(total, most + np.log(np.exp(block - most).sum(axis=0)))
    return total


def paired_difference(one: Retrieved, two: Retrieved, draws: int = _DRAWS, seed: int = 0) -> tuple[float, float, float]:
    """P@1 of `one` less that of `two` on the same sources, and its 95 % bootstrap interval; 0 inside is not distinguishable.

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
