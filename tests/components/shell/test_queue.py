"""Jobs of many visitors: in a line, nobody's but their own, and over when their visitor has left."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator

import pytest

from components.shell import queue as queues
from components.shell.queue import CANCELLED, Job, Queue

SLEEP = "import time; time.sleep(60)"
STUBBORN = "import signal, time; signal.signal(15, signal.SIG_IGN); print('on', flush=True); time.sleep(60)"


def asked(queue: Queue, owner: str, key: str, code: str = SLEEP, **more: object) -> Job:
    return queue.start(owner, key, [code], environment=os.environ, **more)  # type: ignore[arg-type]


def until(true: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.02)


@pytest.fixture
def queue() -> Iterator[Queue]:
    made = Queue(at_once=3, command=[sys.executable, "-c"])
    yield made
    for owner in "abc":
        made.leave(owner)


def test_at_most_two_of_a_visitor_and_three_in_all(queue: Queue) -> None:
    first = [asked(queue, "a", key) for key in "123"]
    other = [asked(queue, "b", key) for key in "12"]
    assert [bool(job.begun) for job in (*first, *other)] == [True, True, False, True, False]
    assert [queue.before(job) for job in (*first, *other)] == [0, 0, 0, 0, 1]
    first[0].cancel()
    until(lambda: bool(first[2].begun))
    assert (first[0].code, other[1].begun, queue.before(other[1])) == (CANCELLED, 0.0, 0)
    other[0].cancel()
    until(lambda: bool(other[1].begun))


def test_a_second_press_asks_for_nothing_new(queue: Queue) -> None:
    running, waiting = asked(queue, "a", "1"), [asked(queue, "a", key) for key in "23"][1]
    assert asked(queue, "a", "1") is running
    assert asked(queue, "a", "3") is waiting
    running.cancel()
    assert asked(queue, "a", "1") is not running


def test_nobody_finds_the_jobs_of_another(queue: Queue) -> None:
    job = asked(queue, "a", "1")
    assert queue.find("b", "1") is None
    queue.leave("b")
    assert job.alive
    assert queue.of("a") == [job]


def test_what_ends_says_how(queue: Queue) -> None:
    good = asked(queue, "a", "good", "import sys; print('all is well', file=sys.stderr)")
    bad = asked(queue, "a", "bad", "import sys; sys.exit('nothing is well')")
    until(lambda: not good.alive and not bad.alive)
    assert (good.code, good.last_line, bad.code, bad.last_line) == (0, "all is well", 1, "nothing is well")
    queue.forget(good)
    assert queue.find("a", "good") is None
    assert good.last_line == ""


def test_what_waits_can_be_cancelled(queue: Queue) -> None:
    jobs = [asked(queue, "a", key) for key in "123"]
    jobs[2].cancel()
    assert (jobs[2].code, jobs[2].begun, jobs[2].alive) == (CANCELLED, 0.0, False)


def test_a_command_that_cannot_be_started_has_failed() -> None:
    queue = Queue(command=["/no/such/program"])
    job = asked(queue, "a", "1")
    until(lambda: job.code == 1)
    assert "could not be started" in job.last_line
    queue.leave("a")


def test_jobs_end_soon_after_their_visitor_has_left(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queues, "AWAY", 0.3)
    monkeypatch.setattr(queues, "_GRACE", 0.3)
    here = [True]
    gone = [asked(queue, "a", key, code, present=lambda: here[0]) for key, code in enumerate((SLEEP, STUBBORN, SLEEP))]
    stays = asked(queue, "b", "1")
    time.sleep(0.6)
    assert all(job.alive for job in gone)
    here[0] = False
    until(lambda: not any(job.alive for job in gone))
    assert stays.alive
    until(lambda: queue.of("a") == [])


def test_jobs_stand_behind_the_pages(queue: Queue) -> None:
    job = asked(queue, "a", "1")
    assert job.process is not None
    assert os.getpriority(os.PRIO_PROCESS, job.process.pid) >= os.getpriority(os.PRIO_PROCESS, 0) + 5
