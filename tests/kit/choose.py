"""Choosing from a list as a person does who tries again when the page, still coming, closed it."""

from __future__ import annotations

from playwright.sync_api import Page, TimeoutError


def choose(page: Page, name: str, option: str, *, tries: int = 6) -> None:
    """Open the select box of a name and take an option. Raises TimeoutError where it is not there after all tries."""
    wanted = page.get_by_role("option", name=option)
    for left in reversed(range(tries)):
        page.get_by_role("combobox", name=name).click()
        try:
            wanted.click(timeout=5_000)
            return
        except TimeoutError:
            if not left:
                raise
            page.keyboard.press("Escape")
