"""Every command on a disk that is full: one line of error, nothing half written, what was there is there.

The disk is full where a file would pass a limit of the process (RLIMIT_FSIZE), which needs no mount and holds for the
processes that a command starts.
"""

from __future__ import annotations

import re
import resource
import shlex
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from isogloss.workspace.store import Workspace
from tests.golden.scenes import LONG, SCENES, Scene
from tests.golden.stage import environment, run
from tests.kit.tiers import TIER

KEPT = Scene(
    """
    cases keep '/Neighbors?collection=un-debates&item=climate' --json
    cases keep '/Drift?collection=un-debates&item=neutrality' --tag one --json
    cases list --json
    cases export cases.jsonl
    cases export report.html
    cases import cases.jsonl
    mexa sentences --model before --languages deu,hin,arb --keep short --json
    retrieve sentences --model before --languages deu,hin,eng --keep short --json
    layers sentences --model before --languages deu,hin --into layered --json
    atlas alignment-with-people --into papers --json
    pairs instructions --into pairs --without any --out found.jsonl --json
    switch switched --json
    handout un-blocs-1970-1989 --out handout.html --json
"""
)
EVERY = SCENES | LONG | {"kept": KEPT}
FEW = ("import", "catalogue", "periods")
ROOM = (0, 3_000, 40_000)  # bytes that a file may have


@contextmanager
def room(size: int) -> Iterator[None]:
    """No file may grow beyond so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def there() -> dict[str, str]:
    """Every collection of the workspace with its fingerprint, read anew."""
    workspace = Workspace()
    return {name: workspace.open(name).fingerprint for name in workspace.folders()}


def left_over() -> list[Path]:
    return [one for one in Workspace().root.rglob("*") if one.name.startswith(".writing-")]


@pytest.mark.long
@pytest.mark.parametrize("name", [name for name in EVERY if TIER == "soak" or name in FEW])
def test_a_full_disk_loses_nothing(name: str, tmp_path: Path, scripts_folder: Path) -> None:
    scene = EVERY[name]
    for write in scene.inputs:
        write(tmp_path)
    with environment(tmp_path):
        if scene.scripts:
            shutil.copytree(scripts_folder, tmp_path / "home" / "collections" / "scripts")
        receipt, refused = "", 0
        for number, line in enumerate(scene.commands):
            command, _, file = line.replace("RECEIPT", receipt).partition(" < ")
            given = Path(file).read_text("utf-8") if file else ""
            before = there()
            with room(ROOM[number % len(ROOM)]):
                code, _, err = run(shlex.split(command), given)
            assert code in (0, 2), (line, err)
            told = [one for one in err.splitlines() if one.startswith("error: ")]
            assert len(told) == (1 if code else 0), (line, err)
            assert "Traceback" not in err
            assert "(None)" not in err
            refused += any("File too large" in one for one in told)
            if code:
                assert there() == before, line
            assert left_over() == [], line
            _, out, _ = run(shlex.split(command), given)
            receipt = (re.findall(r"[\w.-]+~\d{15,}", out) or [receipt])[-1]
    assert refused or name not in FEW
