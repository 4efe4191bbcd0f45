"""Unicode normalisation: how items are stored (NFC), how texts and dictionaries are read (`normal_form`), and how
items are compared in a search (`search_key`).
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import pairwise
from typing import Literal

import regex

# Marks that carry meaning (Indic vowel signs, Hebrew and Arabic points …) are kept;
# only the combining diacritics of Latin, Greek and Cyrillic are folded away.
_DIACRITICS = range(0x0300, 0x0370)
_QUOTES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u02bc": "'", "\u2010": "-", "\u2011": "-", "\u00ad": None})

# What has no meaning of its own: tatweel, joiners of words and marks, directions, variants of a drawing, a BOM.
_INVISIBLE = regex.compile(
    r"[\u0640\u034f\u2060\ufeff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
# Within words: any apostrophe, gershayim, the stop of a Catalan l·l, other hyphens; each by the signs it is typed with.
_INSIDE = (
    ("\u02bb\u02bd\u2032\u201b\u00b4`\uff07\u055a", r"(?<=\p{L}\p{M}*)[%s](?=\p{L})", "'"),
    ('"', r"(?<=\p{Hebrew}\p{M}*)[%s](?=\p{Hebrew})", "\u05f4"),
    ("\u2022\u2027\u2219\u22c5", r"(?<=[lL])[%s](?=[lL])", "\u00b7"),
    ("\u058a\uff0d\ufe63", r"(?<=\p{L}\p{M}*)[%s](?=\p{L})", "-"),
)
_TICK = re.compile("(?<=[A-Za-z])`(?=[A-Za-z])")
_WITHIN = [(frozenset(signs), regex.compile(pattern % signs), plain) for signs, pattern, plain in _INSIDE]
_COMPATIBLE = ("<compat>", "<initial>", "<medial>", "<final>", "<isolated>", "<wide>", "<narrow>", "<font>")
_MARKS = 200  # one after another, more than any script has: what is ordered at a time
_RUN = regex.compile(rf"\p{{M}}{{{_MARKS}}}")
_WHOLE = "\u0e33\u0eb3"  # Thai and Lao AM: two signs to Unicode, one to whoever writes


def nfc(text: str) -> str:
    """Text in Unicode normalisation form C, with typographic apostrophes and hyphens made plain.

    >>> nfc("re\u0301gime") == "r\u00e9gime", nfc("state\u2019s")
    (True, "state's")
    """
    return composed(text.translate(_QUOTES))


def composed(text: str, form: Literal["NFC", "NFD", "NFKC", "NFKD"] = "NFC") -> str:
    """`unicodedata.normalize` in a time that grows with the text: marks are put in order 200 at a time, where it needs
    minutes for a run of 100,000.

    >>> composed("a\u0301\u0323") == unicodedata.normalize("NFC", "a\u0301\u0323")
    True
    """
    if len(text) < _MARKS or text.isascii() or not (runs := list(_RUN.finditer(text))):
        return unicodedata.normalize(form, text)
    ends = [0, *(run.end() for run in runs), len(text)]
    return "".join(unicodedata.normalize(form, text[a:b]) for a, b in pairwise(ends))


def normal_form(text: str) -> str:
    """The one form of texts, dictionaries and questions: NFC, with letters that are others' shapes made those others.

    Ligatures, presentation forms, full and half width, long s and letters of mathematics become plain letters (their
    NFKC), tatweel and invisible signs go, an apostrophe between letters is `'` whichever of eleven was typed. Raised
    and circled signs stay (m², ½): they are no letters. Case and accents stay.

    >>> normal_form("ﬁnance of the Congreſs, don´t"), normal_form("ﻣﺮﺣﺒﺎ") == normal_form("مـرحـبا") == "مرحبا"
    ("finance of the Congress, don't", True)
    """
    if text.isascii():
        return _TICK.sub("'", text) if "`" in text else text
    signs = set(text)
    for sign in list(signs):
        if (plain := _plain(sign)) != sign:
            text = text.replace(sign, plain)
            signs.update(plain)
    if not unicodedata.is_normalized("NFC", text):
        text = composed(text)
    for typed, pattern, plain in _WITHIN:
        if not typed.isdisjoint(signs):
            text = pattern.sub(plain, text)
    return text


@cache
def _plain(sign: str) -> str:
    """What a sign is replaced by, alone, before any composing."""
    if sign.translate(_QUOTES) != sign:
        return sign.translate(_QUOTES)
    if _INVISIBLE.match(sign):
        return ""
    tag = unicodedata.decomposition(sign).partition(" ")[0]
    if sign in _WHOLE or tag not in _COMPATIBLE or unicodedata.category(sign)[0] not in "LMN":
        return sign
    return unicodedata.normalize("NFKC", sign).translate(_QUOTES)


def lowered(text: str) -> str:
    """Text in lower case; a dotted capital I gives a plain i.

    >>> lowered("İstanbul ΟΔΟΣ")
    'istanbul οδος'
    """
    text = text.lower()
    return composed(text.replace("i\u0307", "i")) if "i\u0307" in text else text


def fold_accents(text: str) -> str:
    """Text without the diacritics of Latin, Greek and Cyrillic; other scripts are left alone.

    >>> fold_accents("r\u00e9gime"), fold_accents("हिन्दी") == "हिन्दी"
    ('regime', True)
    """
    if text.isascii():
        return text
    bare = "".join(c for c in composed(text, "NFD") if ord(c) not in _DIACRITICS)
    return composed(bare)


def search_key(text: str) -> str:
    """The form under which a search compares items: NFKC, case-folded, without diacritics.

    >>> search_key("Ｒégime "), search_key("ΆΝΘΡΩΠΟΣ") == search_key("άνθρωπος")
    ('regime', True)
    """
    if text.isascii():
        return text.lower().strip()
    return fold_accents(composed(nfc(text), "NFKC").casefold().strip())
