"""Tables and their downloads: text stays text, and no cell of a download begins a formula."""

from __future__ import annotations

import io

import pyarrow as pa
import pyarrow.csv


def to_csv(table: pa.Table) -> bytes:
    """CSV in UTF-8 with a byte-order mark (spreadsheets ask for it), formulas made text.

    >>> to_csv(pa.table({"a": ["=1+1", "ok"]})).decode("utf-8-sig").split()
    ['"a"', '"\\'=1+1"', '"ok"']
    """
    columns = []
    for column in table.columns:
        if pa.types.is_string(column.type):
            column = pa.chunked_array([[_text(v) for v in column.to_pylist()]], type=pa.string())
        columns.append(column)
    out = io.BytesIO(b"\xef\xbb\xbf")
    out.seek(3)
    pyarrow.csv.write_csv(pa.table(columns, names=table.column_names), out)
    return out.getvalue()


def _text(value: str | None) -> str | None:
    return "'" + value if value and value[0] in "=+-@\t\r" else value
