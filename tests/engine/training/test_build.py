"""Builds that are stopped go on from the last finished slice; killed ones leave the old or the new collection; the
baseline.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from isogloss.corpora.proposing.recipe_text import recipe_text
from isogloss.corpora.recipe import Recipe, Slice, TrainingParameters, read_recipe
from isogloss.errors import BuildError, Cancelled, InvalidValue, IsoglossError, StoreError
from isogloss.linear import orthogonal
from isogloss.training import workers
from isogloss.training.build import build, build_and_keep
from isogloss.workspace.derived import DerivedStore
from isogloss.workspace.folders import sole
from isogloss.workspace.store import Workspace
from tests.kit.planted import SWAPPED, TARGETS, _letters, planted, recipe_for
from tests.kit.tiers import cases

QUICK = {"compass_epochs": 2, "slice_epochs": 2}


@pytest.mark.long
def test_a_stopped_build_goes_on_from_the_last_finished_slice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recipe, work = recipe_for(planted(tmp_path, sentences=6), **QUICK), DerivedStore(tmp_path / "work")
    trained: list[int] = []
    real = workers.train_slice

    def counted(*arguments: Any, **named: Any) -> object:
        trained.append(1)
        return real(*arguments, **named)

    monkeypatch.setattr(workers, "train_slice", counted)

    def stop(what: str, share: float) -> None:
        if what.startswith("training the slices") and len(trained) == 2:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        build(recipe, progress=stop, workers=1, work=work)
    assert len(trained) == 2  # the second was begun
    again = build(recipe, workers=1, work=work).collection
    assert len(trained) == 3
    whole = build(recipe, workers=2).collection
    assert [s.fingerprint for s in again.spaces] == [s.fingerprint for s in whole.spaces]


@pytest.mark.long
def test_slices_trained_beside_each_other_are_kept_as_well(tmp_path: Path) -> None:
    recipe, work = recipe_for(planted(tmp_path, sentences=6), **QUICK), DerivedStore(tmp_path / "work")
    one = build(recipe, workers=2, work=work).collection
    assert len(list((tmp_path / "work").glob("slice-*.npz"))) == 2
    two = build(recipe, workers=2, work=work).collection
    assert [s.fingerprint for s in one.spaces] == [s.fingerprint for s in two.spaces]


@pytest.mark.long
def test_the_baseline_finds_fewer_swaps_than_the_compass(tmp_path: Path) -> None:
    """Independent training with private contexts: static and dynamic MRR near .04 and .08, a drift AUC near .67."""
    recipe = recipe_for(planted(tmp_path))
    alone = replace(recipe, training=replace(recipe.training, method="procrustes"))
    built = build(alone).collection
    assert built.alignment.method == "procrustes"
    assert built.compass is None
    first, unmatched = built.alignment.diagnostics["unmatched"]
    assert first == 0.0
    assert 0 < unmatched < 1
    early, late = built.spaces
    targets = [f"target{_letters(i)}" for i in range(TARGETS)]
    distance = 1 - (early.unit[[early[t] for t in targets]] * late.unit[[late[t] for t in targets]]).sum(axis=1)
    swapped = np.arange(TARGETS) < SWAPPED
    auc = (distance[swapped][:, None] > distance[~swapped][None, :]).mean()
    assert 0.4 < auc < 0.95
    again = build(alone).collection
    assert [s.fingerprint for s in again.spaces] == [s.fingerprint for s in built.spaces]


def test_the_baseline_says_when_slices_share_too_little(tmp_path: Path) -> None:
    recipe = recipe_for(planted(tmp_path, sentences=6), method="procrustes", dim=5_000, **QUICK)
    with pytest.raises(BuildError, match="fewer than the 5000 dimensions"):
        build(recipe)


@pytest.mark.parametrize("seed", range(3))
def test_procrustes_recovers_a_planted_rotation(seed: int) -> None:
    rng = np.random.default_rng(seed)
    turn, _ = np.linalg.qr(rng.normal(size=(20, 20)))
    x = rng.normal(size=(60, 20))
    found = orthogonal(x, x @ turn)
    np.testing.assert_allclose(found, turn, atol=1e-10)
    np.testing.assert_allclose(found @ found.T, np.eye(20), atol=1e-10)
    with pytest.raises(InvalidValue, match="shape"):
        orthogonal(x, x[:5])


def test_a_recipe_written_is_the_recipe_read(tmp_path: Path) -> None:
    (tmp_path / "a b.parquet").touch()
    recipe = Recipe(
        "mine",
        'A "quoted"\ttitle\x7f',
        tmp_path / "a b.parquet",
        "téxt",
        "yéar",
        (Slice("old", 1900, 1950.5), Slice("these", values=("FRA", 'G"B'))),
        author="who",
        where=("länd", Slice("corpus.where", values=("x",))),
        ordered=False,
        training=TrainingParameters(dim=50, method="procrustes"),
        metadata={"licence": "CC0", "stories": ["a", "b"]},
    )
    path = tmp_path / "recipe.toml"
    path.write_text(recipe_text(recipe), encoding="utf-8")
    assert read_recipe(path) == recipe
    path.write_text(path.read_text().replace('"procrustes"', '"magic"'), encoding="utf-8")
    with pytest.raises(InvalidValue, match="'magic'"):
        read_recipe(path)
    path.write_text(
        path.read_text().replace('"magic"', '"procrustes"') + "\n[replicates]\nauthor = 2\n", encoding="utf-8"
    )
    with pytest.raises(InvalidValue, match="one compass"):
        read_recipe(path)


@pytest.mark.long
def test_killed_at_any_moment_a_build_leaves_the_old_or_the_new_collection(tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    corpus = planted(tmp_path, sentences=6)
    recipes, paths = [recipe_for(corpus, seed=seed, **QUICK) for seed in (1, 2)], []
    for i, recipe in enumerate(recipes):
        paths.append(tmp_path / f"{i}.toml")
        paths[i].write_text(recipe_text(recipe), encoding="utf-8")
    command = [sys.executable, "-m", "isogloss", "build", "--json", "--workspace", str(tmp_path)]
    Workspace(tmp_path).save(build(recipes[0], workers=1).collection)
    states = {Workspace(tmp_path).open("planted").fingerprint}
    shipped = list(Workspace(tmp_path / "none").folders())
    for number in range(cases(50)):
        process = subprocess.Popen(
            [*command, str(paths[(number + 1) % 2])],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(float(rng.uniform(0.3, 8)))
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert list(Workspace(tmp_path).folders()) == [*shipped, "planted"]
        states.add(Workspace(tmp_path).open("planted").fingerprint)
        assert len(states) <= 2
    done = subprocess.run([*command, str(paths[1])], check=True, capture_output=True)
    assert b"frozen_max_change" in done.stdout
    assert len(states | {Workspace(tmp_path).open("planted").fingerprint}) == 2


def test_a_collection_is_built_once_at_a_time(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "home")
    busy = Recipe("mine", "Mine", tmp_path / "no.parquet", "text", "year", (Slice("a", 1900, 1950),))
    with (
        sole(workspace.root / "building" / "mine", "the collection 'mine' is being built"),
        pytest.raises(StoreError, match="'mine' is being built already"),
    ):
        build_and_keep(busy, workspace, keep=workspace.save)
    with pytest.raises(IsoglossError, match=r"no\.parquet"):  # the lock is gone, the texts are not there
        build_and_keep(busy, workspace, keep=workspace.save)
