"""Atlas as a visitor meets it: the finding, a section, a paper, and the page that answers it."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect


def test_from_the_finding_to_a_page_that_answers_a_paper(page: Page, app: str) -> None:
    page.goto(app + "/Atlas?catalogue=alignment-with-people")
    expect(page.locator(".iso-lead").first).to_contain_text("Sections hold together", timeout=60_000)
    expect(page.locator(".lm canvas, .lm svg").first).to_be_visible(timeout=60_000)
    page.goto(app + "/Atlas?catalogue=alignment-with-people&section=Related+Surveys")
    expect(page.locator(".iso-lead").first).to_contain_text("Related Surveys", timeout=60_000)
    page.goto(app + "/Atlas?paper=Training+Temporal+Word+Embeddings+with+a+Compass")
    page.get_by_role("link", name="Answered on Neighbors").click()
    expect(page).to_have_url(re.compile(r"/Neighbors\?.*item=climate"), timeout=30_000)
    expect(page.locator(".iso-lead").first).to_contain_text("climate", timeout=60_000)
