"""Drift against a gold list: which words changed (0 or 1), or by how much, as annotators judged."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from isogloss.drift.ranking import Ranking
from isogloss.errors import InvalidValue

RESAMPLES = 2000


@dataclass(frozen=True)
class Evaluation:
    """How well a ranking agrees with a gold list.

    spearman: of distance and gold over the words covered (−1 to 1, more is better); low, high: its 95 %
    interval, by resampling the words. accuracy: share of words whose `significant` equals a binary
    gold (a word too rare to test is not significant). average_precision: of ranking a binary gold's changed words
    first. None where not defined.
    """

    n_gold: int
    n_covered: int
    spearman: float | None
    low: float | None
    high: float | None
    accuracy: float | None
    average_precision: float | None


def read_gold(path: Path) -> dict[str, float]:
    """Lines of a word (or word_pos), white space and a number, as in SemEval-2020 task 1. Raises InvalidValue."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidValue(
            f"the gold file {path.name!r} cannot be read ({error})", "name a text file in UTF-8"
        ) from None
    gold: dict[str, float] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        word, _, value = line.strip().rpartition("\t" if "\t" in line else " ")
        try:
            score = float(value)
        except ValueError:
            score = math.nan
        if not word.strip() or not math.isfinite(score):
            raise InvalidValue(
                f"line {number:,} of {path.name} is {line[:80]!r}", "write a word, a tab and a number on each line"
            )
        if word.strip() in gold:
            raise InvalidValue(
                f"line {number:,} of {path.name} names {word.strip()[:80]!r} again", "keep one line a word"
            )
        gold[word.strip()] = score
    if not gold:
        raise InvalidValue(
            f"the gold file {path.name!r} holds no word", "write a word, a tab and a number on each line"
        )
    return gold


def evaluate(ranking: Ranking, gold: dict[str, float], seed: int = 0) -> Evaluation:
    """Compare a ranking with a gold list over the words both hold; `word_pos` also matches `word`."""
    rows, scores = [], []
    for word, score in gold.items():
        row = ranking.rows.get(word, ranking.rows.get(word.rpartition("_")[0]))
        if row is not None and np.isfinite(ranking.distance[row]):
            rows.append(row)
            scores.append(score)
    at, truth = np.array(rows, dtype=np.int64), np.array(scores, dtype=np.float64)
    distance = ranking.distance[at]
    rho = spearman(distance, truth)
    rng = np.random.default_rng(seed)
    samples = [rng.integers(len(at), size=len(at)) for _ in range(RESAMPLES)] if rho is not None else []
    values = [v for v in (spearman(distance[s], truth[s]) for s in samples) if v is not None]
    low, high = np.quantile(values, [0.025, 0.975]).tolist() if len(at) >= 4 and values else (None, None)
    binary = set(gold.values()) <= {0.0, 1.0}
    tested = binary and bool(len(at)) and bool(ranking.tested.any())
    return Evaluation(
        len(gold),
        len(at),
        rho,
        low,
        high,
        float((ranking.significant[at] == (truth == 1)).mean()) if tested else None,
        average_precision(distance, truth == 1) if binary else None,
    )


def spearman(a: np.ndarray, b: np.ndarray) -> float | None:
    """Spearman's ρ, ties by mean rank; None for fewer than 2 values or no spread.

    >>> spearman(np.array([1.0, 2.0, 3.0]), np.array([10.0, 20.0, 15.0]))
    0.5
    """
    from scipy.stats import rankdata  # half a second: only when something is evaluated

    if len(a) < 2 or np.ptp(a) == 0 or np.ptp(b) == 0:
        return None
    return round(float(np.corrcoef(rankdata(a), rankdata(b))[0, 1]), 12)


def average_precision(distance: np.ndarray, changed: np.ndarray) -> float | None:
    """Mean over the changed words of the precision at their rank; equal distances share one rank's precision.

    >>> average_precision(np.array([0.9, 0.5, 0.1]), np.array([True, False, True]))
    0.8333333333333333
    """
    if not changed.any():
        return None
    at_least = distance[None, :] >= distance[changed][:, None]
    return float(np.mean((at_least & changed).sum(axis=1) / at_least.sum(axis=1)))
