"""What the tests of the linked maps share: opening a page of them, and where an item is on the screen."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

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
