"""Addresses of pages that are opened cold, and what each shows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from tests.golden import inputs
from tests.golden.golden import ROOT, settled
from tests.golden.pages import keys_of, lines_of
from tests.golden.stage import environment, run
from tests.golden.watch import Seen, Watcher

HOME, NEIGHBORS, MAP, DRIFT = "app.py", "pages/1_Neighbors.py", "pages/2_Map.py", "pages/3_Drift.py"
SCRIPTS, ALIGN, DATA = "pages/4_Scripts.py", "pages/5_Align.py", "pages/9_Data.py"
NOTEBOOK, ATLAS = "pages/7_Notebook.py", "pages/14_Atlas.py"
VISITS: dict[str, tuple[str, ...]] = {  # each page by itself, then by its addresses
    HOME: (),
    NEIGHBORS: (
        "item=neutrality",
        "item=war, peace&k=4",
        "item=man : king :: woman : ?&k=4",
        "item=war - peace %2B trade&k=3",
        "item=cyberspace&space=2007-2024&criterion=csls&k=5",
        "item=climate&from=1970-1989&to=1990-2006&k=3",
        "item=neutralty",
        "collection=un-debate",
        "space=1066&criterion=best&k=99999",
        "collection=novels-fr&item=guerre&k=3",
        "collection=periods&item=bbfa&k=3&lines=true",
        "collection=scripts&item=Greece · en&k=3",
    ),
    MAP: (
        "item=neutrality&k=3",
        "item=neutrality&extent=whole&zoom=true&k=3",
        "layout=matched&spaces=1946-1969&spaces=2007-2024",
        "dimensions=3-D&view=in sequence",
        "view=together&colour=kept&zoom=true",
        "spaces=1066&colour=none&view=upside down",
        "collection=novels-en&item=war",
        "collection=novels-en&item=war&extent=whole",
        "collection=un-blocs-1970-1989",
        "collection=periods",
        "item=neutralty",
        "spaces=1970-1989&dimensions=3-D",
    ),
    ATLAS: ("catalogue=multilingual-llm", "catalogue=alignment-with-people"),
    DRIFT: (
        "item=climate",
        "measure=jaccard&uses=500&show=most changed",
        "order=true&item=artificial",
        "same=true&names=true",
        "matched=true&pattern=^climat",
        "item=climate&second=weather&against=before&from=1970-1989&to=1990-2006",
        "measure=euclid&from=1066&uses=-5",
        "from=1946-1969&to=1946-1969",
        "collection=un-blocs-1970-1989&item=liberation",
        "collection=novels-en",
        "collection=periods&item=bbfa&measure=local",
        "pattern=(?=a)",
    ),
    SCRIPTS: (
        "stage=before&removal=lsar",
        "stage=transliterated&removal=center",
        "item=Greece · en",
        "typed=привет&k=4",
        "collection=terms&by=language",
        "collection=terms&item=water · en",
        "stage=after&removal=all",
        "item=Greese",
    ),
    ALIGN: (
        "view=Diagnostics",
        "view=Map&find=war",
        "view=Keep",
        "method=Procrustes&view=Map&lines=none",
        "reason=rare&band=1,001–5,000&stem=true",
        "method=Procrustes&retrieval=NN&direction=French → English&reason=right",
        "anchors=none",
        "anchors=typed",
        "anchors=file",
        "source=periods/early&target=periods/late&anchors=identical strings&methods=Procrustes&methods=Ridge",
        "source=periods/early&target=periods/early",
        "steps=whiten",
        "method=best&reason=x&share=9",
        "train-from=de",
    ),
    NOTEBOOK: ("find=peace&case=none",),
    DATA: ("do=Build from texts", "do=Your collections", "do=Nonsense"),
}
COMMANDS = (
    "import early.parquet late.parquet --into periods --aligned",
    "attach periods corpus.parquet --recipe recipe.toml",
    "import terms.parquet --into terms --space one",
)


@dataclass(frozen=True)
class Shown:
    """lines: all words of a page. keys: of the address, to which widgets are bound."""

    lines: list[str]
    keys: list[str]


class Tour:
    """Opens pages over a workspace with small collections of one's own, each address once in a process."""

    def __init__(self, watcher: Watcher, folder: Path, scripts_folder: Path) -> None:
        self.watcher, self.folder, self.seen = watcher, folder, Seen()
        self._shown: dict[tuple[str, str], Shown] = {}
        for write in (inputs.write_periods, inputs.write_terms):
            write(folder)
        (folder / "home" / "collections").mkdir(parents=True)
        (folder / "home" / "collections" / "scripts").symlink_to(scripts_folder)
        with environment(folder):
            for line in COMMANDS:
                code, _, err = run(line.split())
                assert code == 0, err

    def visit(self, page: str, address: str = "") -> Shown:
        if (page, address) not in self._shown:
            with environment(self.folder), self.watcher.watching() as seen, pytest.MonkeyPatch.context() as patch:
                patch.chdir(ROOT)
                at = opened(page, address)
            self.seen.add(seen)
            self._shown[page, address] = Shown([settled(line, self.folder) for line in lines_of(at)], keys_of(at))
        return self._shown[page, address]

    def all(self) -> Seen:
        """What all pages asked for."""
        for page, addresses in VISITS.items():
            for address in ("", *addresses):
                self.visit(page, address)
        return self.seen


def opened(page: str, address: str) -> AppTest:
    """A cold deep link: the page is the first thing the server runs."""
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=180)
    if page != HOME:
        at.switch_page(page)
    for key, values in parse_qs(address, keep_blank_values=True).items():
        at.query_params[key] = values if len(values) > 1 else values[0]
    at.run()
    assert not at.exception, [e.value for e in at.exception]
    return at
