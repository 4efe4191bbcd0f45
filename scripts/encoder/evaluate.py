"""The figures of the card: held-out NTREX lines and CLDR terms in fourteen languages, the Serbian pair, English
retrieval.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from corpus import FIRST_HELD_OUT, ntrex

from isogloss.encoders.static import STAGES, StaticEncoder
from isogloss.linear import unit_rows
from isogloss.separation.concepts import locale_names
from isogloss.separation.measures import eta_squared, nearest_others, pooled_hits, same_group
from isogloss.types import Vectors

LANGUAGES = {
    "srp-Cyrl": ("Cyrl", "sr_Cyrl"),
    "srp-Latn": ("Latn", "sr_Latn"),
    "eng": ("Latn", "en"),
    "rus": ("Cyrl", "ru"),
    "ell": ("Grek", "el"),
    "heb": ("Hebr", "he"),
    "arb": ("Arab", "ar"),
    "urd": ("Arab", "ur"),
    "hin": ("Deva", "hi"),
    "ben": ("Beng", "bn"),
    "tam": ("Taml", "ta"),
    "tha": ("Thai", "th"),
    "kat": ("Geor", "ka"),
    "kor": ("Kore", "ko"),
}
RETRIEVED = """arb fas urd ell heb rus ukr srp-Cyrl hin mar ben guj pan tam tel kan mal sin tha lao khm amh kat hye
kor jpn zho-CN fra deu tur""".split()
N_LINES, N_CONCEPTS = 150, 200
_CYRILLIC = dict(zip("абвгдђежзијклмнопрстћуфхцчш", "abvgdđežzijklmnoprstćufhcčš", strict=True)) | {
    "љ": "lj",
    "њ": "nj",
    "џ": "dž",
}


def serbian_latin(text: str) -> str:
    """Serbian Cyrillic in Latin letters, one for one; capitals follow."""
    return "".join(
        (_CYRILLIC[c.lower()].capitalize() if c != c.lower() else _CYRILLIC[c]) if c.lower() in _CYRILLIC else c
        for c in text
    )


def held_out_lines() -> dict[str, list[str]]:
    """150 lines, the same in every language, drawn from 1500–1996 by a fixed seed."""
    chosen = np.sort(FIRST_HELD_OUT + np.random.default_rng(0).permutation(497)[:N_LINES])
    found = {}
    for language in LANGUAGES:
        texts = dict(ntrex(language))
        found[language] = [texts[int(n)] for n in chosen]
    return found


def held_out_terms() -> dict[str, list[str]]:
    """200 concepts of CLDR (territories, languages, months, weekdays) that all fourteen name."""
    names = [locale_names(code) for _, code in LANGUAGES.values()]
    english = names[list(LANGUAGES).index("eng")]
    named = []
    for kind in ("territory", "language"):
        for code in sorted(c for k, c in english if k == kind and len(c) == 2 and c.isalpha()):
            named.append([one.get((kind, code)) for one in names])
    for kind, numbers in (("month", range(1, 13)), ("weekday", range(7))):
        named += [[one.get((kind, str(n))) for one in names] for n in numbers]
    whole = [one for one in named if all(one)]
    chosen = [whole[i] for i in np.random.default_rng(5).permutation(len(whole))[:N_CONCEPTS]]
    return {language: [one[i] for one in chosen] for i, language in enumerate(LANGUAGES)}


def figures(encoder: StaticEncoder, texts: dict[str, list[str]]) -> dict[str, float]:
    """η², purity@10 and its chance by script, pooled P@1 of the texts, which mean the same place by place, and its 95 %
    interval (bootstrap over meanings)."""
    vectors = encoder.encode([text for one in texts.values() for text in one])
    n = len(next(iter(texts.values())))
    scripts = [LANGUAGES[language][0] for language in texts]
    names = sorted(set(scripts))
    codes = np.repeat([names.index(s) for s in scripts], n)
    languages = np.repeat(np.arange(len(texts)), n)
    meanings = np.tile(np.arange(n), len(texts))
    near = nearest_others(vectors, 10)
    chance = float(np.mean([(codes == c).mean() for c in codes]))
    hits = pooled_hits(near, meanings, languages)
    each = np.array([np.nanmean(hits[meanings == one]) for one in range(n)])
    drawn = np.random.default_rng(0).integers(0, n, (4_000, n))
    low, high = np.percentile(each[drawn].mean(axis=1), (2.5, 97.5))
    return {
        "eta_squared": eta_squared(vectors, codes),
        "purity_at_10": float(same_group(near, codes).mean()),
        "chance": chance,
        "pooled_precision_at_1": float(np.nanmean(hits)),
        "low": float(low),
        "high": float(high),
    }


def precision_at_1(source: Vectors, target: Vectors) -> float:
    """Share of source rows whose nearest target row is the one of the same number."""
    return float((np.argmax(unit_rows(source) @ unit_rows(target).T, axis=1) == np.arange(len(source))).mean())


def serbian(encoder: StaticEncoder, terms: dict[str, list[str]]) -> tuple[float, float, int]:
    """P@1 Cyrillic → Latin on the held-out lines, each against its own transliteration, on the terms; number of lines.

    NTREX's own Latin lines are exact transliterations only before line 1500, all but six; so these are made here.
    """
    cyrillic = [text for n, text in ntrex("srp-Cyrl") if n >= FIRST_HELD_OUT]
    lines = precision_at_1(encoder.encode(cyrillic), encoder.encode([serbian_latin(text) for text in cyrillic]))
    words = precision_at_1(encoder.encode(terms["srp-Cyrl"]), encoder.encode(terms["srp-Latn"]))
    return lines, words, len(cyrillic)


def english_retrieval(encoder: StaticEncoder) -> tuple[float, dict[str, float]]:
    """Mean P@1 over 30 languages of finding the English line among the English lines 1500–1996, and each language's."""
    english = dict(ntrex("eng"))
    numbers = [n for n in sorted(english) if n >= FIRST_HELD_OUT]
    pool = encoder.encode([english[n] for n in numbers])
    found = {}
    for language in RETRIEVED:
        texts = dict(ntrex(language))
        found[language] = precision_at_1(encoder.encode([texts[n] for n in numbers]), pool)
    return float(np.mean(list(found.values()))), found


def table(stages: dict[str, StaticEncoder]) -> tuple[pa.Table, dict[str, float]]:
    """A row for each stage, and the retrieval of the last that ships, by language."""
    lines, terms = held_out_lines(), held_out_terms()
    rows, by_language = [], {}
    for stage, encoder in stages.items():
        a, b = figures(encoder, lines), figures(encoder, terms)
        pair = serbian(encoder, terms)
        mean, each = english_retrieval(encoder)
        by_language = each if stage == STAGES[-1] else by_language
        row = {"stage": stage}
        for name in ("eta_squared", "purity_at_10", "chance", "pooled_precision_at_1", "low", "high"):
            row |= {f"{name}_lines": a[name], f"{name}_terms": b[name]}
        rows.append(row | {"serbian_lines": pair[0], "serbian_terms": pair[1], "n_serbian": pair[2], "english": mean})
    return pa.Table.from_pylist(rows), by_language
