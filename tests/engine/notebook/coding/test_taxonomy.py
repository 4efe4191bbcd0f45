"""Taxonomies: edited at will, nothing that was coded is lost, JSON gives them back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.errors import InvalidValue, IsoglossError, NotFound
from isogloss.notebook.coding.taxonomy import Taxonomy

NAMES = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=20)
EDITS = st.lists(
    st.tuples(
        st.sampled_from(["add", "rename", "merge", "split"]),
        st.lists(st.integers(0, 30), max_size=3),
        st.lists(NAMES, min_size=1, max_size=3),
    ),
    max_size=12,
)


def edited(edits: list[tuple[str, list[int], list[str]]]) -> Taxonomy:
    """The default one after the edits that it takes."""
    one = Taxonomy.default()
    for kind, places, names in edits:
        codes = [one.ids[place % len(one.ids)] for place in places] or [one.ids[0]]
        try:
            if kind == "add":
                one = one.add(names[0])
            elif kind == "rename":
                one = one.rename(codes[0], names[0])
            elif kind == "merge":
                one = one.merge(codes, names[0])
            else:
                one = one.split(codes[0], names)
        except IsoglossError:
            continue
    return one


@given(EDITS)
def test_whatever_is_edited_every_old_code_leads_to_codes_of_today(edits: list[Any]) -> None:
    one = edited(edits)
    assert Taxonomy.from_json(json.loads(json.dumps(one.as_json()))) == one
    assert one.version == 1 + len(one.changes)
    assert len(set(one.ids)) == len(one.ids)
    assert len({code.name.casefold() for code in one.codes}) == len(one.codes)
    for version in range(1, one.version + 1):
        for code in one.at(version):
            now = one.forward(code.id)
            assert now
            assert set(now) <= set(one.ids)
    assert {code for old in Taxonomy.default().ids for code in one.forward(old)} | {
        code.id for change in one.changes if change.kind == "add" for code in change.new
    } | {
        new for change in one.changes if change.kind == "add" for code in change.new for new in one.forward(code.id)
    } >= set(one.ids)


def test_merged_codes_map_forward_and_split_ones_are_decided_again() -> None:
    one = Taxonomy.default()
    coded = {"a": "hub", "b": "near-synonym", "c": "ocr", "d": "polysemy", "e": "no-such"}
    two = one.merge(["hub", "near-synonym"], "crowded").split("polysemy", ["homonymy", "regular polysemy"])
    three = two.rename("ocr", "misread letters")
    found = three.carry(coded)
    assert found.codes == {"a": "crowded", "b": "crowded", "c": "ocr"}
    assert found.again == {"d": ("homonymy", "regular-polysemy")}
    assert found.unknown == {"e": "no-such"}
    assert three["ocr"].name == "misread letters"
    assert [three.version, [code.id for code in three.at(1)]] == [4, list(one.ids)]
    assert list(three.ids[:3]) == ["real-change", "homonymy", "regular-polysemy"]  # where it stood
    assert three.continues(one)
    assert not one.continues(three)


def test_a_name_that_comes_back_is_another_code() -> None:
    one = Taxonomy.default().merge(["hub", "ocr"], "noise").add("hub")
    assert one["hub"].id == "hub-2"
    assert one.forward("hub") == ("noise",)


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (lambda one: one.add(" "), "has 0 letters"),
        (lambda one: one.add("x" * 81), "has 81 letters"),
        (lambda one: one.add("OCR "), "there is a code 'OCR' already"),
        (lambda one: one.merge(["hub", "hub"], "x"), "1 code cannot be merged"),
        (lambda one: one.split("hub", ["x"]), "a split into 1 changes nothing"),
        (lambda one: one.split("hub", ["x", "X"]), "there is a code 'X' already"),
    ],
)
def test_edits_that_mean_nothing_are_refused(edit: Any, told: str) -> None:
    with pytest.raises(InvalidValue, match=told):
        edit(Taxonomy.default())


def test_a_code_that_is_not_there_names_the_nearest() -> None:
    with pytest.raises(NotFound, match="nearest are polysemy"):
        Taxonomy.default().rename("polisemy", "x")


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {"format": 2},
        {"format": 1, "first": [], "changes": []},
        {"format": 1, "first": [{"id": 1, "name": "x"}], "changes": []},
        {"format": 1, "first": [{"id": "a", "name": "x"}], "changes": [{"kind": "eval", "old": [], "new": []}]},
        {"format": 1, "first": [{"id": "a", "name": "x"}], "changes": [{"kind": "merge", "old": ["b"], "new": []}]},
        {"format": 1, "first": [{"id": "a", "name": "x"}] * 2, "changes": []},
    ],
)
def test_what_is_no_taxonomy_is_refused(value: Any) -> None:
    with pytest.raises(InvalidValue):
        Taxonomy.from_json(value)
