"""What a person does who sees that the page is still coming: waits, or tries again."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from inspect import isfunction
from pathlib import Path
from typing import ParamSpec, TypeVar

from playwright.sync_api import Error, Locator, LocatorAssertions, Page, TimeoutError

P = ParamSpec("P")
T = TypeVar("T")
LASTING = 20.0  # seconds
# what makes a locator from a locator, or may well find several
SEVERAL = {"all", "and_", "count", "describe", "evaluate_all", "filter", "frame_locator", "locator", "nth", "or_"}


def wait_for_one() -> None:
    """Have what needs one element wait while there are two. Streamlit leaves what the run before drew on the page
    until the run has ended, so that a control which moved stands there twice; Playwright waits for everything else.
    """
    for kind in (Locator, LocatorAssertions):
        for name, act in list(vars(kind).items()):
            if isfunction(act) and not name.startswith(("_", "get_by_", "all_")) and name not in SEVERAL:
                setattr(kind, name, _waiting(act))


def _waiting(act: Callable[P, T]) -> Callable[P, T]:
    @wraps(act)
    def waiting(*args: P.args, **kwargs: P.kwargs) -> T:
        until = time.monotonic() + LASTING
        while True:
            try:
                return act(*args, **kwargs)
            except (Error, AssertionError) as refused:
                if "strict mode violation" not in str(refused) or time.monotonic() > until:
                    raise
                time.sleep(0.2)

    return waiting


def choose(page: Page, name: str, option: str, *, tries: int = 8) -> None:
    """Open the select box of a name and take an option, again where a run of the script has closed the list. Raises
    TimeoutError where the option is not there after all tries.
    """
    for left in reversed(range(tries)):
        settled(page)
        page.get_by_role("combobox", name=name).click()
        try:
            page.get_by_role("option", name=option, exact=True).click(timeout=3_000)
        except TimeoutError:
            if not left:
                raise
            page.keyboard.press("Escape")
        else:
            settled(page)
            return


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
