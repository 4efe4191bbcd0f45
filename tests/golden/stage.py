"""Plays scenes: runs their commands one after the other and writes down what each gave, once for all tests."""

from __future__ import annotations

import contextlib
import io
import json
import re
import shlex
import shutil
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from isogloss.__main__ import main
from tests.golden.folders import snapshot, written
from tests.golden.golden import settled
from tests.golden.scenes import LONG, SCENES, Scene
from tests.golden.watch import Seen, Watcher

UNSET = ("ISOGLOSS_OFFERED", "ISOGLOSS_READONLY", "ISOGLOSS_VISITORS", "ISOGLOSS_DATA", "ISOGLOSS_DATA_ROOTS")


@dataclass(frozen=True)
class Played:
    """told: what each command gave, and the files that all of them left. seen: the derived things asked for."""

    told: dict[str, Any]
    seen: Seen


class Stage:
    """Each scene is played once in a process, in a folder of its own with a workspace of its own."""

    def __init__(self, watcher: Watcher, folder: Path, scripts_folder: Path) -> None:
        self.watcher, self.folder, self.scripts_folder = watcher, folder, scripts_folder
        self._played: dict[str, Played] = {}

    def play(self, name: str) -> Played:
        if name not in self._played:
            place = self.place(name)
            place.mkdir(parents=True)
            with environment(place), self.watcher.watching() as seen:
                self._played[name] = Played(self._told((SCENES | LONG)[name], place), seen)
        return self._played[name]

    def place(self, name: str) -> Path:
        """The folder that a scene is played in."""
        return self.folder / name

    def _told(self, scene: Scene, folder: Path) -> dict[str, Any]:
        for write in scene.inputs:
            write(folder)
        before = snapshot(folder)
        if scene.scripts:
            shutil.copytree(self.scripts_folder, folder / "home" / "collections" / "scripts")
        receipt, told = "", {}
        for number, line in enumerate(scene.commands):
            found = outcome(line.replace("RECEIPT", receipt), self.watcher.hearing())
            receipt = (re.findall(r"[\w.-]+~\d{15,}", str(found["out"])) or [receipt])[-1]
            told[f"{number:02} {line}"] = found | {"out": "<out>"} if scene.quiet and found["out"] else found
        files = written(folder, before, stable=not (scene.trained or scene.encoded))
        return held(scene, {"commands": told, "files": files}, folder)


@contextlib.contextmanager
def environment(folder: Path) -> Any:
    """The folder to work in, and a workspace in it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("ISOGLOSS_HOME", str(folder / "home"))
        for name in UNSET:
            patch.delenv(name, raising=False)
        for name, value in (("COLUMNS", "100"), ("NO_COLOR", "1"), ("HF_HUB_OFFLINE", "1")):
            patch.setenv(name, value)
        yield


def run(
    arguments: list[str], given: str = "", beside: AbstractContextManager[None] | None = None
) -> tuple[int, str, str]:
    """Exit code, output and errors of a command. beside: entered while it runs."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        patch.setattr("sys.stdin", io.StringIO(given))
        try:
            with beside or contextlib.nullcontext():
                code = main(arguments)
        except SystemExit as stop:
            code = int(stop.code or 0)
    return code, out.getvalue(), err.getvalue()


def outcome(line: str, beside: AbstractContextManager[None] | None = None) -> dict[str, Any]:
    """Exit code, what was printed (as JSON where it is), and the lines of error and warning."""
    command, _, file = line.partition(" < ")
    code, out, err = run(shlex.split(command), Path(file).read_text("utf-8") if file else "", beside)
    told = [one for one in err.splitlines() if one.startswith(("error:", "warning:"))]
    assert not code or err.splitlines() == told[:1], err  # nothing but the one line
    return {"exit": code, "out": _parsed(out), "err": [_choices(one) for one in told]}


def _parsed(out: str) -> Any:
    try:
        return json.loads(out)
    except ValueError:
        return out.splitlines()


def _choices(text: str) -> str:
    """Newer Pythons write choices without quotation marks."""
    return re.sub(r"\(choose from .*?\)", lambda found: found[0].replace("'", ""), text)


def held(scene: Scene, value: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Of what is trained only the words are held, of what is encoded all but the digests."""
    if scene.trained:  # the digests in their names as well
        value["files"] = numbered(value["files"])
    return settled(value, folder, hexes=scene.trained or scene.encoded, floats=scene.trained)


def numbered(files: dict[str, Any]) -> dict[str, Any]:
    """Without the digests in the names; those that are the same then are counted."""
    names = [settled(name, hexes=True) for name in files]
    return {
        f"{name} {names[: i + 1].count(name)}": one
        for i, (name, one) in enumerate(zip(names, files.values(), strict=True))
    }
