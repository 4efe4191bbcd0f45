"""The bar, the drawer, the word that goes with one, and the stage, at the sizes that people have."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.kit.patient import settled
from tests.kit.tiers import TIER, cases

SIZES = {"desk": (1440, 900), "projector": (1280, 720), "zoomed": (853, 480), "phone": (390, 844)}
PICTURE = """() => Math.max(0, ...[...document.querySelectorAll('[data-testid=stMain] canvas, .js-plotly-plot, .lm')]
  .map((e) => e.getBoundingClientRect()).filter((r) => r.width > innerWidth * .3)
  .map((r) => Math.min(innerHeight, r.bottom) - Math.max(0, r.top))) / innerHeight"""


def parameter(page: Page, key: str) -> str | None:
    return parse_qs(urlparse(page.url).query).get(key, [None])[0]


def enter(page: Page, text: str) -> None:
    field = page.get_by_role("combobox", name="Search a word")
    expect(field).to_be_visible()
    field.fill(text)
    page.keyboard.press("Enter")


@pytest.mark.parametrize("size", SIZES)
def test_the_bar_is_one_row_and_holds_all_pages(chromium: Browser, app: str, size: str) -> None:
    width, height = SIZES[size]
    context = chromium.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.goto(app + "/Drift?item=climate")
    expect(page.locator(".iso-lead").first).to_contain_text("climate")
    bar = page.locator(".st-key-bar")
    box = bar.bounding_box()
    assert box is not None
    assert box["height"] <= 56
    page.wait_for_function("(e => e.scrollWidth <= e.clientWidth + 1)(document.querySelector('.st-key-bar'))")
    page.wait_for_function("document.documentElement.scrollWidth <= innerWidth")  # once the signs' font is there
    inside = bar.locator("a:visible, button:visible, input:visible").all()
    assert all((b := e.bounding_box() or {})["x"] >= 0 and b["x"] + b["width"] <= width + 1 for e in inside)
    if width <= 1100:  # the drawer is closed: the finding has the width
        page.wait_for_function("document.querySelector('[data-testid=stSidebar]').getBoundingClientRect().right <= 0")
        page.get_by_role("button", name="Pages").click()
    link = "[data-testid=stPageLink-NavLink]:visible"
    for title in ("Neighbors", "Map", "Drift", "Scripts", "Data"):
        expect(page.locator(link, has_text=title).first).to_be_visible()
    compared, changed = ("Align", "Sentences", "Pairs"), ("Vocabulary", "Teach", "Imbalance")
    for group, titles in {"Compare": compared, "Change": changed, "Keep": ("Notebook", "Stories", "Atlas")}.items():
        if width > 1100:  # a group of several pages is a menu
            page.locator(".st-key-bar-pages [data-testid=stPopover] button", has_text=group).click()
        for title in titles:
            expect(page.locator(link, has_text=title).first).to_be_visible()
    context.close()


def test_a_group_opens_without_motion_for_who_asked_for_less(chromium: Browser, app: str) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 720}, reduced_motion="reduce")
    page = context.new_page()
    page.goto(app + "/Drift?item=climate")
    group = page.locator("[data-testid=stExpander]", has_text="Tested against")
    expect(group).to_be_visible()
    settled(page)
    page.wait_for_function("() => Boolean(window.isoCalm)")  # the page's script is there
    group.evaluate(
        """(box) => {
            window.heights = new Set();
            const look = () => {
                heights.add(Math.round(box.getBoundingClientRect().height));
                requestAnimationFrame(look);
            };
            look();
        }"""
    )
    group.locator("summary").click()
    expect(group.locator("dl")).to_be_visible()
    page.wait_for_timeout(1_000)
    heights = page.evaluate("[...heights]")
    assert heights[-1] > heights[0] + 20
    assert len(heights) <= 3, heights  # closed and open, and once while its text comes
    context.close()


def test_style_and_parts_are_there_before_the_server_says_anything(page: Page, app: str) -> None:
    """Else the finding waits for the picture's five megabytes, and stands elsewhere for a moment."""
    page.route_web_socket(re.compile("_stcore/stream"), lambda _: None)  # which never answers
    page.goto(f"{app}/Drift")
    page.wait_for_function(
        """['Html', 'purify.es'].every((part) =>
            performance.getEntriesByType('resource').some((one) => one.name.includes(`/${part}.`)))"""
    )
    expect(page.locator(".iso-lead")).to_have_count(0)
    page.locator("[data-testid=stMainBlockContainer]").first.wait_for(state="attached")
    above = "getComputedStyle(document.querySelector('[data-testid=stMainBlockContainer]')).paddingTop"
    assert page.evaluate(above) == "64.8px"  # the bar and .8rem: ours goes before Streamlit's 6rem


FILLED = ["Neighbors?item=climate", "Map?item=climate", "Drift", "Drift?item=climate", "Scripts"]
OTHERS = ["Map", "Align", "Sentences", "Pairs", "Vocabulary", "Teach", "Imbalance", "Atlas"]


@pytest.mark.parametrize("at", FILLED + (OTHERS if TIER == "soak" else []))
def test_the_finding_and_the_picture_fill_the_first_screen(chromium: Browser, app: str, at: str) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    page.goto(f"{app}/{at}")
    lead = page.locator(".iso-lead").first
    expect(lead).to_be_visible()
    expect(page.locator(".js-plotly-plot, [data-testid=stMain] canvas").first).to_be_visible(timeout=60_000)
    box = lead.bounding_box()
    assert box is not None
    assert box["y"] < (110 if at in FILLED else 170)  # below the views of a page that has some
    page.wait_for_function(f"({PICTURE})() >= 0.55")
    context.close()


def test_a_word_is_typed_once(page: Page, app: str) -> None:
    page.goto(app + "/Neighbors")
    expect(page.locator(".lists")).to_be_visible()
    enter(page, "radical")
    expect(page.locator(".iso-lead").first).to_contain_text("radical")
    for title, said in (("Map", "radical"), ("Drift", "radical"), ("Neighbors", "radical")):
        page.locator(".st-key-bar-pages a", has_text=title).click()
        expect(page.locator(".iso-lead").first).to_contain_text(said)
        expect(page.get_by_role("combobox", name="Search a word")).to_have_value("radical")
        page.wait_for_url(f"**/{title}?*")
        assert (parameter(page, "item"), urlparse(page.url).path) == ("radical", f"/{title}")
    page.locator(".st-key-bar-pages a", has_text="Data").click()  # a page that shows no words
    expect(page.locator(".iso-lead").first).to_contain_text("collection")
    page.locator(".st-key-bar a", has_text="Explore").or_(page.get_by_role("button", name="Explore")).click()
    page.locator("[data-testid=stPopoverBody] a", has_text="Drift").click()
    expect(page.locator(".iso-lead").first).to_contain_text("radical")
    page.go_back()
    page.wait_for_url("**/Data*")
    expect(page.locator(".iso-lead").first).to_contain_text("collection")
    page.go_back()
    page.wait_for_url("**/Neighbors?*")
    expect(page.locator(".iso-lead").first).to_contain_text("radical")


def test_a_page_that_is_clicked_right_after_enter_opens_with_the_word(page: Page, app: str) -> None:
    page.goto(app + "/Neighbors?item=war")
    expect(page.locator(".lists")).to_be_visible()
    words = ["peace", "climate", "energy", "radical", "trade"]
    for number in range(cases(50)):
        word, (title, path) = words[number % 5], [("Drift", "/Drift"), ("Neighbors", "/Neighbors")][number % 2]
        enter(page, word)
        page.wait_for_timeout((number * 97) % 500)
        page.locator(".st-key-bar-pages a", has_text=title).click()
        page.wait_for_url(f"**{path}?*item={word}*")
        expect(page.locator(".iso-lead").first).to_contain_text(word)
        expect(page.get_by_role("combobox", name="Search a word")).to_have_value(word)


@pytest.mark.parametrize("at", ["Neighbors", "Map", "Drift"])
def test_a_missing_word_leaves_the_page_standing(chromium: Browser, app: str, at: str) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    page.goto(f"{app}/{at}?item=neutralty")
    said = page.locator(".iso-lead", has_text="is not in")
    expect(said).to_be_visible()
    box = said.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 360
    chip = page.locator("[class*=st-key-near] button", has_text="neutrality").first
    expect(chip).to_be_visible()
    expect(page.locator(".js-plotly-plot, [data-testid=stMain] canvas").first).to_be_visible(timeout=60_000)
    chip.click()
    expect(page.locator(".iso-lead").first).to_contain_text("neutrality")
    context.close()


def test_the_stage_goes_through_findings_by_keys(chromium: Browser, app: str) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    page.goto(f"{app}/Neighbors?present=true&item=climate")
    expect(page.locator(".iso-lead").first).to_contain_text("climate")
    expect(page.locator("[data-testid=stMain] canvas").first).to_be_visible(timeout=60_000)
    assert page.locator("[data-testid=stSidebar]:visible").count() == 0
    assert page.locator("[data-testid=stSelectbox]:visible, [data-testid=stSlider]:visible").count() == 0
    assert float(page.locator(".iso-lead").first.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")) >= 20
    page.wait_for_function("document.querySelector('.lm')?.stage?.labelled?.length")
    assert page.evaluate("Math.min(...document.querySelector('.lm').stage.labelled.map(l => l.size))") >= 20
    assert page.locator(".lm-tools:visible, .lm-bars:visible, [class*=st-key-tools-]:visible").count() == 0
    first = page.url
    page.keyboard.press("PageDown")
    page.wait_for_function("first => location.href !== first", arg=first)
    assert parameter(page, "present") == "true"
    expect(page.locator(".iso-lead").first).to_be_visible()
    page.wait_for_timeout(1500)
    page.keyboard.press("Escape")
    expect(page.locator("[data-testid=stSidebar]")).to_be_visible()
    assert parameter(page, "present") is None
    context.close()


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
def test_before_an_audience_the_picture_speaks_in_large_letters(app: str, page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(f"{app}/Drift?present=true&item=climate")
    expect(page.locator(".js-plotly-plot .annotation-text").first).to_be_visible(timeout=60_000)
    sizes = page.locator(".js-plotly-plot :is(.xtick, .ytick, .legend, .annotation, .infolayer) text").evaluate_all(
        "all => all.filter(e => e.textContent.trim()).map(e => parseFloat(getComputedStyle(e).fontSize))"
    )
    assert len(sizes) > 20
    assert min(sizes) >= 20
    box = page.locator(".js-plotly-plot").first.bounding_box()
    assert box is not None
    assert box["height"] >= 0.55 * size[1]
    assert box["y"] + box["height"] <= size[1]


@pytest.mark.parametrize("size", ["projector", "phone"])
def test_arabic_is_laid_out_from_right_to_left(chromium: Browser, app: str, size: str) -> None:
    width, height = SIZES[size]
    context = chromium.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.goto(app + "/Drift?item=climate&lang=ar")
    expect(page.locator(".iso-lead").first).to_contain_text("تحركت")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    assert page.locator(".iso-lead").first.evaluate("e => getComputedStyle(e).direction") == "rtl"
    assert page.locator(".js-plotly-plot").first.evaluate("e => getComputedStyle(e).direction") == "ltr"
    box = page.locator(".st-key-bar").bounding_box()
    assert box is not None
    assert box["height"] <= 56
    page.wait_for_function("(e => e.scrollWidth <= e.clientWidth + 1)(document.querySelector('.st-key-bar'))")
    page.wait_for_function("document.documentElement.scrollWidth <= innerWidth")
    page.wait_for_function("innerWidth > 1100 || !document.querySelector('[data-testid=stSidebar]').offsetWidth")
    if width > 1100:  # an option in another language is the English one in the address
        page.get_by_test_id("stSidebar").get_by_role("radio", name="ضجيج").or_(
            page.get_by_test_id("stSidebar").locator("button", has_text="ضجيج")
        ).first.click()
        page.wait_for_url("**show=noise*")
    page.locator(".st-key-bar-language button").first.press("Enter")  # by keyboard, and back
    chosen = page.get_by_role("radio", name="Deutsch")
    expect(page.get_by_role("radio", name="العربية")).to_be_checked()
    chosen.check(force=True)
    expect(page.locator(".iso-lead").first).to_contain_text("bewegte sich")
    expect(page.locator("html")).to_have_attribute("dir", "ltr")
    assert parameter(page, "lang") == "de"
    assert parameter(page, "show") == ("noise" if width > 1100 else None)
    context.close()
