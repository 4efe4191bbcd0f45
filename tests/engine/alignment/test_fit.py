"""Aligning in one call, as a notebook does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from isogloss.alignment.anchors.dictionary import Dictionary, split
from isogloss.alignment.anchors.source import AnchorSource
from isogloss.alignment.fit import Fit, align
from isogloss.alignment.learning import Learning, learn_mapping
from isogloss.alignment.learnt import read_mapping
from isogloss.alignment.trial import Trial, run
from isogloss.errors import InvalidValue, NotFound
from isogloss.figure import Figure
from isogloss.spaces.space import Space
from isogloss.workspace.store import Workspace
from tests.kit.pairs import DIM, N, turned


@pytest.fixture(scope="module")
def fit() -> Fit:
    source, target, every = turned(2, 1.5)
    return align(source, target, anchors=every, test=0.5, method="ridge", ridge=2, seed=3)


def test_it_reaches_what_a_trial_reaches(fit: Fit) -> None:
    source, target, every = turned(2, 1.5)
    train, test = split(every, 0.5, seed=3)
    outcome = run(Trial(source, target, train, test=test, learning=Learning(given={"ridge": 2.0}, seed=3)), "ridge")
    np.testing.assert_array_equal(fit.mapping.source.matrix, outcome.mapping.source.matrix)
    for direction in ("source-target", "target-source"):
        for name, one in fit.precision(direction=direction).items():
            assert one == outcome.found[direction][name].figures()["precision_at_1"]
            assert 0 < one.value < 1
            assert one.n == N // 2
            assert one.interval is not None
    assert list(fit.precision()) == ["nn", "csls", "isf"]
    relation = fit.diagnostics["relational_similarity"]
    assert isinstance(relation, Figure)
    assert relation.value == outcome.diagnostics["relational_similarity"]["value"]
    assert fit.diagnostics["n_train"] == N // 2


def test_it_is_shown_in_two_lines_and_as_an_escaped_table(fit: Fit) -> None:
    first, second = repr(fit).splitlines()
    assert first == "<source → target by ridge: 200 training pairs>"
    assert second.startswith("P@1 by CSLS, of covered test words: 0.")
    assert second.endswith("n = 200")
    page = fit._repr_html_()
    assert page.startswith("<table><caption>source → target by ridge")
    assert page.count("<tr>") == 1 + 6
    hostile, target, every = turned()
    hostile = Space("<b>", hostile.items, hostile.vectors)
    assert "<b>" not in align(hostile, target, anchors=every)._repr_html_()


def test_its_map_and_its_collection_can_be_kept(fit: Fit, tmp_path: Path) -> None:
    fit.mapping.save(tmp_path / "map.npz")
    np.testing.assert_array_equal(read_mapping(tmp_path / "map.npz").source.matrix, fit.mapping.source.matrix)
    pair = fit.collection("pair", languages=("en", "fr"))
    Workspace(tmp_path).save(pair)
    kept = Workspace(tmp_path).open("pair")
    assert (kept.names, kept.aligned, kept.alignment.method) == (["source", "target"], True, "ridge")
    assert kept["target"].metadata["language"] == "fr"


def test_anchors_are_taken_as_they_come(tmp_path: Path) -> None:
    source, target, every = turned()
    (tmp_path / "pairs.tsv").write_text("".join(f"{a}\t{b}\n" for a, b in every.pairs), encoding="utf-8")
    path = tmp_path / "pairs.tsv"
    maps = [
        align(source, target, anchors=anchors).mapping.source.matrix
        for anchors in (
            every,
            dict(every.pairs),
            list(every.pairs),
            path,
            str(path),
            AnchorSource(kind="file", path=path),
        )
    ]
    expected = learn_mapping(source, target, every)[0].source.matrix
    for found in maps:
        np.testing.assert_array_equal(found, expected)
    copy = Space("copy", source.items, source.vectors)
    np.testing.assert_allclose(align(source, copy, anchors="identical").mapping.source.matrix, np.eye(DIM), atol=1e-9)


def test_test_words_are_given_held_out_or_none() -> None:
    source, target, every = turned(0, 0.2)
    train, test = split(every, 0.25, seed=0)
    by_hand = align(source, target, anchors=train, test=test)
    drawn = align(source, target, anchors=every, test=0.25)
    assert by_hand.precision() == drawn.precision()
    untested = align(source, target, anchors=train)
    np.testing.assert_array_equal(untested.mapping.source.matrix, drawn.mapping.source.matrix)
    assert "not tested" in repr(untested)
    assert untested.table().num_rows == 0
    assert "not tested" in untested._repr_html_()
    with pytest.raises(InvalidValue, match="nothing was tested"):
        untested.precision()
    with pytest.raises(InvalidValue, match="no direction 'up'"):
        drawn.precision(direction="up")


def test_without_anchors_only_a_method_that_needs_none() -> None:
    source, target, every = turned()
    found = align(source, target, anchors=None, test=every, method="vecmap-self", patience=2)
    assert found.precision()["csls"].value == 1
    assert found.diagnostics["two_runs_agree"] > 0.9
    with pytest.raises(InvalidValue, match="0 of 0 training pairs"):
        align(source, target, anchors=None)


def test_what_cannot_be_is_said() -> None:
    source, target, every = turned()
    with pytest.raises(InvalidValue, match="no method 'best'"):
        align(source, target, anchors=every, method="best")
    with pytest.raises(InvalidValue, match="ridge has no parameter 'rounds': choose from ridge"):
        align(source, target, anchors=every, method="ridge", rounds=2)
    with pytest.raises(InvalidValue, match="procrustes has no parameter 'ridge': it has none"):
        align(source, target, anchors=every, ridge=2)
    with pytest.raises(InvalidValue, match="a share of 2"):
        align(source, target, anchors=every, test=2)
    for broken in ([("a",)], ["ab"], [("a", 1)], {"a": ""}):
        with pytest.raises(InvalidValue, match="a pair is"):
            align(source, target, anchors=broken)  # type: ignore[arg-type]
    with pytest.raises((InvalidValue, NotFound), match="no file"):
        align(source, target, anchors="nowhere.tsv")
    assert Dictionary.of([("e\u0301", "x"), ("\u00e9", "x")]).pairs == (("\u00e9", "x"),)


def test_the_case_of_words_is_the_callers() -> None:
    source, target, every = turned()
    capitals = Dictionary.of([(a.upper(), b) for a, b in every.pairs])
    assert sorted(align(source, target, anchors=capitals).trial.train.pairs) == sorted(every.pairs)
    with pytest.raises(InvalidValue, match=f"0 of {len(every.targets)}"):
        align(source, target, anchors=capitals, case="exact")
    with pytest.raises(InvalidValue, match="choose lower or exact"):
        align(source, target, anchors=every, case="fold")
