"""Words across hyphens, numbers and pairs: nothing that stands in the text is lost with its neighbor."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.corpora.corpus import SlicedCorpus, count
from tests.kit.tokens import stream, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the united nations charter", "the un charter |"),
        ("the nations charter", "the founding |"),
        ("united nations united nations", "un un |"),
        ("united. Nations charter", "united | founding |"),
        ("tout tout tout", "total tout |"),
        ("tout tout tout tout", "total total |"),
        ("three word form", "three word form |"),
    ],
)
def test_pairs_of_words(text: str, expected: str) -> None:
    variants = {"united nations": "un", "nations charter": "founding", "tout tout": "total"}
    assert words(text, variants=variants) == expected


def test_a_pair_never_reaches_into_the_next_document() -> None:
    assert words("viet", "nam", variants={"viet nam": "viet-nam"}) == "viet | nam |"


@pytest.mark.parametrize("word", ["हिन्दी", "भाषा", "كِتَاب", "ภาษาไทย", "été"])
def test_a_word_with_marks_keeps_them_beside_a_number(word: str) -> None:
    assert words(f"{word}-2015 {word}") == f"{word} {word} |"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We met Dr. Smith. He left", "we met dr smith | he left |"),
        ("George W. Bush spoke. Then", "george bush spoke | then |"),
        ('The end!" She left', "the end | she left |"),
        ("It was so... And then", "it was so | and then |"),
        ("约翰。他走了", "约 翰 | 他 走 了 |"),
        ("cost of 3.5 per cent. Next", "cost of per cent | next |"),
        ("the e.g. case", "the e.g. case |"),
        ("line one\r\n\r\nline two", "line one | line two |"),
        ("Vol\n\nNext", "vol | next |"),
        ("self-\n determination, self-determination", "self-determination self-determination |"),
    ],
)
def test_sentence_ends(text: str, expected: str) -> None:
    assert words(text) == expected


def test_capital_and_mid_flags_follow_the_tokens() -> None:
    found = stream("The Peace of Nations. 12th Peace\n\nÉtat x", variants={"peace of": "peace-of"})
    shown = [
        (found.items[i], bool(c), bool(m))
        for i, c, m in zip(found.ids, found.capital, found.mid, strict=True)
        if i >= 0
    ]
    assert shown == [
        ("the", True, False),
        ("peace-of", True, True),
        ("nations", True, True),
        ("peace", True, True),
        ("état", True, False),
    ]


WORDS = st.sampled_from(["War", "war", "peace", "Peace", "of", "12", "."])


@given(
    st.lists(st.tuples(st.lists(WORDS, max_size=12), st.integers(-1, 1), st.integers(-1, 2)), min_size=1, max_size=8)
)
def test_counts_are_a_literal_count(documents: list[tuple[list[str], int, int]]) -> None:
    found = stream(*(" ".join(text) for text, _, _ in documents))
    corpus = SlicedCorpus(found, np.array([s for _, s, _ in documents]), np.array([a for _, _, a in documents]), 2)
    for index in range(2):
        counted = count(corpus, corpus.slice_of == index)
        tokens = [
            (int(found.ids[at]), document, documents[document][2], bool(found.capital[at]), bool(found.mid[at]))
            for document in range(len(documents))
            if documents[document][1] == index
            for at in range(found.starts[document], found.starts[document + 1])
            if found.ids[at] >= 0
        ]
        for item in range(len(found.items)):
            mine = [t for t in tokens if t[0] == item]
            middle = [t for t in mine if t[4]]
            assert counted.count[item] == len(mine)
            assert counted.documents[item] == len({t[1] for t in mine})
            assert counted.per_million[item] == pytest.approx(len(mine) * 1e6 / max(len(tokens), 1))
            if counted.authors is not None:
                assert counted.authors[item] == len({t[2] for t in mine if t[2] >= 0})
            share = sum(t[3] for t in middle) / len(middle) if middle else float("nan")
            assert counted.capital_share[item] == pytest.approx(share, nan_ok=True)
        assert [t for t in corpus.tokens(corpus.slice_of == index).tolist() if t >= 0] == [t[0] for t in tokens]
