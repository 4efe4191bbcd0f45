"""A small transformer that fills in masked words, taught on a corpus and its clone; torch, on the CPU."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from isogloss.errors import needs
from isogloss.imbalance.clone import Cloned, Ids
from isogloss.imbalance.recipe import TransformerAsked
from isogloss.progress import Progress, silent
from isogloss.threads import one_torch_thread
from isogloss.types import Floats

Tensor = Any  # of torch, which is imported only when it is used

TESTED = 300  # sentences at most that are kept from it
_SHARE = 0.05  # of the sentences
_WARM = 0.1  # share of the steps in which the rate grows
_POOL = 50  # batches that are sorted by length together
_OTHER = -100  # what cross entropy leaves out


def sentences_of(ids: Ids, length: int) -> Ids:
    """A row a sentence, padded with −1; longer ones are cut into pieces, and those of one word left out.

    >>> sentences_of(np.array([0, 1, 2, -1, 3, -1, 4, 5, -1], np.int32), 2).tolist()
    [[0, 1], [4, 5]]
    """
    ends = np.flatnonzero(ids < 0)
    rows = []
    for a, b in zip([0, *(ends[:-1] + 1).tolist()], ends.tolist(), strict=True):
        for at in range(a, b, length):
            if (size := min(length, b - at)) > 1:
                row = np.full(length, -1, dtype=np.int32)
                row[:size] = ids[at : at + size]
                rows.append(row)
    return np.array(rows, dtype=np.int32).reshape(-1, length)


def split(ids: Ids, length: int) -> tuple[int, Ids]:
    """Where the part ends that is taught, as a number of ids; and the sentences after it, at most TESTED and each once:
    no model can tell which of two that are the same belongs to which.
    """
    ends = np.flatnonzero(ids < 0)
    n = max(1, min(TESTED, round(_SHARE * len(ends))))
    at = int(ends[-n - 1]) + 1 if len(ends) > n else 0
    rows = sentences_of(ids[at:], length)
    return at, rows[np.sort(np.unique(rows, axis=0, return_index=True)[1])][:TESTED]


def in_clone(rows: Ids, one: Cloned) -> Ids:
    """The same sentences as the clone says them."""
    words = np.maximum(rows, 0)
    return np.where((rows >= 0) & ~one.anchors[words], rows + one.n, rows).astype(np.int32)


class Small:
    """A BERT (Devlin et al. 2019) whose words are whole: words and places are added and scaled, layers of attention
    follow; the table of words is what words are foretold by, too. `folder.py` writes it as one.
    """

    def __init__(self, asked: TransformerAsked, words: int) -> None:
        with needs("encoders"):
            from torch import nn
        self.asked, self.words = asked, words
        self.table, self.places = nn.Embedding(words + 1, asked.dim), nn.Embedding(asked.length, asked.dim)
        self.first = nn.LayerNorm(asked.dim)
        self.layers = nn.ModuleList(
            nn.TransformerEncoderLayer(asked.dim, asked.heads, 4 * asked.dim, 0.0, "gelu", batch_first=True)
            for _ in range(asked.layers)
        )
        self.dense, self.norm = nn.Linear(asked.dim, asked.dim), nn.LayerNorm(asked.dim)
        self.parts = nn.ModuleList([self.table, self.places, self.first, self.layers, self.dense, self.norm])
        for one in (self.table, self.places):
            nn.init.normal_(one.weight, std=0.05)

    @property
    def parameters(self) -> int:
        return sum(one.numel() for one in self.parts.parameters())

    def states(self, ids: Tensor) -> list[Tensor]:
        """(n, length, dim) of the table and after each layer; ids: −1 where a sentence has ended."""
        import torch

        gone = ids < 0
        found = [self.first(self.table(ids.clamp_min(0)) + self.places(torch.arange(ids.shape[1])))]
        for layer in self.layers:
            found.append(layer(found[-1], src_key_padding_mask=gone))
        return found

    def foretold(self, state: Tensor) -> Tensor:
        """Scores of all words."""
        from torch.nn.functional import gelu

        return self.norm(gelu(self.dense(state))) @ self.table.weight[: self.words].T


def taught(
    ids: Ids, words: int, asked: TransformerAsked, *, seed: int, progress: Progress = silent
) -> tuple[Small, float]:
    """The model, and its loss at the end. The same seed gives the same bits on one machine.

    ids: sentences a row, padded with −1. words: how many there are; one more stands for what is masked.
    """
    with needs("encoders"):
        import torch

    with one_torch_thread():
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            model, rng = Small(asked, words), np.random.default_rng([seed, 11])
            made = torch.Generator().manual_seed(seed)
            optimizer = torch.optim.AdamW(model.parts.parameters(), lr=asked.rate, weight_decay=0.01)
            steps = asked.epochs * math.ceil(len(ids) / asked.batch)
            rate = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda at: _rate(at, steps))
            step, told = 0, float("nan")
            for _ in range(asked.epochs):
                for rows in _batches(ids, asked.batch, rng):
                    given, wanted = _masked(torch.from_numpy(rows.astype(np.int64)), words, asked.mask, made)
                    if not (wanted >= 0).any():
                        continue
                    state = model.states(given)[-1][wanted >= 0]
                    loss = torch.nn.functional.cross_entropy(model.foretold(state), wanted[wanted >= 0])
                    optimizer.zero_grad()
                    loss.backward()  # type: ignore[no-untyped-call]
                    torch.nn.utils.clip_grad_norm_(model.parts.parameters(), 1.0)
                    optimizer.step()
                    rate.step()
                    step += 1
                    found = float(loss.detach())
                    told = found if math.isnan(told) else 0.98 * told + 0.02 * found
                    progress(f"a small transformer, loss {told:.2f}", step / steps, told)
        model.parts.eval()
        return model, told


def _rate(step: int, steps: int) -> float:
    warm = max(1, round(_WARM * steps))
    return (step + 1) / warm if step < warm else max(0.0, (steps - step) / max(1, steps - warm))


def _batches(ids: Ids, size: int, rng: np.random.Generator) -> list[Ids]:
    """Of like length, in an order of chance; cut to their longest."""
    order, found = rng.permutation(len(ids)), []
    lengths = (ids >= 0).sum(axis=1)
    for at in range(0, len(order), size * _POOL):
        pool = order[at : at + size * _POOL]
        pool = pool[np.argsort(lengths[pool], kind="stable")]
        found += [pool[i : i + size] for i in range(0, len(pool), size)]
    return [ids[found[i], : lengths[found[i]].max()] for i in rng.permutation(len(found)).tolist()]


def _masked(ids: Tensor, words: int, share: float, made: Any) -> tuple[Tensor, Tensor]:
    """What is given and what is wanted (elsewhere −100): of the words chosen 80 % are masked, 10 % are others."""
    import torch

    drawn, dealt = torch.rand(ids.shape, generator=made), torch.rand(ids.shape, generator=made)
    chosen = (drawn < share) & (ids >= 0)
    others = torch.randint(words, ids.shape, generator=made)
    given = torch.where(chosen & (dealt < 0.8), torch.full_like(ids, words), ids)
    given = torch.where(chosen & (dealt >= 0.8) & (dealt < 0.9), others, given)
    return given, torch.where(chosen, ids, torch.full_like(ids, _OTHER))


def hidden(model: Small, rows: Ids, one: Cloned) -> dict[str, Floats]:
    """By layer, 0 the table of words, (layers + 1,): `cosine` of a word and its clone in the same sentence said by
    either language, `cosine_shuffled` of it and a word of another sentence, `precision_at_1` of the sentences, whose
    vectors are the means of their words'. Words that both share are left out of the cosines.
    """
    import torch

    other = in_clone(rows, one)
    with torch.inference_mode():
        left, right = (model.states(torch.from_numpy(some.astype(np.int64))) for some in (rows, other))
    moved = (rows != other) & (rows >= 0)
    dealt = np.random.default_rng(0).permutation(int(moved.sum()))
    found: dict[str, list[float]] = {"cosine": [], "cosine_shuffled": [], "precision_at_1": []}
    there = torch.from_numpy((rows >= 0).astype(np.float32))[:, :, None]
    for x, y in zip(left, right, strict=True):
        a, b = (torch.nn.functional.normalize(one[torch.from_numpy(moved)], dim=1) for one in (x, y))
        found["cosine"].append(float((a * b).sum(dim=1).mean()))
        found["cosine_shuffled"].append(float((a * b[torch.from_numpy(dealt)]).sum(dim=1).mean()))
        a, b = (torch.nn.functional.normalize((one * there).sum(dim=1), dim=1) for one in (x, y))
        scores = b @ a.T
        found["precision_at_1"].append(float((scores.argmax(dim=1) == torch.arange(len(scores))).float().mean()))
    return {name: np.array(values) for name, values in found.items()}
