"""Texts that must stay short."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

LONGEST = 32


def shorten(text: str, longest: int = LONGEST) -> str:
    """At most `longest` characters, with an ellipsis.

    >>> len(shorten("x" * 10_000)), shorten("post")
    (32, 'post')
    """
    return text if len(text) <= longest else text[: longest - 1] + "…"


def named(language: str) -> str:
    """A language as people call it, where its code is one (Unicode CLDR); plain text.

    >>> named("deu"), named("srp-Latn"), named("zz-x")
    ('German', 'Serbian (Latn)', 'zz-x')
    """
    from babel import Locale
    from babel.core import get_global

    code, _, rest = language.replace("_", "-").partition("-")
    known = Locale("en").languages
    short = get_global("language_aliases").get(code, code) if code not in known else code
    found = known.get(code) or known.get(short)
    return language if not found else f"{found} ({rest})" if rest else str(found)


def named_each(languages: Iterable[str]) -> dict[str, str]:
    """Each language by its code as people call it; the code stands behind it where two are called the same.

    >>> named_each(["de", "zho", "zh", "image"])
    {'de': 'German', 'zho': 'Chinese (zho)', 'zh': 'Chinese (zh)', 'image': 'image'}
    """
    called = {one: named(one) for one in languages}
    n = Counter(called.values())
    return {one: name if n[name] == 1 else f"{name} ({one})" for one, name in called.items()}
