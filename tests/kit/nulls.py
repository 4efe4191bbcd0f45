"""Words of known noise: how far halves and wholes of their vectors lie apart, drawn without any training."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from isogloss.drift.nulls import Halves, Null, make_null

DIM = 20


@dataclass(frozen=True, eq=False)
class Noise:
    """counts: of each word in either space, (n,). level: how much noisier a word is than others as frequent, as a
    factor: lasting, as of words that are used in many ways. seed: of everything drawn.

    A word's vector in n uses varies by usual(n) · level; distances are half the squared length of a difference.
    """

    counts: npt.NDArray[np.int64]
    level: npt.NDArray[np.float64]
    seed: int
    replicates: int

    @classmethod
    def drawn(cls, n: int, seed: int, replicates: int = 8) -> Noise:
        rng = np.random.default_rng([7, seed])
        counts = np.sort(rng.lognormal(5.2, 1.2, size=n).astype(np.int64) + 50)
        return cls(counts, np.exp(rng.normal(0, 0.5, size=n)), seed, replicates)

    def usual(self, counts: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """The distance of two spaces where nothing moved, of a word of level 1."""
        return 20.0 / counts

    def between(self, shift: npt.NDArray[np.float64] | None = None) -> npt.NDArray[np.float64]:
        """Distances between two spaces. shift: how far each word truly moved, as a distance."""
        rng = np.random.default_rng([8, self.seed])
        sd = np.sqrt(2 * self.usual(self.counts) * self.level / DIM)
        apart = rng.normal(size=(len(self.counts), DIM)) * sd[:, None]
        if shift is not None:
            apart[:, 0] += np.sqrt(2 * shift)
        return (apart**2).sum(axis=1) / 2

    def halves(self) -> Halves:
        """Null distances of every replicate in both spaces."""
        rng = np.random.default_rng([9, self.seed])
        n = len(self.counts)
        places = np.tile(np.arange(n), 2 * self.replicates)
        sides = np.repeat(np.arange(2 * self.replicates) % 2, n)
        counts = np.maximum(self.counts[places] // 2 - rng.integers(0, 6, size=len(places)), 1)
        sd = np.sqrt(2 * self.usual(self.counts[places] // 2) * self.level[places] / DIM)
        distance = ((rng.normal(size=(len(places), DIM)) * sd[:, None]) ** 2).sum(axis=1) / 2
        return Halves(counts, distance, places, sides)

    def null(self) -> Null:
        """As a build makes it; the halves are as much noisier than the wholes as they are smaller."""
        from isogloss.drift.nulls import Smooth

        found = make_null(self.halves(), self.counts, whole=Smooth(np.zeros(1), np.full(1, np.log(0.5))))
        assert found is not None
        return found
