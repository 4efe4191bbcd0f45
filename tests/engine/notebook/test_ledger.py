"""The ledger under many writers, under kill -9, and damaged; every change is taken back."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from isogloss.errors import InvalidValue, NotFound, StoreError
from isogloss.notebook.case import Case
from isogloss.notebook.ledger import SCHEMA, Ledger, Wanted
from isogloss.notebook.view import View
from isogloss.places import ROOT
from tests.kit.tiers import cases

N = cases(1_000, least=50)
WRITER = """
import sys
from pathlib import Path
from isogloss.notebook.case import Case
from isogloss.notebook.ledger import Ledger
from isogloss.notebook.view import View
ledger = Ledger(Path(sys.argv[1]))
for number in range(int(sys.argv[3])):
    case = ledger.keep(Case(View("Drift"), title=f"{sys.argv[2]} {number}", comment="x" * 500, tags=(sys.argv[2],)))
    print(case.id, flush=True)
"""


def writer(path: Path, name: str, n: int) -> subprocess.Popen[str]:
    arguments = [sys.executable, "-c", WRITER, str(path), name, str(n)]
    return subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_two_processes_lose_and_tear_nothing(tmp_path: Path) -> None:
    path = tmp_path / "notebook.sqlite"
    told = [one.communicate(timeout=300)[0].split() for one in [writer(path, name, N) for name in "ab"]]
    ledger = Ledger(path)
    assert ledger.count() == 2 * N
    assert {case.id for case in ledger.cases()} == {*told[0], *told[1]}
    assert ledger.tags() == {"a": N, "b": N}


def test_what_was_acknowledged_outlives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "notebook.sqlite"
    one = writer(path, "a", 100_000)
    assert one.stdout
    told = [one.stdout.readline().strip() for _ in range(N // 4)]
    os.kill(one.pid, signal.SIGKILL)
    told += one.stdout.read().split("\n")[:-1]
    one.stdout.close()
    one.wait()
    kept = {case.id for case in Ledger(path).cases()}
    assert set(filter(None, told)) <= kept
    assert len(kept) - len(set(filter(None, told))) <= 1
    Ledger(path).keep(Case(View("Map")))
    assert Ledger(path).count(Wanted(page="Map")) == 1


def test_every_change_is_taken_back(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "n.sqlite")
    a, b = (ledger.keep(Case(View.of("Drift", {"item": item}), title=item)) for item in ("peace", "war"))
    ledger.update(a.id, comment="why?", tags=[" x ", "x", "y"])
    assert (ledger.get(a.id[:9]).comment, ledger.get(a.id).tags) == ("why?", ("x", "y"))
    assert ledger.tag_all([a.id, b.id], "y") == 1
    assert ledger.delete([a.id, b.id]) == 2
    assert ledger.count() == 0
    assert [ledger.undo() for _ in range(3)] == ["delete 2 cases", "tag 1 cases y", "change peace"]
    assert ledger.cases(sort="oldest") == [a, b]
    assert ledger.tags() == {}
    assert [ledger.undo(), ledger.undo(), ledger.last()] == ["keep war", "keep peace", ""]
    with pytest.raises(NotFound, match="undo"):
        ledger.undo()
    with pytest.raises(NotFound):
        ledger.delete([a.id])


def test_filters_and_orders() -> None:
    ledger = Ledger(None)
    for number, item in enumerate(("peace", "Straße", "50%_x")):
        told = {"tags": ("even",) * (number % 2 == 0), "how": "rule" if number else "picked", "rule": "r"}
        ledger.keep(Case(View.of("Map" if number else "Drift", {"item": item}), title=item, **told))

    def titles(sort: str = "oldest", **wanted: str) -> list[str]:
        return [case.title for case in ledger.cases(Wanted(**wanted), sort=sort)]

    assert titles(text="STRASSE") == ["Straße"]
    assert titles(text="50%_") == ["50%_x"]
    assert titles(text="5_%") == []
    assert titles(tag="even", page="Map") == ["50%_x"]
    assert titles(word="peace") == titles(how="picked") == ["peace"]
    assert titles("title") == ["50%_x", "Straße", "peace"]
    assert titles("newest")[0] == "50%_x"
    assert titles(text="' OR 1=1 --", tag="'; DROP TABLE cases") == []
    with pytest.raises(InvalidValue, match="order"):
        titles("random()")


@pytest.mark.parametrize("bytes_", [b"no database at all" * 99, b"SQLite format 3\x00" + b"\xff" * 4096])
def test_a_damaged_file_is_one_line_with_the_lever(tmp_path: Path, bytes_: bytes) -> None:
    path = tmp_path / "notebook.sqlite"
    path.write_bytes(bytes_)
    for act in (lambda: Ledger(path).cases(), lambda: Ledger(path).keep(Case(View("Map")))):
        with pytest.raises(StoreError, match=r"move .* away"):
            act()


def test_reading_makes_no_file_and_a_later_version_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "below" / "notebook.sqlite"
    ledger = Ledger(path)
    assert (ledger.cases(), ledger.tags(), ledger.last(), path.parent.exists()) == ([], {}, "", False)
    case = ledger.keep(Case(View("Map")))
    with pytest.raises(InvalidValue, match="already"):
        ledger.keep(case)
    import sqlite3

    with sqlite3.connect(path) as base:
        base.execute(f"PRAGMA user_version = {SCHEMA + 1}")
    base.close()
    with pytest.raises(StoreError, match="update Isogloss"):
        ledger.cases()


def test_the_file_is_locked_for_a_moment_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sqlite3

    path = tmp_path / "n.sqlite"
    Ledger(path).keep(Case(View("Map")))
    monkeypatch.setattr("isogloss.notebook.ledger.WAIT", 0.05)
    base = sqlite3.connect(path, isolation_level=None)
    base.execute("BEGIN IMMEDIATE")
    start = time.monotonic()
    with pytest.raises(StoreError, match="written by others"):
        Ledger(path).keep(Case(View("Map")))
    assert Ledger(path).count() == 1
    assert time.monotonic() - start < 30
    base.execute("ROLLBACK")
    base.close()
