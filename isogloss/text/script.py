"""The script of a text, from the Unicode script property of its characters."""

from __future__ import annotations

from collections import Counter
from functools import cache

import regex

# ISO 15924 codes, the common ones first: a character is looked up once and remembered.
_CODES = (
    "Latn Hani Hang Cyrl Arab Deva Hira Kana Grek Hebr Beng Taml Telu Thai Geor Armn Ethi Gujr Guru Knda Mlym Sinh Mymr"
    " Khmr Laoo Tibt Thaa Tfng Mong Orya Cans Cher Nkoo Adlm Olck Mtei Syrc Copt Goth Yiii Bopo Vaii Runr Ogam Sund"
    " Java Bali Bugi Batk Tale Talu Lana Cham Kali Lisu Osge Rohg Hmnp Wcho Cakm Newa Limb Lepc Saur Sylo Tglg Hano"
    " Buhd Tagb Bamu Dsrt Shaw Xsux Egyp Linb Ital Glag Avst Phnx Samr Mand Brai"
).split()
_PATTERNS = [(code, regex.compile(rf"\p{{Script={code}}}")) for code in _CODES]
_CLEAR = 0.7
NONE, MIXED = "Zyyy", "Mixed"


@cache
def _of_character(character: str) -> str:
    return next((code for code, pattern in _PATTERNS if pattern.match(character)), NONE)


def script_of(text: str) -> str:
    """ISO 15924 code of a text: that of at least 70 % of its letters, `Mixed` otherwise, `Zyyy` without letters.

    Kana, alone or with Han, is `Jpan`; Hangul, alone or with Han, `Kore`; Han alone `Hani`.

    >>> [script_of(t) for t in ("Genève", "привет", "東京", "カナダ人", "한국", "١٢", "ab где")]
    ['Latn', 'Cyrl', 'Hani', 'Jpan', 'Kore', 'Zyyy', 'Mixed']
    """
    counts: Counter[str] = Counter()
    for character, n in Counter(text).items():  # few differ
        if character.isalpha():
            counts[_of_character(character)] += n
    counts.pop(NONE, None)
    total = sum(counts.values())
    if not total:
        return NONE
    asian = {"Hani", "Hira", "Kana", "Hang"} & counts.keys()
    if len(asian) > 1 or asian & {"Hira", "Kana", "Hang"}:
        joined = sum(counts.pop(code) for code in asian)
        counts["Kore" if "Hang" in asian and not asian & {"Hira", "Kana"} else "Jpan"] = joined
    code, most = counts.most_common(1)[0]
    return code if most >= _CLEAR * total else MIXED


@cache
def script_title(code: str) -> str:
    """The English name of a script (Unicode CLDR, through babel); anything that is no code stays as it is.

    >>> script_title("Cyrl"), script_title("Latn"), script_title("Mixed")
    ('Cyrillic', 'Latin', 'Mixed')
    """
    from babel import Locale

    if code == NONE:
        return "No letters"
    return str(Locale("en").scripts.get(code, code))
