"""The page Align through AppTest: demo, deep links, broken addresses, tiny and disjoint spaces, keeping, bringing a
map.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from isogloss.alignment.matrices import matrix_text
from isogloss.spaces.collection import Collection
from isogloss.spaces.space import Space
from isogloss.workspace.store import Workspace
from tests.kit.collections import HOSTILE, disjoint_collection, scripts_collection, tiny_collection
from tests.kit.pages import html_of, table_of, visit
from tests.kit.spaces import random_space

PAGE = "pages/5_Align.py"
N, DIM = 400, 12
WORDS = (*(f"w{i}" for i in range(N - 2)), HOSTILE[0], "<b>bold</b>")


@pytest.fixture(autouse=True)
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A planted pair beside the small collections."""
    monkeypatch.setenv("ISOGLOSS_HOME", str(tmp_path))
    place = Workspace(tmp_path)
    rng = np.random.default_rng(0)
    x = rng.normal(size=(N, DIM)).astype(np.float32)
    turn, _ = np.linalg.qr(rng.normal(size=(DIM, DIM)))
    z = (x @ turn + 0.3 * rng.normal(size=x.shape)).astype(np.float32)
    spaces = (Space("left", WORDS, x), Space("right", WORDS, z))
    for collection in (
        scripts_collection(),
        tiny_collection(),
        disjoint_collection(),
        Collection("planted", spaces, "Planted"),
    ):
        place.save(collection)
    return place


def planted(**more: str) -> AppTest:
    chosen = {"source": "planted/left", "target": "planted/right", "anchors": "identical strings"} | more
    return visit(PAGE, **chosen)


def captions(at: AppTest) -> str:
    return "\n".join(c.value for c in at.caption)


def test_the_demo_opens_aligned_with_its_errors_on_show() -> None:
    at = visit(PAGE)
    text = html_of(at)
    assert "finds the translation of" in text
    assert "Before any test: 2,0" in text
    assert "less" in text  # two methods are compared, with an interval
    assert "test words are not found first" in text
    assert {"Procrustes · NN", "VecMap · CSLS"} <= set(table_of(at, "method")["method"])
    assert "Missed, for instance" in text
    assert "matin" in text
    assert len(table_of(at, "method")) == 12
    assert len(table_of(at, "reason")) > 300


def test_what_the_demo_reaches_is_shipped() -> None:
    """The first visitor does not wait: the outcomes lie in the assets under the keys that the page looks for."""
    from isogloss.alignment.joint_maps import picture_key
    from isogloss.alignment.outcomes import outcomes
    from scripts.alignment import DEMO, METHODS

    place = Workspace()
    trial = DEMO.trial(lambda side: place.open(side.collection)[side.space])  # type: ignore[union-attr]
    for method in METHODS:
        assert outcomes(place).find(trial.key(method)) is not None
        assert outcomes(place).find(picture_key(trial, method)) is not None


def test_a_planted_pair_is_found_in_both_directions() -> None:
    at = planted()
    rows = table_of(at, "method")
    assert len(rows) == 12
    assert rows["P@1"].min() > 90
    assert set(rows["direction"]) == {"→ left", "→ right"}
    for interval, p in zip(rows["95%"], rows["P@1"], strict=True):
        low, high = map(float, interval.split("–"))
        assert low - 0.05 <= p <= high + 0.05  # rounded to tenths
    assert (rows["P@1 of all"] <= rows["P@1"]).all()
    assert "not distinguishable" in html_of(at)


@pytest.mark.long
def test_the_script_filter_tells_its_effect_and_learns_nothing_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every other target has a Greek one beside it, which takes its place now and then; anchors are Latin."""
    from isogloss.alignment import outcomes

    place = Workspace()
    right = place.open("planted")["right"]
    greek = tuple("".join(chr(945 + int(d)) for d in f"{i:04}") for i in range(N // 2))
    beside = right.vectors[::2] + 0.05 * np.random.default_rng(1).normal(size=(N // 2, DIM)).astype(np.float32)
    both = Space("both", (*right.items, *greek), np.concatenate([right.vectors, beside]))
    place.save(Collection("mixed", (both,)))
    planted(target="mixed/both")
    monkeypatch.setattr(outcomes, "run", lambda *_, **__: pytest.fail("learnt again"))
    text = html_of(planted(target="mixed/both", script="true"))
    said = re.search(r"Targets in one script, 400 of 600: P@1 ([\d.]+)% → ([\d.]+)%.*n = 100", text)
    assert said
    assert float(said[1]) < float(said[2]) - 10


def test_changed_words_among_the_anchors_are_warned_of() -> None:
    place = Workspace()
    right = place.open("planted")["right"]
    changed = right.vectors.copy()
    changed[:24] = np.roll(changed[:24], 1, axis=0)
    place.save(Collection("changed", (Space("later", right.items, changed),)))
    text = html_of(planted(target="changed/later"))
    said = re.search(r"([0-9]+) of 300 anchors \(.*?\) lie far from their partner.*?, (.*?) farthest", text)
    assert said
    assert int(said[1]) >= 12
    assert {int(number) for number in re.findall(r"w(\d+)<", said[2])} <= set(range(24))
    assert "words whose meaning changed" in text
    assert "lie far from their partner" not in html_of(visit(PAGE))


def test_a_link_replays_the_view() -> None:
    at = planted(method="Procrustes", retrieval="NN", direction="right → left", view="Diagnostics", share="0.5")
    text = html_of(at)
    assert "Procrustes" in text
    assert "anchors are suspicious" in text
    assert "Isomorphism" in text
    assert at.selectbox(key="direction").value == "right → left"
    assert at.slider(key="share").value == 0.5


@pytest.mark.parametrize(
    "parameters",
    [
        {"source": "no/where"},
        {"target": "<b>"},
        {"anchors": "guesses"},
        {"test": "all"},
        {"method": "best"},
        {"retrieval": "\u202e"},
        {"direction": "up"},
        {"view": "upside down"},
        {"reason": "because"},
        {"band": "1–2"},
        {"collection": "nowhere"},
    ],
)
def test_broken_addresses_fall_back(parameters: dict[str, str]) -> None:
    at = visit(PAGE, **parameters) if {"source", "target"} & set(parameters) else planted(**parameters)
    assert re.search("finds the (translation|counterpart) of", html_of(at))
    if "collection" not in parameters:
        assert f"link's value for {next(iter(parameters))}" in captions(at)


@pytest.mark.parametrize(
    "parameters", [{"share": "x"}, {"limit": "-1"}, {"seed": "many"}, {"methods": "Guessing"}, {"steps": "whiten"}]
)
def test_broken_parameters_never_end_in_a_traceback(parameters: dict[str, str]) -> None:
    assert "iso-" in html_of(planted(**parameters))


def test_unknown_preprocessing_names_the_steps() -> None:
    assert "choose from unit, center" in html_of(planted(steps="whiten")).lower()


def test_one_space_twice_and_spaces_without_a_common_word() -> None:
    assert "are one space" in html_of(visit(PAGE, source="planted/left", target="planted/left"))
    names = disjoint_collection().names
    text = html_of(
        visit(PAGE, source=f"disjoint/{names[0]}", target=f"disjoint/{names[-1]}", anchors="identical strings")
    )
    assert "anchors are in both spaces" in text


def test_a_tiny_space(workspace: Workspace) -> None:
    tiny = tiny_collection()
    text = html_of(
        visit(PAGE, source=f"{tiny.name}/{tiny.names[0]}", target="planted/right", anchors="identical strings")
    )
    assert "iso-error" in text


def test_spaces_of_other_dimensions_say_so(workspace: Workspace) -> None:
    rng = np.random.default_rng(1)
    workspace.save(Collection("other", (Space("wide", WORDS, rng.normal(size=(N, DIM + 1)).astype(np.float32)),)))
    text = html_of(visit(PAGE, source="planted/left", target="other/wide", anchors="identical strings"))
    assert f"{DIM} and {DIM + 1} dimensions" in text


def test_errors_are_filtered_by_reason_and_rank() -> None:
    at = visit(PAGE, reason="number or case")
    rows = table_of(at, "reason")
    assert set(rows["reason"]) == {"number or case"}
    assert "One stem, and endings" in html_of(at)
    at = visit(PAGE, reason="right", band="1–1,000", stem="true")
    assert set(table_of(at, "reason")["rank of source"]) == {"1–1,000"}
    assert "With stems by Snowball" in html_of(at)


def test_hostile_items_stay_text() -> None:
    text = html_of(planted(view="Diagnostics"))
    assert "<img" not in text
    assert "<b>bold" not in text


def test_the_pair_is_kept_as_a_collection(workspace: Workspace) -> None:
    at = planted(view="Keep")
    name = next(field for field in at.text_input if str(field.key).startswith("keep-"))
    assert name.value == "planted-procrustes"
    name.set_value("pair")
    at.button(key="keep").click().run()
    assert not at.exception
    assert "is there now" in html_of(at)
    kept = workspace.open("pair")
    assert (kept.names, kept.alignment.method, kept.aligned) == (["left", "right"], "procrustes", True)
    at.button(key="keep").click().run()
    assert "there is a collection 'pair' already" in html_of(at).lower().replace("&#x27;", "'")


@pytest.mark.long
def test_anchors_that_are_typed_or_missing() -> None:
    at = visit(PAGE, source="planted/left", target="planted/right", anchors="typed")
    assert "write a source word and its translation a line" in html_of(at).lower()
    at.text_area(key="train-typed").set_value("\n".join(f"w{i} w{i}" for i in range(60))).run()
    assert not at.exception
    assert "finds the translation of" in html_of(at)
    at.text_area(key="train-typed").set_value("one").run()
    assert "no target: line 1: one" in html_of(at)
    assert (
        "choose a dictionary"
        in html_of(visit(PAGE, source="planted/left", target="planted/right", anchors="file")).lower()
    )


def test_long_methods_are_offered_and_refused_where_nothing_may_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    at = planted(methods="Refinement")
    assert any(button.label == "Run Refinement" for button in at.button)
    monkeypatch.setenv("ISOGLOSS_READONLY", "1")
    assert "read-only" in html_of(planted(methods="Refinement"))


def test_no_anchors_leave_self_learning_alone() -> None:
    at = visit(PAGE, anchors="none")
    assert any("Self-learning" in button.label for button in at.button)
    assert "the shapes of the two spaces alone" in html_of(at)


def test_a_map_from_elsewhere_is_tested_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    monkeypatch.setenv("ISOGLOSS_DATA_ROOTS", str(tmp_path))
    planted_pair = workspace.open("planted")
    from isogloss.linear import orthogonal

    (tmp_path / "map.txt").write_text(
        matrix_text(orthogonal(planted_pair["left"].unit, planted_pair["right"].unit)), encoding="utf-8"
    )
    (tmp_path / "small.txt").write_text(matrix_text(np.eye(3)), encoding="utf-8")
    at = planted(view="Keep")
    field = at.text_area(key="map-file-paths")
    field.set_value(str(tmp_path / "map.txt")).run()
    text = html_of(at)
    assert "map.txt: 12 × 12, orthogonal" in text
    assert "left → right, NN: P@1 9" in text or "left → right, NN: P@1 100" in text
    field.set_value(str(tmp_path / "small.txt")).run()
    assert "these spaces have 12" in html_of(at)
    (tmp_path / "bad.txt").write_text("3 3\n1 2 3\n", encoding="utf-8")
    field.set_value(str(tmp_path / "bad.txt")).run()
    assert "has 1 rows, expected 3" in html_of(at)
    np.save(tmp_path / "bare.npy", orthogonal(planted_pair["left"].unit, planted_pair["right"].unit))
    field.set_value(str(tmp_path / "bare.npy")).run()
    assert "does not say how it is applied" in html_of(at)
    at.button_group(key="map-applied").set_value("rows").run()
    assert "left → right, NN: P@1" in html_of(at)


def test_words_in_lower_case_only_are_said_with_what_either_policy_reaches() -> None:
    """A tenth of the typed words is capitalized: taken in lower case they train and test, as they are written not."""
    at = planted(anchors="typed")
    pairs = [f"{f'W{i}' if i % 10 == 0 else f'w{i}'} w{i}" for i in range(300)]
    at.text_area(key="train-typed").set_value("\n".join([*pairs, pairs[1]])).run()
    assert not at.exception
    text = html_of(at)
    assert "30 dictionary words (W0, W10, W20) are in the spaces in lower case only" in text
    assert "1 repeated line dropped" in text
    found = re.search(r"Taken so: P@1 [\d.]+% of (\d+) .*?written: P@1 [\d.]+% of (\d+) ", text)
    assert found is not None
    assert int(found[1]) > int(found[2])
    assert sum(int(n) for n in re.findall(r"after (\d+) training pairs", text)) < 2 * 300
    at.query_params["case"] = "exact"
    at.run()
    assert "30 dictionary words" in html_of(at)


def test_spaces_are_those_of_the_collections_as_they_are_now(workspace: Workspace) -> None:
    """Kept by the names of collections alone, another visitor's would be offered where theirs is called alike."""
    items = [f"w{i}" for i in range(30)]
    for names in (("one", "two"), ("three", "four")):
        spaces = tuple(random_space(name, len(items), 6, seed) for seed, name in enumerate(names))
        workspace.save(Collection("mine", spaces))
        options = visit(PAGE).selectbox(key="source").options
        assert [one for one in options if one.startswith("mine/")] == [f"mine/{name}" for name in names]
