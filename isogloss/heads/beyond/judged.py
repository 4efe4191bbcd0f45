"""The same measures before and after, with their paired intervals and the control's."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from isogloss.figure import Better, Figure, Null
from isogloss.heads.beyond.asked import Judges, Key, Lines, ScoredTexts
from isogloss.heads.judged import Ranks, ranks_of
from isogloss.heads.pairs import Split
from isogloss.linear import unit_rows
from isogloss.resampling import percentile_interval
from isogloss.sentences.sts import spearman
from isogloss.separation.measures import eta_squared
from isogloss.types import Floats, Rows, Vectors

DRAWS = 300
Values = Mapping[str, Any]  # measure → array: cosines, ranks, or vectors
Rowed = Callable[[Sequence[Key]], Vectors]
Sided = Callable[[str, Rows], Vectors]  # a language and rows of it → vectors
TITLES = {
    "back": "partners found from the pivot, P@1",
    "back_mrr": "partners found from the pivot, MRR",
    "similarity": "word similarity ρ",
    "sts": "STS ρ",
    "retrieval": "lines found, P@1",
    "retrieval_mrr": "lines found, MRR",
    "retrieval_back": "lines found from the pivot, P@1",
    "retrieval_back_mrr": "lines found from the pivot, MRR",
    "separation": "separation of languages η²",
    "banks": "separation of the two banks η²",
}
_HOW = {
    "back": "share of the pivot's tested items whose nearest is their own, mean over languages; items resampled",
    "back_mrr": "mean of 1/rank of the own of a tested item of the pivot, mean over languages; items resampled",
    "similarity": "Spearman of cosine and score, mean over languages; pairs resampled",
    "sts": "Spearman of cosine and score, mean over languages; pairs resampled",
    "retrieval": "share of lines whose nearest is their own in the pivot, mean over languages; lines resampled",
    "retrieval_mrr": "mean of 1/rank of a line's own in the pivot, mean over languages; lines resampled",
    "retrieval_back": "share of the pivot's lines whose nearest is their own, mean over languages; lines resampled",
    "retrieval_back_mrr": "mean of 1/rank of the own of a line of the pivot, mean over languages; lines resampled",
    "separation": "share of the variance of tested items that lies between languages; items of the pivot resampled",
    "banks": "share of the variance of tested items that lies between the banks; items of the second resampled",
}
LINES = ("retrieval", "retrieval_mrr", "retrieval_back", "retrieval_back_mrr")
BACK = ("back", "back_mrr")
LESS = ("separation", "banks")  # measures of which less is better


def values_of(judges: Judges, split: Split, rows: Rowed, sided: Sided) -> Values:
    """What one state of head or model gives. rows: unit vectors of texts. sided: vectors of items of a language."""
    found: dict[str, Any] = {}
    for name, one in judges.scored.items():
        a, b = unit_rows(rows(one.one)), unit_rows(rows(one.two))
        found[name] = (a.astype(np.float64) * b).sum(axis=1)
    if judges.lines:
        found |= zip(LINES, _found(judges.lines, rows), strict=True)
    if judges.separation or judges.banks:
        name = "banks" if judges.banks else "separation"
        found[name] = np.concatenate([unit_rows(sided(one, at)) for one, at, _ in tested(split)])
    return found


def figures_of(judges: Judges, split: Split, arms: Mapping[str, Values], *, seed: int) -> dict[str, dict[str, Figure]]:
    """Measure → before, after, control, gain (its null the control's), control_gain. arms: before, after, control.
    What an arm lacks is unknown (NaN, without interval).
    """
    found = {}
    for name in TITLES:
        if name not in arms["after"] or name not in arms["control"]:  # of a lesson that was kept before it was measured
            continue
        statistic, n, size = _statistic(name, judges, split)
        better: Better = "less" if name in LESS else "more"
        rng = np.random.default_rng([seed, 5])
        draws = [rng.integers(size, size=size) for _ in range(DRAWS)]
        there = {arm: some[name] for arm, some in arms.items() if name in some}
        whole = dict.fromkeys(arms, math.nan) | {arm: statistic(one, np.arange(size)) for arm, one in there.items()}
        drawn = {arm: np.full(DRAWS, np.nan) for arm in arms}
        drawn |= {arm: np.array([statistic(one, at) for at in draws]) for arm, one in there.items()}

        def of(value: float, values: Floats, null: float | None = None, n: int = n, better: Better = better) -> Figure:
            ends = percentile_interval(values[np.isfinite(values)]) if math.isfinite(value) else (None, None)
            told = None if null is None or not math.isfinite(null) else Null(mean=null, p95=math.nan)
            return Figure(value=value, n=n, better=better, low=ends[0], high=ends[1], null=told, how=_HOW[name])  # noqa: B023

        control = of(whole["control"] - whole["before"], drawn["control"] - drawn["before"])
        found[name] = {
            "before": of(whole["before"], drawn["before"]),
            "after": of(whole["after"], drawn["after"], whole["control"]),
            "control": of(whole["control"], drawn["control"]),
            "gain": of(whole["after"] - whole["before"], drawn["after"] - drawn["before"], control.value),
            "control_gain": control,
        }
    return found


def said_of(change: Figure, title: str) -> str:
    """
    >>> said_of(Figure(value=-0.02, n=5, low=-0.03, high=-0.01, better="less"), "separation")
    'separation falls by 0.020 (0.010 to 0.030), which is better'
    """
    low, high = change.interval or (math.nan, math.nan)
    if not low > 0 and not high < 0:
        return f"{title}: no change, {change.value:.3f} lies within its interval ({low:.3f} to {high:.3f})"
    up = low > 0
    good = up == (change.better == "more")
    ends = (low, high) if up else (-high, -low)
    return (
        f"{title} {'rises' if up else 'falls'} by {abs(change.value):.3f} ({ends[0]:.3f} to {ends[1]:.3f}),"
        f" which is {'better' if good else 'worse'}"
    )


def _statistic(name: str, judges: Judges, split: Split) -> tuple[Callable[[Any, Rows], float], int, int]:
    """A function of what an arm gave and of units drawn; how many values there are, and how many units."""
    if name in judges.scored:
        one = judges.scored[name]
        return (lambda cosines, at: _rho(one, cosines, at)), len(one.scores), len(one.scores)
    if name in LINES:
        assert judges.lines is not None
        size = len(next(iter(judges.lines.by.values())))
        return _mean, sum(map(len, _asked(judges.lines).values())), size
    if name in BACK:
        sizes = [len(np.unique(items)) for _, _, items in tested(split)]
        return _mean, sum(sizes[:-1]), sizes[-1]
    codes, pivots = _codes(split)
    if name == "banks":
        codes = (codes == codes.max()).astype(np.int64)
    items = np.unique(pivots)
    places = np.searchsorted(items, pivots)

    def eta(vectors: Vectors, at: Rows) -> float:
        return float(eta_squared(vectors, codes, np.bincount(at, minlength=len(items))[places].astype(np.float64)))

    return eta, len(codes), len(items)


def _rho(one: ScoredTexts, cosines: Floats, at: Rows) -> float:
    found = []
    for code in range(len(one.languages)):
        mine = at[one.codes[at] == code]
        value = spearman(one.scores[mine], cosines[mine])
        if value is not None:
            found.append(value)
    return float(np.mean(found)) if found else math.nan


def _asked(lines: Lines) -> dict[str, list[int]]:
    """Language → lines that it and the pivot have."""
    pivot = lines.by[lines.pivot]
    return {
        name: [i for i, (a, b) in enumerate(zip(some, pivot, strict=True)) if a and b]
        for name, some in lines.by.items()
        if name != lines.pivot
    }


def _found(lines: Lines, rows: Rowed) -> Floats:
    """By LINES, (4, languages, lines): 1 where a line finds its own in the pivot, 0 where another; 1/rank of its own;
    the same from the pivot to the language; NaN where there is none.
    """
    pivot = lines.by[lines.pivot]
    there = [i for i, line in enumerate(pivot) if line]
    target = rows([(lines.pivot, pivot[i]) for i in there])
    found = np.full((len(LINES), len(lines.by) - 1, len(pivot)), np.nan)
    for row, (name, some) in enumerate(_asked(lines).items()):
        if some:
            mine = [i for i, line in enumerate(lines.by[name]) if line]
            source = rows([(name, lines.by[name][i]) for i in mine])
            pairs = np.column_stack([np.searchsorted(mine, some), np.searchsorted(there, some)])
            ranks = ranks_of(source, target, pairs), ranks_of(target, source, pairs[:, ::-1])
            measures = ("precision_at_1", "mrr")
            found[:, row, some] = [one.values(measure) for one in ranks for measure in measures]
    return found


def back_of(split: Split, ranks: Mapping[str, Ranks]) -> Values:
    """By BACK, (languages, tested items of the pivot): whether an item finds its own among all of a language, and
    1/rank; NaN where the language has none of it. ranks: language → of the items of the pivot that are tested.
    """
    items = tested(split)[-1][1]
    found = np.full((len(BACK), len(split.test), len(items)), np.nan)
    for row, name in enumerate(split.test):
        at = np.searchsorted(items, ranks[name].queries)
        found[:, row, at] = [ranks[name].values(measure) for measure in ("precision_at_1", "mrr")]
    return dict(zip(BACK, found, strict=True))


def _mean(values: Floats, at: Rows) -> float:
    mine = values[:, at]
    counted = np.isfinite(mine).sum(axis=1)
    shares = np.nansum(mine, axis=1)[counted > 0] / counted[counted > 0]
    return float(shares.mean()) if len(shares) else math.nan


def tested(split: Split) -> list[tuple[str, Rows, Rows]]:
    """Language, its tested rows, and the row of the pivot of each; then the pivot's own."""
    found = [(name, rows[:, 0], rows[:, 1]) for name, rows in split.test.items()]
    own = np.unique(np.concatenate([pivots for _, _, pivots in found]))
    return [*found, (split.pivot, own, own)]


def _codes(split: Split) -> tuple[Rows, Rows]:
    found = tested(split)
    codes = np.repeat(np.arange(len(found)), [len(rows) for _, rows, _ in found])
    return codes, np.concatenate([pivots for _, _, pivots in found])
