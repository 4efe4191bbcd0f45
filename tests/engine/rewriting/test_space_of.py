"""Pairs as a collection."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from isogloss.cli.main import main
from isogloss.encoders.static import load_encoder
from isogloss.errors import InvalidValue
from isogloss.rewriting.given.demos import DEMOS
from isogloss.rewriting.pairs import Pairs
from isogloss.rewriting.profile import PROFILES
from isogloss.rewriting.space_of import collection_of
from isogloss.workspace.store import Workspace, read_collection


def test_both_sides_of_a_pair_are_one_item(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = ["--workspace", str(tmp_path)]
    assert main(["pairs", "instructions", "--model", "translated", "--into", "mine", *home, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["collection"] == "mine"
    made, pairs = read_collection(Workspace(tmp_path).folder("mine")), DEMOS["instructions"]()
    assert [space.name for space in made.spaces] == ["source", "target"]
    assert made.spaces[0].items == made.spaces[1].items
    assert len(made.spaces[0]) == len(pairs) == 120
    encoder, at = load_encoder("translated"), 64
    assert np.asarray(made.spaces[1].vectors[at]) == pytest.approx(encoder.encode([pairs.target[at]])[0], abs=1e-3)
    failed = made.spaces[0].columns["failed"].to_pylist()
    checked = PROFILES["protected"].check(pairs)
    assert {row for row, one in enumerate(failed) if one} == {failure.row for failure in checked.failures}


def test_names_that_are_ours_and_empty_sides_are_left_out() -> None:
    encoder = load_encoder("translated")
    pairs = Pairs("x", ["a b", "", "c"], ["d", "e", "f"], {"count": ["1", "2", "x"], "item": ["p", "q", "r"]})
    made = collection_of(pairs, "mine", encoder=encoder)
    assert [one.partition(" ")[0] for one in made.spaces[0].items] == ["1", "3"]
    assert made.spaces[0].columns.column_names == ["count (file)", "item (file)", "failed"]
    with pytest.raises(InvalidValue, match="1 pairs"):
        collection_of(Pairs("x", ["a", ""], ["b", "c"]), "mine", encoder=encoder)
