"""What killed writers leave is taken away at once, and never what a living one still writes."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from isogloss.errors import StoreError, reason_of
from isogloss.spaces.collection import Collection
from isogloss.spaces.space import Space
from isogloss.workspace import folders
from isogloss.workspace.folders import fresh_file, fresh_folder, held_folder, sweep, sweep_below
from isogloss.workspace.store import Workspace
from tests.kit.spaces import random_space
from tests.kit.tiers import cases

DAYS = 3 * 86_400
DIES = """
import os, signal, sys
from pathlib import Path
from isogloss.workspace.folders import fresh_file, fresh_folder
place = Path(sys.argv[1])
with fresh_folder(place) as one, fresh_file(place / "file") as two:
    (one / "half").write_text("half")
    two.write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def killed(place: Path) -> None:
    done = subprocess.run([sys.executable, "-c", DIES, str(place)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert len(list(place.glob(".writing-*"))) == 2


def aged(path: Path) -> Path:
    then = time.time() - DAYS
    os.utime(path, (then, then))
    return path


def test_what_a_killed_writer_left_goes_with_the_next_write(tmp_path: Path) -> None:
    killed(tmp_path / "collections")
    Workspace(tmp_path).save(Collection("mine", (random_space("s", 5, 3),)))
    assert [path.name for path in (tmp_path / "collections").iterdir()] == ["mine"]


def test_a_sweep_reaches_every_folder_of_a_workspace(tmp_path: Path) -> None:
    for place in ("collections", "derived/mine", "collections/mine", "."):
        (tmp_path / place).mkdir(parents=True, exist_ok=True)
        killed(tmp_path / place)
    sweep_below(tmp_path)
    assert not list(tmp_path.rglob(".writing-*"))


def test_what_is_still_written_stays_however_old_it_is(tmp_path: Path) -> None:
    with fresh_folder(tmp_path) as one, fresh_file(tmp_path / "file") as two:
        for path in (one, two):
            aged(path)
        sweep(tmp_path)
        assert one.is_dir()
        two.write_text("whole")
        sweep(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_text() == "whole"


def test_what_nobody_can_hold_goes_after_a_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = (".writing-old", ".writing-+held-abcdefgh-journal", "+held-x~1", "held-x~1")
    for name in names:
        (tmp_path / name).write_text("x")
    sweep(tmp_path, ("*", ".writing-*"))
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names)
    for name in names:
        aged(tmp_path / name)
    monkeypatch.setattr(folders, "fcntl", None)  # as on Windows
    with fresh_file(tmp_path / "file") as made:
        sweep(tmp_path, ("*", ".writing-*"))
        assert made.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_link_is_never_followed(tmp_path: Path) -> None:
    (tmp_path / "precious").mkdir()
    (tmp_path / "place").mkdir()
    (tmp_path / "precious" / "file").write_text("x")
    (tmp_path / "place" / ".writing-+held-abcdefgh").symlink_to(tmp_path / "precious")
    os.utime(tmp_path / "place" / ".writing-+held-abcdefgh", (1, 1), follow_symlinks=False)
    sweep(tmp_path / "place")
    assert (tmp_path / "precious" / "file").exists()


def test_a_file_that_fails_leaves_the_old_one(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("old")
    with pytest.raises(OSError, match="full"), fresh_file(tmp_path / "file"):
        raise OSError("full")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("file", "old")]


def test_a_folder_that_is_released_is_swept(tmp_path: Path) -> None:
    made, held = held_folder(tmp_path, ".writing-")
    sweep(tmp_path)
    assert made.exists()
    held.release()
    held.release()
    sweep(tmp_path)
    assert not made.exists()


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (OSError(28, "No space left on device"), "No space left on device"),
        (OSError("1200 requested and 17 written"), "No space left on device"),
        (OSError("Error writing bytes to file. Detail: [errno 28] No space left on device"), "No space left on device"),
        (OSError(13, "Permission denied", "x"), "Permission denied"),
        (OSError("some\nwords"), "some words"),
        (OSError(), "OSError"),
        (TimeoutError(), "TimeoutError"),
    ],
)
def test_a_reason_is_always_told(error: OSError, reason: str) -> None:
    assert reason_of(error) == reason


@pytest.mark.parametrize("full", [OSError("1200 requested and 17 written"), OSError(28, "No space left on device")])
def test_a_full_disk_is_said_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, full: OSError) -> None:
    def save(*given: object, **more: object) -> None:
        raise full

    monkeypatch.setattr("numpy.save", save)
    space: Space = random_space("s", 5, 3)
    with pytest.raises(StoreError, match=r"\(No space left on device\)"):
        Workspace(tmp_path).save(Collection("mine", (space,)))
    assert not list((tmp_path / "collections").iterdir())


def test_what_a_sweeper_looks_at_while_it_is_made_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A maker who comes to hold its folder while another claims it would work in one that is taken away."""
    looked: list[Path] = []
    make = tempfile.mkdtemp

    def seen(**given: Any) -> str:
        made = Path(make(**given))
        if not looked:
            looked.append(made)
            claimed.enter_context(folders._claimed(made))
        return str(made)

    with ExitStack() as claimed:
        monkeypatch.setattr(tempfile, "mkdtemp", seen)
        made, held = held_folder(tmp_path, ".writing-")
        assert made != looked[0]
        sweep(tmp_path)
        assert made.is_dir()
    sweep(tmp_path)
    assert not looked[0].exists()
    assert made.is_dir()
    held.release()
    sweep(tmp_path)
    assert not made.exists()


def test_folders_that_are_made_while_others_sweep_stay(tmp_path: Path) -> None:
    ended, lost = threading.Event(), []

    def sweeps() -> None:
        while not ended.is_set():
            sweep(tmp_path)

    def makes() -> None:
        for _ in range(cases(2_000)):
            made, held = held_folder(tmp_path, ".writing-")
            if not made.is_dir() or not held.is_at(made):
                lost.append(made)
            (made / "file").touch()
            shutil.rmtree(made)
            held.release()

    with ThreadPoolExecutor(4) as pool:
        sweeping = [pool.submit(sweeps) for _ in range(2)]
        making = [pool.submit(makes) for _ in range(2)]
        try:
            for one in making:
                one.result()
        finally:
            ended.set()
        for one in sweeping:
            one.result()
    assert not lost
