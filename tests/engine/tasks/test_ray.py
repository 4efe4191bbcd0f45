"""What is trained, laid out and encoded on a cluster is what is made here, to the bit; also by a client, and though
workers are killed. All that needs Ray itself is in the soak tier.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import isogloss
from isogloss.corpora.recipe import Replicates
from isogloss.encoders.encoder import open_encoder
from isogloss.encoders.kept import encode_kept
from isogloss.errors import InvalidValue
from isogloss.imbalance.grid import Grid, measure_grid
from isogloss.imbalance.recipe import read_imbalance
from isogloss.maps.layout import LayoutParameters, find_layout, lay_out_beforehand, make_layout
from isogloss.spaces.collection import Collection
from isogloss.tasks import place
from isogloss.tasks.place import place_of
from isogloss.tasks.task import Task, perform
from isogloss.training.build import build
from isogloss.types import Arrays
from isogloss.workspace.derived import DerivedStore
from tests.browser.conftest import free_port
from tests.engine.imbalance.test_grid import plant
from tests.kit.corpora import Generator, recipe
from tests.kit.killed import Killing
from tests.kit.tiers import TIER

SETTINGS: dict[str, Any] = {"include_dashboard": False, "log_to_driver": False, "logging_level": "ERROR"}
by_hand = pytest.mark.skipif(TIER != "soak", reason="Ray takes ten seconds to begin; by hand")


class Counted:
    """A place that does tasks in this process and remembers them."""

    def __init__(self) -> None:
        self.work: list[str] = []

    def run(self, tasks: Any, *, report: Any, take: Any) -> None:
        for i, task in enumerate(tasks):
            self.work.append(task.work)
            report(i / len(tasks))
            take(i, perform(task))


def trained(folder: Path, on: str) -> Collection:
    """Two slices, halved twice by author and once by document."""
    rng = np.random.default_rng(2)
    tables = [Generator(words=120, topics=8, seed=2).documents(120, name, rng) for name in "ab"]
    asked = recipe(tables, folder, Replicates(author=2, document=1), dim=8, slice_epochs=1, ship_count=25)
    return build(asked, workers=1, on=on).collection


def require_same(here: Collection, there: Collection) -> None:
    """Vectors, nulls, intervals (in the digest) and noise, to the bit."""
    assert [s.fingerprint for s in here.spaces] == [s.fingerprint for s in there.spaces]
    assert here.controls is not None
    assert there.controls is not None
    assert here.controls.digest == there.controls.digest
    for name, noise in here.controls.noise.items():
        other = there.controls.noise[name]
        assert noise.variance.tobytes() == other.variance.tobytes()
        assert noise.covariance.tobytes() == other.covariance.tobytes()


def figures(grid: Grid) -> list[Any]:
    return [(one.share, one.anchors, one.tokens, one.n, one.seeds) for one in grid.points]


@pytest.mark.long
def test_slices_and_every_half_of_a_replicate_are_tasks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    where, asked = Counted(), place.place_of
    for module in ("training.workers", "tasks.place"):
        monkeypatch.setattr(f"isogloss.{module}.place_of", lambda on, **more: where if on != "here" else asked(on))
    require_same(trained(tmp_path, "here"), trained(tmp_path, "auto"))
    assert where.work == ["isogloss.training.workers:train_task"] * (2 + 3 * 2 * 2)  # slices, halves


@contextmanager
def cluster() -> Iterator[Any]:
    """Two workers on this machine, which tests of this process use."""
    ray = pytest.importorskip("ray")
    root = str(Path(isogloss.__file__).parents[1])
    ray.init(num_cpus=2, runtime_env={"env_vars": {"PYTHONPATH": root}}, **SETTINGS)
    try:
        yield ray
    finally:
        ray.shutdown()


@by_hand
def test_what_is_made_on_a_cluster_is_what_is_made_here(tmp_path: Path) -> None:
    """A build with its replicates, a map of each space, texts, and a grid: found where they are looked for."""
    one, two = DerivedStore(tmp_path / "one"), DerivedStore(tmp_path / "two")
    with cluster():
        here, there = trained(tmp_path, "here"), trained(tmp_path, "auto")
        require_same(here, there)

        lay_out_beforehand(here, [[n] for n in here.names], LayoutParameters(), store=two, on="auto")
        for name in here.names:
            assert find_layout(here, [name], LayoutParameters(), store=two) is not None
            pair = [make_layout(here, [name], LayoutParameters(), store=store) for store in (one, two)]
            assert pair[0].coordinates.tobytes() == pair[1].coordinates.tobytes()
            assert pair[0].kept.tolist() == pair[1].kept.tolist()

        texts, encoder = [f"sentence {i}" for i in range(1_500)], open_encoder("")
        assert encode_kept(encoder, texts, one)[0].tobytes() == encode_kept(encoder, texts, two, on="auto")[0].tobytes()
        assert encode_kept(encoder, texts, two)[1] == 0  # no token was read again

        asked = read_imbalance(plant(tmp_path))
        assert figures(measure_grid(asked, store=one)) == figures(measure_grid(asked, store=two, on="auto"))


def retries(caplog: pytest.LogCaptureFixture) -> list[bool]:
    return ["begun again (1 of 3)" in record.getMessage() for record in caplog.records]


@by_hand
def test_a_grid_whose_worker_is_killed_is_the_same(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """One retry in the log, the same figures."""
    asked, kills = read_imbalance(plant(tmp_path)), Killing()
    with cluster(), caplog.at_level(logging.WARNING, "isogloss.tasks"):
        there = measure_grid(asked, store=DerivedStore(tmp_path / "two"), on="auto", progress=kills)
    assert len(kills.killed) == 1
    assert retries(caplog) == [True]
    assert figures(there) == figures(measure_grid(asked, store=DerivedStore(tmp_path / "one")))


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """A cluster of its own, begun as an administrator begins one, and the address for clients. It ends by its pid."""
    pytest.importorskip("ray")
    ports = [free_port() for _ in range(4)]
    command = [
        str(Path(sys.executable).with_name("ray")),
        "start",
        "--head",
        "--block",
        "--num-cpus=2",
        "--include-dashboard=false",
        "--disable-usage-stats",
        "--node-ip-address=127.0.0.1",
        f"--port={ports[0]}",
        f"--ray-client-server-port={ports[1]}",
        f"--temp-dir={folder}",
    ]
    with open(folder / "said", "wb") as said:
        head = subprocess.Popen(command, stdout=said, stderr=said, start_new_session=True)
    try:
        yield f"ray://127.0.0.1:{ports[1]}"
    finally:
        head.terminate()
        try:
            head.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(head.pid, signal.SIGKILL)
            head.wait()


def answered(on: str, tasks: list[Task], progress: Any) -> dict[int, Arrays]:
    """What a cluster that is just beginning makes of tasks."""
    for attempt in range(60):
        made: dict[int, Arrays] = {}
        try:
            place_of(on).run(tasks, report=progress, take=made.__setitem__)
        except InvalidValue:  # it does not answer yet
            assert attempt < 59
            time.sleep(1)
        else:
            return made
    raise AssertionError


@by_hand
def test_a_client_gets_the_bits_of_here_though_a_worker_is_killed(
    tmp_path_factory: pytest.TempPathFactory, caplog: pytest.LogCaptureFixture
) -> None:
    """By ray://, on a cluster that `ray start` began: killed tasks, a build with its replicates, a grid."""
    folder, kills = tmp_path_factory.mktemp("r"), Killing()
    values = [np.random.default_rng(seed).normal(size=50) for seed in range(4)]
    tasks = [Task("isogloss.tasks.task:doubled", {"values": one}, {"seconds": 1.0}) for one in values]
    with served(folder) as on, caplog.at_level(logging.WARNING, "isogloss.tasks"):
        made = answered(on, tasks, kills)
        assert len(kills.killed) == 1
        assert retries(caplog) == [True]
        assert [made[i]["values"].tobytes() for i in range(4)] == [(one * 2).tobytes() for one in values]
        require_same(trained(folder, "here"), trained(folder, on))
        asked, stores = read_imbalance(plant(folder)), [DerivedStore(folder / name) for name in ("one", "two")]
        assert figures(measure_grid(asked, store=stores[0])) == figures(measure_grid(asked, store=stores[1], on=on))
