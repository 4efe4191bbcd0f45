"""VecMap's self-learning: a dictionary makes a map, the map a better dictionary, and so on (Artetxe, Labaka & Agirre
2018).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from isogloss.errors import InvalidValue
from isogloss.linear import unit_rows
from isogloss.progress import Progress, part_of
from isogloss.types import Matrix, Rows, Vectors

_SEED_WORDS = (4_000, 2_500)  # VecMap's, and the other of the two runs that must agree
_CANDIDATES = 128
_COARSEST = 2_000
AGREE = 0.5


@dataclass(frozen=True)
class Schedule:
    """frequent: items of each side that may enter the dictionary. keep: share of similarities that count at first; it
    is doubled after `patience` rounds without an improvement of `threshold`; at 1 that ends it. most: rounds at most.

    From coarse to fine: while a share p < 1 of similarities counts, the dictionary is made among the frequent · p / 2
    most frequent items, 2,000 at least; among all of them once every similarity counts. A round costs the square of
    how many they are.
    """

    frequent: int = 20_000
    neighbors: int = 10
    keep: float = 0.1
    patience: int = 50
    threshold: float = 1e-6
    most: int = 2_000
    seed: int = 0

    def among(self, keep: float) -> int:
        """How many of the most frequent items enter the dictionary while such a share of similarities counts.

        >>> [Schedule().among(keep) for keep in (0.1, 0.2, 0.4, 0.8, 1.0)]
        [2000, 2000, 4000, 8000, 20000]
        """
        return self.frequent if keep >= 1 else min(self.frequent, max(_COARSEST, round(self.frequent * keep / 2)))


@dataclass(frozen=True, eq=False)
class Learnt:
    """a, b: the last dictionary, rows of both sides. objective: mean similarity of best matches, both directions;
    rounds: how many.

    mutual: share of the source's frequent items that are each other's nearest with their match; near chance it found
    nothing.
    """

    a: Rows
    b: Rows
    objective: float
    rounds: int
    mutual: float


def learn(x: Matrix, z: Matrix, a: Rows, b: Rows, schedule: Schedule, progress: Progress) -> Learnt:
    """Rounds of orthogonal maps and induced dictionaries, from the seed pairs (a[i], b[i]).

    x, z: preprocessed rows, float64. Each round maps both sides by the SVD of the dictionary's cross-covariance, then
    takes of each item, in both directions, the best match by CSLS among similarities that are kept at random.
    """
    rng = np.random.default_rng(schedule.seed)
    all_u, all_v = x[: schedule.frequent].astype(np.float32), z[: schedule.frequent].astype(np.float32)
    best, improved, keep, round_ = -np.inf, 0, min(schedule.keep, 1.0), 0
    u, v = all_u[: schedule.among(keep)], all_v[: schedule.among(keep)]
    while True:
        round_ += 1
        left, _, right = np.linalg.svd(x[a].T @ z[b])
        if improved + schedule.patience < round_:
            if keep >= 1.0:
                break  # the last map is made of the last dictionary, below
            keep, improved = min(1.0, 2 * keep), round_
            if schedule.among(keep) > max(len(u), len(v)):  # of more items the mean similarity is another
                u, v, best = all_u[: schedule.among(keep)], all_v[: schedule.among(keep)], -np.inf
        mapped, target = u @ left.astype(np.float32), v @ right.T.astype(np.float32)
        there, back, objective = _induce(mapped, target, schedule.neighbors, keep, rng)
        before = (a, b)
        a = np.concatenate([np.arange(len(u)), back])
        b = np.concatenate([there, np.arange(len(v))])
        if objective >= best + schedule.threshold:
            best, improved = objective, round_
        progress(
            f"self-learning, round {round_:,}, mean similarity {objective:.4f}, keeps {keep:.0%} of {len(u):,} items",
            _share(keep, schedule),
            objective,
        )
        settled = keep >= 1.0 and np.array_equal(a, before[0]) and np.array_equal(b, before[1])
        if round_ >= schedule.most or settled:  # the same dictionary again: so would all rounds that follow be
            break
    mapped, target = all_u @ left.astype(np.float32), all_v @ right.T.astype(np.float32)
    there, back, objective = _induce(mapped, target, schedule.neighbors, 1.0, rng)
    mutual = float((back[there] == np.arange(len(all_u))).mean())
    a = np.concatenate([np.arange(len(all_u)), back])
    b = np.concatenate([there, np.arange(len(all_v))])
    return Learnt(a, b, objective, round_, mutual)


def _share(keep: float, schedule: Schedule) -> float:
    """How much of the doublings of the kept share is behind."""
    first = min(schedule.keep, 1.0)
    return 0.99 * math.log2(keep / first) / (math.log2(1 / first) + 1) if first < 1 else 0.5


def _induce(u: Vectors, v: Vectors, k: int, keep: float, rng: np.random.Generator) -> tuple[Rows, Rows, float]:
    """Best match of each row of u among v and of each of v among u, by CSLS; the mean of the best similarities.

    Of each row the nearest by cosine are candidates; each is kept with probability `keep`, as VecMap keeps cells of
    the whole
    matrix: with as many candidates none is missed in more than one row of a million.
    """
    import faiss

    wide = min(max(_CANDIDATES, k), len(u), len(v))
    near, at = faiss.knn(u, v, wide, metric=faiss.METRIC_INNER_PRODUCT)
    far, back = faiss.knn(v, u, wide, metric=faiss.METRIC_INNER_PRODUCT)
    r_u, r_v = near[:, :k].mean(axis=1), far[:, :k].mean(axis=1)
    objective = float((near[:, 0].mean() + far[:, 0].mean()) / 2)
    return _drawn(near - r_v[at] / 2, at, keep, rng), _drawn(far - r_u[back] / 2, back, keep, rng), objective


def _drawn(score: Vectors, at: Rows, keep: float, rng: np.random.Generator) -> Rows:
    """Of each row the candidate of highest score among those that are kept."""
    if keep < 1.0:
        score[rng.random(score.shape, dtype=np.float32) >= keep] = -np.inf
    return np.asarray(np.take_along_axis(at, score.argmax(axis=1)[:, None], axis=1)[:, 0])


def unsupervised_seed(x: Matrix, z: Matrix, n: int, k: int = 10) -> tuple[Rows, Rows]:
    """Pairs from the shape of each space alone: rows of √(XXᵀ) of the n most frequent items, sorted, compared by CSLS.

    x, z: preprocessed rows. Items whose similarities to all others are spread alike are taken for the same meaning.
    """
    n = min(n, len(x), len(z))
    sides = []
    for rows in (x[:n], z[:n]):
        u, s, _ = np.linalg.svd(rows, full_matrices=False)
        shape = unit_rows(np.sort((u * s) @ u.T, axis=1).astype(np.float32))
        sides.append(unit_rows(shape - shape.mean(axis=0)))
    there, back, _ = _induce(sides[0], sides[1], k, 1.0, np.random.default_rng(0))
    return np.concatenate([np.arange(n), back]), np.concatenate([there, np.arange(n)])


def learn_unsupervised(x: Matrix, z: Matrix, schedule: Schedule, progress: Progress) -> tuple[Learnt, float]:
    """Self-learning without anchors, twice from seeds of other words; the better one, and the share of matches that
    they agree on.

    Raises InvalidValue where less than half agree: what was found then depends on where the search began, and is noise.
    """
    runs = []
    for i, n in enumerate(_SEED_WORDS):
        report = part_of(progress, i / 2, (i + 1) / 2, prefix=f"run {i + 1} of 2, ")
        runs.append(learn(x, z, *unsupervised_seed(x, z, n), replace(schedule, seed=schedule.seed + i), report))
    n = min(schedule.frequent, len(x))
    agreed = float((runs[0].b[:n] == runs[1].b[:n]).mean())
    if agreed < AGREE:
        raise InvalidValue(
            f"nothing was found without anchors: two runs agree on {agreed:.0%} of {n:,} matches",
            "give some anchors (25 can be enough) or identical strings",
        )
    return max(runs, key=lambda run: run.objective), agreed
