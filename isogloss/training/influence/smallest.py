"""Which documents carry a word's drift: the smallest set without which it is not told from noise.

Documents stand in the order of their influence, to the first order, on the word's own update (Koh & Liang 2017, for the
parameters of one word): in a slice that trains against a frozen compass, a word's input vector u settles where
G(u) = Σ over its windows of (y − σ(h·c))·c is 0, with h the mean of the window's input vectors, u among them, c the
compass rows of the centre (y = 1) and of the negative draws (y = 0). Without a document D it settles at u − J⁻¹·G_D,
with J = Σ σ(1 − σ)·c·cᵀ / m. What that says is then confirmed by training the whole slice without the documents.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from isogloss.corpora.recipe import TrainingParameters
from isogloss.drift.ranking import measure_drift
from isogloss.errors import InvalidValue, NotFound
from isogloss.linear import unit_rows
from isogloss.progress import Progress, part_of, silent
from isogloss.spaces.collection import Collection
from isogloss.training.cade import keep_probability, noise_table, train_slice
from isogloss.training.influence.texts import AttachedTexts
from isogloss.training.influence.windows import Windows, windows_of
from isogloss.types import Vectors

Documents = npt.NDArray[np.int64]
MOST_SHARE = 0.1  # of the documents that use a word; what needs more of them is no finding of a few
_LEAST_MOST = 10
_TRIALS = 4  # trainings without a set before it is given up


@dataclass(frozen=True, eq=False)
class Influence:
    """item, source, target, within: the word, the two spaces, and which of them lost documents.

    distance: cosine distance between the spaces as they are stored. again: the same after the slice was trained again
    with all its documents, which chance alone moves. null_p95: what 95 % of unchanged words as frequent stay below.
    n_documents: how many use the word there. order: (document, uses, share of the distance that it carries to the first
    order), the most influential first. smallest: how many of them take the finding away; None where no set of at most
    `most` does. without: the distance then. fewer: the distance without one document less, None where that is none.
    """

    item: str
    source: str
    target: str
    within: str
    distance: float
    again: float
    null_p95: float
    n_documents: int
    most: int
    order: tuple[tuple[str, int, float], ...]
    smallest: int | None
    without: float | None
    fewer: float | None

    @property
    def verdict(self) -> str:
        return "not distinguishable" if self.smallest is not None else "survives"

    def sentence(self) -> str:
        """The finding in words; plain text."""
        if self.smallest is None:
            return (
                f"{self.item} goes on beyond noise without its {self.most:,} most influential of {self.n_documents:,}"
                f" documents: {self.without:.2f} (noise {self.null_p95:.2f})"
            )
        one = "document" if self.smallest == 1 else "documents"
        return (
            f"without {self.smallest:,} of {self.n_documents:,} {one} the drift of {self.item} is not distinguishable"
            f" from noise: {self.distance:.2f} becomes {self.without:.2f} (noise {self.null_p95:.2f})"
        )

    def as_json(self) -> dict[str, Any]:
        named = [{"document": label, "uses": uses, "influence": round(share, 6)} for label, uses, share in self.order]
        told = {key: value for key, value in vars(self).items() if key != "order"}
        return {**told, "verdict": self.verdict, "documents": named}


def smallest_set(
    collection: Collection,
    texts: AttachedTexts,
    item: str,
    *,
    source: str,
    target: str,
    within: str | None = None,
    most: int | None = None,
    progress: Progress = silent,
) -> Influence:
    """The smallest set of documents, in the order of their influence, without which a word has not moved.

    within: the space whose documents are taken away (default: the target). most: the largest set tried (default: a
    tenth of the documents that use the word, 10 at least). Raises NotFound, InvalidValue where the collection was not
    built against a compass, or where the word did not move farther than noise: there is nothing to take away.
    """
    within = within or target
    if within not in (source, target):
        raise InvalidValue(f"documents of {within!r} were asked for", f"choose {source} or {target}")
    if collection.compass is None or collection.alignment.method != "cade":
        raise InvalidValue(f"{collection.name!r} was not trained against a compass", "build it with method = 'cade'")
    ranking = measure_drift(collection, source, target)
    if item not in ranking:
        raise NotFound(f"{item[:80]!r} is not in both spaces", lever="choose an item that both hold")
    row = ranking.rows[item]
    distance, noise = float(ranking.distance[row]), float(ranking.null_high[row])
    if not distance > noise:
        raise InvalidValue(
            f"{item[:80]!r} lies within noise ({distance:.2f}, noise {noise:.2f})", "choose an item that moved"
        )
    other = collection[target if within == source else source]
    slice_ = _Slice(collection, texts, within, item)
    most = most or max(_LEAST_MOST, round(MOST_SHARE * len(slice_.using)))
    reference = unit_rows(other.vectors[other[item]][None].astype(np.float32))[0]
    steps = _Steps(progress, _TRIALS + 2)
    trained = slice_.train(slice_.documents, steps.next("training the slice again"))
    again = _apart(trained[slice_.row], reference)
    local = _Local(slice_.windows(trained), trained[slice_.row], reference)
    order, predicted = local.order(min(most, len(slice_.using) - 1), again, noise)
    n = next((i + 1 for i, value in enumerate(predicted) if value <= noise), len(order))
    tried: dict[int, float] = {}

    def without(count: int) -> float:
        if count not in tried:
            left = np.setdiff1d(slice_.documents, order[:count])
            report = steps.next(f"training without {count:,} documents")
            tried[count] = _apart(slice_.train(left, report)[slice_.row], reference)
        return tried[count]

    while without(n) > noise and n < len(order) and len(tried) < _TRIALS:
        n = min(len(order), max(n + 1, round(1.5 * n)))
    found = without(n) <= noise
    if found:  # no more of them than it takes
        n = _fewest(n, without, noise, room=lambda: len(tried) <= _TRIALS)
    uses, shares = slice_.uses(), local.shares(again)
    return Influence(
        str(item),
        source,
        target,
        within,
        distance,
        again,
        noise,
        len(slice_.using),
        most,
        tuple((texts.labels[d], uses[d], shares[d]) for d in (order[:n] if found else order[:most]).tolist()),
        n if found else None,
        without(n),
        tried.get(n - 1) if found and n > 1 else None,
    )


def _fewest(n: int, without: Callable[[int], float], noise: float, *, room: Callable[[], bool]) -> int:
    """The least count below n that does it too, found by halves, then one by one, while there is room for trainings."""
    least = 0  # does not do it
    while n - least > 1 and room():
        middle = n - 1 if n <= 4 else (least + n) // 2
        if without(middle) <= noise:
            n = middle
        else:
            least = middle
    return n


class _Steps:
    """A progress for each of so many trainings."""

    def __init__(self, progress: Progress, n: int) -> None:
        self._progress, self._n, self._at = progress, n, 0

    def next(self, what: str) -> Progress:
        first = min(self._at, self._n - 1) / self._n
        self._at += 1
        return part_of(self._progress, first, min(self._at, self._n) / self._n, prefix=f"{what}: ")


class _Slice:
    """The documents of a space, over the words of the compass."""

    def __init__(self, collection: Collection, texts: AttachedTexts, name: str, item: str) -> None:
        assert collection.compass is not None
        self.texts, compass = texts, collection.compass
        number = {word: i for i, word in enumerate(texts.stream.items)}
        known = [i for i, word in enumerate(compass.items) if word in number]
        self._words = np.array([number[compass.items[i]] for i in known], dtype=np.int64)
        self._compass = np.ascontiguousarray(compass.vectors[known], dtype=np.float32)
        self._of = np.full(len(texts.stream.items) + 1, -2, dtype=np.int32)
        self._of[self._words] = np.arange(len(known), dtype=np.int32)
        self._of[-1] = -1  # the end of a sentence
        self.row = int(self._of[number[item]]) if item in number else -2
        self.documents = texts.documents(name)
        at = np.flatnonzero(texts.stream.ids == number.get(item, -2))
        owner = np.searchsorted(texts.stream.starts, at, side="right") - 1
        self._counted = np.bincount(owner, minlength=len(texts.labels))
        self.using = np.intersect1d(np.flatnonzero(self._counted), self.documents)
        if self.row < 0 or not len(self.using):
            raise NotFound(
                f"{item[:80]!r} stands in no document of {name!r}", lever="attach the texts it was built from"
            )
        told = dict(collection.metadata.get("training", {}))
        at_build = TrainingParameters(**{k: v for k, v in told.items() if k in TrainingParameters.__dataclass_fields__})
        self._seed = at_build.seed + 1 + collection.names.index(name)
        self._parameters = replace(at_build, method="cade")

    def uses(self) -> dict[int, int]:
        """Document → how often it uses the word."""
        return {int(d): int(self._counted[d]) for d in self.using}

    def _stream(self, documents: Documents) -> npt.NDArray[np.int32]:
        starts = self.texts.stream.starts
        ids = np.concatenate([self.texts.stream.ids[starts[d] : starts[d + 1]] for d in documents])
        rows = self._of[np.where(ids < 0, len(self._of) - 1, ids)]
        return np.ascontiguousarray(rows[rows > -2])

    def train(self, documents: Documents, progress: Progress) -> Vectors:
        """Input vectors of the slice from these documents alone, by the build's parameters and seed."""
        stream = self._stream(documents)
        counts = np.bincount(stream[stream >= 0], minlength=len(self._words))
        return train_slice(
            stream, counts, self._compass, parameters=self._parameters, seed=self._seed, progress=progress
        )[0]

    def windows(self, trained: Vectors) -> Windows:
        """The windows of the word, with what stands in them."""
        every = self._stream(self.documents)
        counts = np.bincount(every[every >= 0], minlength=len(self._words))
        return windows_of(
            [(int(d), self._stream(np.array([d]))) for d in self.using],
            self.row,
            trained=trained,
            compass=self._compass,
            tables=(noise_table(counts), keep_probability(counts, self._parameters.sample)),
            window=self._parameters.window,
            negative=self._parameters.negative,
            seed=self._seed,
        )


class _Local:
    """The word's own vector where it settles, with or without some documents."""

    def __init__(self, windows: Windows, u: Vectors, reference: Vectors) -> None:
        self._w, self._reference = windows, reference.astype(np.float64)
        self._ridge = 1e-3 * np.trace(windows.curvature(u, slice(None))) / len(u)
        self._anchor = u.astype(np.float64)
        self._u = self._settled(np.ones(len(windows.document), dtype=bool), self._anchor)

    def _settled(self, kept: npt.NDArray[np.bool_], start: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Newton's steps to where the kept windows pull no more; drawn a little to where the training left it."""
        u = start.copy()
        for _ in range(8):
            pull = self._w.pull(u, kept).sum(axis=0) - self._ridge * (u - self._anchor)
            step = np.linalg.solve(self._w.curvature(u, kept) + self._ridge * np.eye(len(u)), pull)
            u += step
            if float(np.linalg.norm(step)) < 1e-4 * max(float(np.linalg.norm(u)), 1e-9):
                break
        return u

    def _gains(self, kept: npt.NDArray[np.bool_], u: npt.NDArray[np.float64]) -> dict[int, float]:
        """Document → how much less the distance is without it, to the first order."""
        length = float(np.linalg.norm(u)) or 1.0
        unit = u / length
        slope = -(self._reference - (self._reference @ unit) * unit) / length  # of the distance by u
        curved = self._w.curvature(u, kept) + self._ridge * np.eye(len(u))
        toward = np.linalg.solve(curved, slope)
        each = self._w.pull(u, kept) @ toward
        documents = self._w.document[kept]
        found = np.unique(documents)
        sums = np.bincount(np.searchsorted(found, documents), weights=each)
        return {int(d): float(one) for d, one in zip(found, sums, strict=True)}

    def shares(self, distance: float) -> dict[int, float]:
        """Document → the share of the distance that it carries to the first order."""
        gains = self._gains(np.ones(len(self._w.document), dtype=bool), self._u)
        return {d: gain / max(distance, 1e-9) for d, gain in gains.items()}

    def order(self, most: int, distance: float, noise: float) -> tuple[Documents, list[float]]:
        """Documents one after another, each the most influential of those that are left, and the distance that is
        foreseen without it and those before; a few beyond the noise are added, as the foresight is of the first order.
        """
        kept = np.ones(len(self._w.document), dtype=bool)
        here = _apart(self._u, self._reference)
        taken: list[int] = []
        foreseen: list[float] = []
        u = self._u
        while len(taken) < most and kept.any():
            gains = sorted(self._gains(kept, u).items(), key=lambda pair: -pair[1])
            some = [d for d, gain in gains[: max(1, len(taken) // 8)] if gain > 0]
            if not some:
                break
            taken += some[: most - len(taken)]
            kept &= ~np.isin(self._w.document, some)
            if not kept.any():
                break
            u = self._settled(kept, u)
            foreseen += [distance + _apart(u, self._reference) - here] * (len(taken) - len(foreseen))
        return np.array(taken, dtype=np.int64), foreseen


def _apart(u: npt.NDArray[Any], reference: npt.NDArray[Any]) -> float:
    """Cosine distance of a vector to one of unit length."""
    return float(1 - (u @ reference) / max(float(np.linalg.norm(u)), 1e-12))
