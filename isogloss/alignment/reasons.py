"""Why a translation was missed: a reason proposed for every test word, by rules that are stated and checked in
order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np

from isogloss.alignment.bli import Retrieved, share
from isogloss.alignment.preprocess import DEFAULT, Preprocessing
from isogloss.alignment.trial import DIRECTIONS, Found, Trial, Way
from isogloss.figure import Figure
from isogloss.spaces.space import Space
from isogloss.text.normalize import search_key
from isogloss.text.script import NONE, script_of
from isogloss.types import Vectors

RIGHT = "right"
REASONS: Mapping[str, str] = {
    RIGHT: "The nearest target is a gold translation.",
    "out of vocabulary": "The source or all its gold translations are not in the spaces.",
    "script leak": "The nearest target is written in the source's script, and the gold is not.",
    "number or case": "One stem, and endings of at most three letters that differ: number, gender, tense or case.",
    "same stem": "The nearest target and a gold translation have one stem.",
    "antonym-like": "One is the other with a negating prefix.",
    "near-synonym": "The nearest target lies as close to a gold translation as its own nearest neighbors do.",
    "named entity": "The source is mostly written with a capital.",
    "hub": "The nearest target is among the ten nearest of many test words.",
    "rare": "The source or its gold translation is in the rarest quarter of its space.",
    "other": "None of the above.",
}
_NEGATING = {
    "en": ("un", "in", "im", "ir", "il", "dis", "non", "non-"),
    "fr": ("in", "im", "ir", "il", "dé", "dés", "mal", "non-"),
    "de": ("un", "nicht"),
    "es": ("in", "im", "des", "no"),
    "it": ("in", "im", "ir", "s", "dis"),
    "pt": ("in", "im", "des"),
    "nl": ("on", "niet"),
    "sv": ("o", "icke-"),
    "ru": ("не", "без", "бес"),
    "hi": ("अ", "अन", "बे", "ना"),
}
_NEAR = 10
BANDS = (1_000, 5_000, 20_000)
Stemmer = Callable[[str], str]


@dataclass(frozen=True)
class Word:
    """A test word. gold: its translations that the target holds (all, where it holds none). nearest: up to ten
    targets, best first.

    rank: of the best gold, 0 where it is not covered. similarity: cosine of the nearest target and the nearest gold
    to it, in the target's own space. band: of frequency rank in the source space, "" where it is not there.
    """

    source: str
    gold: tuple[str, ...]
    nearest: tuple[str, ...]
    rank: int
    reason: str
    similarity: float = float("nan")
    band: str = ""


@cache
def stemmer(language: str) -> Stemmer | None:
    """The Snowball stemmer of a language by its code; None where there is none.

    >>> stemmer("fr")("heureuses") == stemmer("fr")("heureux"), stemmer("si") is None
    (True, True)
    """
    import snowballstemmer

    name = _SNOWBALL.get(language.partition("-")[0].lower(), "")
    if name not in snowballstemmer.algorithms():
        return None
    return cache(snowballstemmer.stemmer(name).stemWord)


_SNOWBALL = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "eo": "esperanto",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "ne": "nepali",
    "nl": "dutch",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
    "fa": "persian",
}


def same_stem(a: str, b: str, language: str = "") -> bool:
    """Whether two words have one stem; without a stemmer, four letters and three fifths of the longer word in common
    at the start.

    >>> same_stem("mangea", "manger", "fr"), same_stem("පොත", "පොත්"), same_stem("poet", "port")
    (True, False, False)
    """
    if a == b:
        return True
    found = stemmer(language)
    if found is not None:
        return found(a.lower()) == found(b.lower())
    return _common(a, b) >= max(4, 0.6 * max(len(a), len(b)))


def _common(a: str, b: str) -> int:
    n = 0
    for one, two in zip(a, b, strict=False):
        if one != two:
            break
        n += 1
    return n


def _negated(a: str, b: str, language: str) -> bool:
    one, two = search_key(a), search_key(b)
    some = _NEGATING.get(language.partition("-")[0], ())
    return any(one == search_key(p) + two or two == search_key(p) + one for p in some if min(len(one), len(two)) > 2)


def explain(way: Way, found: Retrieved, *, language: str = "", least: float | None = None) -> tuple[list[Word], float]:
    """Every test word with a proposed reason, those that are not covered last; and the least cosine of a near-synonym.

    language: of the target, for stems. least: when not given, the median cosine of a gold translation to its tenth
    neighbor, so that a prediction counts as near when it is as near as neighbors are. Vectors are the target's own,
    unit, centred, unit.
    """
    targets = way.test.targets
    unit = Preprocessing.learnt(way.target.vectors, DEFAULT)[1].astype(np.float32)
    gold_rows = [
        [way.target[t] for t in targets[way.source.items[row]] if t in way.target] for row in found.sources.tolist()
    ]
    least = _nearest_cosine(unit, sorted({row for rows in gold_rows for row in rows})) if least is None else least
    often = np.bincount(found.nearest.ravel(), minlength=len(way.target))
    many = max(5, 0.02 * len(found.sources))
    words = []
    for i, row in enumerate(found.sources.tolist()):
        source, nearest = way.source.items[row], tuple(way.target.items[t] for t in found.nearest[i].tolist())
        gold = tuple(way.target.items[g] for g in gold_rows[i])
        first = int(found.nearest[i, 0])
        cosine = float((unit[gold_rows[i]] @ unit[first]).max())
        rare = row >= 0.75 * len(way.source) or min(gold_rows[i]) >= 0.75 * len(way.target)
        reason = RIGHT
        if found.rank[i] > 1:
            reason = _reason(
                source, gold, nearest[0], language, cosine >= least, _named(way.source, row), often[first] >= many, rare
            )
        words.append(Word(source, gold, nearest, int(found.rank[i]), reason, cosine, band_of(row, len(way.source))))
    known = {word.source for word in words}
    for source, gold in targets.items():
        if source not in known:
            band = band_of(way.source[source], len(way.source)) if source in way.source else ""
            words.append(Word(source, gold, (), 0, "out of vocabulary", band=band))
    return words, least


def of_words(
    trial: Trial, found: Found, words: Sequence[str] = (), *, languages: tuple[str, str]
) -> list[dict[str, Any]]:
    """What was found for some test words, or for all, in each direction and by each retrieval that looked for them.

    languages: of source and target, "" for none. rank: of the best gold, None where it is not covered. similarity: to
    six decimals, as commands print it. A word that is tested in no direction is left out.
    """
    rows: list[dict[str, Any]] = []
    for direction, some in found.items():
        for retrieval, one in some.items():
            language = languages[1 if direction == DIRECTIONS[0] else 0]
            told = {word.source: word for word in explain(trial.way(direction), one, language=language)[0]}
            for word in (told[name] for name in words or told if name in told):
                rows.append(
                    {
                        "word": word.source,
                        "direction": direction,
                        "retrieval": retrieval,
                        "rank": word.rank or None,
                        "reason": word.reason,
                        "similarity": None if np.isnan(word.similarity) else round(word.similarity, 6),
                        "gold": list(word.gold),
                        "nearest": list(word.nearest),
                    }
                )
    return rows


def _reason(
    source: str, gold: Sequence[str], nearest: str, language: str, near: bool, named: bool, hub: bool, rare: bool
) -> str:
    script, own = script_of(nearest), script_of(source)
    if script == own != NONE and all(script_of(g) != own for g in gold):
        return "script leak"
    stems = [g for g in gold if same_stem(nearest, g, language)]
    if any(max(len(nearest), len(g)) - _common(nearest, g) <= 3 for g in stems):
        return "number or case"
    if stems:
        return "same stem"
    if any(_negated(nearest, g, language) for g in gold):
        return "antonym-like"
    for holds, name in ((near, "near-synonym"), (named, "named entity"), (hub, "hub"), (rare, "rare")):
        if holds:
            return name
    return "other"


def _named(space: Space, row: int) -> bool:
    """Mostly written with a capital in the texts, or, without that column, in the item itself."""
    if "capital_share" in space.columns.column_names:
        share = space.columns["capital_share"][row].as_py()
        return share is not None and share > 0.5
    return space.items[row][:1].isupper()


def _nearest_cosine(unit: Vectors, rows: list[int]) -> float:
    import faiss

    if not rows or len(unit) < 2:
        return 1.0
    found = faiss.knn(unit[rows], unit, min(_NEAR + 1, len(unit)), metric=faiss.METRIC_INNER_PRODUCT)[0]
    return float(np.median(found[:, -1]))


def band_of(row: int, n: int) -> str:
    """The band of frequency rank that a row lies in.

    >>> band_of(0, 18_195), band_of(7_000, 18_195)
    ('1–1,000', '5,001–18,195')
    """
    edges = [0, *(b for b in BANDS if b < n), n]
    return next(f"{low + 1:,}–{high:,}" for low, high in pairwise(edges) if low <= row < high)


def start_of(band: str) -> int:
    """The first rank of a band, 0 for none.

    >>> start_of("5,001–18,195")
    5001
    """
    return int(band.partition("–")[0].replace(",", "") or 0)


def by_band(words: Sequence[Word]) -> dict[str, Figure]:
    """Band of frequency rank → P@1 of its covered words, with its 95 % bootstrap interval; the most frequent first."""
    found = {}
    for band in sorted({word.band for word in words if word.rank}, key=start_of):
        hits = np.array([word.rank == 1 for word in words if word.rank and word.band == band])
        found[band] = share(hits, "share of the band's covered test words that are found first", seed=0)
    return found


def by_stem(way: Way, found: Retrieved, language: str) -> Retrieved:
    """The same with a target counted as right when it shares a stem with a gold translation (among the ten nearest)."""
    targets, rank = way.test.targets, found.rank.copy()
    for i, row in enumerate(found.sources.tolist()):
        gold = targets[way.source.items[row]]
        for at, near in enumerate(found.nearest[i].tolist(), 1):
            if at >= rank[i]:
                break
            if any(same_stem(way.target.items[near], g, language) for g in gold):
                rank[i] = at
                break
    return replace(found, rank=rank)
