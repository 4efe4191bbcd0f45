"""What the distilled encoder learns from: lines of NTREX before 1500, and texts beside their English."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow.parquet as pq
from corpus import DATA, FIRST_HELD_OUT
from evaluate import held_out_terms
from tokenizers import Tokenizer

from isogloss.encoders.contrastive import Bags
from isogloss.types import Rows

_CALENDAR = """January February March April May June July August September October November December Monday Tuesday
Wednesday Thursday Friday Saturday Sunday""".split()
LEAST_NAMES = 100  # phrases of a language that are told from each other
# Words that no text of training holds apart from dates; names of concepts that the card's figures ask for are left out.


@dataclass(frozen=True, eq=False)
class Translations:
    """texts: all of them. lines: (1500, n_languages), a text's number or -1. languages: of the columns. source,
    english: numbers of a text and of its English, by kind. first_english: where the English sides begin, each once.
    names: (first, last) of the phrases of each language that has enough, by place in source["phrases"].
    """

    texts: list[str]
    lines: Rows
    languages: list[str]
    source: dict[str, Rows]
    english: dict[str, Rows]
    first_english: int
    names: list[tuple[int, int]]


def bags(tokenizer: Tokenizer, texts: Sequence[str]) -> Bags:
    ids = [one.ids for one in _encoded(tokenizer, texts)]
    flat = np.fromiter((i for one in ids for i in one), np.int32)
    return Bags(flat, np.cumsum([0, *map(len, ids)], dtype=np.int64))


def _encoded(tokenizer: Tokenizer, texts: Sequence[str]) -> Iterator:
    for at in range(0, len(texts), 20_000):
        yield from tokenizer.encode_batch(texts[at : at + 20_000], add_special_tokens=False)


def translations() -> Translations:
    table = pq.read_table(DATA / "parallel_ntrex.parquet", columns=["line", "language", "edition", "text"])
    rows = [
        (line, language, text.strip())
        for line, language, edition, text in zip(*(table[c].to_pylist() for c in table.column_names), strict=True)
        if line < FIRST_HELD_OUT and edition != "ref-2" and text.strip()
    ]
    languages = sorted({language for _, language, _ in rows})
    at = {language: i for i, language in enumerate(languages)}
    lines = -np.ones((FIRST_HELD_OUT, len(languages)), dtype=np.int64)
    for number, (line, language, _) in enumerate(rows):
        lines[line, at[language]] = number
    texts, unique = [text for _, _, text in rows], dict[str, int]()
    held = {term.casefold() for term in held_out_terms()["eng"]}
    source: dict[str, list[int]] = {}
    english: dict[str, list[int]] = {}
    spoken: list[str] = []
    for kind, code, text, its in _beside_english():
        if not text or not its or its.casefold() in held:
            continue
        if kind == "phrases" and any(word in its for word in _CALENDAR):
            continue
        source.setdefault(kind, []).append(len(texts))
        english.setdefault(kind, []).append(unique.setdefault(its, len(unique)))
        texts.append(text)
        if kind == "phrases":
            spoken.append(code)
    first = len(texts)
    edges = [0, *(i for i in range(1, len(spoken)) if spoken[i] != spoken[i - 1]), len(spoken)]
    return Translations(
        texts + list(unique),
        lines,
        languages,
        {kind: np.array(one) for kind, one in source.items()},
        {kind: np.array(one) + first for kind, one in english.items()},
        first,
        [(low, high) for low, high in itertools.pairwise(edges) if high - low >= LEAST_NAMES],
    )


def _beside_english() -> Iterator[tuple[str, str, str, str]]:
    """Kind, language of a phrase, text, its English."""
    for kind, file, column in (
        ("sentences", "parallel_tatoeba.parquet", "text"),
        ("words", "lexicon_gatitos.parquet", "translation"),
        ("words", "lexicon_multisimlex.parquet", "translation"),
    ):
        table = pq.read_table(DATA / file, columns=[column, "english"])
        for text, its in zip(table[column].to_pylist(), table["english"].to_pylist(), strict=True):
            yield kind, "", (text or "").strip(), (its or "").strip()
    from isogloss.sentences.given.phrases import PIVOT, phrases

    given = phrases().texts
    for code, own in given.items():
        if code != PIVOT:
            for text, its in zip(own, given[PIVOT], strict=True):
                yield "phrases", code, text or "", its or ""
            yield from _names(code)


def _names(code: str) -> Iterator[tuple[str, str, str, str]]:
    """Languages of three letters and scripts, which the phrases do not have."""
    from babel import Locale, localedata

    pivot = Locale.parse("en")
    localedata._cache.clear()  # what an alias resolves to is written where all locales share it
    locale = Locale.parse(code)
    for own, its in ((locale.languages, pivot.languages), (locale.scripts, pivot.scripts)):
        for key, text in own.items():
            if len(key) > 2 and key.isalpha() and its.get(key, text) != text:
                yield "phrases", code, text, its[key]
