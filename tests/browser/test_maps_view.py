"""What is seen and how it is kept: zoom, addresses, themes, playing, files, and what a browser may lose."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import Page, Route, expect

from components.maps.data import MapData
from tests.browser.maps_page import PERIODS, box, brute, drawn, listed, on_screen, open_maps, painted, settle, stage
from tests.kit.tiers import cases


def test_zoom_and_pan_are_linked_and_can_be_unlinked(page: Page, app: str) -> None:
    open_maps(page, app + "/Map?collection=un-debates")
    corner = box(page)
    page.mouse.move(corner["x"] + 150, corner["y"] + 150)
    page.mouse.wheel(0, -300)
    settle(page)
    views = stage(page, "s.views.map(v => [v.x, v.y, v.s])")
    assert views[0][2] > 1.5 * stage(page, "s.views[0].s0")
    assert all(v == views[0] for v in views)
    page.get_by_role("button", name="All maps zoom and move together").click()
    page.mouse.move(corner["x"] + 150, corner["y"] + 150)
    page.mouse.down()
    page.mouse.move(corner["x"] + 210, corner["y"] + 180, steps=4)
    page.mouse.up()
    after = stage(page, "s.views.map(v => [v.x, v.y, v.s])")
    assert after[1] == views[1]
    assert after[0][0] == pytest.approx(views[0][0] - 60 / views[0][2], rel=1e-4)
    page.wait_for_timeout(600)  # the address follows when the hand rests
    page.reload()
    drawn(page)
    np.testing.assert_allclose(stage(page, "s.views.map(v => [v.x, v.y, v.s])"), after, rtol=1e-2, atol=0.02)
    page.get_by_role("button", name="Show everything").click()
    settle(page)
    assert stage(page, "s.views[0].s / s.views[0].s0") == 1


def test_the_view_is_in_the_address_and_a_reload_replays_it(page: Page, app: str) -> None:
    open_maps(page, app + "/Map?collection=un-debates&item=energy&view=in+sequence&extent=whole")
    slider = page.get_by_role("slider", name="Moment between the maps")
    slider.focus()
    for _ in range(30):
        page.keyboard.press("ArrowRight")
    page.locator(".lm-bars details[data-name=count] .lm-bar").nth(2).click()
    corner = box(page)
    page.mouse.move(corner["x"] + 300, corner["y"] + 300)
    page.mouse.wheel(0, -200)
    page.wait_for_function("new URL(location).searchParams.get('at')?.includes('v:')")
    page.wait_for_timeout(500)
    before = stage(
        page,
        "[s.t, s.views[0].x, s.views[0].y, s.views[0].s, [...s.chosen], JSON.stringify([...s.filters].map(([n, l]) =>"
        " [n, [...l]]))]",
    )
    sentence = page.locator(".iso-lead").inner_text()
    assert before[0] == pytest.approx(0.3)
    page.reload()
    drawn(page)
    expect(page.locator(".iso-lead")).to_have_text(sentence)
    after = stage(
        page,
        "[s.t, s.views[0].x, s.views[0].y, s.views[0].s, [...s.chosen], JSON.stringify([...s.filters].map(([n, l]) =>"
        " [n, [...l]]))]",
    )
    assert after[4:] == before[4:]
    assert after[:4] == pytest.approx(before[:4], rel=2e-3)
    expect(page.locator(".lm-bars details[data-name=count] .lm-bar").nth(2)).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("at", ["v:x,1,2", "t:nan", "f:%ZZ,1;f:nothing,2", "r:1", ";;;<b>", "v:1,2,-3"])
def test_a_broken_view_falls_back_and_says_so(page: Page, app: str, at: str) -> None:
    open_maps(page, app + f"/Map?collection=un-debates&at={at.replace('%', '%25').replace('<', '%3C')}")
    expect(page.locator(".lm-dropped")).to_contain_text("could not be used")
    assert stage(page, "s.views[0].s / s.views[0].s0") == 1


def test_the_theme_switches(page: Page, app: str) -> None:
    open_maps(page, app + "/Map?collection=un-debates")
    light = stage(page, "[s.ink, s.paper]")
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("(before) => document.querySelector('.lm').stage.paper !== before", arg=light[1])
    dark = stage(page, "[s.ink, s.paper]")
    assert dark[0] != light[0]


def test_page_changes_leave_nothing_behind(page: Page, app: str) -> None:
    page.add_init_script(
        """(() => { const made = HTMLCanvasElement.prototype.getContext; window.contexts = new Set();
        HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
            const c = made.call(this, kind, ...rest);
            if (kind === 'webgl' && c) window.contexts.add(new WeakRef(c)); return c; }; })()"""
    )
    open_maps(page, app + "/Map?collection=un-debates&item=energy&extent=whole&zoom=true")
    session = page.context.new_cdp_session(page)

    def heap() -> float:
        page.wait_for_timeout(500)
        for _ in range(2):
            session.send("HeapProfiler.collectGarbage")
        usage = session.send("Runtime.getHeapUsage")
        return float(usage["usedSize"]) + float(usage.get("backingStorageSize", 0))

    def there_and_back(n: int) -> None:
        for _ in range(n):
            page.get_by_role("link", name="Isogloss").click()
            expect(page.get_by_text("UN General Debate 1946–2024").first).to_be_visible()
            page.get_by_role("link", name="Map", exact=True).click()
            drawn(page)

    there_and_back(6)  # what Streamlit itself keeps of the first pages levels off
    before, listeners = heap(), session.send("Memory.getDOMCounters")["jsEventListeners"]
    there_and_back(cases(20))
    assert heap() <= 1.1 * before
    assert session.send("Memory.getDOMCounters")["jsEventListeners"] <= listeners
    live = page.evaluate("[...window.contexts].map(r => r.deref()).filter(c => c && !c.isContextLost()).length")
    assert live == 1


def test_a_lost_context_comes_back(page: Page, app: str) -> None:
    open_maps(page, app + "/Map?collection=un-debates")
    page.evaluate(
        "() => { const gl = document.querySelector('.lm').stage.points.gl; window.lose ="
        " gl.getExtension('WEBGL_lose_context'); window.lose.loseContext(); }"
    )
    page.wait_for_function("document.querySelector('.lm').stage.points.lost")
    page.evaluate("window.lose.restoreContext()")
    page.wait_for_function("document.querySelector('.lm').stage.points.lost === false")
    assert painted(page) > 1_000


def test_without_webgl_a_plain_canvas_draws(page: Page, app: str) -> None:
    page.add_init_script(
        """(() => { const made = HTMLCanvasElement.prototype.getContext;
        HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
            return kind.includes('webgl') ? null : made.call(this, kind, ...rest); }; })()"""
    )
    open_maps(page, app + "/Map?collection=un-debates")
    assert stage(page, "s.points.gl") is None
    assert painted(page) > 1_000
    at = on_screen(page, 0, 100)
    assert at is not None
    page.mouse.move(*at)
    page.wait_for_function("document.querySelector('.lm').stage.pointed !== null")


def test_play_moves_through_the_periods_and_pauses(page: Page, app: str) -> None:
    open_maps(page, app + "/Map?collection=un-debates&view=in+sequence&item=energy&extent=whole&zoom=true")
    play = page.locator(".lm-tool[data-tool=play]")
    play.click()
    page.wait_for_function("document.querySelector('.lm').stage.t > 0.2")
    play.click()
    expect(play).to_have_text("Play")
    t = stage(page, "s.t")
    page.wait_for_timeout(300)
    assert stage(page, "s.t") == t
    page.locator(".lm-marks button", has_text=PERIODS[3]).click()
    assert stage(page, "s.t") == 3
    expect(page.locator(".lm-moment")).to_have_text(PERIODS[3])


def test_files_of_what_is_seen(page: Page, app: str, demo: MapData) -> None:
    open_maps(page, app + "/Map?collection=un-debates&item=neutrality&extent=whole&zoom=true")
    saved = {}
    for kind in ("png", "svg", "html"):
        with page.expect_download() as caught:
            page.get_by_label("Save the picture").select_option(kind)
        saved[kind] = caught.value.path().read_bytes()
        assert caught.value.suggested_filename.endswith("." + kind)
    assert saved["png"].startswith(b"\x89PNG")
    svg = saved["svg"].decode()
    assert ">neutrality<" in svg
    assert "true neighbors" in svg
    assert "<script" not in svg
    alone = page.context.new_page()
    problems: list[str] = []
    alone.on("pageerror", lambda e: problems.append(str(e)))
    requests: list[str] = []
    alone.on("request", lambda r: requests.append(r.url))
    alone.set_content(saved["html"].decode())
    alone.locator(".lm[data-drawn]").wait_for(state="attached")
    assert not problems
    assert [r for r in requests if not r.startswith(("data:", "about:", "blob:"))] == []
    assert stage(alone, "s.set.maps.length") == 4
    assert stage(alone, "[...s.chosen].map(i => s.set.labels[i])") == ["neutrality"]
    at = on_screen(alone, 1, demo.maps[1].space["neutrality"])
    assert at is not None
    alone.mouse.move(*at)
    assert listed(alone)[PERIODS[1]] == brute(demo, "neutrality")[PERIODS[1]]


def test_a_map_that_is_yet_to_be_drawn(page: Page, app: str) -> None:
    page.goto(app + "/Map?collection=scripts-test&layout=matched")
    page.get_by_role("button", name="Draw the map").click()
    expect(page.get_by_text(re.compile(r"Working for \d+ s|items on"))).to_be_visible()
    expect(page.locator(".lm[data-drawn]")).to_be_attached(timeout=240_000)
    expect(page.locator(".iso-lead")).to_contain_text("41 items on 2 maps")


@pytest.mark.parametrize(
    ("path", "name", "picture"),
    [("/Map?item=climate", "linked_maps", ".lm[data-drawn]"), ("/Drift", "[Pp]lotly", ".js-plotly-plot .point")],
)
def test_what_is_yet_to_come_has_its_place(page: Page, app: str, path: str, name: str, picture: str) -> None:
    """On a slow line the text below a picture neither stands in its place nor jumps when it comes."""
    held: list[Route] = []
    script = re.compile(rf"/[^/?]*{name}[^/]*\.js")
    page.route(script, lambda one: held.append(one))
    with page.expect_request(script):
        page.goto(app + path)
    below = page.locator("[class*='st-key-view-tools-']")
    below.wait_for()
    page.wait_for_function("!document.querySelector('[data-testid=stStatusWidget]')")
    first = below.bounding_box()
    page.unroute_all()  # lets go what is held
    page.locator(picture).first.wait_for(state="attached")
    settle(page)
    last = below.bounding_box()
    assert first is not None
    assert last is not None
    assert first["y"] > 650
    if path == "/Drift":
        assert abs(first["y"] - last["y"]) < 4
