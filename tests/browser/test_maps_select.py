"""Selections and filters on the maps: lassos, boxes, bars, and the density of a large map."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from components.maps.data import MapData
from isogloss.maps.polygon import inside
from tests.browser.maps_page import box, drag, on_screen, open_maps, settle, stage
from tests.kit.collections import large_vectors


@pytest.mark.parametrize("view", ["side by side", "in sequence", "together"])
def test_a_lasso_is_a_point_in_polygon_test(page: Page, app: str, demo: MapData, view: str) -> None:
    open_maps(page, app + f"/Map?collection=un-debates&view={view.replace(' ', '+')}&at=t:0.5")
    drag(page, 0, [(0.3, 0.4), (0.6, 0.25), (0.7, 0.6), (0.45, 0.5), (0.35, 0.75)], "lasso")
    expect(page.get_by_text(re.compile(r"[\d,]+ points selected"))).to_be_visible()
    message = stage(page, "s.sent.find(([n]) => n === 'selected')[1]")
    outline = np.array(message["outline"])
    shown = {"side by side": [0], "together": [0, 1, 2, 3]}.get(view)
    if shown is not None:
        direct = [demo.starts[m] + r for m in shown for r in np.flatnonzero(inside(demo.maps[m].coordinates, outline))]
    else:
        a, b = demo.maps[:2]
        mixed = {
            i: a.coordinates[a.space[i]] * 0.5 + b.coordinates[b.space[i]] * 0.5 for i in b.space.items if i in a.space
        }
        places = np.array([mixed.get(i, b.coordinates[r]) for r, i in enumerate(b.space.items)])
        direct = [demo.starts[1] + r for r in np.flatnonzero(inside(places, outline))]
    assert len(direct) > 20
    assert sorted(message["rows"]) == sorted(direct) if len(direct) <= 5_000 else message["rows"] == []
    expect(page.get_by_text(f"{len(direct):,} points selected")).to_be_visible()
    greyed = stage(page, "s.mask.reduce((n, m) => n + m.filter(v => !v).length, 0)")
    assert greyed == len(demo) - len(direct)


def test_a_large_selection_is_resolved_by_its_outline(page: Page, app: str, demo: MapData) -> None:
    open_maps(page, app + "/Map?collection=un-debates&view=together")
    drag(page, 0, [(0.02, 0.02), (0.98, 0.98)], "box")
    expect(page.get_by_text(re.compile(r"[\d,]+ points selected"))).to_be_visible()
    message = stage(page, "s.sent.find(([n]) => n === 'selected')[1]")
    assert message["rows"] == []
    assert message["n"] > 5_000
    direct = sum(int(inside(m.coordinates, message["outline"]).sum()) for m in demo.maps)
    assert message["n"] == direct
    expect(page.get_by_text(f"{direct:,} points selected")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text(re.compile(r"points selected"))).to_have_count(0)


def test_a_selection_feeds_neighbors(page: Page, app: str) -> None:
    open_maps(page, app + "/Map?collection=un-debates&spaces=2007-2024")
    expect(page.locator(".iso-lead")).to_contain_text("2007-2024")
    drag(page, 0, [(0.4, 0.4), (0.6, 0.6)], "box")
    expect(page.get_by_text(re.compile(r"[\d,]+ points selected"))).to_be_visible()
    first = page.locator(".words button").first
    word = first.get_attribute("data-item") or ""
    first.click()
    expect(page.locator(".lists")).to_be_visible()
    expect(page.locator(".iso-lead")).to_contain_text(word)


def test_bars_filter_every_map_and_the_rest_turns_grey(page: Page, app: str, demo: MapData) -> None:
    open_maps(page, app + "/Map?collection=un-debates")
    bar = page.locator(".lm-bars details[data-name=count] .lm-bar").nth(3)
    bar.click()
    expect(bar).to_have_attribute("aria-pressed", "true")
    counts = np.concatenate([m.space.counts for m in demo.maps if m.space.counts is not None])
    wanted = (counts >= 1_000) & (counts < 3_000)
    masks = np.concatenate([np.array(m) for m in stage(page, "s.mask.map(m => [...m])")])
    np.testing.assert_array_equal(masks.astype(bool), wanted)
    shown = page.locator(".lm-bars details[data-name=space] .lm-bar .n").all_inner_texts()
    per_space = [int(w.sum()) for w in np.split(wanted, demo.starts[1:])]
    assert [int(n.replace(",", "")) for n in shown] == per_space
    out = stage(
        page,
        "(() => { const l = s.panels[0].layers[0], i = [...s.mask[0]].indexOf(0); return [...s.painted.get(l).a.slice(4"
        " * i, 4 * i + 4)]; })()",
    )
    assert out[:3] == [154, 160, 166]
    assert out[3] > 0
    page.get_by_role("button", name="Clear filters").click()
    assert stage(page, "s.mask.every(m => m.every(v => v))")


def test_a_large_map_shows_all_as_density_and_each_point_as_one_zooms_in(page: Page, app: str) -> None:
    open_maps(page, app + "/Map?collection=large")
    expect(page.locator(".iso-lead")).to_contain_text("210,000 items")
    assert stage(page, "s.whole0.detail[0].points") == 210_000  # the detail of the view itself follows, less outliers
    assert stage(page, "s.set.maps[0].n") < 10_000
    under = page.evaluate(
        """() => { const c = document.querySelector('.lm-under');
        return c.getContext('2d').getImageData(0, 0, c.width, c.height).data
            .filter((v, i) => i % 4 === 3 && v > 0).length; }"""
    )
    assert under > 10_000  # the density of all
    corner = box(page)
    page.mouse.move(corner["x"] + 400, corner["y"] + 320)
    for _ in range(9):
        page.mouse.wheel(0, -140)
    page.wait_for_function("document.querySelector('.lm').stage.set.detail[0].all")
    settle(page)
    x0, y0, x1, y1 = stage(
        page, "[...s.unscreen(s.panels[0], 0, s.panels[0].h), ...s.unscreen(s.panels[0], s.panels[0].w, 0)]"
    )
    places = large_vectors()[:, :2]
    direct = int(((places[:, 0] > x0) & (places[:, 0] < x1) & (places[:, 1] > y0) & (places[:, 1] < y1)).sum())
    here = (
        "[...Array(s.panels[0].layers[0].n).keys()].filter(i => { const p = s.panels[0], [x, y] = s.place(p,"
        " p.layers[0], i); return x > arg && y > arg && x < p.w - arg && y < p.h - arg; })"
    )
    assert len(stage(page, here, 0)) == direct
    assert direct > 5
    at = on_screen(page, 0, stage(page, here, 60)[0])
    assert at is not None
    page.mouse.click(*at)
    expect(page.locator(".lm-column ol button")).to_have_count(10)
