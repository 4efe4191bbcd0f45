"""Arrows on the map of two aligned spaces: from each item's place in the first to that in the second, by its colour."""

from __future__ import annotations

from typing import Any

import numpy as np
from playwright.sync_api import Page, expect

from components.parts.palette import OKABE_ITO
from tests.browser.maps_page import drawn, open_maps, settle, stage
from tests.kit.collections import WORDS, scripts_collection

ADDRESS = "/Map?collection=scripts-test&view=together&colour=kind"


def _arrows(page: Page) -> dict[str, dict[str, Any]]:
    settle(page)
    found = stage(page, "s.panels[0].arrows.map(a => [s.set.labels[a.id], a])")
    assert page.locator(".lm").get_attribute("data-arrows") == str(len(found))
    return dict(found)


def test_every_item_has_its_arrow_by_order_and_colour(page: Page, app: str) -> None:
    open_maps(page, app + ADDRESS + "&at=a")
    found = _arrows(page)
    assert set(found) >= set(WORDS)  # as far as two places lie apart
    one, two = scripts_collection().spaces
    scale = stage(page, "s.views[0].s")
    for item in WORDS:
        told = found[item]
        step = (two.vectors[two[item]] - one.vectors[one[item]])[:2] * (scale, -scale)
        np.testing.assert_allclose(np.subtract(told["to"], told["from"]), step, atol=1)
        colour = OKABE_ITO["ab".index(one.columns["kind"][one[item]].as_py())]
        assert told["colour"] == "rgb({},{},{})".format(*(int(colour[i : i + 2], 16) for i in (1, 3, 5)))
    longest = max(found.values(), key=lambda told: np.hypot(*np.subtract(told["to"], told["from"])))
    seen = stage(
        page,
        "(() => { const [x, y] = [0, 1].map(d => Math.round((arg.from[d] + arg.to[d]) / 2 * s.ratio));"
        " return [...s.ctx.getImageData(x - 2, y - 2, 5, 5).data].filter((v, i) => i % 4 === 3 && v > 0).length; })()",
        longest,
    )
    assert seen > 0
    page.locator(".lm-tool[data-tool=arrows]").click()
    assert _arrows(page) == {}
    page.wait_for_function("!new URL(location).searchParams.get('at')")


def test_a_chosen_item_has_one_whether_or_not_all_have(page: Page, app: str) -> None:
    open_maps(page, app + ADDRESS + "&item=hello&extent=whole")
    assert list(_arrows(page)) == ["hello"]
    page.locator(".lm-tool[data-tool=arrows]").click()
    assert set(_arrows(page)) >= set(WORDS)
    page.wait_for_function("new URL(location).searchParams.get('at') === 'a'")
    page.reload()
    drawn(page)
    assert set(_arrows(page)) >= set(WORDS)
    expect(page.locator(".lm-tool[data-tool=arrows]")).to_have_attribute("aria-pressed", "true")


def test_maps_side_by_side_have_none(page: Page, app: str) -> None:
    open_maps(page, app + "/Map?collection=un-debates&at=a")
    expect(page.locator(".lm-tool[data-tool=arrows]")).to_be_hidden()
    assert page.locator(".lm").get_attribute("data-arrows") == "0"
