"""Drift as a visitor meets it: a link to one word, its verdict, its path, and the ranking that answers the picture."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import Page, expect

from tests.browser.maps_page import drawn, settle, stage

DEEP = "/Drift?collection=un-debates&item=climate"


def chart(page: Page) -> dict[str, float]:
    """Where the plot area of the scatter is on the page."""
    area = page.locator(".st-key-picture .nsewdrag").first
    expect(area).to_be_attached()
    area.scroll_into_view_if_needed()
    settle(page)
    found = area.bounding_box()
    assert found is not None
    return dict(found)


def test_a_deep_link_to_a_word_is_read_followed_and_replayed(page: Page, app: str) -> None:
    page.goto(app + DEEP)
    lead = page.locator(".iso-lead")
    expect(lead).to_contain_text("climate moved between 1946-1969 and 2007-2024 by more than noise")
    expect(page.get_by_text(re.compile(r"Cosine distance 0\.\d+ \(95% interval of sampling"))).to_be_visible()
    expect(page.get_by_text("measures agree: it moved")).to_be_visible()
    drawn(page)
    slider = page.locator(".lm-scrub input[type=range]")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box is not None
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 8, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.66, y, steps=8)
    page.mouse.up()
    page.wait_for_function("/at=/.test(location.search)")
    moment = stage(page, "s.t")
    assert 1.5 < moment < 2.5
    page.locator("[class*='st-key-evidence-domino'] button", has_text="atmosphere").first.click()
    expect(lead).to_contain_text("atmosphere")
    settle(page)
    assert parse_qs(urlparse(page.url).query)["item"] == ["atmosphere"]
    drawn(page)
    sentence = lead.inner_text()
    page.wait_for_function("/at=/.test(location.search)")
    assert stage(page, "s.t") == pytest.approx(moment, abs=0.02)
    page.reload()
    drawn(page)
    expect(lead).to_have_text(sentence)
    assert stage(page, "s.t") == pytest.approx(moment, abs=0.02)
    page.go_back()
    expect(lead).to_contain_text("climate")


def test_brushing_the_picture_filters_the_ranking(page: Page, app: str) -> None:
    page.goto(app + "/Drift?collection=un-debates&names=true")
    expect(page.locator(".iso-lead")).to_contain_text("items moved farther between")
    said = page.get_by_text(re.compile(r"[\d,]+ of 4,547 shared words"))
    expect(said).to_contain_text("4,547 of 4,547")
    area = chart(page)
    page.locator(".st-key-picture .modebar-btn[data-val=lasso]").click()
    corners = [(0.03, 0.05), (0.4, 0.05), (0.4, 0.6), (0.03, 0.6), (0.03, 0.06)]
    at = [(area["x"] + area["width"] * x, area["y"] + area["height"] * y) for x, y in corners]
    page.mouse.move(*at[0])
    page.mouse.down()
    for x, y in at[1:]:
        page.mouse.move(x, y, steps=6)
    page.mouse.up()
    expect(said).not_to_contain_text("4,547 of 4,547")
    n = int(re.sub(r"[^\d]", "", said.inner_text().split(" of ")[0]))
    assert 5 < n < 2_000
    expect(page.get_by_role("button", name=re.compile(rf"Download {n:,} rows"))).to_be_visible()


def test_a_point_of_the_picture_is_followed(page: Page, app: str) -> None:
    page.goto(app + "/Drift?collection=un-debates&pattern=%5Edetente%24%7C%5Eclimate%24")
    expect(page.get_by_text(re.compile("^1 of 4,547 shared words"))).to_be_visible()
    area = chart(page)
    places = page.evaluate(
        """() => { const g = document.querySelector('.st-key-picture .js-plotly-plot'),
            t = g._fullData.find(d => /moved farther/.test(d.name));
        const f = g._fullLayout; return [f.xaxis.c2p ? f.xaxis.d2p(t.x[0]) : 0, f.yaxis.d2p(t.y[0])]; }"""
    )
    page.mouse.move(area["x"] + places[0], area["y"] + places[1])
    page.wait_for_timeout(300)
    page.mouse.click(area["x"] + places[0], area["y"] + places[1])
    expect(page.locator(".iso-lead")).to_contain_text("climate moved")


def test_filters_stand_in_the_address_and_come_back(page: Page, app: str) -> None:
    page.goto(app + "/Drift?collection=un-debates&show=most+changed&measure=jaccard&pattern=tion%24")
    said = page.get_by_text(re.compile(r"[\d,]+ of 4,547 shared words"))
    expect(said).to_be_visible()
    before = said.inner_text()
    assert not before.startswith("4,547")
    page.get_by_text("least changed", exact=True).click()
    expect(said).not_to_have_text(before)
    expect(page).to_have_url(re.compile(r"show=least(\+|%20)changed"))
    page.reload()
    expect(said).not_to_have_text(before)


def test_the_same_speakers_only(page: Page, app: str) -> None:
    page.goto(app + "/Drift?collection=un-debates")
    expect(page.locator(".iso-lead")).to_contain_text("items moved farther between")
    page.get_by_text("Same speakers only").click()
    expect(page.locator(".iso-lead")).to_contain_text("who speak in every space")
    expect(page.get_by_text(re.compile(r"moved only when new speakers are heard"))).to_be_visible()


def test_groups_of_states_side_by_side(page: Page, app: str) -> None:
    page.goto(app + "/Drift?collection=un-blocs-1970-1989&from=East&to=West&item=liberation")
    expect(page.locator(".iso-lead")).to_contain_text("liberation")
    drawn(page)
    assert stage(page, "s.panels.length") == 3
