"""Drawing cases to be coded: at random or by stratum, each with the probability that it came in with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from isogloss.errors import InvalidValue
from isogloss.tables.columns import find_column, text_of

NOT_GIVEN = "(not given)"  # the stratum of rows without a value
_SHOWN = 5
Row = dict[str, Any]


@dataclass(frozen=True)
class Stratum:
    """n of the `of` rows of a stratum were drawn."""

    name: str
    n: int
    of: int

    @property
    def probability(self) -> float:
        """Of each of its rows to come in."""
        return self.n / self.of


@dataclass(frozen=True)
class Draw:
    """rows: in an order that says nothing, each with `id`, `how`, `draw`, `probability` and `stratum`. of: rows that
    there were. key: a name for this draw of these rows.
    """

    key: str
    rows: list[Row]
    strata: tuple[Stratum, ...]
    of: int


def draw(rows: Sequence[Mapping[str, Any]], n: int, *, by: str | None = None, seed: int = 0) -> Draw:
    """n rows without replacement. by: a column; each of its values gives as many rows as the others, as far as it has
    them, so that what is rare is coded too.

    Rows without an `id` get one from their place. Raises InvalidValue for more rows than there are, less than one a
    stratum, ids that come twice and columns that are not there.
    """
    if not 1 <= n <= len(rows):
        raise InvalidValue(f"{n:,} of {len(rows):,} rows cannot be drawn", f"choose n between 1 and {len(rows):,}")
    ids = [str(row["id"]) if row.get("id") not in (None, "") else f"row-{i}" for i, row in enumerate(rows, 1)]
    if len(set(ids)) < len(ids):
        twice = next(one for i, one in enumerate(ids) if one in set(ids[:i]))
        raise InvalidValue(f"the id {twice[:80]!r} stands in several rows", "give each case an id of its own")
    names = _strata(rows, by)
    members: dict[str, list[int]] = {}
    for i, name in enumerate(names):
        members.setdefault(name, []).append(i)
    if n < len(members):
        shown = ", ".join(list(members)[:_SHOWN])
        raise InvalidValue(
            f"{n:,} rows are less than the {len(members):,} values of {by!r} ({shown} …)",
            f"draw at least {len(members):,}, or by a column of fewer values: what cannot come in has no rate",
        )
    rng = np.random.default_rng(seed)
    shares = _shares({name: len(at) for name, at in members.items()}, n)
    strata = tuple(Stratum(name, shares[name], len(at)) for name, at in members.items())
    chosen = [int(i) for one in strata for i in rng.choice(members[one.name], one.n, replace=False)]
    told = {one.name: one for one in strata}
    key = hashlib.sha256(json.dumps([ids, n, by, seed]).encode()).hexdigest()[:12]
    drawn: list[Row] = []
    for i in rng.permutation(chosen):
        one = told[names[i]]
        beside = {"id": ids[i], "how": "random", "draw": key}
        drawn.append({**rows[i], **beside, "probability": one.probability, "stratum": one.name})
    return Draw(key, drawn, strata, len(rows))


def _strata(rows: Sequence[Mapping[str, Any]], by: str | None) -> list[str]:
    if by is None:
        return [""] * len(rows)
    column = find_column(list(dict.fromkeys(key for row in rows for key in row)), by, file="what is drawn from")
    return [text_of(row.get(column)) or NOT_GIVEN for row in rows]


def _shares(sizes: Mapping[str, int], n: int) -> dict[str, int]:
    """Equal shares of n as far as there are so many; what small strata leave goes to the others, the largest first.

    >>> _shares({"a": 100, "b": 2, "c": 50}, 11)
    {'b': 2, 'c': 4, 'a': 5}
    """
    out: dict[str, int] = {}
    left, rest = n, len(sizes)
    for name, size in sorted(sizes.items(), key=lambda one: one[1]):
        out[name] = min(size, left // rest)
        left, rest = left - out[name], rest - 1
    return out
