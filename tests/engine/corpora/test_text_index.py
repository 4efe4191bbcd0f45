"""Texts cut into passages: never within a word, so that the words of a text are those of its passages."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.corpora.passages import Passages
from isogloss.corpora.pieces import passages
from isogloss.corpora.scan import ENDS, LATIN, WORD_OR_END, forms_in, matches_in
from tests.engine.corpora.test_passages import made


def words(text: str) -> list[str]:
    return [form for form in forms_in(text, "words") if form[0] not in ENDS["words"]]


@given(
    st.lists(st.sampled_from([*"ab中-'.\n", " ", "- ", "-\n", "ไทย", "war", "U.S.", "\n\n", "x" * 40]), min_size=20),
    st.integers(4, 60),
)
def test_the_words_of_a_text_are_those_of_its_passages(parts: list[str], longest: int) -> None:
    text = "".join(parts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("isogloss.corpora.pieces._LONGEST", longest)
        cut = passages(text, text)
    assert [form for a, b in cut for form in words(text[a:b])] == words(text)


PARTS = [*"aZ9_-'./&!?()\" \n\t", "U.S.", "N/A", "AT&T", "\n\n", ". The", "new_york", "pre- and"]


@given(st.lists(st.sampled_from(PARTS)))
def test_ascii_is_read_as_any_text_is(parts: list[str]) -> None:
    text = "".join(parts)
    assert words(text) == [form for form in WORD_OR_END.findall(text) if form[0] not in ENDS["words"]]
    assert [(form, text[a:b]) for form, a, b in matches_in(text, "words")] == [(f, f) for f in forms_in(text, "words")]


@given(st.lists(st.sampled_from(PARTS) | st.sampled_from(LATIN) | st.sampled_from("éÉßªº²½·…“”»—\u2003\xa0ʰ")))
def test_latin_is_read_as_any_text_is(parts: list[str]) -> None:
    for text in "".join(parts).split("\n\n"):
        assert forms_in(text, "words") == WORD_OR_END.findall(text)


def test_every_sign_is_read_as_any_text_is() -> None:
    around = "é%a % %. A%.B.% a.%. %&A %/% %'%%_% a%%b.%%%A. “% B!% C-% ab% a,% ab)%"
    for text in (around.replace("%", sign) for sign in LATIN):
        assert forms_in(text, "words") == WORD_OR_END.findall(text)


def test_a_long_text_is_cut_between_sentences_and_context_goes_on(tmp_path: Path) -> None:
    chinese = "这是中国。" * 700
    prose = "All the nations want peace, as they say it here. " * 200
    workspace, path, _ = made(tmp_path, (chinese, prose))
    found = Passages(workspace, "c")
    assert found.attach(workspace, path)["passages"] > 10
    assert found.find("中国").uses["old"] == 700
    assert found.find("say it").uses["old"] == 200
    flat = " ".join(prose.split())
    inner = [line for line in found.find("all", "old", limit=9).lines if flat.find(line.left.strip()) > 0]
    assert inner
    assert all(len(line.left) == 60 for line in inner)
    assert all(f"{line.left}{line.hit}{line.right}".strip() in flat for line in inner)
