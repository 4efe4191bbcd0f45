"""What is brought is bounded, by visitor and in all, before it is taken."""

from __future__ import annotations

from collections.abc import MutableMapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from components.serving import uploads
from components.serving.wall import Wall
from components.shell import intake
from isogloss.errors import StoreError


def put(session: str, size: int | None, during: list[str] | None = None) -> int:
    """The status of an upload; 0 where the app was asked. during: sessions that bring as much meanwhile."""
    said: list[int] = []

    async def app(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        said.append(0)
        said.extend(put(one, size) for one in during or [])

    async def send(message: MutableMapping[str, Any]) -> None:
        if "status" in message:
            said.append(message["status"])

    headers = [(b"host", b"localhost")] + ([(b"content-length", str(size).encode())] if size is not None else [])
    scope = {"type": "http", "method": "PUT", "path": f"/_stcore/upload_file/{session}/f", "headers": headers}
    coroutine = Wall(app)(scope, None, send)  # type: ignore[arg-type]
    try:
        while True:
            coroutine.send(None)  # type: ignore[attr-defined]
    except StopIteration:
        return said[-1] if during else said[0]


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Visitors may bring 100 bytes each, 250 in all; what Streamlit holds."""
    holds = SimpleNamespace(file_storage={})
    monkeypatch.setenv("ISOGLOSS_VISITORS", "1")
    monkeypatch.setattr(uploads, "EACH", 100)
    monkeypatch.setattr(uploads, "most", lambda: 250)
    monkeypatch.setattr(uploads.runtime, "exists", lambda: True)
    monkeypatch.setattr(uploads.runtime, "get_instance", lambda: SimpleNamespace(uploaded_file_mgr=holds))
    return holds


def test_each_visitor_and_all_have_their_bound(small: SimpleNamespace) -> None:
    assert [put("a", size) for size in (100, 101, None)] == [0, 413, 411]
    small.file_storage["a"] = {"f": SimpleNamespace(data=b"x" * 60)}
    assert [put("a", 40), put("a", 41), put("b", 100)] == [0, 413, 0]
    small.file_storage |= {"b": {"f": SimpleNamespace(data=b"x" * 100)}, "c": {"f": SimpleNamespace(data=b"x" * 80)}}
    assert [put("d", 10), put("d", 11)] == [0, 413]


def test_what_is_on_its_way_counts() -> None:
    assert put("a", 60, during=["a"]) == 413
    assert put("a", 60, during=["b"]) == 0
    assert not uploads.held()


def test_one_alone_has_the_room_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ISOGLOSS_VISITORS")
    assert [put("a", 250), put("a", 251)] == [0, 413]


def test_a_visit_fills_no_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "workspace", lambda: SimpleNamespace(root=tmp_path))
    monkeypatch.setenv("ISOGLOSS_VISITOR_DISK", "1")
    intake.kept(b"a" * 600_000, "a.vec")
    intake.kept(b"a" * 600_000, "the same again.vec")
    with pytest.raises(StoreError, match=r"b\.vec has 1 MB"):
        intake.kept(b"b" * 600_000, "b.vec")
    (tmp_path / "uploads").rename(tmp_path / "derived")  # what was made of it counts as well
    with pytest.raises(StoreError, match=r"b\.vec has 1 MB, and 1 of 1 MB are in this visit already"):
        intake.kept(b"b" * 600_000, "b.vec")
    monkeypatch.delenv("ISOGLOSS_VISITORS")
    intake.kept(b"b" * 600_000, "b.vec")
