"""Where a visit chooses its language."""

from __future__ import annotations

import streamlit as st

from components.parts.spoken import say, spoken
from components.shell.language.chosen import KEY
from isogloss.interface.languages import ENGLISH, LANGUAGES

_WIDGET = "spoken-language"  # pages have keys of their own, and bind them to the address


def pick_language() -> None:
    """Behind one quiet button: the languages in their own names."""
    with st.container(key="bar-language"), st.popover(say("Language"), icon=":material/translate:", type="tertiary"):
        now = spoken()
        own = f"{_WIDGET}-{now}"  # what is behind a button takes its own default when it is drawn
        st.radio(
            say("Language"),
            list(LANGUAGES),
            list(LANGUAGES).index(now),
            key=own,
            format_func=lambda code: LANGUAGES[code].name,
            on_change=_chosen,
            args=(own,),
            label_visibility="collapsed",
        )
        if now != ENGLISH:
            st.caption(say("Not yet checked by native speakers"))


def _chosen(own: str) -> None:
    st.query_params[KEY] = st.session_state[own]
