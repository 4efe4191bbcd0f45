"""Two banks of which everything is known: meanings seen by two encoders, a bridge, and pairs that are tested."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from isogloss.heads.unpaired import Banks
from isogloss.types import Vectors


def world(seed: int, *, related: bool, dims: tuple[int, int] = (24, 32)) -> tuple[Banks, Vectors, Vectors]:
    """A test of held-out texts and images of one meaning each beside the banks. related: else the bridge is dealt."""
    rng = np.random.default_rng(seed)
    left, right = rng.normal(size=(12, dims[0])), rng.normal(size=(12, dims[1]))
    meanings = rng.normal(size=(600, 12))

    def seen(rows: np.ndarray, by: np.ndarray) -> np.ndarray:
        return (rows @ by + 0.02 * rng.normal(size=(len(rows), by.shape[1]))).astype(np.float32)

    banks = Banks(
        text_bridge=seen(meanings[:400], left),
        other_bridge=seen(meanings[:400] if related else rng.permutation(meanings[:400]), right),
        text_bank=seen(rng.permutation(meanings[:500]), left),
        other_bank=seen(rng.permutation(meanings[:500]), right),
    )
    return banks, seen(meanings[500:], left), seen(meanings[500:], right)


def written(
    folder: Path,
    seed: int,
    *,
    related: bool,
    dims: tuple[int, int] = (24, 32),
    pairs: int = 100,
    epochs: int = 30,
    more: str = "constraints = [0.2]\n",
) -> Path:
    """The recipe. English is the bridge, de and fr are banks, and q0 … q99 (de and fi, 50 each) mean what p0 … p99 of
    the images do. pairs: how many of these are tested. more: the end of [training], and what comes after it.
    """
    banks, texts, others = world(seed, related=related, dims=dims)
    half = len(banks.text_bank) // 2
    names = [f"s{i}" for i in range(400)]
    np.savez(
        folder / "texts.npz",
        items=[*names, *(f"t{i}" for i in range(500)), *(f"q{i}" for i in range(100))],
        languages=["en"] * 400 + ["de"] * half + ["fr"] * (500 - half) + ["de"] * 50 + ["fi"] * 50,
        vectors=np.concatenate([banks.text_bridge, banks.text_bank, texts]),
    )
    np.savez(
        folder / "images.npz",
        items=[*names, *(f"i{i}" for i in range(500)), *(f"p{i}" for i in range(100))],
        languages=["en"] * 400 + ["image"] * 600,
        vectors=np.concatenate([banks.other_bridge, banks.other_bank, others]),
    )
    rows = "".join(f"q{i},{'de' if i < 50 else 'fi'},p{i}\n" for i in range(pairs))
    (folder / "pairs.csv").write_text(f"source,source_language,target\n{rows}", encoding="utf-8")
    path = folder / "two.toml"
    path.write_text(
        f'[unpaired]\ntexts = "texts.npz"\nothers = "images.npz"\nout = 32\nepochs = {epochs}\n'
        '[pairs]\nfile = "pairs.csv"\ntarget_language = "image"\n'
        f'[training]\nbatch = 100\nheld_out_languages = ["fi"]\n{more}',
        encoding="utf-8",
    )
    return path
