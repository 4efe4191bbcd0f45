"""The commands of all visits: at most two of a visitor and as many as cores at a time, the others wait in a line.

They are kept here and not in Streamlit's caches, which any visitor can empty.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO

from components.log.lines import job_begun
from isogloss.errors import reason_of
from isogloss.places import ROOT

EACH = 2  # jobs of one visitor at a time
AWAY = 5.0  # seconds after which a visitor is taken to have left: a connection may break for a moment
CANCELLED = -15
_FAILED = 1
_GRACE = 3.0  # seconds in which a command may put things in order
_BEHIND = 10  # the priority of jobs, behind that of the pages


@dataclass(eq=False)
class Job:
    """A command that waits, runs or has ended. Its last line on stderr says how it goes or why it failed."""

    owner: str
    key: str
    what: str
    arguments: list[str]
    environment: Mapping[str, str]
    present: Callable[[], bool]
    log: IO[bytes] = field(default_factory=tempfile.TemporaryFile)
    process: subprocess.Popen[bytes] | None = None
    begun: float = 0.0
    stopped: bool = False
    _seen: float = field(default_factory=time.monotonic)

    @property
    def code(self) -> int | None:
        """What the command ended with, CANCELLED where it was stopped; None before."""
        if self.process is None:
            return _FAILED if self.begun else CANCELLED if self.stopped else None
        found = self.process.poll()
        return CANCELLED if self.stopped and found else found

    @property
    def alive(self) -> bool:
        """Whether it waits or runs."""
        return self.code is None

    @property
    def last_line(self) -> str:
        with suppress(ValueError):  # put away meanwhile
            self.log.seek(0)
            lines = self.log.read()[-4000:].decode("utf-8", "replace").strip().splitlines()
            return lines[-1] if lines else ""
        return ""

    def begin(self) -> None:
        self.begun = time.monotonic()
        try:
            self.process = subprocess.Popen(
                self.arguments, cwd=ROOT, env=dict(self.environment), stdout=subprocess.DEVNULL, stderr=self.log
            )
        except OSError as error:
            said = f"the command could not be started ({reason_of(error)})"
            self.log.write(said.encode())
            return
        with suppress(OSError, AttributeError):  # AttributeError: Windows
            os.setpriority(os.PRIO_PROCESS, self.process.pid, _BEHIND)
        job_begun(self.arguments, self.process)

    def cancel(self) -> None:
        """Stop it, whether it waits or runs. Its last seconds are its own."""
        self.stopped = True
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)

    def left(self) -> bool:
        """Whether its visitor has been away for longer than a moment."""
        if self.present():
            self._seen = time.monotonic()
        return time.monotonic() - self._seen > AWAY


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
    ) -> Job:
        """Ask for a command of these arguments, unless the owner has a job of that key that waits or runs.

        owner: whose it is; nobody else finds it. present: whether the owner is still there; a job ends when not.
        """
        with self._lock:
            job = self._jobs.get((owner, key))
            if job is None or not job.alive:
                if job is not None:
                    self.forget(job)
                job = Job(owner, key, what, [*self._command, *arguments], environment, present)
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
        job.cancel()
        with self._lock:
            if self._jobs.get((job.owner, job.key)) is job:
                del self._jobs[job.owner, job.key]
            job.log.close()
            self._advance()

    def leave(self, owner: str) -> None:
        """Put away all that an owner asked for."""
        for job in self.of(owner):
            self.forget(job)

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
        """While anything waits or runs: the next begins when one has ended, and what nobody waits for ends."""
        while True:
            time.sleep(0.2)
            with self._lock:
                alive = [job for job in self._jobs.values() if job.alive]
                if not alive:
                    self._watch = None
                    return
            for owner in {job.owner for job in alive if job.left()}:
                self.leave(owner)
            with self._lock:
                self._advance()


QUEUE = Queue()
