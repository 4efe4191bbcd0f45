"""A lesson of two heads measured, looked at and applied: what both banks know, and what is refused."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from isogloss.cli.main import main
from isogloss.errors import InvalidValue
from isogloss.heads.bridged.given import read_given
from isogloss.heads.head import Heads
from isogloss.heads.kept import check
from isogloss.heads.recipe import read_teach
from isogloss.linear import unit_rows
from isogloss.separation.measures import eta_squared
from isogloss.spaces.collection import Collection
from isogloss.spaces.space import Space
from isogloss.types import Vectors
from isogloss.workspace.store import Workspace
from tests.kit.banks import written

TESTED, LINES = 80, range(60, 100)  # pairs of all; lines, of which the last 20 are in no pair
MEASURES = 'constraints = []\n[measures]\nretrieval = "lines.csv"\nseparation = true\n'


def _recipe(folder: Path, dims: tuple[int, int], more: str = MEASURES) -> Path:
    rows = "".join(f"q{i},p{i}\n" for i in LINES)
    (folder / "lines.csv").write_text(f"fi,image\n{rows}", encoding="utf-8")
    return written(folder, 0, related=True, dims=dims, pairs=TESTED, epochs=12, more=more)


@dataclass(frozen=True)
class _Taught:
    path: Path
    workspace: Workspace
    told: dict[str, Any]

    def heads(self) -> tuple[Vectors, Vectors]:
        """q0 … q99 and p0 … p99 through their heads."""
        kept = Heads(self.workspace)
        texts, others = (np.load(self.path.parent / name)["vectors"] for name in ("texts.npz", "images.npz"))
        return kept.open("two-texts").apply(texts[900:]), kept.open("two-others").apply(others)


def _teach(folder: Path, dims: tuple[int, int], capsys: pytest.CaptureFixture[str], *more: str) -> _Taught:
    path, workspace = _recipe(folder, dims), Workspace(folder / "w")
    text = Space("words", ("a", "b"), np.eye(2, dims[0], dtype=np.float32))
    other = Space("pictures", ("a", "b", "c"), np.eye(3, dims[1], dtype=np.float32))
    workspace.save(Collection("mine", (text,), "Mine"))
    workspace.save(Collection("theirs", (other,), "Theirs"))
    asked = ["teach", str(path), "--json", "--workspace", str(workspace.root), "--maps", "two-maps", *more]
    assert main(asked) == 0
    return _Taught(path, workspace, json.loads(capsys.readouterr().out))


@pytest.mark.long
def test_two_heads_of_two_dimensions_are_measured_mapped_and_applied(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    side = ("--apply-to", "theirs/pictures", "--into", "moved", "--side", "others")
    one = _teach(tmp_path, (24, 32), capsys, *side)
    check(one.told)
    found = one.told["measures"]
    lines = ("retrieval", "retrieval_mrr", "retrieval_back", "retrieval_back_mrr")
    assert list(found) == ["back", "back_mrr", *lines, "banks"]
    texts, others = one.heads()
    images = others[400:]
    scores = texts[list(LINES)] @ others[[900 + i for i in LINES]].T  # a line is looked for among the lines
    ranks = 1 + (scores > np.diag(scores)[:, None] + 1e-6).sum(axis=1)
    assert found["retrieval"]["after"]["value"] == pytest.approx((ranks == 1).mean(), abs=1e-6)
    assert found["retrieval_mrr"]["after"]["value"] == pytest.approx((1 / ranks).mean(), abs=1e-5)
    for name in ("retrieval", "retrieval_mrr"):
        assert found[name]["gain"]["low"] > 0.3, name
        assert found[name]["control"]["value"] < 0.2, name
        assert found[name]["read"]["read"] == 2 * len(LINES)
    own = 1 + (scores > np.diag(scores)[None, :] + 1e-6).sum(axis=0)  # the other way: an image among the texts
    assert found["retrieval_back"]["after"]["value"] == pytest.approx((own == 1).mean(), abs=1e-6)
    assert found["retrieval_back_mrr"]["after"]["value"] == pytest.approx((1 / own).mean(), abs=1e-5)
    # Every tested image among all texts of a language, its bank too: the mean of the two languages.
    bank = Heads(one.workspace).open("two-texts").apply(np.load(tmp_path / "texts.npz")["vectors"][400:650])
    mrr = []
    for mine, among in ((slice(0, 50), [texts[:50], bank]), (slice(50, TESTED), [texts[50:TESTED]])):
        all_of = images[500:][mine] @ np.concatenate(among).T
        mrr.append(float((1 / (1 + (all_of > np.diag(all_of)[:, None] + 1e-6).sum(axis=1))).mean()))
    assert found["back_mrr"]["after"]["value"] == pytest.approx(np.mean(mrr), abs=1e-4)
    assert found["back_mrr"]["gain"]["low"] > 0.2
    assert found["back_mrr"]["control_gain"]["low"] < 0 < found["back_mrr"]["control_gain"]["high"]
    # Before, in no common space, everything is at chance, so that the control has nothing to gain.
    assert found["retrieval"]["before"]["value"] == pytest.approx(1 / len(LINES))
    chance = (1 / np.arange(1, len(LINES) + 1)).mean()
    assert found["retrieval_mrr"]["before"]["value"] == pytest.approx(chance, abs=1e-6)
    assert found["retrieval_mrr"]["control_gain"]["low"] < 0 < found["retrieval_mrr"]["control_gain"]["high"]
    assert one.told["before"]["value"] == pytest.approx((1 / np.arange(1, 601)).mean(), abs=1e-6)
    # The banks share no space before, and how far they are apart is known after alone.
    banks = found["banks"]
    both = np.concatenate([texts[:50], texts[50:TESTED], images[500 : 500 + TESTED]])
    codes = np.repeat([0, 1], TESTED)
    assert banks["after"]["value"] == pytest.approx(eta_squared(both, codes), abs=1e-5)
    assert banks["after"]["low"] <= banks["after"]["value"] <= banks["after"]["high"]
    assert banks["before"]["value"] is banks["gain"]["value"] is banks["control_gain"]["low"] is None
    assert banks["said"].startswith("separation of the two banks η² is 0.")
    assert "share no space" in banks["said"]
    made = one.workspace.open("two-maps")
    assert made.names == ["after"]
    assert "two dimensions" in one.told["maps"]["left_out"]
    assert made["after"].items == tuple(f"{x}{i}" for x in "qp" for i in range(TESTED))
    assert made["after"].vectors == pytest.approx(both, abs=1e-5)
    assert made["after"].columns["language"].to_pylist() == ["de"] * 50 + ["fi"] * 30 + ["image"] * TESTED
    moved = one.workspace.open("moved")["pictures"]
    head = Heads(one.workspace).open("two-others")
    assert moved.vectors == pytest.approx(head.apply(np.eye(3, 32, dtype=np.float32)), abs=1e-6)
    assert moved.metadata["head"]["side"] == "others"


@pytest.mark.long
def test_two_heads_of_one_dimension_are_measured_and_mapped_before_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = _teach(tmp_path, (24, 24), capsys)
    banks = one.told["measures"]["banks"]
    files = [np.load(tmp_path / name)["vectors"] for name in ("texts.npz", "images.npz")]
    both = unit_rows(np.concatenate([files[0][900 : 900 + TESTED], files[1][900 : 900 + TESTED]]))
    assert banks["before"]["value"] == pytest.approx(eta_squared(both, np.repeat([0, 1], TESTED)), abs=1e-5)
    after, before = banks["after"]["value"], banks["before"]["value"]
    assert banks["gain"]["value"] == pytest.approx(after - before, abs=2e-6)
    assert banks["gain"]["low"] <= banks["gain"]["value"] <= banks["gain"]["high"]
    made = one.workspace.open("two-maps")
    assert made.names == ["before", "after"]
    assert one.told["maps"] == {"collection": "two-maps", "items": 2 * TESTED}
    assert made["before"].vectors == pytest.approx(both, abs=1e-6)


def test_lines_that_are_looked_for_are_in_no_bank(tmp_path: Path) -> None:
    def sizes(more: str) -> tuple[int, int]:
        given = read_given(read_teach(_recipe(tmp_path, (24, 32), more)))[0]
        banks = given.banks(np.arange(400), np.arange(400), ())
        return len(banks.text_bank), len(banks.other_bank)

    assert sizes("constraints = []\n") == (600 - TESTED, 600 - TESTED)
    assert sizes(MEASURES) == (500, 500)


@pytest.mark.parametrize(
    ("measures", "said"),
    [
        ('similarity = "s.csv"', r"measures\.similarity scores two texts.*leave out similarity"),
        ('sts = "s.csv"', r"measures\.sts scores two texts.*leave out sts"),
        ('retrieval = "pairs.csv"', "one of them image"),
    ],
)
def test_measures_that_two_heads_do_not_have_are_refused_by_name(tmp_path: Path, measures: str, said: str) -> None:
    path = _recipe(tmp_path, (24, 32), f"constraints = []\n[measures]\nseparation = true\n{measures}\n")
    with pytest.raises(InvalidValue, match=said):
        read_given(read_teach(path))


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--apply-to", "mine/words", "--into", "x"), "say whose head it is: --side texts or --side others"),
        (
            ("--apply-to", "mine/words", "--into", "x", "--side", "others"),
            "'words' has 24 dimensions, and the head of others takes 32",
        ),
        (("--apply-to", "mine/words", "--into", "x", "--side", "others"), "or say --side texts"),
        (("--apply-to", "mine", "--into", "mine", "--side", "texts"), "there is a collection 'mine' already"),
        (("--apply-to", "mine", "--into", "x", "--side", "texts", "--inverse"), "neither of two heads has an inverse"),
        (("--side", "texts"), "give --apply-to"),
    ],
)
def test_the_head_is_never_guessed_and_nothing_is_taught_for_what_does_not_fit(
    tmp_path: Path,
    asked: tuple[str, ...],
    said: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("isogloss.heads.bridged.teach.teach_unpaired", None)
    path, workspace = _recipe(tmp_path, (24, 32)), Workspace(tmp_path / "w")
    workspace.save(Collection("mine", (Space("words", ("a", "b"), np.eye(2, 24, dtype=np.float32)),), "Mine"))
    assert main(["teach", str(path), "--workspace", str(workspace.root), *asked]) == 2
    assert said in capsys.readouterr().err


def test_one_head_has_no_side(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "r.toml"
    path.write_text('[vectors]\nfile = "v.npz"\n[pairs]\nfile = "p.csv"\n', encoding="utf-8")
    asked = ["--workspace", str(tmp_path), "--apply-to", "a/b", "--into", "x", "--side", "texts"]
    assert main(["teach", str(path), *asked]) == 2
    assert "leave out --side" in capsys.readouterr().err
