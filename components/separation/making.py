"""The collection `scripts` on its first use, made in a thread of its own: who leaves meanwhile finds it made."""

from __future__ import annotations

import threading

import streamlit as st

from components.parts.spoken import later, say
from isogloss.separation.concepts import ensure_scripts
from isogloss.workspace.access import read_only, visitors
from isogloss.workspace.store import SCRIPTS, Workspace

_LOCK = threading.Lock()
_MADE: dict[str, _Making] = {}  # by workspace; only what is being made now


class _Making(threading.Thread):
    """One making of the collection: how far it is, and the error it ended with."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(daemon=True)
        self.workspace, self.what, self.share = workspace, later("making the collection …"), 0.0
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            ensure_scripts(self.workspace, self.show)
        except Exception as error:  # told by the page that waits
            self.error = error
        finally:
            with _LOCK:
                _MADE.pop(str(self.workspace.root), None)

    def show(self, what: str, share: float, number: float | None = None, /) -> None:
        self.what, self.share = what, min(share, 1.0)


def beforehand() -> None:
    """Begin it on a server for visitors, so that the first of them do not all wait for it."""
    if visitors() and not read_only() and SCRIPTS not in (here := Workspace()).folders():
        _begun(here)


def _begun(workspace: Workspace) -> _Making:
    """The making of a workspace, which is begun where none goes on."""
    with _LOCK:
        making = _MADE.get(str(workspace.root))
        if making is None:
            making = _MADE[str(workspace.root)] = _Making(workspace)
            making.start()
    return making


def until_made(workspace: Workspace) -> None:
    """Wait until the collection is there, with progress; a making that has begun goes on, whoever leaves, and is found
    by who comes. Raises what the making ended with.
    """
    making = _begun(workspace)
    bar = st.progress(0.0, say(making.what))
    while making.is_alive():
        bar.progress(making.share, say(making.what))  # where a page that was left ends
        making.join(0.1)
    bar.empty()
    if making.error is not None:
        raise making.error
