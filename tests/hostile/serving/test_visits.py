"""What visitors bring goes with their visit, also when the server is killed."""

from __future__ import annotations

import os
import shutil
import signal
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from components.serving import life
from components.shell.visit import Visit, end_visits, sweep_visits
from tests.hostile.serving.started import Session, Started, html_of


def visits(place: Path) -> list[Path]:
    return list(place.glob("isogloss-visit-*"))


def until(said: str, holds: object) -> None:
    for _ in range(200):
        if holds():  # type: ignore[operator]
            return
        time.sleep(0.05)
    pytest.fail(said)


def begun(started: Started, place: Path) -> tuple[Session, Path]:
    """A session with a folder of its own, in which something lies."""
    before = set(visits(place))
    session = started.visit()
    assert "is yours alone" in html_of(session.run("Data"))
    (mine,) = set(visits(place)) - before
    (mine / "uploads").mkdir()
    (mine / "uploads" / "secret.csv").write_text("marked words")
    return session, mine


@pytest.mark.long
def test_a_kill_leaves_nothing_for_long_and_a_stop_nothing_at_all(tmp_path: Path, scripts_folder: Path) -> None:
    shutil.copytree(scripts_folder, tmp_path / "home" / "collections" / "scripts")
    place = tmp_path / "tmp"
    place.mkdir()
    known = {"ISOGLOSS_VISITORS": "1", "TMPDIR": str(place)}
    with Started(tmp_path / "home", known) as first:
        session, left = begun(first, place)
        with session:
            first.stop(signal.SIGKILL)
    assert (left / "uploads" / "secret.csv").exists()
    half = tmp_path / "home" / "collections" / ".writing-+held-abcdefgh"
    half.mkdir(parents=True)
    with Started(tmp_path / "home", known) as second:
        until("what the first left is still there", lambda: not left.exists() and not half.exists())
        session, mine = begun(second, place)
        with session:
            second.stop(signal.SIGTERM)
            until("a stopped server left a visit", lambda: not mine.exists())
    assert visits(place) == []


def test_a_living_visit_stays_however_old_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("components.shell.visit._ends", set())  # visits of tests before live as long as they like
    one = Visit()
    other = tmp_path / "isogloss-visit-before"  # of a version that held nothing
    other.mkdir()
    os.utime(one.root, (1, 1))
    sweep_visits()
    assert one.root.is_dir()
    assert other.is_dir()
    os.utime(other, (1, 1))
    life.sweep_all()
    assert visits(tmp_path) == [one.root]
    left: list[str] = []
    monkeypatch.setattr(
        "components.shell.visit.QUEUE", SimpleNamespace(leave=left.append, end=lambda: left.append("all"))
    )
    end_visits()
    assert visits(tmp_path) == []
    assert left == ["all", str(one.root)]


def test_a_read_only_workspace_is_not_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setenv("ISOGLOSS_HOME", str(tmp_path / "home"))
    left = tmp_path / "home" / "collections" / ".writing-+held-abcdefgh"
    left.mkdir(parents=True)
    monkeypatch.setenv("ISOGLOSS_READONLY", "1")
    life.sweep_all()
    assert left.exists()
    monkeypatch.delenv("ISOGLOSS_READONLY")
    life.sweep_all()
    assert not left.exists()
