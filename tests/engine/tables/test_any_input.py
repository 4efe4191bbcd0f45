"""Rows in = read + skipped by reason, in every kind of table and text; and no bytes at all end in another error."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import zipfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isogloss.corpora.documents import open_documents
from isogloss.corpora.proposing.proposals import contents, propose, slicing_columns, text_columns, words_of
from isogloss.encoders.texts import read_texts
from isogloss.errors import InvalidValue, NotFound
from tests.kit.tables import table_bytes
from tests.kit.tiers import cases

PACK = {
    "": bytes,
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": lambda data: pa.compress(data, "zstd", asbytes=True),
}
KINDS = ["csv", "tsv", "jsonl", "json", "columns.json", "parquet", "feather"]
TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=30).map("w{}".format)
PLAIN = st.text(st.characters(categories=("L", "N", "P", "Zs"), exclude_characters='"'), max_size=30).map("w{}".format)
ROWS = st.lists(st.tuples(st.integers(-3000, 3000), TEXT), min_size=2, max_size=30)
PLAIN_ROWS = st.lists(st.tuples(st.integers(1000, 2000), PLAIN), min_size=6, max_size=60)


@pytest.mark.parametrize("packing", list(PACK))
@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=cases(60, least=3))
@given(data=st.data())
def test_what_goes_in_comes_out(tmp_path_factory: pytest.TempPathFactory, kind: str, packing: str, data: Any) -> None:
    given_rows = data.draw(PLAIN_ROWS if kind == "tsv" or packing else ROWS)
    rows = [{"year": year, "text": text} for year, text in given_rows]
    path = tmp_path_factory.getbasetemp() / f"c.{kind.rpartition('.')[2]}{packing}"
    path.write_bytes(PACK[packing](table_bytes(kind, rows)))
    found = open_documents(path)
    assert found.table.to_pylist() == rows
    assert (found.read.read, found.read.skipped, found.read.left_out) == (len(rows), {}, {})


ODD = {
    "csv": {"short_row": b"1900\n", "long_row": b"1,2,3,4,5\n", "not_utf8": b"1900,\xff\xfe\n", "blank_row": b"\n"},
    "tsv": {"short_row": b"1900\n", "long_row": b"1\t2\t3\n", "not_utf8": b"1900\t\xff\xfe\n", "blank_row": b"\n"},
    "jsonl": {
        "row_that_is_no_json": b'{"text": \n',
        "row_that_is_no_object": b"[1]\n",
        "not_utf8": b'{"text": "\xff\xfe"}\n',
        "blank_row": b"\n",
    },
}


@pytest.mark.parametrize("packing", ["", ".gz"])
@pytest.mark.parametrize("kind", [*ODD])
@settings(max_examples=cases(120, least=6))
@given(data=st.data())
def test_every_odd_row_is_counted(tmp_path_factory: pytest.TempPathFactory, kind: str, packing: str, data: Any) -> None:
    rows = [{"year": 1800 + i, "text": f"東京 {i}"} for i in range(300)]
    lines = table_bytes(kind, rows).splitlines(keepends=True)
    wanted: dict[str, int] = {}
    for reason in data.draw(st.lists(st.sampled_from([*ODD[kind]]), max_size=5)):
        at = data.draw(st.integers(1 + (kind == "jsonl"), len(lines)))
        lines.insert(at, ODD[kind][reason])
        wanted[reason] = wanted.get(reason, 0) + 1
    path = tmp_path_factory.getbasetemp() / f"odd.{kind}{packing}"
    path.write_bytes(PACK[packing](b"".join(lines)))
    found = open_documents(path)
    assert found.table.to_pylist() == rows
    assert found.read.skipped == wanted
    assert found.read.total == len(lines) - (kind != "jsonl")


@settings(max_examples=cases(100, least=5))
@given(
    st.dictionaries(
        st.sampled_from("abcdefgh"), st.sampled_from([".txt", ".TXT", ".txt.gz", ".md", "", ".pdf", ".csv"])
    )
)
def test_every_file_of_a_folder_is_read_or_named(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, str]
) -> None:
    folder = tmp_path_factory.mktemp("folder")
    texts = {name for name, ending in files.items() if ending not in (".pdf", ".csv")}
    for name, ending in files.items():
        data = f"the text of {name}".encode()
        (folder / f"{name}{ending}").write_bytes(gzip.compress(data) if ending.endswith(".gz") else data)
    if not texts:
        return
    found = open_documents(folder)
    assert found.table["file"].to_pylist() == sorted(texts)
    assert found.table["text"].to_pylist() == [f"the text of {name}" for name in sorted(texts)]
    assert found.read.read == len(texts)
    assert len(found.read.left_out) == len(files) - len(texts)


# nothing ends in another error


def read_or_refused(path: Path) -> None:
    """What the page does with a file, up to the build; refused in one line with a lever, or done."""
    for way in (_as_a_corpus, lambda path: read_texts(path), lambda path: read_texts(path, "text")):
        said = "fact: lever"
        try:
            way(path)
        except (InvalidValue, NotFound) as error:
            said = str(error)
        assert "\n" not in said
        assert ": " in said


def _as_a_corpus(path: Path) -> None:
    found = open_documents(path)
    assert found.read.read == len(found.table)
    json.dumps(found.as_json())
    found.sentence().encode()
    for text in text_columns(found.table):
        words = words_of(found.table[text])
        for by in slicing_columns(found.table, text):
            if slices := propose(found.table[by]):
                inside = contents(found.table[by], slices, words)
                assert sum(inside.documents) + inside.rest == len(found.table)


@pytest.mark.parametrize(
    "name", ["c.csv", "c.tsv", "c.json", "c.jsonl", "c.parquet", "c.feather", "c.txt", "c", "c.zip"]
)
@settings(max_examples=cases(500, least=10))
@given(data=st.one_of(st.binary(max_size=300), st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))))
def test_any_bytes(tmp_path_factory: pytest.TempPathFactory, name: str, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(data)
    read_or_refused(path)


LIKE_CELLS = st.text(st.sampled_from(list('ab1. ,;\t|"\\\r\n\ufeffé東-/')), max_size=120)


@pytest.mark.parametrize("name", ["c.csv", "c.tsv", "c"])
@settings(max_examples=cases(1_500, least=20))
@given(text=LIKE_CELLS, encoding=st.sampled_from(["utf-8", "utf-16", "utf-16-le", "cp1252"]))
def test_anything_like_cells(tmp_path_factory: pytest.TempPathFactory, name: str, text: str, encoding: str) -> None:
    path = tmp_path_factory.getbasetemp() / f"cells-{name}"
    path.write_bytes(text.encode(encoding, "ignore"))
    read_or_refused(path)


VALUE = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=4), inner, max_size=3)),
    max_leaves=12,
)


@settings(max_examples=cases(1_500, least=20))
@given(values=st.lists(VALUE, max_size=5), lines=st.booleans())
def test_any_json(tmp_path_factory: pytest.TempPathFactory, values: list[Any], lines: bool) -> None:
    path = tmp_path_factory.getbasetemp() / ("any.jsonl" if lines else "any.json")
    path.write_text("".join(json.dumps(one) + "\n" for one in values) if lines else json.dumps(values), "utf-8")
    read_or_refused(path)


@settings(max_examples=cases(500, least=10))
@given(
    rows=st.lists(st.fixed_dictionaries({"text": st.none() | st.text(max_size=9)}, optional={"n": VALUE}), max_size=5)
)
def test_any_objects(tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, Any]]) -> None:
    path = tmp_path_factory.getbasetemp() / "objects.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    read_or_refused(path)


def test_a_zip_in_any_state(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.csv", "text,year\nx,1\ny,2\n")
    whole = out.getvalue()
    for cut in range(0, len(whole), 7):
        (tmp_path / "c.zip").write_bytes(whole[:cut])
        read_or_refused(tmp_path / "c.zip")
