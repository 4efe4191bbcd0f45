"""Pairs of items of two spaces that belong together, and how they are split for training and testing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import numpy as np

from isogloss.alignment.anchors.pairs import read_pairs
from isogloss.errors import InvalidValue
from isogloss.spaces.space import Space
from isogloss.text.normalize import nfc, normal_form
from isogloss.types import Rows

_FEW = 5  # pairs, of which nothing is told
Pair = tuple[str, str]


@dataclass(frozen=True)
class Dictionary:
    """Pairs of a source item and a target item, each pair once, in the order of the file. name: where they come
    from. repeated: lines that named a pair again. lowered: words that were taken in lower case, as they were written.
    said: what else is to be known: how the file was read, lines that were skipped, whether it is the wrong way round.
    """

    pairs: tuple[Pair, ...]
    name: str = ""
    repeated: int = 0
    lowered: tuple[str, ...] = ()
    said: tuple[str, ...] = ()

    @classmethod
    def of(cls, pairs: Mapping[str, str] | Iterable[Pair], name: str = "pairs") -> Dictionary:
        """Of pairs, or a mapping from sources to targets; each pair once, in Unicode's composed form. Raises
        InvalidValue.

        >>> Dictionary.of({"peace": "paix"}).pairs
        (('peace', 'paix'),)
        """
        found: dict[Pair, None] = {}
        for pair in pairs.items() if isinstance(pairs, Mapping) else pairs:
            if isinstance(pair, str) or len(pair) != 2 or not all(isinstance(word, str) and word for word in pair):
                raise InvalidValue(f"a pair is {str(pair)[:60]!r}", "give a source and a target, both words")
            found[nfc(pair[0]), nfc(pair[1])] = None
        return cls(tuple(found), name)

    def __len__(self) -> int:
        return len(self.pairs)

    @cached_property
    def targets(self) -> Mapping[str, tuple[str, ...]]:
        """Source → its gold translations.

        >>> Dictionary((("a", "x"), ("a", "y"))).targets
        {'a': ('x', 'y')}
        """
        found: dict[str, list[str]] = {}
        for source, target in self.pairs:
            found.setdefault(source, []).append(target)
        return {source: tuple(some) for source, some in found.items()}

    def reversed(self) -> Dictionary:
        return Dictionary(tuple((target, source) for source, target in self.pairs), self.name)

    def without_sources(self, other: Dictionary) -> tuple[Dictionary, int]:
        """Less the pairs whose source stands in another dictionary; how many sources that were."""
        known = {source for source, _ in other.pairs}
        kept = tuple(pair for pair in self.pairs if pair[0] not in known)
        return Dictionary(kept, self.name), len({s for s, _ in self.pairs} & known)

    def rows(self, source: Space, target: Space) -> tuple[Rows, Rows]:
        """Rows of the pairs that both spaces hold, int64 each."""
        found = [(source[a], target[b]) for a, b in self.pairs if a in source and b in target]
        both = np.array(found, dtype=np.int64).reshape(-1, 2)
        return both[:, 0], both[:, 1]


UNSUPERVISED = Dictionary((), "no anchors")


def read_dictionary(path: str | Path, *, lower: bool = False, columns: tuple[int, int] = (1, 2)) -> Dictionary:
    """Pairs from a text file, as `read_pairs` has them. Raises InvalidValue naming the first lines, NotFound.

    columns: which hold the source and the target, the first is 1; the first two are those that are words.
    """
    path = Path(path)
    if min(columns) < 1 or columns[0] == columns[1]:
        raise InvalidValue(f"the columns are {columns[0]} and {columns[1]}", "give two different ones, the first is 1")
    found = read_pairs(path, lower=lower, columns=None if columns == (1, 2) else columns)
    repeated = found.read.skipped.get("duplicate", 0)
    odd = any(n for reason, n in found.read.skipped.items() if reason != "duplicate")
    said = (*found.said, *([f"lines: {found.read.sentence()}"] if odd else []))
    return Dictionary(found.pairs, path.name, repeated, said=said)


def identical(source: Space, target: Space, *, most: int = 25_000) -> Dictionary:
    """Items spelt alike in both, the most frequent of the source first."""
    found = [item for item in source.items if item in target]
    return Dictionary(tuple((item, item) for item in found[:most]), "identical strings")


def split(dictionary: Dictionary, share: float, *, seed: int = 0) -> tuple[Dictionary, Dictionary]:
    """Two parts with no source in common; the second holds about `share` of the sources."""
    sources = list(dict.fromkeys(source for source, _ in dictionary.pairs))
    if not 0 < share < 1 or len(sources) < 2:
        raise InvalidValue(
            f"{len(sources):,} sources and a share of {share}", "give two or more and a share between 0 and 1"
        )
    drawn = np.random.default_rng(seed).permutation(len(sources))[: max(1, round(share * len(sources)))]
    held = {sources[i] for i in drawn}
    parts: tuple[list[Pair], list[Pair]] = ([], [])
    for pair in dictionary.pairs:
        parts[pair[0] in held].append(pair)
    return Dictionary(tuple(parts[0]), dictionary.name), Dictionary(tuple(parts[1]), dictionary.name)


CASES = ("lower", "exact")  # what becomes of a word that a space has in lower case only


def as_spelt(dictionary: Dictionary, source: Space, target: Space, *, case: str = "lower") -> Dictionary:
    """The pairs with each word in lower case where its space has only that. Raises InvalidValue.

    case: `lower` does so and names the words; `exact` leaves all words as they are written, as VecMap and fastText do.
    """
    if case not in CASES:
        raise InvalidValue(f"the case of dictionary words is {case[:40]!r}", f"choose {' or '.join(CASES)}")
    lowered: dict[str, None] = {}

    def spelt(word: str, space: Space) -> str:
        if word in space:
            return word
        if (plain := normal_form(word)) in space:
            return plain
        if case == "exact" or word.lower() not in space:
            return word
        lowered[word] = None
        return word.lower()

    pairs = tuple(dict.fromkeys((spelt(a, source), spelt(b, target)) for a, b in dictionary.pairs))
    said = dictionary.said
    if turned := wrong_way(pairs, source, target):
        said = (*said, turned)
    return Dictionary(pairs, dictionary.name, dictionary.repeated, tuple(lowered), said)


def wrong_way(pairs: Sequence[Pair], source: Space, target: Space) -> str:
    """What is said of pairs that the spaces hold more of when they are turned round; empty where they do not."""
    held = sum(a in source and b in target for a, b in pairs)
    turned = sum(b in source and a in target for a, b in pairs)
    if turned < _FEW or turned <= 2 * held:
        return ""
    return f"it looks the wrong way round: {held:,} pairs are covered, {turned:,} when it is turned (columns:2:1:FILE)"


def coverage(
    dictionary: Dictionary, source: Space, target: Space, *, bands: Sequence[int] = (1_000, 5_000, 20_000)
) -> list[tuple[str, int, int]]:
    """Of the sources in each band of frequency rank: (band, how many the source space holds there, how many with a
    held target).
    """
    edges = [0, *(b for b in bands if b < len(source)), len(source)]
    rank = {item: source[item] for item in dictionary.targets if item in source}
    found = []
    for low, high in pairwise(edges):
        here = [item for item, at in rank.items() if low <= at < high]
        both = sum(any(t in target for t in dictionary.targets[item]) for item in here)
        found.append((f"{low + 1:,}–{high:,}", len(here), both))
    return found
