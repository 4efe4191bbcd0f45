"""A step of NT-Xent and of in-batch ranking, value and gradient, against sentence-transformers' own loss on one batch.

Aims: not slower, values within 1e-5. The library has NT-Xent as its ranking loss over partners and rows of one's own
side, from either side; it is asked for both, and halved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from benchmarks.measure import Entry, clock
from isogloss.heads.losses import SCALE, TEMPERATURE, nt_xent, ranking

PAIRS, DIM = 512, 384


def run(quick: bool = False) -> Iterator[Entry]:
    import torch
    from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss

    torch.set_num_threads(1)
    n = 64 if quick else PAIRS
    rows = np.random.default_rng(0).standard_normal((2, n, DIM), dtype=np.float32)
    one_side = {"directions": ("query_to_doc", "query_to_query")}
    xent = MultipleNegativesRankingLoss(torch.nn.Module(), scale=1 / TEMPERATURE, **one_side)
    ranked = MultipleNegativesRankingLoss(torch.nn.Module(), scale=SCALE)
    theirs = xent.compute_loss_from_embeddings
    yield _entry("NT-Xent", nt_xent, lambda x, y: (theirs([x, y], None) + theirs([y, x], None)) / 2, rows, quick)
    yield _entry("ranking", ranking, lambda x, y: ranked.compute_loss_from_embeddings([x, y], None), rows, quick)


def _entry(
    name: str, ours: Callable[[Any, Any], Any], peer: Callable[[Any, Any], Any], rows: Any, quick: bool
) -> Entry:
    import torch

    def step(loss: Callable[[Any, Any], Any]) -> tuple[float, Any]:
        x, y = (torch.tensor(side, requires_grad=True) for side in rows)
        value = loss(x, y)
        value.backward()
        return float(value.detach()), x.grad.numpy()

    step(ours), step(peer)  # whatever is made at first
    times: dict[str, list[float]] = {"ours": [], "peer": []}
    for _ in range(3 if quick else 30):  # by turns
        mine, other = clock(lambda: step(ours)), clock(lambda: step(peer))
        times["ours"].append(mine.wall)
        times["peer"].append(other.wall)
    off = abs(mine.result[0] - other.result[0])
    slope = float(np.abs(mine.result[1] - other.result[1]).max())
    fast, slow = (float(np.median(times[side])) for side in ("ours", "peer"))
    return Entry(
        "losses",
        f"a step of {name}, {rows.shape[1]} pairs × {DIM}",
        "s",
        times["ours"],
        times["peer"],
        "sentence-transformers",
        aim="not slower, values within 1e-5",
        met=fast <= slow and off <= 1e-5,
        note=f"values {off:.0e} apart, gradients {slope:.0e}",
    )
