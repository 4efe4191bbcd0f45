"""Maps of other tools: text with its shape, bare matrices, and which way they are applied."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.alignment.learnt import read_mapping
from isogloss.alignment.matrices import matrix_text
from isogloss.errors import InvalidValue

DATA = Path(os.environ.get("ISOGLOSS_DATA") or Path(__file__).resolve().parents[4] / "shared" / "data")


@given(st.integers(1, 8), st.integers(0, 1_000))
def test_a_map_as_text_comes_back(tmp_path_factory: pytest.TempPathFactory, n: int, seed: int) -> None:
    matrix = np.random.default_rng(seed).normal(size=(n, n))
    path = tmp_path_factory.mktemp("map") / "map.txt"
    path.write_text(matrix_text(matrix), encoding="utf-8")
    np.testing.assert_array_equal(read_mapping(path).source.matrix, matrix)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1 is ''"),
        ("2 3\n1 2 3\n", "is 2 × 3"),
        ("3 3\n1 2 3\n", "has 1 rows, expected 3"),
        ("2 2\n1 2\n3\n", "line 3 has 1 numbers, expected 2"),
        ("2 2\n1 2\n3 x\n", "line 3 is not all numbers"),
        ("2 2\n1 2\n3 nan\n", "line 3"),
        ("99999 99999\n", "99999 × 99999"),
    ],
)
def test_a_damaged_map_as_text_names_the_line(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "map.txt").write_text(text, encoding="utf-8")
    with pytest.raises(InvalidValue, match=said):
        read_mapping(tmp_path / "map.txt")


@pytest.mark.skipif(not DATA.is_dir(), reason="needs the data in ISOGLOSS_DATA")
@pytest.mark.parametrize(
    ("name", "least", "greatest"), [("cc.en-si.300-ex1", 0.042, 1.819), ("en-si.300-babylon", 1.0, 1.0)]
)
def test_published_maps_are_read_applied_and_inverted(name: str, least: float, greatest: float) -> None:
    mapping = read_mapping(DATA / "maps_sinhala" / f"{name}.vec-mat")
    values = np.linalg.svd(mapping.source.matrix, compute_uv=False)
    assert (values.min(), values.max()) == (pytest.approx(least, abs=1e-3), pytest.approx(greatest, abs=1e-3))
    rows = np.random.default_rng(0).normal(size=(5, 300)).astype(np.float32)
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    np.testing.assert_allclose(mapping.source.invert(mapping.source.apply(rows)), unit, atol=1e-3)


@pytest.mark.parametrize("kind", ["blanks", "tabs", "commas", "npy", "npz"])
@pytest.mark.parametrize("n", [1, 2, 3, 7])
def test_a_bare_matrix_is_read_as_it_is_and_applied_as_told(tmp_path: Path, kind: str, n: int) -> None:
    matrix = np.arange(n * n, dtype=np.float64).reshape(n, n) + 0.5
    path = tmp_path / f"w.{kind if kind in ('npy', 'npz') else 'txt'}"
    if kind == "npy":
        np.save(path, matrix)
    elif kind == "npz":
        np.savez(path, W=matrix)
    else:
        np.savetxt(path, matrix, delimiter={"blanks": " ", "tabs": "\t", "commas": ", "}[kind])
    x = np.ones(n) / np.sqrt(n)
    for orientation, expected in (("columns", matrix @ x), ("rows", x @ matrix)):
        side = read_mapping(path, orientation=orientation).source
        np.testing.assert_allclose(side.apply(np.ones((1, n), np.float32))[0], expected, rtol=1e-5)
    with pytest.raises(InvalidValue, match=rf"bare matrix of {n} × {n}.*: say columns \(W x") as error:
        read_mapping(path)
    assert "rows (x W" in str(error.value)


def test_two_rows_of_two_are_bare_and_a_shape_is_a_shape(tmp_path: Path) -> None:
    path = tmp_path / "w.txt"
    path.write_text("2 2\n3 4\n")
    assert read_mapping(path, orientation="rows").source.matrix.tolist() == [[2, 2], [3, 4]]
    path.write_text("2 2\n3 4\n5 6\n")
    assert read_mapping(path).source.matrix.tolist() == [[3, 5], [4, 6]]
    assert read_mapping(path, orientation="rows").source.matrix.tolist() == [[3, 4], [5, 6]]


@pytest.mark.parametrize("shape", [(2, 3), (4,), (2, 2, 2), ()])
def test_what_is_not_square_is_said(tmp_path: Path, shape: tuple[int, ...]) -> None:
    np.save(tmp_path / "w.npy", np.ones(shape))
    with pytest.raises(InvalidValue, match="give a square map"):
        read_mapping(tmp_path / "w.npy", orientation="rows")


def test_what_holds_no_numbers_or_several_arrays_is_no_map(tmp_path: Path) -> None:
    np.save(tmp_path / "w.npy", np.full((2, 2), np.nan))
    np.savez(tmp_path / "w.npz", a=np.eye(2), b=np.eye(2))
    with pytest.raises(InvalidValue, match="no finite number"):
        read_mapping(tmp_path / "w.npy", orientation="rows")
    with pytest.raises(InvalidValue, match="it holds a, b"):
        read_mapping(tmp_path / "w.npz", orientation="rows")
