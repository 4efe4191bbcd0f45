"""A corpus by its slices: every row of the file is a document of one slice or counted by its reason."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from isogloss.corpora.concordance import describe_corpus
from isogloss.corpora.concordance import read_texts as read_sliced
from isogloss.corpora.corpus import SlicedCorpus, assign_slices, read_corpus
from isogloss.corpora.proposing.proposals import contents, propose, slicing_columns, typed, words_of
from isogloss.corpora.proposing.recipe_text import recipe_text
from isogloss.corpora.recipe import Recipe, Slice, read_recipe
from isogloss.errors import InvalidValue
from isogloss.tables.table import read_table
from isogloss.text.tally import Tally
from tests.kit.tables import Written, documents

HALVES = (("early", "1800", "1849"), ("late", "1850", "1899"))


def recipe_of(
    tmp_path: Path, name: str, data: bytes, *, by: str = "year", more: str = "", slices: Any = HALVES
) -> Recipe:
    (tmp_path / name).write_bytes(data)
    (tmp_path / "r.toml").write_text(
        f'[collection]\nname = "c"\n[corpus]\nfile = "{name}"\ntext = "text"\nslice_by = "{by}"\n{more}\n'
        + "".join(f'[[slices]]\nname = "{one}"\nfrom = {low}\nto = {high}\n' for one, low, high in slices)
    )
    return read_recipe(tmp_path / "r.toml")


def sizes(corpus: SlicedCorpus) -> list[int]:
    return [int((corpus.slice_of == index).sum()) for index in range(corpus.n_slices)]


DATES = {
    "iso": lambda year, i: f"{year}-{i % 12 + 1:02}-15",
    "month": lambda year, i: f"{year}-{i % 12 + 1:02}",
    "stamp": lambda year, i: f"{year}-{i % 12 + 1:02}-15T10:00:00Z",
    "eu": lambda year, i: f"15.{i % 12 + 1:02}.{year}",
    "us": lambda year, i: f"{i % 12 + 1:02}/15/{year}",
    "decade": lambda year, i: f"{year // 10 * 10}s",
    "float": lambda year, i: f"{year}.0",
}


@pytest.mark.parametrize("kind", [*DATES])
@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_dates_are_sliced_by_their_years(tmp_path: Path, kind: str, ending: str) -> None:
    rows = [(DATES[kind](year, i), text) for i, (year, text) in enumerate(documents(200))]
    data = (
        "date,text\n" + "".join(f"{day},{text}\n" for day, text in rows)
        if ending == "csv"
        else "".join(json.dumps({"date": day, "text": text}) + "\n" for day, text in rows)
    )
    recipe = recipe_of(tmp_path, f"c.{ending}", data.encode(), by="date")
    corpus = read_corpus(recipe)
    assert sizes(corpus) == [100, 100]
    assert (corpus.read.read.read, corpus.read.read.skipped) == (200, {})
    assert len(read_sliced(recipe.corpus, describe_corpus(recipe))) == 200
    table = read_table(recipe.corpus).table
    assert slicing_columns(table, "text") == ["date"]
    assert [(one.low, one.high) for one in propose(table["date"], 2)] == [
        (1800, 1849 if kind != "decade" else 1840),
        (1850, 1899 if kind != "decade" else 1890),
    ]


def test_circa_and_empty_cells_are_undated_and_counted(tmp_path: Path) -> None:
    rows = [("c. " * (i % 7 == 0) + str(year) if i % 10 else "", text) for i, (year, text) in enumerate(documents(200))]
    undated = sum(not day.isdigit() for day, _ in rows)
    data = "date,text\n" + "".join(f"{day},{text}\n" for day, text in rows)
    recipe = recipe_of(tmp_path, "c.csv", data.encode(), by="date")
    read = read_corpus(recipe).read.read
    assert (read.read, read.skipped) == (200 - undated, {"undated": undated})
    assert {"empty", "c. 1807"} <= set(read.listed["undated"])
    tally = Tally()
    read_sliced(recipe.corpus, describe_corpus(recipe), tally)
    assert (tally.read, tally.skipped) == (200 - undated, {"undated": undated})
    table = read_table(recipe.corpus).table
    inside = contents(table["date"], recipe.slices, words_of(table["text"]))
    assert (inside.rest, inside.undated) == (undated, undated)


def test_rows_are_counted_by_the_first_reason_that_holds(tmp_path: Path) -> None:
    rows = [
        {"year": 1800, "text": "one two", "who": "a"},
        {"year": 1800, "text": None, "who": "a"},
        {"year": None, "text": "  ", "who": "a"},
        {"year": "", "text": "three", "who": "a"},
        {"year": 1950, "text": "four", "who": "a"},
        {"year": 1850, "text": "five", "who": "b"},
        {"year": 1851, "text": "six", "who": "a"},
    ]
    data = "".join(json.dumps(row) + "\n" for row in rows) + "{\n\n"
    more = '[corpus.where]\ncolumn = "who"\nvalues = ["a"]\n'
    read = read_corpus(recipe_of(tmp_path, "c.jsonl", data.encode(), more=more)).read.read
    assert read.read == 2
    assert read.skipped == {
        "row_that_is_no_json": 1,
        "blank_row": 1,
        "left_out_by_where": 1,
        "without_a_text": 2,
        "undated": 1,
        "in_no_slice": 1,
    }
    assert read.total == len(rows) + 2


@pytest.mark.parametrize("names", [("Year", "Text"), ("meta.year", "text")])
def test_columns_are_found_in_other_case_and_within_objects(tmp_path: Path, names: tuple[str, str]) -> None:
    rows = documents(100)
    if names[0] == "Year":
        recipe = recipe_of(tmp_path, "c.csv", Written().bytes_of(rows, names))
    else:
        data = "".join(json.dumps({"meta": {"year": year}, "text": text}) + "\n" for year, text in rows)
        recipe = recipe_of(tmp_path, "c.jsonl", data.encode())
    corpus = read_corpus(recipe)
    assert sizes(corpus) == [50, 50]
    assert f"'year' is '{names[0]}'" in corpus.read.told["columns"]
    assert len(read_sliced(recipe.corpus, describe_corpus(recipe))) == 100


@pytest.mark.parametrize(
    ("slices", "said"),
    [
        ((("a", 1800, 1850), ("b", 1850, 1899)), r"'a' and 'b' overlap: 1 documents lie in both \(1850\)"),
        ((("a", 1800, 1899), ("b", 1810, 1812)), r"'a' and 'b' overlap: 3 documents lie in both \(1810, 1811, 1812\)"),
        ((("a", 1800, 1849), ("b", 1850, 1899), ("c", 1890, 1950)), r"'b' and 'c' overlap: 10 documents"),
    ],
)
def test_slices_that_share_documents_are_refused(tmp_path: Path, slices: Any, said: str) -> None:
    recipe = recipe_of(tmp_path, "c.csv", Written().bytes_of(documents(100)), slices=slices)
    with pytest.raises(InvalidValue, match=said):
        read_corpus(recipe)
    table = read_table(recipe.corpus).table
    with pytest.raises(InvalidValue, match=said):
        contents(table["year"], recipe.slices, words_of(table["text"]))
    told = describe_corpus(recipe)
    assert (read_sliced(recipe.corpus, told)["_space"].to_pylist()[50] == "a") == (slices[0][2] >= 1850)


def test_slices_by_values_may_not_share_one(tmp_path: Path) -> None:
    table = read_table(_written(tmp_path)).table
    slices = (Slice("a", values=("x", "y")), Slice("b", values=("y",)))
    with pytest.raises(InvalidValue, match=r"overlap: 1 documents lie in both \(y\)"):
        contents(table["who"], slices, words_of(table["text"]))
    assert assign_slices(table["who"], slices).tolist() == [0, 0, -1]


def _written(tmp_path: Path) -> Path:
    (tmp_path / "c.csv").write_text("who,text\nx,one\ny,two\nz,three\n")
    return tmp_path / "c.csv"


def test_months_and_dates_as_bounds_of_a_recipe(tmp_path: Path) -> None:
    rows = "".join(f"{year}-{month:02}-01,text {month}\n" for year in (1990, 1991) for month in range(1, 13))
    slices = (("a", '"1990-03"', '"1990-12"'), ("b", "1991-01-01", "1991-06-30"))
    recipe = recipe_of(tmp_path, "c.csv", ("date,text\n" + rows).encode(), by="date", slices=slices)
    corpus = read_corpus(recipe)
    assert sizes(corpus) == [10, 6]
    assert corpus.read.read.skipped == {"in_no_slice": 8}
    (tmp_path / "again.toml").write_text(recipe_text(recipe))
    assert read_recipe(tmp_path / "again.toml").slices == recipe.slices
    assert [sizes(read_corpus(recipe)), typed("1990-03 – 1990-12")[0].low] == [[10, 6], recipe.slices[0].low]


def test_a_part_of_a_corpus_is_named_in_the_recipe_and_remembered(tmp_path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.writestr("a.csv", Written().bytes_of(documents(100)))
        archive.writestr("b.csv", Written().bytes_of(documents(4)))
    data = (tmp_path / "c.zip").read_bytes()
    with pytest.raises(InvalidValue, match="holds 2 files"):
        read_corpus(recipe_of(tmp_path, "c.zip", data))
    recipe = recipe_of(tmp_path, "c.zip", data, more='part = "a.csv"')
    assert sizes(read_corpus(recipe)) == [50, 50]
    assert describe_corpus(recipe)["part"] == "a.csv"
    assert len(read_sliced(recipe.corpus, describe_corpus(recipe))) == 100
    (tmp_path / "again.toml").write_text(recipe_text(recipe))
    assert read_recipe(tmp_path / "again.toml").part == "a.csv"
    (tmp_path / "one.csv").write_bytes(Written().bytes_of(documents(100)))
    assert len(read_sliced(tmp_path / "one.csv", describe_corpus(recipe))) == 100


@pytest.mark.parametrize(
    ("text", "slices"),
    [
        ("-50--1", [("-50--1", -50, -1)]),
        ("−50–−1, 0-50", [("-50--1", -50, -1), ("0-50", 0, 50)]),
        ("before: -50--1", [("before", -50, -1)]),
        ("1990", [("1990", 1990, 1990)]),
    ],
)
def test_ranges_as_they_are_typed(text: str, slices: list[tuple[str, float, float]]) -> None:
    assert [(one.name, one.low, one.high) for one in typed(text)] == slices
