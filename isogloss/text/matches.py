"""Finding items as one types: exact, prefix, substring, then near matches, after normalisation."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from isogloss.text.normalize import search_key


@dataclass(frozen=True)
class Match:
    """kind: `exact`, `prefix`, `substring` or `near`; count: uses over all spaces."""

    item: str
    kind: str
    count: int


class Search:
    """An immutable search over items with counts.

    >>> search = Search({"climate": 9, "climatic": 3, "acclimate": 1, "régime": 5, "气候变化": 2})
    >>> [(m.item, m.kind) for m in search("clim")]
    [('climate', 'prefix'), ('climatic', 'prefix'), ('acclimate', 'substring')]
    >>> search("变化")[0].item, search("REGIME")[0].kind, search("climaet")[0].item
    ('气候变化', 'exact', 'climate')
    """

    def __init__(self, counts: Mapping[str, int]) -> None:
        pairs = sorted((search_key(item).replace("\n", " "), item) for item in counts)
        self._keys = [key for key, _ in pairs]
        self._items = [item for _, item in pairs]
        self._counts = counts
        # One long text with a separator no key holds: str.find over it is the fastest substring search.
        self._text = "\n".join(self._keys)
        starts, position = [], 0
        for key in self._keys:
            starts.append(position)
            position += len(key) + 1
        self._starts = starts

    def __call__(self, typed: str, limit: int = 12) -> list[Match]:
        """Up to `limit` matches, best kind first, the most frequent first within a kind."""
        key = search_key(typed).replace("\n", " ")
        if not key:
            return []
        rows: dict[int, str] = {}
        first = bisect_left(self._keys, key)
        last = bisect_left(self._keys, key + "\U0010ffff")
        for row in range(first, last):
            rows[row] = "exact" if self._keys[row] == key else "prefix"
        if len(rows) < limit:
            self._substrings(key, rows, limit)
        if len(rows) < limit and len(key) > 2:
            for _, _, row in process.extract(key, self._keys, scorer=fuzz.ratio, limit=limit, score_cutoff=75):
                rows.setdefault(row, "near")
        order = {"exact": 0, "prefix": 1, "substring": 2, "near": 3}
        found = [Match(self._items[r], kind, self._counts[self._items[r]]) for r, kind in rows.items()]
        exactly = typed.strip()
        if any(m.kind == "near" for m in found):  # near ones keep the order of likeness
            near = [m for m in found if m.kind == "near"]
            found = [m for m in found if m.kind != "near"]
        else:
            near = []
        found.sort(key=lambda m: (order[m.kind], m.item != exactly, -m.count, m.item))
        return (found + near)[:limit]

    def _substrings(self, key: str, rows: dict[int, str], limit: int, most: int = 5_000) -> None:
        at, found = self._text.find(key), 0
        while at >= 0 and found < most:
            row = bisect_left(self._starts, at + 1) - 1
            rows.setdefault(row, "substring")
            found += 1
            at = self._text.find(key, self._starts[row] + len(self._keys[row]) + 1)


def closest(name: str, known: Iterable[str], limit: int = 3, *, keys: Sequence[str] | None = None) -> list[str]:
    """The nearest of the known names by edit similarity after normalisation, best first.

    keys: the normalised form (`search_key`) of each, where it is at hand.

    >>> closest("climat", ["climate", "climatic", "banana"])
    ['climate', 'climatic']
    """
    names = list(known)
    keys = [search_key(one) for one in names] if keys is None else keys
    hits = process.extract(search_key(name), keys, scorer=fuzz.ratio, limit=limit)
    return [names[at] for _, score, at in hits if score >= 50]
