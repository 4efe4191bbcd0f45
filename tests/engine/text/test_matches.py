"""Search, queries and normalisation, in several scripts."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.errors import InvalidValue
from isogloss.nearest.query import Query, parse
from isogloss.text.matches import Search, closest
from isogloss.text.normalize import fold_accents, nfc, search_key

COUNTS = {
    "climate": 9,
    "climatic": 3,
    "acclimate": 40,
    "régime": 5,
    "привет": 4,
    "مرحبا": 4,
    "हिन्दी": 2,
    "हिन्द": 1,
    "气候变化": 2,
    "变化": 7,
    "New York": 1,
}


@pytest.fixture(scope="module")
def search() -> Search:
    return Search(COUNTS)


@pytest.mark.parametrize(
    ("typed", "first", "kind"),
    [
        ("climate", "climate", "exact"),
        ("CLIMATE", "climate", "exact"),
        ("clim", "climate", "prefix"),
        ("limat", "acclimate", "substring"),
        ("regime", "régime", "exact"),
        ("re\u0301gime", "régime", "exact"),
        ("прив", "привет", "prefix"),
        ("حبا", "مرحبا", "substring"),
        ("हिन्", "हिन्दी", "prefix"),
        ("变", "变化", "prefix"),
        ("候变", "气候变化", "substring"),
        ("climaet", "climate", "near"),
        ("york", "New York", "substring"),
        ("  climate ", "climate", "exact"),
        ("ＣＬＩＭ", "climate", "prefix"),
    ],
)
def test_what_is_typed_finds(search: Search, typed: str, first: str, kind: str) -> None:
    match = search(typed)[0]
    assert (match.item, match.kind) == (first, kind)
    assert match.count == COUNTS[first]


def test_the_most_frequent_come_first_within_a_kind(search: Search) -> None:
    assert [m.item for m in search("clima")] == ["climate", "climatic", "acclimate"]


def test_a_limit_is_kept() -> None:
    many = Search({f"word{i}": i for i in range(1000)})
    assert [m.count for m in many("word", limit=5)] == [999, 998, 997, 996, 995]
    assert not many("")
    assert not many("\n")


@given(st.text())
def test_nothing_typed_raises(text: str) -> None:
    Search(COUNTS)(text)
    closest(text, COUNTS)


@given(
    st.lists(
        st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1), min_size=1, max_size=20, unique=True
    )
)
def test_every_item_finds_itself(items: list[str]) -> None:
    search = Search(dict.fromkeys(items, 1))
    for item in items:
        if search_key(item):
            assert item in [m.item for m in search(item, limit=50)]


def test_marks_that_carry_meaning_stay() -> None:
    for word in ("हिन्दी", "שָׁלוֹם", "ภาษาไทย", "தமிழ்"):
        assert fold_accents(word) == unicodedata.normalize("NFC", word)
    assert fold_accents("Ἄνθρωπος") == "Ανθρωπος"
    assert nfc("don\u2019t\u00ad") == "don't"


@pytest.mark.parametrize(
    ("typed", "labels"),
    [
        ("climate", ["climate"]),
        ("war, peace", ["war", "peace"]),
        ("战争，和平", ["战争", "和平"]),
        ("king - man + woman", ["king − man + woman"]),
        ("a : b :: c : ?", ["b − a + c"]),
        ("a:b::c", ["b − a + c"]),
        ("viet-nam", ["viet-nam"]),
        ("new york", ["new york"]),
        ("- man", ["− man"]),
        ("", []),
        (" , ", []),
        ("a + b, c", ["a + b", "c"]),
    ],
)
def test_what_was_typed_is_read(typed: str, labels: list[str]) -> None:
    assert [q.label for q in parse(typed)] == labels


def test_a_whole_text_that_is_an_item_is_that_item() -> None:
    assert parse("a, b", {"a, b"}) == [Query((("a, b", 1),))]
    assert parse("a + b", {"a + b"})[0].single == "a + b"


@pytest.mark.parametrize("typed", ["a : b :: ", "a::b", "a,b,c,d,e,f,g", "-", "a, +"])
def test_unfinished_queries_say_how_to_write_them(typed: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        parse(typed)
    assert caught.value.lever


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        queries = parse(text)
    except InvalidValue:
        return
    assert all(q.items for q in queries)
