"""Protected spans: every planted fault and nothing else, copies, Unicode, and whatever anybody writes."""

from __future__ import annotations

import random
import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isogloss.errors import NotFound
from isogloss.rewriting.given.instructions import instructions
from isogloss.rewriting.kept import fates
from isogloss.rewriting.pairs import Pairs
from isogloss.rewriting.profile import PROFILES, Checked
from isogloss.rewriting.span import SPANS, spans_of
from tests.kit.spoilt import KINDS, TYPES, spoilt
from tests.kit.tiers import cases

HINDI = "दरवाज़ा खोलो"


def check(source: list[str], target: list[str], by: str | None = None, **columns: list[str]) -> Checked:
    return PROFILES["protected"].check(Pairs("x", source, target, columns), by=by)


def test_every_planted_fault_is_found_and_nothing_else() -> None:
    rng = random.Random(20)
    ways = [(kind, what) for kind in KINDS for what in TYPES]
    made = [spoilt(rng, *ways[i % len(ways)]) for i in range(cases(2_000, 2 * len(ways)))]
    found = check([one.source for one in made], [one.target for one in made])
    named = {(one.row, one.kind, one.what) for one in found.failures}
    planted = {(i, one.kind, one.what) for i, one in enumerate(made)}
    wrong = [(made[row], kind, what) for row, kind, what in sorted(named ^ planted)]
    assert not wrong, wrong[:3]
    for one in found.failures:
        text = made[one.row].target if one.kind == "added" else made[one.row].source
        assert one.at is not None
        assert text[one.at[0] : one.at[1]] == one.span


def test_a_copy_keeps_all_and_translates_nothing() -> None:
    pairs = instructions().pairs
    found = check(list(pairs.source), list(pairs.source), by="language", language=list(pairs.columns["language"]))
    for figures in (found.figures, *found.by.values()):
        assert figures["kept"].value == 1
        assert figures["translated"].value == 0
        assert figures["likeness"].value == 1


def test_the_demo_is_found_as_its_key_says() -> None:
    made = instructions()
    found = PROFILES["protected"].check(made.pairs, by="group")
    assert made.found(found.failures) == (40, 0, 0)
    assert "33 of 120 pairs" in found.said
    assert "JSON" in found.said
    table = found.extra["types"]
    for kind, row in table.items():
        assert row["kept"] + row["lost"] + row["changed"] == row["n"], kind
        assert found.figures[f"kept_{kind}"].value == pytest.approx(row["kept"] / row["n"])


def test_marks_of_direction_and_joiners_are_no_change() -> None:
    texts = [
        ("Open {x} 5", f"{HINDI} \u200f{{x}}\u200e \u2067५\u2069"),
        ("See https://a.org/b now", f"{HINDI} \u202ahttps://a.org/b\u202c"),
        ("Tag #café", f"{HINDI} #{unicodedata.normalize('NFD', 'café')}"),
        ("Tag #می‌خواهم 👩‍🚀 here", f"{HINDI} #می‌خواهم 👩‍🚀"),
        ("Use `naïve`", f"{HINDI} `{unicodedata.normalize('NFD', 'naïve')}`"),
    ]
    assert not check([one for one, _ in texts], [two for _, two in texts]).failures


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("1,234,567", "१२,३४,५६७"),
        ("1,234.5", "1.234,5"),
        ("1,234.5", "١٬٢٣٤٫٥"),
        ("2000", "2 000"),
        ("1,500", "1.500"),
        ("0.50", "0,5"),
        ("-5", "\u22125"),
        ("5 km", "5 किमी"),
        ("5%", "٥٪"),
        ("$20", "20 美元"),
        ("5 hours", "5小时"),
        ('{"a": "x", "b": 1}', '{ "b":1, "a": "य" }'),
        ("<br>", "<br/>"),
        ("{n, plural, one {# a} other {# b}}", "{n, plural, zero {x} two {#} few {# y} other {# z}}"),
        ("<m><to>Ana</to></m>", "<m>\n <to>अना</to>\n</m>"),
        ("&nbsp;", "x"),
        ("&#39;", "'"),
    ],
)
def test_the_same_thing_written_otherwise_is_kept(source: str, target: str) -> None:
    assert not fates(spans_of(source), spans_of(target)), (spans_of(source), spans_of(target))


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("1.5", "15"),
        ("1,234.5", "12345"),
        ("5 km", "5 m"),
        ('{"a": 1}', '{"b": 1}'),
        ('{"a": 1}', '{"a": 2}'),
        ('{"a": [1, 2]}', '{"a": [1]}'),
        ('{"a": "{x}"}', '{"a": "{y}"}'),
        ('{"a": 1}', '{"a": 1'),
        ("{n, plural, one {# a} other {# b}}", "{n, plural, one {# a}}"),
        ("<m><to>a</to></m>", "<m><ton>a</ton></m>"),
        ("{n, select, a {x} other {y}}", "{n, select, b {x} other {y}}"),
        ('<a href="/x">', '<a href="/y">'),
        ("`a`", "`b`"),
        ("$x^2$", "$x^3$"),
        ("%s", "%d"),
        ("#a", "#b"),
        ("https://a.org/x", "https://a.org/y"),
    ],
)
def test_another_thing_is_a_change(source: str, target: str) -> None:
    found = fates(spans_of(source), spans_of(target))
    assert len(found.changed) == 1
    assert not found.lost
    assert not found.added


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Run `curl https://a.org {x} 5`", ["code"]),
        ('Send {"u": "https://a.org", "n": 5}', ["json"]),
        ("from $5 to $6, 50% off, 100% sure", ["unit", "number", "unit", "number", "number", "unit", "number", "unit"]),
        ("(see https://a.org/b).", ["url"]),
        ("me@a.org: 50%ige", ["email", "number", "unit"]),
        ("a < b and c > d, <3", ["number"]),
        ("<b>x</b> {x} %s {{y}} ${z} {} {0}", ["tag"] * 2 + ["placeholder"] * 6),
        ("[link](https://a.org/x) [1]", ["url", "number"]),
        ("中文https://a.org/获取", ["url"]),
        ("version 3.11.4, 1,2,3", ["number"] * 4),
        ("no spans at all", []),
        ("", []),
    ],
)
def test_the_outermost_span_wins(text: str, kinds: list[str]) -> None:
    assert [one.kind for one in spans_of(text)] == kinds, spans_of(text)


def _subsequences(order: list[int]) -> list[list[int]]:
    return [[v for i, v in enumerate(order) if mask >> i & 1] for mask in range(1 << len(order))]


def test_order_within_a_type_is_the_longest_increasing_subsequence() -> None:
    rng = np.random.default_rng(3)
    for _ in range(cases(300, 20)):
        n = int(rng.integers(2, 8))
        order = rng.permutation(n)
        source = " ".join(f"{{a{i}}}" for i in range(n))
        moved = fates(spans_of(source), spans_of(" ".join(f"{{a{i}}}" for i in order))).moved
        longest = max(len(some) for some in _subsequences([int(v) for v in order]) if some == sorted(some))
        assert n - len(moved) == longest


_SIGNS = st.sampled_from(
    [*"{}[]()<>\"'`$%#\\&:,.;=/@-~ \n0123456789abksNé中ि٣", "plural,", "other {", "\\frac{", "```", '{"a":']
)


@settings(max_examples=cases(5_000, 100), deadline=None)
@given(st.lists(_SIGNS, max_size=40).map("".join))
def test_whatever_is_written_is_parsed_or_named(text: str) -> None:
    at = 0
    for one in spans_of(text):
        assert at <= one.start < one.end <= len(text)
        assert one.kind in SPANS
        at = one.end
    assert not fates(spans_of(text), spans_of(text))


def test_groups_are_counted_apart_and_a_column_that_is_none_is_named() -> None:
    found = check(["a {x}", "b {y}"], ["a {x}", "b"], by="g", g=["one", "two"])
    assert found.by["one"]["kept"].value == 1
    assert found.by["two"]["lost_placeholder"].value == 1
    assert found.by["one"]["kept"].low is not None
    with pytest.raises(NotFound, match="no column"):
        check(["a"], ["b"], by="z")


def test_chrf_is_given_where_a_way_back_is_or_says_how_to_install_it() -> None:
    figure = check(["Open the door {x}"], [HINDI], back=["Open the door {x}"]).figures["chrf_back"]
    assert figure.value == 1 or "pip install sacrebleu" in figure.how


def test_the_free_profile_counts_duplicates_copies_and_odd_lengths() -> None:
    source = ["the red house", "the red house", "the long road", "a blue bird sings", "the deep sea"]
    target = ["das rote Haus", "das rote Haus", "the long road", "ein Vogel", "x" * 200]
    found = PROFILES["free"].check(Pairs("x", source, target))
    assert {(one.row, one.kind) for one in found.failures} == {(1, "duplicate"), (2, "copy"), (4, "odd_length")}
    assert found.figures["duplicates"].value == pytest.approx(0.2)


@pytest.mark.parametrize(
    "part", ["[[", '{"a":', "<x>", "$x ", "` `` ", "\\(", "<!--", "{n, plural, ", "1,", "a@", "```\n"]
)
def test_a_part_over_and_over_ends(part: str) -> None:
    text = part * (8_000 // len(part))
    assert all(one.end <= len(text) for one in spans_of(text))


@given(st.text(alphabet="0123456789٣५,.-− '%€km\u00a0", max_size=30))
@settings(max_examples=cases(2_000))
def test_signs_and_digits_in_any_order_are_read(text: str) -> None:
    for one in spans_of(text):
        assert 0 <= one.start < one.end <= len(text)
        assert one.key


def test_a_negative_number_in_a_list_without_blanks_is_read() -> None:
    assert [one.key for one in spans_of("0,-5 and 1,-2.5,07")] == ["0", "5", "1", "2.5", "7"]
