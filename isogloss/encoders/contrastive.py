"""Contrastive training of token vectors: texts are means of their tokens, pairs are pulled together (InfoNCE)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numba
import numpy as np
import numpy.typing as npt

from isogloss.types import Vectors

Ids = npt.NDArray[np.int32]
Offsets = npt.NDArray[np.int64]
BETAS = (0.9, 0.99)


@dataclass(frozen=True, eq=False)
class Bags:
    """Texts as token ids. ids: all of them, one text after the other. offsets: (n_texts + 1,)."""

    ids: Ids
    offsets: Offsets

    def __len__(self) -> int:
        return len(self.offsets) - 1


def info_nce(x: Vectors, y: Vectors, scale: float, *, among: bool = False) -> tuple[float, Vectors, Vectors]:
    """Symmetric InfoNCE of n pairs of any length and its gradients by x and y.

    ½·mean −log softmax(scale·cos(x_i, y_j))_ii over rows, and the same over columns (van den Oord 2018;
    SimCLR's other half). Two collapsed sides give log n; the loss is 0 where every pair is alone. among: the other
    rows of its own side are told apart from each row too (SimCLR whole, Chen 2020); collapsed, log(2n − 1).

    >>> loss, gx, gy = info_nce(np.ones((4, 2), np.float32), np.ones((4, 2), np.float32), 20)
    >>> round(loss, 4), round(float(np.log(4)), 4), float(np.abs(gx).max()) < 1e-6
    (1.3863, 1.3863, True)
    >>> round(info_nce(np.ones((4, 2), np.float32), np.ones((4, 2), np.float32), 20, among=True)[0], 4)
    1.9459
    """
    n = len(x)
    nx = np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-8)
    ny = np.maximum(np.linalg.norm(y, axis=1, keepdims=True), 1e-8)
    u, v = x / nx, y / ny
    across = np.float32(scale) * (u @ v.T)
    loss_u, by, own_u = _choices(across, np.float32(scale) * (u @ u.T) if among else None)
    loss_v, back, own_v = _choices(across.T, np.float32(scale) * (v @ v.T) if among else None)
    by = (by + back.T) * np.float32(scale / (2 * n))
    gu, gv = by @ v, by.T @ u
    if own_u is not None and own_v is not None:
        gu += (own_u + own_u.T) @ u * np.float32(scale / (2 * n))
        gv += (own_v + own_v.T) @ v * np.float32(scale / (2 * n))
    gx = (gu - (gu * u).sum(axis=1, keepdims=True) * u) / nx
    gy = (gv - (gv * v).sum(axis=1, keepdims=True) * v) / ny
    return (loss_u + loss_v) / 2, gx, gy


def _choices(across: Vectors, own: Vectors | None) -> tuple[float, Vectors, Vectors | None]:
    """Mean of −log softmax of the diagonal over the row, and over the row of `own` without itself; its gradients by
    both, times n."""
    highest = across.max(axis=1)
    if own is not None:
        np.fill_diagonal(own, -np.inf)
        highest = np.maximum(highest, own.max(axis=1))
    chosen = np.exp(across - highest[:, None])
    others = None if own is None else np.exp(own - highest[:, None])
    total = chosen.sum(axis=1) + (0 if others is None else others.sum(axis=1))
    loss = float(np.mean(highest + np.log(total) - across.diagonal()))
    chosen /= total[:, None]
    chosen[np.arange(len(across)), np.arange(len(across))] -= 1
    return loss, chosen, None if others is None else others / total[:, None]


class TokenTrainer:
    """Adam over the rows of token vectors that a batch touches (moments of the others rest).

    vectors: (n_tokens, dim) float32, changed in place.
    """

    def __init__(self, vectors: Vectors) -> None:
        self.vectors = vectors
        self._first = np.zeros_like(vectors)
        self._second = np.zeros_like(vectors)
        self._gradient = np.zeros_like(vectors)
        self._steps = 0

    def step(self, source: Bags, target: Bags, scale: float, rate: float) -> float:
        """One step on the pairs (source i, target i); returns the loss before it."""
        loss, gx, gy = info_nce(bag_means(self.vectors, source), bag_means(self.vectors, target), scale)
        self.descend([(source, gx), (target, gy)], rate)
        return loss

    def descend(self, parts: Sequence[tuple[Bags, Vectors]], rate: float) -> None:
        """One step along the gradients by the means of texts, each (n_texts, dim)."""
        self._steps += 1
        touched = np.unique(np.concatenate([bags.ids for bags, _ in parts]))
        for bags, gradient in parts:
            _scatter(self._gradient, bags.ids, bags.offsets, gradient)
        corrections = (1 - BETAS[0] ** self._steps, 1 - BETAS[1] ** self._steps)
        _adam(self.vectors, self._gradient, self._first, self._second, touched, rate, *corrections)

    def run(
        self,
        batches: Iterator[tuple[Bags, Bags]],
        steps: int,
        *,
        rate: float,
        scale: float = 20.0,
        progress: Callable[[int, float], None] = lambda step, loss: None,
    ) -> None:
        """Warm up over 100 steps, then let the rate fall to zero; progress gets the step and its loss."""
        for step in range(steps):
            now = rate * min(1.0, (step + 1) / 100) * max(0.01, 1 - step / steps)
            progress(step + 1, self.step(*next(batches), scale, now))


def bag_means(vectors: Vectors, bags: Bags) -> Vectors:
    """The mean of each text's token vectors, (n_texts, dim); a text without tokens is zero.

    >>> bag_means(np.eye(2, dtype=np.float32), Bags(np.array([0, 1, 1], np.int32), np.array([0, 2, 3, 3]))).tolist()
    [[0.5, 0.5], [0.0, 1.0], [0.0, 0.0]]
    """
    out = np.zeros((len(bags), vectors.shape[1]), dtype=np.float32)
    _means(vectors, bags.ids, bags.offsets, out)
    return out


@numba.njit(cache=True, fastmath=True, parallel=True)  # type: ignore[untyped-decorator]
def _means(vectors: Vectors, ids: Ids, offsets: Offsets, out: Vectors) -> None:  # pragma: no cover
    for i in numba.prange(len(offsets) - 1):
        low, high = offsets[i], offsets[i + 1]
        for at in range(low, high):
            row = ids[at]
            for d in range(vectors.shape[1]):
                out[i, d] += vectors[row, d]
        if high > low:
            share = np.float32(1.0) / np.float32(high - low)
            for d in range(vectors.shape[1]):
                out[i, d] *= share


@numba.njit(cache=True, fastmath=True, parallel=True)  # type: ignore[untyped-decorator]
def _scatter(total: Vectors, ids: Ids, offsets: Offsets, gradient: Vectors) -> None:  # pragma: no cover
    dim = total.shape[1]
    parts = 4  # each thread owns a band of dimensions, so that none waits for another
    for part in numba.prange(parts):
        first, last = part * dim // parts, (part + 1) * dim // parts
        for i in range(len(offsets) - 1):
            low, high = offsets[i], offsets[i + 1]
            if high == low:
                continue
            share = np.float32(1.0) / np.float32(high - low)
            for at in range(low, high):
                row = ids[at]
                for d in range(first, last):
                    total[row, d] += gradient[i, d] * share


@numba.njit(cache=True, fastmath=True, parallel=True)  # type: ignore[untyped-decorator]
def _adam(
    vectors: Vectors,
    gradient: Vectors,
    first: Vectors,
    second: Vectors,
    touched: Ids,
    rate: float,
    correct_first: float,
    correct_second: float,
) -> None:  # pragma: no cover
    for i in numba.prange(len(touched)):
        row = touched[i]
        for d in range(vectors.shape[1]):
            g = gradient[row, d]
            gradient[row, d] = 0.0
            first[row, d] += np.float32(1 - 0.9) * (g - first[row, d])
            second[row, d] += np.float32(1 - 0.99) * (g * g - second[row, d])
            size = np.sqrt(second[row, d] / np.float32(correct_second)) + np.float32(1e-8)
            vectors[row, d] -= np.float32(rate) * (first[row, d] / np.float32(correct_first)) / size
