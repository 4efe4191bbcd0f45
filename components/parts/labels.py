"""Texts that must stay short."""

from __future__ import annotations

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
