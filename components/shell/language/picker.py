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
        if st.session_state.get(_WIDGET) != now:
            st.session_state[_WIDGET] = now
        st.radio(
            say("Language"),
            list(LANGUAGES),
            key=_WIDGET,
            format_func=lambda code: LANGUAGES[code].name,
            on_change=_chosen,
            label_visibility="collapsed",
        )
        if now != ENGLISH:
            st.caption(say("Not yet checked by native speakers"))


def _chosen() -> None:
    st.query_params[KEY] = st.session_state[_WIDGET]
