"""How far coders agree beyond chance: Cohen's κ, Krippendorff's α, Gwet's AC1; codes may be missing."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from isogloss.errors import InvalidValue
from isogloss.figure import Figure
from isogloss.resampling import percentile_interval
from isogloss.types import Floats

Metric = Literal["nominal", "ordinal"]
DRAWS = 1000
_KAPPA = "Cohen's κ = (p_o − p_e) / (1 − p_e) of the cases that both coded (Cohen 1960)"
_ALPHA = "Krippendorff's α = 1 − D_o / D_e from the coincidences, {metric} (Krippendorff 2011)"
_AC1 = "Gwet's AC1, p_e = Σ π (1 − π) / (K − 1) over the {k} codes that were given (Gwet 2008)"
_BOOTSTRAP = "interval: {draws:,} bootstraps of the cases"
Codes = npt.NDArray[np.int64]
_Shares = Callable[[Floats], Floats]


@dataclass(frozen=True)
class Agreement:
    """n: cases that have two codes or more. matrix: how often the first coder's code (row) met the second's (column),
    (k, k), in the order of `categories`; of two coders alone, else empty.
    """

    n: int
    categories: tuple[str, ...]
    kappa: Figure
    alpha: Figure
    ac1: Figure
    matrix: npt.NDArray[np.int64]

    @property
    def agreed(self) -> int:
        """Cases to which both gave the same code."""
        return int(np.trace(self.matrix))

    def unknown(self) -> dict[str, str]:
        """Figures that are not defined, with why."""
        named = {"kappa": self.kappa, "alpha": self.alpha, "ac1": self.ac1}
        return {name: figure.how for name, figure in named.items() if not figure.known}


def agreement(
    a: Mapping[str, str], b: Mapping[str, str], *, categories: Sequence[str] = (), seed: int = 0
) -> Agreement:
    """Of two coders, by the ids of cases; what only one of them coded is missing of the other.

    categories: all that could have been given, in order; without them K is the number of codes that were given.
    """
    given = sorted(set(a.values()) | set(b.values()))
    ids = list(dict.fromkeys([*a, *b]))
    table = [[a.get(one), b.get(one)] for one in ids]
    return agreement_of(
        table, categories=[*categories, *(one for one in given if one not in set(categories))], seed=seed
    )


def agreement_of(
    table: Sequence[Sequence[Hashable | None]],
    *,
    categories: Sequence[Hashable] = (),
    metric: Metric = "nominal",
    draws: int = DRAWS,
    seed: int = 0,
) -> Agreement:
    """Of any coders: a row a case, a cell a coder's code or None. κ is of two coders alone.

    categories: in their order, which `ordinal` goes by; without them, those that were given, sorted.
    Raises InvalidValue for rows of several lengths, for less than two coders and for codes that are no category.
    """
    codes, names = _codes(table, categories)
    rng = np.random.default_rng(seed)
    two = codes.shape[1] == 2
    seen, counts = np.unique(codes, axis=0, return_counts=True) if len(codes) else (codes, np.zeros(0, dtype=np.int64))
    weights = [counts[None].astype(np.float64)]
    if len(codes):
        weights.append(rng.multinomial(len(codes), counts / len(codes), size=draws).astype(np.float64))
    several = (seen >= 0).sum(axis=1) >= 2
    n, k = int(counts[several].sum()), len(names)
    given = [names[code] for code in np.unique(seen[several][seen[several] >= 0])]
    why = _undefined(n, [str(one) for one in given])

    def figure(of: _Shares, how: str, why: str) -> Figure:
        if why:
            return Figure(value=float("nan"), n=n, better="more", how=f"{how}: {why}")
        value = float(of(weights[0])[0])
        low, high = percentile_interval(_known(of(weights[1])))
        told = f"{how}; {_BOOTSTRAP.format(draws=draws)}"
        return Figure(value=value, n=n, better="more", low=low, high=high, how=told)

    only_two = "" if two else f"it is of two coders, and there are {codes.shape[1]}"
    matrix = _pairs(seen, k) if two else np.zeros((len(seen), 0))
    return Agreement(
        n,
        tuple(map(str, names)),
        figure(lambda w: _kappa(w @ matrix, k), _KAPPA, only_two or why),
        figure(lambda w: _alpha(w @ _coincidences(seen, k), k, metric), _ALPHA.format(metric=metric), why),
        figure(lambda w: _ac1(w, seen, k), _AC1.format(k=k), why if k < 2 or not n else ""),
        (counts @ matrix).reshape(k, k).astype(np.int64) if two else np.zeros((0, 0), dtype=np.int64),
    )


def _undefined(n: int, given: Sequence[str]) -> str:
    if not n:
        return "no case has codes of two coders, so nothing can be compared"
    if len(given) < 2:
        who = f"all {n:,} cases were" if n > 1 else "the only case was"
        return f"{who} given the one code {given[0][:80]!r}; chance would agree as well"
    return ""


def _codes(table: Sequence[Sequence[Hashable | None]], categories: Sequence[Hashable]) -> tuple[Codes, list[Hashable]]:
    """Positions among the categories, −1 where missing, (n, coders)."""
    widths = {len(row) for row in table}
    if len(widths) > 1 or (widths and min(widths) < 2):
        raise InvalidValue(
            f"rows hold {', '.join(map(str, sorted(widths)))} codes",
            "give each case one code or None of two coders or more",
        )
    found = {code for row in table for code in row if code is not None}
    names = list(dict.fromkeys(categories)) or sorted(found, key=lambda one: (str(type(one)), one))
    at = {name: i for i, name in enumerate(names)}
    if stray := found - set(at):
        raise InvalidValue(
            f"{str(min(stray, key=str))[:80]!r} is no category", f"they are {', '.join(map(str, names))[:300]}"
        )
    rows = [[-1 if code is None else at[code] for code in row] for row in table]
    return np.array(rows, dtype=np.int64).reshape(len(rows), max(widths, default=2)), names


def _known(values: Floats) -> Floats:
    return np.asarray(values[np.isfinite(values)])


def _over(part: Floats, whole: Floats) -> Floats:
    """part / whole, NaN where whole is 0."""
    out = np.full(np.shape(whole), np.nan)
    np.divide(part, whole, out=out, where=whole > 1e-12)
    return out


def _pairs(seen: Codes, k: int) -> Floats:
    """Of two coders: the cell of the k × k table that each pattern falls into, (patterns, k²)."""
    out = np.zeros((len(seen), k * k))
    both = np.flatnonzero((seen >= 0).all(axis=1))
    out[both, seen[both, 0] * k + seen[both, 1]] = 1
    return out


def _kappa(cells: Floats, k: int) -> Floats:
    table = cells.reshape(len(cells), k, k)
    n = table.sum(axis=(1, 2))
    observed = _over(np.trace(table, axis1=1, axis2=2), n)
    chance = _over((table.sum(axis=2) * table.sum(axis=1)).sum(axis=1), n * n)
    return _over(observed - chance, 1 - chance)


def _given(seen: Codes, k: int) -> Floats:
    """How many coders gave each code in a pattern, (patterns, k)."""
    return np.asarray((seen[:, :, None] == np.arange(k)).sum(axis=1), dtype=np.float64)


def _coincidences(seen: Codes, k: int) -> Floats:
    """Of each pattern with m codes: the ordered pairs of different coders, each 1 / (m − 1), (patterns, k²)."""
    given = _given(seen, k)
    m = given.sum(axis=1)
    pairs = given[:, :, None] * given[:, None, :]
    pairs[:, np.arange(k), np.arange(k)] -= given
    return np.where(m[:, None] >= 2, pairs.reshape(len(seen), -1) / np.maximum(m - 1, 1)[:, None], 0.0)


def _alpha(cells: Floats, k: int, metric: Metric) -> Floats:
    """D_o = Σ o_ck δ²_ck / n, D_e = Σ n_c n_k δ²_ck / (n (n − 1)); ordinal: δ_ck = Σ_{g=c}^k n_g − (n_c + n_k) / 2."""
    table = cells.reshape(len(cells), k, k)
    margin = table.sum(axis=2)
    if metric == "ordinal":
        middle = np.cumsum(margin, axis=1) - margin / 2
        apart = (middle[:, :, None] - middle[:, None, :]) ** 2
    else:
        apart = np.broadcast_to(1.0 - np.eye(k), table.shape)
    n = margin.sum(axis=1)
    observed = (table * apart).sum(axis=(1, 2))
    expected = (margin[:, :, None] * margin[:, None, :] * apart).sum(axis=(1, 2))
    return np.asarray(1 - _over(observed * (n - 1), expected))


def _ac1(weights: Floats, seen: Codes, k: int) -> Floats:
    """p_o over cases with two codes or more; π over all that have one (Gwet 2014, for missing codes)."""
    given = _given(seen, k)
    m = given.sum(axis=1)
    alike = (given * (given - 1)).sum(axis=1) / np.maximum(m * (m - 1), 1)
    observed = _over(weights @ alike, weights @ (m >= 2).astype(np.float64))
    shares = (weights @ (given / np.maximum(m, 1)[:, None])) / np.maximum(weights @ (m >= 1), 1)[:, None]
    chance = (shares * (1 - shares)).sum(axis=1) / (k - 1)
    return _over(observed - chance, 1 - chance)
