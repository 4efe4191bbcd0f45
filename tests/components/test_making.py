"""The collection `scripts` on its first use: whoever leaves finds it begun, two make it once, an error is told."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from components.separation import cached, making
from isogloss.errors import StoreError
from isogloss.workspace.store import Workspace


class Bar:
    """A bar of progress of a page that is left after so many steps."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def progress(self, share: float, what: str) -> None:
        self.left -= 1
        if not self.left:
            raise InterruptedError("the page was left")

    def empty(self) -> None: ...


def test_who_leaves_finds_what_was_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go = [], threading.Event()

    def make(workspace: Workspace, progress: object) -> None:
        begun.append(workspace.root)
        assert go.wait(20)

    monkeypatch.setattr(making, "ensure_scripts", make)
    monkeypatch.setattr(making.st, "progress", lambda *given: Bar(1))
    for _ in range(2):
        with pytest.raises(InterruptedError):
            making.until_made(Workspace(tmp_path))
    monkeypatch.setattr(making.st, "progress", lambda *given: Bar(-1))
    threading.Timer(0.2, go.set).start()
    making.until_made(Workspace(tmp_path))
    assert begun == [tmp_path]


def test_what_a_making_ended_with_is_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making.st, "progress", lambda *given: Bar(-1))
    monkeypatch.setattr(making, "ensure_scripts", lambda *given: (_ for _ in ()).throw(StoreError("full", "empty it")))
    with pytest.raises(StoreError, match="full"):
        making.until_made(Workspace(tmp_path))
    monkeypatch.setattr(making, "ensure_scripts", lambda *given: None)
    making.until_made(Workspace(tmp_path))


def test_visitors_share_what_is_made_where_it_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []
    full = False

    def make(workspace: Workspace) -> None:
        asked.append(workspace.root)
        if full and workspace.root == tmp_path / "server":
            raise StoreError("full", "empty it")

    monkeypatch.setattr(cached, "until_made", make)
    visit = Workspace(tmp_path / "visit", offered=tmp_path / "server")
    cached._make(visit)
    assert asked == [tmp_path / "server"]
    full = True
    cached._make(visit)
    assert asked[1:] == [tmp_path / "server", tmp_path / "visit"]
    cached._make(Workspace(tmp_path / "own"))
    assert asked[3:] == [tmp_path / "own"]


def test_a_server_for_visitors_begins_before_anyone_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[Path] = []
    monkeypatch.setattr(making, "ensure_scripts", lambda workspace, progress: begun.append(workspace.root))
    monkeypatch.setenv("ISOGLOSS_HOME", str(tmp_path))
    making.beforehand()
    monkeypatch.setenv("ISOGLOSS_VISITORS", "1")
    monkeypatch.setenv("ISOGLOSS_READONLY", "1")
    making.beforehand()
    assert not begun
    monkeypatch.delenv("ISOGLOSS_READONLY")
    making.beforehand()
    making._begun(Workspace(tmp_path)).join(10)
    assert begun
    assert set(begun) == {tmp_path}
