"""Replicates are kept by name: one that lacks a measure is trained again, and no measure can take another's place."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from isogloss.corpora.recipe import Replicates
from isogloss.drift.measure import MEASURES
from isogloss.training import replicates
from isogloss.training.build import build
from isogloss.training.replicate import Apart, Between, Replicate, read_replicate
from isogloss.workspace.derived import DerivedStore
from tests.kit.corpora import Generator, recipe


def one_replicate() -> Replicate:
    """Of one pair and one space; every measure has numbers of its own."""
    values = {name: np.full(3, number, np.float32) for number, name in enumerate(MEASURES)}
    halves = {name: np.full((2, 5), number, np.float32) for number, name in enumerate(MEASURES)}
    apart = Apart(np.ones(5, np.float32), np.eye(2, dtype=np.float32), np.ones((2, 4), np.float32))
    return Replicate((Between(np.arange(3), values, halves),), (apart,))


def test_kept_arrays_come_back_under_their_names_in_whatever_order() -> None:
    kept = dict(reversed(one_replicate().arrays().items()))
    found = read_replicate(kept, reversed(MEASURES.names), n_pairs=1, n_spaces=1)
    assert found is not None
    for number, name in enumerate(MEASURES):
        assert found.pairs[0].null[name].tolist() == [number] * 3
        assert (found.pairs[0].halves[name] == number).all()
    assert found.pairs[0].counts.tolist() == [0, 1, 2]
    assert found.spaces[0].directions.shape == (2, 2)


def test_what_lacks_a_measure_or_is_of_another_form_is_not_read() -> None:
    kept = one_replicate().arrays()
    assert read_replicate(kept, [*MEASURES, "further"], n_pairs=1, n_spaces=1) is None
    assert read_replicate({"null0": np.zeros((4, 3))}, MEASURES, n_pairs=1, n_spaces=0) is None
    assert read_replicate(kept, MEASURES, n_pairs=2, n_spaces=1) is None
    assert read_replicate(kept, list(MEASURES)[:2], n_pairs=1, n_spaces=0) is not None


@pytest.mark.long
def test_a_kept_replicate_that_lacks_a_measure_is_trained_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(2)
    tables = [Generator(words=120, topics=8, seed=2).documents(250, name, rng) for name in "ab"]
    one = recipe(tables, tmp_path, Replicates(author=2), dim=8, slice_epochs=1, ship_count=25)
    store, trained = DerivedStore(tmp_path / "work"), []
    real = replicates._Run.one

    def counted(*arguments: object) -> object:
        trained.append(1)
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(replicates._Run, "one", counted)
    first = build(one, workers=1, work=store).collection
    assert len(trained) == 2
    build(one, workers=1, work=store)
    assert len(trained) == 2
    kept = sorted((tmp_path / "work").glob("replicate-*.npz"))
    arrays = store.find(kept[0].stem)
    assert arrays is not None
    store.put(kept[0].stem, {name: values for name, values in arrays.items() if "gonen" not in name})
    again = build(one, workers=1, work=store).collection
    assert len(trained) == 3
    assert first.controls is not None
    assert again.controls is not None
    assert first.controls.digest == again.controls.digest
