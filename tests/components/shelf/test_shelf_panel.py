"""What the Data page gives to take away can be brought again."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest

from components.shelf.shelf_panel import _exported, _packed
from isogloss.formats.format import writable
from isogloss.formats.reading import import_file
from isogloss.spaces.collection import Collection
from isogloss.workspace.catalogue import Catalogue
from isogloss.workspace.store import Workspace
from tests.kit.collections import items_space


@pytest.mark.parametrize("format", list(writable()))
def test_a_space_in_every_format(format: str, tmp_path: Path) -> None:
    data = _exported(items_space(), format)
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            archive.extractall(tmp_path)
        names = sorted(p.name for p in tmp_path.iterdir())
        path, vocabulary = (
            (tmp_path / names[0], tmp_path / names[1])
            if format == "numpy"
            else (tmp_path / names[1], tmp_path / names[0])
        )
    else:
        path, vocabulary = tmp_path / ("x.parquet" if format == "parquet" else "x"), None
        path.write_bytes(data)
    found = import_file(path, format=None if vocabulary or format == "parquet" else format, vocabulary=vocabulary)
    np.testing.assert_allclose(found.vectors, items_space().vectors, atol=1e-6)


def test_a_whole_collection(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "home")
    workspace.save(Collection("mine", (items_space(),)))
    (tmp_path / "x.zip").write_bytes(_packed(Catalogue(workspace), "mine"))
    found = Catalogue(workspace).unpack(tmp_path / "x.zip", "again")
    assert found.fingerprint == workspace.open("mine").fingerprint
