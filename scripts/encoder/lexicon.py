"""A dictionary read off the parallel lines: words that keep company, and words that sound alike."""

from __future__ import annotations

from collections import Counter, defaultdict

import pyarrow as pa
import sentencepiece
from rapidfuzz.distance import Levenshtein

UNSEGMENTED = {"tha", "lao", "khm", "bod", "dzo", "jpn", "zho-CN", "zho-TW", "yue"}
LEAST = 0.25
Entry = tuple[str, str, str, str, float]  # language, word, romanized, english, score


def mine(table: pa.Table, trained: sentencepiece.SentencePieceProcessor) -> list[Entry]:
    """Word pairs with English, by language.

    Score: Dice's coefficient of the lines in which both stand (at least two), raised for pairs whose romanisation
    is within 40 % edit distance of the English word. Kept: mutual best pairs, and best ones that sound alike.
    """
    columns = [table[c].to_pylist() for c in ("source", "language", "line", "text", "romanized", "english")]
    lines: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    english = {
        line: text
        for source, language, line, text, _, _ in zip(*columns, strict=True)
        if (source, language) == ("ntrex", "eng")
    }
    memo: dict[str, str] = {}
    for source, language, line, text, romanized, en in zip(*columns, strict=True):
        words, sounds = text.split(), romanized.split()
        if len(words) == len(sounds):
            memo.update(zip(words, sounds, strict=True))
        if source == "ntrex" and language != "eng" and line in english:
            lines[language].append((text, romanized, english[line]))
        elif source == "tatoeba":
            lines[language].append((text, romanized, en))
    found: list[Entry] = []
    for language, pairs in sorted(lines.items()):
        found += [(language, w, memo.get(w, w), e, s) for w, e, s in _of_language(language, pairs, trained)]
    return found


def _of_language(
    language: str, pairs: list[tuple[str, str, str]], trained: sentencepiece.SentencePieceProcessor
) -> list[tuple[str, str, float]]:
    foreign, native, together, alike = (
        Counter[str](),
        Counter[str](),
        Counter[tuple[str, str]](),
        Counter[tuple[str, str]](),
    )
    for text, romanized, english in pairs:
        if language in UNSEGMENTED:
            words = {p.replace("▁", "") for p in trained.encode(text, out_type=str) if p.strip("▁")}
        else:
            words = set(text.split())
        words = {w for w in words if any(map(str.isalpha, w))}
        others = {w for w in english.split() if any(map(str.isalpha, w))}
        foreign.update(words)
        native.update(others)
        together.update((w, e) for w in words for e in others)
        one, two = text.split(), romanized.split()
        if language not in UNSEGMENTED and len(one) == len(two):
            long = [e for e in others if len(e) >= 4]
            for word, sound in zip(one, two, strict=True):
                sound = sound.replace("'", "")
                if len(sound) >= 4:
                    for e in long:
                        if abs(len(e) - len(sound)) <= 4 and Levenshtein.normalized_similarity(
                            sound, e, score_cutoff=0.6
                        ):
                            alike[word, e] += 1
    scores = {}
    for (w, e), n in together.items():
        score = 2 * n / (foreign[w] + native[e]) if n >= 2 else 0.0
        if (w, e) in alike:
            score = max(score, 0.35) + 0.3 * alike[w, e] / foreign[w]
        if score >= LEAST:
            scores[w, e] = score
    best: dict[str, tuple[float, str]] = {}
    back: dict[str, tuple[float, str]] = {}
    for (w, e), score in scores.items():
        if score > best.get(w, (0.0, ""))[0]:
            best[w] = (score, e)
        if score > back.get(e, (0.0, ""))[0]:
            back[e] = (score, w)
    return [(w, e, min(s, 1.0)) for w, (s, e) in best.items() if back[e][1] == w or (w, e) in alike]
