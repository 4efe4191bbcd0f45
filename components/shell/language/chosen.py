"""Which language a visit has: the address says it, else the environment, else the browser."""

from __future__ import annotations

import threading

import streamlit as st

from components.parts.spoken import speak, spoken
from components.shell import state
from isogloss.interface.languages import ENGLISH, LANGUAGES, language_of
from isogloss.workspace.access import language

KEY = "lang"
_HERE = threading.local()  # what the run of a visit asks for once


def choose_language() -> None:
    """Speak the language of this visit; a value of the address that names none is said."""
    asked = state.read(KEY)
    _HERE.kept = _asked()
    if asked and asked not in LANGUAGES:
        state.dropped(KEY, asked[:80], _by_default())
    speak(asked if asked in LANGUAGES else _by_default())


def _by_default() -> str:
    return language_of(language()) or language_of(str(st.context.locale or "")) or ENGLISH


def document() -> dict[str, str]:
    """What the document says of its language: `lang` and `dir`."""
    one = LANGUAGES[spoken()]
    return {"lang": one.code, "dir": "rtl" if one.rtl else "ltr"}


def kept() -> dict[str, str]:
    """What goes with one from page to page: the language that the address names."""
    return dict(_HERE.kept) if hasattr(_HERE, "kept") else _asked()


def _asked() -> dict[str, str]:
    asked = state.read(KEY)
    return {KEY: asked} if asked in LANGUAGES else {}
