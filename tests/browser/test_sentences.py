"""Sentences as a visitor meets it: the finding, a cell, a sentence that fails, another layer, the address again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from isogloss.sentences.reports import LayerReports
from isogloss.workspace.store import Workspace
from tests.browser.conftest import served
from tests.kit.patient import taken
from tests.pages.test_sentences_page import told

LOST = {"rus": {"0": [[5, 9, 4, 0.1, 0.2]], "1": [[4, 7, 9, 0.5, 0.6]]}, "deu": {"0": [[4, 2, 9, 0.5, 0.6]], "1": []}}
TEXTS = {
    "rus": {"4": "четыре кошки", "5": "пять собак", "9": "девять"},
    "deu": {"4": "vier Katzen", "9": "neun"},
    "eng": {"4": "four cats", "5": "five dogs", "9": "nine"},
}


@pytest.fixture(scope="module")
def sentences_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running app whose workspace holds one small report."""
    home = tmp_path_factory.mktemp("sentences")
    value = told({"deu": [0.2, 0.97], "rus": [0.1, 0.3]})
    LayerReports(Workspace(home)).save("mine", json.loads(json.dumps(value | {"failures": LOST, "texts": TEXTS})))
    with served(home) as (address, _):
        yield address


def test_a_cell_shows_what_fails_there(page: Page, sentences_app: str) -> None:
    page.goto(sentences_app + "/Sentences?report=mine")
    lead = page.locator(".iso-lead")
    expect(lead).to_contain_text("1 of 2 languages pass 95% by layer 1")
    expect(page.get_by_text("1 sentence fails")).to_be_visible()
    expect(page.get_by_text(re.compile("^Russian.* in layer 1"))).to_be_visible()
    table = page.locator(".st-key-picture .js-plotly-plot").first
    expect(table).to_be_visible()
    cell = table.locator(".scatterlayer .point").first  # German in layer 0
    cell.dispatch_event("mousemove")
    box = cell.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.get_by_text(re.compile("^German.* in layer 0"))).to_be_visible()
    expect(page).to_have_url(re.compile("language=deu.*cell=0|cell=0.*language=deu"))
    page.goto(page.url)  # the address says which cell it was
    expect(page.get_by_text(re.compile("^German.* in layer 0"))).to_be_visible()
    expect(page.get_by_text("1 sentence fails")).to_be_visible()
    page.locator(".st-key-failing .dvn-scroller").click(position={"x": 12, "y": 52})  # the box before the first row
    expect(page.get_by_text("English four cats")).to_be_visible()  # the same in the pivot
    lines = taken(page, page.locator(".st-key-failures-csv button")).read_text("utf-8-sig").splitlines()
    assert lines[0] == "# sentences that fail · mine · deu · layer 0"
    assert re.fullmatch(r"# http://127[^ ]*/Sentences\?v=1&.*cell=0.*", lines[1])
    svg = taken(page, page.get_by_role("button", name="For print")).read_text("utf-8")
    assert "src:url(data:" in svg  # its letters are in it
    assert re.search(r"<desc>MEXA by language.* http://127[^<]*cell=0[^<]*</desc>", svg)
    page.get_by_role("slider", name="Layer").focus()
    page.keyboard.press("ArrowLeft")
    expect(lead).to_contain_text("by layer 0")
    page.keyboard.press("ArrowRight")
    expect(lead).to_contain_text("by layer 1")
    expect(page.get_by_text(re.compile("^German.* in layer 1"))).to_be_visible()  # the cell went along
    page.get_by_text("Send a layer to Map").click()
    expect(page.get_by_text(re.compile("cannot be made here"))).to_be_visible()
    address = page.url
    page.get_by_role("button", name="Send our own sentences to Map").click()
    expect(page).to_have_url(re.compile("/Map.*collection=own-sentences"), timeout=60_000)
    expect(page.locator(".iso-lead")).to_be_visible(timeout=60_000)
    page.goto(address)
    expect(page.get_by_text(re.compile("^German.* in layer 1"))).to_be_visible()
    page.get_by_text("Send a layer to Map").click()
    expect(page.get_by_role("link", name="On the map: own-sentences")).to_be_visible()
    page.goto(sentences_app + "/Sentences?view=Retrieval")
    expect(lead).to_contain_text("Which language finds its sentences")
