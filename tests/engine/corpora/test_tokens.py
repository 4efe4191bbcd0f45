"""Tokenisation, slicing, counting and recipes."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.corpora.corpus import assign_slices, count, read_corpus
from isogloss.corpora.recipe import Slice, read_recipe
from isogloss.errors import InvalidValue
from tests.kit.tokens import stream, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("inter-\nnational law. International law", "international law | international law |"),
        ("Secretary-\nGeneral and Secretary-General", "secretary-general and secretary-general |"),
        ("situa- tions of war, situations", "situations of war situations |"),
        ("107.\tMay I begin", "may begin |"),
        ("**Mr President,**\n\n---\n\n### I. Opening\n\nWe live", "mr president | opening | we live |"),
        ("document A/RES/70/1 and A/PV.123 here", "document and here |"),
        ("the 20th century, x and y", "the century and |"),
        ("the post-2015 agenda in mid-1990s", "the post agenda in mid |"),
        ("Mr. Benes spoke. He left", "mr benes spoke | he left |"),
        ("see <b>this</b> http://x.org/y now", "see this now |"),
        ("the state's l'homme d'État qu'il don't", "the state homme état il don't |"),
        ("line one\nline two\n\npara two", "line one line two | para two |"),
        ("हिन्दी भाषा। नमस्ते", "हिन्दी भाषा | नमस्ते |"),
        ("مرحبا بالعالم؟ سلام", "مرحبا بالعالم | سلام |"),
        ("气候变化。世界", "气 候 变 化 | 世 界 |"),
        ("می\u200cخواهم", "می\u200cخواهم |"),
        ("", "|"),
    ],
)
def test_texts(text: str, expected: str) -> None:
    assert words(text) == expected


def test_variants_endings_and_accents() -> None:
    assert (
        words("Viet Nam programme", variants={"viet nam": "viet-nam", "programme": "program"}) == "viet-nam program |"
    )
    rules = {"endings": {"isation": "ization", "ise": "ize"}}
    assert words("organisation organization promise realise realize", **rules) == (
        "organization organization promise realize realize |"
    )
    assert words("régime", fold_accents=True) == "regime |"
    assert words("the PV", drop=frozenset(["pv"])) == "the |"
    assert words("a I b", keep_single=frozenset("ai")) == "a i |"
    assert stream("régime régime", fold_accents=True).merged == {"régime → regime": 2}


def test_capitals_are_counted_inside_sentences_only() -> None:
    found = stream("Peace is Peace. The peace")
    peace = found.items.index("peace")
    inside = (found.ids == peace) & found.mid
    assert inside.sum() == 2
    assert (inside & found.capital).sum() == 1


@given(st.lists(st.text(), max_size=5))
def test_any_text_gives_consistent_offsets(texts: list[str]) -> None:
    found = stream(*texts, variants={"a b": "c"}, fold_accents=True, endings={"ise": "ize"})
    assert len(found.starts) == len(texts) + 1
    assert found.starts[0] == 0
    assert found.starts[-1] == len(found.ids) == len(found.capital) == len(found.mid)
    assert (np.diff(found.starts) >= 1).all()
    for end in found.starts[1:]:
        assert found.ids[end - 1] == -1
    assert found.ids.max(initial=-1) < len(found.items)
    assert all(item and "\n" not in item for item in found.items)


def test_slices() -> None:
    numbers = pa.chunked_array([[1946, 1970, None, 2030]])
    assert assign_slices(numbers, (Slice("a", 1940, 1970), Slice("b", 1970, 1989))).tolist() == [0, 0, -1, -1]
    names = pa.chunked_array([["x", "y", None]])
    assert assign_slices(names, (Slice("a", values=("y",)),)).tolist() == [-1, 0, -1]
    with pytest.raises(InvalidValue, match="not a number"):
        assign_slices(names, (Slice("a", 1, 2),))


RECIPE = """
[collection]
name = "test"
title = "Test"
[corpus]
file = "corpus.parquet"
text = "text"
slice_by = "year"
author = "who"
[[slices]]
name = "early"
from = 1900
to = 1949
[[slices]]
name = "late"
from = 1950
to = 1999
[training]
min_count = 1
ship_count = 1
"""


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    table = pa.table(
        {
            "text": ["War and Peace and War", "the War", "peace", "later peace"],
            "year": [1910, 1920, 1930, 1990],
            "who": ["A", "B", "A", "C"],
        }
    )
    pq.write_table(table, tmp_path / "corpus.parquet")
    (tmp_path / "recipe.toml").write_text(RECIPE)
    return tmp_path / "recipe.toml"


def test_counts_against_a_count_by_hand(recipe: Path) -> None:
    corpus = read_corpus(read_recipe(recipe))
    found = count(corpus, corpus.slice_of == 0)
    war, peace, later = (corpus.stream.items.index(w) for w in ("war", "peace", "later"))
    assert found.count[[war, peace, later]].tolist() == [3, 2, 0]
    assert found.documents[[war, peace, later]].tolist() == [2, 2, 0]
    assert found.authors is not None
    assert found.authors[[war, peace, later]].tolist() == [2, 1, 0]
    assert found.per_million[war] == pytest.approx(3e6 / 8)
    np.testing.assert_allclose(found.capital_share[[war, peace]], [1, 1])  # the last `peace` opens its sentence
    assert np.isnan(found.capital_share[later])


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ('file = "corpus.parquet"', 'file = "none.parquet"', "none.parquet"),
        ('name = "test"', "name = 3", "collection.name is 3"),
        ("min_count = 1", "min_count = -1", "min_count is -1"),
        ("min_count = 1", 'min_count = "x"', "min_count is 'x'"),
        ("min_count = 1", "min_cuont = 1", "min_cuont"),
        ("from = 1900", "from = 2000", "from 2000 to 1949"),
        ("[training]", "[trainig", "cannot be read"),
        ("[corpus]", "[korpus]", "no table [corpus]"),
    ],
)
def test_a_recipe_error_names_key_value_and_lever(recipe: Path, old: str, new: str, part: str) -> None:
    recipe.write_text(RECIPE.replace(old, new))
    with pytest.raises(InvalidValue) as caught:
        read_recipe(recipe)
    assert part in str(caught.value)
    assert caught.value.lever


@pytest.mark.parametrize(
    ("old", "new", "part"), [('"year"', '"jahr"', "jahr"), ("1999", "1960", "late"), ('"who"', '"author"', "author")]
)
def test_a_corpus_error_names_what_is_missing(recipe: Path, old: str, new: str, part: str) -> None:
    recipe.write_text(RECIPE.replace(old, new))
    with pytest.raises(InvalidValue, match=part):
        read_corpus(read_recipe(recipe))


def test_no_recipe_and_no_parquet(tmp_path: Path, recipe: Path) -> None:
    with pytest.raises(InvalidValue, match="no recipe"):
        read_recipe(tmp_path / "none.toml")
    (tmp_path / "corpus.parquet").write_bytes(b"PAR1")
    with pytest.raises(InvalidValue, match="cannot be read"):
        read_corpus(read_recipe(recipe))
