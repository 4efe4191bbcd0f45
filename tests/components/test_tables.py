"""Downloads keep text as text."""

import pyarrow as pa

from components.neighbors.table import neighbor_table
from components.parts.tables import to_csv
from isogloss.nearest.neighbors import neighbors
from isogloss.nearest.query import Query
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
