"""WCAG 2.2 A and AA on every page: axe-core finds nothing, all text is read, all targets are met, the focus is seen."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.kit.tiers import TIER

OWN = (Path(__file__).resolve().parents[1] / "kit" / "accessible.js").read_text(encoding="utf-8")
AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
DESK, PHONE = (1280, 720), (390, 844)
ZOOMED = ((853, 480), (640, 360))  # what 1280×720 is at 150 and 200 %
PAGES = ["", "Neighbors?item=climate", "Map?item=climate", "Drift?item=climate", "Scripts", "Align", "Data"]
PAGES += ["Sentences", "Pairs", "Pairs?profile=markers", "Notebook", "Stories", "Neighbors?item=Klimate"]
ONCE = ["Vocabulary", "Teach", "Imbalance", "Atlas"]  # one look each in soak
LOOKS = [
    *((at, "light", DESK) for at in (PAGES if TIER == "soak" else [PAGES[i] for i in (0, 3, 5, 8, -1)])),
    *((at, "dark", DESK) for at in (PAGES if TIER == "soak" else [PAGES[3]])),
    *((at, "light", PHONE) for at in (PAGES if TIER == "soak" else [PAGES[1]])),
    *((at, "light", size) for size in ZOOMED for at in [*PAGES, *ONCE] if TIER == "soak"),
    *((f"{at}{'&' if '?' in at else '?'}present=true", "dark", DESK) for at in PAGES[1:6] if TIER == "soak"),
    *(
        (at, look, size)
        for at, look, size in zip(ONCE, ("light", "dark") * 2, (DESK, DESK, PHONE, PHONE), strict=True)
        if TIER == "soak"
    ),
]
# What is Streamlit's own: (axe's rule, a part of where it was found) and why it stands.
EXPECTED: dict[tuple[str, str], str] = {}
BUSY = "[data-testid=stStatusWidget], [data-testid=stSkeleton], .stApp[data-test-script-state=running]"


def opened(browser: Browser, address: str, look: str, size: tuple[int, int]) -> Page:
    """A page in its own context, drawn to its end, with both scripts in it."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if look == "dark" else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(address)
    expect(page.locator(".iso-lead").first).to_be_visible(timeout=60_000)
    expect(page.locator(BUSY)).to_have_count(0, timeout=90_000)
    page.wait_for_timeout(500)  # the last parts mount
    page.evaluate(AXE)
    page.evaluate(OWN)
    return page


def violations(page: Page) -> list[str]:
    """What axe-core finds beyond EXPECTED, a line each."""
    found = page.evaluate(f"axe.run(document, {{runOnly: {{type: 'tag', values: {json.dumps(TAGS)}}}}})")
    assert len(found["passes"]) > 5  # it did look
    return [
        f"{one['id']} {node['target']} {node['html'][:200]}"
        for one in found["violations"]
        for node in one["nodes"]
        if not any(one["id"] == rule and part in json.dumps(node["target"]) for rule, part in EXPECTED)
    ]


@pytest.mark.parametrize(("at", "look", "size"), LOOKS, ids=[f"{a or 'home'}-{b}-{c[0]}" for a, b, c in LOOKS])
def test_a_page_can_be_read_and_used_by_all(
    chromium: Browser, app: str, at: str, look: str, size: tuple[int, int]
) -> None:
    page = opened(chromium, f"{app}/{at}", look, size)
    assert page.evaluate("document.documentElement.lang") == "en"
    assert violations(page) == []
    assert page.evaluate("accessible.faint(4.5)")[:40] == []
    assert page.evaluate("accessible.small(24)") == []
    assert page.evaluate("accessible.cut()") == []
    page.context.close()


@pytest.mark.parametrize("typed", ["clima", "qqqqqqqqqq"])
def test_the_matches_of_a_typed_word_can_be_read_and_used_by_all(chromium: Browser, app: str, typed: str) -> None:
    page = opened(chromium, f"{app}/Neighbors?item=climate", "light", DESK)
    field = page.get_by_role("combobox", name="Search a word")
    field.fill(typed)
    expect(page.locator("li[role=option]").first).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("accessible.faint(4.5)")[:40] == []
    page.context.close()


def test_tab_reaches_every_control_of_the_bar_and_shows_where_it_is(chromium: Browser, app: str) -> None:
    page = opened(chromium, f"{app}/Neighbors?item=climate", "light", DESK)
    wanted = set(page.evaluate("accessible.controls('.st-key-bar')"))
    assert len(wanted) >= 8
    shown: dict[str, bool] = {}
    page.evaluate("accessible.focus()")
    for _ in range(60):
        page.keyboard.press("Tab")
        page.wait_for_timeout(60)  # the ring is drawn
        left = page.evaluate("accessible.focus()")
        shown[left["name"]] = left["shown"]
        if wanted <= set(shown):
            break
    assert wanted - set(shown) == set()
    assert {name for name, seen in shown.items() if not seen and name in wanted} == set()
    page.context.close()
