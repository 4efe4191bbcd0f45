"""Protected spans of 100,000 pairs against a plain loop of `re`: an expression a type, `findall`, multisets compared.

The loop nests nothing, parses nothing and says nothing of order; it is what one writes first. Pairs a second of CPU, on
one core; every pair differs from the others by a number, so that hardly any text is seen twice. The aim is for the
comparison of spans; the profile also tells scripts and likeness and makes figures. Without their spans the demo's
texts repeat, and what they have in common is remembered: the last line is of targets each with a word of its own.
Memory: what the process had resident at most after 100,000 pairs, less that after 10,000.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from benchmarks.measure import Entry, clock, peak_mb, take_turns
from isogloss.rewriting.given.instructions import instructions
from isogloss.rewriting.kept import fates, same_spans
from isogloss.rewriting.pairs import Pairs
from isogloss.rewriting.profile import PROFILES
from isogloss.rewriting.span import spans_of

AIM = 20_000
_PLAIN = [
    re.compile(form, re.DOTALL)
    for form in (
        r"```.*?```|`[^`]+`",
        r"\$\$.+?\$\$|\$[^$\n]+\$|\\\(.+?\\\)|\\\[.+?\\\]|\\[a-zA-Z]+\{[^}]*\}",
        r"\{\s*\".*?\}|\[\s*\{.*?\}\s*\]",
        r"https?://[^\s<>\"]+|www\.[^\s<>\"]+",
        r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
        r"\{\{?[\w.]*\}?\}|\$\{\w+\}|%(?:\d+\$|\(\w+\))?[sdif]",
        r"</?[a-zA-Z][^>]*>",
        r"\d+(?:[.,]\d+)*",
        r"\d\s?(?:km|kg|m|g|s|ms|min|h|°C|%|MB|GB)\b",
        r"#\w+",
    )
]


def run(quick: bool = False) -> Iterator[Entry]:
    n = 10_000 if quick else 100_000
    source, target = pairs(n)

    def ours() -> float:
        return n / clock(lambda: [_compared(a, b) for a, b in zip(source, target, strict=True)]).cpu

    def peer() -> float:
        return n / clock(lambda: [_plainly(a, b) for a, b in zip(source, target, strict=True)]).cpu

    def profile() -> float:
        return n / clock(lambda: PROFILES["protected"].check(Pairs("many", source, target))).cpu

    own = [f"{text} {_word(i)}" for i, text in enumerate(target)]

    def distinct() -> float:
        return n / clock(lambda: PROFILES["protected"].check(Pairs("many", source, own))).cpu

    PROFILES["protected"].check(Pairs("few", source[: n // 10], target[: n // 10]))
    before = peak_mb()
    found = take_turns(1 if quick else 3, ours=ours, peer=peer, profile=profile, distinct=distinct)
    grown = peak_mb() - before
    best = sorted(found["ours"])[len(found["ours"]) // 2]
    unit = "pairs / CPU s (more is better)"
    yield Entry(
        "pairs",
        f"spans of {n:,} pairs compared",
        unit,
        found["ours"],
        found["peer"],
        "plain re loop",
        f"≥ {AIM:,}",
        best >= AIM,
        f"{grown:,.0f} MB more than for a tenth",
    )
    yield Entry("pairs", f"profile protected of {n:,} pairs", unit, found["profile"], found["peer"], "plain re loop")
    yield Entry("pairs", "the same, no text twice", unit, found["distinct"], found["peer"], "plain re loop")


def pairs(n: int) -> tuple[list[str], list[str]]:
    """The demo over and over, each time with another number."""
    given = instructions().pairs
    m = len(given)
    source = [f"{given.source[i % m]} ({i})" for i in range(n)]
    return source, [f"{given.target[i % m]} ({i})" for i in range(n)]


def _word(i: int) -> str:
    return "".join(chr(97 + i // 26**d % 26) for d in range(4))


def _compared(source: str, target: str) -> bool:
    here, there = spans_of(source), spans_of(target)
    return same_spans(here, there) or not fates(here, there)


def _plainly(source: str, target: str) -> bool:
    return all(Counter(form.findall(source)) == Counter(form.findall(target)) for form in _PLAIN)
