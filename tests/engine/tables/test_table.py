"""One reader of tables of text for corpora, texts to encode and parallel lines: packed, quoted, bounded."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from isogloss.corpora.documents import read_documents
from isogloss.encoders.texts import read_texts
from isogloss.errors import InvalidValue
from isogloss.separation.gap import Line, read_lines
from isogloss.tables.table import read_table

TEXTS = ["one\ntwo", 'he said "no", twice', "東京", "NA"]


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def written(kind: str) -> bytes:
    """The texts beside their numbers."""
    rows = list(enumerate(TEXTS))
    if kind in ("csv", "tsv"):
        between = "," if kind == "csv" else "\t"
        return ("n" + between + "text\n" + "".join(f"{n}{between}{quoted(t)}\n" for n, t in rows)).encode()
    if kind == "jsonl":
        return "".join(json.dumps({"n": n, "text": t}) + "\n" for n, t in rows).encode()
    out = io.BytesIO()
    pq.write_table(pa.table({"n": [n for n, _ in rows], "text": TEXTS}), out)
    return out.getvalue()


def zipped(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner", data)
    return out.getvalue()


PACK = {"": bytes, ".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress, ".zip": zipped}


@pytest.mark.parametrize("packing", list(PACK))
@pytest.mark.parametrize("kind", ["csv", "tsv", "jsonl", "parquet"])
def test_corpora_and_texts_to_encode_are_read_alike(tmp_path: Path, kind: str, packing: str) -> None:
    path = tmp_path / f"t.{kind}{packing}"
    path.write_bytes(PACK[packing](written(kind)))
    assert read_documents(path)["text"].to_pylist() == TEXTS
    assert read_texts(path).texts == TEXTS
    if kind != "parquet":
        path.write_bytes(PACK[packing](b"\xef\xbb\xbf" + written(kind)))
        assert read_texts(path, "text").texts == TEXTS


@pytest.mark.parametrize("packing", list(PACK))
def test_lines_of_a_packed_text(tmp_path: Path, packing: str) -> None:
    path = tmp_path / f"t.txt{packing}"
    path.write_bytes(PACK[packing]("\ufeffone\r\ntwo\n\none\u2028three\n".encode()))
    assert read_texts(path).texts == ["one", "two", "three"]


def test_what_encode_does_not_read_is_left_alone(tmp_path: Path) -> None:
    """Columns beside the text may be of another encoding, stand twice, or be dates."""
    for name, data in (
        ("latin.csv", b"text,who\na,Zo\xeb\n"),
        ("twice.csv", b"text,n,n\na,1,2\n"),
        ("dates.jsonl", b'{"title": "a", "day": "2020-01-01"}\n'),
        ("wide.jsonl", b'{\n"text": "a"\n}\n'),
    ):
        (tmp_path / name).write_bytes(data)
        assert read_texts(tmp_path / name).texts == ["a"]
    assert read_documents(tmp_path / "latin.csv").to_pylist() == [{"text": "a", "who": "Zoë"}]
    assert read_documents(tmp_path / "twice.csv").to_pylist() == [{"text": "a", "n": 1, "n 2": 2}]
    assert read_documents(tmp_path / "wide.jsonl").to_pylist() == [{"text": "a"}]
    with pytest.raises(InvalidValue, match=r"has the columns \['text', 'n', 'n 2'\], not 'x'"):
        read_texts(tmp_path / "twice.csv", "x")
    assert read_texts(tmp_path / "twice.csv", "n 2").texts == ["2"]


@pytest.mark.parametrize("kind", ["csv", "tsv", "jsonl", "txt"])
def test_texts_to_encode_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setattr("isogloss.tables.bounded.MOST_BYTES", 40)
    (tmp_path / f"t.{kind}").write_bytes(written("csv" if kind == "txt" else kind))
    with pytest.raises(InvalidValue, match="holds more than"):
        read_texts(tmp_path / f"t.{kind}")
    monkeypatch.setattr("isogloss.tables.columnar.MOST_ROWS", 2)
    (tmp_path / "t.parquet").write_bytes(written("parquet"))
    with pytest.raises(InvalidValue, match="holds 4 rows"):
        read_texts(tmp_path / "t.parquet")


def test_a_bomb_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "t.txt.gz").write_bytes(gzip.compress(b"a" * (70 << 20)))
    with pytest.raises(InvalidValue, match="unpacks to more than 200 times"):
        read_texts(tmp_path / "t.txt.gz")


def test_kinds_that_are_no_table(tmp_path: Path) -> None:
    (tmp_path / "t.xls").write_bytes(b"x")
    with pytest.raises(InvalidValue, match=r"give one of .csv, .tsv"):
        read_table(tmp_path / "t.xls")


LINES = [Line("rus", '"день"', "day", '"den"'), Line("und", "nuit", "night", "nuit")]


@pytest.mark.long
@pytest.mark.parametrize("name", ["l.tsv", "l.txt", "l.csv", "l.tsv.gz", "l"])
def test_parallel_lines_between_tabs_take_quotes_as_they_are(tmp_path: Path, name: str) -> None:
    data = 'Text\tEnglish\tLanguage\n"день"\tday\trus\r\n\nnuit\tnight\t\n'.encode()
    (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    assert read_lines(tmp_path / name) == LINES


def test_parallel_lines_of_other_tables(tmp_path: Path) -> None:
    rows = [{"text": one.text, "english": one.english, "language": one.language} for one in LINES]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "l.parquet")
    (tmp_path / "l.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    (tmp_path / "l.csv").write_text(
        "text,english,language\n" + "".join(f"{quoted(r['text'])},{r['english']},{r['language']}\n" for r in rows)
    )
    for name in ("l.parquet", "l.jsonl", "l.csv"):
        assert read_lines(tmp_path / name) == LINES
    (tmp_path / "l.csv").write_text("text,english,language\n,a,b\n")
    with pytest.raises(InvalidValue, match=r"row 1 of l.csv has an empty text"):
        read_lines(tmp_path / "l.csv")
    (tmp_path / "l.csv").write_text("text,language\na,b\n")
    with pytest.raises(InvalidValue, match=r"lacks \['english'\]"):
        read_lines(tmp_path / "l.csv")


def test_parallel_lines_are_bounded_and_held_to_utf_8(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "l.tsv").write_bytes(b"language\ttext\tenglish\nfra\t\xe9t\xe9\tsummer\n")
    assert read_lines(tmp_path / "l.tsv")[0].text == "été"
    (tmp_path / "l.tsv").write_bytes("language\ttext\tenglish\nfra\tété\tsummer\n".encode() + b"fra\t\xff\tx\n")
    with pytest.raises(InvalidValue, match=r"line 3 of l.tsv is not UTF-8"):
        read_lines(tmp_path / "l.tsv")
    monkeypatch.setattr("isogloss.separation.gap._MOST_BYTES", 10)
    with pytest.raises(InvalidValue, match="holds more than 10 bytes"):
        read_lines(tmp_path / "l.tsv")
