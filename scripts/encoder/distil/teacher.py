"""What the teacher says, kept in a folder so that a stopped build goes on: each token alone, and English texts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from isogloss.types import Vectors

_TOKENS, _TEXTS, _LONGEST = 2048, 4096, 400
LAYERS = (12, 8, 1)  # the last says most; an early and a late one know of tokens what it has forgotten
Say = Callable[[str], None]


def kept(path: Path, make: Callable[[], Any]) -> Any:
    """What was made before, or is made now and kept."""
    if not path.exists():
        made = make()
        with path.with_suffix(".part").open("wb") as file:
            np.save(file, made)
        path.with_suffix(".part").rename(path)
    return np.load(path)


def token_vectors(folder: Path, work: Path, say: Say) -> Vectors:
    """`<s> token </s>` at the token in some layers, for every token of the table: (n_tokens, len(LAYERS), 384)."""
    import torch
    from transformers import AutoModel

    def part(model: Any, first: int, last: int) -> Vectors:
        ids = torch.arange(first, last)
        rows = torch.stack([torch.zeros_like(ids), ids, torch.full_like(ids, 2)], 1)
        with torch.inference_mode():
            layers = model(
                input_ids=rows, attention_mask=torch.ones_like(rows), output_hidden_states=True
            ).hidden_states
        return np.stack([layers[n][:, 1].numpy() for n in LAYERS], axis=1).astype(np.float32)

    def make() -> Vectors:
        model = AutoModel.from_pretrained(folder).float().eval()
        n, parts = model.config.vocab_size, []
        for first in range(0, n, _TOKENS * 8):
            last = min(first + _TOKENS * 8, n)
            cut = range(first, last, _TOKENS)
            name = work / f"tokens-{first}.npy"
            parts.append(
                kept(
                    name,
                    lambda cut=cut, last=last: np.concatenate([part(model, a, min(a + _TOKENS, last)) for a in cut]),
                )
            )
            say(f"{last:,} of {n:,} tokens")
        return np.concatenate(parts)

    return kept(work / "tokens.npy", make)


def text_vectors(folder: Path, work: Path, name: str, texts: Sequence[str], say: Say, rounded: bool = False) -> Vectors:
    """Unit vectors of texts, (n, 384), kept under a name. rounded: in half the numbers' bits and half the time."""
    import torch
    from sentence_transformers import SentenceTransformer

    model: Any = None
    parts = []
    for first in range(0, len(texts), _TEXTS):
        some = [f"query: {text[:_LONGEST]}" for text in texts[first : first + _TEXTS]]

        def make(some: list[str] = some) -> Vectors:
            nonlocal model
            if model is None:
                model = SentenceTransformer(str(folder), device="cpu").to(torch.bfloat16 if rounded else torch.float32)
            return np.asarray(model.encode(some, batch_size=128, normalize_embeddings=True), dtype=np.float32)

        parts.append(kept(work / f"{name}-{first}.npy", make))
        say(f"{min(first + _TEXTS, len(texts)):,} of {len(texts):,} {name}")
    return np.concatenate(parts)
