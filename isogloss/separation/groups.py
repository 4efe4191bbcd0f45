"""Rows of a space by group: by script or language, with their meanings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from isogloss.errors import InvalidValue
from isogloss.separation.removal import Codes
from isogloss.spaces.space import Space
from isogloss.text.script import script_of
from isogloss.types import Mask

BY = ("script", "language")
_FEWEST, _OWN = 20, 0.1


@dataclass(frozen=True, eq=False)
class Groups:
    """Rows by group. names: of the groups, largest first. codes: (n,). meanings: (n,), −1 where unknown."""

    names: tuple[str, ...]
    codes: Codes
    meanings: Codes
    texts: tuple[str, ...]

    @property
    def sizes(self) -> list[int]:
        return [int(n) for n in np.bincount(self.codes, minlength=len(self.names))]

    @cached_property
    def spelt(self) -> Codes:
        """Which rows are spelt alike but for case, (n,)."""
        return _numbered([text.casefold() for text in self.texts])[1]


def groups_of(space: Space, by: str = "script") -> Groups:
    """Groups by the space's `script` or `language` column; scripts are read from the characters without one.

    Meanings come from a `concept` column. Raises InvalidValue for an unknown `by` or a missing language column.
    """
    if by not in BY:
        raise InvalidValue(f"by is {by!r}", f"choose one of {', '.join(BY)}")
    labels = space.column(by)
    text = space.column("text")
    texts = tuple(space.items) if text is None else tuple(str(t) for t in text)
    if labels is None:
        if by == "language":
            raise InvalidValue(f"space {space.name!r} has no language column", "group by script, or add the column")
        labels = np.array([script_of(t) for t in texts], dtype=object)
    found, codes = _numbered([str(v) for v in labels.tolist()])
    order = np.argsort(-np.bincount(codes), kind="stable")
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    concepts = space.column("concept")
    meanings = np.full(len(space), -1, dtype=np.int64)
    if concepts is not None:
        known = np.array([c is not None and c != "" for c in concepts])
        meanings[known] = _numbered([str(c) for c in concepts[known].tolist()])[1]
    return Groups(tuple(found[i] for i in order), place[codes], meanings, texts)


def _numbered(names: list[str]) -> tuple[list[str], Codes]:
    """The different names in order, and which of them each is."""
    found = sorted(set(names))
    number = {name: i for i, name in enumerate(found)}
    return found, np.fromiter((number[name] for name in names), dtype=np.int64, count=len(names))


def unread(space: Space, groups: Groups) -> tuple[str, ...]:
    """Groups that whatever made the vectors cannot tell apart within: unlike texts, nearly all on one vector.

    An encoder gives one vector to every text of characters that it never saw. A group is unread where fewer than a
    tenth of its different texts have a vector of their own, to five decimals. Largest first.
    """
    found = []
    for code, name in enumerate(groups.names):
        rows = np.flatnonzero(groups.codes == code)
        texts = len({groups.texts[row] for row in rows})
        if texts < _FEWEST:
            continue
        own = len(np.unique(np.round(np.asarray(space.vectors[rows], dtype=np.float32), 5), axis=0))
        if own < _OWN * texts:
            found.append(name)
    return tuple(found)


def distinct(groups: Groups, rows: Mask) -> Mask:
    """Of the rows, one of each string within a meaning: names spelt alike are found without any alignment."""
    seen: set[tuple[int, str]] = set()
    keep = rows.copy()
    for i in np.flatnonzero(rows & (groups.meanings >= 0)):
        key = (int(groups.meanings[i]), groups.texts[i].casefold())
        keep[i] = key not in seen
        seen.add(key)
    return keep


def halves(groups: Groups, seed: int = 0) -> Mask:
    """True for the half of the meanings that is fitted on; rows without a meaning are drawn one by one."""
    rng = np.random.default_rng(seed)
    first = rng.permutation(int(groups.meanings.max(initial=-1)) + 1) % 2 == 0
    alone = rng.random(len(groups.codes)) < 0.5
    if not len(first):
        return np.asarray(alone)
    return np.where(groups.meanings >= 0, first[np.maximum(groups.meanings, 0)], alone)
