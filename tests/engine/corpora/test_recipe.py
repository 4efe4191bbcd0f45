"""Recipes: every mistake is told before anything is trained, with key, value and lever."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.corpora.corpus import assign_slices, count, read_corpus
from isogloss.corpora.forms import TokenRules
from isogloss.corpora.recipe import Slice, TrainingParameters, read_recipe
from isogloss.errors import InvalidValue
from isogloss.tables.dates import bound, spelt

WHOLE = """
[collection]
name = "all"
title = "All of it"
ordered = false
licence = "CC0"
[corpus]
file = "corpus.parquet"
text = "text"
slice_by = "where"
author = "who"
[[slices]]
name = "one"
values = ["a", 2]
[[slices]]
name = "two"
from = 3
to = 4.5
[tokens]
drop = ["pv"]
fold_accents = true
variants = {"viet nam" = "viet-nam"}
[training]
dim = 8
sample = 1
seed = 0
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pq.write_table(pa.table({"text": ["a"], "where": ["a"], "who": ["x"]}), tmp_path / "corpus.parquet")
    return tmp_path


def write(folder: Path, text: str) -> Path:
    (folder / "recipe.toml").write_text(text, encoding="utf-8")
    return folder / "recipe.toml"


def changed(old: str, new: str) -> str:
    assert old in WHOLE
    return WHOLE.replace(old, new)


def test_everything_a_recipe_says(folder: Path) -> None:
    recipe = read_recipe(write(folder, WHOLE))
    assert (recipe.name, recipe.title, recipe.ordered, recipe.author) == ("all", "All of it", False, "who")
    assert recipe.corpus == folder / "corpus.parquet"
    assert recipe.slices == (Slice("one", values=("a", "2")), Slice("two", 3, 4.5))
    assert recipe.tokens == TokenRules({"viet nam": "viet-nam"}, drop=frozenset(["pv"]), fold_accents=True)
    assert recipe.training == TrainingParameters(dim=8, sample=1.0, seed=0)
    assert dict(recipe.metadata) == {"licence": "CC0"}


def test_what_a_recipe_leaves_out_has_the_defaults(folder: Path) -> None:
    text = (
        WHOLE.split("[tokens]")[0].replace('title = "All of it"\nordered = false\n', "").replace('author = "who"\n', "")
    )
    recipe = read_recipe(write(folder, text))
    assert (recipe.title, recipe.ordered, recipe.author) == ("all", True, None)
    assert (recipe.tokens, recipe.training) == (TokenRules(), TrainingParameters())


def test_the_corpus_is_looked_for_beside_the_recipe_then_in_the_data_folder(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path_factory.mktemp("data")
    recipe = write(folder, WHOLE)
    (folder / "corpus.parquet").rename(data / "corpus.parquet")
    with pytest.raises(InvalidValue, match=r"'corpus\.parquet' is not there.*set ISOGLOSS_DATA"):
        read_recipe(recipe)
    monkeypatch.setenv("ISOGLOSS_DATA", str(data))
    assert read_recipe(recipe).corpus == data / "corpus.parquet"


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("dim = 8", "dim = 8.5", "training.dim is 8.5"),
        ("dim = 8", "dim = true", "training.dim is True"),
        ("dim = 8", "dim = 0", "training.dim is 0"),
        ("sample = 1", "sample = nan", "training.sample is nan"),
        ("sample = 1", "alpha = inf", "training.alpha is inf"),
        ("seed = 0", "seed = -1", "training.seed is -1"),
        ("fold_accents = true", "fold_accents = 1", "tokens.fold_accents is 1"),
        ('drop = ["pv"]', 'drop = "pv"', "tokens.drop is 'pv'"),
        ('drop = ["pv"]', 'stop = ["pv"]', "'stop'"),
        ('"viet-nam"}', "5}", "5"),
        ('name = "all"', 'name = ""', "collection.name is ''"),
        ('file = "corpus.parquet"', "", "corpus.file is None"),
        ("[training]", "[treining]", "treining"),
        ("[[slices]]", "[[slizes]]", "slices"),
        ('name = "two"', "title = 3", "title"),
        ("from = 3", "from = true", "from True"),
        ("to = 4.5", "to = 2", "from 3 to 2"),
        ("to = 4.5", "", "to None"),
        ("to = 4.5", "to = nan", "to nan"),
        ('values = ["a", 2]', "values = []", "'one'"),
        ('values = ["a", 2]', "values = 5", "5"),
        ('values = ["a", 2]', 'values = "abc"', "abc"),
        ('name = "two"', 'name = "one"', "'one'"),
        ('author = "who"', 'autor = "who"', "autor"),
    ],
)
def test_every_mistake_is_named(folder: Path, old: str, new: str, part: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        read_recipe(write(folder, changed(old, new)))
    assert part in caught.value.fact + caught.value.lever
    assert "recipe.toml" in str(caught.value)
    assert caught.value.lever


def test_slices_that_are_no_list(folder: Path) -> None:
    with pytest.raises(InvalidValue, match="slice"):
        read_recipe(write(folder, "slices = 5\n" + WHOLE.replace("[[slices]]", "[[other]]")))


def test_a_date_among_the_metadata_can_be_stored(folder: Path) -> None:
    """TOML has dates and JSON has none: a build must not find that out after the training."""
    recipe = read_recipe(write(folder, changed('licence = "CC0"', "retrieved = 2024-05-01")))
    assert "2024-05-01" in json.dumps(dict(recipe.metadata))


@pytest.mark.parametrize("values", [["FRA", "GBR"], [[1]], [True]])
def test_a_column_without_numbers_cannot_be_sliced_by_range(values: list) -> None:
    if values == [True]:
        assert assign_slices(pa.chunked_array([values]), (Slice("s", 0, 1),)).tolist() == [0]
        return
    with pytest.raises(InvalidValue, match="number"):
        assign_slices(pa.chunked_array([values]), (Slice("s", 0, 3000),))


def corpus_of(folder: Path, **columns: list) -> Path:
    pq.write_table(pa.table({"text": ["x"], "where": ["a"], "who": ["w"]} | columns), folder / "corpus.parquet")
    return write(folder, WHOLE.replace('[[slices]]\nname = "two"\nfrom = 3\nto = 4.5\n', ""))


def test_a_text_column_that_is_no_text(folder: Path) -> None:
    with pytest.raises(InvalidValue, match="text"):
        read_corpus(read_recipe(corpus_of(folder, text=[5])))


def test_nulls_among_texts_and_authors(folder: Path) -> None:
    columns = {"text": ["war", None, "war war"], "where": ["a", "a", "2"], "who": ["w", None, None]}
    corpus = read_corpus(read_recipe(corpus_of(folder, **columns)))
    found = count(corpus, corpus.slice_of == 0)
    assert (found.count.tolist(), found.documents.tolist()) == ([3], [2])
    assert found.authors is not None
    assert found.authors.tolist() == [1]
    assert count(corpus, corpus.slice_of == 0).per_million.tolist() == [1e6]


@given(
    st.integers(-400, 2100),
    st.one_of(st.none(), st.integers(1, 12)),
    st.one_of(st.none(), st.integers(1, 28)),
    st.booleans(),
)
def test_bounds_are_written_as_they_were_given(year: int, month: int | None, day: int | None, end: bool) -> None:
    text = f"{year:05}" if year < 0 else f"{year:04}"
    if month is not None:
        text += f"-{month:02}" + (f"-{day:02}" if day is not None else "")
    found = bound(text, end=end)
    assert found is not None
    again = spelt(found, end=end)
    assert bound(again, end=end) == found
    assert month in (None, 1) or isinstance(again, str)
