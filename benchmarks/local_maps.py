"""The map around a word (isogloss.maps.local): what it keeps of true neighbors, and how long it takes.

Kept: of each local item's 10 nearest among the local items of its space, the share that the map keeps; 200 words drawn
at random from the demo's vocabulary, against what the whole map keeps of the same, against umap-learn's default on the
same points (a tenth of the words), and chance in the notes. Aim: median ≥ .55. Warm: in this process, after one.
Cold: a fresh process from its start, against one that makes umap-learn's. On the page: in Chromium, from asking another
word on the map to that word's map painted, warm. Aim: ≤ 1 s.
"""

from __future__ import annotations

import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.apps import ROOT, chromium, free_port, our_command, served, visitor
from benchmarks.demo import NAME, demo, words
from benchmarks.maps import FRAMES, STAGE, drawn
from benchmarks.measure import Entry, Spread, clock, take_turns
from isogloss.maps.layout import kept_neighbors
from isogloss.maps.local import LocalLayout, local_layout, whole_share
from isogloss.types import Vectors

WORDS, AIM_KEPT, AIM_DRAWN = 200, 0.55, 1.0
COLD = f"""
import isogloss as iso
iso.layout(iso.open({NAME!r}), around="climate")
"""
PEER_COLD = f"""
import numpy as np, warnings
import isogloss as iso
local = iso.layout(iso.open({NAME!r}), around="climate")
warnings.simplefilter("ignore")
from umap import UMAP
UMAP(metric="cosine", random_state=1).fit_transform(np.concatenate([m.space.unit for m in local.maps]))
"""


def run(quick: bool = False) -> Iterator[Entry]:
    collection = demo()
    drawn_words = np.random.default_rng(1).choice(sorted(collection.counts), 20 if quick else WORDS, replace=False)
    peer_of(local_layout(collection, "climate"))  # numba compiles
    ours, whole, chance, points, warm, peer, peer_kept = [], [], [], [], [], [], []
    for number, word in enumerate(map(str, drawn_words)):
        taken = clock(lambda word=word: local_layout(collection, word))
        local = taken.result
        warm.append(taken.wall)
        ours.append(local.kept_share)
        chance.append(local.chance_share)
        points.append(len(local))
        whole.append(whole_share(collection, local))
        if number % 10 == 0:
            other = clock(lambda local=local: peer_of(local))
            peer.append(other.wall)
            peer_kept.append(share_of(local, other.result))
    what = f"around {len(ours)} random words"
    note = f"chance {Spread.of(chance).median:.2f}, {Spread.of(points).median:.0f} points"
    met = Spread.of(ours).median >= AIM_KEPT
    aim = f"median ≥ {AIM_KEPT}"
    unit = "share, k=10"
    yield Entry(
        "local_maps", f"{what}, true neighbors kept", unit, ours, whole, "the whole map", aim=aim, met=met, note=note
    )
    yield Entry("local_maps", f"{what}, true neighbors kept", unit, ours, peer_kept, "umap-learn, every tenth")
    yield Entry("local_maps", f"{what}, warm", "s", warm, peer, "umap-learn, every tenth", note="ours chooses them too")
    cold = take_turns(1 if quick else 3, ours=lambda: process(COLD), peer=lambda: process(PEER_COLD))
    yield Entry("local_maps", "around climate, a fresh process", "s", cold["ours"], cold["peer"], "umap-learn")
    yield page(3 if quick else 20)


def peer_of(local: LocalLayout) -> Vectors:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from umap import UMAP

        unit = np.concatenate([m.space.unit for m in local.maps])
        return np.asarray(UMAP(metric="cosine", random_state=1).fit_transform(unit))


def share_of(local: LocalLayout, places: Vectors) -> float:
    ends = np.cumsum([len(m.space) for m in local.maps])[:-1]
    parts = zip(local.maps, np.split(places, ends), strict=True)
    kept = sum(int(kept_neighbors(m.neighbors.astype(np.int64), at, m.k).sum()) for m, at in parts)
    return kept / (local.k * len(local))


def process(script: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", script], check=True, cwd=ROOT)
    return time.perf_counter() - start


def page(repeats: int) -> Entry:
    """From choosing a word on a map to its own map painted, beside the same for the whole map."""
    with TemporaryDirectory() as home, chromium() as browser:
        port = free_port()
        with served([*our_command(port), "--workspace", str(Path(home))], port) as (_, at), visitor(browser) as seen:
            taken = {}
            for extent in ("around the word", "whole"):
                drawn(seen, f"{at}/Map?collection={NAME}&item=climate&extent={extent}")
                taken[extent] = []
                for word in words(demo(), repeats + 1, everywhere=True):
                    seen.wait_for_timeout(300)
                    start = time.perf_counter()
                    seen.evaluate(
                        "(word) => { const url = new URL(location); url.searchParams.set('item', word);"
                        " history.pushState({}, '', url); dispatchEvent(new PopStateEvent('popstate')); }",
                        word,
                    )
                    seen.wait_for_function(
                        f"(word) => {{ const s = {STAGE}; return [...s.chosen].some(i => s.set.labels[i] === word); }}",
                        arg=word,
                    )
                    seen.evaluate(FRAMES)
                    taken[extent].append(time.perf_counter() - start)
    ours, whole = taken["around the word"][1:], taken["whole"][1:]
    met = Spread.of(ours).median <= AIM_DRAWN
    return Entry(
        "local_maps", "another word on Map, warm", "s", ours, whole, "the whole map", aim=f"≤ {AIM_DRAWN} s", met=met
    )
