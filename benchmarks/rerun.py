"""Server time of a rerun of Neighbors, Map, Drift and Scripts after a new word, against the same word again, and a
minimal script.

Aim: median ≤ 40 ms on each of them, on the demo. Measured in this process with Streamlit's AppTest,
whole: script thread, page, protocol messages and AppTest's parsing of them; the minimal script shows how much of it
is the harness. Pages are compiled once, as a server does: AppTest would compile them at every run. Words are spread
evenly over the collection's items from frequent to rare.
"""

from __future__ import annotations

from collections.abc import Iterator
from unittest.mock import patch

from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1 import AppTest

from benchmarks.apps import HELLO, ROOT
from benchmarks.demo import demo, words
from benchmarks.measure import Entry, Spread, clock
from isogloss.separation.concepts import ensure_scripts
from isogloss.workspace.store import Workspace, read_collection

PAGES = {
    "Neighbors": "pages/1_Neighbors.py",
    "Map": "pages/2_Map.py",
    "Drift": "pages/3_Drift.py",
    "Scripts": "pages/4_Scripts.py",
}
AIM = 40.0  # milliseconds
_COMPILED = ScriptCache()


def run(quick: bool = False) -> Iterator[Entry]:
    for name, path in PAGES.items():
        page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        page.switch_page(path)  # the page as its address opens it
        hello = AppTest.from_string(HELLO)
        for _ in range(2):
            visit(page, "climate" if name != "Scripts" else "понедельник")
            hello.run()
        new, again, minimal = [], [], []
        for word in _words(name, 10 if quick else 50):
            new.append(visit(page, word) * 1e3)
            again.append(visit(page, word) * 1e3)
            minimal.append(clock(hello.run).wall * 1e3)
        median = Spread.of(new).median
        yield Entry(
            "rerun",
            f"{name} after a new word",
            "ms",
            new,
            again,
            "same word again",
            aim=f"median ≤ {AIM:.0f} ms",
            met=median <= AIM,
        )
        yield Entry("rerun", f"{name} after a new word", "ms", new, minimal, "minimal script")


def _words(page: str, n: int) -> list[str]:
    """Words of the demo, of Scripts those of its own collection."""
    if page != "Scripts":
        return words(demo(), n, everywhere=page in ("Map", "Drift"))
    return words(read_collection(ensure_scripts(Workspace())), n)


def visit(page: AppTest, word: str) -> float:
    """Seconds of one run; stops where the page shows an error, which would be fast and mean nothing."""
    page.query_params["item"] = word
    with patch("streamlit.testing.v1.local_script_runner.ScriptCache", lambda: _COMPILED):
        taken = clock(page.run).wall
    errors = [e.value for e in page.exception] + [
        h.proto.body for h in page.get("html") if 'role="alert"' in h.proto.body
    ]
    if errors:
        raise SystemExit(f"the page of {word!r} shows an error: {errors[0]}")
    return taken
