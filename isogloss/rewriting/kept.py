"""Which protected spans of a source are in its target: kept, moved, lost, changed, added."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from isogloss.rewriting.span import Span

FATES = ("kept", "lost", "added", "changed", "moved")


@dataclass
class Fates:
    """kept: pairs of positions, in the source's order. lost, added: positions in the source, in the target. changed: a
    span of the source and the one of the same type that stands in its place. moved: positions in the source of spans
    that are kept, but not in the order of the others of their type.
    """

    kept: list[tuple[int, int]] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)
    added: list[int] = field(default_factory=list)
    changed: list[tuple[int, int]] = field(default_factory=list)
    moved: list[int] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether anything but keeping happened."""
        return bool(self.lost or self.added or self.changed or self.moved)


def same_spans(source: Sequence[Span], target: Sequence[Span]) -> bool:
    """Whether both hold the same things in the same order, as almost all pairs do."""
    if len(source) != len(target):
        return False
    for one, two in zip(source, target, strict=True):  # noqa: SIM110 - half of what `all` takes
        if one[3] != two[3] or one[2] != two[2]:
            return False
    return True


def fates(source: Sequence[Span], target: Sequence[Span]) -> Fates:
    """By type the multisets S and T: kept S∩T, lost S∖T, added T∖S, of which as many as go in pairs are changed; moved
    is kept but out of the longest increasing subsequence (METHODS §8).

    >>> def numbers(*keys): return [Span(i, i + 1, "number", key) for i, key in enumerate(keys)]
    >>> found = fates(numbers("1", "2", "3"), numbers("3", "1", "4"))
    >>> found.kept, found.changed, found.lost, found.moved
    ([(0, 1), (2, 0)], [(1, 2)], [], [0])
    """
    found = Fates()
    kept = found.kept
    places: dict[tuple[str, str], list[int]] = {}
    for j in range(len(target) - 1, -1, -1):
        key = target[j][2:]
        if (some := places.get(key)) is None:
            places[key] = [j]
        else:
            some.append(j)
    left: list[int] = []
    for i, one in enumerate(source):
        if same := places.get(one[2:]):
            kept.append((i, same.pop()))
        else:
            left.append(i)
    free = [j for some in places.values() for j in some] if len(kept) < len(target) else []
    if free:
        free.sort()
        if left:
            left = _by_meaning(source, target, left, free, found)
    for i in left:
        kind = source[i][2]
        for j in free:
            if target[j][2] == kind:
                free.remove(j)
                found.changed.append((i, j))
                break
        else:
            found.lost.append(i)
    found.added = free
    kept.sort()
    before = -1
    for _, j in kept:
        if j < before:
            break
        before = j
    else:
        return found
    for kind in {source[i][2] for i, _ in kept}:
        found.moved.extend(_out_of_order([pair for pair in kept if source[pair[0]][2] == kind]))
    found.moved.sort()
    return found


def _by_meaning(
    source: Sequence[Span], target: Sequence[Span], left: list[int], free: list[int], found: Fates
) -> list[int]:
    """Keep numbers that may mean the same (`1,234` and `1.234`); what is left then."""
    still = []
    for i in left:
        _, _, kind, key = source[i]
        if kind == "number":
            meant = set(key.split("|"))
            place = next((j for j in free if target[j][2] == kind and meant & set(target[j][3].split("|"))), None)
            if place is not None:
                free.remove(place)
                found.kept.append((i, place))
                continue
        still.append(i)
    return still


def _out_of_order(pairs: Sequence[tuple[int, int]]) -> list[int]:
    """Positions in the source of pairs that are not in the longest increasing subsequence of those in the target."""
    if all(a[1] < b[1] for a, b in pairwise(pairs)):
        return []
    ends: list[int] = []  # the lowest end of a subsequence of each length
    at: list[int] = []  # the pair it ends with
    before: list[int] = []
    for n, (_, place) in enumerate(pairs):
        length = bisect_left(ends, place)
        before.append(at[length - 1] if length else -1)
        ends[length : length + 1] = [place]
        at[length : length + 1] = [n]
    longest, n = set(), at[-1]
    while n >= 0:
        longest.add(n)
        n = before[n]
    return [i for n, (i, _) in enumerate(pairs) if n not in longest]
