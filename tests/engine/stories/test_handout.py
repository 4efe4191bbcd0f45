"""The handout holds what the server says: the lists of its quantised vectors, the figures of drift, and its size."""

from __future__ import annotations

import base64
import gzip
import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from isogloss.drift.ranking import measure_drift
from isogloss.errors import InvalidValue
from isogloss.nearest.exact import self_neighbors
from isogloss.spaces.collection import Collection
from isogloss.spaces.space import Space
from isogloss.stories import handout as room
from isogloss.stories.handout import handout, quantised
from isogloss.stories.shelf import SHIPPED, read_story
from isogloss.workspace.derived import DerivedStore
from isogloss.workspace.store import Workspace
from tests.kit.collections import disjoint_collection, scripts_collection, tiny_collection


def block(html: str, name: str) -> bytes:
    found = re.search(rf'<script type="text/plain" id="{name}">([^<]*)</script>', html)
    assert found
    return gzip.decompress(base64.b64decode(found[1]))


@pytest.mark.long
def test_ten_nearest_of_quantised_vectors_are_the_servers():
    rng, same, whole_lists = np.random.default_rng(0), [], []
    for space in Workspace().open("un-debates").spaces:
        whole, scale = quantised(space.unit)
        rows = rng.choice(len(space), 300, replace=False)
        true = self_neighbors(space, 10)[0][rows]
        similarity = (whole[rows].astype(np.float64) @ whole.T.astype(np.float64)) * scale
        similarity[np.arange(300), rows] = -9
        found = np.argsort(-similarity, axis=1, kind="stable")[:, :10]
        same.append((found[:, :, None] == true[:, None, :]).any(axis=2).mean())
        whole_lists.append((found == true).all(axis=1).mean())
    assert min(same) >= 0.999  # of the items
    assert min(whole_lists) >= 0.99  # of the lists, in their order


def test_the_file_holds_items_vectors_and_drift_as_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(room, "romanized", {"привет": "privet", "气候": None}.get)  # uroman takes ten seconds to load
    collection = replace(scripts_collection(), ordered=True)
    store = DerivedStore(tmp_path)
    found = handout(collection, store=store, stories=[read_story(SHIPPED / "un-drift.json")])
    told = json.loads(block(found.html, "text"))
    data, at = block(found.html, "vectors"), 0
    for space, one in zip(collection.spaces, told["spaces"], strict=True):
        assert [told["names"][i] for i in one["items"]] == list(space.items)
        n = len(space)
        scale = np.frombuffer(data, "<f4", n, at)
        whole = np.frombuffer(data, "<i2", n * space.dim, at + 4 * n).reshape(n, -1)
        np.testing.assert_allclose(whole * scale[:, None], space.unit, atol=2e-5)
        at += 4 * n + 2 * (n * space.dim + n * space.dim % 2)
    assert at == len(data)
    ranking = measure_drift(collection, "one", "two", measure="cosine", store=store)
    (pair,) = told["drift"]
    assert [told["names"][i] for i in pair["items"]] == [ranking.items[row] for row in ranking.order]
    assert pair["d"] == [round(float(ranking.distance[row]), 6) for row in ranking.order]
    assert told["roman"][str(told["names"].index("привет"))] == "privet"
    assert (found.mapped, found.stories) == (False, 0)
    assert "isogloss layout scripts-test" in found.left_out["the whole map"]
    assert "<img" not in found.html.split("<body>")[1]


@pytest.mark.parametrize("make", [tiny_collection, disjoint_collection])
def test_a_collection_without_pairs_is_handed_out_without_drift(make, tmp_path: Path):
    found = handout(make(), store=DerivedStore(tmp_path))
    assert json.loads(block(found.html, "text"))["drift"] == []
    assert found.pairs == 0
    assert [why for what, why in found.left_out.items() if "drift" in what] == ["they share no item"] * (
        len(make()) - 1
    )


def test_vectors_of_no_length_are_kept():
    whole, scale = quantised(np.zeros((2, 3), np.float32))
    assert not whole.any()
    assert np.isfinite(scale).all()


def test_a_collection_too_large_is_refused_before_anything_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(room, "MOST_BYTES", 100)
    space = Space.of(["a", "b"], np.eye(2, 60, dtype=np.float32))
    with pytest.raises(InvalidValue, match=r"has 2 vectors.*fewer items"):
        handout(Collection("c", (space,)), store=DerivedStore(tmp_path))


@pytest.mark.long
def test_the_demo_is_at_most_25_mb(tmp_path: Path):
    workspace = Workspace(tmp_path)
    stories = [read_story(SHIPPED / "un-drift.json")]
    found = handout(workspace.open("un-debates"), store=workspace.derived("un-debates"), stories=stories)
    assert len(found.html.encode()) < 25_000_000
    assert (found.pairs, found.mapped, found.stories, found.left_out) == (4, True, 1, {})
