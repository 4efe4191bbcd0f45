"""Sentences of the interface in the language of the visit.

Each visit runs in a thread of its own, which knows its language: a lookup is that of a dictionary. Threads that serve
no visit speak English.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from gettext import NullTranslations

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from isogloss.interface.catalogue import catalogue
from isogloss.interface.languages import ENGLISH, LANGUAGES

_HERE = threading.local()
_KEY = "_language"


def say(message: str, /, **fields: object) -> str:
    """A sentence in the language of this visit, its fields filled in. message: the English sentence, whole.

    What a person wrote is a field, never the message: a field is not read for fields of its own.

    >>> say("{word} is not in {space}.", word="{0}", space="%s")
    '{0} is not in %s.'
    """
    found = _spoken().gettext(message) if message else ""
    return found.format(**fields) if fields else found


def count(one: str, many: str, n: int, /, **fields: object) -> str:
    """A sentence that depends on a number, which is its field `n`.

    >>> count("{n:,} word", "{n:,} words", 1), count("{n:,} word", "{n:,} words", 2_000)
    ('1 word', '2,000 words')
    """
    return _spoken().ngettext(one, many, n).format(n=n, **fields)


def later(message: str, /) -> str:
    """Marks a sentence that is said elsewhere; it is returned as it is."""
    return message


class Spoken(str):
    """A sentence that Streamlit shows at its time, in the language of the visit that it is shown to.

    >>> str(Spoken("reading …"))
    'reading …'
    """

    def __str__(self) -> str:
        return say(str.__str__(self))


def listed(parts: list[str]) -> str:
    """Several in a row.

    >>> listed(["a"]), listed(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    if len(parts) < 2:
        return "".join(parts)
    return say("{first} and {last}", first=commas(parts[:-1]), last=parts[-1])


def commas(parts: Iterable[str]) -> str:
    """Several in a row that is no whole list, with the comma of the language.

    >>> commas(["a", "b", "c"])
    'a, b, c'
    """
    return say(", ").join(parts)


def parted(parts: Iterable[str]) -> str:
    """Several sentences in one, which semicolons part.

    >>> parted(["a", "b", "c"])
    'a; b; c'
    """
    return say("; ").join(parts)


def speak(code: str) -> None:
    """Go on in a language, in this visit and its later runs."""
    _HERE.code, _HERE.spoken = code, catalogue(code)
    if get_script_run_ctx(suppress_warning=True) is not None:
        st.session_state[_KEY] = code


def spoken() -> str:
    """The code of the language of this visit."""
    _spoken()
    return str(getattr(_HERE, "code", ENGLISH))


def _spoken() -> NullTranslations:
    try:
        found: NullTranslations = _HERE.spoken
        return found
    except AttributeError:
        return _remembered()


def _remembered() -> NullTranslations:
    """In a run of a part of the page, which chose no language: that of the visit."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return catalogue(ENGLISH)
    code = str(st.session_state.get(_KEY, ENGLISH))
    _HERE.code, _HERE.spoken = (code if code in LANGUAGES else ENGLISH), catalogue(code)
    return catalogue(code)
