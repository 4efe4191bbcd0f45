"""Which language finds its sentences in which other: a matrix, and who is not to be told apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from isogloss.errors import InvalidValue
from isogloss.figure import Figure, Null
from isogloss.resampling import mean_interval, share_interval
from isogloss.sentences.mexa import DRAWS, FOUND, mexa
from isogloss.types import Vectors


@dataclass(frozen=True, eq=False)
class Retrieval:
    """languages: in order. found: (source, target) → whether each sentence found its translation first, bool (n,)."""

    languages: tuple[str, ...]
    found: Mapping[tuple[str, str], np.ndarray]

    def figure(self, source: str, target: str, *, seed: int = 0) -> Figure:
        """P@1 from one language to another."""
        hits = self.found[source, target]
        share, n = float(hits.mean()), len(hits)
        low, high = share_interval(share, n, DRAWS, rng=np.random.default_rng(seed))
        return Figure(value=share, n=n, better="more", low=low, high=high, null=Null(p95=1 / n, mean=1 / n), how=FOUND)

    def of(self, language: str, *, seed: int = 0) -> Figure:
        """Mean P@1 of a language with all others, both directions; the interval is over sentences."""
        each = np.mean([hits for pair, hits in self.found.items() if language in pair], axis=0)
        low, high = mean_interval(each, DRAWS, np.random.default_rng(seed))
        return Figure(value=float(each.mean()), n=len(each), better="more", low=low, high=high, how=FOUND)

    def ranked(self, *, seed: int = 0) -> list[tuple[str, ...]]:
        """Languages from best to worst, those in one place that the first of them cannot be told from: the interval of
        their difference over sentences holds 0.
        """
        mean = {one: np.mean([h for pair, h in self.found.items() if one in pair], axis=0) for one in self.languages}
        left = sorted(self.languages, key=lambda one: (-float(mean[one].mean()), one))
        places: list[tuple[str, ...]] = []
        while left:
            first, same = left[0], [left[0]]
            for other in left[1:]:
                low, _ = mean_interval(mean[first] - mean[other], DRAWS, np.random.default_rng(seed))
                if low > 0:
                    break
                same.append(other)
            places.append(tuple(same))
            left = left[len(same) :]
        return places


def retrieval(vectors: Mapping[str, Vectors], languages: Sequence[str] | None = None) -> Retrieval:
    """P@1 by cosine between all pairs of languages. vectors: of each the same sentences, (n, dim), row by row.

    Raises InvalidValue for fewer than two languages, or other numbers of sentences.
    """
    names = tuple(languages or vectors)
    if len(names) < 2:
        raise InvalidValue(f"{len(names)} language was given", "give two or more")
    if len({len(vectors[name]) for name in names}) > 1:
        raise InvalidValue("the languages have different numbers of sentences", "give lines that all of them hold")
    found: dict[tuple[str, str], np.ndarray] = {}
    for i, one in enumerate(names):
        for two in names[i + 1 :]:
            both = mexa(vectors[one], vectors[two])
            found[one, two], found[two, one] = both.forward == 1, both.backward == 1
    return Retrieval(names, found)
