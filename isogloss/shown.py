"""Tables in a notebook: text stays text."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

MOST_ROWS = 50


def html_table(table: pa.Table, caption: str = "", most: int = MOST_ROWS) -> str:
    """The first rows as HTML, every cell escaped; floats with three decimals.

    >>> import pyarrow as pa
    >>> html_table(pa.table({"item": ["<b>"], "distance": [0.5]}))
    '<table><thead><tr><th>item</th><th>distance</th></tr></thead><tbody><tr><td>&lt;b&gt;</td><td>0.500</td></tr></tbody></table>'
    """
    names = table.column_names
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(_cell(row[name]))}</td>" for name in names) + "</tr>"
        for row in table.slice(0, most).to_pylist()
    )
    more = f"<p>{table.num_rows - most:,} more rows</p>" if table.num_rows > most else ""
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    return f"<table>{title}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"


def _cell(value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return f"{value:.3f}" if isinstance(value, float) else f"{value:,}" if type(value) is int else str(value)[:200]
