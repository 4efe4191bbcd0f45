"""From the start of the process to the home page drawn in Chromium, against a Streamlit app that writes one word.

Aim (the home page's): something to read within five seconds. Chromium runs already, its cache is
empty; one start of each goes before and is not counted, so that files and bytecode are warm.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser

from benchmarks.apps import HELLO_DRAWN, HOME_DRAWN, chromium, free_port, hello_command, our_command, served, visitor
from benchmarks.measure import Entry, Spread, take_turns

AIM = 5.0


def run(quick: bool = False) -> Iterator[Entry]:
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:

        def ours() -> tuple[float, float]:
            port = free_port()
            return seconds(our_command(port), port, HOME_DRAWN, browser)

        def hello() -> tuple[float, float]:
            port = free_port()
            return seconds(hello_command(port, Path(folder)), port, HELLO_DRAWN, browser)

        take_turns(1, ours=ours, hello=hello)
        times = take_turns(2 if quick else 7, ours=ours, hello=hello)
    drawn, listening = ({name: [t[at] for t in times[name]] for name in times} for at in (0, 1))
    yield Entry(
        "startup",
        "process start to home page drawn",
        "s",
        drawn["ours"],
        drawn["hello"],
        "hello app",
        aim=f"≤ {AIM:.0f} s",
        met=Spread.of(drawn["ours"]).median <= AIM,
        note=f"listening after {Spread.of(listening['ours']).median:.2f} s, "
        f"hello app {Spread.of(listening['hello']).median:.2f} s",
    )


def seconds(command: list[str], port: int, drawn: str, browser: Browser) -> tuple[float, float]:
    """Until the page is drawn, and until the server listens."""
    with visitor(browser) as page:
        start = time.perf_counter()
        with served(command, port) as (_, address):
            listening = time.perf_counter() - start
            page.goto(address, wait_until="commit")
            page.locator(drawn).first.wait_for(state="visible")
            return time.perf_counter() - start, listening
