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
from isogloss.outside.looking import look
from isogloss.resampling import statistic_interval
from isogloss.text.normalize import nfc
from isogloss.text.tally import Tally
from isogloss.types import Floats, Mask, Rows

RESAMPLES = 2000
_LARGEST = 64 * 10**6  # bytes of a gold list
_FEWEST = 4  # words of which an interval is given


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """How well a ranking agrees with a gold list; in every figure n is the words covered, and NaN is not defined.

    spearman: of distance and gold over the words covered (−1 to 1), its interval by resampling the words; none of
    fewer than four. accuracy: share of words whose `significant` equals a binary gold (a word too rare to test is not
    significant). average_precision: of ranking a binary gold's changed words first. More is better in all three. tally:
    gold words that were used, and why others were not. lowered: words that were taken in lower case.
    """

    n_gold: int
    n_covered: int
    tally: Tally
    lowered: tuple[str, ...]
    spearman: Figure
    accuracy: Figure
    average_precision: Figure


class Gold(dict[str, float]):
    """Word → how far it changed, as annotators judged. tally: what its file held, read and skipped by reason."""

    tally: Tally

    def __init__(self, scores: Mapping[str, float] | None = None, tally: Tally | None = None) -> None:
        super().__init__(scores or {})
        self.tally = tally or Tally(read=len(self))


def read_gold(path: str | Path) -> Gold:
    """Lines of a word (or word_pos) and a number, by tabs, commas or semicolons, else by white space.

    As in SemEval-2020 task 1. Of several columns the first is the word and the last the number. A first line without a
    number is a header; other lines that cannot be used are skipped and counted. It is read in a process beside this
    one. Raises InvalidValue for a file that holds no word, that names one twice with different numbers, or of which
    more cannot be used than a few.
    """
    scores, tally = look(_read, Path(path), kinds=(Tally,))
    return Gold(scores, tally)


def _read(path: Path) -> tuple[dict[str, float], Tally]:
    try:
        if (size := path.stat().st_size) > _LARGEST:
            raise InvalidValue(
                f"{path.name!r} has {size / 1e6:,.0f} MB", f"a gold list of words has at most {_LARGEST // 10**6} MB"
            )
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidValue(
            f"the gold file {path.name!r} cannot be read ({error})", "name a text file in UTF-8"
        ) from None
    gold, tally = dict[str, float](), Tally()
    odd = ""
    first = True
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        word, score = _entry(line)
        if math.isnan(score) or not word:
            header = first and len(_columns(line)) > 1
            tally.skip("header" if header else "line_without_a_word_and_a_number", f"line {number:,}")
            odd = odd or f"line {number:,} of {path.name} is {line[:80]!r}"
        elif word in gold and gold[word] != score:
            raise InvalidValue(f"line {number:,} of {path.name} names {word[:80]!r} again", "keep one line a word")
        elif word in gold:
            tally.skip("repeated_word", f"line {number:,}")
        else:
            gold[word] = score
            tally.read += 1
        first = False
    lever = "write a word, a tab and a number on each line"
    if not gold:
        raise InvalidValue(f"the gold file {path.name!r} holds no word" + (f" ({odd})" if odd else ""), lever)
    tally.refuse_above(path.name, {"line_without_a_word_and_a_number": lever})
    return gold, tally


def _columns(line: str) -> list[str]:
    by = next((one for one in "\t;," if one in line), None)
    return [field.strip().strip('"') for field in (line.split(by) if by else line.split())]


def _entry(line: str) -> tuple[str, float]:
    """The word of a line and its number, NaN where it has none."""
    columns = [field for field in _columns(line) if field]
    try:
        score = float(columns[-1])
    except (IndexError, ValueError):
        return "", math.nan
    word = columns[0] if len(columns) > 1 else ""
    return nfc(word), score if math.isfinite(score) else math.nan


def spelt(word: str, ranking: Ranking) -> str | None:
    """The item of a ranking that a gold word stands for: as it is, without `_pos`, or either in lower case."""
    bare = word.rpartition("_")[0]
    return next((one for one in (word, bare, word.lower(), bare.lower()) if one and one in ranking.rows), None)


def evaluate(ranking: Ranking, gold: Mapping[str, float], *, seed: int = 0) -> Evaluation:
    """Compare a ranking with a gold list over the words both hold.

    `word_pos` also matches `word`, and a word that is missing is taken in lower case, as anchors of `align` are.
    """
    rows, scores = [], []
    tally, lowered = Tally(), list[str]()
    for word, score in gold.items():
        item = spelt(word, ranking)
        row = None if item is None else ranking.rows[item]
        if row is None:
            tally.skip("not_in_both_spaces", word)
        elif not np.isfinite(ranking.distance[row]):
            tally.skip("without_a_distance", word)
        elif row in rows:
            tally.skip("the_same_word_again", word)
        else:
            tally.read += 1
            rows.append(row)
            scores.append(score)
            if item not in (word, word.rpartition("_")[0]):
                lowered.append(word)
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
        tally=tally,
        lowered=tuple(lowered),
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
