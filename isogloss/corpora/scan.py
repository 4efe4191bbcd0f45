"""Where the words of a text stand: what is taken out of it first, by rule and counted, and what a word is.

Two ways to cut: `words`, for running text, and `whitespace`, for text that is already cut into tokens.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from html import unescape
from typing import Any

import regex

from isogloss.text.normalize import nfc, normal_form

SPLITS = ("words", "whitespace")
LINE_END = "\u2029"  # ends a sentence where every line is one

Removed = defaultdict[str, Counter[str]]  # rule → what it took, as it was written → how often

_HEADING = re.compile(r"(?m)^[ \t]*(?:#{1,6}[ \t]|[-*_]{3,}[ \t]*$|\d{1,4}[.)][ \t])")
_EMPHASIS = regex.compile(
    r"(?<![\p{L}\p{N}*])(\*{1,3})(?=[^\s*])([^*\n]{1,400})(?<=[^\s*])\1(?!\*)"
    r"|(?<!\*)(\*{1,3})(?=[^\s*])([^*\n]{1,400})(?<=[^\s*])\3(?![\p{L}\p{N}*])"
)
_NAME = r"[\p{L}_][\p{L}\p{N}_:.\-]*"
_TAG = regex.compile(
    rf"<(?:/?{_NAME}\s*/?|{_NAME}(?:\s+{_NAME}\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s\"'<>]+)|\s+{_NAME}(?=\s+{_NAME}\s*=))+\s*/?"
    r"|!--[^<>]*--|!DOCTYPE[^<>]*|\?[^<>]*\?)>"
)
_ENTITY = regex.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_URL = r"[[!-~\p{L}\p{M}\p{N}]--[<>\"\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}]]"
_ADDRESS = regex.compile(
    rf"(?:https?://|(?<![\p{{L}}\p{{N}}.])www\.){_URL}+|[\w.+\-]{{1,64}}@[\w\-]+(?:\.[\w\-]+)+", regex.V1
)
# A document's code: a body of a letter or a known one, then numbers, known organs and revisions (A/RES/70/1, S/PV.12).
_BODY = r"(?:\p{Lu}|ST|TD|ID|CCW|CTBT|UNEP|FCCC|CEDAW|CERD|CCPR|HRI|CAT|CRC|CMW|CRPD|IDB|UNW|DP|HSP|ICCD|LOS|BWC|NPT)"
_ORGAN = (
    r"(?:RES|PV|SR|CONF|INF|CN|AC|SG|SC|GC|CP|HRC|ES|DEC|BUR|NGO|WG|SPC|PRST|AG|SUB|L|C|B|D|P|S"
    r"|ADD|REV|CORR|SUPP|SUPPL|AMEND|ANNEX|PART|VOL)"
)
_NUMBER = r"\d(?:[\p{Lu}\d.\-]*[\p{Lu}\d])?"
_CODE = regex.compile(
    rf"(?<![\p{{L}}\p{{N}}/]){_BODY}(?:\(\w{{1,8}}\))?(?=(?:/[\p{{L}}.\-]+)*/[\p{{L}}.\-]*\d)"
    rf"(?:/(?:{_ORGAN}(?:[.\-]?{_NUMBER})?|{_NUMBER})(?![\p{{L}}]))+",
    regex.IGNORECASE,
)

_LETTERS = r"[[\p{L}\p{Nd}\p{Nl}]--[\p{Han}\p{Hiragana}]]"
_ONE = r"[[\p{L}]--[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]]\p{M}*"
_PART = rf"(?:{_LETTERS}[\p{{M}}\u200c\u200d]*)+"
# A word: single letters with stops (U.S., z.B., Ph.D.) or strokes (N/A); or letters with their marks, inside them
# apostrophes, underscores, hyphens (also at a line end), & between capitals, gershayim, the stop of l·l; or one sign of
# Han or Hiragana.
_WORD = (
    rf"(?=\w\p{{M}}*\w?[./])(?:{_ONE}\p{{Ll}}?\.(?:{_ONE}\.)*{_ONE}(?:\.(?!\p{{L}}))?(?![\p{{L}}\p{{M}}\p{{N}}])"
    rf"|{_ONE}(?:/{_ONE})+(?![\p{{L}}\p{{M}}\p{{N}}/]))"
    rf"|{_PART}(?:(?:-[ ]?\n?[ ]?|'|_+|[\u00b7\u05f3\u05f4]|(?<=\p{{Lu}})&(?=\p{{Lu}})){_PART})*"
    rf"|[\p{{Han}}\p{{Hiragana}}]\p{{M}}*"
)
_STOPS = f"。！？।॥؟۔።։။។༎{LINE_END}"
_END = rf"[.!?…]+(?=[\"'”»)\]]*\s+[\"“«(\[]*[\p{{Lu}}\p{{Lo}}\p{{N}}])|[{_STOPS}]|\n[ \t]*\n"
WORD_OR_END = regex.compile(f"(?:{_WORD})|{_END}", regex.V1)
_TOKENS = regex.compile(r"[^\s\u2029]+|\n[ \t]*\n|\u2029", regex.V1)
_PATTERNS = {"words": WORD_OR_END, "whitespace": _TOKENS}
# What a sentence end begins with, and no word does.
ENDS = {"words": frozenset(f".!?…\n{_STOPS}"), "whitespace": frozenset(f"\n{LINE_END}")}
# The same by `re`, over three times as fast, for what needs no more: ASCII, and Latin letters without combining
# marks among quotation marks, dashes, spaces and currencies. Classes are what Unicode has of these signs.
_RANGES = ((0x20, 0x7F), (0xA0, 0x250), (0x2000, 0x200C), (0x2010, 0x2028), (0x2030, 0x205F), (0x20A0, 0x20C1))
LATIN = "".join(chr(code) for first, end in _RANGES for code in range(first, end))
_OTHER = re.compile(f"[^\t\n{re.escape(LATIN)}]")
_PARAGRAPH = "\n\n"


def _latin() -> re.Pattern[str]:
    def those(known: str) -> str:
        return re.escape("".join(regex.findall(known, LATIN, regex.V1)))

    part, one, letter, lower, upper = map(those, (_LETTERS, _ONE, r"\p{L}", r"\p{Ll}", r"\p{Lu}"))
    sign, number, opens = map(those, (r"\w", r"\p{N}", r"[\p{Lu}\p{Lo}\p{N}]"))
    return re.compile(
        rf"(?:[{part}]++(?=[ ,;:)\n])"  # most words: what stands after cannot go on
        rf"|(?=[{sign}][{sign}]?[./])"
        rf"(?:[{one}][{lower}]?\.(?:[{one}]\.)*[{one}](?:\.(?![{letter}]))?(?![{letter}{number}])"
        rf"|[{one}](?:/[{one}])+(?![{letter}{number}/]))"
        rf"|[{part}]+(?:(?:-[ ]?\n?[ ]?|'|_+|\u00b7|(?<=[{upper}])&(?=[{upper}]))[{part}]+)*)"
        rf"|[.!?…]+(?=[\"'”»)\]]*\s+[\"“«(\[]*[{opens}])|\n[ \t]*\n"
    )


_LATIN = _latin()


def _pattern_of(scanned: str) -> Any:
    """The faster one where it finds the same."""
    return _LATIN if scanned.isascii() or not _OTHER.search(scanned) else WORD_OR_END


def forms_in(scanned: str, split: str) -> list[str]:
    """The words and the sentence ends (they begin as `ENDS` has it) of a scanned text, in their order.

    Paragraph by paragraph, for most of them are ASCII or Latin.
    """
    if split != "words":
        return list(_PATTERNS[split].findall(scanned))
    found: list[str] = []
    for part in scanned.split(_PARAGRAPH):
        found += _pattern_of(part).findall(part)
        found.append(_PARAGRAPH)
    found.pop()
    return found


def matches_in(scanned: str, split: str) -> Iterator[tuple[str, int, int]]:
    """As `forms_in`, each with where it begins and ends."""
    at = 0
    for part in scanned.split(_PARAGRAPH) if split == "words" else [scanned]:
        pattern: Any = _PATTERNS[split] if split != "words" else _pattern_of(part)
        for found in pattern.finditer(part):
            yield found[0], at + found.start(), at + found.end()
        at += len(part)
        if at < len(scanned):
            yield _PARAGRAPH, at, at + len(_PARAGRAPH)
            at += len(_PARAGRAPH)


def prepared(
    text: str, removed: Removed, *, split: str = "words", compatibility: bool = True, lines: bool = False
) -> tuple[str, str]:
    """A text as it is shown and as it is scanned, equally long: what a rule takes out is blank in the second.

    Markup is gone from both: tags, emphasis; entities are what they stand for. removed: what is taken is counted there.
    compatibility: letters that are others' shapes become those others. lines: every line is a sentence.

    >>> removed = Removed(Counter)
    >>> prepared("See <i>A/RES/70/1</i> on HIV/AIDS &amp; www.un.org", removed)
    ('See  A/RES/70/1  on HIV/AIDS & www.un.org', 'See              on HIV/AIDS &           ')
    >>> {rule: dict(found) for rule, found in removed.items()}["document code"]
    {'A/RES/70/1': 1}
    """
    text = (normal_form if compatibility else nfc)(text)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    if split == "words":
        if "<" in text:
            text = _TAG.sub(lambda found: _take(removed, "tag", found[0], " "), text)
        if "&" in text and ";" in text:
            text = _ENTITY.sub(lambda found: normal_form(unescape(found[0])), text)
        if "*" in text:
            text = _EMPHASIS.sub(lambda found: found[2] or found[4], text)
    scanned = text
    if split == "words":
        scanned = _HEADING.sub(lambda found: "\n\n".ljust(len(found[0])), scanned)
        if "://" in scanned or "www." in scanned or "@" in scanned:
            scanned = _ADDRESS.sub(lambda found: _take(removed, "address", found[0], " " * len(found[0])), scanned)
        if "/" in scanned:
            scanned = _CODE.sub(lambda found: _take(removed, "document code", found[0], " " * len(found[0])), scanned)
    if lines:
        scanned = scanned.replace("\n", LINE_END)
    return text, scanned


def _take(removed: Removed, rule: str, form: str, instead: str) -> str:
    removed[rule][form[:400]] += 1
    return instead
