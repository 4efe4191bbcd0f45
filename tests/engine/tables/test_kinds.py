"""What a file is: told by its content; what holds no texts is called by its name; parts of it can be chosen."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import pickle
import sqlite3
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest

from isogloss.corpora.documents import open_documents
from isogloss.encoders.texts import read_texts
from isogloss.errors import InvalidValue
from isogloss.tables.table import parts_of, read_table
from tests.kit.tables import table_bytes

ROWS = [{"year": 1900 + i, "text": f"one two {i}"} for i in range(8)]


@pytest.mark.parametrize("kind", ["csv", "tsv", "jsonl", "json", "columns.json", "parquet", "feather"])
@pytest.mark.parametrize("name", ["c", "c.data", "c.CSV", "c.JSON.gz"])
def test_content_decides_and_not_the_ending(tmp_path: Path, kind: str, name: str) -> None:
    if name == "c.JSON.gz" and kind in ("csv", "tsv"):
        return
    data = table_bytes(kind, ROWS)
    (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    assert open_documents(tmp_path / name).table.to_pylist() == ROWS
    assert read_texts(tmp_path / name).texts == [row["text"] for row in ROWS]


def test_a_file_that_is_packed_needs_no_ending(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_bytes(gzip.compress(table_bytes("csv", ROWS)))
    assert open_documents(tmp_path / "c.csv").table.to_pylist() == ROWS


def test_prose_is_one_document_and_a_table_in_a_text_file_is_a_table(tmp_path: Path) -> None:
    for text in ("Call me Ishmael. Some years ago, never mind; how long.\n" * 9, "[1] A note.\n", "a\tb\n"):
        (tmp_path / "c.txt").write_text(text)
        assert open_documents(tmp_path / "c.txt").table["text"].to_pylist() == [text]
    (tmp_path / "c.txt").write_bytes(table_bytes("tsv", ROWS))
    assert open_documents(tmp_path / "c.txt").table.to_pylist() == ROWS


def database(path: Path) -> bytes:
    with sqlite3.connect(path / "made.db") as base:
        base.execute("CREATE TABLE t (text TEXT)")
    return (path / "made.db").read_bytes()


def tar(path: Path) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        info = tarfile.TarInfo("a.csv")
        archive.addfile(info, io.BytesIO())
    return out.getvalue()


def office(part: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(part, "<x/>")
    return out.getvalue()


ALIEN = {
    "an HTML page": (b"<!DOCTYPE html><html><body>404</body></html>", "give the file itself"),
    "a Git LFS pointer": (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "git lfs pull"),
    "a table of pandas in HTML": (b'<table border="1" class="dataframe">\n<tr></tr></table>', "HTML page"),
    "XML": (b"<?xml version='1.0'?><TEI><text/></TEI>", "an XML document"),
    "a PDF": (b"%PDF-1.7\n", "give its text"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0", "a picture"),
    "a photograph": (b"\xff\xd8\xff\xe0\0", "a picture"),
    "a pickle": (pickle.dumps({"text": ["a"]}), "a pickle"),
    "HDF5": (b"\x89HDF\r\n\x1a\n", "an HDF5 file"),
    "Excel": (office("xl/workbook.xml"), "an Excel workbook: save the sheet as CSV"),
    "Word": (office("word/document.xml"), "a Word document: save it as plain text"),
    "old Excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
    "7z": (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    "RTF": (b"{\\rtf1 text}", "an RTF document"),
}


@pytest.mark.parametrize("name", ["c.txt", "c.parquet", "c", "c.csv.gz"])
@pytest.mark.parametrize("kind", [*ALIEN, "SQLite", "tar"])
def test_what_holds_no_texts_is_called_by_its_name(tmp_path: Path, kind: str, name: str) -> None:
    made = {"SQLite": (database, "an SQLite database"), "tar": (tar, "a tar archive: unpack it")}
    data, said = (made[kind][0](tmp_path), made[kind][1]) if kind in made else ALIEN[kind]
    (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    for way in (open_documents, read_texts):
        with pytest.raises(InvalidValue, match=said):
            way(tmp_path / name)


# parts


def test_one_of_several_files_in_a_zip_is_chosen(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.writestr("a/one.csv", table_bytes("csv", ROWS))
        archive.writestr("two.jsonl", table_bytes("jsonl", ROWS[:3]))
        archive.writestr("__MACOSX/._one.csv", b"x")
    assert parts_of(tmp_path / "c.zip") == ["a/one.csv", "two.jsonl"]
    with pytest.raises(InvalidValue, match=r"holds 2 files \(a/one.csv, two.jsonl\): name the one"):
        open_documents(tmp_path / "c.zip")
    with pytest.raises(InvalidValue, match=r"holds no 'three', but a/one.csv, two.jsonl"):
        open_documents(tmp_path / "c.zip", part="three")
    found = open_documents(tmp_path / "c.zip", part="two.jsonl")
    assert (found.table.to_pylist(), found.told["file"]) == (ROWS[:3], "two.jsonl")
    assert len(read_texts(tmp_path / "c.zip", part="a/one.csv").texts) == 8


def saved(folder: Path, rows: list[dict[str, Any]], parts: int = 1) -> None:
    """As Dataset.save_to_disk writes it."""
    folder.mkdir(parents=True)
    names = [f"data-{i:05}-of-{parts:05}.arrow" for i in range(parts)]
    for i, name in enumerate(names):
        some = pa.Table.from_pylist(rows[i::parts])
        with pa.OSFile(str(folder / name), "wb") as sink, pa.ipc.new_stream(sink, some.schema) as writer:
            writer.write_table(some)
    (folder / "state.json").write_text(json.dumps({"_data_files": [{"filename": name} for name in names]}))


def test_a_split_of_a_folder_of_datasets_is_chosen_or_named(tmp_path: Path) -> None:
    saved(tmp_path / "d" / "train", ROWS, parts=2)
    saved(tmp_path / "d" / "test", ROWS[:2])
    (tmp_path / "d" / "dataset_dict.json").write_text('{"splits": ["train", "test"]}')
    assert parts_of(tmp_path / "d") == ["train", "test"]
    for way in (open_documents, read_texts):
        with pytest.raises(InvalidValue, match=r"d holds the splits train, test: name the one"):
            way(tmp_path / "d")
        with pytest.raises(InvalidValue, match=r"has no split 'dev'"):
            way(tmp_path / "d", part="dev")
    found = open_documents(tmp_path / "d", part="train")
    assert sorted(found.table["year"].to_pylist()) == [*range(1900, 1908)]
    assert (found.read.read, found.told["split"]) == (8, "train")
    assert open_documents(tmp_path / "d" / "test").table.to_pylist() == ROWS[:2]
    (tmp_path / "d" / "dataset_dict.json").write_text('{"splits": ["../d/test"]}')
    with pytest.raises(InvalidValue):
        open_documents(tmp_path / "d")


def test_shards_are_read_as_one(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    for i in range(2):
        pq.write_table(
            pa.Table.from_pylist(ROWS[i * 4 : i * 4 + 4]), tmp_path / "data" / f"train-0000{i}-of-00002.parquet"
        )
    (tmp_path / "README.md").write_text("About.")
    found = open_documents(tmp_path)
    assert (found.table.to_pylist(), found.told["shards"]) == (ROWS, "2")
    pq.write_table(pa.Table.from_pylist(ROWS[:1]), tmp_path / "data" / "test-00000-of-00001.parquet")
    assert parts_of(tmp_path) == ["test", "train"]
    with pytest.raises(InvalidValue, match="holds the splits test, train"):
        open_documents(tmp_path)
    assert open_documents(tmp_path, part="train").table.to_pylist() == ROWS


def test_shards_of_other_columns_and_kinds_are_joined(tmp_path: Path) -> None:
    for name, rows in (("1990.csv", [{"text": "a b", "n": 1}]), ("1991.csv", [{"text": "c", "n": "x", "who": "w"}])):
        (tmp_path / name).write_bytes(table_bytes("csv", rows))
    (tmp_path / "other.jsonl").write_bytes(table_bytes("jsonl", ROWS))
    found = open_documents(tmp_path)
    assert found.table.to_pylist() == [{"text": "a b", "n": "1", "who": None}, {"text": "c", "n": "x", "who": "w"}]
    assert found.read.left_out == {"other.jsonl": "the others are .csv"}


# folders of texts


def test_packed_and_unpacked_texts_alike(tmp_path: Path) -> None:
    for name, data in (
        ("a/1851.txt", b"one"),
        ("a/1852.txt.gz", gzip.compress(b"two")),
        ("b/x.TXT", b"three"),
        ("b.v2/plain", b"four"),
        ("b/note.md", "fünf".encode("cp1252")),
        ("b/scan.pdf", b"%PDF"),
        ("b/picture", b"\x89PNG\r\n\x1a\n\0\0"),
        ("b/.hidden", b"x"),
        ("b/broken.txt.gz", b"\x1f\x8bno"),
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    found = open_documents(tmp_path)
    assert {row["file"]: row["text"] for row in found.table.to_pylist()} == {
        "a/1851": "one",
        "a/1852": "two",
        "b/x": "three",
        "b.v2/plain": "four",
        "b/note": "fünf",
    }
    assert found.table["year"].to_pylist()[:2] == [1851, 1852]
    assert set(found.read.left_out) == {"b/scan.pdf", "b/picture", "b/.hidden", "b/broken.txt.gz"}
    assert found.read.left_out["b/scan.pdf"] == "it ends in .pdf"
    assert found.read.left_out["b/picture"] == "is a picture"
    assert found.told["encoding"] == "cp1252"


# JSON


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(ROWS),
        json.dumps(ROWS, indent=2),
        json.dumps({"year": [r["year"] for r in ROWS], "text": [r["text"] for r in ROWS]}),
        json.dumps({"data": ROWS, "version": 1, "by": ["x"]}),
        json.dumps({"columns": ["year", "text"], "index": [0], "data": [[*row.values()] for row in ROWS]}),
        json.dumps({name: {str(i): row[name] for i, row in enumerate(ROWS)} for name in ("year", "text")}),
        "\n".join(json.dumps(row, indent=1) for row in ROWS),
        json.dumps([["year", "text"], *([*row.values()] for row in ROWS)]),
        "\ufeff" + "\r\n".join(map(json.dumps, ROWS)) + "\r\n",
    ],
)
def test_json_in_its_forms(tmp_path: Path, text: str) -> None:
    for name in ("c.json", "c.jsonl"):
        (tmp_path / name).write_text(text, encoding="utf-8", newline="")
        assert open_documents(tmp_path / name).table.to_pylist() == ROWS


def test_no_value_of_json_is_lost(tmp_path: Path) -> None:
    rows = [
        {"text": "a", "meta": {"year": 1900, "place": {"town": "x"}}},
        {"text": 5, "meta": {"year": "1901"}, "tags": ["a", "b"], "flag": True},
        {"text": None, "when": "2020-01-01", "big": 2**70, "half": 1.5},
    ]
    (tmp_path / "c.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert open_documents(tmp_path / "c.jsonl").table.to_pylist() == [
        {
            "text": "a",
            "meta.year": "1900",
            "meta.place.town": "x",
            "tags": None,
            "flag": None,
            "when": None,
            "big": None,
            "half": None,
        },
        {
            "text": "5",
            "meta.year": "1901",
            "meta.place.town": None,
            "tags": '["a", "b"]',
            "flag": True,
            "when": None,
            "big": None,
            "half": None,
        },
        {
            "text": None,
            "meta.year": None,
            "meta.place.town": None,
            "tags": None,
            "flag": None,
            "when": "2020-01-01",
            "big": str(2**70),
            "half": 1.5,
        },
    ]


def test_objects_by_their_names_keep_the_names(tmp_path: Path) -> None:
    (tmp_path / "c.json").write_text(json.dumps({"doc-a": {"text": "x", "year": 1}, "doc-b": {"text": "y", "year": 2}}))
    assert open_documents(tmp_path / "c.json").table["key"].to_pylist() == ["doc-a", "doc-b"]


# columns that know what they are


def test_dates_lists_and_categories_of_parquet_are_kept(tmp_path: Path) -> None:
    import datetime
    import decimal

    table = pa.table(
        {
            "text": pa.array(["a", "b"]).dictionary_encode(),
            "day": pa.array([datetime.date(1899, 4, 15), None]),
            "tags": pa.array([["x", "y"], []]),
            "price": pa.array([decimal.Decimal("1.50"), None]),
            "meta": pa.array([{"who": "w", "in": {"n": 1}}, None]),
            "raw": pa.array([b"caf\xc3\xa9", None]),
        }
    )
    pq.write_table(table, tmp_path / "c.parquet")
    feather.write_feather(table, tmp_path / "c.arrow", compression="uncompressed")
    for name in ("c.parquet", "c.arrow"):
        assert read_table(tmp_path / name).table.to_pylist() == [
            {
                "text": "a",
                "day": datetime.date(1899, 4, 15),
                "tags": '["x", "y"]',
                "price": 1.5,
                "meta.who": "w",
                "meta.in.n": 1,
                "raw": "café",
            },
            {"text": "b", "day": None, "tags": "[]", "price": None, "meta.who": None, "meta.in.n": None, "raw": None},
        ]


def test_a_text_that_is_not_utf_8_is_one_odd_row_of_parquet(tmp_path: Path) -> None:
    good = pa.array([f"w{i}" for i in range(100)])
    odd = pa.StringArray.from_buffers(1, pa.py_buffer(b"\0\0\0\0\2\0\0\0"), pa.py_buffer(b"\xff\xfe"))
    pq.write_table(pa.table({"text": pa.chunked_array([good, odd])}), tmp_path / "c.parquet")
    found = read_table(tmp_path / "c.parquet")
    assert (found.read.read, found.read.skipped, found.read.listed) == (100, {"not_utf8": 1}, {"not_utf8": ["row 101"]})


def test_a_zip_whose_file_has_no_name_is_no_traceback(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xy.csv", "text,year\na,1\n")
    data = path.read_bytes()
    at = data.index(b"PK\x01\x02") + 28  # the length of the name in the archive's directory
    path.write_bytes(data[:at] + b"\0\0" + data[at + 2 :])
    with contextlib.suppress(InvalidValue):
        assert parts_of(path) == []
    with pytest.raises(InvalidValue, match=r"a\.zip"):
        read_table(path)
