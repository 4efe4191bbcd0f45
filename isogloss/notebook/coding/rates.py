"""Rates from draws with known probabilities (Horvitz & Thompson 1952); what was picked never enters one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from isogloss.errors import InvalidValue
from isogloss.figure import Figure
from isogloss.resampling import wilson_interval
from isogloss.text.tally import Tally

DRAWN = ("random", "drawn")  # how a case came in, where it may enter a rate
_NAMED = 3


@dataclass(frozen=True)
class Rate:
    """figure: n is the number of coded cases it stands on. tally: rows that entered, and those that did not, by reason.
    population: how many cases the draw stands for, Σ 1/π.
    """

    figure: Figure
    tally: Tally
    population: float


def horvitz_thompson(rows: Iterable[Mapping[str, Any]], hits: Mapping[str, bool]) -> Rate:
    """The share of hits in the population that the rows were drawn from.

    rows: cases with `id`, `probability` (π, of coming into the draw) and `stratum`; those without a probability were
    picked, and so was what came in by a rule (`how`). hits: by id, of the cases that were coded.

    rate = Σ_i y_i/π_i / N, N = Σ 1/π_i, over strata, or groups of one π within a stratum; of cases that have no code
    the others of their stratum speak. Variance by the design: Σ (N_h/N)² (1 − f_h) p̃_h (1 − p̃_h) / n_h with
    p̃ = (x + 1)/(n + 2), so that a stratum without a hit is not taken for certain; the interval is Wilson's with the n
    that has this variance (Korn & Graubard 1998). All of a population has its rate without an interval's width.
    Raises InvalidValue for a probability that is none.
    """
    tally = Tally()
    drawn: dict[tuple[str, float], list[bool | None]] = defaultdict(list)
    seen: set[Hashable] = set()
    for row in rows:
        one = str(row.get("id", ""))
        how = str(row.get("how") or DRAWN[0]).strip().casefold()
        if (probability := row.get("probability")) is None or not how.startswith(DRAWN):
            tally.skip("picked", one)
        elif one in seen:
            tally.skip("drawn_twice", one)
        else:
            seen.add(one)
            drawn[str(row.get("stratum") or ""), _probability(probability, one)].append(hits.get(one))
            if one not in hits:
                tally.skip("not_coded", one)
            else:
                tally.read += 1
    return Rate(*_estimated(drawn, tally), sum(len(group) / at for (_, at), group in drawn.items()))


def _probability(value: Any, one: str) -> float:
    try:
        found = float(value)
    except (TypeError, ValueError):
        found = float("nan")
    if not 0 < found <= 1:
        raise InvalidValue(
            f"{one[:80]}: its probability is {str(value)[:40]!r}", "give the share above 0, up to 1, that `draw` wrote"
        )
    return found


def _estimated(drawn: Mapping[tuple[str, float], list[bool | None]], tally: Tally) -> tuple[Figure, Tally]:
    coded = {key: [bool(hit) for hit in group if hit is not None] for key, group in drawn.items()}
    silent = sorted(key[0] or "the whole draw" for key, group in coded.items() if not group)
    known = {key: group for key, group in coded.items() if group}
    sizes = {key: len(drawn[key]) / key[1] for key in known}
    total, n = sum(sizes.values()), sum(map(len, known.values()))
    how = "Horvitz–Thompson: Σ y/π over N = Σ 1/π"
    if tally.skipped.get("picked"):
        how += f"; {tally.skipped['picked']:,} picked cases are left out"
    if silent:
        more = f" and {len(silent) - _NAMED:,} more" if len(silent) > _NAMED else ""
        how += f"; no case is coded of {', '.join(silent[:_NAMED])}{more}, and it speaks of the others"
    if not known:
        return Figure(value=float("nan"), n=0, how=f"{how}; no drawn case is coded, so there is no rate"), tally
    rate = variance = 0.0
    for key, group in known.items():
        hits, m, weight = sum(group), len(group), sizes[key] / total
        smooth = (hits + 1) / (m + 2)
        rate += weight * hits / m
        variance += weight**2 * max(0.0, 1 - m / sizes[key]) * smooth * (1 - smooth) / m
    level = sum(sizes[key] / total * (sum(group) + 1) / (len(group) + 2) for key, group in known.items())
    low, high = wilson_interval(rate, level * (1 - level) / variance) if variance > 0 else (rate, rate)
    how += f"; {len(known):,} strata" if len(known) > 1 else ""
    return Figure(value=rate, n=n, low=low, high=high, how=how), tally
