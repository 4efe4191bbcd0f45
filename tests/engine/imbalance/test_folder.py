"""The small transformer as a folder: what transformers reads out of it is what was trained, and its sentences are told
layer by layer, at one where both languages are the same, and at chance where a clone shares nothing.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from isogloss.cli.main import main
from isogloss.encoders.layers import LayeredModel, Pooling
from isogloss.imbalance.clone import Cloned
from isogloss.imbalance.folder import CLONE, ORIGINAL, SENTENCES, SHUFFLED, in_words, is_of, spelled, write_folder
from isogloss.imbalance.grid import name_of
from isogloss.imbalance.recipe import CloneAsked, TransformerAsked
from isogloss.sentences.layered import LayeredReport, Scope, measure_layers
from isogloss.sentences.parallel import read_parallel
from isogloss.sentences.reports import LayerReports
from isogloss.workspace.store import Workspace
from tests.engine.imbalance.test_transformer import recipe

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")
N, LENGTH = 40, 6


def made(folder: Path, anchors: float) -> tuple[object, Cloned, np.ndarray]:
    """A model as it is drawn, in a folder, and 60 distinct sentences of one length."""
    from isogloss.imbalance.transformer import Small

    rng = np.random.default_rng(3)
    rows = np.unique(rng.integers(N, size=(80, LENGTH)), axis=0)[:60].astype(np.int32)
    one = Cloned(rows.ravel(), np.ones(2 * N, np.int64), rng.permutation(N) < round(anchors * N))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model = Small(TransformerAsked(epochs=1, dim=16, heads=2, length=LENGTH), 2 * N)
    model.parts.eval()
    words = spelled([f"w{i}" for i in range(N)], CloneAsked())
    write_folder(model, rows, one, words, folder=folder, key="k")
    return model, one, rows


def told(folder: Path) -> LayeredReport:
    sentences = read_parallel([folder / SENTENCES])
    return measure_layers(sentences, LayeredModel(str(folder)), Scope(ORIGINAL), pooling=Pooling("mean"))


def test_a_folder_gives_the_states_that_the_model_has(tmp_path: Path) -> None:
    from isogloss.imbalance.transformer import in_clone

    model, one, rows = made(tmp_path / "models" / "m", 0.25)
    rows[:9, 4:] = -1
    words = spelled([f"w{i}" for i in range(N)], CloneAsked())
    texts = in_words(rows, one, words)
    assert texts[ORIGINAL][0].split() == [f"w{i}" for i in rows[0, :4]]
    assert all(a.split() != b.split() for a, b in zip(texts[CLONE], texts[SHUFFLED], strict=True))
    opened = LayeredModel(str(tmp_path / "models" / "m"))
    assert (opened.n_layers, opened.dim) == (3, 16)
    with torch.inference_mode():
        states = model.states(torch.from_numpy(in_clone(rows, one).astype(np.int64)))
    there = (rows >= 0)[:, :, None]
    found = np.zeros((3, len(rows), 16))
    for at, vectors, _ in opened.batches(texts[CLONE], Pooling("mean")):
        found[:, at] = vectors
    for layer, state in enumerate(states):
        assert np.allclose((state.numpy() * there).sum(axis=1) / there.sum(axis=1), found[layer], atol=1e-5)
    # What it does not know is to it like a word that is hidden.
    pair = [next(opened.batches([text], Pooling("mean")))[1] for text in ("w1 [MASK] w2", "W1 nowhere w2")]
    assert np.allclose(*pair, atol=1e-6)
    assert opened.tokens(["w1 nowhere w2"]).unknown.tolist() == [7]
    assert is_of(tmp_path / "models" / "m", "k")
    assert not is_of(tmp_path / "models" / "m", "other")
    assert [one.name for one in (tmp_path / "models").iterdir()] == ["m"]


def test_a_clone_that_shares_every_word_is_found_in_every_layer_and_one_that_shares_none_by_chance(
    tmp_path: Path,
) -> None:
    made(tmp_path / "same", 1.0)
    same = next(one for one in told(tmp_path / "same").languages if one.language == CLONE)
    assert same.scores.tolist() == [1.0, 1.0, 1.0]
    assert not any(found.ties for found in same.layers.values())
    made(tmp_path / "apart", 0.0)
    for one in told(tmp_path / "apart").languages:
        figure = one.layers[0].figure()
        assert figure.interval is not None
        assert figure.null is not None
        assert figure.interval[0] <= figure.null.mean <= max(figure.interval[1], 4 / 60)
        assert float(one.scores.max()) < 0.1


def test_words_are_written_once_each() -> None:
    assert spelled(["cat", "cats", "cats′"], CloneAsked(suffix="s")) == [
        "cat",
        "cats",
        "cats′",
        "cats′′",
        "catss",
        "cats′s",
    ]
    assert spelled(["a"], CloneAsked(prefix="x y")) == ["a", "xya′"]
    long = name_of("g" * 64, share=0.123, anchors=0.3)
    assert len(long) == 64
    assert long != name_of("g" * 63 + "h", share=0.123, anchors=0.3)


@pytest.mark.long
def test_the_command_keeps_models_with_their_layers_and_makes_again_what_is_gone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, home = recipe(tmp_path), f"--workspace={tmp_path / 'w'}"
    path.write_text(path.read_text().replace("anchors = [0.0, 0.5]", "anchors = [0.5]"))
    assert main(["imbalance", str(path), "--json", home]) == 0
    value = json.loads(capsys.readouterr().out)
    small = value["grid"][0]["transformer"]
    assert (small["report"], small["model"]) == ("small-p0.5-a0.5", "models/small-p0.5-a0.5")
    workspace = Workspace(tmp_path / "w")
    report = LayerReports(workspace).open("small-p0.5-a0.5")
    folder = workspace.root / small["model"]
    assert report.asked_model == str(folder)
    assert [row.language for row in report.rows] == [CLONE, SHUFFLED]
    # A sentence of the clone looks for its own: what the grid told of the first seed, but for ties.
    clone = report.told["languages"][0]["layers"]
    first = small["seeds"]["precision_at_1"][0]
    assert [one["precision_backward"] for one in clone] == pytest.approx(first, abs=0.03)
    failed = report.failures(CLONE, 0)
    assert failed is not None
    assert all(one["pivot"] and one["text"] for one in failed)
    given = [
        str(folder / SENTENCES),
        f"--model={folder}",
        "--pivot=original",
        "--pool=mean",
        "--limit=300",
        "--also=precision",
    ]
    assert main(["mexa", *given, "--json", home]) == 0
    again = json.loads(capsys.readouterr().out)
    assert again["languages"] == report.told["languages"]
    before = (folder / "model.safetensors").read_bytes()
    (folder / SENTENCES).unlink()
    assert main(["imbalance", str(path), "--json", home]) == 0
    assert json.loads(capsys.readouterr().out) == value
    assert (folder / SENTENCES).is_file()
    assert (folder / "model.safetensors").read_bytes() == before
