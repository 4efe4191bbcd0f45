"""A neighbor query in all four spaces, k = 10, warm, against gensim's KeyedVectors.most_similar in the same spaces.

Aims: no slower by cosine, at most three times the peer by CSLS. Words stand in every space, from frequent to rare.
gensim has no CSLS: its cosine query is the peer of both.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from gensim.models import KeyedVectors

from benchmarks.demo import demo, words
from benchmarks.measure import Entry, Spread, clock
from isogloss.nearest.neighbors import neighbors
from isogloss.nearest.query import Query
from isogloss.spaces.space import Space
from isogloss.workspace.derived import DerivedStore

K = 10


def run(quick: bool = False) -> Iterator[Entry]:
    collection = demo()
    peers = [keyed(space) for space in collection.spaces]
    sample = words(collection, 20 if quick else 200, everywhere=True)
    times: dict[str, list[float]] = {"cosine": [], "csls": [], "gensim": []}
    same = 0
    with tempfile.TemporaryDirectory() as folder:
        store = DerivedStore(Path(folder))  # where CSLS finds its r values again, as on the page

        def ours(word: str, criterion: str) -> list[list[str]]:
            found = neighbors(collection, Query(((word, 1),)), k=K, criterion=criterion, store=store)
            return [[n.item for n in near or []] for near in found.values()]

        def gensim(word: str) -> list[list[str]]:
            return [[item for item, _ in peer.most_similar(word, topn=K)] for peer in peers]

        for word in sample[:3]:
            ours(word, "cosine"), ours(word, "csls"), gensim(word)
        for word in sample:
            cosine = clock(lambda word=word: ours(word, "cosine"))
            peer = clock(lambda word=word: gensim(word))
            csls = clock(lambda word=word: ours(word, "csls"))
            same += cosine.result == peer.result
            for name, taken in (("cosine", cosine), ("gensim", peer), ("csls", csls)):
                times[name].append(taken.wall * 1e3)
    for criterion, most in (("cosine", 1), ("csls", 3)):
        yield Entry(
            "neighbor_query",
            f"{len(collection)} spaces, k={K}, {criterion}",
            "ms",
            times[criterion],
            times["gensim"],
            "gensim most_similar",
            aim=f"≤ {most} ×",
            met=Spread.of(times[criterion]).median <= most * Spread.of(times["gensim"]).median,
            note=f"{same} of {len(sample)} words: the same lists" if criterion == "cosine" else "",
        )


def keyed(space: Space) -> KeyedVectors:
    peer = KeyedVectors(space.dim)
    peer.add_vectors(list(space.items), space.vectors)
    peer.fill_norms()
    return peer
