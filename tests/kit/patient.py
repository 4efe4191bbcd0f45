"""What a person does who sees that the page is still coming: waits, or tries again."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page, TimeoutError


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


def settled(page: Page) -> None:
    """Wait until no run of the script goes on, for half a second."""
    for _ in range(120):
        page.locator('[data-testid="stStatusWidget"]').wait_for(state="detached", timeout=60_000)
        page.wait_for_timeout(500)
        if not page.locator('[data-testid="stStatusWidget"]').count():
            return


def taken(page: Page, button: Locator, *, tries: int = 3) -> Path:
    """The file that a button downloads; pressed again where a run took away the one that was pressed."""
    for left in reversed(range(tries)):
        settled(page)
        try:
            with page.expect_download(timeout=15_000) as told:
                button.click()
            return Path(told.value.path())
        except TimeoutError:
            if not left:
                raise
    raise AssertionError
