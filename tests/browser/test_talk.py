"""The talk in Chromium with the network cut: walked by keyboard, its maps answering, names as text."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from isogloss.nearest.neighbors import neighbors
from isogloss.notebook.view import View
from isogloss.stories.pictures import lists
from isogloss.stories.shelf import SHIPPED, read_story
from isogloss.stories.story import Beat, Story
from isogloss.stories.talk import talk
from isogloss.workspace.store import Workspace
from tests.browser.conftest import served
from tests.hostile.names.payloads import PAYLOADS
from tests.kit.collections import HOSTILE, WORDS, save_scripts_collection

OWN = (Path(__file__).resolve().parents[1] / "kit" / "accessible.js").read_text(encoding="utf-8")
AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]


def asked(page: Page) -> list[str]:
    """Beyond the file itself and the pictures within it."""
    return [one for one in page.told if not one.startswith(("file://", "data:"))]  # type: ignore[attr-defined]


def beat(page: str, item: str, title: str, **more: Any) -> Beat:
    view = View.of(page, {"collection": "scripts-test", "item": item})
    return Beat(view, title=title, sentence=f"{title} …", notes=f"say {title}", **more)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    save_scripts_collection(tmp_path)
    return Workspace(tmp_path)


def opened(page: Page, story: Story, workspace: Workspace) -> None:
    file = workspace.root / "talk.html"
    file.write_text(talk(story, workspace).html, encoding="utf-8")
    page.goto(file.as_uri())


def test_it_is_walked_by_the_keys_of_the_stage_and_its_maps_answer(offline: Page, workspace: Workspace) -> None:
    page = offline
    story = Story(
        "In five scripts",
        (
            beat("Map", "мир", "мир: на карте"),
            beat("Neighbors", "气候", "气候变化", picture=lists({"one": [("a", 0.5)]}, "t")),
            beat("Scripts", "", "مرحبا"),
            beat("Map", "book", "Last"),
        ),
    )
    opened(page, story, workspace)
    title = page.locator("#title")
    for key, told in (
        *(("", 0), ("ArrowRight", 1), ("PageDown", 2), ("End", 3), ("PageDown", 3), ("ArrowLeft", 2), ("PageUp", 1)),
        *(("Home", 0), ("ArrowLeft", 0), ("Space", 1)),
    ):
        if key:
            page.keyboard.press(key)
        expect(title).to_have_text(story.beats[told].title)
        expect(page.locator("#place")).to_have_text(f"{told + 1} of 4")
    expect(page.locator("#picture")).to_be_visible()
    assert page.locator("#picture").evaluate("e => e.complete && e.naturalWidth > 0")
    page.keyboard.press("m")
    expect(page.locator("#map")).to_be_visible()
    page.keyboard.press("n")
    expect(page.locator("#noted")).to_have_text("say 气候变化")
    page.keyboard.press("Escape")
    expect(page.locator("#notes")).to_be_hidden()
    page.keyboard.press("Home")
    collection = workspace.open("scripts-test")
    before = page.locator("g.word").get_attribute("style")
    for number, space in enumerate(collection.names, 1):
        page.keyboard.press(str(number))
        page.keyboard.press("ArrowDown")  # onto the map, then from word to word
        page.keyboard.press("ArrowDown")
        word = page.evaluate("document.activeElement.querySelector('text').textContent")
        expect(page.locator("#asked")).to_have_text(word)
        true = neighbors(collection, word, k=10, targets=[space])[space]
        assert true is not None
        assert page.locator("#near bdi").all_text_contents() == [one.item for one in true]
        said = [float(one) for one in page.locator("#near .number").all_text_contents()]
        assert said == pytest.approx([one.similarity for one in true], abs=0.006)
        page.keyboard.press("Escape")
    page.keyboard.press("1")
    assert page.locator("g.word").get_attribute("style") != before
    page.keyboard.press("Escape")
    expect(page.locator("#all")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(title).to_have_text("气候变化")
    assert asked(page) == []


def test_what_somebody_wrote_is_text(offline: Page, workspace: Workspace) -> None:
    page, every = offline, list(dict.fromkeys(PAYLOADS))[:8]
    svg = "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(2)</script><image href='http://zq/i'/></svg>"
    beats = tuple(beat("Map", HOSTILE[i % 4], one, picture=svg) for i, one in enumerate(every))
    opened(page, Story(every[5], beats, subtitle=every[1]), workspace)
    for one in beats:
        assert page.locator("#title").evaluate("e => e.textContent") == one.title
        assert page.locator("#sentence").evaluate("e => e.textContent") == one.sentence
        assert page.locator("#noted").evaluate("e => e.textContent") == one.notes
        assert page.locator("#asked").evaluate("e => e.textContent") == one.view.get("item")
        page.keyboard.press("m")
        expect(page.locator("#picture")).to_be_visible()
        page.keyboard.press("m")
        page.keyboard.press("PageDown")
    assert set(page.locator("#plane text").all_text_contents()) <= {*WORDS, *HOSTILE}
    assert page.locator("script").count() == 2
    assert page.locator("img:not(#picture), iframe, a, link, object").count() == 0
    assert asked(page) == []


def test_the_shipped_talk_is_walked_to_its_end_legible_and_reached(offline: Page, tmp_path: Path) -> None:
    page, story = offline, read_story(SHIPPED / "un-drift.json")
    opened(page, story, Workspace(tmp_path))
    page.evaluate(AXE)
    page.evaluate(OWN)
    for number, one in enumerate(story.beats):
        expect(page.locator("#title")).to_have_text(one.title)
        shown = page.locator("#picture:visible, #map:visible").bounding_box()
        assert shown
        assert shown["height"] > 0.55 * 720
        assert page.evaluate("document.documentElement.scrollHeight") <= 720
        if scheme := {0: "light", 2: "dark"}.get(number):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            found = page.evaluate(f"axe.run(document, {{runOnly: {{type: 'tag', values: {json.dumps(TAGS)}}}}})")
            assert [rule["id"] for rule in found["violations"]] == []
            assert page.evaluate("accessible.faint(4.5)") == []
            assert page.evaluate("accessible.small(24)") == []
        page.keyboard.press("PageDown")
    assert page.evaluate("getComputedStyle(document.querySelector('#plane g')).transitionDuration") == "0s"
    assert asked(page) == []


@pytest.mark.long
def test_the_server_that_gave_the_talk_may_die_in_its_middle(chromium: Browser, tmp_path: Path) -> None:
    """Taken from the page, opened with the network at hand: nothing is asked for before or after the server is gone."""
    file, story = tmp_path / "talk.html", read_story(SHIPPED / "scripts-together.json")
    context = chromium.new_context(viewport={"width": 1280, "height": 720}, reduced_motion="reduce")
    with served(tmp_path) as (address, server):
        page = context.new_page()
        page.goto(f"{address}/Stories?story=scripts-together")
        with page.expect_download(timeout=60_000) as given:
            page.get_by_role("button", name="The talk in one file").click()
        given.value.save_as(file)
        page.close()
        page, told = context.new_page(), []
        page.on("request", lambda one: told.append(one.url))
        page.on("pageerror", lambda one: told.append(str(one)))
        page.goto(file.as_uri())
        for number, one in enumerate(story.beats):
            if number == 2:
                server.kill()
                server.wait(10)
            expect(page.locator("#title")).to_have_text(one.title)
            expect(page.locator("#picture:visible, #map:visible")).to_have_count(1)
            page.keyboard.press("PageDown")
        page.keyboard.press("Home")
        expect(page.locator("#title")).to_have_text(story.beats[0].title)
        assert [one for one in told if not one.startswith(("file://", "data:"))] == []
        assert address not in file.read_text(encoding="utf-8")
    context.close()
