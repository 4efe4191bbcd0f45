"""A small transformer as a folder that transformers opens, with the sentences it was tested on: original and clone."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from isogloss.errors import StoreError, needs, reason_of
from isogloss.imbalance.clone import Cloned, Ids
from isogloss.imbalance.recipe import CloneAsked
from isogloss.imbalance.transformer import Small, in_clone
from isogloss.text.nested import read_json
from isogloss.text.normalize import nfc
from isogloss.workspace.folders import fresh_folder, replace_folder

SENTENCES = "sentences.csv"
ORIGINAL, CLONE, SHUFFLED = "original", "clone", "shuffled clone"
_PADDING, _MASK, _UNKNOWN = "[PAD]", "[MASK]", "[UNK]"


def spelled(words: Sequence[str], clone: CloneAsked) -> list[str]:
    """Words and then their clones as they are written, (2n,): each once. A clone that is a word already, or another's
    clone, gets a prime more.

    >>> spelled(["cat", "cats"], CloneAsked(suffix="s"))
    ['cat', 'cats', 'cats′', 'catss']
    """
    found = [nfc(word) for word in words]
    taken = set(found)
    for word in words:
        one = nfc("".join(f"{clone.prefix}{word}{clone.suffix}".split()))
        while one in taken:
            one += "′"
        taken.add(one)
        found.append(one)
    return found


def in_words(rows: Ids, one: Cloned, written: Sequence[str]) -> dict[str, list[str]]:
    """The sentences as text: as they are, as the clone says them, and as the clone would if it had dealt its words out
    anew: of the same length and the same shared words, so that what it finds is no translation.
    """
    dealt = np.arange(one.n, dtype=np.int32)
    free = np.flatnonzero(~one.anchors)
    dealt[free] = np.random.default_rng(0).permutation(free)
    others = np.where(rows >= 0, dealt[np.maximum(rows, 0)], rows).astype(np.int32)
    sides = {ORIGINAL: rows, CLONE: in_clone(rows, one), SHUFFLED: in_clone(others, one)}
    return {name: [" ".join(written[i] for i in row if i >= 0) for row in some] for name, some in sides.items()}


def is_of(folder: Path, key: str) -> bool:
    """Whether a folder holds the model that was made under that key."""
    try:
        told = read_json((folder / "config.json").read_bytes())
        there = all((folder / name).is_file() for name in ("model.safetensors", "tokenizer.json", SENTENCES))
        return there and told.get("made_under") == key
    except (OSError, ValueError, AttributeError):
        return False


def write_folder(model: Small, rows: Ids, one: Cloned, written: Sequence[str], *, folder: Path, key: str = "") -> None:
    """config.json, model.safetensors, a tokenizer of whole words between spaces, and SENTENCES, a column a side; whole
    or not at all. written: words and clones, (2n,). key: what it was made under. Raises StoreError.
    """
    with needs("encoders"):
        import transformers
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

    asked, n = model.asked, model.words
    vocabulary = {word: i for i, word in enumerate([*written, _MASK, _PADDING, _UNKNOWN])}
    config = transformers.BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=asked.dim,
        num_hidden_layers=asked.layers,
        num_attention_heads=asked.heads,
        intermediate_size=4 * asked.dim,
        max_position_embeddings=asked.length,
        type_vocab_size=1,
        layer_norm_eps=1e-5,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        pad_token_id=n + 1,
    )
    config.update({"made_under": key})
    transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    whole = transformers.BertModel(config)
    whole.load_state_dict(weights_of(model))
    cutter = Tokenizer(models.WordLevel(vocabulary, unk_token=_UNKNOWN))
    lowered = all(word == word.lower() for word in written)  # as most corpora are read
    cutter.normalizer = normalizers.Sequence([normalizers.NFC(), *([normalizers.Lowercase()] if lowered else [])])
    cutter.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer = transformers.PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=cutter,
        unk_token=_UNKNOWN,
        pad_token=_PADDING,
        mask_token=_MASK,
        model_max_length=asked.length,
    )
    sides = in_words(rows, one, written)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with fresh_folder(folder.parent) as made:
            whole.save_pretrained(made)
            tokenizer.save_pretrained(made)
            with open(made / SENTENCES, "w", newline="", encoding="utf-8") as file:
                csv.writer(file).writerows([tuple(sides), *zip(*sides.values(), strict=True)])
            replace_folder(made, folder)
    except OSError as error:
        raise StoreError(f"the model cannot be written ({reason_of(error)})", "free some space") from error


def weights_of(model: Small) -> Mapping[str, Any]:
    """By the names of BertModel, without what foretells words. Rows of the padding (zeros) and of unknown words (the
    mask's) are added: what the model does not know is to it like a word that is hidden. The pooler, which no layer
    needs, takes the first word as it is.
    """
    import torch

    table, dim = model.table.weight.detach(), model.asked.dim
    rows = torch.cat([table, torch.zeros(1, dim), table[-1:]])
    found = {
        "embeddings.word_embeddings.weight": rows,
        "embeddings.position_embeddings.weight": model.places.weight,
        "embeddings.token_type_embeddings.weight": torch.zeros(1, dim),
        "pooler.dense.weight": torch.eye(dim),
        "pooler.dense.bias": torch.zeros(dim),
    }
    parts: dict[str, Any] = {"embeddings.LayerNorm": model.first}
    layers: Any = model.layers
    for i, layer in enumerate(layers):
        at = f"encoder.layer.{i}"
        attention = layer.self_attn
        for name, weight, bias in zip(
            ("query", "key", "value"), attention.in_proj_weight.chunk(3), attention.in_proj_bias.chunk(3), strict=True
        ):
            found |= {f"{at}.attention.self.{name}.weight": weight, f"{at}.attention.self.{name}.bias": bias}
        parts |= {
            f"{at}.attention.output.dense": attention.out_proj,
            f"{at}.attention.output.LayerNorm": layer.norm1,
            f"{at}.intermediate.dense": layer.linear1,
            f"{at}.output.dense": layer.linear2,
            f"{at}.output.LayerNorm": layer.norm2,
        }
    for name, part in parts.items():
        found |= {f"{name}.weight": part.weight, f"{name}.bias": part.bias}
    return {name: one.detach() for name, one in found.items()}
