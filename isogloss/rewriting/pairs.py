"""Pairs of texts, row by row, with whatever else is known of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from isogloss.errors import InvalidValue, NotFound
from isogloss.text.matches import closest
from isogloss.text.tally import Tally


@dataclass(frozen=True, eq=False)
class Pairs:
    """source, target: the texts, (n,) each; target was made from source. columns: name → what is known of each row.

    rows: what people know each row by in the file it came from (a line, an entry's number), counted from 1; a row that
    could not be read is in `read`, not here. name: in what is said of them.
    """

    name: str
    source: Sequence[str]
    target: Sequence[str]
    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    rows: Sequence[int] = ()
    read: Tally = field(default_factory=Tally)

    def __post_init__(self) -> None:
        lengths = {len(self.source), len(self.target), *map(len, self.columns.values())}
        if len(lengths) > 1:
            raise InvalidValue(f"{self.name}: columns of {sorted(lengths)} rows", "give each row of both texts")
        if not self.rows:
            object.__setattr__(self, "rows", range(1, len(self.source) + 1))

    def __len__(self) -> int:
        return len(self.source)

    def groups(self, column: str) -> dict[str, list[int]]:
        """Value of a column → its rows (positions), the largest group first. Raises NotFound."""
        if column not in self.columns:
            near = closest(column, list(self.columns))
            named = ", ".join(near or self.columns)[:120]
            raise NotFound(
                f"there is no column {column[:40]!r}",
                near,
                f"choose from {named}" if named else "the file has no other columns",
            )
        found: dict[str, list[int]] = {}
        for row, value in enumerate(self.columns[column]):
            found.setdefault(value, []).append(row)
        return dict(sorted(found.items(), key=lambda one: (-len(one[1]), one[0])))

    def take(self, at: Sequence[int]) -> Pairs:
        """Only these positions."""
        return Pairs(
            self.name,
            [self.source[i] for i in at],
            [self.target[i] for i in at],
            {name: [values[i] for i in at] for name, values in self.columns.items()},
            [self.rows[i] for i in at],
            self.read,
        )
