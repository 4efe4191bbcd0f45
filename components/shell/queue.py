"""The commands of all visits: at most two of a visitor and as many as cores at a time, the others wait in a line.

They are kept here and not in Streamlit's caches, which any visitor can empty.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from components.log.lines import job_begun
from isogloss.errors import reason_of
from isogloss.places import ROOT
from isogloss.tasks.watched import GRACE, has_ended, memory_of, signal_group, tells_of_memory, watched
from isogloss.workspace.folders import taken_by

EACH = 2  # jobs of one visitor at a time
AWAY = 5.0  # seconds after which a visitor is taken to have left: a connection may break for a moment
CANCELLED = -15
_FAILED = 1
_GRACE = GRACE
_BEHIND = 10  # the priority of jobs, behind that of the pages
_MEASURED = 1.0  # seconds between two looks at what jobs take


@dataclass(frozen=True)
class Bounds:
    """What a job may take. place: the folder of its visitor, in which all goes that it writes for itself alone; None:
    where the system has such things. disk: bytes of that folder. memory: bytes of the job with all that it starts.
    None: as much as there is.
    """

    place: Path | None = None
    disk: int | None = None
    memory: int | None = None

    @property
    def held(self) -> int:
        """Bytes that the visitor's folder takes now."""
        return taken_by(self.place) if self.place else 0

    def passed(self, leader: int) -> str:
        """Which bound is passed, "disk" or "memory", by the visitor's folder and a group of processes; "" for none."""
        if self.disk is not None and self.held > self.disk:
            return "disk"
        return "memory" if self.memory is not None and memory_of(leader) > self.memory else ""


NO_BOUNDS = Bounds()


@dataclass(eq=False)
class Job:
    """A command that waits, runs or has ended. Its last line on stderr says how it goes or why it failed."""

    owner: str
    key: str
    what: str
    arguments: list[str]
    environment: Mapping[str, str]
    present: Callable[[], bool]
    bounds: Bounds = NO_BOUNDS
    log: IO[bytes] = field(default_factory=tempfile.TemporaryFile)
    process: subprocess.Popen[bytes] | None = None
    begun: float = 0.0
    stopped: bool = False
    passed: str = ""  # the bound that ended it: "disk" or "memory"
    _seen: float = field(default_factory=time.monotonic)
    _scratch: Path | None = None
    _lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def code(self) -> int | None:
        """What the command ended with, CANCELLED where it was stopped; None before."""
        if self.process is None:
            return _FAILED if self.begun else CANCELLED if self.stopped else None
        found = self._poll()
        if found and self.passed:
            return _FAILED
        return CANCELLED if self.stopped and found else found

    def _poll(self) -> int | None:
        """As Popen's; what a command leaves at work ends with it, and so does what it wrote for itself alone."""
        process = self.process
        assert process is not None
        with self._lock:
            if process.returncode is not None:
                return process.returncode
            if has_ended(process.pid):
                signal_group(process.pid, signal.SIGKILL)
            if process.poll() is None:
                return None
            if process.stdin is not None:
                process.stdin.close()
            if self._scratch is not None:
                _take_away(self._scratch)
            if process.returncode and not self.stopped and self.bounds.memory is not None and self._lacked_memory():
                self.passed = "memory"
            return process.returncode

    def _lacked_memory(self) -> bool:
        assert self.process is not None
        return self.process.returncode == -9 or tells_of_memory(self._tail())

    @property
    def alive(self) -> bool:
        """Whether it waits or runs."""
        return self.code is None

    @property
    def last_line(self) -> str:
        lines = self._tail().strip().splitlines()
        return lines[-1] if lines else ""

    def _tail(self) -> str:
        with suppress(ValueError):  # put away meanwhile
            self.log.seek(0)
            return self.log.read()[-4000:].decode("utf-8", "replace")
        return ""

    def begin(self) -> None:
        self.begun = time.monotonic()
        environment = dict(self.environment)
        try:
            if self.bounds.place is not None:
                self._scratch = Path(tempfile.mkdtemp(prefix="scratch-", dir=self.bounds.place))
                environment |= dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(self._scratch))
            self.process = subprocess.Popen(
                watched(self.arguments, memory=self.bounds.memory or 0),
                cwd=ROOT,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=self.log,
                start_new_session=True,
            )
        except OSError as error:
            said = f"the command could not be started ({reason_of(error)})"
            self.log.write(said.encode())
            return
        with suppress(OSError, AttributeError):  # AttributeError: Windows
            os.setpriority(os.PRIO_PROCESS, self.process.pid, _BEHIND)
        job_begun(self.arguments, self._poll)

    def stop(self) -> bool:
        """Ask it to end, with all that it started; whether there is anything to wait for."""
        self.stopped = True
        return self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """End what did not end when it was asked."""
        if self._signal(getattr(signal, "SIGKILL", signal.SIGTERM)):
            _wait([self], 10)

    def _signal(self, number: int) -> bool:
        with self._lock:
            if self.process is None or self._poll() is not None:
                return False
            signal_group(self.process.pid, number)
            return True

    def cancel(self) -> None:
        """Stop it, whether it waits or runs. Its last seconds are its own."""
        end([self])

    def left(self) -> bool:
        """Whether its visitor has been away for longer than a moment."""
        if self.present():
            self._seen = time.monotonic()
        return time.monotonic() - self._seen > AWAY


def _take_away(folder: Path) -> None:
    """A folder in which something may still write that is being killed."""
    for _ in range(25):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            break
        time.sleep(0.02)


def end(jobs: Iterable[Job]) -> None:
    """Stop jobs side by side, whether they wait or run. Their last seconds are their own."""
    running = [job for job in jobs if job.stop()]
    _wait(running, _GRACE)
    for job in running:
        job.kill()


def _wait(jobs: Sequence[Job], seconds: float) -> None:
    until = time.monotonic() + seconds
    while any(job.alive for job in jobs) and time.monotonic() < until:
        time.sleep(0.02)


class Queue:
    """The jobs of a server in the order in which they were asked for.

    at_once: how many run; default: as many as cores. command: what the arguments of a job stand after.
    """

    def __init__(self, at_once: int | None = None, command: Sequence[str] = (sys.executable, "-m", "isogloss")) -> None:
        self._command = command
        self._at_once = at_once or len(getattr(os, "sched_getaffinity", lambda _: range(os.cpu_count() or 1))(0))
        self._jobs: dict[tuple[str, str], Job] = {}
        self._lock = threading.RLock()
        self._watch: threading.Thread | None = None

    def start(
        self,
        owner: str,
        key: str,
        arguments: Sequence[str],
        *,
        environment: Mapping[str, str],
        what: str = "",
        present: Callable[[], bool] = lambda: True,
        bounds: Bounds = NO_BOUNDS,
    ) -> Job:
        """Ask for a command of these arguments, unless the owner has a job of that key that waits or runs.

        owner: whose it is; nobody else finds it. present: whether the owner is still there; a job ends when not.
        bounds: a job ends, too, when it passes them.
        """
        with self._lock:
            job = self._jobs.get((owner, key))
            if job is None or not job.alive:
                if job is not None:
                    self.forget(job)
                job = Job(owner, key, what, [*self._command, *arguments], environment, present, bounds)
                self._jobs[owner, key] = job
                self._advance()
            return job

    def find(self, owner: str, key: str) -> Job | None:
        """The owner's job of that key, whether it waits, runs or has ended."""
        return self._jobs.get((owner, key))

    def of(self, owner: str) -> list[Job]:
        """All jobs of an owner, as they were asked for."""
        with self._lock:
            return [job for job in self._jobs.values() if job.owner == owner]

    def before(self, job: Job) -> int:
        """How many that wait were asked for before; 0 for what runs or has ended."""
        with self._lock:
            waiting = [one for one in self._jobs.values() if not one.begun and one.alive]
            return waiting.index(job) if job in waiting else 0

    def forget(self, job: Job) -> None:
        """Put a job away; one that waits or runs is cancelled."""
        self._forget([job])

    def leave(self, *owners: str) -> None:
        """Put away all that some owners asked for."""
        with self._lock:
            theirs = [job for job in self._jobs.values() if job.owner in owners]
        self._forget(theirs)

    def end(self) -> None:
        """Put away all jobs: the server is about to stop."""
        with self._lock:
            owners = {job.owner for job in self._jobs.values()}
        self.leave(*owners)

    def _forget(self, jobs: Sequence[Job]) -> None:
        end(jobs)
        with self._lock:
            for job in jobs:
                if self._jobs.get((job.owner, job.key)) is job:
                    del self._jobs[job.owner, job.key]
                job.log.close()
            self._advance()

    def _advance(self) -> None:
        """Begin what may begin: the first that waits, unless its owner has enough."""
        running = [job.owner for job in self._jobs.values() if job.process is not None and job.alive]
        for job in self._jobs.values():
            if len(running) >= self._at_once:
                break
            if job.process is None and job.alive and running.count(job.owner) < EACH:
                job.begin()
                running.append(job.owner)
        if self._watch is None and any(job.alive for job in self._jobs.values()):
            self._watch = threading.Thread(target=self._look_after, daemon=True, name="isogloss-jobs")
            self._watch.start()

    def _look_after(self) -> None:
        """While anything waits or runs: the next begins when one has ended, and what nobody waits for, or what takes
        more than it may, ends.
        """
        measured = 0.0
        while True:
            time.sleep(0.2)
            with self._lock:
                alive = [job for job in self._jobs.values() if job.alive]
                if not alive:
                    self._watch = None
                    return
            if left := {job.owner for job in alive if job.left()}:
                self.leave(*left)
            if time.monotonic() - measured > _MEASURED:
                end(job for job in alive if _is_over(job))
                measured = time.monotonic()
            with self._lock:
                self._advance()


def _is_over(job: Job) -> bool:
    if job.process is None or not job.alive:
        return False
    if passed := job.bounds.passed(job.process.pid):  # what its end told meanwhile stays
        job.passed = passed
    return bool(passed)


QUEUE = Queue()
