"""Scripts as a visitor meets it: typing into the space, taking the scripts out of it, a concept and its forms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Page, expect

from tests.browser.maps_page import drawn, settle, stage


@pytest.fixture(autouse=True)
def patient(page: Page) -> Iterator[None]:
    """A hundred thousand points, and figures that are measured when they are first asked for."""
    page.set_default_timeout(90_000)
    expect.set_options(timeout=90_000)
    yield
    expect.set_options(timeout=30_000)


def type_text(page: Page, text: str) -> None:
    field = page.get_by_role("textbox", name="Type a word or sentence")
    field.fill(text)
    field.press("Enter")
    expect(page.locator("[class*='st-key-typed-near']").get_by_text(text, exact=True).first).to_be_visible()


def test_a_word_in_three_ways_falls_somewhere_on_both_maps(page: Page, app: str) -> None:
    page.goto(app + "/Scripts")
    drawn(page)
    assert stage(page, "s.panels.length") == 3
    for text in ("privet", "привет", "你好"):
        type_text(page, text)
        page.wait_for_function(f"document.querySelector('.lm').stage.set.labels.includes({text!r})")
        settle(page)
    expect(page.get_by_text(re.compile("Cosine of.*你好"))).to_be_visible()
    expect(page).to_have_url(re.compile("typed="))
    page.reload()
    drawn(page)
    page.wait_for_function("document.querySelector('.lm').stage.set.labels.includes('你好')")


def test_the_removal_changes_pooled_precision(page: Page, app: str) -> None:
    page.goto(app + "/Scripts?stage=transliterated")
    lead = page.locator(".iso-lead")
    expect(lead).to_contain_text("of the variance lies between")
    page.locator(".st-key-removal").get_by_text("lsar", exact=True).click()
    expect(lead).to_contain_text("after lsar")
    expect(lead).to_contain_text(", from ")
    settle(page)
    first = lead.inner_text()
    slider = page.locator(".st-key-rank-lsar").get_by_role("slider")
    slider.focus()
    slider.press("Home")
    expect(lead).not_to_have_text(first, timeout=180_000)
    expect(page.get_by_role("button", name="Draw the map")).to_be_visible()
    expect(page).to_have_url(re.compile("rank-lsar="))


def test_a_concept_opens_and_a_form_is_followed(page: Page, app: str) -> None:
    page.goto(app + "/Scripts?item=Greece+%C2%B7+en")
    expect(page.locator(".iso-lead")).to_contain_text(re.compile("is one of .* forms of territory:GR"))
    page.locator("[class*='st-key-concept-near'] button").filter(has_not_text="Greece").first.click()
    expect(page).not_to_have_url(re.compile("Greece"))
    expect(page.locator(".iso-lead")).to_contain_text("forms of territory:GR")
    page.go_back()
    expect(page).to_have_url(re.compile("Greece"))


def test_maps_are_sent_once_and_again_where_they_are_gone(page: Page, app: str) -> None:
    sets = "globalThis[Symbol.for('isogloss.maps')].sets"
    kept = f"{sets}.has(document.querySelector('.lm').dataset.version)"
    page.goto(app + "/Scripts?item=Greece+%C2%B7+en")
    drawn(page)
    form = page.locator("[class*='st-key-concept-near'] button").filter(has_not_text="Greece").first
    for gone in (False, True):
        if gone:  # as where others took its place
            page.evaluate(f"{sets}.clear()")
        before = page.url
        form.click()
        expect(page).not_to_have_url(before)
        expect(page.locator(".iso-lead")).to_contain_text("forms of territory:GR")
        page.wait_for_function(kept)
        settle(page)
        form = page.locator("[class*='st-key-concept-near'] button").filter(has_text="Greece").first


def test_a_cell_of_the_matrix_names_its_pair(page: Page, app: str) -> None:
    page.goto(app + "/Scripts")
    drawn(page)  # what loads later pushes the matrix down
    area = page.locator(".st-key-matrix-chart .nsewdrag").first
    said = page.get_by_text(re.compile("Greek and Thai share"))
    for _ in range(5):
        expect(area).to_be_attached()
        area.scroll_into_view_if_needed()
        settle(page)
        box = area.bounding_box()
        assert box is not None
        x, y = page.evaluate(
            """() => { const g = document.querySelector('.st-key-matrix-chart .js-plotly-plot'), f = g._fullLayout;
            const c = [...f.xaxis._categories];
            return [f.xaxis.c2p(c.indexOf('Greek')), f.yaxis.c2p(c.indexOf('Thai'))]; }"""
        )
        page.mouse.move(box["x"] + x, box["y"] + y)
        page.wait_for_timeout(500)  # Plotly answers a click on what it has seen hovered
        page.mouse.click(box["x"] + x, box["y"] + y)
        with suppress(AssertionError):
            expect(said).to_be_visible(timeout=15_000)
            return
    expect(said).to_be_visible()


def test_labels_of_many_scripts_are_drawn_with_real_glyphs(page: Page, app: str) -> None:
    """A missing glyph is a box of the same width for every character; words of these scripts have shapes of their
    own.
    """
    page.goto(app + "/Scripts")
    drawn(page)
    words = {"Arab": "اليونان", "Deva": "यूनान", "Ethi": "ግሪክ", "Khmr": "ក្រិក", "Tfng": "ⵍⵢⵓⵏⴰⵏ"}
    for script, word in words.items():
        shapes = page.evaluate(
            """(word) => { const draw = (text) => { const c = document.createElement('canvas');
            c.width = 60; c.height = 60;
            const x = c.getContext('2d'); x.font = '32px ' + getComputedStyle(document.querySelector('.lm')).fontFamily;
            x.textBaseline = 'top'; x.fillText(text, 8, 8); return c.toDataURL(); };
            return [...new Set([...word].map(draw))].length; }""",
            word,
        )
        assert shapes >= 3, script


def test_pasted_texts_become_a_space_of_ones_own(page: Page, app: str) -> None:
    page.goto(app + "/Scripts")
    drawn(page)
    page.get_by_text("Your own texts, with this or any other encoder").click()
    page.get_by_role("textbox", name="or paste them here").fill("Köln\nМосква\n東京\nالقاهرة\nदिल्ली\nKöln")
    page.get_by_role("textbox", name="Collection").fill("five-cities")
    page.keyboard.press("Tab")
    expect(page.get_by_text("5 texts to encode.")).to_be_visible()
    page.get_by_role("button", name="Encode", exact=True).click()
    expect(page.get_by_text("5 texts are in the collection")).to_be_visible()
    page.get_by_role("link", name="Its neighbors").click()
    expect(page).to_have_url(re.compile(r"Neighbors\?.*collection=five-cities"))
    expect(page.get_by_role("combobox").first).to_be_visible()
