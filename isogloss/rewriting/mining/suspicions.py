"""What speaks against a mined pair before anybody reads it: kinds that texts alone show."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import regex
from rapidfuzz import fuzz

from isogloss.rewriting.mining.values import unmatched
from isogloss.rewriting.pairs import Pairs
from isogloss.rewriting.profile import Failure
from isogloss.types import Floats

KINDS = ("duplicate", "copy", "number_differs", "length_ratio", "hub", "high_margin_low_similarity")
COPIED = 90.0  # per cent of likeness, from which a target is a copy of its source
PARTNERS = 5  # different texts that one text stands with, from which it is boilerplate
_TWICE = math.log(2.0)
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")


def plain(text: str) -> str:
    """As pairs are compared: case, signs and blanks do not count; the signs alone where there is nothing else.

    >>> plain("  The End. "), plain("?!")
    ('the end', '?!')
    """
    return " ".join(_WORD.findall(text.casefold())) or "".join(text.split())


def of_texts(pairs: Pairs) -> list[Failure]:
    """Duplicates, copies, other numbers, odd lengths, and texts that stand with many others, in order of rows."""
    one, two = [plain(text) for text in pairs.source], [plain(text) for text in pairs.target]
    found = [*_repeated(one, two), *_boilerplate(one, two)]
    for row, (source, target) in enumerate(zip(pairs.source, pairs.target, strict=True)):
        if one[row] and (one[row] == two[row] or fuzz.ratio(one[row], two[row], score_cutoff=COPIED)):
            found.append(Failure(row, "copy", "pair", target[:200]))
        lost, added = unmatched(source, target)
        if lost or added:
            found.append(Failure(row, "number_differs", "number", f"{', '.join(lost)} / {', '.join(added)}"[:200]))
    ratio = log_ratios(pairs)
    for row in np.flatnonzero(odd_lengths(ratio)).tolist():
        found.append(Failure(row, "length_ratio", "pair", f"{math.exp(ratio[row]):.2f}"))
    return in_order(found)


def in_order(found: Sequence[Failure]) -> list[Failure]:
    """By rows, and by kinds as they are named."""
    return sorted(found, key=lambda one: (one.row, KINDS.index(one.kind)))


def log_ratios(pairs: Pairs) -> Floats:
    """Log of characters of the target by those of the source, (n,)."""
    return np.array(
        [math.log(max(len(b), 1) / max(len(a), 1)) for a, b in zip(pairs.source, pairs.target, strict=True)]
    )


def odd_lengths(ratios: Floats) -> np.ndarray:
    """Farther from the median than three deviations (the MAD × 1.4826) and than twice or half, bool (n,).

    >>> odd_lengths(np.log([1.0, 1.1, 0.9, 1.0, 5.0])).tolist()
    [False, False, False, False, True]
    """
    away = np.abs(ratios - np.median(ratios)) if len(ratios) else ratios
    spread = 1.4826 * float(np.median(away)) if len(away) else 0.0
    return np.asarray(away > max(3 * spread, _TWICE))


def _repeated(one: Sequence[str], two: Sequence[str]) -> list[Failure]:
    first: dict[tuple[str, str], int] = {}
    found = []
    for row, both in enumerate(zip(one, two, strict=True)):
        if first.setdefault(both, row) != row:
            found.append(Failure(row, "duplicate", "pair", f"of pair {first[both] + 1}"))
    return found


def _boilerplate(one: Sequence[str], two: Sequence[str]) -> list[Failure]:
    """Rows of a text that stands with five others or more."""
    partners: dict[tuple[int, str], set[str]] = {}
    for a, b in zip(one, two, strict=True):
        partners.setdefault((0, a), set()).add(b)
        partners.setdefault((1, b), set()).add(a)
    found = []
    for row, (a, b) in enumerate(zip(one, two, strict=True)):
        n = max(len(partners[0, a]), len(partners[1, b]))
        if n >= PARTNERS:
            found.append(Failure(row, "hub", "text", f"with {n:,} others"))
    return found


def without_common(source: str, target: str) -> tuple[str, str]:
    """Both texts without the words that they share: names, numbers and what was copied make pairs alike.

    >>> without_common("Paris, 1999: the end", "Paris, 1999: das Ende")
    ('the end', 'das Ende')
    """
    here, there = ([str(word) for word in _WORD.findall(text)] for text in (source, target))
    common = {word.casefold() for word in here} & {word.casefold() for word in there}
    first, second = (" ".join(word for word in words if word.casefold() not in common) for words in (here, there))
    return first, second
