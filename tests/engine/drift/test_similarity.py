"""A word with itself and with another over the spaces of a collection."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from isogloss.drift.ranking import Ranking, measure_drift
from isogloss.drift.similarity import MEASURE, Similarities, own_similarity, pair_similarity
from isogloss.spaces.collection import Collection
from isogloss.workspace.store import Workspace


def own(collection: Collection, item: str, against: str) -> Similarities:
    def ranked(source: str, target: str) -> Ranking:
        return measure_drift(collection, source, target, measure=MEASURE)

    return own_similarity(collection, item, against=against, ranked=ranked)


def test_a_word_with_itself(aligned: Collection) -> None:
    first = own(aligned, "w3", "first")
    assert first.values[0] == pytest.approx(1.0)
    a, b = aligned.spaces[0], aligned.spaces[2]
    assert first.values[2] == pytest.approx(float(a.unit[a["w3"]] @ b.unit[b["w3"]]))
    assert first.half == (None,) * 4
    assert own(aligned, "w3", "previous").values[0] is None
    last = own(aligned, "only3", "last")
    assert last.values[:3] == (None,) * 3
    assert last.values[3] == pytest.approx(1.0)


def test_a_word_with_another(aligned: Collection) -> None:
    found = pair_similarity(aligned, "w3", "only3")
    assert found.values[:3] == (None,) * 3
    assert found.values[3] is not None
    assert found.half == (None,) * 4


def test_the_interval_is_that_of_the_drift_between_the_two_spaces() -> None:
    shipped = Workspace().open("un-debates")
    found = own(shipped, "climate", "previous")
    ranking = measure_drift(shipped, shipped.names[0], shipped.names[1])
    verdict = ranking["climate"]
    assert verdict.distance.high is not None
    assert found.half[1] == pytest.approx(verdict.distance.high - verdict.distance.value)
    assert found.values[1] == pytest.approx(1 - verdict.distance.value, abs=1e-6)
    assert found.half[0] is None
    assert all(half is None for half in own(replace(shipped, controls=None), "climate", "previous").half)


def test_an_interval_that_nobody_knows_is_none() -> None:
    shipped = Workspace().open("un-debates")
    assert shipped.controls is not None
    last = shipped.spaces[-1]
    before = pair_similarity(shipped, "climate", "warming").half[-1]
    assert before == shipped.controls.noise[last.name].half_interval(last, "climate", "warming")
    noise = shipped.controls.noise[last.name]
    unknown = replace(noise, variance=np.full_like(noise.variance, np.nan))
    controls = replace(shipped.controls, noise={**shipped.controls.noise, last.name: unknown})
    assert pair_similarity(replace(shipped, controls=controls), "climate", "warming").half[-1] is None
