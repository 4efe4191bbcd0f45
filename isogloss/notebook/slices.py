"""The slice finder: rules whose rows hold more errors than the others, by more than shuffled errors would show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from scipy.special import gammaln
from scipy.stats import hypergeom, norm

from isogloss.errors import InvalidValue
from isogloss.figure import Figure, Null
from isogloss.notebook.queries.conditions import Condition, conditions_of
from isogloss.notebook.queries.values import key_of
from isogloss.notebook.rules import Rule
from isogloss.progress import Progress, silent
from isogloss.resampling import adjust, wilson_interval
from isogloss.text.tally import Tally
from isogloss.types import Floats, Mask, Rows

LEVEL = 0.05
MOST_STRATA = 200
MOST_TOLD = 300  # rules found, the least p first, that are compared with each other
_BLOCK = 8192  # rows at a time
_NEAR, _FAR = 1.0, 12.0  # standard deviations
_HOW = "errors / rows of the slice, against the rest; p by permuting errors among cases of the same stratum, one-sided"


@dataclass(frozen=True)
class Slice:
    """figure: its rate with n, Wilson's interval and the null's 95th percentile and p. rest: the rate of all others.
    q: Benjamini–Hochberg over all rules tried. alike: how many rules found say nothing beyond it.
    """

    rule: Rule
    figure: Figure
    rest: float
    q: float
    alike: int = 0


@dataclass(frozen=True)
class Slices:
    """found: with q < level, the least p first. tried: rules of different rows. support: rows that a rule needs at
    least. n, errors: of the table. tally: columns that were left out, and why. weaker: rules with q < level and a
    greater p than the first 300, which were not compared with them.
    """

    found: tuple[Slice, ...]
    tried: int
    support: int
    n: int
    errors: int
    tally: Tally
    weaker: int = 0

    def sentence(self) -> str:
        """One line for people."""
        n = len(self.found)
        said = f"{n:,} slices" if n > 1 else "one slice" if n else "no slice"
        more = f"; {self.weaker:,} weaker rules that pass are not listed" if self.weaker else ""
        level = f"{LEVEL:.2f}".removeprefix("0")
        verb = "hold" if n > 1 else "holds"
        return (
            f"{said} of {self.tried:,} rules tried (each of at least {self.support:,} rows) {verb} more of the "
            f"{self.errors:,} errors among {self.n:,} rows than shuffled ones would show, q < {level}{more}"
        )


def find_slices(
    table: pa.Table,
    errors: Mask,
    *,
    columns: Sequence[str] = (),
    within: str = "",
    support: int | None = None,
    progress: Progress = silent,
) -> Slices:
    """Rules of one condition and of two, on different columns, over values and quantiles.

    errors: (n,). columns: to look at; all without any. within: a column among whose values errors are permuted, so that
    what it explains is not found again. support: by default 1 % of the rows, at least 10.

    The permutation is exact: of errors shuffled within strata, those that fall into a slice are a sum of
    hypergeometric counts. Rules of the same rows are tried once, as the shorter. Two conditions are told where each
    adds errors to the other; a rule that says nothing beyond one before it is counted there, as `alike`.
    Raises InvalidValue for errors that are all alike and for columns that are not there.
    """
    n, total = len(errors), int(errors.sum())
    if not 0 < total < n:
        raise InvalidValue(f"{total:,} of {n:,} rows are errors", "give a column that holds both, errors and none")
    least = max(10, n // 100) if support is None else max(1, support)
    strata = _strata(table, within)
    tally = Tally(read=n)
    names = [name for name in columns or table.column_names if name != within]
    conditions, masks = conditions_of(table, names, support=least, tally=tally)
    progress(f"{len(conditions):,} conditions", 0.1)
    tried = _tried(conditions, masks, errors, strata=strata, support=least)
    progress(f"{len(tried.p):,} rules", 0.6)
    q = adjust(tried.p)
    order = np.lexsort((tried.second >= 0, -tried.hits / np.maximum(tried.n, 1), tried.p))
    chosen = [int(i) for i in order if q[i] < LEVEL]
    found = _told(chosen[:MOST_TOLD], tried, q, conditions, masks, errors, strata)
    progress("slices", 1.0)
    return Slices(tuple(found), len(tried.p), least, n, total, tally, max(0, len(chosen) - MOST_TOLD))


@dataclass(frozen=True)
class _Tried:
    """Of each rule: its conditions (second −1 where there is one), rows, errors among them, p."""

    first: Rows
    second: Rows
    n: Rows
    hits: Rows
    p: Floats


def _strata(table: pa.Table, within: str) -> Rows:
    """The stratum of each row, (n,)."""
    if not within:
        return np.zeros(table.num_rows, dtype=np.int64)
    if within not in table.column_names:
        raise InvalidValue(f"there is no column {within[:80]!r}", f"choose from {', '.join(table.column_names)[:300]}")
    names, codes = np.unique([key_of(v) for v in table.column(within).to_pylist()], return_inverse=True)
    if len(names) > MOST_STRATA:
        raise InvalidValue(f"{within!r} has {len(names):,} values", f"permute within a column of at most {MOST_STRATA}")
    return np.asarray(codes, dtype=np.int64)


def _tried(conditions: Sequence[Condition], masks: Mask, errors: Mask, *, strata: Rows, support: int) -> _Tried:
    """masks: (conditions, n). Rules whose rows are all rows, or the same as those of a rule before, are none."""
    k, kinds = len(conditions), int(strata.max(initial=0)) + 1
    counts = np.zeros((kinds, k, k), dtype=np.int64)
    hits, prints = np.zeros((k, k), dtype=np.int64), np.zeros((k, k))
    weight = np.random.default_rng(0).random(len(errors))  # rules of the same rows have the same sum
    for at in range(0, len(errors), _BLOCK):
        part = slice(at, at + _BLOCK)
        block = masks[:, part].astype(np.float64)
        for one in np.unique(strata[part]):
            here = block[:, strata[part] == one]
            counts[one] += np.rint(here @ here.T).astype(np.int64)
        wrong = block[:, errors[part]]
        hits += np.rint(wrong @ wrong.T).astype(np.int64)
        prints += (block * weight[part]) @ block.T
    n = counts.sum(axis=0)
    columns = np.array([one.place for one in conditions], dtype=np.int64)
    first, second = np.triu_indices(k)
    single = first == second
    kept = (n[first, second] >= support) & (n[first, second] < len(errors))
    kept &= single | (columns[first] != columns[second])
    first, second, single = first[kept], second[kept], single[kept]
    shorter = np.argsort(~single, kind="stable")
    first, second = first[shorter], second[shorter]
    _, unique = np.unique(prints[first, second].round(6), return_index=True)
    unique.sort()
    first, second = first[unique], second[unique]
    by_stratum = counts[:, first, second]
    of = np.bincount(strata, minlength=kinds)
    wrong_of = np.bincount(strata, errors, minlength=kinds).astype(np.int64)
    found = hits[first, second]
    p = _tails(by_stratum, found, of, wrong_of)
    second = np.where(first == second, -1, second)
    return _Tried(first, second, by_stratum.sum(axis=0), found, p)


def _tails(n: Rows, hits: Rows, of: Rows, wrong: Rows) -> Floats:
    """P(as many errors or more) in slices of n rows a stratum, (strata, m). of, wrong: rows and errors of each stratum.

    Exact where the errors are a standard deviation or more above what is expected; the normal's below, where no q
    depends on the digits.
    """
    share = wrong / np.maximum(of, 1)
    expected = (n * share[:, None]).sum(axis=0)
    left = (of[:, None] - n) / np.maximum(of - 1, 1)[:, None]
    spread = np.sqrt((n * (share * (1 - share))[:, None] * left).sum(axis=0))
    z = (hits - expected) / np.maximum(spread, 1e-9)
    p = np.asarray(norm.sf(z), dtype=np.float64)
    above = np.flatnonzero(z >= _NEAR)
    if len(of) == 1:
        p[above] = np.minimum(1.0, hypergeom.sf(hits[above] - 1, of[0], wrong[0], n[0, above]))
        return p
    for rule in above:
        mass, first = _counts(n[:, rule], of, wrong)
        if hits[rule] < first + len(mass):
            p[rule] = min(1.0, float(mass[max(0, hits[rule] - first) :].sum()))
    return p


def _counts(n: Rows, of: Rows, wrong: Rows) -> tuple[Floats, int]:
    """P(first, first + 1 … errors) in a slice of n rows a stratum, and first; what lies 12 standard deviations off in a
    stratum is left out.
    """
    mass, first = np.ones(1), 0
    for m, total, bad in zip(n.tolist(), of.tolist(), wrong.tolist(), strict=True):
        if not m:
            continue
        mean = m * bad / total
        reach = _FAR * (mean * (1 - bad / total) * (total - m) / max(total - 1, 1)) ** 0.5 + 1
        low = max(0, m + bad - total, int(mean - reach))
        k = np.arange(low, min(m, bad, int(mean + reach) + 1) + 1)
        logs = _choose(bad, k) + _choose(total - bad, m - k) - _choose(total, np.array([m]))
        mass, first = np.convolve(mass, np.exp(logs)), first + low
    return mass, first


def _choose(n: int, k: Rows) -> Floats:
    """log of n over k."""
    return np.asarray(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1), dtype=np.float64)


def _told(
    chosen: Sequence[int],
    tried: _Tried,
    q: Floats,
    conditions: Sequence[Condition],
    masks: Mask,
    errors: Mask,
    strata: Rows,
) -> list[Slice]:
    """The rules chosen, without those that say nothing beyond those before them."""
    found: list[Slice] = []
    rows: list[Mask] = []
    case, adds = (errors, strata), LEVEL / max(len(conditions), 1)
    for i in chosen:
        first, second = int(tried.first[i]), int(tried.second[i])
        mask = masks[first] & masks[second] if second >= 0 else masks[first]
        if second >= 0 and not all(_more(mask, masks[one], case, adds) for one in (first, second)):
            continue
        level = LEVEL / len(chosen)
        before = next(
            (j for j, o in enumerate(rows) if not (_more(mask, ~o, case, level) or _more(mask, o, case, level))), None
        )
        if before is not None:
            found[before] = _with_one_more(found[before])
            continue
        n, hits = int(tried.n[i]), int(tried.hits[i])
        low, high = wilson_interval(hits / n, n)
        mass, least = _counts(*_by_stratum(mask, np.ones_like(mask), case))
        p95 = float(least + np.searchsorted(np.cumsum(mass), 0.95)) / n
        null = Null(p95=p95, p=float(tried.p[i]), how="errors permuted within strata")
        figure = Figure(value=hits / n, n=n, better="less", low=low, high=high, null=null, how=_HOW)
        text = " and ".join(conditions[one].text for one in (first, second) if one >= 0)
        rest = (int(errors.sum()) - hits) / (len(errors) - n)
        found.append(Slice(Rule(text), figure, rest, float(q[i])))
        rows.append(mask)
    return found


def _with_one_more(one: Slice) -> Slice:
    return Slice(one.rule, one.figure, one.rest, one.q, one.alike + 1)


def _more(mask: Mask, part: Mask, case: tuple[Mask, Rows], level: float) -> bool:
    """Whether, among the rows of a part, those of a slice hold more errors than the others. case: errors and strata."""
    if not (mask & part).any() or not (part & ~mask).any():
        return False
    n, of, wrong = _by_stratum(mask, part, case)
    return bool(_tails(n[:, None], np.array([int((mask & part & case[0]).sum())]), of, wrong)[0] < level)


def _by_stratum(mask: Mask, part: Mask, case: tuple[Mask, Rows]) -> tuple[Rows, Rows, Rows]:
    """Of each stratum, among the rows of a part: those of a slice, all, errors."""
    errors, strata = case
    kinds = int(strata.max(initial=0)) + 1
    found = [np.bincount(strata[one], minlength=kinds) for one in (mask & part, part, part & errors)]
    return found[0], found[1], found[2]
