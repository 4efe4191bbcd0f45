"""Spellings of one word: items of a space that are written alike, mean alike and may be one (goverment, programme)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from isogloss.errors import InvalidValue
from isogloss.nearest.exact import cosines
from isogloss.spaces.space import Space
from isogloss.text.normalize import search_key

_SHARE = 0.25  # of the longer word's letters that may differ
_MOST_EDITS = 3
_LEAST = 4  # letters; among shorter words one letter makes another word
_ALIKE = 0.5  # of the mean similarity of a word's ten nearest: a variant is nearer than this share
_INFLECTED = ("s", "es", "ed", "d", "ing", "ly", "n", "en", "er", "r", "e", "es", "ment", "al", "'s")


@dataclass(frozen=True)
class Variant:
    """edits: insertions, deletions, changes and swaps of neighboring letters, after folding case and accents.

    similarity: cosine with the word, in its space. count: None where nothing was counted. inflected: whether it differs
    by an ending alone, so that it may well be another form of the word and not another spelling.
    """

    item: str
    edits: int
    similarity: float
    count: int | None
    inflected: bool


def variants(space: Space, item: str, *, limit: int = 12) -> list[Variant]:
    """What may be other spellings of an item in its space, the likeliest first.

    Proposed is what differs by at most three letters, a quarter of the word, and lies at least half as near as its
    ten nearest on average (damaged words are used as the whole ones). Spellings come before inflected forms, then fewer
    edits, then the nearer. It proposes: whether two are one word is for a person to say. Raises NotFound, InvalidValue.
    """
    if limit < 1:
        raise InvalidValue(f"limit is {limit}", "choose 1 or more")
    row, key = space[item], search_key(item)
    if len(key) < _LEAST:
        return []
    keys = [search_key(one) for one in space.items]
    edits = cdist([key], keys, scorer=OSA.distance, score_cutoff=_MOST_EDITS, dtype=np.int32)[0]
    longest = np.maximum([len(one) for one in keys], len(key))
    near = np.flatnonzero((edits <= np.minimum(_MOST_EDITS, _SHARE * longest)) & (np.arange(len(keys)) != row))
    if not len(near):
        return []
    cosine = cosines(space, space.unit[row])
    others = np.delete(cosine, row)
    level = _ALIKE * float(np.sort(others)[-min(10, len(others)) :].mean())
    found = [
        Variant(
            space.items[at],
            int(edits[at]),
            float(cosine[at]),
            None if space.counts is None else int(space.counts[at]),
            _is_inflected(key, keys[at]),
        )
        for at in near.tolist()
        if cosine[at] >= level
    ]
    return sorted(found, key=lambda one: (one.inflected, one.edits, -one.similarity))[:limit]


def _is_inflected(a: str, b: str) -> bool:
    """Whether two words differ by an ending alone.

    >>> _is_inflected("government", "governments"), _is_inflected("government", "goverment")
    (True, False)
    >>> _is_inflected("program", "programme"), _is_inflected("analyses", "analysis")
    (False, False)
    """
    short, long = sorted((a, b), key=len)
    return len(short) < len(long) and long.startswith(short) and long[len(short) :] in _INFLECTED
