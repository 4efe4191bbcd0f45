"""What the tests of the linked maps share: opening a page of them, and where an item is on the screen."""

from __future__ import annotations

from typing import Any

import numpy as np
from playwright.sync_api import Page

from components.maps.data import MapData

PERIODS = ["1946-1969", "1970-1989", "1990-2006", "2007-2024"]
STAGE = "document.querySelector('.lm').stage"


def open_maps(page: Page, address: str) -> None:
    """Open a page and wait until its maps are painted and at rest."""
    page.goto(address)
    drawn(page)


def drawn(page: Page) -> None:
    page.locator(".lm[data-drawn]").wait_for(state="attached")
    page.locator(".lm-stage").scroll_into_view_if_needed()
    settle(page)


def settle(page: Page) -> None:
    """Until the script is at rest and two frames have passed."""
    page.wait_for_function("!document.querySelector('[data-testid=stStatusWidget]')")
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def stage(page: Page, expression: str, argument: Any = None) -> Any:
    """A value of the stage; `s` is the stage, `arg` the argument."""
    return page.evaluate(f"(arg) => {{ const s = {STAGE}; return {expression}; }}", argument)


def item_id(page: Page, item: str) -> int:
    return int(stage(page, "s.set.labels.indexOf(arg)", item))


def box(page: Page) -> dict[str, float]:
    found = page.locator(".lm-stage").bounding_box()
    assert found is not None
    return dict(found)


def on_screen(page: Page, panel: int, index: int, layer: int = 0) -> tuple[float, float] | None:
    """Where a point of a layer is on the page; None when it lies outside its panel."""
    at = stage(
        page,
        "(() => { const p = s.panels[arg[0]], [x, y] = s.place(p, p.layers[arg[2]], arg[1]);"
        " return x > p.x + 4 && x < p.x + p.w - 4 && y > p.y + 4 && y < p.y + p.h - 4 ? [x, y] : null; })()",
        [panel, index, layer],
    )
    if at is None:
        return None
    corner = box(page)
    return corner["x"] + at[0], corner["y"] + at[1]


def brute(data: MapData, item: str) -> dict[str, list[str] | None]:
    """The true neighbors of an item in every space, by sorting all cosines."""
    out: dict[str, list[str] | None] = {}
    for one in data.maps:
        out[one.space.name] = None
        if item in one.space:
            similarity = one.space.unit @ one.space.unit[one.space[item]]
            similarity[one.space[item]] = -np.inf
            out[one.space.name] = [one.space.items[j] for j in np.argsort(-similarity, kind="stable")[: one.k]]
    return out


def listed(page: Page) -> dict[str, list[str] | None]:
    """What the lists under the maps say of the item that is pointed at."""
    return {
        c["space"]: c["items"]
        for c in page.evaluate(
            """() => [...document.querySelectorAll('.lm-column')].map(c => ({
        space: c.dataset.space,
         items: c.querySelector('.lm-missing') ? null : [...c.querySelectorAll('.name')].map(n => n.textContent)}))"""
        )
    }


def lit(page: Page) -> list[list[str]]:
    """Which items each panel draws as lit up."""
    return [
        sorted(set(labels)) for labels in stage(page, "s.panels.map(p => (p.lit || []).map(id => s.set.labels[id]))")
    ]


def drag(page: Page, panel: int, corners: list[tuple[float, float]], tool: str) -> None:
    page.locator(f".lm-tool[data-tool='{tool}']").click()
    corner = box(page)
    p = stage(page, "({x: s.panels[arg].x, y: s.panels[arg].y, w: s.panels[arg].w, h: s.panels[arg].h})", panel)
    at = [(corner["x"] + p["x"] + p["w"] * x, corner["y"] + p["y"] + p["h"] * y) for x, y in corners]
    page.evaluate(
        "() => { const s = document.querySelector('.lm').stage, send = s.send; s.sent = []; s.send = (n, v) => {"
        " s.sent.push([n, v]); send(n, v); }; s.send.live = true; }"
    )
    page.mouse.move(*at[0])
    page.mouse.down()
    for x, y in at[1:]:
        page.mouse.move(x, y, steps=6)
    page.mouse.up()


def painted(page: Page) -> int:
    """Pixels of the points' canvas that are not empty, just after a drawing."""
    return int(
        page.evaluate("""() => { const s = document.querySelector('.lm').stage, c = document.createElement('canvas');
        c.width = s.points.canvas.width; c.height = s.points.canvas.height; const x = c.getContext('2d');
        s.drawAll(); x.drawImage(s.points.canvas, 0, 0);
        return x.getImageData(0, 0, c.width, c.height).data.filter((v, i) => i % 4 === 3 && v > 0).length; }""")
    )


def item_row(page: Page, m: int, item: str) -> int:
    return int(stage(page, "s.set.maps[arg[0]].rowOf[arg[1]]", [m, item_id(page, item)]))
