"""Corpora of every format read alike; what is damaged is refused with its place, and never ends in another error."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import io
import json
import lzma
import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.corpora.corpus import read_corpus
from isogloss.corpora.documents import read_documents, text_documents
from isogloss.corpora.recipe import read_recipe
from isogloss.errors import InvalidValue, NotFound

ROWS = [
    {"text": 'Call me Ishmael.\nSome "years" ago, 東京', "year": 1851, "who": "NA"},
    {"text": "السلام; भारत\t<b>", "year": 1999, "who": "O\u2019Brien, Pat"},
]


def written(kind: str) -> bytes:
    """The rows in one of the formats."""
    if kind in ("csv", "tsv"):
        between = "," if kind == "csv" else "\t"
        quoted = [
            between.join(str(v) if isinstance(v, int) else '"' + v.replace('"', '""') + '"' for v in row.values())
            for row in ROWS
        ]
        return "\n".join([between.join(ROWS[0]), *quoted, ""]).encode()
    if kind == "parquet":
        out = io.BytesIO()
        pq.write_table(pa.Table.from_pylist(ROWS), out)
        return out.getvalue()
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS).encode()


PACK = {
    "": bytes,
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": lambda data: pa.compress(data, "zstd", asbytes=True),
}


@pytest.mark.parametrize("packing", list(PACK))
@pytest.mark.parametrize("kind", ["csv", "tsv", "jsonl", "ndjson"])
def test_the_same_rows_come_out_of_every_format(tmp_path: Path, kind: str, packing: str) -> None:
    path = tmp_path / f"c.{kind}{packing}"
    path.write_bytes(PACK[packing](written(kind)))
    assert read_documents(path).to_pylist() == ROWS
    path.write_bytes(PACK[packing](b"\xef\xbb\xbf" + written(kind)))
    assert read_documents(path).to_pylist() == ROWS


def test_parquet(tmp_path: Path) -> None:
    (tmp_path / "c.parquet").write_bytes(written("parquet"))
    assert read_documents(tmp_path / "c.parquet").to_pylist() == ROWS


def test_a_folder_of_texts(tmp_path: Path) -> None:
    folder = tmp_path / "novels"
    (folder / "en" / "late").mkdir(parents=True)
    (folder / "en" / "1851-moby.dick.txt").write_bytes(b"\xef\xbb\xbfCall me")
    (folder / "en" / "late" / "x 12345 2100.MD").write_text("later")
    (folder / "a.txt").write_text("")
    (folder / "note.pdf").write_bytes(b"\xff")
    os.symlink("/etc/passwd", folder / "link.txt")
    os.symlink("/etc", folder / "etc")
    os.mkfifo(folder / "pipe.txt")
    assert read_documents(folder).to_pylist() == [
        {"file": "a", "year": None, "folder": "", "text": ""},
        {"file": "en/1851-moby.dick", "year": 1851, "folder": "en", "text": "Call me"},
        {"file": "en/late/x 12345 2100", "year": 2100, "folder": "en", "text": "later"},
    ]
    assert read_documents(folder).schema.field("year").type == pa.int64()


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("novel.txt", b"%PDF-1.7 x", r"novel.txt is a PDF: give its text"),
        ("c.csv", b"text,n\na,1,2\n", r"1 of 1 rows cannot be used \(long row: line 2\)"),
        ("c.csv", b'text,n\na,1\n"b,2\nc,3\n', r"c.csv, line 3: a quotation mark opens a cell and is never closed"),
        ("c.csv", b"text,n\n" + b"a,1\na\n" * 20, r"20 of 40 rows .* \(short row: line 3, line 5, line 7\)"),
        ("c.csv", b"text,n\n", r"holds no document"),
        ("c.csv", b"", r"c.csv is empty"),
        ("c.jsonl", b'{"a":1}\n{"a":\n' * 9, r"9 of 18 rows .* \(row that is no json: line 2, line 4, line 6\)"),
        ("c.jsonl", b'{"a":1}\n[1]\n' * 9, r"row that is no object: line 2"),
        ("c.jsonl", b'{"\\ud800":1}\n', r"1 row with a key that is no text"),
        ("c.json", b"nonsense", r"c.json, line 1 is no JSON"),
        ("c.jsonl", b"\n", r"empty"),
        ("c.parquet", b"PAR1xxxxPAR1", r"c.parquet cannot be read"),
        ("c.csv.xz", b"nonsense", r"c.csv.xz cannot be read"),
        ("c.csv.gz", gzip.compress(b"text\n" + b"a" * (70 << 20)), r"unpacks to more than 200 times"),
        ("c.docx", b"PK\x03\x04 word/document.xml", r"c.docx is a Word document: save it as plain text"),
    ],
)
def test_what_is_damaged_is_refused_with_its_place(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(InvalidValue, match=said):
        read_documents(tmp_path / name)


def test_texts_in_parquet_must_be_utf8(tmp_path: Path) -> None:
    texts = pa.StringArray.from_buffers(1, pa.py_buffer(b"\0\0\0\0\2\0\0\0"), pa.py_buffer(b"\xff\xfe"))
    pq.write_table(pa.table({"text": texts}), tmp_path / "c.parquet")
    with pytest.raises(InvalidValue, match=r"c.parquet: 1 of 1 rows cannot be used \(not utf8: row 1\)"):
        read_documents(tmp_path / "c.parquet")


def test_folders_without_texts_and_names_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match="holds no text files"):
        read_documents(tmp_path)
    with pytest.raises(NotFound, match="there is no file"):
        read_documents(tmp_path / "none.csv")
    with pytest.raises(InvalidValue, match="is not UTF-8: rename"):
        text_documents([("\udcff.txt", b"x")])
    (tmp_path / "a.txt").write_bytes(b"ok \0\1\2")
    with pytest.raises(InvalidValue, match=r"holds no text files .*a.txt \(is no text\)"):
        read_documents(tmp_path)


def test_more_than_is_sane_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(3):
        (tmp_path / f"{n}.txt").write_text("x" * 400)
    monkeypatch.setattr("isogloss.corpora.documents._MOST_FILES", 2)
    with pytest.raises(InvalidValue, match="more than 2 texts"):
        read_documents(tmp_path)
    monkeypatch.setattr("isogloss.tables.bounded.MOST_BYTES", 100)
    for kind, data in (("txt", b"x" * 400), ("csv", written("csv") * 4), ("jsonl", written("jsonl"))):
        (tmp_path / f"c.{kind}").write_bytes(data)
        with pytest.raises(InvalidValue, match="holds more than"):
            read_documents(tmp_path / f"c.{kind}")
    monkeypatch.setattr("isogloss.tables.columnar.MOST_ROWS", 1)
    (tmp_path / "c.parquet").write_bytes(written("parquet"))
    with pytest.raises(InvalidValue, match="holds 2 rows"):
        read_documents(tmp_path / "c.parquet")


def test_not_available_is_null_among_numbers_alone(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("text,year,who\na,1,NA\nb,NA,\nc,3,FR\n")
    assert read_documents(tmp_path / "c.csv").to_pylist() == [
        {"text": "a", "year": 1, "who": "NA"},
        {"text": "b", "year": None, "who": None},
        {"text": "c", "year": 3, "who": "FR"},
    ]


def read_or_refused(path: Path) -> None:
    """Whole in every value, or refused in one line with a lever."""
    said = ": one line"
    with contextlib.suppress(InvalidValue):
        try:
            read_documents(path).to_pylist()
        except InvalidValue as error:
            said = str(error)
            raise
    assert "\n" not in said
    assert ": " in said


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet", "csv.gz", "jsonl.xz", "tsv.zst"])
@given(data=st.data())
def test_damaged_bytes_are_refused_or_read(
    tmp_path_factory: pytest.TempPathFactory, kind: str, data: st.DataObject
) -> None:
    inner, dot, packing = kind.partition(".")
    whole = bytearray(PACK[dot + packing](written(inner)))
    for at in data.draw(st.lists(st.integers(0, len(whole) - 1), min_size=1, max_size=4)):
        whole[at] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        del whole[data.draw(st.integers(0, len(whole))) :]
    path = tmp_path_factory.getbasetemp() / f"damaged.{kind}"
    path.write_bytes(bytes(whole))
    read_or_refused(path)


@given(st.sampled_from(["csv", "tsv", "jsonl", "txt", "parquet"]), st.binary(max_size=200))
def test_any_bytes_are_refused_or_read(tmp_path_factory: pytest.TempPathFactory, kind: str, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / f"any.{kind}"
    path.write_bytes(data)
    read_or_refused(path)


def test_a_recipe_takes_a_folder_and_a_packed_table(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    for year in (1851, 1999):
        (tmp_path / "texts" / f"{year}.txt").write_text("one two three")
    (tmp_path / "c.csv.gz").write_bytes(gzip.compress(written("csv")))
    for name in ("texts", "c.csv.gz"):
        (tmp_path / "r.toml").write_text(
            f'[collection]\nname = "c"\n[corpus]\nfile = "{name}"\ntext = "text"\nslice_by = "year"\n'
            '[[slices]]\nname = "old"\nfrom = 1800\nto = 1900\n[[slices]]\nname = "new"\nfrom = 1901\nto = 2000\n'
        )
        corpus = read_corpus(read_recipe(tmp_path / "r.toml"))
        assert corpus.slice_of.tolist() == [0, 1]
