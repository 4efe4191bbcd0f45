"""A control that stands twice until a run has ended is waited for; one that stays twice is a fault and is told."""

from __future__ import annotations

import pytest
from playwright.sync_api import Error, Page, expect

from tests.kit import patient

TWICE = "<button onclick=\"this.textContent = 'pressed'\">Kind</button><button id=old>Kind</button>"


def test_what_stands_twice_for_a_moment_is_waited_for(page: Page) -> None:
    for act in (lambda: expect(page.locator("button")).to_have_text("Kind"), page.locator("button").click):
        page.set_content(TWICE)
        page.evaluate("setTimeout(() => document.querySelector('#old').remove(), 700)")
        act()
    expect(page.locator("button")).to_have_text("pressed")


def test_what_stays_twice_is_told(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patient, "LASTING", 0.5)
    page.set_content(TWICE)
    with pytest.raises(Error, match="resolved to 2 elements"):
        page.get_by_role("button", name="Kind").click()
