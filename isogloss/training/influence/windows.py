"""The windows of one word as CBOW trains it: what its own vector is drawn by, beside all that stands with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from isogloss.types import Vectors

Chosen = npt.NDArray[np.bool_] | slice


@dataclass(frozen=True, eq=False)
class Windows:
    """document: of each window, int64 (n,). beside: sum of the input vectors that stand with the word, (n, dim). sizes:
    how many there are, the word with them, (n,). often: how often the word itself is among them, (n,). targets: compass
    rows of the centre, then of the negative draws, (n, 1 + negative). compass: (n_words, dim).
    """

    document: npt.NDArray[np.int64]
    beside: Vectors
    sizes: npt.NDArray[np.float32]
    often: npt.NDArray[np.float32]
    targets: npt.NDArray[np.int64]
    compass: Vectors

    def _missed(self, u: npt.NDArray[Any], kept: Chosen) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        """y − σ(h·c) and σ(1 − σ) of each window and target, both (n_kept, 1 + negative); a centre drawn as a negative
        counts as 0.
        """
        share = self.often[kept] / self.sizes[kept]
        hidden = self.beside[kept] / self.sizes[kept][:, None] + share[:, None] * u.astype(np.float32)
        targets = self.targets[kept]
        dots = np.einsum("nd,ntd->nt", hidden, self.compass[targets], optimize=True)
        found = 1 / (1 + np.exp(-np.clip(dots, -6, 6)))
        real = np.ones_like(found)
        real[:, 1:] = targets[:, 1:] != targets[:, :1]
        wanted = np.zeros_like(found)
        wanted[:, 0] = 1
        return (wanted - found) * real, found * (1 - found) * real * share[:, None]

    def pull(self, u: npt.NDArray[Any], kept: Chosen) -> npt.NDArray[np.float64]:
        """Σ over the targets of (y − σ)·c for each kept window, (n_kept, dim), float64."""
        missed, _ = self._missed(u, kept)
        pulled = np.einsum("nt,ntd->nd", missed, self.compass[self.targets[kept]], optimize=True)
        return np.asarray(pulled * self.often[kept][:, None], dtype=np.float64)

    def curvature(self, u: npt.NDArray[Any], kept: Chosen) -> npt.NDArray[np.float64]:
        """J = Σ σ(1 − σ)·c·cᵀ·often/m over the kept windows and targets, (dim, dim), float64."""
        _, curved = self._missed(u, kept)
        weights = (curved * self.often[kept][:, None]).reshape(-1)
        rows = self.targets[kept].reshape(-1)
        summed = np.bincount(rows, weights=weights, minlength=len(self.compass))
        used = np.flatnonzero(summed)
        c = self.compass[used].astype(np.float64)
        return np.asarray((c * summed[used][:, None]).T @ c)


def windows_of(
    documents: Sequence[tuple[int, npt.NDArray[np.int32]]],
    word: int,
    *,
    trained: Vectors,
    compass: Vectors,
    tables: tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]],
    window: int,
    negative: int,
    seed: int,
) -> Windows:
    """All windows that hold a word beside their centre, drawn once as the training draws them.

    documents: number and ids (−1 ends a sentence) of those that use the word. word: its row. tables: the noise words
    and the share of each word that is kept.
    """
    noise, keep = tables
    rng = np.random.default_rng(seed)
    owner, beside, sizes, often, centres = [], [], [], [], []
    for number, ids in documents:
        for sentence in np.split(ids, np.flatnonzero(ids < 0)):
            tokens = sentence[sentence >= 0]
            if word not in tokens:
                continue
            tokens = tokens[rng.random(len(tokens)) < keep[tokens]]
            reach = rng.integers(1, window + 1, len(tokens))
            near = np.unique(
                [
                    centre
                    for at in np.flatnonzero(tokens == word).tolist()
                    for centre in range(max(0, at - window), min(len(tokens), at + window + 1))
                    if centre != at and abs(centre - at) <= reach[centre]
                ]
            ).astype(int)
            for centre in near.tolist():
                left, right = max(0, centre - reach[centre]), min(len(tokens), centre + reach[centre] + 1)
                context = np.concatenate([tokens[left:centre], tokens[centre + 1 : right]])
                with_it = context[context != word]
                owner.append(number)
                beside.append(trained[with_it].sum(axis=0) if len(with_it) else np.zeros(trained.shape[1], np.float32))
                sizes.append(len(context))
                often.append(len(context) - len(with_it))
                centres.append(int(tokens[centre]))
    n = len(owner)
    drawn = noise[rng.integers(0, len(noise), (n, negative))].astype(np.int64)
    return Windows(
        np.array(owner, dtype=np.int64),
        np.array(beside, dtype=np.float32).reshape(n, trained.shape[1]),
        np.array(sizes, dtype=np.float32),
        np.array(often, dtype=np.float32),
        np.concatenate([np.array(centres, dtype=np.int64).reshape(n, 1), drawn], axis=1),
        compass,
    )
