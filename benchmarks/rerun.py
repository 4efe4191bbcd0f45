"""Server time of a rerun of Neighbors and Drift after a new word, against the same word again, and a minimal script.

Aim: median ≤ 100 ms (Neighbors) and ≤ 150 ms (Drift) on the demo. Measured in this process with Streamlit's AppTest,
whole: script thread, page, protocol messages and AppTest's parsing of them; the minimal script shows how much of it
is the harness. Words are spread evenly over the collection's items from frequent to rare.
"""

from __future__ import annotations

from collections.abc import Iterator

from streamlit.testing.v1 import AppTest

from benchmarks.apps import HELLO, ROOT
from benchmarks.demo import demo, words
from benchmarks.measure import Entry, Spread, clock

PAGES = {"Neighbors": ("pages/1_Neighbors.py", 0.100), "Drift": ("pages/3_Drift.py", 0.150)}


def run(quick: bool = False) -> Iterator[Entry]:
    for name, (path, aim) in PAGES.items():
        page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        page.switch_page(path)  # the page as its address opens it
        hello = AppTest.from_string(HELLO)
        for _ in range(2):
            visit(page, "climate")
            hello.run()
        new, again, minimal = [], [], []
        for word in words(demo(), 10 if quick else 50, everywhere=name == "Drift"):
            new.append(visit(page, word) * 1e3)
            again.append(visit(page, word) * 1e3)
            minimal.append(clock(hello.run).wall * 1e3)
        median = Spread.of(new).median / 1e3
        yield Entry(
            "rerun",
            f"{name} after a new word",
            "ms",
            new,
            again,
            "same word again",
            aim=f"median ≤ {aim * 1e3:.0f} ms",
            met=median <= aim,
        )
        yield Entry("rerun", f"{name} after a new word", "ms", new, minimal, "minimal script")


def visit(page: AppTest, word: str) -> float:
    """Seconds of one run; stops where the page shows an error, which would be fast and mean nothing."""
    page.query_params["item"] = word
    taken = clock(page.run).wall
    errors = [e.value for e in page.exception] + [
        h.proto.body for h in page.get("html") if 'role="alert"' in h.proto.body
    ]
    if errors:
        raise SystemExit(f"the page of {word!r} shows an error: {errors[0]}")
    return taken
