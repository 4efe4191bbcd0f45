"""The handout in Chromium with the network cut: the lists of the server, search in every script, names as text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from isogloss.cli.asked import asking
from isogloss.notebook.view import View
from isogloss.stories import handout as room
from isogloss.stories.handout import handout
from isogloss.stories.story import Beat, Story
from isogloss.workspace.store import Workspace
from tests.browser.test_talk import AXE, OWN, TAGS, asked
from tests.hostile.names.payloads import PAYLOADS
from tests.kit.collections import HOSTILE, save_scripts_collection

ROMAN = {"привет": "privet", "气候变化": "qihoubianhua", "नमस्ते": "namaste"}  # uroman takes ten seconds to load


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("handout")
    save_scripts_collection(folder)
    return Workspace(folder)


@pytest.fixture(scope="module")
def file(workspace: Workspace) -> str:
    view = View.of("Neighbors", {"collection": "scripts-test", "item": "世界"})
    beats = tuple(Beat(view, title=one, sentence=one) for one in PAYLOADS[:12])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(room, "romanized", ROMAN.get)
        store = workspace.derived("scripts-test")
        made = handout(workspace.open("scripts-test"), store=store, stories=[Story(PAYLOADS[1], beats)])
    assert made.mapped
    path = workspace.root / "handout.html"
    path.write_text(made.html, encoding="utf-8")
    return path.as_uri()


def opened(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_selector("html[data-ready]")


def listed(page: Page) -> dict[str, list[tuple[str, float]]]:
    found = {}
    for part in page.locator("#neighbors > div").all():
        items, said = (part.locator(one).all_text_contents() for one in ("li bdi", "li .number"))
        found[part.locator("h3").inner_text()] = [(a, float(b)) for a, b in zip(items, said, strict=True)]
    return found


def test_every_word_has_the_list_of_the_command(offline: Page, file: str, workspace: Workspace) -> None:
    page, run = offline, asking(workspace)
    opened(page, file)
    expect(page.locator("#word")).to_have_value("世界")  # the story begins with it
    for word in ("привет", "كتاب", "नमस्ते", "régime", HOSTILE[0], HOSTILE[3], "=1+1"):
        page.locator("#word").fill(word)
        page.keyboard.press("Enter")
        for space, near in run(["neighbors", "scripts-test", word, "--json"])["results"].items():
            if near is None:
                assert listed(page)[space] == []
                continue
            assert [item for item, _ in listed(page)[space]] == [one["item"] for one in near]
            said = [similarity for _, similarity in listed(page)[space]]
            assert said == pytest.approx([one["similarity"] for one in near], abs=0.0052)
    assert asked(page) == []


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        *(("ПРИ", "привет"), ("privet", "привет"), ("regime", "régime"), ("RE\u0301GIME", "régime"), ("nama", "नमस्ते")),
        *(("变化", "气候变化"), ("气", "气候变化"), ("qihou", "气候变化"), ("سل", "سلام")),
    ],
)
def test_search_in_every_script(offline: Page, file: str, typed: str, found: str) -> None:
    page = offline
    opened(page, file)
    page.locator("#word").fill(typed)
    assert page.locator("#found bdi").first.text_content() == found
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#finding em")).to_have_text(found)
    expect(page.locator("#found")).to_be_hidden()


def test_views_are_reached_by_keyboard_and_what_somebody_wrote_is_text(offline: Page, file: str) -> None:
    page = offline
    opened(page, file)
    page.locator("#word").fill("nothing like it")
    page.keyboard.press("Enter")
    expect(page.locator("#finding")).to_have_text("“nothing like it” is in no space of this collection.")
    page.locator("#word").fill(HOSTILE[0])
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#map")).to_be_visible()
    page.locator("#plane g[tabindex='0']").focus()
    page.keyboard.press("ArrowDown")
    other = page.evaluate("document.activeElement.querySelector('text').textContent")
    page.keyboard.press("Enter")
    expect(page.locator("#finding em")).to_have_text(other)
    page.get_by_role("button", name="Whole map").press("Enter")
    expect(page.locator("#whole")).to_be_visible()
    page.get_by_role("button", name="Drift").press("Enter")
    expect(page.locator("#finding")).to_contain_text("was not tested")
    assert set(HOSTILE[:4]) <= set(page.locator("#table bdi").all_text_contents())
    page.get_by_role("button", name="Story").press("Enter")
    assert page.locator("#finding").evaluate("e => e.textContent") == PAYLOADS[1]
    assert page.locator("#story h4").evaluate_all("all => all.map(e => e.textContent)") == list(PAYLOADS[:12])
    assert page.locator("img, iframe, a, link, object").count() == 0
    page.get_by_role("button", name="Ask here").first.press("Enter")
    expect(page.locator("#finding em")).to_have_text("世界")
    assert asked(page) == []


def test_it_is_legible_light_dark_and_on_a_phone(offline: Page, file: str) -> None:
    page = offline
    opened(page, file)
    page.evaluate(AXE)
    page.evaluate(OWN)
    looks = ((1280, "Neighbors", "light"), (1280, "Map", "dark"), (390, "Drift", "light"), (390, "Neighbors", "dark"))
    for width, view, scheme in looks:
        page.set_viewport_size({"width": width, "height": 720})
        page.get_by_role("button", name=view, exact=True).click()
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        found = page.evaluate(f"axe.run(document, {{runOnly: {{type: 'tag', values: {json.dumps(TAGS)}}}}})")
        assert [rule["id"] for rule in found["violations"]] == []
        assert page.evaluate("accessible.faint(4.5)") == []
        assert page.evaluate("accessible.small(24)") == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.long
def test_the_demo_opens_and_answers_as_the_server(chromium: Browser, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    run = asking(workspace)
    made = handout(workspace.open("un-debates"), store=workspace.derived("un-debates"))
    (tmp_path / "un.html").write_text(made.html, encoding="utf-8")
    context = chromium.new_context(offline=True)
    page = context.new_page()
    opened(page, (tmp_path / "un.html").as_uri())
    for word in ("climate", "hiv", "montenegro", "peace"):
        page.locator("#word").fill(word)
        page.keyboard.press("Enter")
        for space, near in run(["neighbors", "un-debates", word, "--json"])["results"].items():
            assert [item for item, _ in listed(page)[space]] == [one["item"] for one in near or []]
    context.close()
