"""Downloads keep text as text."""

from pathlib import Path

import pyarrow as pa
import pytest

from components.neighbors.table import neighbor_table
from components.parts.tables import csv_of, to_csv
from isogloss import __version__
from isogloss.nearest.neighbors import neighbors
from isogloss.nearest.query import Query
from isogloss.tables.table import take_table
from tests.kit.collections import HOSTILE, scripts_collection


def test_no_cell_begins_a_formula() -> None:
    text = to_csv(pa.table({"item": ["=1+1", "+1", "-1", "@x", "plain", ""], "n": [1, 2, 3, 4, 5, None]})).decode(
        "utf-8-sig"
    )
    lines = text.splitlines()
    assert lines[0] == '"item","n"'
    assert [line.split(",")[0] for line in lines[1:]] == ['"\'=1+1"', '"\'+1"', '"\'-1"', '"\'@x"', '"plain"', '""']


def test_the_table_has_a_row_for_each_neighbor() -> None:
    collection, query = scripts_collection(), Query((("мир", 1),))
    table = neighbor_table(collection, [(query, neighbors(collection, query, k=30))])
    assert table["rank"].to_pylist()[:3] == [1, 2, 3]
    assert HOSTILE[0] in table["neighbor"].to_pylist()
    assert b"<img" in to_csv(table)


def test_what_was_compared_stands_before_the_header_and_is_skipped_by_readers(tmp_path: Path) -> None:
    table = pa.table({"item": ["peace", "#war"], "n": [1, 2]})
    hostile = 'a,=cmd()\n=1+1;"x"\tb\u2028=2'
    text = to_csv(table, f"drift from {hostile}", "cosine").decode("utf-8-sig")
    lines = text.splitlines()
    assert lines[0] == "# drift from a =cmd() =1+1 x b =2"
    assert lines[1:4] == ["# cosine", f"# Isogloss {__version__}", '"item","n"']
    file = tmp_path / "told.csv"
    file.write_bytes(to_csv(table, hostile))
    read = take_table(file).table
    assert read.column_names == ["item", "n"]
    assert read["item"].to_pylist() == ["peace", "#war"]
    assert to_csv(table).decode("utf-8-sig").startswith('"item","n"')


def test_downloads_of_pages_begin_with_the_same_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    table = pa.table({"a": ["b"]})
    assert csv_of(table, "what, it shows")().decode("utf-8-sig").splitlines()[:1] == ["# what it shows"]
    monkeypatch.setattr("components.parts.tables.view_link", lambda: "http://x/Drift?v=1&item=a%2Cb")
    made = csv_of(table, "what it shows")
    monkeypatch.undo()  # the link is that of the view, whenever the file is asked for
    lines = made().decode("utf-8-sig").splitlines()
    assert lines == ["# what it shows", "# http://x/Drift?v=1&item=a%2Cb", f"# Isogloss {__version__}", '"a"', '"b"']
