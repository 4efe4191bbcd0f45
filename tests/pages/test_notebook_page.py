"""The Notebook page, and Keep on the pages that have figures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from isogloss.cli.asked import asking
from isogloss.notebook.case import Case
from isogloss.notebook.coding.blind import blinded
from isogloss.notebook.files import to_jsonl
from isogloss.notebook.ledger import FILE, Ledger
from isogloss.notebook.replay import make_case, verify
from isogloss.notebook.report import to_html, to_latex, to_markdown
from isogloss.notebook.view import View
from isogloss.workspace.store import Workspace
from tests.kit.collections import scripts_collection
from tests.kit.pages import html_of, table_of, visit

NOTEBOOK = "pages/7_Notebook.py"
NASTY = "<img src=x onerror=alert(1)> **b** ![x](http://e/x.png)\n=cmd() \ud800"
pytestmark = pytest.mark.usefixtures("principal_maps")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    monkeypatch.setenv("ISOGLOSS_HOME", str(tmp_path))
    found = Workspace(tmp_path)
    found.save(scripts_collection())
    st.cache_data.clear()
    yield found
    st.cache_data.clear()


def button(at: AppTest, label: str) -> AppTest:
    return min((one for one in at.button if one.label.startswith(label)), key=lambda one: len(one.label)).click().run()


def said(at: AppTest) -> str:
    return re.sub(r"<style>.*?</style>", "", html_of(at), flags=re.DOTALL)


def test_empty_it_says_how_to_keep_one(place: Workspace) -> None:
    at = visit(NOTEBOOK, case="nothing", sort="upside down", tag="none")
    assert "The notebook is empty" in said(at)
    assert "cases keep LINK" in said(at)
    assert not (place.root / FILE).exists()


KEPT = (
    ("pages/1_Neighbors.py", {"item": "climate", "k": "4"}, "Neighbors"),
    ("pages/2_Map.py", {"item": "climate"}, "Map"),
    ("pages/3_Drift.py", {"item": "Climate", "measure": "nonsense", "from": "nowhere"}, "Drift"),
    ("pages/3_Drift.py", {"order": "true", "uses": "500"}, "Drift"),
    ("pages/4_Scripts.py", {"collection": "scripts-test", "removal": "center"}, "Scripts"),
)


@pytest.mark.long
@pytest.mark.parametrize(("page", "address", "named"), KEPT, ids=lambda one: str(one)[:40])
def test_a_view_is_kept_with_what_its_command_prints(
    page: str, address: dict[str, str], named: str, place: Workspace
) -> None:
    at = button(visit(page, **address), "Keep")
    assert not at.exception
    assert "iso-error" not in said(at)
    (case,) = Ledger(place.root / FILE).cases()
    assert case.view.page == named
    assert case.figures
    assert verify(case, asking(place), workspace=place).verdict == "holds"
    again = make_case(View.of_link(case.view.link), asking(place), place)
    assert (again.command, again.figures) == (case.command, case.figures)
    ways = [one.proto.page for one in at.get("page_link") if one.proto.label.startswith("Open it")]
    assert len(ways) == 1


@pytest.mark.long
def test_an_alignment_is_kept_from_the_screen_as_its_command_prints_it(place: Workspace) -> None:
    address = {"source": "novels-en/English", "target": "novels-fr/French", "methods": "Procrustes"}
    at = button(visit("pages/5_Align.py", **address, limit="3000", share="0.5", retrieval="NN", case="exact"), "Keep")
    assert not at.exception
    (case,) = Ledger(place.root / FILE).cases()
    assert {one.name for one in case.figures} >= {"P@1, there, nn", "P@10, back, nn"}
    found = verify(case, asking(place))
    assert (found.verdict, found.why) == ("holds", "")


def test_a_case_is_opened_changed_tagged_and_brought_back(place: Workspace) -> None:
    ledger = Ledger(place.root / FILE)
    case = ledger.keep(make_case(View.of("Drift", {"item": "climate"}), asking(place), place))
    ledger.keep(Case(View("Map"), title="other"))
    at = visit(NOTEBOOK, case=case.id)
    assert "climate · Drift</bdi> holds" in said(at)
    assert table_of(at, "figure").loc[0, "kept"] == table_of(at, "figure").loc[0, "now"]
    at.text_area(key=f"comment-{case.id}").set_value("why?")
    at.text_input(key=f"tags-{case.id}").set_value("war, peace")
    button(at, "Save")
    assert (ledger.get(case.id).comment, ledger.get(case.id).tags) == ("why?", ("war", "peace"))
    button(at, "Undo")
    assert ledger.get(case.id) == case
    at = visit(NOTEBOOK, find="climate", sort="oldest")
    assert list(table_of(at, "came in")["case"]) == ["climate · Drift"]
    wrong = replace(case, figures=(replace(case.figures[0], value=0.5), *case.figures[1:]))
    ledger.put(wrong)
    at = visit(NOTEBOOK, case=case.id)
    assert "has changed" in said(at)
    assert "0.5 → 0.66" in said(at)


def test_a_case_survives_or_falls_on_the_page(place: Workspace) -> None:
    view = View.of("Neighbors", {"item": "climate", "k": "4"})
    case = Ledger(place.root / FILE).keep(make_case(view, asking(place), place))
    at = button(visit(NOTEBOOK, case=case.id), "What it survives")
    assert "climate · Neighbors: 3 of 3" in said(at)
    assert list(table_of(at, "varied")["varied"]) == ["k 2", "k 6", "criterion csls"]
    kept = Ledger(place.root / FILE).get(case.id)
    assert kept.survival is not None
    assert (kept.survival.stood, kept.survival.computed) == (3, 3)
    again = visit(NOTEBOOK, case=case.id)  # another visit finds it
    assert list(table_of(again, "varied")["finding"]) == ["stands"] * 3
    for text in (to_html([kept]), to_markdown([kept]), to_latex([kept])):
        assert "criterion csls" in text
        assert text.count("stands") >= 3
    shown = blinded([kept.as_json()])
    assert "survival" not in shown.rows[0]  # it names measures and retrievals


def test_what_users_wrote_is_text(place: Workspace) -> None:
    case = Case(
        View.of("Drift", {"item": NASTY}),
        title=NASTY,
        comment=NASTY,
        tags=(NASTY[:50],),
        neighbors={NASTY: (NASTY,)},
        lines=(NASTY,),
        command=("serve", NASTY, "--json"),
    )
    Ledger(place.root / FILE).keep(case)
    at = visit(NOTEBOOK, case=case.id, find="<img", tag=NASTY[:50])
    assert "cannot be computed" in said(at)
    assert "<img" not in said(at)
    assert "![x](" not in "".join(one.help or "" for one in at.button)
    at = visit(NOTEBOOK, case="<img src=x>", how="<b>")
    assert "no case" in said(at)
    assert "<img" not in said(at)


@pytest.mark.parametrize("visitors", ["0", "1"])
def test_read_only_cases_stay_in_the_session(visitors: str, place: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ISOGLOSS_READONLY", "1")
    monkeypatch.setenv("ISOGLOSS_VISITORS", visitors)
    at = button(visit("pages/1_Neighbors.py", item="climate", k="3"), "Keep")
    assert at.session_state["_notebook"].count() == 1
    assert "Nothing can be written here" in at.toast[0].value
    at.switch_page(NOTEBOOK).run()
    assert "1 case kept" in said(at)
    assert "Download them before you leave" in said(at)
    assert not (place.root / FILE).exists()


def test_a_damaged_notebook_is_one_error(place: Workspace) -> None:
    (place.root / FILE).write_bytes(b"nothing of the kind" * 99)
    assert "is damaged" in said(visit(NOTEBOOK))
    at = button(visit("pages/1_Neighbors.py", item="climate", k="3"), "Keep")
    assert "is damaged" in said(at)


def test_cases_are_brought_by_a_file(place: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ISOGLOSS_DATA_ROOTS", str(tmp_path))
    file = tmp_path / "brought.jsonl"
    file.write_text(to_jsonl([Case(View("Drift"), title=one) for one in "abc"]) + "nonsense\n", encoding="utf-8")
    at = visit(NOTEBOOK)
    at.text_area(key="bring-cases-paths").set_value(str(file)).run()
    assert "3 read; skipped: 1 no case" in said(at)
    assert [case.title for case in Ledger(place.root / FILE).cases()] == ["c", "b", "a"]


def test_cases_are_coded_and_rules_are_given_on_the_same_page(place: Workspace) -> None:
    at = visit(NOTEBOOK, view="Coding")
    assert "no case to code" in said(at)
    ledger = Ledger(place.root / FILE)
    for number in range(4):
        ledger.keep(Case(View("Drift" if number else "Map"), title=f"<img src=x>{number}"))
    at = visit(NOTEBOOK, view="Coding", page="Drift")
    assert "3 of 4 cases can be drawn" in said(at)
    at.text_input(key="coding-first").set_value("Ada").run()
    assert "<img" not in said(at)
    assert [one.label for one in at.get("download_button")] == ["The draw", "Sheet for Ada"]
    at = visit(NOTEBOOK, view="Rules")
    assert "A group is a rule" in said(at)
    assert at.file_uploader(key="rules-file")
    at = visit(NOTEBOOK, view="<b>upside down")
    assert "cases kept" in said(at)
    assert "<b>upside" not in said(at)
