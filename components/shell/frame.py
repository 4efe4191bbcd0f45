"""The frame of every page: its title, its style, and the one place where errors are shown."""

from __future__ import annotations

import html
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from components.log.lines import failed, page_run
from components.parts.spoken import commas, say
from components.parts.told import told
from components.shell.language.chosen import choose_language, kept
from isogloss.errors import InvalidValue, IsoglossError, NotFound, StoreError, as_system_errors, reason_of
from isogloss.notebook.view import unknown_version
from isogloss.places import ASSETS
from isogloss.workspace.derived import MEMORY

_STYLE = (Path(__file__).parent / "frame.css").read_text(encoding="utf-8")


@contextmanager
def frame(title: str = "") -> Iterator[None]:
    """Around every page. Its run is told to the log by the page's name alone."""
    context = get_script_run_ctx(suppress_warning=True)
    with page_run(title or "Home", context.session_id if context else ""), _framed(title):
        yield


@contextmanager
def _framed(title: str) -> Iterator[None]:
    """First line of every page; it makes the page stand alone, so that a deep link works cold.

    Plotly takes pandas as it finds it among the loaded modules, be it half loaded for a page of somebody else: so every
    page that may draw waits for it here.
    """
    choose_language()
    if title:  # Home draws without both
        import_module("pandas")
    st.set_page_config(
        page_title=f"{say(title)} · Isogloss" if title else "Isogloss",
        page_icon=str(ASSETS / "icon.png"),
        layout="wide",
        initial_sidebar_state="auto",
    )
    st.html(f"<style>{_STYLE}</style>")
    if why := unknown_version(str(st.query_params.get("v", ""))):
        note(html.escape(say("{fact} Shown is what it can of it.", fact=_sentence(why))))
    with shown_errors():
        yield
    if len(MEMORY):
        note(say("Nothing can be written here: what was computed is kept in memory while the server runs."))


class NotYet(InvalidValue):
    """Something has yet to be chosen: a line that says so, no error."""


@contextmanager
def shown_errors() -> Iterator[None]:
    """Errors within are shown in place; what comes after goes on."""
    try:
        with as_system_errors():
            yield
    except NotYet as missing:
        note(html.escape(f"{_sentence(told(missing.lever))}"))
    except IsoglossError as error:
        show_error(error)
    except OSError as error:  # a full disk, a folder that is gone or may not be written
        show_error(
            StoreError(
                say("the files of this page cannot be read or written ({reason})", reason=reason_of(error)),
                say("free some space or check the workspace"),
            )
        )


def show_error(error: IsoglossError) -> None:
    """The fact, then the lever. Text from users is escaped: it never becomes HTML or Markdown."""
    failed(type(error).__name__)
    st.html(
        '<div class="iso-error" role="alert"><p class="iso-fact">'
        f"{html.escape(_sentence(told(error.fact)))}</p><p>{html.escape(_sentence(told(error.lever)))}</p></div>"
    )
    if isinstance(error, NotFound):
        st.page_link("app.py", label=say("Back to the collections"), icon=":material/home:", query_params=kept())


def lead(markup: str) -> None:
    """The sentence before the chart. `markup` is made with `em` and plain text of ours only."""
    st.html(f'<p class="iso-lead">{markup}</p>')


def note(markup: str) -> None:
    """A quiet line: n, interval, direction, how it was computed."""
    st.html(f'<p class="iso-note">{markup}</p>')


def is_dark() -> bool:
    """Whether the reader sees the dark theme."""
    return st.context.theme.type == "dark"


def em(text: str) -> str:
    """An item inside a sentence: escaped, shortened to 80 characters, set off, laid out in its own direction.

    >>> em("<b>")
    '<bdi class="iso-item">&lt;b&gt;</bdi>'
    """
    return f'<bdi class="iso-item">{html.escape(text if len(text) <= 80 else text[:79] + "…")}</bdi>'


def ems(items: list[str], most: int = 3) -> str:
    """Several items in a sentence, or a dash for none."""
    return commas(em(item) for item in items[:most]) or say("none")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if not text or text.endswith((".", "…", "?", "。", "।", "؟")) else ".")
