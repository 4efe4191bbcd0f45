"""Tasks: done here and on a Ray cluster to the same bits, also when what does them is killed."""

from __future__ import annotations

import logging
import subprocess
from typing import Any

import numpy as np
import pytest

from isogloss.errors import BuildError, InvalidValue
from isogloss.tasks.here import Here
from isogloss.tasks.place import place_of
from isogloss.tasks.task import Task, perform
from isogloss.types import Arrays
from tests.kit.killed import Killing


def drawn(seed: int, **settings: Any) -> Task:
    return Task("isogloss.tasks.task:doubled", {"values": np.random.default_rng(seed).normal(size=50)}, settings)


def done(place: Any, tasks: list[Task]) -> dict[int, Arrays]:
    out: dict[int, Arrays] = {}
    shares: list[float] = []
    place.run(tasks, report=shares.append, take=out.__setitem__)
    assert all(0 <= share <= 1 for share in shares)
    return out


@pytest.mark.parametrize("work", ["os:system", "isogloss.tasks.task", "isogloss:__import__", "isogloss.a:b.c", ""])
def test_work_is_of_this_package(work: str) -> None:
    with pytest.raises(InvalidValue, match="no work is called"):
        Task(work, {})


@pytest.mark.parametrize(
    "on", ["", "there", "ray://", "ray://host", "http://host:1", "ray://a b:1", "ray://host:123456"]
)
def test_a_place_is_here_or_a_cluster(on: str) -> None:
    with pytest.raises(InvalidValue, match="choose here, auto or ray://HOST:PORT"):
        place_of(on)


def test_here_all_are_done_to_the_bit() -> None:
    tasks = [drawn(seed, times=seed) for seed in range(3)]
    made = done(Here(2), tasks)
    assert {i: one["values"].tobytes() for i, one in made.items()} == {
        i: perform(task)["values"].tobytes() for i, task in enumerate(tasks)
    }


@pytest.mark.long
def test_a_killed_process_is_begun_again(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    killed: list[int] = []
    real = subprocess.Popen

    def begin(*arguments: Any, **named: Any) -> subprocess.Popen[bytes]:
        process = real(*arguments, **named)
        if not killed:
            killed.append(process.pid)
            process.kill()
        return process

    monkeypatch.setattr("isogloss.tasks.here.subprocess.Popen", begin)
    with caplog.at_level(logging.WARNING, "isogloss.tasks"):
        made = done(Here(1), [drawn(0)])
    assert (made[0]["values"] == perform(drawn(0))["values"]).all()
    assert [r.getMessage() for r in caplog.records] == ["task 1 of 1 ended (killed by signal 9): begun again (1 of 3)"]


@pytest.mark.long
def test_what_fails_is_one_error() -> None:
    with pytest.raises(BuildError, match="ended with code 1"):
        done(Here(1), [Task("isogloss.tasks.task:doubled", {})])


@pytest.mark.long
def test_a_cluster_gives_the_bits_of_here_though_a_worker_is_killed(caplog: pytest.LogCaptureFixture) -> None:
    """Two workers, one of which is killed while it works: the same result, one retry in the log."""
    pytest.importorskip("ray")
    tasks = [drawn(seed, seconds=1.0) for seed in range(4)]
    made: dict[int, Arrays] = {}
    kills = Killing()
    with caplog.at_level(logging.WARNING, "isogloss.tasks"):
        place_of("auto").run(tasks, report=kills, take=made.__setitem__)
    assert len(kills.killed) == 1
    assert ["begun again (1 of 3)" in r.getMessage() for r in caplog.records] == [True]
    here = {i: perform(task)["values"].tobytes() for i, task in enumerate(tasks)}
    assert {i: one["values"].tobytes() for i, one in made.items()} == here
