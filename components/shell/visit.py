"""Whose workspace a page works in: the user's own, or one that ends with the visit."""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from collections.abc import Callable
from pathlib import Path

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from components.shell.queue import QUEUE
from isogloss.workspace.access import visitors
from isogloss.workspace.store import Workspace


class Visit:
    """A folder of one visitor; it goes, with what still works in it, when the visit is forgotten."""

    def __init__(self) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="isogloss-visit-"))
        context = get_script_run_ctx()
        self.session = context.session_id if context else ""
        weakref.finalize(self, _end, self.root)


def _end(root: Path) -> None:
    QUEUE.leave(str(root))
    shutil.rmtree(root, ignore_errors=True)


def workspace() -> Workspace:
    """The workspace of this page. A visitor's lies in front of the server's own, which is offered and stays as it
    is.
    """
    if not visitors():
        return Workspace()
    return Workspace(_visit().root, offered=Workspace().root)


def _visit() -> Visit:
    if "_visit" not in st.session_state:
        st.session_state["_visit"] = Visit()
    found: Visit = st.session_state["_visit"]
    return found


def environment() -> dict[str, str]:
    """What a command must know to work in the same workspace."""
    here = workspace()
    found = dict(os.environ) | {"ISOGLOSS_HOME": str(here.root)}
    return found | ({"ISOGLOSS_OFFERED": str(here.offered)} if here.offered else {})


def presence() -> Callable[[], bool]:
    """Whether the visitor of this page is connected; one's own app has work done while nobody looks."""
    if not visitors():
        return lambda: True
    session = _visit().session
    return lambda: not runtime.exists() or runtime.get_instance().is_active_session(session)
