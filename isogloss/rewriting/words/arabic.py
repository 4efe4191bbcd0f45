"""Maltese in Arabic letters, by rules of our own: words of Arabic origin as their cousins are written.

Not a romanisation turned round: short vowels are not written, long ones are guessed from the shape of the syllable.
"""

from __future__ import annotations

import regex

from isogloss.text.normalize import lowered, nfc

ARTICLE = "ال"
# Words so common that they are written as in Arabic, whatever their Maltese letters say.
_WORDS = {
    "u": "و",
    "li": "اللي",
    "ta'": "تاع",
    "ma": "ما",
    "ma'": "مع",
    "f'": "في",
    "fi": "في",
    "b'": "ب",
    "bi": "ب",
    "x'": "شنو",
    "m'": "ما",
    "minn": "من",
    "min": "من",
    "fuq": "فوق",
    "taħt": "تحت",
    "kif": "كيف",
    "meta": "متى",
    "fejn": "فين",
    "jew": "أو",
    "għal": "على",
    "għand": "عند",
    "għandi": "عندي",
    "għandek": "عندك",
    "għandu": "عنده",
    "għandha": "عندها",
    "għandna": "عندنا",
    "għandkom": "عندكم",
    "għandhom": "عندهم",
    "lil": "ل",
    "lejn": "إلى",
    "sa": "حتى",
    "dan": "هذا",
    "din": "هذه",
    "dak": "هذاك",
    "dik": "هذيك",
    "jien": "أنا",
    "jiena": "أنا",
    "int": "انت",
    "inti": "انت",
    "hu": "هو",
    "huwa": "هو",
    "hi": "هي",
    "hija": "هي",
    "aħna": "احنا",
    "intom": "انتم",
    "huma": "هم",
    "le": "لا",
    "iva": "أيوه",
    "kull": "كل",
    "kollha": "كلها",
    "tiegħu": "تاعه",
    "tagħha": "تاعها",
    "tagħna": "تاعنا",
    "tagħhom": "تاعهم",
    "tiegħi": "تاعي",
    "tiegħek": "تاعك",
}
# What stands before the article in one word: tal- is ta' and il-.
_LEANING = {
    "ta": "تاع",
    "fi": "في",
    "f": "في",
    "bi": "ب",
    "b": "ب",
    "mi": "من",
    "mil": "من",
    "min": "من",
    "ma": "مع",
    "għa": "على",
    "għal": "على",
    "li": "ل",
    "lil": "ل",
    "sa": "حتى",
    "bħa": "كما",
    "bħal": "كما",
    "": "",
    "i": "",
}
_ASSIMILATED = regex.compile(r"(.*?)(?:l|t|d|n|r|s|x|z|ż|ċ)-")
_CONSONANTS = {
    "għ": "ع",
    "b": "ب",
    "ċ": "تش",
    "d": "د",
    "f": "ف",
    "ġ": "ج",
    "g": "ق",
    "h": "ه",
    "ħ": "ح",
    "j": "ي",
    "k": "ك",
    "l": "ل",
    "m": "م",
    "n": "ن",
    "p": "ب",
    "q": "ق",
    "r": "ر",
    "s": "س",
    "t": "ت",
    "v": "ف",
    "w": "و",
    "x": "ش",
    "ż": "ز",
    "z": "ز",
    "c": "ك",
    "y": "ي",
    "'": "ع",
}
_LONG = {"a": "ا", "à": "ا", "e": "ا", "è": "ا", "i": "ي", "ì": "ي", "o": "و", "ò": "و", "u": "و", "ù": "و", "ie": "ا"}
_SIGN = regex.compile(r"għ|ie|\X")
_LETTERS = regex.compile(r"[\p{Latin}\p{M}'’-]+")
_SUFFIX = regex.compile(r"(?:ha|na|hom|kom)$")


def transliterated(token: str) -> str:
    """A token in Arabic letters; what has no Latin letter stays as it is.

    >>> [transliterated(one) for one in ("Il-", "tal-", "għandha", "2022", "!")]
    ['ال', 'تاع ال', 'عندها', '2022', '!']
    >>> [transliterated(one) for one in ("kelb", "ktieb", "kbir", "kitba", "xemx", "qalbha")]
    ['كلب', 'كتاب', 'كبير', 'كتبة', 'شمش', 'قلبها']
    """
    word = lowered(nfc(token))
    if not _LETTERS.fullmatch(word) or not regex.search(r"\p{Latin}", word):
        return token
    if word in _WORDS:
        return _WORDS[word]
    if (leaning := _ASSIMILATED.fullmatch(word)) and leaning.group(1) in _LEANING:
        return f"{_LEANING[leaning.group(1)]} {ARTICLE}".strip()
    return " ".join(_spelled(part) for part in word.split("-") if part) or token


def _spelled(word: str) -> str:
    signs = [str(sign) for sign in _SIGN.findall(word.replace("’", "'"))]
    vowels = [i for i, sign in enumerate(signs) if sign in _LONG]
    suffix = bool(_SUFFIX.search(word)) and len(vowels) > 1
    written: list[str] = []
    for i, sign in enumerate(signs):
        if sign in _CONSONANTS:
            if not (i and signs[i - 1] == sign):  # a doubled letter is written once
                written.append(_CONSONANTS[sign])
        elif sign in _LONG:
            written.append(_vowel(signs, i, vowels, suffix))
        else:
            written.append(sign)
    return "".join(written)


def _vowel(signs: list[str], i: int, vowels: list[int], suffix: bool) -> str:
    """A first one on alif, a last one written, `ie` long; the only one of a word that begins with two consonants and
    ends with one is long (kbir); others are short and not written.
    """
    sign, last = signs[i], len(signs) - 1
    if i == 0:
        return "ا"
    if sign == "ie":
        return _LONG["ie"]
    if i == last:
        return ("ا" if suffix else "ة") if sign in ("a", "à") else _LONG[sign]
    if len(vowels) == 1 and i == last - 1 and i >= 2:
        return _LONG[sign]
    return ""
