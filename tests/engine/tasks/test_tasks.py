"""Tasks: done here and on a Ray cluster to the same bits, also when what does them is killed."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import isogloss
from isogloss.encoders.encoder import open_encoder
from isogloss.encoders.kept import encode_kept
from isogloss.errors import BuildError, InvalidValue
from isogloss.maps.layout import LayoutParameters, find_layout, lay_out_beforehand, make_layout
from isogloss.tasks.here import Here
from isogloss.tasks.place import place_of
from isogloss.tasks.task import Task, perform
from isogloss.training.build import build
from isogloss.types import Arrays
from isogloss.workspace.derived import DerivedStore
from tests.kit.planted import planted, recipe_for
from tests.kit.tiers import TIER


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


def workers() -> list[int]:
    """Processes of Ray that do a task now."""
    found = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found += [int(place.parent.name)] if place.read_bytes().startswith(b"ray::_do") else []
        except OSError:  # it has just ended
            continue
    return found


@pytest.mark.long
def test_a_cluster_gives_the_bits_of_here_though_a_worker_is_killed(caplog: pytest.LogCaptureFixture) -> None:
    """Two workers, one of which is killed while it works: the same result, one retry in the log."""
    pytest.importorskip("ray")
    tasks = [drawn(seed, seconds=1.0) for seed in range(4)]
    killed: list[int] = []
    made: dict[int, Arrays] = {}

    def kill(share: float) -> None:
        if not killed and (found := workers()):
            killed.append(found[0])
            os.kill(killed[0], signal.SIGKILL)

    with caplog.at_level(logging.WARNING, "isogloss.tasks"):
        place_of("auto").run(tasks, report=kill, take=made.__setitem__)
    assert len(killed) == 1
    assert ["begun again (1 of 3)" in r.getMessage() for r in caplog.records] == [True]
    here = {i: perform(task)["values"].tobytes() for i, task in enumerate(tasks)}
    assert {i: one["values"].tobytes() for i, one in made.items()} == here


@pytest.mark.skipif(TIER != "soak", reason="half a minute of Ray; by hand")
def test_what_is_made_on_a_cluster_is_what_is_made_here(tmp_path: Path) -> None:
    """A build, a map of each space, texts, and a grid: equal to the bit, and found where they are looked for."""
    ray = pytest.importorskip("ray")
    recipe = recipe_for(planted(tmp_path, sentences=6), compass_epochs=1, slice_epochs=1)
    root = str(Path(isogloss.__file__).parents[1])
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="ERROR",
             runtime_env={"env_vars": {"PYTHONPATH": root}})  # fmt: skip
    try:
        here, there = build(recipe, workers=1).collection, build(recipe, on="auto").collection
        assert [s.fingerprint for s in here.spaces] == [s.fingerprint for s in there.spaces]

        one, two = DerivedStore(tmp_path / "one"), DerivedStore(tmp_path / "two")
        lay_out_beforehand(here, [[n] for n in here.names], LayoutParameters(), store=two, on="auto")
        for name in here.names:
            assert find_layout(here, [name], LayoutParameters(), store=two) is not None
            pair = [make_layout(here, [name], LayoutParameters(), store=store) for store in (one, two)]
            assert pair[0].coordinates.tobytes() == pair[1].coordinates.tobytes()
            assert pair[0].kept.tolist() == pair[1].kept.tolist()

        texts, encoder = [f"sentence {i}" for i in range(1_500)], open_encoder("")
        assert encode_kept(encoder, texts, one)[0].tobytes() == encode_kept(encoder, texts, two, on="auto")[0].tobytes()
        assert encode_kept(encoder, texts, two)[1] == 0  # no token was read again
    finally:
        ray.shutdown()
