"""What switching did in an encoder's space, language by language."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import regex

from isogloss.figure import Figure
from isogloss.linear import unit_rows
from isogloss.resampling import mean_interval
from isogloss.rewriting.marking.tags import tokens
from isogloss.rewriting.moving.intent import found_first, ranks
from isogloss.rewriting.switching.entities import Sentence
from isogloss.rewriting.switching.variants import Variant, switched
from isogloss.text.script import script_of
from isogloss.types import Floats, Vectors

_DRAWS = 500
_WORD = regex.compile(r"[\p{L}\p{M}'’-]+")
SHARE = "mean share of a sentence's characters that are switched"
MOVED = "mean of 1 − cosine of a sentence and its variant"
RANDOM = "the same where random other words, as long, stand for the same labels"
LESS = "what entities move less what random words as long do"


@dataclass(frozen=True)
class Switched:
    """One language. figures: share_switched always; displacement, p_at_1, random_word and difference with a model."""

    language: str
    script: str
    variants: int
    figures: dict[str, Figure]


def effects(
    sentences: Sequence[Sentence],
    made: Sequence[Variant],
    *,
    encode: Callable[[Sequence[str]], Vectors] | None = None,
    seed: int = 0,
) -> list[Switched]:
    """Of each language in the order in which it is met. encode: texts → (n, dim); None: no model."""
    languages = list(dict.fromkeys(one.language for one in made))
    rows = sorted({one.row for one in made})
    place = {row: i for i, row in enumerate(rows)}
    originals = [sentences[row].plain for row in rows]
    source = encode(originals) if encode and rows else None
    found = []
    for language in languages:
        here = [one for one in made if one.language == language]
        at = np.array([place[one.row] for one in here])
        figures = {"share_switched": _mean(np.array([one.share for one in here]), seed, SHARE)}
        if encode is not None and source is not None:
            other = [random_words(sentences[one.row], one, seed=seed) for one in here]
            figures |= _moved(originals, source, at, encode, here, other, seed)
        script = script_of(" ".join(label for one in here for label in one.labels))
        found.append(Switched(language, script, len(here), figures))
    return found


def _moved(
    originals: Sequence[str],
    source: Vectors,
    at: np.ndarray,
    encode: Callable[[Sequence[str]], Vectors],
    here: Sequence[Variant],
    other: Sequence[str | None],
    seed: int,
) -> dict[str, Figure]:
    target = encode([one.plain for one in here])
    moved = _distance(source[at], target)
    same = [one.plain == originals[i] for one, i in zip(here, at.tolist(), strict=True)]
    moved[same] = 0.0
    random = _distance(source[at], encode([text or "" for text in other]))
    random[[text is None for text in other]] = np.nan
    pool = np.vstack([source, source[at]])
    rank, _, asked = ranks([*originals, *(originals[i] for i in at)], pool, np.vstack([source, target]), seed=seed)
    return {
        "displacement": _mean(moved, seed, MOVED),
        "p_at_1": found_first(rank[asked >= len(originals)], len(set(originals)), seed=seed),
        "random_word": _mean(random, seed, RANDOM),
        "difference": _mean(moved - random, seed, LESS),
    }


def random_words(one: Sentence, variant: Variant, *, seed: int = 0) -> str | None:
    """The sentence with its entities as they are, and the variant's labels in place of other words: of all that are
    left the nearest in length, by chance among those. None where there are too few.
    """
    rng = np.random.default_rng([seed, variant.row])
    free = [
        (start, end)
        for start, end in tokens(one.plain)
        if _WORD.fullmatch(one.plain[start:end]) and all(end <= a or start >= b for a, b in one.spans)
    ]
    chosen: list[tuple[tuple[int, int], str]] = []
    for (start, end), label in zip(variant.spans, variant.labels, strict=True):
        if not free:
            return None
        away = [abs((stop - begin) - (end - start)) for begin, stop in free]
        nearest = [i for i, value in enumerate(away) if value == min(away)]
        chosen.append((free.pop(int(rng.choice(nearest))), label))
    chosen.sort()
    spans, labels = [span for span, _ in chosen], [label for _, label in chosen]
    return switched(variant.row, one, variant.language, spans=spans, labels=labels).plain


def _distance(one: Vectors, two: Vectors) -> Floats:
    a, b = unit_rows(one), unit_rows(two)
    found: Floats = (1 - np.einsum("ij,ij->i", a, b)).astype(np.float64).clip(0.0, 2.0)
    found[~(a.any(axis=1) & b.any(axis=1))] = np.nan
    return found


def _mean(values: Floats, seed: int, how: str) -> Figure:
    known = values[np.isfinite(values)]
    if not len(known):
        return Figure(value=math.nan, n=0, how=how)
    low, high = mean_interval(known, _DRAWS, np.random.default_rng(seed))
    return Figure(value=float(known.mean()), n=len(known), low=low, high=high, how=how)
