"""Unicode normalisation: how items are stored (NFC) and how they are compared in a search."""

from __future__ import annotations

import unicodedata

# Marks that carry meaning (Indic vowel signs, Hebrew and Arabic points …) are kept;
# only the combining diacritics of Latin, Greek and Cyrillic are folded away.
_DIACRITICS = range(0x0300, 0x0370)
_QUOTES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u02bc": "'", "\u2010": "-", "\u2011": "-", "\u00ad": None})


def nfc(text: str) -> str:
    """Text in Unicode normalisation form C, with typographic apostrophes and hyphens made plain.

    >>> nfc("re\u0301gime") == "r\u00e9gime", nfc("state\u2019s")
    (True, "state's")
    """
    return unicodedata.normalize("NFC", text.translate(_QUOTES))


def fold_accents(text: str) -> str:
    """Text without the diacritics of Latin, Greek and Cyrillic; other scripts are left alone.

    >>> fold_accents("r\u00e9gime"), fold_accents("हिन्दी") == "हिन्दी"
    ('regime', True)
    """
    if text.isascii():
        return text
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if ord(c) not in _DIACRITICS)
    return unicodedata.normalize("NFC", bare)


def search_key(text: str) -> str:
    """The form under which a search compares items: NFKC, case-folded, without diacritics.

    >>> search_key("Ｒégime "), search_key("ΆΝΘΡΩΠΟΣ") == search_key("άνθρωπος")
    ('regime', True)
    """
    return fold_accents(unicodedata.normalize("NFKC", nfc(text)).casefold().strip())
