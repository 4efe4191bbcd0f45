"""Which items a reader wants to see: by pattern, by list, by whether they are names, by what was found of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import regex

from isogloss.drift.ranking import Ranking
from isogloss.errors import InvalidValue
from isogloss.spaces.collection import Collection
from isogloss.text.normalize import nfc
from isogloss.types import Mask

NAME_SHARE = 0.5
MOST_PATTERN = 500
PARTS = ("all", "most changed", "not decided", "least changed", "noise")


def matching(items: Sequence[str], pattern: str) -> Mask:
    """Items in which a regular expression is found, by RE2, whose time is linear. Raises InvalidValue.

    >>> matching(["peace", "war"], "^p").tolist()
    [True, False]
    """
    if len(pattern) > MOST_PATTERN:
        raise InvalidValue(f"the pattern has {len(pattern):,} characters", f"write at most {MOST_PATTERN}")
    try:
        found = pc.match_substring_regex(pa.array(items, pa.string()), nfc(pattern))
    except pa.ArrowInvalid as error:
        raise InvalidValue(
            f"the pattern {pattern[:80]!r} is no regular expression ({str(error)[:120]})",
            "write one that RE2 knows, as ^non- or ism$ (no look-around, no back-references)",
        ) from None
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=bool)


def words_of(text: str) -> list[str]:
    """The words of a pasted list, by line, comma, semicolon or tab, in their NFC form, each once.

    >>> words_of("climate, artificial;inclusion\\tclimate,")
    ['climate', 'artificial', 'inclusion']
    """
    return list(dict.fromkeys(word for part in regex.split(r"[\n\r,;\t]+", text) if (word := nfc(part.strip()))))


def listed(items: Sequence[str], text: str) -> Mask:
    """Items of a pasted list."""
    words = set(words_of(text))
    return np.array([item in words for item in items], dtype=bool)


def names(collection: Collection, spaces: Sequence[str], items: Sequence[str]) -> Mask | None:
    """Items capitalised in over half of their uses inside sentences, in any of the spaces; None where unknown."""
    out, known = np.zeros(len(items), dtype=bool), False
    for name in spaces:
        space = collection[name]
        share = space.column("capital_share")
        if share is not None:
            known = True
            here = np.array([item in space for item in items], dtype=bool)
            rows = [space[item] for item in items if item in space]
            out[here] |= np.nan_to_num(share[rows].astype(np.float64)) > NAME_SHARE
    return out if known else None


def part(ranking: Ranking, show: str, least: float) -> Mask:
    """The rows of one part of a ranking.

    most changed: significant and at least the least drift. least changed: the interval ends below the
    least drift (without a least drift: below the middle of the null). noise: tested, and not beyond the 95th percentile
    of noise. not decided: beyond it, and not significant.
    """
    if show == "most changed":
        return np.asarray(ranking.significant & (ranking.distance >= least))
    if show == "least changed":
        middle = np.nan_to_num((ranking.null_low + ranking.null_high) / 2)
        return np.asarray(np.isfinite(ranking.high) & (ranking.high < (least or middle)))
    if show == "noise":
        return np.asarray(ranking.tested & ~ranking.significant & ~ranking.undecided)
    if show == "not decided":
        return ranking.undecided
    return np.ones(len(ranking), dtype=bool)
