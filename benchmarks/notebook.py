"""100,000 cases in a notebook: open it, filter, save one, against a file of JSON lines that is read, filtered and
appended to. No aim is set.
"""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from benchmarks.measure import Entry, clock, take_turns
from isogloss.notebook.case import Case
from isogloss.notebook.ledger import Ledger, Wanted
from isogloss.notebook.view import View

_TAGS = ("real change", "polysemy", "frequency artefact", "proper name", "OCR", "hub", "other")
_PAGES = ("Neighbors", "Drift", "Map", "Scripts")
_PAGE = 50


def _case(i: int, drawn: random.Random) -> Case:
    tags = tuple(drawn.sample(_TAGS, drawn.randint(0, 2)))
    return Case(View(drawn.choice(_PAGES), (("item", (f"word{i % 5000}",)),)), title=f"word{i % 5000} moved", tags=tags)


def run(quick: bool = False) -> Iterator[Entry]:
    n, repeats = (2_000, 10) if quick else (100_000, 60)
    drawn = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        ledger, lines = Ledger(Path(folder) / "notebook.sqlite"), Path(folder) / "notebook.jsonl"
        every = [_case(i, drawn) for i in range(n)]
        for at in range(0, n, 10_000):
            ledger.keep_all(every[at : at + 10_000])
        lines.write_text("".join(json.dumps(one.as_json()) + "\n" for one in every), encoding="utf-8")

        def read() -> list[dict[str, object]]:
            return [json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines()]

        def opened() -> object:
            again = Ledger(ledger.path)
            return again.count(), again.cases(limit=_PAGE)

        def appended() -> None:
            with open(lines, "a", encoding="utf-8") as file:
                file.write(json.dumps(_case(n, drawn).as_json()) + "\n")

        asked: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
            "open, the newest 50": (opened, lambda: sorted(read(), key=lambda one: str(one["created"]))[-_PAGE:]),
            "filter by tag and page": (
                lambda: ledger.cases(Wanted(tag="hub", page="Drift"), limit=_PAGE),
                lambda: [one for one in read() if "hub" in str(one["tags"]) and "Drift" in str(one["view"])][:_PAGE],
            ),
            "filter by a text": (
                lambda: ledger.cases(Wanted(text="word4321"), limit=_PAGE),
                lambda: [one for one in read() if "word4321" in str(one)][:_PAGE],
            ),
            "save one": (lambda: ledger.keep(_case(n, drawn)), appended),
        }
        for what, (ours, peer) in asked.items():
            one = take_turns(min(repeats, 3), peer=lambda peer=peer: clock(peer).wall * 1e3)["peer"]
            mine = take_turns(repeats, ours=lambda ours=ours: clock(ours).wall * 1e3)["ours"]
            note = f"p95 {np.percentile(mine, 95):.1f} ms"
            yield Entry("notebook", f"{n:,} cases: {what}", "ms", mine, one, "JSON lines", note=note)
