"""Aligning as a person does: run another method, read the table, look into one reason, keep the pair, find it in
Neighbors.
"""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

LONG = 120_000


def cells(grid: Locator, text: str) -> Locator:
    """Cells of a drawn table, as a screen reader finds them."""
    return grid.locator("td").filter(has_text=re.compile(f"^{re.escape(text)}$"))


def test_methods_are_compared_errors_opened_and_the_pair_kept(page: Page, app: str) -> None:
    page.goto(app + "/Align")
    lead = page.locator(".iso-lead")
    expect(lead).to_contain_text("VecMap finds the translation of", timeout=LONG)
    expect(page.get_by_text("VecMap less Procrustes")).to_be_visible(timeout=LONG)
    grid = page.get_by_test_id("stDataFrame").nth(1)
    expect(cells(grid, "VecMap · CSLS").first).to_be_attached(timeout=LONG)
    rows = [row.locator("td").all_text_contents() for row in grid.locator("tr").all() if row.locator("td").count()]
    shown = next(row for row in rows if row[:2] == ["VecMap · CSLS", "→ French"])
    expect(lead).to_contain_text(f"{float(shown[2].rstrip(' %')):.0f}%")  # the sentence says what the table says

    page.get_by_role("button", name="RCSLS", exact=True).click()
    page.get_by_role("button", name="Run RCSLS").click()
    expect(page.get_by_role("button", name="Cancel")).to_be_visible(timeout=LONG)
    expect(page.get_by_text("VecMap less RCSLS")).to_be_visible(timeout=2 * LONG)
    expect(cells(grid, "RCSLS · CSLS").first).to_be_attached(timeout=LONG)

    page.get_by_role("radio", name="near-synonym").click()
    expect(page.get_by_text("The nearest target lies as close to a gold translation")).to_be_visible(timeout=LONG)
    expect(page).to_have_url(re.compile("reason=near-synonym"))
    errors = page.get_by_test_id("stDataFrame").nth(2)
    expect(cells(errors, "near-synonym").first).to_be_attached(timeout=LONG)
    expect(cells(errors, "other")).to_have_count(0)

    page.get_by_role("radio", name="Keep", exact=True).click()
    expect(page.get_by_role("button", name="Keep the pair")).to_be_visible(timeout=LONG)
    page.get_by_role("textbox", name="Collection").fill("novels-aligned")
    page.get_by_role("textbox", name="Collection").press("Enter")
    page.get_by_role("button", name="Keep the pair").click()
    expect(page.get_by_text("is there now")).to_be_visible(timeout=LONG)
    page.get_by_role("link", name="Neighbors of").click()
    expect(page).to_have_url(re.compile(r"Neighbors\?.*collection=novels-aligned"))
    page.goto(app + "/Neighbors?collection=novels-aligned&space=English&item=peace")
    expect(page.get_by_text("paix", exact=True).first).to_be_visible(timeout=LONG)


def test_the_maps_before_and_after_stand_beside_each_other(page: Page, app: str) -> None:
    page.goto(app + "/Align?view=Map&find=love")
    expect(page.get_by_text("Half of the lines are shorter than")).to_be_visible(timeout=LONG)
    expect(page.locator(".js-plotly-plot")).to_have_count(3)
    page.get_by_role("radio", name="hits and misses").click()
    expect(page.get_by_text("found first", exact=True).first).to_be_visible(timeout=LONG)
