"""Twenty lines and the counts of a word in 31.9 million tokens: the index against Python's re over the texts in memory.

The words run from rare to frequent. What is measured is one answer: the peer's texts are read already, and the index
is attached before (its seconds stand in the note; `attaching` holds them against 0.6.0).
"""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Iterator

from benchmarks.measure import Entry, Spread, take_turns
from benchmarks.strings import DATA
from isogloss.corpora.concordance import WIDTH, read_texts
from isogloss.corpora.passages import Passages
from isogloss.workspace.store import Workspace

_WORDS = (
    "drones",
    "isogloss",
    "malagasy",
    "biosphere",
    "détente",
    "non-proliferation",
    "climate",
    "sovereignty",
    "peace",
    "nations",
)


def run(quick: bool = False) -> Iterator[Entry]:
    corpus = DATA / "un_general_debate.parquet"
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(folder)
        told = workspace.open("un-debates").metadata["corpus"]
        texts = [(one["_space"], one["text"]) for one in read_texts(corpus, told).to_pylist() if one["_space"]]
        if quick:
            texts = texts[:500]
        passages, start = Passages(workspace, "un-debates"), time.perf_counter()
        facts = passages.attach(workspace, corpus)
        attaching = time.perf_counter() - start
        words = _WORDS[:3] if quick else _WORDS
        found = take_turns(
            1 if quick else 5,
            ours=lambda: timed(lambda: [passages.find(word) for word in words]) / len(words),
            peer=lambda: timed(lambda: [scan(texts, word) for word in words]) / len(words),
        )
        size = passages.path.stat().st_size
    ours, peer = ([one * 1000 for one in found[key]] for key in ("ours", "peer"))
    ratio = Spread.of(peer).median / Spread.of(ours).median
    yield Entry(
        "concordance",
        f"a word in {facts['documents']:,} documents, mean of {len(words)} words",
        "ms",
        ours,
        peer,
        "Python re",
        aim="20 times faster",
        met=ratio >= 20,
        note=f"{ratio:.0f}×; indexed in {attaching:.0f} s, {size / 1e6:.0f} MB",
    )


def timed(do: object) -> float:
    start = time.perf_counter()
    do()  # type: ignore[operator]
    return time.perf_counter() - start


def scan(texts: list[tuple[str, str]], word: str, most: int = 20) -> tuple[list[str], dict[str, int]]:
    """Lines and counts by space, read from the texts themselves."""
    pattern = re.compile(rf"(?<![\w-]){re.escape(word)}(?![\w-])", re.IGNORECASE)
    lines: list[str] = []
    counts: dict[str, int] = {}
    for space, text in texts:
        for hit in pattern.finditer(text):
            counts[space] = counts.get(space, 0) + 1
            if len(lines) < most:
                lines.append(text[max(hit.start() - WIDTH, 0) : hit.end() + WIDTH])
    return lines, counts
