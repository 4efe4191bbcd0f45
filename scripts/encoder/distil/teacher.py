"""What the teacher says, kept in a folder so that a stopped build goes on: each token alone, and English texts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from isogloss.types import Vectors

_TOKENS, _TEXTS, _LONGEST = 2048, 4096, 400
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
    """The last layer of `<s> token </s>` at the token, for every token of the table: (n_tokens, 384)."""
    import torch
    from transformers import AutoModel

    def part(model: Any, first: int, last: int) -> Vectors:
        ids = torch.arange(first, last)
        rows = torch.stack([torch.zeros_like(ids), ids, torch.full_like(ids, 2)], 1)
        with torch.inference_mode():
            out = model(input_ids=rows, attention_mask=torch.ones_like(rows)).last_hidden_state[:, 1]
        return np.asarray(out.numpy(), dtype=np.float32)

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


def text_vectors(folder: Path, work: Path, texts: Sequence[str], say: Say) -> Vectors:
    """Unit vectors of English texts, (n, 384)."""
    from sentence_transformers import SentenceTransformer

    model: Any = None
    parts = []
    for first in range(0, len(texts), _TEXTS):
        some = [f"query: {text[:_LONGEST]}" for text in texts[first : first + _TEXTS]]

        def make(some: list[str] = some) -> Vectors:
            nonlocal model
            model = model or SentenceTransformer(str(folder), device="cpu")
            return np.asarray(model.encode(some, batch_size=128, normalize_embeddings=True), dtype=np.float32)

        parts.append(kept(work / f"texts-{first}.npy", make))
        say(f"{min(first + _TEXTS, len(texts)):,} of {len(texts):,} English texts")
    return np.concatenate(parts)
