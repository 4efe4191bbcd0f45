"""Large corpora of several files: read a few at a time, to the same documents, tokens and counts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from isogloss.corpora import streamed, tokens
from isogloss.corpora.corpus import count, read_corpus
from isogloss.corpora.documents import take_documents
from isogloss.corpora.forms import TokenRules
from isogloss.corpora.recipe import read_recipe
from isogloss.corpora.streamed import stream_documents
from isogloss.corpora.tokens import Tokenizer
from isogloss.errors import InvalidValue
from isogloss.training.samples import renumber

ROWS = [
    {
        "year": 1950 + i % 20,
        "author": f"a{i % 3}",
        "text": f"The ship no. {i} of Mr. Smith. It well-\nknown sings {i % 7}th!",
    }
    for i in range(60)
]


def shards(folder: Path, names: list[str]) -> Path:
    folder.mkdir()
    for at, name in enumerate(names):
        parquet.write_table(pa.Table.from_pylist(ROWS[at :: len(names)]), folder / name)
    return folder


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streamed, "LEAST", 200)


@pytest.mark.parametrize(
    ("names", "part"),
    [
        (["train-00000-of-00002.parquet", "train-00001-of-00002.parquet"], None),
        (["1950.parquet", "1960.parquet", "1970.parquet"], None),
        (["train-000.parquet", "test-000.parquet", "test-001.parquet"], "test"),
    ],
)
def test_shards_are_what_they_are_when_read_whole(
    tmp_path: Path, at_once: None, names: list[str], part: str | None
) -> None:
    folder = shards(tmp_path / "corpus", names)
    (folder / "README.md").write_text("about it")
    spool = tmp_path / "rows.arrow"
    found, whole = stream_documents(folder, spool, part=part), take_documents(folder, part=part)
    assert spool.stat().st_size > 0
    assert found.table.to_pylist() == whole.table.to_pylist()
    assert found.as_json() == whole.as_json()


def test_folders_of_texts_too(tmp_path: Path, at_once: None) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    for at, row in enumerate(ROWS[:20]):
        (folder / f"{row['year']}-{at:02}.txt").write_text(str(row["text"]))
    (folder / "odd.txt").write_bytes(b"\0\1\2" * 200)
    (folder / "picture.png").write_bytes(b"\x89PNG")
    spool = tmp_path / "rows.arrow"
    found, whole = stream_documents(folder, spool), take_documents(folder)
    assert spool.is_file()
    assert found.table.to_pylist() == whole.table.to_pylist()
    assert found.as_json() == whole.as_json()


def test_what_cannot_be_streamed_is_read_whole(tmp_path: Path, at_once: None) -> None:
    folder = shards(tmp_path / "mixed", ["a.parquet", "b.parquet"])
    parquet.write_table(pa.table({"year": ["1999"], "text": ["another kind"]}), folder / "c.parquet")
    found = stream_documents(folder, tmp_path / "rows.arrow")
    assert found.table.to_pylist() == take_documents(folder).table.to_pylist()
    with pytest.raises(InvalidValue, match="holds the splits"):
        stream_documents(shards(tmp_path / "two", ["train-000.parquet", "test-000.parquet"]), tmp_path / "more.arrow")


def test_a_corpus_is_the_same_stream_and_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shards(tmp_path / "corpus", ["a.parquet", "b.parquet"])
    slices = "".join(f'[[slices]]\nname = "{y}"\nfrom = {y}\nto = {y + 9}\n' for y in (1950, 1960))
    where = tmp_path / "recipe.toml"
    where.write_text(
        '[collection]\nname = "c"\ntitle = "c"\n[corpus]\nfile = "corpus"\ntext = "text"\nslice_by = "year"\n'
        'author = "author"\n' + slices
    )
    recipe = read_recipe(where)
    whole = read_corpus(recipe)
    counted = [count(whole, whole.slice_of == i) for i in range(2)]
    monkeypatch.setattr(streamed, "LEAST", 200)
    monkeypatch.setattr("isogloss.corpora.corpus._PAIRS", 3)
    monkeypatch.setattr(tokens.blocks_of, "__defaults__", (30,))  # tokens at a time
    some = read_corpus(recipe)
    for name in ("ids", "starts", "capital", "mid", "source"):
        assert np.array_equal(getattr(some.stream, name), getattr(whole.stream, name)), name
    assert some.stream.items == whole.stream.items
    assert some.read.as_json() == whole.read.as_json()
    for i, one in enumerate(counted):
        again = count(some, some.slice_of == i)
        for name in ("count", "per_million", "documents", "authors", "capital_share"):
            assert np.array_equal(getattr(again, name), getattr(one, name), equal_nan=True), name
        assert np.array_equal(some.tokens(some.slice_of == i), whole.tokens(whole.slice_of == i))


def test_forms_of_several_items_and_places_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["HIV/AIDS and TB/HIV, pre- and post-war.", "It is. TCP/IP!", "Mr. A. B. Smith", ""] * 5

    def stream() -> tokens.TokenStream:
        tokenizer = Tokenizer(TokenRules())
        for text in texts:
            tokenizer.add(text)
        return tokenizer.resolve(places=True)

    whole = stream()
    for most in (1, 7, 40):
        monkeypatch.setattr(tokens.blocks_of, "__defaults__", (most,))
        some = stream()
        for name in ("ids", "starts", "capital", "mid", "source"):
            assert np.array_equal(getattr(some, name), getattr(whole, name)), (most, name)


def test_renumbering_goes_block_by_block(monkeypatch: pytest.MonkeyPatch) -> None:
    ids = np.array([0, 3, -1, 2, 2, 1, -1, 3], np.int32)
    monkeypatch.setattr("isogloss.training.samples.BLOCK", 3)
    assert renumber(ids, np.array([3, 0]), 4).tolist() == [1, 0, -1, -1, 0]
    assert renumber(ids[:0], np.array([3, 0]), 4).tolist() == []
