"""Two heads over banks that are not paired."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from isogloss.cli.main import main
from isogloss.errors import InvalidValue
from isogloss.heads.bridged.given import read_given
from isogloss.heads.bridged.teach import teach_bridged
from isogloss.heads.head import Heads
from isogloss.heads.recipe import read_teach
from isogloss.heads.unpaired import Banks, head_of, parameters, teach_unpaired
from isogloss.workspace.store import Workspace
from tests.kit.banks import world, written


def test_the_parameters_are_those_of_the_paper() -> None:
    assert parameters(head_of(384), head_of(512)) == 1_743_104


def _recall(seed: int, *, related: bool) -> float:
    banks, texts, others = world(seed, related=related)
    heads = teach_unpaired(banks, epochs=30, batch=100, out=32, seed=seed)
    return float((np.argmax(heads.texts(texts) @ heads.others(others).T, axis=1) == np.arange(100)).mean())


def test_planted_banks_find_each_other_and_unrelated_ones_are_at_chance() -> None:
    assert _recall(0, related=True) >= 0.9
    assert _recall(0, related=False) <= 0.1


def test_banks_that_do_not_fit_are_refused() -> None:
    rows = np.ones((4, 3), np.float32)
    with pytest.raises(InvalidValue, match="bridge has 4 and 3"):
        Banks(text_bridge=rows, other_bridge=rows[:3], text_bank=rows, other_bank=rows)
    with pytest.raises(InvalidValue, match="a bank of shape"):
        Banks(text_bridge=rows, other_bridge=rows, text_bank=rows[:, :2], other_bank=rows)


def test_a_recipe_teaches_two_heads_with_their_control(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, 0, related=True)
    assert main(["teach", str(path), "--json", "--workspace", str(tmp_path / "w")]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["head"]["parameters"] == parameters(head_of(24, 32), head_of(32, 32))
    assert list(told["held_out_languages"]) == ["fi"]
    assert told["held_out_languages"]["fi"]["precision_at_1"]["after"]["value"] >= 0.8
    assert told["gain"]["low"] > 0.5
    assert told["control"]["value"] < 0.1
    assert told["control_gain"]["low"] <= 0.02
    assert [one["pairs"] for one in told["constraints"]] == [72, 360]
    heads = Heads(Workspace(tmp_path / "w"))
    assert heads.names() == ["two-others", "two-texts"]
    # What is kept is applied without torch, and finds what the lesson found.
    texts, others = (np.load(tmp_path / name)["vectors"] for name in ("texts.npz", "images.npz"))
    one, two = heads.open("two-texts").apply(texts[950:]), heads.open("two-others").apply(others[400:])
    ranks = 1 + ((one @ two.T) > (one * two[550:]).sum(axis=1)[:, None] + 1e-6).sum(axis=1)
    assert (1 / ranks).mean() == pytest.approx(told["after"]["value"], abs=1e-4)
    assert np.linalg.norm(one, axis=1) == pytest.approx(np.ones(50), abs=1e-5)
    # Nothing is taught again: each teaching was kept.
    read = read_teach(path)
    again = teach_bridged(read, Workspace(tmp_path / "w"), progress=_none_teaches)[0]
    assert again.figures(("fi",), "mrr")["after"].value == pytest.approx(told["after"]["value"], abs=1e-6)
    assert main(["teach", str(path), "--apply-to", "un-debates", "--into", "x"]) == 2
    assert "two heads are taught" in capsys.readouterr().err


def _none_teaches(what: str, share: float, extra: float | None = None) -> None:
    assert "loss" not in what


def test_folded_heads_give_what_torch_gives() -> None:
    banks, texts, others = world(1, related=True)
    heads = teach_unpaired(banks, epochs=2, out=16)
    one, two = heads.heads({})
    assert one.apply(texts) == pytest.approx(heads.texts(texts), abs=1e-5)
    assert two.apply(others) == pytest.approx(heads.others(others), abs=1e-5)
    with pytest.raises(InvalidValue, match="no inverse"):
        one.inverse()


@pytest.mark.parametrize(
    ("recipe", "said"),
    [
        ('[unpaired]\ntexts = "texts.npz"', "names one file"),
        ('[unpaired]\ntexts = "texts.npz"\nothers = "images.npz"', "pairs. names no file"),
        ('[unpaired]\ntexts = "a"\nothers = "b"\n[head]\nkind = "low-rank"', "and .head."),
        (
            '[unpaired]\ntexts = "texts.npz"\nothers = "images.npz"\npivot = "tr"\n[pairs]\nfile = "pairs.csv"',
            "nothing of",
        ),
        ('[unpaired]\ntexts = "texts.npz"\nothers = "texts.npz"\n[pairs]\nfile = "pairs.csv"', "holds de, fr, fi"),
    ],
)
def test_recipes_that_lack_something_are_told(tmp_path: Path, recipe: str, said: str) -> None:
    written(tmp_path, 0, related=True)
    (tmp_path / "r.toml").write_text(recipe, encoding="utf-8")
    with pytest.raises(InvalidValue, match=said):
        read_given(read_teach(tmp_path / "r.toml"))
