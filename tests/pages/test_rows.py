"""Rows of tables that are kept: each a case whose link opens the page at it, and whose command gives its figures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from components.maps import linked_maps
from isogloss.cli.asked import asking
from isogloss.notebook.case import Case
from isogloss.notebook.ledger import FILE, Ledger
from isogloss.notebook.replay import make_case, verify
from isogloss.notebook.view import View
from isogloss.spaces.collection import Collection
from isogloss.spaces.space import Space
from isogloss.workspace.store import Workspace
from tests.kit.collections import HOSTILE
from tests.kit.pages import html_of, table_of, visit

WORDS = (*(f"w{i}" for i in range(298)), HOSTILE[0], "-<b>bold</b>")
PAIR = {"source": "planted/left", "target": "planted/right", "anchors": "identical strings", "methods": "Procrustes"}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    monkeypatch.setenv("ISOGLOSS_HOME", str(tmp_path))
    found = Workspace(tmp_path)
    rng = np.random.default_rng(0)
    x = rng.normal(size=(len(WORDS), 8)).astype(np.float32)
    z = (x + 1.1 * rng.normal(size=x.shape)).astype(np.float32)
    found.save(Collection("planted", (Space("left", WORDS, x), Space("right", WORDS, z)), "Planted"))
    st.cache_data.clear()
    yield found
    st.cache_data.clear()


def kept(at: AppTest, table: str, rows: list[int], place: Workspace) -> list[Case]:
    """The cases of selected rows, oldest first; each still holds, and is what its link gives."""
    key = f"keep-rows-{table}"
    assert at.button(key=key).label == "Keep rows"
    assert at.button(key=key).disabled
    at.session_state[table] = {"selection": {"rows": rows, "columns": [], "cells": []}}
    at.run()
    assert at.button(key=key).label == f"Keep {len(rows)} row{'s' * (len(rows) > 1)}"
    at.button(key=key).click().run()
    assert not at.exception
    assert "iso-error" not in re.sub(r"<style>.*?</style>", "", html_of(at), flags=re.DOTALL)
    assert [one for one in at.toast if one.value.startswith("Kept")]
    found = sorted(Ledger(place.root / FILE).cases(), key=lambda one: one.created)
    for case in found:
        assert (verdict := verify(case, asking(place), workspace=place)).verdict == "holds", verdict.why
        again = make_case(View.of_link(case.view.link), asking(place), place)
        assert (again.command, again.figures, again.neighbors) == (case.command, case.figures, case.neighbors)
    return found


def test_rows_of_the_ranking_are_kept(place: Workspace) -> None:
    at = visit("pages/3_Drift.py", collection="un-debates", measure="jaccard", show="least changed")
    words = [table_of(at, "verdict")["item"].iloc[row] for row in (0, 2)]
    cases = kept(at, "ranking", [0, 2], place)
    assert [case.view.get("item") for case in cases] == words
    assert all(f"--item={word}" in case.command for word, case in zip(words, cases, strict=True))
    assert {one.name for one in cases[0].figures} >= {"distance", "uses in the source"}
    opened = visit("pages/3_Drift.py", **{key: values[-1] for key, values in cases[1].view.parameters})
    assert words[1] in html_of(opened)


@pytest.mark.long
@pytest.mark.parametrize("way", ["left → right", "right → left"])
def test_errors_of_an_alignment_are_kept(place: Workspace, way: str) -> None:
    at = visit("pages/5_Align.py", **PAIR, direction=way, retrieval="NN")
    table = table_of(at, "reason")
    cases = kept(at, "errors", [0, 1], place)
    for case, (_, row) in zip(cases, table.iterrows(), strict=False):
        figures = {one.name.partition(",")[0]: one.value for one in case.figures}
        assert case.view.get("word") == row["source"]
        assert case.title.startswith(row["source"])
        assert (figures["first found"], figures["reason"]) == (row["nearest"], row["reason"])
        assert figures["rank of the gold"] == row["rank of gold"]
        where = "there" if way == "left → right" else "back"
        assert ", ".join(case.neighbors[f"{row['source']}, {where}"]) == row["ten nearest"]
    view = {key: values[-1] for key, values in cases[0].view.parameters}
    assert "gold stands at place" in html_of(visit("pages/5_Align.py", **view))
    results = table_of(at, "method")
    *_, case = kept(at, "results", [4], place)
    (first,) = [one for one in case.figures if one.name.startswith("P@1, back")]
    assert 100 * float(str(first.value)) == pytest.approx(results["P@1"].iloc[4], abs=1e-4)
    opened = visit("pages/5_Align.py", **PAIR, word="<b>nobody</b>")
    assert any("value for word could not be used" in one.value for one in opened.caption)
    assert "<b>nobody" not in html_of(opened)


@pytest.mark.usefixtures("principal_maps")
@pytest.mark.parametrize("around", ["", "climate"])
def test_points_of_a_map_are_kept(place: Workspace, monkeypatch: pytest.MonkeyPatch, around: str) -> None:
    monkeypatch.setattr(linked_maps, "linked_maps", lambda data, stage, **_: linked_maps.Asked(None, [3, 5]))
    at = visit("pages/2_Map.py", collection="un-debates", item=around)
    table = table_of(at, "kept of 10")
    (case,) = kept(at, "selected-points", [1], place)
    word, space, near = table["item"].iloc[1], table["space"].iloc[1], table["kept of 10"].iloc[1]
    assert case.view.get("item") == word
    assert ("--whole" in case.command) == (not around)
    if not around:
        figures = {one.name: (one.value, one.n) for one in case.figures}
        assert figures[f"neighbors kept of {word}, {space}"] == (near, 10)
