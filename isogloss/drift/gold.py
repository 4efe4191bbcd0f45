"""Drift against a gold list: which words changed (0 or 1), or by how much, as annotators judged."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from isogloss.drift.ranking import Ranking
from isogloss.errors import InvalidValue
from isogloss.figure import Figure
from isogloss.resampling import statistic_interval
from isogloss.types import Floats, Mask, Rows

RESAMPLES = 2000
_FEWEST = 4  # words of which an interval is given


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """How well a ranking agrees with a gold list; in every figure n is the words covered, and NaN is not defined.

    spearman: of distance and gold over the words covered (−1 to 1), its interval by resampling the words; none of
    fewer than four. accuracy: share of words whose `significant` equals a binary gold (a word too rare to test is not
    significant). average_precision: of ranking a binary gold's changed words first. More is better in all three.
    """

    n_gold: int
    n_covered: int
    spearman: Figure
    accuracy: Figure
    average_precision: Figure


def read_gold(path: str | Path) -> dict[str, float]:
    """Lines of a word (or word_pos), white space and a number, as in SemEval-2020 task 1. Raises InvalidValue."""
    path = Path(path)
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


def evaluate(ranking: Ranking, gold: Mapping[str, float], *, seed: int = 0) -> Evaluation:
    """Compare a ranking with a gold list over the words both hold; `word_pos` also matches `word`."""
    rows, scores = [], []
    for word, score in gold.items():
        row = ranking.rows.get(word, ranking.rows.get(word.rpartition("_")[0]))
        if row is not None and np.isfinite(ranking.distance[row]):
            rows.append(row)
            scores.append(score)
    at, truth = np.array(rows, dtype=np.int64), np.array(scores, dtype=np.float64)
    distance, changed = ranking.distance[at], truth == 1
    rng = np.random.default_rng(seed)
    binary = set(gold.values()) <= {0.0, 1.0}
    tested = binary and bool(ranking.tested.any())

    def figure(statistic: Callable[[Rows], float | None], asked: bool, how: str) -> Figure:
        """Of all words covered, with the interval of resampled ones."""
        value = statistic(np.arange(len(at))) if asked and len(at) else None
        if value is None:
            return Figure(value=math.nan, n=len(at), better="more", how=how)
        interval = statistic_interval(statistic, len(at), RESAMPLES, rng=rng) if len(at) >= _FEWEST else None
        low, high = interval or (None, None)
        return Figure(value=value, n=len(at), better="more", low=low, high=high, how=how)

    return Evaluation(
        n_gold=len(gold),
        n_covered=len(at),
        spearman=figure(
            lambda s: spearman(distance[s], truth[s]), True, "Spearman's ρ of distance and gold; words resampled"
        ),
        accuracy=figure(
            lambda s: float((ranking.significant[at[s]] == changed[s]).mean()),
            tested,
            "share of words with q < .05 where gold says changed, and without where it does not; words resampled",
        ),
        average_precision=figure(
            lambda s: average_precision(distance[s], changed[s]),
            binary,
            "mean precision at the ranks of the changed words; words resampled",
        ),
    )


def spearman(a: Floats, b: Floats) -> float | None:
    """Spearman's ρ, ties by mean rank; None for fewer than 2 values or no spread.

    >>> spearman(np.array([1.0, 2.0, 3.0]), np.array([10.0, 20.0, 15.0]))
    0.5
    """
    from scipy.stats import rankdata  # half a second: only when something is evaluated

    if len(a) < 2 or np.ptp(a) == 0 or np.ptp(b) == 0:
        return None
    return round(float(np.corrcoef(rankdata(a), rankdata(b))[0, 1]), 12)


def average_precision(distance: Floats, changed: Mask) -> float | None:
    """Mean over the changed words of the precision at their rank; equal distances share one rank's precision.

    >>> average_precision(np.array([0.9, 0.5, 0.1]), np.array([True, False, True]))
    0.8333333333333333
    """
    if not changed.any():
        return None
    order = np.argsort(-distance, kind="stable")
    hits, sorted_distance = np.cumsum(changed[order]), -distance[order]
    n_at_least = np.searchsorted(sorted_distance, sorted_distance, side="right")
    precision = np.empty(len(distance))
    precision[order] = hits[n_at_least - 1] / n_at_least
    return float(np.mean(precision[changed]))
