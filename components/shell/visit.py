"""Whose workspace a page works in: the user's own, or one that ends with the visit."""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from components.shell.queue import NO_BOUNDS, QUEUE, Bounds
from isogloss.workspace.access import visitor_disk, visitor_memory, visitors
from isogloss.workspace.folders import SCRATCH, Held, held_folder, sweep
from isogloss.workspace.store import Workspace

_PREFIX = "isogloss-visit-"
_ends: set[weakref.finalize[Any, Visit]] = set()


class Visit:
    """A folder of one visitor; it goes, with what still works in it, when the visit is forgotten.

    The folder is held while the server lives: one that nobody holds is swept by the next server.
    """

    def __init__(self) -> None:
        self.root, held = held_folder(Path(tempfile.gettempdir()), _PREFIX)
        context = get_script_run_ctx()
        self.session = context.session_id if context else ""
        end = weakref.finalize(self, _end, self.root, held)
        _ends.difference_update([one for one in _ends if not one.alive])
        _ends.add(end)


def _end(root: Path, held: Held) -> None:
    QUEUE.leave(str(root))
    shutil.rmtree(root, ignore_errors=True)
    held.release()


def end_visits() -> None:
    """End all visits of this server, and all that works for it; it is about to stop."""
    QUEUE.end()
    for end in list(_ends):
        end()


def sweep_visits() -> None:
    """Take away folders of visits, and of work, that ended with a crash: nobody holds them, or they are days old."""
    sweep(Path(tempfile.gettempdir()), (f"{_PREFIX}*", f"{SCRATCH}*"))


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


def bounds() -> Bounds:
    """What the work of this page may take of the server. Raises InvalidValue."""
    return Bounds(_visit().root, visitor_disk(), visitor_memory()) if visitors() else NO_BOUNDS


def presence() -> Callable[[], bool]:
    """Whether the visitor of this page is connected; one's own app has work done while nobody looks."""
    if not visitors():
        return lambda: True
    session = _visit().session
    return lambda: not runtime.exists() or runtime.get_instance().is_active_session(session)
