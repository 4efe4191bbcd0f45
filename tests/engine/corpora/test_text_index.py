"""Texts cut into passages: never within a word, so that the words of a text are those of its passages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.corpora.scan import WORD_OR_END, forms_in, matches_in
from isogloss.corpora.text_index import passages


@given(
    st.lists(st.sampled_from([*"ab中-'.\n", " ", "- ", "-\n", "ไทย", "war", "U.S.", "\n\n", "x" * 40]), min_size=20),
    st.integers(4, 60),
)
def test_the_words_of_a_text_are_those_of_its_passages(parts: list[str], longest: int) -> None:
    text = "".join(parts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("isogloss.corpora.text_index._LONGEST", longest)
        cut = passages(text, text)
    words = [form for form, _ in forms_in(text, "words") if form]
    assert [form for a, b in cut for form, _ in forms_in(text[a:b], "words") if form] == words


@given(
    st.lists(st.sampled_from([*"aZ9_-'./&!?()\" \n\t", "U.S.", "N/A", "AT&T", "\n\n", ". The", "new_york", "pre- and"]))
)
def test_ascii_is_read_as_any_text_is(parts: list[str]) -> None:
    text = "".join(parts)
    forms = [(word, bool(end)) for word, end in forms_in(text, "words")]
    assert [f for f in forms if f[0]] == [(w, bool(e)) for w, e in WORD_OR_END.findall(text) if w]
    assert [text[a:b] for word, _, a, b in matches_in(text, "words") if word] == [w for w, _ in forms if w]
