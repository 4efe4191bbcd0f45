"""Every layer of a transformer, with a tiny encoder and a tiny decoder that the test makes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from isogloss.encoders.layers import POOLS, LayeredModel, Pooling, encode_layers
from isogloss.errors import Cancelled, InvalidValue, NotFound
from isogloss.workspace.derived import DerivedStore

TEXTS = ["one two three", "one", "привет 東京", "two two two two two two", "one three " * 20, "ሰላም"]
pytestmark = pytest.mark.long


@pytest.fixture(scope="module", params=["encoder", "decoder"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    import torch
    import transformers
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    path = tmp_path_factory.mktemp(request.param)
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "one", "two", "three", *"приветтокио"]
    made = Tokenizer(models.WordPiece({w: i for i, w in enumerate(dict.fromkeys(words))}, unk_token="[UNK]"))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    torch.manual_seed(0)
    told: dict[str, Any] = {"unk_token": "[UNK]"}
    if request.param == "encoder":
        ends = [("[CLS]", 2), ("[SEP]", 3)]
        made.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=ends)
        told |= {"pad_token": "[PAD]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
        size: dict[str, Any] = {"hidden_size": 16, "num_hidden_layers": 3, "num_attention_heads": 2}
        config = transformers.BertConfig(vocab_size=32, intermediate_size=32, max_position_embeddings=64, **size)
        model: Any = transformers.BertModel(config)
    else:
        config = transformers.GPT2Config(vocab_size=32, n_embd=16, n_layer=3, n_head=2, n_positions=64)
        model = transformers.GPT2Model(config)
    model.save_pretrained(path, safe_serialization=True)
    transformers.PreTrainedTokenizerFast(tokenizer_object=made, **told).save_pretrained(path)
    return path


@pytest.mark.parametrize("pool", POOLS)
def test_a_batch_is_its_texts_one_by_one(folder: Path, pool: str) -> None:
    model = LayeredModel(str(folder))
    assert (model.n_layers, model.dim) == (4, 16)
    pooling = Pooling(pool)
    together = np.zeros((model.n_layers, len(TEXTS), model.dim), dtype=np.float32)
    for rows, vectors, _ in model.batches(TEXTS, pooling):
        together[:, rows] = vectors
    for i, text in enumerate(TEXTS):
        alone = next(iter(model.batches([text], pooling)))[1][:, 0]
        assert np.abs(alone - together[:, i]).max() < 1e-5  # padding leaves no trace


def test_the_pools_are_what_they_say(folder: Path) -> None:
    import torch

    model = LayeredModel(str(folder))
    ids = model._tokenizer(TEXTS[0])["input_ids"]
    with torch.inference_mode():
        states = model._model(torch.tensor([ids]), output_hidden_states=True).hidden_states
    place = np.arange(1, len(ids) + 1)[:, None]
    for layer, state in enumerate(s[0].numpy() for s in states):
        wanted = {
            "mean": state.mean(axis=0),
            "weighted": (place * state).sum(axis=0) / place.sum(),
            "last": state[-1],
            "cls": state[0],
        }
        for pool, vector in wanted.items():
            found = next(iter(model.batches([TEXTS[0]], Pooling(pool))))[1][layer, 0]
            assert np.abs(found - vector).max() < 1e-5


def test_stopped_and_gone_on_with_it_is_the_same(folder: Path, tmp_path: Path) -> None:
    model = LayeredModel(str(folder))
    many = [f"{text} {'one ' * (n % 7)}" for n in range(60) for text in TEXTS]
    whole = encode_layers(model, many, Pooling(), DerivedStore(tmp_path / "whole"))
    calls = 0

    def stop(what: str, share: float, number: float | None = None, /) -> None:
        nonlocal calls
        calls += 1
        if calls == 12:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        encode_layers(model, many, Pooling(), DerivedStore(tmp_path / "cut"), progress=stop)
    seen: list[float] = []
    again = encode_layers(
        model,
        many,
        Pooling(),
        DerivedStore(tmp_path / "cut"),
        progress=lambda what, share, number=None, /: seen.append(share),
    )
    assert seen[0] > 0.3  # not from the beginning
    assert np.array_equal(whole, again)
    assert not list((tmp_path / "cut").glob("*.part"))
    assert np.array_equal(encode_layers(model, many, Pooling(), DerivedStore(), progress=stop), whole)


def test_unknown_characters_are_counted_one_by_one(folder: Path) -> None:
    model = LayeredModel(str(folder))
    found = model.tokens(["one ሰላም", "one two"])
    assert found.unknown.tolist() == [3, 0]
    assert found.unknown_share == pytest.approx(3 / 12)
    assert found.words.tolist() == [2, 2]


def test_what_is_no_model_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="cannot be loaded layer by layer"):
        LayeredModel(str(tmp_path))
    (tmp_path / "pytorch_model.bin").write_bytes(b"x")
    with pytest.raises(InvalidValue, match="safetensors"):
        LayeredModel(str(tmp_path))
    with pytest.raises(InvalidValue, match="choose from mean"):
        Pooling("max")
