"""Lines of a word from the corpus that a collection was built from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from isogloss.corpora.concordance import WIDTH, concordance, corpus_of, describe_corpus, read_texts
from isogloss.corpora.recipe import Recipe, Slice
from isogloss.errors import InvalidValue
from isogloss.spaces.collection import Collection
from tests.kit.spaces import random_space

TEXTS = [
    "War and Peace. PEACE, again; peaceful",
    "co-operation and co operation",
    "Nothing here",
    "later peace\n\nhere",
    "<b>peace</b> outside",
]


@pytest.fixture
def recipe(tmp_path: Path) -> Recipe:
    path = tmp_path / "texts.parquet"
    table = pa.table({"text": TEXTS, "year": [1, 1, 1, 2, 9], "who": ["A", "B", "C", "D", "E"]})
    pq.write_table(table, path)
    return Recipe(
        "c",
        "C",
        path,
        "text",
        "year",
        (Slice("one", 1, 1), Slice("two", 2, 9)),
        author="who",
        where=("year", Slice("", 1, 5)),
    )


def test_lines_are_whole_words_of_their_space(recipe: Recipe) -> None:
    corpus = describe_corpus(recipe)
    texts = read_texts(recipe.corpus, corpus)
    assert texts["_space"].to_pylist() == ["one", "one", "one", "two", ""]
    (line,) = concordance(texts, corpus, "peace", space="one")
    assert (line.left, line.word, line.right, line.where) == ("War and ", "Peace", ". PEACE, again; peaceful", "1, A")
    (line,) = concordance(texts, corpus, "peace", space="two")
    assert (line.word, line.right) == ("peace", " here")
    assert [one.word for one in concordance(texts, corpus, "co-operation", space="one")] == ["co-operation"]
    assert concordance(texts, corpus, "pea", space="one") == []
    assert concordance(texts, corpus, "(.*)", space="one") == []


def test_at_most_so_many_and_so_wide(tmp_path: Path, recipe: Recipe) -> None:
    pq.write_table(
        pa.table({"text": ["x" * 50 + " peace " + "y " * 90] * 30, "year": [1] * 30, "who": ["A"] * 30}), recipe.corpus
    )
    corpus = describe_corpus(recipe)
    found = concordance(read_texts(recipe.corpus, corpus), corpus, "peace", space="one", most=5)
    assert len(found) == 5
    assert all(len(line.left) <= WIDTH and len(line.right) <= WIDTH for line in found)


def test_a_corpus_is_looked_for_by_its_bare_name(
    recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    collection = Collection("c", (random_space("one", 3, 4),), metadata={"corpus": describe_corpus(recipe)})
    monkeypatch.delenv("ISOGLOSS_DATA", raising=False)
    assert corpus_of(collection) is None
    monkeypatch.setenv("ISOGLOSS_DATA", str(tmp_path))
    assert corpus_of(collection) == recipe.corpus
    elsewhere = {"corpus": describe_corpus(recipe) | {"file": "../../etc/passwd"}}
    assert corpus_of(replace(collection, metadata=elsewhere)) is None
    assert corpus_of(replace(collection, metadata={})) is None


def test_another_file_of_that_name_is_refused(recipe: Recipe) -> None:
    pq.write_table(pa.table({"other": ["x"]}), recipe.corpus)
    with pytest.raises(InvalidValue, match="cannot be read as the corpus"):
        read_texts(recipe.corpus, describe_corpus(recipe))
