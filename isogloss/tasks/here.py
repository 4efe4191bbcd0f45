"""Tasks done in processes of this machine.

The processes are plain commands rather than multiprocessing's, which would import whatever script
happens to run (a Streamlit page, a test) once more in each of them.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from isogloss.errors import BuildError
from isogloss.places import ROOT
from isogloss.tasks.task import RETRIES, Take, Task, begun_again, perform
from isogloss.types import Arrays, Floats
from isogloss.workspace.folders import scratch_folder

_PARENT_DEATH = 1  # of Linux, the signal that comes when whoever began a process is dead


@dataclass(frozen=True)
class Here:
    """Processes side by side on this machine. workers: how many at a time."""

    workers: int = 2

    def run(
        self, tasks: Sequence[Task], *, report: Callable[[float], None], take: Callable[[int, Arrays], None]
    ) -> None:
        """Do the tasks; take(i, arrays) is called as each ends, report(share) again and again.

        A process that is killed is begun again, at most three times. What report raises ends all processes. Raises
        BuildError when a task fails.
        """
        with scratch_folder() as folder:
            n = len(tasks)
            shares = np.memmap(folder / "progress", dtype=np.float64, mode="w+", shape=n)
            for i, task in enumerate(tasks):
                np.savez(folder / f"{i}.npz", **task.arrays)  # type: ignore[arg-type]
                (folder / f"{i}.json").write_text(json.dumps({"work": task.work, "settings": dict(task.settings)}))
            self._run(folder, n, shares, report, take)

    def _run(
        self,
        folder: Path,
        n: int,
        shares: Floats,
        report: Callable[[float], None],
        take: Take,
    ) -> None:
        environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
        waiting, died = deque(range(n)), Counter[int]()
        running: dict[int, subprocess.Popen[bytes]] = {}
        try:
            while waiting or running:
                while waiting and len(running) < self.workers:
                    index = waiting.popleft()
                    command = [sys.executable, "-m", "isogloss.tasks.here", str(folder), str(index), str(n)]
                    running[index] = subprocess.Popen(command, env=environment)
                time.sleep(0.1)
                report(float(shares.mean()))
                for index, process in list(running.items()):
                    code = process.poll()
                    if code is None:
                        continue
                    del running[index]
                    if code < 0 and died[index] < RETRIES:
                        died[index] += 1
                        begun_again(index, n, f"killed by signal {-code}", died[index])
                        waiting.appendleft(index)
                    elif code:
                        raise BuildError(
                            f"a process ended with code {code}",
                            "the lines above say why; if it was killed, free some memory and build again",
                        )
                    else:
                        with np.load(folder / f"{index}-done.npz") as found:
                            take(index, {key: found[key] for key in found.files})
        finally:
            for process in running.values():
                process.kill()
                process.wait()


def main(folder: Path, index: int, n: int) -> None:
    """Do one task in this process and leave what it made in a file."""
    shares = np.memmap(folder / "progress", dtype=np.float64, mode="r+", shape=n)
    told = json.loads((folder / f"{index}.json").read_text())

    def report(_: str, share: float, number: float | None = None, /) -> None:
        shares[index] = share

    with np.load(folder / f"{index}.npz") as data:
        task = Task(told["work"], {key: data[key] for key in data.files}, told["settings"])
    np.savez(folder / f"{index}-done.npz", **perform(task, report))  # type: ignore[arg-type]
    shares[index] = 1.0


def _end_with_the_run() -> None:
    """Where the system can (Linux): a run that is killed takes its processes with it."""
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).prctl(_PARENT_DEATH, signal.SIGKILL)


if __name__ == "__main__":
    _end_with_the_run()
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
