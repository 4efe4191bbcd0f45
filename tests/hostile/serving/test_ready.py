"""What a server for visitors does before the first is let in, and after the last has left."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.websocket_session_manager import WebsocketSessionManager

from components.serving import life, walk
from isogloss.places import ROOT
from tests.kit.loops import awaited

PAGES = [Path(f"{n}_{name}.py") for n, name in enumerate(("Neighbors", "Map", "Drift"), 1)]


class Runtime:
    """Ends each page at once, but for those that hang."""

    def __init__(self, hang: str = "") -> None:
        self.hang, self.asked, self.closed = hang, list[str](), list[str]()

    def connect_session(self, client: Any, user: Any) -> str:
        self.client = client
        return "own"

    def handle_backmsg(self, session: str, message: Any) -> None:
        self.asked.append(message.rerun_script.page_name)
        if self.asked[-1] != self.hang:
            ended = ForwardMsg()
            ended.script_finished = ForwardMsg.FINISHED_SUCCESSFULLY
            self.client.write_forward_msg(ended)

    def close_session(self, session: str) -> None:
        self.closed.append(session)


class Session:
    id = "one"


@pytest.mark.parametrize("hang", ["", "Map"])
def test_each_page_is_asked_once_and_the_session_ends(hang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    runtime = Runtime(hang)
    monkeypatch.setattr(walk, "get_instance", lambda: runtime)
    monkeypatch.setattr(walk, "_LONGEST", 0.05)
    done = awaited(walk.walk(PAGES))
    assert runtime.asked == ["Neighbors", "Map", "Drift"]
    assert done == [page.stem for page in PAGES if page.stem[2:] != hang]
    assert runtime.closed == ["own"]


def test_the_pages_that_are_walked_are_those_that_there_are() -> None:
    assert [page.name for page in life.PAGES] == sorted(one.name for one in (ROOT / "pages").glob("*.py"))


def test_who_left_is_forgotten_though_nobody_else_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    """By names of Streamlit's own that are not promised: where they are gone, nothing would be forgotten."""
    storage = MemorySessionStorage(ttl_seconds=0)
    manager = WebsocketSessionManager(storage, *(SimpleNamespace() for _ in range(3)))  # type: ignore[arg-type]
    monkeypatch.setattr(life.runtime, "get_instance", lambda: SimpleNamespace(_session_mgr=manager))
    left = SimpleNamespace(session=Session())
    storage.save(left)  # type: ignore[arg-type]
    known = weakref.ref(left.session)
    del left
    gc.collect()
    assert known() is not None
    life.forget_left()
    gc.collect()
    assert known() is None
