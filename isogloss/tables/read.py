"""A table with what was read, what was skipped, and what the file was recognised as."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from isogloss.text.tally import Tally


@dataclass(frozen=True)
class TableRead:
    """read: rows in = rows here + skipped by reason. told: what the file was recognised as, a few words each."""

    table: pa.Table
    read: Tally
    told: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The tally with what was recognised beside it."""
        return read_as_json(self.read, self.told)

    def sentence(self) -> str:
        """One line for people.

        >>> TableRead(pa.table({"a": [1]}), Tally(read=1), {"delimiter": "semicolon"}).sentence()
        '1 read (delimiter: semicolon)'
        """
        return self.read.sentence() + told_in_words(self.told)


def read_as_json(read: Tally, told: Mapping[str, str]) -> dict[str, Any]:
    """A tally, and `recognised` where there is something to say."""
    return read.as_json() | ({"recognised": dict(told)} if told else {})


def told_of(facts: Mapping[str, Any]) -> str:
    """The sentence of what `as_json` wrote.

    >>> told_of({"read": 2, "skipped": {"undated": 1}, "listed": {}, "left_out": {}})
    '2 read; skipped: 1 undated'
    """
    tally = Tally(facts["read"], dict(facts["skipped"]), dict(facts["listed"]), dict(facts["left_out"]))
    return tally.sentence() + told_in_words(facts.get("recognised", {}))


def told_in_words(told: Mapping[str, str]) -> str:
    """What was recognised, in brackets; nothing where nothing was.

    >>> told_in_words({"encoding": "cp1252", "delimiter": "tab"})
    ' (encoding: cp1252; delimiter: tab)'
    """
    return f" ({'; '.join(f'{what}: {how}' for what, how in told.items())})" if told else ""
