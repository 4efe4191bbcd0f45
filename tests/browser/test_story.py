"""A shipped story walked by keyboard on the stage; the wheel taken and given back; the speaker's window in step."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from isogloss.notebook.view import View
from isogloss.stories.shelf import StoryShelf
from isogloss.stories.story import Beat, Story
from isogloss.workspace.store import Workspace

STORY = StoryShelf(Workspace()).open("un-drift")


def at_beat(page: Page, number: int) -> None:
    stage = page.locator(".stage")
    expect(stage).to_have_attribute("data-beat", str(number))
    expect(stage.locator("h1")).to_have_text(STORY.beats[number - 1].title)
    assert stage.locator(".place > img.on").evaluate("e => e.complete && e.naturalWidth > 0")  # it stands at once
    assert f"beat={number}" in page.url or number == 1


def on_map(title: str, **told: str) -> Beat:
    return Beat(
        View.of("Map", {"collection": "un-debates", "extent": "whole", "zoom": "true", **told}),
        title=title,
        sentence=title,
    )


MAPS = Story(
    "Maps that move",
    (
        on_map("War", item="war"),
        on_map("Peace", item="peace"),
        on_map("Nearer", item="peace", at="v:8,5,4"),
        Beat(View.of("Neighbors", {"collection": "un-debates", "item": "peace"}), title="Lists"),
    ),
)
GLIDES = """frame => {
  const map = frame.contentDocument.querySelector('.lm'), glided = () => window.glided.push(map.dataset.gliding);
  const gone = () => { if (!frame.classList.contains('on')) window.lost++; };
  window.mapOnStage = map; window.glided = []; window.lost = 0;
  new MutationObserver(glided).observe(map, { attributes: true, attributeFilter: ['data-gliding'] });
  new MutationObserver(gone).observe(frame, { attributes: true });
}"""
VIEW = """frame => {
  const map = frame.contentDocument.querySelector('.lm'), { stage } = map, [view] = stage.views;
  const chosen = [...stage.chosen].map((id) => stage.set.labels[id]).join();
  return [map === window.mapOnStage, chosen, view.s / view.s0, view.x];
}"""


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_maps_of_one_collection_move_from_beat_to_beat_and_back(
    chromium: Browser, app: str, tmp_path: Path, motion: Literal["no-preference", "reduce"]
) -> None:
    file = tmp_path / "maps.json"
    file.write_text(MAPS.text(), encoding="utf-8")
    context = chromium.new_context(viewport={"width": 1280, "height": 720}, reduced_motion=motion)
    page = context.new_page()
    page.goto(f"{app}/Stories")
    page.get_by_text("Bring a story that was exported").click()
    page.locator("input[type=file]").set_input_files(file)
    page.wait_for_url(re.compile("story=maps-that-move"))
    page.goto(f"{page.url}&present=true")
    stage, frame = page.locator(".stage"), page.locator(".stage iframe").first
    expect(stage).to_have_attribute("data-live", "true", timeout=60_000)
    frame.evaluate(GLIDES)
    ways = (("PageDown", 2, 1, None), ("PageDown", 3, 4, 8), ("PageUp", 2, 1, None))
    for moves, (key, number, zoom, x) in enumerate(ways, 1):
        page.keyboard.press(key)
        expect(stage).to_have_attribute("data-beat", str(number))
        expect(stage).to_have_attribute("data-live", "true", timeout=60_000)
        if motion == "no-preference":
            page.wait_for_function("n => window.glided.length >= n", arg=2 * moves)
        for _ in range(300):
            same, item, now, place = frame.evaluate(VIEW)
            if (item, round(now, 2)) == ("peace", zoom):
                break
            page.wait_for_timeout(100)
        assert (same, item, round(now, 2)) == (True, "peace", zoom)  # the map that was there at first
        assert x is None or place == pytest.approx(x)
    assert page.evaluate("window.glided") == (["true", "false"] * 3 if motion == "no-preference" else [])
    assert page.evaluate("window.lost") == 0  # it was never away
    page.keyboard.press("End")
    expect(stage).to_have_attribute("data-live", "true", timeout=60_000)
    assert "/Neighbors?" in page.locator(".stage iframe.on").evaluate("frame => frame.contentWindow.location.href")
    context.close()


def test_what_still_loads_is_stopped_when_the_audience_is_led_on(chromium: Browser, app: str) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    page.goto(f"{app}/Stories?story=un-drift&present=true")
    expect(page.locator(".stage iframe")).to_have_count(1)
    told = page.locator(".stage").evaluate(
        """stage => {
          const before = stage.querySelectorAll('iframe').length;
          window.dispatchEvent(new KeyboardEvent('keydown', { key: 'PageDown' }));
          const picture = stage.querySelector('.place > img.on'), title = stage.querySelector('h1').textContent;
          return [before, stage.querySelectorAll('iframe').length, stage.dataset.beat, title, picture.complete];
        }"""
    )
    assert told == [1, 0, "2", STORY.beats[1].title, True]
    expect(page.locator(".stage")).to_have_attribute("data-live", "true", timeout=60_000)
    context.close()


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
