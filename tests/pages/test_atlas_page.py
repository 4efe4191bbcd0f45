"""The page Atlas: the finding cold, a section, what the address cannot have, a list of one's own, hostile titles."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.pages import html_of, table_of, visit

PAGE = "pages/14_Atlas.py"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ISOGLOSS_HOME", str(tmp_path))


def test_it_opens_cold_with_the_finding_and_the_papers() -> None:
    page = visit(PAGE, paper="MuRIL: Multilingual Representations for Indian Languages", k="5")
    said = html_of(page)
    assert "Sections hold together: 1.5 of a paper&#x27;s nearest 5 share its section, chance 0.9" in said
    assert len(table_of(page, "answered by")) == 21
    assert "romanised-gap" in page.code[0].value
    assert "Answered on Sentences" in [one.proto.label for one in page.get("page_link")]
    assert (table_of(page, "near_own")["margin"] > 0).all()
    assert table_of(page, "nearer_than")["nearer_than"].min() >= 0.5


def test_a_section_of_one_list_and_values_that_cannot_be() -> None:
    page = visit(PAGE, catalogue="alignment-with-people", section="Related Surveys", k="999", level="<b>")
    said = html_of(page)
    assert "Related Surveys" in said
    assert "holds together" in said
    assert len(table_of(page, "link").query("section == 'Related Surveys'")) > 0
    assert any("level" in one.value for one in page.caption)
    assert any("k" in one.value for one in page.caption)
    page.selectbox(key="catalogue").set_value("multilingual-llm").run()
    assert not page.exception
    assert "Sections hold together" in html_of(page)


def test_a_list_of_ones_own_with_hostile_titles() -> None:
    page = visit(PAGE, catalogue="my own")
    assert "paste one, in the drawer" in html_of(page)
    rows = [f"- [<img src=x onerror=alert({n})> of [it] {n}](https://x.org/{n})\n" for n in range(4)]
    page.text_area(key="atlas-text").set_value(
        "## **A** <script>\n" + "".join(rows[:2]) + "## B\n" + "".join(rows[2:])
    ).run()
    assert not page.exception
    said = html_of(page)
    assert "<img" not in said
    assert "<script>" not in said
    assert "Sections cannot be told from sections dealt at random" in said
    page.text_area(key="atlas-text").set_value("no list").run()
    assert not page.exception
    assert "lists no paper" in html_of(page)
