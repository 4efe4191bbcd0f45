"""CLC and CSS: 1 for equal vectors, cos θ for planted angles, both references; vectors from outside in each form."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.cli.main import main
from isogloss.errors import InvalidValue, NotFound
from isogloss.rewriting.agreeing.consistency import consistency
from isogloss.rewriting.agreeing.vectors import ItemVectors, item_vectors

LANGUAGES = ("en", "de", "fr")


def planted(angles: dict[tuple[str, str], float], n: int = 6, dim: int = 12) -> ItemVectors:
    """Vectors of each (language, variant) at an angle from the item's English one, each in a plane of its own."""
    rows: list[tuple[str, str, str]] = []
    vectors = []
    for item in range(n):
        for i, ((language, variant), angle) in enumerate(angles.items()):
            one = np.zeros((n, dim))
            one[item, 0], one[item, i + 1] = np.cos(angle), np.sin(angle)
            rows.append((f"i{item}", language, variant))
            vectors.append(one.ravel() * (1 + item))  # lengths do not count
    items, languages, variants = (list(part) for part in zip(*rows, strict=True))
    return item_vectors(items, languages, variants, np.array(vectors, dtype=np.float32))


@given(st.floats(0.01, 1.5), st.floats(0.01, 1.5))
def test_planted_angles_come_out_as_their_cosines(a: float, b: float) -> None:
    found = consistency(planted({("en", ""): 0.0, ("de", ""): a, ("fr", ""): b}))
    english, pairs = found.clc["english_only"], found.clc["all_pairs"]
    assert english.value == pytest.approx((np.cos(a) + np.cos(b)) / 2, abs=1e-5)
    assert pairs.value == pytest.approx((np.cos(a) + np.cos(b) + np.cos(a) * np.cos(b)) / 3, abs=1e-5)
    assert found.languages["de"].value == pytest.approx(np.cos(a), abs=1e-5)
    assert (english.n, found.items) == (6, 6)
    for figure in (english, pairs):
        assert figure.null is not None
        assert figure.null.mean == pytest.approx(0.0, abs=1e-6)  # other items are orthogonal


def test_equal_vectors_give_one_and_mixed_words_have_their_own_figures() -> None:
    same = dict.fromkeys([("en", ""), ("de", "plain"), ("fr", "")], 0.0)
    mixed = {("de", "english-first"): 0.5, ("fr", "english-first"): 0.5, ("de", "english-second"): 1.0}
    found = consistency(planted(same | mixed))
    assert [one.value for one in found.clc.values()] == pytest.approx([1.0, 1.0], abs=1e-6)
    assert found.css["english-first"]["english_only"].value == pytest.approx(np.cos(0.5), abs=1e-5)
    assert found.css["english-first"]["all_pairs"].value == pytest.approx(np.cos(0.5) ** 2, abs=1e-5)
    assert found.css["english-second"]["english_only"].value == pytest.approx(np.cos(1.0), abs=1e-5)
    assert np.isnan(found.css["english-second"]["all_pairs"].value)  # one language: no two to compare


def test_what_cannot_be_compared_is_counted_or_said() -> None:
    vectors = np.eye(6, dtype=np.float32)
    vectors[3], vectors[4, 0] = 0, np.nan
    found = item_vectors(["a", "a", "a", "b", "b", ""], ["en", "de", "de", "en", "de", "en"], [""] * 6, vectors)
    assert found.read.read == 2
    assert found.read.skipped == {"repeated": 1, "without_a_vector": 1, "not_finite": 1, "unnamed": 1}
    with pytest.raises(NotFound, match="no language 'eng'"):
        consistency(found, pivot="eng")
    with pytest.raises(InvalidValue, match="two languages"):
        consistency(item_vectors(["a"], ["en"], [""], vectors[:1]))
    with pytest.raises(InvalidValue, match="one row of each"):
        item_vectors(["a"], ["en"], [""], vectors)


def test_vectors_are_brought_in_any_form(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = planted({("en", ""): 0.0, ("de", ""): 0.7, ("de", "english-first"): 0.2})
    names = {"item": one.items, "language": one.languages, "variant": one.variants}
    table = pa.table(names | {"vector": list(one.vectors.tolist())})
    pq.write_table(table, tmp_path / "a.parquet")
    pq.write_table(
        pa.table(names | {f"d{i}": one.vectors[:, i] for i in range(one.vectors.shape[1])}), tmp_path / "b.parquet"
    )
    np.savez(tmp_path / "c.npz", vectors=one.vectors, **{name: np.array(part) for name, part in names.items()})
    np.save(tmp_path / "d.npy", one.vectors)
    (tmp_path / "d.csv").write_text(
        "item,language,variant\n" + "".join(f"{a},{b},{c}\n" for a, b, c in zip(*names.values(), strict=True)),
        encoding="utf-8",
    )
    (tmp_path / "e.jsonl").write_text("\n".join(json.dumps(row) for row in table.to_pylist()), encoding="utf-8")
    for asked in (["a.parquet"], ["b.parquet"], ["c.npz"], ["d.npy", "--items", str(tmp_path / "d.csv")], ["e.jsonl"]):
        assert main(["consistency", str(tmp_path / asked[0]), *asked[1:], "--json"]) == 0, asked
        value = json.loads(capsys.readouterr().out)
        assert value["clc"]["english_only"]["value"] == pytest.approx(np.cos(0.7), abs=1e-5)
        assert value["css"]["english-first"]["english_only"]["value"] == pytest.approx(np.cos(0.2), abs=1e-5)
        assert set(value["clc"]["all_pairs"]) == {"value", "n", "low", "high", "null"}
    np.save(tmp_path / "f.npy", np.array([{}], dtype=object), allow_pickle=True)
    for asked, why in ((["f.npy"], "arrays that can be read"), (["d.npy"], "--items"), (["none.npz"], "no file")):
        assert main(["consistency", str(tmp_path / asked[0])]) == 2
        assert why in capsys.readouterr().err


def test_texts_are_encoded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "t.csv").write_text("en,de\nwater,water\nhouse,house\n", encoding="utf-8")
    assert main(["consistency", str(tmp_path / "t.csv"), "--model", "shipped", "--json"]) == 0
    value = json.loads(capsys.readouterr().out)
    assert value["clc"]["english_only"]["value"] == pytest.approx(1.0, abs=1e-5)
    assert value["model"].startswith("isogloss-static")
