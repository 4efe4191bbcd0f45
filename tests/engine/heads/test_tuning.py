"""A tiny model is taught itself: what is frozen stays, what is stopped goes on to the same bits, the folder opens."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from isogloss.cli.main import main
from isogloss.errors import Cancelled, InvalidValue
from isogloss.heads.recipe import read_teach
from isogloss.heads.tuning.time import seconds_of
from isogloss.heads.tuning.tune import tune
from isogloss.sentences.given.own import own_sentences
from isogloss.workspace.store import Workspace
from tests.kit import tokenizers_
from tests.kit.tiers import TIER

LANGUAGES = ("en", "de", "ru")
RECIPE = """
name = "taught"
[vectors]
words = "words.csv"
[pairs]
file = "words.csv"
[model]
folder = "bpe-letters"
train = "{train}"
layers = 1
rate = 0.01
epochs = 2
[training]
batch = 16
pivot = "en"
held_out_languages = ["ru"]
constraints = [0.5]
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny model, and words of our own sentences: the n-th of each language are called translations."""
    made = tmp_path_factory.mktemp("tuning")
    tokenizers_.model("bpe-letters", made)
    texts = own_sentences().texts
    words = [
        list(dict.fromkeys(" ".join(filter(None, texts[name])).replace(",", "").split()))[:60] for name in LANGUAGES
    ]
    lines = [",".join(row) for row in zip(*words, strict=True)]
    (made / "words.csv").write_text("\n".join([",".join(LANGUAGES), *lines]) + "\n", encoding="utf-8")
    return made


def recipe(folder: Path, train: str = "last", method: str = "layers") -> Path:
    path = folder / f"{train}-{method}.toml"
    path.write_text(RECIPE.format(train=train).replace("layers = 1", f'layers = 1\nmethod = "{method}"'))
    return path


def needs_trainer() -> None:
    pytest.importorskip("accelerate")
    pytest.importorskip("datasets")


def weights(folder: Path) -> dict[str, Any]:
    from safetensors.numpy import load_file

    return dict(load_file(folder / "model.safetensors"))


@pytest.mark.long
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("train", "method"), [("last", "layers"), ("last", "lora"), *([("all", "layers")] if TIER == "soak" else [])]
)
def test_only_what_is_asked_for_changes_and_a_stopped_teaching_goes_on(
    folder: Path, tmp_path: Path, train: str, method: str
) -> None:
    needs_trainer()
    if method == "lora":
        pytest.importorskip("peft")
    asked = read_teach(recipe(folder, train, method))
    told: list[str] = []
    lesson, one = tune(
        asked, Workspace(tmp_path / "one"), progress=lambda what, share, number=None, /: told.append(what)
    )
    assert any("loss" in what for what in told)
    assert len(lesson.after.taught.history) == 3
    starts = {one.taught.history[0] for one in (lesson.after, lesson.control, lesson.spread, *lesson.fewer)}
    assert len(starts) == 1  # each teaching begins with the model as it came
    steps = 0

    def stop(what: str, share: float, number: float | None = None, /) -> None:
        nonlocal steps
        steps += "teaching: teaching" in what
        if steps == 5:
            raise Cancelled("stopped")

    workspace = Workspace(tmp_path / "two")
    with pytest.raises(Cancelled):
        tune(asked, workspace, progress=stop)
    assert list((workspace.root / "derived" / "tuning").glob("*.part/checkpoint-*"))
    again: list[str] = []
    other, two = tune(asked, workspace, progress=lambda what, share, number=None, /: again.append(what))
    first = [what for what in again if what.startswith("teaching: teaching")]
    assert 0 < len(first) < len([what for what in told if what.startswith("teaching: teaching")])
    assert not list((workspace.root / "derived" / "tuning").glob("*.part"))
    assert lesson.after.taught.history == other.after.taught.history
    start, a, b = weights(folder / "bpe-letters"), weights(one), weights(two)
    assert all(np.array_equal(a[name], b[name]) for name in a)
    assert set(a) == set(start)  # adapters are merged: the folder has the form that it came in
    if method == "lora":
        maps = {n: a[n] - start[n] for n in a if not np.array_equal(a[n], start[n])}
        assert all(np.linalg.matrix_rank(one, tol=1e-5) <= 8 for one in maps.values())
        assert lesson.parameters == 8 * sum(sum(a[n].shape) for n in a if "layer.1" in n and a[n].ndim == 2)
    if lesson.after.taught.epoch:
        changed = {name for name in a if not np.array_equal(a[name], start[name])}
        layers = {name.split("layer.")[1].split(".")[0] for name in changed}
        assert layers == ({"1"} if train == "last" else {"0", "1"})
    found = [what for what in again if "found" in what]
    tune(asked, workspace, progress=lambda what, share, number=None, /: found.append(what))
    assert "teaching: found" in found


@pytest.mark.long
@pytest.mark.filterwarnings("ignore")
def test_the_folder_opens_and_the_command_says_all(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    needs_trainer()
    from sentence_transformers import SentenceTransformer

    path = recipe(folder)
    words = (folder / "words.csv").read_text().splitlines()
    rows = [",".join([*line.split(",")[:2], str(len(line))]) for line in words[1:]]
    (folder / "sts.csv").write_text("\n".join(["one,two,score", *rows]), encoding="utf-8")
    path.write_text(path.read_text() + '[measures]\nsts = "sts.csv"\nretrieval = "words.csv"\nseparation = true\n')
    assert main(["teach", str(path), "--json", f"--workspace={tmp_path}"]) == 0
    said = capsys.readouterr()
    measures = json.loads(said.out)["measures"]
    lines = {"retrieval", "retrieval_mrr", "retrieval_back", "retrieval_back_mrr"}
    assert set(measures) == {"sts", *lines, "separation"}
    assert measures["sts"]["before"]["n"] == len(rows)
    assert main(["teach", str(path), "--json", f"--workspace={tmp_path}"]) == 0  # from what was kept
    assert json.loads(capsys.readouterr().out)["measures"] == measures
    found: dict[str, Any] = json.loads(said.out)
    assert {"before", "after", "control", "gain", "held_out_languages"} <= set(found)
    assert set(found["held_out_languages"]) == {"ru"}
    assert "on one core" in said.err
    assert SentenceTransformer(found["head"]["saved"], device="cpu").encode(["one"]).shape == (1, 16)
    assert "Made with Isogloss" in (Path(found["head"]["saved"]) / "README.md").read_text()
    assert found["constraints"][0]["pairs"] < found["constraints"][1]["pairs"]


@pytest.mark.parametrize(
    ("old", "new", "fact"),
    [
        ('train = "last"', 'train = "first"', "model.train is 'first'"),
        ('words = "words.csv"', 'words = "words.csv"\nencoder = "before"', "names an encoder"),
        ("[training]", '[head]\nkind = "low-rank"\n[training]', "a head and a model"),
        ("[training]", '[training]\nloss = "ridge"', "ridge teaches no model"),
        ("layers = 1", "layers = 0", "layers"),
        ("layers = 1", 'method = "qlora"', "model.method is 'qlora'"),
    ],
)
def test_a_recipe_that_cannot_be_is_told(folder: Path, old: str, new: str, fact: str) -> None:
    path = folder / "wrong.toml"
    path.write_text(RECIPE.format(train="last").replace(old, new, 1))
    with pytest.raises(InvalidValue, match=fact):
        read_teach(path)


def test_adapters_change_nothing_until_taught_and_nothing_when_merged(folder: Path) -> None:
    needs_trainer()
    pytest.importorskip("peft")
    import torch

    from isogloss.heads.tuning.adapters import merge
    from isogloss.heads.tuning.trainer import free, open_model

    asked = read_teach(recipe(folder, "last", "lora")).model
    model = open_model(folder / "bpe-letters")
    before = model.encode(["one two", "three"])
    names = free(model, asked, 0)
    assert np.array_equal(model.encode(["one two", "three"]), before)
    assert all("lora_" in name for name in names)
    with torch.no_grad():
        for name, one in model.named_parameters():
            if name in names:
                one += 0.05
    taught = model.encode(["one two", "three"])
    assert not np.allclose(taught, before)
    merge(model)
    assert not [name for name, _ in model.named_parameters() if "lora" in name or "base_layer" in name]
    assert model.encode(["one two", "three"]) == pytest.approx(taught, abs=1e-5)


def test_the_time_grows_with_pairs_and_layers(folder: Path) -> None:
    one, two = seconds_of(read_teach(recipe(folder))), seconds_of(read_teach(recipe(folder, "all")))
    assert 0 < one < two


@pytest.mark.filterwarnings("ignore")
@pytest.mark.skipif(os.environ.get("ISOGLOSS_TIER") != "soak", reason="20 minutes")
def test_a_real_model_carries_over_to_languages_that_were_held_out(tmp_path: Path) -> None:
    """As in assets/lessons: `ISOGLOSS_E5` names the folder of multilingual-e5-small."""
    needs_trainer()
    from scripts.lessons import RECIPES, read_lines, write_lines, write_words

    model, data = os.environ.get("ISOGLOSS_E5"), os.environ.get("ISOGLOSS_DATA", "../shared/data")
    if not model or not Path(data).is_dir():
        pytest.skip("needs multilingual-e5-small: set ISOGLOSS_E5 to its folder, and the shared data")
    write_words(Path(data), tmp_path)
    write_lines(read_lines(Path(data)), tmp_path)
    for name, least in (("e5-last-layers", 0.05), ("e5-head", 0.015)):
        path = tmp_path / f"{name}.toml"
        path.write_text((RECIPES / path.name).read_text().replace("multilingual-e5-small", str(Path(model).resolve())))
        assert main(["teach", str(path), f"--workspace={tmp_path}"]) == 0
        found = json.loads((tmp_path / "lessons" / f"{name}.json").read_text())
        assert found["gain"]["value"] >= least
        assert found["gain"]["low"] > 0
        assert found["control_gain"]["low"] <= 0
