"""Markers: offsets against a plain regex, every planted error is found once and alone, a copy has none."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.errors import InvalidValue
from isogloss.progress import Progress, silent
from isogloss.rewriting.marking.errors import KINDS, errors
from isogloss.rewriting.marking.tags import marked, tokens
from isogloss.rewriting.pairs import Pairs
from isogloss.rewriting.profile import PROFILES
from isogloss.types import Vectors

SOURCE = "<H>Ada Lovelace</H> was born in <T>London</T> that year"
TARGETS = {
    "": "<H>Ada Lovelace</H> wurde in jenem Jahr in <T>London</T> geboren",
    "dropped": "<H>Ada Lovelace</H> wurde in jenem Jahr in London geboren",
    "doubled": "<H>Ada</H> <H>Lovelace</H> wurde in jenem Jahr in <T>London</T> geboren",
    "added": "<H>Ada Lovelace</H> wurde in <X>jenem Jahr</X> in <T>London</T> geboren",
    "reversed": "</H>Ada Lovelace<H> wurde in jenem Jahr in <T>London</T> geboren",
    "nested": "<H>Ada Lovelace wurde in jenem Jahr in <T>London</T> geboren</H>",
    "empty": "<H> </H>Ada Lovelace wurde in jenem Jahr in <T>London</T> geboren",
    "split_in_word": "<H>Ada Lovelace</H> wurde in jenem Jahr in <T>Lond</T>on geboren",
}
PIECES = st.text(st.sampled_from("ab é😀👩🏽‍🚀한北\u0301\u200dשع\ud800 .<&1"), max_size=8)


@pytest.mark.parametrize("kind", TARGETS)
def test_each_error_is_found_once_and_alone(kind: str) -> None:
    found = errors(0, marked(SOURCE), marked(TARGETS[kind]))
    assert [one.kind for one in found] == ([kind] if kind else [])
    if kind and found[0].at is not None:
        assert found[0].in_target is (kind != "dropped")
        text = TARGETS[kind] if found[0].in_target else SOURCE
        start, end = found[0].at
        assert 0 <= start <= end <= len(text)
        assert text[start:end].strip() in (found[0].span.strip(), "</T>", "</H>Ada Lovelace<H>")


def test_one_tag_of_two_is_dropped_crossing_is_nested_and_scripts_without_blanks_have_no_words_to_split() -> None:
    def kinds(source: str, target: str) -> list[str]:
        return [one.kind for one in errors(0, marked(source), marked(target))]

    assert kinds("<H>a</H> b", "<H>a b") == ["dropped"]
    assert kinds("<H>a</H> b", "a</H> b") == ["dropped"]
    assert kinds("<H>a</H> <T>b</T>", "<H>a <T>b</H> c</T>") == ["nested"]
    assert kinds("<H>a</H> in <T>b</T>", "住<T>北京</T>的<H>人</H>了") == []
    assert kinds("List<String> x", "List<String> x") == []  # no pair, and the same in both
    assert kinds("a<br/>b", "a b") == []
    assert kinds("<H>a</H>", "</T>b<T> <H>a</H>") == ["added", "reversed"]
    assert kinds('<a href="x">here</a>', '<a href="y">hier</a>') == []


@given(PIECES, PIECES, PIECES, PIECES, PIECES)
def test_offsets_are_those_of_a_plain_regex_in_characters(a: str, b: str, c: str, d: str, e: str) -> None:
    text = f"{a}<H>{b}</H>{c}<T>{d}</T>{e}"
    found = marked(text, ("H", "T"))
    plain = [(m.group(1), m.start(2), m.end(2)) for m in re.finditer(r"<([HT])>(.*?)</\1>", text, re.DOTALL)]
    assert [(span.name, span.start, span.end) for span in found.spans] == plain
    assert found.plain == a + b + c + d + e
    for span, inner in zip(found.spans, (b, d), strict=True):
        start, end = found.in_plain(span)
        assert found.plain[start:end] == inner
        first, last = found.in_tokens(span)
        touched = [i for i, (x, y) in enumerate(tokens(found.plain)) if x < end and y > start]
        assert list(range(first, last)) == touched if inner.strip() else first <= last


@given(st.text(max_size=40))
def test_a_copy_has_no_error_whatever_it_is(text: str) -> None:
    for one in (text, f"<H>{text}", f"{text}</H>{text}<H>", f"<H></H>{text}<T>{text}</T>", f"a<H>b{text}</H>"):
        assert errors(0, marked(one), marked(one)) == []


def test_spans_project_to_tokens() -> None:
    one = marked("Born in <T>New York</T>, 1815.")
    assert one.in_tokens(one.spans[0]) == (2, 4)
    assert [one.plain[a:b] for a, b in tokens(one.plain)][2:4] == ["New", "York"]


class Letters:
    name, dim = "letters", 26

    def pieces(self, text: str) -> list[str]:
        return list(text)

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> Vectors:
        out = np.zeros((len(texts), 26), dtype=np.float32)
        for row, text in enumerate(texts):
            for sign in text.casefold():
                if "a" <= sign <= "z":
                    out[row, ord(sign) - 97] += 1
        return out


def test_the_profile_counts_by_kind_and_by_language() -> None:
    targets = list(TARGETS.values())
    pairs = Pairs("m", [SOURCE] * len(targets), targets, {"language": ["de"] * 4 + ["fr"] * 4})
    found = PROFILES["markers"].check(pairs, by="language")
    assert found.extra["kinds"] == dict.fromkeys(KINDS, 1)
    assert found.extra["by_kind"]["de"]["dropped"] == 1
    assert found.extra["by_kind"]["fr"]["dropped"] == 0
    assert found.figures["intact"].value == pytest.approx(1 / 8)
    assert found.by["de"]["intact"].value == 0.25
    assert "span_cosine" not in found.figures
    assert found.said.startswith("7 of 8 pairs with markers have a broken one")
    with pytest.raises(InvalidValue, match="has a tag"):
        PROFILES["markers"].check(Pairs("m", ["a"], ["b"]))


def test_spans_are_compared_where_an_encoder_is_given_and_labels_by_a_column() -> None:
    words = ["aaaa", "bbbb", "cccc", "dddd", "eeee", "ffff"]
    source = [f"<H>{word}</H> zz" for word in words * 4]
    target = [f"zz <H>{word}</H>" for word in words * 4]
    pairs = Pairs("m", source, target, {"relation": words * 4})
    found = PROFILES["markers"].check(pairs, by="relation", encoder=Letters())
    span = found.figures["span_cosine"]
    assert (span.value, span.n) == (pytest.approx(1.0), 24)
    assert span.null is not None
    assert span.null.mean < 0.3
    assert found.figures["context_cosine"].value == pytest.approx(1.0)
    labels = found.figures["label_agreement"]
    assert labels.value == pytest.approx(0.3)  # three of ten: all that there are
    assert labels.null is not None
    assert labels.null.p < 0.01
    assert len(found.rows["span_cosine"]) == 24
