"""What a person does on the Map."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect


def plot(page: Page) -> dict[str, float]:
    """The box of the plotting area, once the points are painted."""
    page.locator(".js-plotly-plot .gl-canvas, .js-plotly-plot canvas").first.wait_for(state="attached")
    page.wait_for_timeout(800)
    box = page.locator(".js-plotly-plot .nsewdrag").first.bounding_box()
    assert box is not None
    return dict(box)


def drag(page: Page, mode: str, corners: list[tuple[float, float]]) -> None:
    box = plot(page)
    page.locator(".js-plotly-plot").hover()
    page.locator(f".modebar-btn[data-val='{mode}']").click()
    at = [(box["x"] + box["width"] * x, box["y"] + box["height"] * y) for x, y in corners]
    page.mouse.move(*at[0])
    page.mouse.down()
    for x, y in at[1:]:
        page.mouse.move(x, y, steps=8)
    page.mouse.up()


def test_a_lasso_fills_the_table_and_feeds_neighbors(page: Page, app: str) -> None:
    page.goto(app + "/Map?space=2007-2024")
    expect(page.locator(".iso-lead")).to_contain_text("2007-2024")
    drag(page, "lasso", [(0.4, 0.4), (0.6, 0.4), (0.6, 0.6), (0.4, 0.6), (0.4, 0.4)])
    chosen = page.get_by_text(re.compile(r"[\d,]+ points selected"))
    expect(chosen).to_be_visible()
    n = int(chosen.inner_text().split()[0].replace(",", ""))
    inside = page.evaluate("""() => {
        const plot = document.querySelector('.js-plotly-plot'), {x, y} = {x: plot._fullLayout.xaxis, y: plot._fullLayout.yaxis};
        const at = (axis, share) => axis.range[0] + share * (axis.range[1] - axis.range[0]);
        return plot._fullData.filter(t => t.type === 'scattergl').reduce((sum, t) => sum + Array.from(t.x).filter((v, i) =>
            v > at(x, .4) && v < at(x, .6) && t.y[i] > at(y, .4) && t.y[i] < at(y, .6)).length, 0);
    }""")
    assert abs(n - inside) <= max(5, 0.05 * inside)  # the hand is a few pixels off
    grey = page.evaluate("document.querySelector('.js-plotly-plot')._fullData[0].unselected.marker.color")
    assert grey == "#9aa0a6"
    first = page.locator(".words button").first
    word = first.get_attribute("data-item") or ""
    first.click()
    expect(page.locator(".lists")).to_be_visible()
    expect(page.locator(".iso-lead")).to_contain_text(word)


def test_a_box_selects_and_a_reload_replays_the_view(page: Page, app: str) -> None:
    page.goto(app + "/Map?item=neutrality&colour=kept+neighbors&k=5")
    expect(page.locator(".iso-lead")).to_contain_text("neutrality goes from")
    drag(page, "select", [(0.3, 0.3), (0.7, 0.7)])
    expect(page.get_by_text(re.compile(r"[\d,]+ points selected"))).to_be_visible()
    sentence = page.locator(".iso-lead").inner_text()
    page.reload()
    expect(page.locator(".iso-lead")).to_have_text(sentence)
    plot(page)
    labels = page.locator(".js-plotly-plot .annotation-text").all_text_contents()
    assert any("neutrality 1946-1969" in label for label in labels)
    assert any("neutrality 2007-2024" in label for label in labels)
    expect(page.get_by_text(re.compile(r"keeps \d+% of each item's 10 true neighbors"))).to_be_visible()


def test_three_dimensions(page: Page, app: str) -> None:
    page.goto(app + "/Map?dimensions=3-D&item=neutrality")
    expect(page.locator(".js-plotly-plot .gl-container canvas, .js-plotly-plot canvas").first).to_be_attached()
    kinds = page.evaluate("document.querySelector('.js-plotly-plot')._fullData.map(t => t.type)")
    assert set(kinds) == {"scatter3d"}


def test_a_map_that_is_yet_to_be_drawn(page: Page, app: str) -> None:
    page.goto(app + "/Map?collection=scripts-test&space=one")
    page.get_by_role("button", name="Draw the map").click()
    expect(page.get_by_text(re.compile(r"Working for \d+ s|items on a map of"))).to_be_visible()
    expect(page.locator(".js-plotly-plot")).to_be_visible(timeout=90_000)
    expect(page.locator(".iso-lead")).to_contain_text("21 items on a map of one")
