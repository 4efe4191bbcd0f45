"""A beat of the stage: from the key to the picture on the screen, in Chromium, through all shipped stories.

A story is walked as a speaker walks it (each beat stands until its live page and the next one are drawn, at most ten
seconds, and for a sentence more), in a hurry (as soon as its live page is drawn: pages of one server share a thread in
the browser), at any moment (0.3 to 3 s, drawn by a seed, whatever loads then) and leafed through (0.35 s). Peer: the
same views opened without the stage, from the address to their picture. Aim: p95 of the beats after the first of each
story < 300 ms. The browser and the server share this machine; no graphics card.
"""

from __future__ import annotations

import random
import shutil
import statistics
import time
from collections.abc import Iterator
from typing import Any

from benchmarks.measure import Entry
from benchmarks.visitors import one
from isogloss.stories.shelf import StoryShelf
from isogloss.workspace.store import Workspace

MOST = 300  # milliseconds
_MOST_STANDS, _SENTENCE, _LEAF = 10_000, 2_500, 350  # milliseconds: that a beat stands at most, and more
_SPEAKER = ".stage[data-live=true][data-ahead=true]"
_HURRY = ".stage[data-live=true]"
_ANY, _SOON, _LATE = "any", 300, 3_000  # milliseconds
_PICTURE = ".js-plotly-plot .main-svg, [data-testid=stMain] canvas, .st-key-picture, .lists"
_PRESSED = "window.addEventListener('keydown', () => { window.pressed = performance.now(); }, true)"
_SHOWN = """async (stage, number) => {
  while (stage.dataset.beat !== String(number)) await new Promise(requestAnimationFrame);
  const picture = stage.querySelector('.place > img.on');
  if (picture) await picture.decode();
  await new Promise((then) => requestAnimationFrame(() => requestAnimationFrame(then)));
  return performance.now() - window.pressed;
}"""


def run(quick: bool = False) -> Iterator[Entry]:
    from playwright.sync_api import sync_playwright  # of the developers' requirements

    shelf = StoryShelf(Workspace())
    names = list(shelf.names)[: 1 if quick else None]
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("no Chromium was found: install it, or leave the entry stage out")
    walked: list[float] = []
    hurried: list[float] = []
    anywhen: list[float] = []
    leafed: list[float] = []
    opened: list[float] = []
    live = 0
    with one() as (_, address), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
        page.set_default_timeout(60_000)
        page.add_init_script(_PRESSED)
        for name in names:
            beats = shelf.open(name).beats
            for beat in beats[1:]:
                begun = time.perf_counter()
                page.goto(address + beat.view.link)
                page.wait_for_selector(".iso-lead, .iso-error")
                page.wait_for_selector(_PICTURE)
                opened.append(1_000 * (time.perf_counter() - begun))
            page.goto(f"{address}/Stories?story={name}&present=true")
            page.wait_for_selector(".stage[data-beat='1']")
            live += _walk(page, len(beats), walked, until=_SPEAKER)
            for found, until in ((hurried, _HURRY), (anywhen, _ANY), (leafed, "")):
                page.keyboard.press("Home")
                _walk(page, len(beats), found, until=until)
        browser.close()
    of = f"{len(names)} stories, 1280×720"
    for what, found, note in (
        ("a beat as a speaker walks", walked, f"both pages drawn while it stood: {live} of {len(walked)}"),
        ("a beat in a hurry, as soon as its page is drawn", hurried, ""),
        ("a beat at any moment", anywhen, ""),
        ("a beat while one leafs through", leafed, ""),
    ):
        p95 = statistics.quantiles(found, n=20, method="inclusive")[-1]
        yield Entry(
            "stage",
            f"{what}, {of}",
            "ms",
            found,
            opened,
            "the view opened by its address",
            aim=f"p95 < {MOST} ms",
            met=p95 < MOST,
            note=f"p95 {p95:.0f} ms" + f"; {note}" * bool(note),
        )


def _walk(page: Any, beats: int, found: list[float], *, until: str) -> int:
    """Press on to the last beat; how many beats were left with what they stood for there."""
    live, rng = 0, random.Random(0)
    for number in range(2, beats + 1):
        if until not in ("", _ANY):
            try:
                page.wait_for_selector(until, timeout=_MOST_STANDS)
                live += 1
            except Exception:  # too slow: a speaker goes on, and the picture stands
                pass
        stands = rng.uniform(_SOON, _LATE) if until == _ANY else _SENTENCE if until == _SPEAKER else _LEAF
        page.wait_for_timeout(stands)
        page.keyboard.press("PageDown")
        found.append(float(page.locator(".stage").evaluate(_SHOWN, number)))
    return live
