"""The merges of byte-pair encoding: in which steps a token comes to be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Pair = tuple[str, str]


def pairs_of(model: Mapping[str, Any]) -> list[Pair]:
    """The merges in their order; files write them as "a b" or as ["a", "b"].

    >>> pairs_of({"merges": ["a b", ["ab", "c"]]})
    [('a', 'b'), ('ab', 'c')]
    """
    found = []
    for one in model["merges"]:
        left, right = one.split(" ", 1) if isinstance(one, str) else one
        found.append((left, right))
    return found


def joined(pair: Pair, prefix: str) -> str:
    """What a merge makes. prefix: of subwords that go on, which the right part loses."""
    return pair[0] + (pair[1].removeprefix(prefix) if prefix else pair[1])


class Merges:
    """Merges by rank.

    >>> Merges({"merges": ["b c", "a bc", "a b"]}).on_the_way("abc")
    ['a', 'b', 'c', 'bc', 'abc']
    """

    def __init__(self, model: Mapping[str, Any]) -> None:
        self._rank = {pair: rank for rank, pair in enumerate(pairs_of(model))}
        self._prefix = model.get("continuing_subword_prefix") or ""
        self._suffix = model.get("end_of_word_suffix") or ""

    def on_the_way(self, token: str) -> list[str]:
        """Every subword that merging the letters of a token passes through: the same in any text in which it comes,
        as merges within it were taken in their order, and none across its ends.
        """
        parts = self._letters(token)
        passed = list(dict.fromkeys(parts))
        while len(parts) > 1:
            best = min(
                range(len(parts) - 1), key=lambda i: (self._rank.get((parts[i], parts[i + 1]), len(self._rank)), i)
            )
            pair = (parts[best], parts[best + 1])
            if pair not in self._rank:
                break
            parts[best : best + 2] = [joined(pair, self._prefix)]
            passed.append(parts[best])
        return passed

    def _letters(self, token: str) -> list[str]:
        goes_on = bool(self._prefix) and token.startswith(self._prefix)
        ends = bool(self._suffix) and token.endswith(self._suffix)
        bare = token.removeprefix(self._prefix) if goes_on else token
        letters = list(bare.removesuffix(self._suffix) if ends else bare)
        made = [(self._prefix if i or goes_on else "") + letter for i, letter in enumerate(letters)]
        if ends and made:
            made[-1] += self._suffix
        return made
