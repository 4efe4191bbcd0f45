"""Texts that must stay short."""

from __future__ import annotations

from components.parts.spoken import spoken

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
