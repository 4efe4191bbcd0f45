"""Layers of a model, one after the other: sixteen spaces in sequence, four at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from isogloss.spaces.collection import Collection
from isogloss.spaces.space import Space
from isogloss.workspace.store import Workspace
from tests.kit.pages import visit


def test_all_layers_are_gone_through_and_four_stay_when_they_are_seen_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ISOGLOSS_HOME", str(tmp_path))
    vectors = np.random.default_rng(0).normal(size=(13, 9, 4)).astype(np.float32)
    spaces = tuple(Space(f"layer {i}", tuple("abcdefghi"), one) for i, one in enumerate(vectors))
    Workspace(tmp_path).save(Collection("layers", spaces, ordered=True))
    page = visit("pages/2_Map.py", collection="layers", view="in sequence")
    assert page.multiselect(key="spaces").value == [one.name for one in spaces]
    page.selectbox(key="view").set_value("side by side").run()
    assert not page.exception
    assert page.multiselect(key="spaces").value == [f"layer {i}" for i in range(4)]
