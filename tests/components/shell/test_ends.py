"""What a job starts ends with it, however it ends; and so does what takes more than a visitor's work may."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from components.shell import jobs
from components.shell import queue as queues
from components.shell.queue import CANCELLED, Bounds, Job, Queue
from isogloss.errors import InvalidValue, StoreError
from isogloss.places import ROOT
from isogloss.workspace.access import visitor_disk, visitor_memory
from isogloss.workspace.folders import SCRATCH, scratch_folder, sweep, taken_by

CHILD = "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(60)"
PARENT = (
    "import pathlib, subprocess, sys, time\n"
    f"one = subprocess.Popen([sys.executable, '-c', {CHILD!r}])\n"
    "pathlib.Path({told!r}).write_text(str(one.pid)); time.sleep({seconds})"
)
DEAF = "import signal, time; signal.signal(15, signal.SIG_IGN); "  # said before it tells: else it may listen
STUBBORN = DEAF + "import pathlib; pathlib.Path({told!r}).write_text('0'); time.sleep(60)"
SERVER = """
import os, sys, time
from components.shell.queue import Queue
job = Queue(command=[sys.executable, "-c"]).start("a", "1", [sys.argv[1]], environment=os.environ)
print(job.process.pid, flush=True)
time.sleep(60)
"""


def until(true: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.02)


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def told(place: Path) -> int:
    until(lambda: place.exists() and bool(place.read_text()))
    return int(place.read_text())


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> Iterator[Queue]:
    monkeypatch.setattr(queues, "_GRACE", 0.3)
    monkeypatch.setattr(queues, "_MEASURED", 0.1)
    made = Queue(at_once=3, command=[sys.executable, "-c"])
    yield made
    made.end()


def asked(queue: Queue, code: str, place: Path, seconds: float = 60, **more: object) -> Job:
    code = code.replace("{told!r}", repr(str(place))).replace("{seconds}", str(seconds))
    return queue.start("a", place.name, [code], environment=os.environ, **more)  # type: ignore[arg-type]


def test_what_a_job_started_ends_with_it(queue: Queue, tmp_path: Path) -> None:
    job = asked(queue, PARENT, tmp_path / "stopped")
    child = told(tmp_path / "stopped")
    assert lives(child)
    job.cancel()
    until(lambda: not lives(child))
    assert job.code == CANCELLED
    job = asked(queue, PARENT, tmp_path / "ended", seconds=0)
    child = told(tmp_path / "ended")
    until(lambda: job.code == 0 and not lives(child))


def test_jobs_that_do_not_listen_are_ended_side_by_side(
    queue: Queue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queues, "_GRACE", 2.0)
    some = [asked(queue, STUBBORN, tmp_path / name) for name in "ab"]
    for name in "ab":
        told(tmp_path / name)
    begun = time.monotonic()
    queue.leave("a")
    assert 1.9 < time.monotonic() - begun < 3.9  # one after the other: 4
    assert [job.code for job in some] == [CANCELLED] * 2


@pytest.mark.long
def test_a_killed_server_leaves_nothing_at_work(tmp_path: Path) -> None:
    code = PARENT.replace("{told!r}", repr(str(tmp_path / "child"))).replace("{seconds}", "60")
    with subprocess.Popen([sys.executable, "-c", SERVER, code], cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        leader, child = int(server.stdout.readline()), told(tmp_path / "child")
        assert lives(leader)
        server.send_signal(signal.SIGKILL)
    until(lambda: not lives(leader) and not lives(child))


def test_what_a_job_writes_for_itself_goes_with_it(queue: Queue, tmp_path: Path) -> None:
    code = (
        "import pathlib, tempfile, time; made = tempfile.mkdtemp()\n"
        "pathlib.Path({told!r}).write_text('0' + str(made.startswith(" + repr(str(tmp_path)) + ") + 0)); time.sleep(60)"
    )
    job = asked(queue, code, tmp_path / "told", bounds=Bounds(tmp_path))
    assert told(tmp_path / "told") == 1
    assert len(list(tmp_path.glob("scratch-*/*"))) == 1
    job.cancel()
    assert list(tmp_path.iterdir()) == [tmp_path / "told"]


def test_what_killed_work_left_where_the_system_has_such_is_swept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    left = tmp_path / f"{SCRATCH}+held-abcdefgh"
    left.mkdir()
    with scratch_folder() as mine:
        assert not left.exists()
        sweep(tmp_path, (f"{SCRATCH}*",))
        assert mine.is_dir()
    assert list(tmp_path.iterdir()) == []


def test_a_job_that_fills_the_disk_is_ended(queue: Queue, tmp_path: Path) -> None:
    code = "import pathlib, time; pathlib.Path({told!r}).write_bytes(bytes(3 << 20)); time.sleep(60)"
    job = asked(queue, code, tmp_path / "much", bounds=Bounds(tmp_path, disk=2 << 20))
    until(lambda: not job.alive)
    assert (job.code, job.passed) == (1, "disk")
    assert jobs._why(job).startswith("this visit may take 2 MB on the server's disk, and the work needed more: ")


TWO = (
    "import subprocess, sys, time\n"
    "holds = 'held = bytearray(200 << 20); import time; time.sleep(60)'\n"
    "some = [subprocess.Popen([sys.executable, '-c', holds]) for _ in range(2)]; time.sleep(60)"
)


@pytest.mark.parametrize("code", ["bytes(1 << 30)", TWO], ids=["one", "all that it started"])
def test_a_job_that_takes_too_much_memory_is_ended(queue: Queue, tmp_path: Path, code: str) -> None:
    job = asked(queue, code, tmp_path / "much", bounds=Bounds(tmp_path, memory=300 << 20))
    until(lambda: not job.alive)
    assert (job.code, job.passed) == (1, "memory")
    assert jobs._why(job).startswith("a visitor's work may take 300 MB of memory, and this needed more: ")


def test_nothing_is_begun_where_the_disk_of_a_visit_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "much").write_bytes(bytes(3 << 20))
    assert 3 << 20 <= taken_by(tmp_path) < 4 << 20
    monkeypatch.setattr(jobs, "bounds", lambda: Bounds(tmp_path, disk=2 << 20))
    with pytest.raises(StoreError, match=r"takes 3 MB on the server's disk, and may take 2: delete on Data"):
        jobs.start("key", ["build"])


def test_bounds_of_a_visitor_are_said_by_the_environment() -> None:
    assert visitor_disk({}) == 4_000 << 20
    assert visitor_memory({"ISOGLOSS_VISITOR_MEMORY": "900"}) == 900 << 20
    assert 64 << 20 < visitor_memory({}) <= os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    with pytest.raises(InvalidValue, match="ISOGLOSS_VISITOR_DISK is '-1': give a whole number of MB"):
        visitor_disk({"ISOGLOSS_VISITOR_DISK": "-1"})
