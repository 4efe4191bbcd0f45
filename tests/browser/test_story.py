"""A shipped story walked by keyboard on the stage; the wheel taken and given back; the speaker's window in step."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect

from isogloss.stories.shelf import StoryShelf
from isogloss.workspace.store import Workspace

STORY = StoryShelf(Workspace()).open("un-drift")


def at_beat(page: Page, number: int) -> None:
    stage = page.locator(".stage")
    expect(stage).to_have_attribute("data-beat", str(number))
    expect(stage.locator("h1")).to_have_text(STORY.beats[number - 1].title)
    assert stage.locator(".place > img.on").evaluate("e => e.complete && e.naturalWidth > 0")  # it stands at once
    assert f"beat={number}" in page.url or number == 1


def test_the_stage_is_walked_by_keyboard(chromium: Browser, app: str) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 720}, reduced_motion="reduce")
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{app}/Stories?story=un-drift&present=true")
    at_beat(page, 1)
    sizes = page.locator(".stage h1, .stage .sentence, .stage .count").evaluate_all(
        "found => found.map((e) => parseFloat(getComputedStyle(e).fontSize))"
    )
    assert min(sizes) >= 20
    assert page.locator("[data-testid=stSidebar]:visible").count() == 0
    for number in range(2, len(STORY) + 1):
        page.keyboard.press("PageDown" if number % 2 else "ArrowRight")
        at_beat(page, number)
    page.keyboard.press("PageDown")  # the last stays
    at_beat(page, len(STORY))
    page.keyboard.press("Home")
    at_beat(page, 1)
    page.keyboard.press("End")
    at_beat(page, len(STORY))
    page.keyboard.press("ArrowLeft")
    at_beat(page, len(STORY) - 1)
    expect(page.locator(".stage")).to_have_attribute("data-live", "true", timeout=60_000)
    page.keyboard.press("x")  # a question from the audience
    live = page.frame_locator(".stage iframe.on")
    expect(live.get_by_role("combobox", name="Search a word")).to_have_value("nations", timeout=60_000)
    page.keyboard.press("b")
    at_beat(page, len(STORY) - 1)
    expect(page.locator(".stage")).not_to_have_class(re.compile("wheel"))
    speaker = context.new_page()
    speaker.goto(f"{app}/Stories?speaker=un-drift")
    expect(speaker.locator(".speaker")).to_have_attribute("data-beat", str(len(STORY) - 1))
    expect(speaker.locator(".notes")).to_have_text(STORY.beats[-2].notes)
    speaker.keyboard.press("Home")
    at_beat(page, 1)
    page.bring_to_front()
    page.keyboard.press("PageDown")
    expect(speaker.locator(".speaker h1")).to_have_text(STORY.beats[1].title)
    page.keyboard.press("Escape")
    expect(page.locator(".st-key-bar")).to_be_visible()
    assert "present" not in page.url
    assert not errors
    context.close()
