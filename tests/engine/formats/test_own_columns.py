"""Columns of an import under names of ours: they mean what they mean here, or are renamed and said."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from isogloss.cli.main import main
from isogloss.formats.own_columns import own_columns
from isogloss.formats.reading import import_file
from isogloss.workspace.store import Workspace
from tests.engine.formats.test_odd_files import LISTS, WORDS, same


@pytest.mark.parametrize(
    ("name", "values", "kept", "said"),
    [
        ("count", ["1,234"] * 10, "count", ""),
        ("count", [-5.5] * 10, "count (file)", "not numbers"),
        ("count", [True] * 10, "count (file)", "not numbers"),
        ("count", [1.0, None] * 5, "count", ""),
        ("documents", ["some text"] * 10, "documents (file)", "not numbers"),
        ("capital_share", [7.0] * 10, "capital_share (file)", "not numbers"),
        ("Item", list(range(10)), "Item (file)", "the space's own"),
        ("vector", ["x"] * 10, "vector (file)", "the space's own"),
        ("language", [3] * 10, "language", ""),
        ("when", [None] * 10, None, "holds nothing"),
        ("mixed", [1, "a"] * 5, "mixed", ""),
        ("tags", [["a", "b"]] * 10, "tags", ""),
    ],
)
def test_names_of_ours_from_outside(
    tmp_path: Path, name: str, values: list[object], kept: str | None, said: str
) -> None:
    rows = [{"word": w, name: x, "embedding": v} for w, x, v in zip(WORDS, values, LISTS, strict=True)]
    path, workspace = tmp_path / "v.jsonl", tmp_path / "home"
    path.write_text("\n".join(map(json.dumps, rows)))
    found = import_file(path)
    assert same(found)
    assert found.columns.column_names == ([kept] if kept else [])
    assert said in "; ".join(found.said)
    assert main(["import", str(path), "--into", "mine", "--workspace", str(workspace), "--json"]) == 0
    (space,) = Workspace(workspace).open("mine")
    assert space.items == tuple(WORDS)
    assert space.counts is None or space.counts.dtype == np.int64


def test_columns_of_one_name_stay_apart() -> None:
    found, said = own_columns(pa.table([[1], [2], ["x"]], names=["a", "a", "Count"]))
    assert found.column_names == ["a", "a (file)", "Count (file)"]
    assert "two columns" in said["a"]
