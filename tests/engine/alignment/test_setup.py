"""What is to be aligned, by names: setups, sources of anchors, and how both are spelt."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from isogloss.alignment.anchors.checked import Checked, checked, without_suspicious
from isogloss.alignment.anchors.dictionary import UNSUPERVISED, Dictionary
from isogloss.alignment.anchors.source import AnchorSource
from isogloss.alignment.learning import Learning
from isogloss.alignment.setup import Setup, first, read_setup
from isogloss.errors import InvalidValue, NotFound
from isogloss.spaces.reference import Reference
from tests.kit.pairs import turned


def test_setups_are_read_back_and_broken_ones_refused() -> None:
    learning = Learning(("unit",), {"rounds": 2}, seed=4)
    english = AnchorSource(kind="lexicon", source="en", target="fr")
    setup = Setup(Reference("a", "x"), Reference("b", "y"), anchors=english, share=0.5, learning=learning)
    assert read_setup(setup.text()) == setup
    told = json.loads(setup.text())
    assert (told["source"], told["anchors"], told["test"]) == ("a/x", "lexicon:en:fr", "")
    assert told["parameters"] == {"rounds": 2, "seed": 4}
    tested = replace(setup, test=AnchorSource(kind="file", path=Path("test.tsv"), columns=(2, 1)))
    assert read_setup(tested.text()) == tested
    for text in ("", "[]", '{"source": "a"}', '{"parameters": {"no": 1}}', '{"parameters": 3}'):
        with pytest.raises(InvalidValue, match="setup cannot be read"):
            read_setup(text)
    source, target, _ = turned()
    with pytest.raises(InvalidValue, match="two languages"):
        AnchorSource.spelt("lexicon:en")
    with pytest.raises(NotFound, match="no language 'xx'"):
        AnchorSource.spelt("lexicon:en:xx").dictionary(source, target)
    assert AnchorSource.spelt("unsupervised").dictionary(source, target) is UNSUPERVISED
    assert len(first(source, 10)) == 10
    a, b = Path("a"), Path("b")
    spaces = {a: source, b: target}
    same, none = AnchorSource(kind="identical"), AnchorSource(kind="unsupervised")
    with pytest.raises(InvalidValue, match="one space"):
        Setup(a, a, anchors=same).trial(spaces.__getitem__)
    with pytest.raises(InvalidValue, match="0 of 0 anchors are in both spaces"):
        Setup(a, b, anchors=same).trial(spaces.__getitem__)
    with pytest.raises(InvalidValue, match="no test words"):
        Setup(a, b, anchors=none).trial(spaces.__getitem__)


words = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="/\0"), min_size=1, max_size=12)
sources = st.one_of(
    st.just(AnchorSource(kind="identical")),
    st.just(AnchorSource(kind="unsupervised")),
    st.builds(
        lambda a, b: AnchorSource(kind="lexicon", source=a, target=b), words.filter(lambda w: ":" not in w), words
    ),
    st.builds(
        lambda path, columns: AnchorSource(kind="file", path=Path(path), columns=columns),
        st.one_of(words, st.sampled_from(["identical", "lexicon:en:fr", "columns:1:2:a", "a/b:c"])),
        st.tuples(st.integers(1, 99), st.integers(1, 99)),
    ),
)


@given(sources)
@example(AnchorSource(kind="file", path=Path("identical")))
@example(AnchorSource(kind="file", path=Path("columns:2:1:a")))
def test_a_source_of_anchors_is_read_as_it_was_spelt(source: AnchorSource) -> None:
    """Also a file whose name is another spelling."""
    assert AnchorSource.spelt(source.spelling) == source


def test_suspicious_anchors_can_be_left_out() -> None:
    source, target, every = turned(0, 0.3)
    wrong = tuple((f"s{i}", f"t{(i + 1) % 10}") for i in range(10))
    mixed = Dictionary((*wrong, *every.pairs[10:]))
    kept = without_suspicious(source, target, mixed)
    assert not set(wrong[1:]) & set(kept.pairs)
    assert len(kept) > 270
    found = checked(source, target, mixed)
    assert found is not None
    assert len(kept) == len(found) - found.n_wrong
    assert set(found.worst[:9].tolist()) <= set(range(10))
    assert found.share_wrong == found.n_wrong / len(mixed)
    clean = checked(source, target, every)
    assert found.too_many(identical=True)
    assert clean is not None
    assert not clean.too_many()
    few = Dictionary(every.pairs[:19])
    assert checked(source, target, few) is None
    assert without_suspicious(source, target, few) is few


def test_some_anchors_look_wrong_by_chance() -> None:
    """Two in a hundred, and fewer of what is spelt alike, are no reason to warn."""
    rows = np.arange(1_000)
    for n, warned, identical in ((9, True, True), (8, False, True), (20, False, False), (21, True, False)):
        found = Checked(rows, rows, np.zeros(1_000), rows < n)
        assert found.too_many(identical=identical) is warned
    assert not Checked(rows[:20], rows[:20], np.zeros(20), rows[:20] < 5).too_many()
