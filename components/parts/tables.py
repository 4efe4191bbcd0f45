"""Tables and their downloads: text stays text, and no cell of a download begins a formula."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias
from urllib.parse import urlencode

import pyarrow as pa
import pyarrow.csv
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from components.parts.spoken import say
from isogloss import __version__

_TEXTS = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
_CELL = re.compile(r"[,;|\"\x00-\x1f\x7f-\x9f\u2028\u2029]")
_FORMULA = re.compile(r"[\t\r\n]|\s*[=+\-@|%＝＋－＠]")  # the wide ones too, which some spreadsheets read alike


_OF_A_SITTING = ("v", "present", "story", "beat", "live", "lang")  # as in the footers of figures


KeepRows: TypeAlias = Callable[[Sequence[Mapping[str, str]]], None]
"""Keep beside a table: it is given what each selected row says in the address of the page."""


def none(rows: Sequence[Mapping[str, str]]) -> None:
    """No Keep, of a table whose page has none."""


def csv_of(table: pa.Table, said: str) -> Callable[[], bytes]:
    """What makes the download of a page's table: the lines that every one begins with are what it shows (said), the
    version, and the link of the view, which is read now: a download is made when no page runs.
    """
    link = view_link()
    return lambda: to_csv(table, said, *filter(None, [link]))


def csv_button(table: pa.Table, said: str, name: str, *, key: str) -> None:
    """Hands a page's table out. said: as for `csv_of`. name: of the file."""
    st.download_button(say("Download as CSV"), csv_of(table, said), name, "text/csv", on_click="ignore", key=key)


def view_link() -> str:
    """The address of the page at hand, with the version of links; empty where no page runs."""
    if get_script_run_ctx() is None or not st.context.url:
        return ""
    told = [(key, one) for key in st.query_params if key not in _OF_A_SITTING for one in st.query_params.get_all(key)]
    return f"{st.context.url.partition('?')[0]}?{urlencode([('v', '1'), *told])}"


def to_csv(table: pa.Table, *said: str) -> bytes:
    """CSV in UTF-8 with a byte-order mark (spreadsheets ask for it), formulas made text.

    said: what was compared, each a line `# …` before the header, with the version after them; readers of ours skip
    such lines (pandas: `comment="#"`). Signs that would end a cell or begin a formula there become blanks.

    >>> to_csv(pa.table({"a": ["=1+1", "ok"]})).decode("utf-8-sig").split()
    ['"a"', '"\\'=1+1"', '"ok"']
    """
    columns = []
    for column in table.columns:
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        if any(is_text(column.type) for is_text in _TEXTS):
            column = pa.chunked_array([[_text(v) for v in column.to_pylist()]], type=pa.string())
        columns.append(column)
    out = io.BytesIO(b"\xef\xbb\xbf")
    out.seek(3)
    for line in (*said, f"Isogloss {__version__}") if said else ():
        out.write(f"# {' '.join(_CELL.sub(' ', line).split())}\n".encode("utf-8", "replace"))
    pyarrow.csv.write_csv(pa.table(columns, names=[_text(name) or "" for name in table.column_names]), out)
    return out.getvalue()


def file_name(*parts: str, ending: str = "csv") -> str:
    """A download's name, which says what was compared; letters of any script stay, all else becomes a dash.

    >>> file_name("drift", "1946-1969", "2007-2024", "cosine"), file_name("neighbors", "a/b", "war, peace")
    ('drift_1946-1969_2007-2024_cosine.csv', 'neighbors_a-b_war-peace.csv')
    """
    told = (re.sub(r"[^\w.-]+", "-", part).strip("-.")[:60] for part in parts)
    return "_".join(filter(None, told)) + (f".{ending}" if ending else "")


def _text(value: str | None) -> str | None:
    return "'" + value if value and _FORMULA.match(value) else value
