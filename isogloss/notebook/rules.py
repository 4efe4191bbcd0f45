"""Rules: groups that are a saved query over the columns of a table, so that they can be asked of other data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from isogloss.errors import InvalidValue
from isogloss.figure import Figure
from isogloss.notebook.queries.grammar import Column, Compare, Either, Every, Node, Not, Within, columns_of, parsed
from isogloss.notebook.queries.values import Truth, compared, key_of, within
from isogloss.resampling import null_of, wilson_interval
from isogloss.text.matches import closest
from isogloss.types import Mask

FORMAT = 1
_DRAWS = 2000
_SHOWN = 300
_YES, _NO = ("1", "true", "yes"), ("0", "false", "no")


@dataclass(frozen=True)
class Rule:
    """text: as it was written. name: what people call the group, if anything.

    >>> table = pa.table({"script": ["Latn", "Cyrl", None], "rank": [3, 12, 40]})
    >>> apply(Rule("script ≠ 'Latn' and rank > 10"), table).tolist()
    [False, True, False]
    """

    text: str
    name: str = ""

    @cached_property
    def tree(self) -> Node:
        """Raises InvalidValue, with the place, for what is no rule."""
        return parsed(self.text)

    @property
    def columns(self) -> tuple[str, ...]:
        """As the rule names them."""
        return tuple(columns_of(self.tree))

    def as_json(self) -> dict[str, Any]:
        return {"format": FORMAT, "rule": self.text, "name": self.name}

    @classmethod
    def from_json(cls, value: Any) -> Rule:
        """What `as_json` gave. Raises InvalidValue for anything else."""
        if not isinstance(value, dict) or not isinstance(value.get("rule"), str) or value.get("format") != FORMAT:
            raise InvalidValue("this is no rule that was saved", f"give format {FORMAT} with its text as `rule`")
        found = cls(value["rule"], str(value.get("name", ""))[:200])
        found.tree  # noqa: B018 - raises
        return found


@dataclass(frozen=True)
class Applied:
    """mask: rows of which the rule is true, (n,). unknown: rows of which it cannot be told, for a value is missing;
    they are not in the mask.
    """

    mask: Mask
    unknown: Mask

    @property
    def n(self) -> int:
        return int(self.mask.sum())


def apply(rule: Rule, table: pa.Table) -> Mask:
    """Rows of which the rule is true. Raises InvalidValue for columns that are not there and kinds that do not meet."""
    return applied(rule, table).mask


def applied(rule: Rule, table: pa.Table) -> Applied:
    """`apply`, with the rows of which nothing can be told, by the logic of three values (Kleene)."""
    found = {name: table.column(_column(name, table)) for name in rule.columns}
    truth = _truth(rule.tree, found, table.num_rows)
    return Applied(truth.mask & truth.known, ~truth.known)


def missing(rule: Rule, table: pa.Table) -> list[str]:
    """Columns that the rule names and the table lacks."""
    return [name for name in rule.columns if _match(name, table.column_names) is None]


def rate(rule: Rule, table: pa.Table, errors: Mask, *, seed: int = 0) -> Figure:
    """The share of errors among the rows of which a rule is true, with Wilson's interval and a shuffled null.

    errors: (n,). The null is the rate of as many rows with the errors shuffled among all: hypergeometric.
    """
    mask = apply(rule, table)
    n, hits = int(mask.sum()), int((mask & errors).sum())
    how = "errors / rows of which the rule is true; Wilson's interval; null: errors shuffled among all rows"
    if not n:
        return Figure(value=float("nan"), n=0, better="less", how=f"{how}: it is true of no row")
    rng = np.random.default_rng(seed)
    draws = rng.hypergeometric(int(errors.sum()), int((~errors).sum()), n, size=_DRAWS) / n
    low, high = wilson_interval(hits / n, n)
    null = null_of(draws.tolist(), hits / n, "errors shuffled among all rows")
    return Figure(value=hits / n, n=n, better="less", low=low, high=high, null=null, how=how)


@dataclass(frozen=True)
class Errors:
    """mask: which rows are errors, (n,), of `table`, the rows that say so. unknown: rows that do not, left out."""

    table: pa.Table
    mask: Mask
    unknown: int


def errors_of(table: pa.Table, column: str) -> Errors:
    """A column of 0 and 1, false and true, or no and yes. Raises InvalidValue for other values and for none."""
    name = _column(column, table)
    values = table.column(name)
    texts = [None if v is None or v != v else key_of(v) for v in values.to_pylist()]
    stray = sorted({text for text in texts if text and text not in (*_YES, *_NO)})
    if stray:
        raise InvalidValue(f"the column {name!r} holds {stray[0][:40]!r}", "name a column of 0 and 1, 1 is an error")
    known = np.array([bool(text) for text in texts], dtype=np.bool_)
    if not known.any():
        raise InvalidValue(f"the column {name!r} is empty", "name a column of 0 and 1, 1 is an error")
    mask = np.array([text in _YES for text in texts if text], dtype=np.bool_)
    return Errors(table.filter(pa.array(known)), mask, int((~known).sum()))


def _truth(node: Node, columns: dict[str, pa.ChunkedArray], n: int) -> Truth:
    if isinstance(node, Every | Either):
        parts = [_truth(part, columns, n) for part in node.parts]
        found = parts[0]
        for part in parts[1:]:
            found = found & part if isinstance(node, Every) else found | part
        return found
    if isinstance(node, Not):
        return ~_truth(node.part, columns, n)
    if isinstance(node, Within):
        return within(columns[node.column.name], node)
    assert isinstance(node, Compare)
    left, right = (columns[side.name] if isinstance(side, Column) else side.value for side in (node.left, node.right))
    return compared(left, node, right, n=n)


def _column(name: str, table: pa.Table) -> str:
    found = _match(name, table.column_names)
    if found is None:
        near = closest(name[:80], table.column_names)
        shown = ", ".join(table.column_names)
        shown = shown if len(shown) <= _SHOWN else shown[:_SHOWN] + " …"
        lever = f"nearest are {', '.join(near)}" if near else f"its columns are {shown}"
        raise InvalidValue(f"the data have no column {name[:80]!r}", f"{lever}; texts stand in quotation marks")
    return found


def _match(name: str, names: list[str]) -> str | None:
    """The column that is meant: as written, else the only one alike but for case, blanks, hyphens and underscores."""
    if name in names:
        return name
    plain = str.maketrans("_-", "  ")
    alike = [one for one in names if one.translate(plain).casefold() == name.translate(plain).casefold()]
    return alike[0] if len(alike) == 1 else None
