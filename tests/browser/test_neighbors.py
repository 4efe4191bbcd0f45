"""What a person does on Home and Neighbors, and what they read."""

from __future__ import annotations

import csv
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import Page, expect

from tests.kit.patient import taken


def parameter(page: Page, key: str) -> str | None:
    return parse_qs(urlparse(page.url).query).get(key, [None])[0]


def lists(page: Page, space: str) -> list[str]:
    return [b.get_attribute("data-item") or "" for b in page.locator(f".list[data-space='{space}'] button").all()]


def search(page: Page, text: str) -> None:
    """Press / and type. The field comes with its script; before that there is nothing to focus."""
    field = page.get_by_role("combobox", name="Search a word")
    expect(field).to_be_visible()
    page.keyboard.press("/")
    expect(field).to_be_focused()
    page.keyboard.type(text, delay=20)


def test_home_shows_a_finding_and_leads_to_its_evidence(page: Page, app: str) -> None:
    page.goto(app)
    expect(page.locator(".iso-lead").first).to_contain_text("more than noise")
    expect(page.locator("[class*=st-key-finding] img")).to_have_count(3)
    expect(page.locator(".iso-found").nth(1)).to_contain_text("climate keeps none of its 10 nearest neighbors")
    expect(page.get_by_text("UN General Debate 1946–2024").first).to_be_visible()
    page.locator(".words button", has_text="neutrality").click()
    expect(page.locator(".iso-lead")).to_contain_text("neutrality")
    assert parameter(page, "item") == "neutrality"
    assert "/Neighbors" in page.url


def test_type_choose_click_back_and_reload(page: Page, app: str) -> None:
    page.goto(app + "/Neighbors")
    expect(page.locator(".lists")).to_be_visible()
    search(page, "neutr")
    option = page.locator("li[role=option]").filter(has_text="neutrality").first
    expect(option).to_be_visible()
    expect(option).to_contain_text("1,")  # its count over all spaces
    option.click()
    expect(page.locator(".iso-lead")).to_contain_text("neutrality")
    expect(page.locator(".list[data-space='2007-2024']")).to_contain_text("carbon")
    expect(page.locator(".list[data-space='1946-1969']")).to_contain_text("non-alignment")
    expect(page.locator(".list[data-space='1946-1969']")).to_contain_text("per million")
    assert parameter(page, "item") == "neutrality"

    page.locator(".list[data-space='2007-2024'] button[data-item='emissions']").click()
    expect(page.locator(".iso-lead")).to_contain_text("emissions")
    assert parameter(page, "item") == "emissions"
    page.go_back()
    expect(page.locator(".iso-lead")).to_contain_text("neutrality")
    expect(page.locator(".list[data-space='1946-1969']")).to_contain_text("non-alignment")
    expect(page.locator(".list[data-space='2007-2024']")).to_contain_text("net-zero")

    before = {space: lists(page, space) for space in ("1946-1969", "2007-2024")}
    page.reload()
    expect(page.locator(".iso-lead")).to_contain_text("neutrality")
    expect(page.locator(".lists")).to_be_visible()
    assert {space: lists(page, space) for space in before} == before


def test_the_keyboard_alone(page: Page, app: str) -> None:
    page.goto(app + "/Neighbors?item=war")
    expect(page.locator(".lists")).to_be_visible()
    search(page, "radic")
    expect(page.locator("li[role=option]").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".iso-lead")).to_contain_text("radical")


def test_one_spaces_vector_looked_up_in_the_others(page: Page, app: str) -> None:
    page.goto(app + "/Neighbors?item=cyberspace&space=2007-2024&criterion=csls")
    expect(page.locator(".list[data-space='1970-1989']")).to_contain_text("outer")
    expect(page.locator(".list[data-space='1970-1989']")).to_contain_text("missing or too rare here")
    expect(page.get_by_text("CSLS (2·cosine")).to_be_visible()


@pytest.mark.parametrize(
    ("typed", "found"),
    [("прив", "привет"), ("مرح", "مرحبا"), ("नमस", "नमस्ते"), ("变化", "气候变化"), ("regime", "régime")],
)
def test_search_in_five_scripts(page: Page, app: str, typed: str, found: str) -> None:
    page.goto(app + "/Neighbors?collection=scripts-test")
    expect(page.locator(".lists")).to_be_visible()
    search(page, typed)
    page.locator("li[role=option]").filter(has_text=found).first.click()
    page.wait_for_url(lambda url: parse_qs(urlparse(url).query).get("item") == [found])
    expect(page.locator(".iso-lead")).to_contain_text(found)


def test_hostile_items_are_shown_as_text(page: Page, app: str) -> None:
    ran: list[str] = []
    page.on("dialog", lambda d: (ran.append(d.message), d.dismiss()))
    page.goto(app + "/Neighbors?collection=scripts-test&item=мир&k=30")
    expect(page.locator(".list[data-space='one']")).to_contain_text("<img src=x onerror=alert(1)>")
    expect(page.locator(".list[data-space='one']")).to_contain_text("[a](javascript:alert(1))")
    expect(page.locator(".list[data-space='one']")).to_contain_text(":smile:")
    page.locator(".list[data-space='one'] button").filter(has_text="<img").click()
    expect(page.locator(".iso-lead")).to_contain_text("<img src=x onerror=alert(1)>")
    page.goto(app + "/Neighbors?collection=scripts-test&item=мир&k=30")
    page.locator(".list[data-space='one'] button").filter(has_text="xxxxxxxx").click()
    expect(page.locator(".iso-lead")).to_contain_text("xxxxxxxx")
    expect(page.locator(".iso-error")).to_have_count(0)
    page.goto(app + "/Map?collection=scripts-test&item=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E")
    expect(page.locator(".iso-lead")).to_be_visible()
    assert not ran
    assert page.locator("img[src='x']").count() == 0


def test_the_download_holds_what_is_seen(page: Page, app: str) -> None:
    page.goto(app + "/Neighbors?item=energy")
    expect(page.locator(".lists")).to_be_visible()
    table = taken(page, page.get_by_role("button", name="Download as CSV"))
    with open(table, encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))  # they say what was compared
    assert [r["neighbor"] for r in rows if r["space"] == "2007-2024"] == lists(page, "2007-2024")


@pytest.mark.parametrize("path", ["/", "/Neighbors?item=neutrality", "/Map"])
def test_nothing_is_cut_off_on_a_phone(page: Page, app: str, path: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(app + path)
    expect(page.locator(".iso-lead").first).to_be_visible()
    page.wait_for_timeout(1500)
    right = page.evaluate(
        "Math.max(...[...document.querySelectorAll('[data-testid=stMain] *')].map(e =>"
        " e.getBoundingClientRect().right))"
    )
    assert right <= 391


def test_nothing_is_asked_of_the_network(page: Page, app: str) -> None:
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    for path in ("/", "/Neighbors", "/Map"):
        page.goto(app + path)
        expect(page.locator(".iso-lead").first).to_be_visible()
        page.wait_for_timeout(500)
    assert not [url for url in asked if not url.startswith((app, app.replace("http", "ws"), "data:", "blob:"))]
