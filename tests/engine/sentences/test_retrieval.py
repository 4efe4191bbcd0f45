"""The matrix of languages, ties instead of ranks, and STS."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from scipy.stats import spearmanr

from isogloss.cli.main import main
from isogloss.encoders.encoder import open_encoder
from isogloss.encoders.layers import Pooling, encode_layers
from isogloss.errors import InvalidValue
from isogloss.sentences.encoded import layers_of
from isogloss.sentences.retrieval import retrieval
from isogloss.sentences.sts import Scored, spearman
from isogloss.workspace.store import Workspace

LINES = ["The house is red.", "We go to the sea.", "He reads a book.", "It rains today.", "She sings well."]
GERMAN = ["Das Haus ist rot.", "Wir gehen zum Meer.", "Er liest ein Buch.", "Es regnet heute.", "Sie singt gut."]


def test_languages_that_cannot_be_told_apart_are_tied() -> None:
    rng = np.random.default_rng(0)
    base = rng.normal(size=(200, 20)).astype(np.float32)
    noise = {"one": 0.2, "two": 0.2, "three": 0.21, "four": 4.0}
    found = retrieval({k: (base + v * rng.normal(size=base.shape)).astype(np.float32) for k, v in noise.items()})
    assert [set(place) for place in found.ranked()] == [{"one", "two", "three"}, {"four"}]
    assert found.figure("one", "two").n == 200
    assert found.of("four").value < found.of("one").value
    assert set(found.found) == {(a, b) for a in noise for b in noise if a != b}
    with pytest.raises(InvalidValue, match="two or more"):
        retrieval({"one": base})
    with pytest.raises(InvalidValue, match="different numbers"):
        retrieval({"one": base, "two": base[:3]})


def test_spearman_is_scipy_s() -> None:
    rng = np.random.default_rng(1)
    a, b = rng.integers(0, 6, 80).astype(float), rng.normal(size=80)
    b += a
    assert spearman(a, b) == pytest.approx(spearmanr(a, b).statistic)
    one = Scored("x", a, b).figure()
    low, high = one.interval or (1, 0)
    assert low < one.value < high
    assert spearman(np.ones(5), np.arange(5.0)) is None
    moved = b.copy()
    moved[7] = -100 if a[7] > 2 else 100
    assert Scored("x", a, moved).worst()[0] == 7


def test_the_commands_by_the_shipped_encoder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pq.write_table(pa.table({"eng": LINES, "deu": GERMAN}), tmp_path / "two.parquet")
    home = ["--workspace", str(tmp_path / "home"), "--json"]
    assert main(["retrieve", str(tmp_path / "two.parquet"), *home]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {(one["source"], one["target"]) for one in told["pairs"]} == {("eng", "deu"), ("deu", "eng")}
    assert set(told["pairs"][0]) == {"source", "target", "value", "n", "low", "high"}
    assert told["n"] == 5
    scores = {"sentence1": LINES * 2, "sentence2": [*LINES, *LINES[::-1]], "score": [*[5.0] * 5, *[0.5] * 4, None]}
    pq.write_table(pa.table(scores), tmp_path / "sts.parquet")
    assert main(["sts", str(tmp_path / "sts.parquet"), *home]) == 0
    (found,) = json.loads(capsys.readouterr().out)["languages"]
    assert (found["n"], found["skipped"]) == (9, 1)
    assert found["low"] <= found["value"] <= found["high"]
    assert main(["retrieve", str(tmp_path / "two.parquet"), "--languages", "eng,xxx", *home]) == 2
    assert "has no language 'xxx'" in capsys.readouterr().err


def test_an_encoder_without_layers_is_a_model_of_one(tmp_path: Path) -> None:
    model = layers_of("distilled")
    texts = [f"bread and water {i}" for i in range(35)]
    found = encode_layers(model, texts, Pooling(prefix="now "), Workspace(tmp_path).derived("x"))
    assert found.shape == (1, 35, model.dim)
    whole = open_encoder("distilled").encode([f"now {text}" for text in texts])
    np.testing.assert_allclose(np.asarray(found[0], np.float32), whole, atol=1e-3)
    assert model.tokens(texts).words.tolist() == [4] * 35
