"""What a reader took and what it left: counted by reason, with examples, so that nothing vanishes without a word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from isogloss.errors import InvalidValue

LISTED = 200
SHARE = 0.01  # above it a file is refused: it is another kind of file than it was taken for
NAMED = 3
_FEW = 5  # so many odd rows are skipped in any file, however short


@dataclass
class Tally:
    """Rows in = read + everything skipped.

    read: rows taken. skipped: reason → how many; a reason is words joined by `_`, read after a number ("3 short rows").
    listed: reason → the first 200 examples. left_out: a whole file or column by its name → why.

    >>> tally = Tally(read=98)
    >>> tally.skip("short_row", "line 7"), tally.skip("short_row", "line 9")
    (None, None)
    >>> tally.total, tally.sentence()
    (100, '98 read; skipped: 2 short row (line 7, line 9)')
    """

    read: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    listed: dict[str, list[str]] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)

    def skip(self, reason: str, example: str = "", n: int = 1) -> None:
        """Count n more. example: what people know it by: a line's number, an item, the start of a text."""
        self.skipped[reason] = self.skipped.get(reason, 0) + n
        named = self.listed.setdefault(reason, [])
        if example and len(named) < LISTED:
            named.append(example[:120])

    def leave_out(self, name: str, why: str) -> None:
        """Name a whole file or column that was not taken."""
        self.left_out[name[:200]] = why

    def add(self, other: Tally) -> None:
        """Take the counts of another reader of the same thing."""
        self.read += other.read
        for reason, n in other.skipped.items():
            self.skip(reason, n=n)
            self.listed[reason] = (self.listed[reason] + other.listed.get(reason, []))[:LISTED]
        self.left_out |= other.left_out

    @property
    def total(self) -> int:
        """Rows there were."""
        return self.read + sum(self.skipped.values())

    def refuse_above(self, name: str, reasons: Mapping[str, str], *, share: float = SHARE, few: int = _FEW) -> None:
        """Raises InvalidValue where rows skipped for these reasons are more than a share of all, and more than a few,
        or half of all.

        name: of the file. reasons: reason → what to do about it, the most frequent reason's is said.
        """
        odd = {reason: self.skipped.get(reason, 0) for reason in reasons}
        n = sum(odd.values())
        if n > share * self.total and (n > few or 2 * n >= self.total):
            worst = max(odd, key=lambda reason: odd[reason])
            where = ", ".join(self.listed[worst][:NAMED])
            raise InvalidValue(
                f"{name[:120]}: {n:,} of {self.total:,} rows cannot be used ({worst.replace('_', ' ')}: {where})",
                f"{reasons[worst]}; up to {share:.0%} would be skipped and counted",
            )

    def as_json(self) -> dict[str, Any]:
        """read, skipped, listed and left_out; reasons without a case are not there."""
        found = {reason: n for reason, n in self.skipped.items() if n}
        listed = {reason: self.listed[reason] for reason in found if self.listed.get(reason)}
        return {"read": self.read, "skipped": found, "listed": listed, "left_out": dict(self.left_out)}

    def sentence(self) -> str:
        """One line for people: what was read, what was skipped, what was left out."""
        parts = [f"{self.read:,} read"]
        if found := [self._told(reason, n) for reason, n in self.skipped.items() if n]:
            parts.append(f"skipped: {', '.join(found)}")
        if self.left_out:
            named = [f"{name} ({why})" for name, why in list(self.left_out.items())[:NAMED]]
            more = len(self.left_out) - len(named)
            parts.append(f"left out: {', '.join(named)}" + (f" and {more:,} more" if more else ""))
        return "; ".join(parts)

    def _told(self, reason: str, n: int) -> str:
        named = ", ".join(self.listed.get(reason, [])[:NAMED])
        return f"{n:,} {reason.replace('_', ' ')}" + (f" ({named})" if named else "")
