"""Texts that must stay short."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from components.parts.spoken import say, spoken
from isogloss.text.script import NONE, script_title

LONGEST = 32


def shorten(text: str, longest: int = LONGEST) -> str:
    """At most `longest` characters, with an ellipsis.

    >>> len(shorten("x" * 10_000)), shorten("post")
    (32, 'post')
    """
    return text if len(text) <= longest else text[: longest - 1] + "…"


def named(language: str, code: str = "") -> str:
    """A language as people call it, where its code is one (Unicode CLDR); plain text. code: of the language in which it
    is called so, that of the visit by default.

    >>> named("deu"), named("srp-Latn"), named("zz-x")
    ('German', 'Serbian (Latn)', 'zz-x')
    """
    from babel import Locale
    from babel.core import get_global

    short, _, rest = language.replace("_", "-").partition("-")
    known = Locale(code or spoken()).languages
    found = known.get(short) or known.get(get_global("language_aliases").get(short, short))
    return language if not found else f"{found} ({rest})" if rest else str(found)


def written(script: str) -> str:
    """A script as people call it, where it is a code of one (Unicode CLDR), in the language of the visit; plain text.

    >>> written("Cyrl"), written("Zyyy"), written("Mixed")
    ('Cyrillic', 'No letters', 'Mixed')
    """
    from babel import Locale

    if script == NONE:
        return say("No letters")
    return str(Locale(spoken()).scripts.get(script) or script_title(script))


def named_each(languages: Iterable[str]) -> dict[str, str]:
    """Each language by its code as people call it; the code stands behind it where two are called the same.

    >>> named_each(["de", "zho", "zh", "image"])
    {'de': 'German', 'zho': 'Chinese (zho)', 'zh': 'Chinese (zh)', 'image': 'image'}
    """
    called = {one: named(one) for one in languages}
    n = Counter(called.values())
    return {one: name if n[name] == 1 else f"{name} ({one})" for one, name in called.items()}
