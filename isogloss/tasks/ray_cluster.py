"""Tasks done on a Ray cluster: the same code, sent along, on whatever machines the cluster has."""

from __future__ import annotations

import os
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import isogloss
from isogloss.errors import BuildError, InvalidValue, IsoglossError, needs
from isogloss.tasks.task import RETRIES, Take, Task, begun_again, perform
from isogloss.types import Arrays

_WAIT = 0.5  # seconds between two looks


@dataclass(frozen=True)
class RayCluster:
    """on: `auto`, the cluster that this machine belongs to, else one begun here for as long as it is needed; or
    `ray://HOST:PORT`. Ray moves what it computes between its own processes by pickles of its own: name only clusters
    that you trust as you trust this machine.
    """

    on: str = "auto"

    def run(self, tasks: Sequence[Task], *, report: Callable[[float], None], take: Take) -> None:
        """Do the tasks, as many at a time as the cluster has cores; take(i, arrays) is called as each ends.

        A task whose worker or machine dies is begun again, at most three times, and said in the log. What report
        raises ends all. Raises InvalidValue where no cluster answers, BuildError for a task that fails, and the errors
        of its own work as they are.
        """
        with needs("ray"):
            import ray
        with _joined(ray, self.on):
            _run(ray, tasks, report, take)


@contextmanager
def _joined(ray: Any, on: str) -> Iterator[None]:
    if ray.is_initialized():  # somebody else's connection: used, and left as it is
        yield
        return
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is told to anyone
    quiet = {"logging_level": "ERROR", "log_to_driver": False}
    package = str(Path(isogloss.__file__).parent)
    sent = {"py_modules": [package], "excludes": ["**/__pycache__/**"]}
    try:
        ray.init(address=on, runtime_env=sent, **quiet)
    except ConnectionError as error:
        if on != "auto":
            raise InvalidValue(
                f"no Ray cluster answers at {on}",
                "give the one that `ray start` printed; with tokens, RAY_AUTH_MODE=token and RAY_AUTH_TOKEN",
            ) from error
        path = os.pathsep.join([str(Path(package).parent), os.environ.get("PYTHONPATH", "")])
        ray.init(runtime_env={"env_vars": {"PYTHONPATH": path}}, include_dashboard=False, **quiet)
    try:
        yield
    finally:
        ray.shutdown()


def _run(ray: Any, tasks: Sequence[Task], report: Callable[[float], None], take: Take) -> None:
    n, done = len(tasks), 0
    waiting, died = deque(range(n)), Counter[int]()
    running: dict[Any, int] = {}
    do = ray.remote(num_cpus=1, max_retries=0)(_do)  # counted and told by us
    at_once = max(int(ray.cluster_resources().get("CPU", 1)), 1)
    try:
        while waiting or running:
            while waiting and len(running) < at_once:
                index = waiting.popleft()
                task = tasks[index]
                running[do.remote(task.work, task.arrays, dict(task.settings))] = index
            ready, _ = ray.wait(list(running), num_returns=1, timeout=_WAIT)
            report(done / n)
            for one in ready:
                index = running.pop(one)
                try:
                    arrays = ray.get(one)
                except ray.exceptions.RayTaskError as error:
                    raise _reason(error) from error
                except ray.exceptions.RayError as error:  # the worker, its machine, or what it had made, is gone
                    if died[index] == RETRIES:
                        raise BuildError(
                            f"a task ended {RETRIES + 1} times with its worker ({type(error).__name__})",
                            "look at the cluster's memory, then build again: what is finished is kept",
                        ) from error
                    died[index] += 1
                    begun_again(index, n, type(error).__name__, died[index])
                    waiting.append(index)
                else:
                    done += 1
                    take(index, {name: array.copy() for name, array in arrays.items()})
        report(1.0)
    finally:
        for one in running:
            ray.cancel(one, force=True)


def _do(work: str, arrays: Arrays, settings: dict[str, Any]) -> Arrays:
    return perform(Task(work, {name: array.copy() for name, array in arrays.items()}, settings))


def _reason(error: Any) -> Exception:
    cause = error.cause
    if isinstance(cause, IsoglossError):
        return cause
    return BuildError(f"a task failed: {type(cause).__name__}: {cause}", "the log of the cluster has all of it")
