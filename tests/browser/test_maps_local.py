"""The map of a word's neighborhood: every word of the headline is in the frame with its label, in every map."""

from __future__ import annotations

import re
from itertools import combinations

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from isogloss.maps.local import local_layout
from isogloss.workspace.store import Workspace
from tests.browser.maps_page import PERIODS, box, drawn, item_id, item_row, on_screen, open_maps, settle, stage


def check_labels(page: Page, item: str) -> None:
    """The headline is labelled in every panel, inside it, and no two labels overlap."""
    words = page.locator(".iso-lead").first.locator("bdi").all_inner_texts()
    words = [word for word in words if word not in PERIODS]
    assert item in words
    assert len(words) > 4
    panels = stage(page, "s.panels.map(p => [p.x, p.y, p.x + p.w, p.y + p.h])")
    labels = stage(page, "s.labelled.map(l => [l.text, ...l.rect])")
    for x0, y0, x1, y1 in panels:
        inside = [text for text, a, b, c, d in labels if a >= x0 and b >= y0 and c <= x1 and d <= y1]
        assert all(any(text == word or text.startswith(f"{word} ") for text in inside) for word in words)
    for (_, a0, b0, c0, d0), (_, a1, b1, c1, d1) in combinations(labels, 2):
        assert c0 <= a1 or c1 <= a0 or d0 <= b1 or d1 <= b0


@pytest.mark.parametrize(("item", "size"), [("climate", (1280, 720)), ("neutrality", (1440, 900))])
def test_a_word_draws_its_neighborhood_with_every_word_of_the_headline(
    page: Page, app: str, item: str, size: tuple[int, int]
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    for address in (
        f"/Map?collection=un-debates&item={item}",
        f"/Map?collection=un-debates&item={item}&view=in+sequence&at=t:0.4",
        f"/Neighbors?collection=un-debates&item={item}",
    ):
        open_maps(page, app + address)
        check_labels(page, item)
    local = local_layout(Workspace().open("un-debates"), item)
    open_maps(page, app + f"/Map?collection=un-debates&item={item}&view=in+sequence")
    for m, one in enumerate(local.maps):
        flat = np.array(stage(page, "[...s.set.maps[arg].xyz]", m)).reshape(-1, 3)[:, :2]
        np.testing.assert_allclose(flat, one.coordinates, atol=1e-5)
    view = stage(page, "[s.views[0].x, s.views[0].y, s.views[0].s]")
    for moment in range(len(PERIODS)):  # the same frame holds all periods
        page.locator(".lm-marks button").nth(moment).click()
        settle(page)
        check_labels(page, item)
        assert stage(page, "[s.views[0].x, s.views[0].y, s.views[0].s]") == view


def test_it_answers_as_any_map_and_the_whole_is_one_click_away(page: Page, app: str) -> None:
    open_maps(page, app + "/Map?collection=un-debates&item=climate")
    at = on_screen(page, 3, item_row(page, 3, "climate-change"))
    assert at is not None
    page.mouse.move(*at)
    page.wait_for_function("document.querySelector('.lm').stage.pointed !== null")
    expect(page.locator(".lm-head")).to_have_text("climate-change and its nearest among the words drawn")
    page.get_by_role("radio", name="whole").click()
    expect(page.get_by_text(re.compile("UMAP .* keeps"))).to_be_visible()
    drawn(page)
    assert "extent=whole" in page.url
    assert stage(page, "s.set.labels.length") > 5_000
    assert on_screen(page, 0, stage(page, "s.set.maps[0].rowOf[arg]", item_id(page, "climate"))) is not None  # marked
    assert "climate" in stage(page, "s.labelled.map(l => l.text)")
    assert box(page)["width"] > 600
    page.goto(app + "/Map?collection=un-debates&item=climate&at=v:400,400,1")  # of a map with other places
    drawn(page)
    expect(page.get_by_text("Some of the link's view could not be used")).to_be_visible()
    check_labels(page, "climate")


def test_lines_that_leave_the_frame_say_where_to(page: Page, app: str) -> None:
    open_maps(page, app + "/Map?collection=un-debates&item=climate&extent=whole&zoom=true")
    found = stage(
        page,
        """s.panels.flatMap(p => {
            const l = p.layers[0], m = s.set.maps[l.first], row = l.rowOf[[...s.chosen][0]];
            return row < 0 ? [] : s.far(l.first, row).slice(0, 1).map(
                j => [m.ids[j], s.place(p, l, j), [p.x, p.y, p.x + p.w, p.y + p.h]]);
        })""",
    )
    away = [one for one in found if not (one[2][0] <= one[1][0] <= one[2][2] and one[2][1] <= one[1][1] <= one[2][3])]
    named = stage(page, "s.labelled.map(l => l.id)")
    assert away
    assert all(one[0] in named for one in away)
