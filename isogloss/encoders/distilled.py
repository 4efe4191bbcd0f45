"""The distilled encoder on disk: four bits a number with one scale for 32, and the tokenizer packed beside them."""

from __future__ import annotations

import io
import json
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numba
import numpy as np
import numpy.typing as npt

from isogloss.encoders.static import StaticEncoder
from isogloss.errors import InvalidValue
from isogloss.types import Vectors

if TYPE_CHECKING:
    from isogloss.encoders.contrastive import Bags, Ids, Offsets

BLOCK = 32  # numbers that share a scale
Codes = npt.NDArray[np.int8]
Scales = npt.NDArray[np.float32]


class DistilledEncoder(StaticEncoder):
    """Token vectors that stay in small numbers: 34 MB instead of 136.

    codes: (n_tokens, dim) int8 from -7 to 7. scales: (n_tokens, dim / 32); a number is its code times its scale.
    """

    def __init__(self, tokenizer: Any, codes: Codes, scales: Scales, name: str) -> None:
        self.tokenizer, self.codes, self.scales, self.name = tokenizer, codes, scales, name

    @cached_property
    def vectors(self) -> Vectors:  # type: ignore[override]
        return unpack_blocks(self.codes, self.scales)

    @property
    def dim(self) -> int:
        return int(self.codes.shape[1])

    def means(self, bags: Bags) -> Vectors:
        out = np.zeros((len(bags), self.dim), dtype=np.float32)
        _means(self.codes, self.scales, bags.ids, bags.offsets, out)
        return out


def pack_blocks(vectors: Vectors) -> tuple[Codes, npt.NDArray[np.float16]]:
    """Codes and scales of the rows; an error of at most half a scale in each place.

    vectors: (n, dim), dim a multiple of 32. Raises InvalidValue.

    >>> codes, scales = pack_blocks(np.linspace(-1, 1, 32, dtype=np.float32)[None])
    >>> codes[0, [0, 31]].tolist(), bool(np.abs(unpack_blocks(codes, scales) - np.linspace(-1, 1, 32)).max() < 0.075)
    ([-7, 7], True)
    """
    if vectors.shape[1] % BLOCK:
        raise InvalidValue(f"rows of {vectors.shape[1]} numbers", f"give a multiple of {BLOCK}")
    if not np.isfinite(vectors).all():
        raise InvalidValue("a token vector is not finite", "train again with a smaller rate")
    blocks = vectors.reshape(len(vectors), -1, BLOCK)
    scales = (np.abs(blocks).max(axis=2) / 7).astype(np.float16)
    codes = np.rint(blocks / np.maximum(scales.astype(np.float32), 1e-7)[:, :, None]).clip(-7, 7).astype(np.int8)
    return codes.reshape(vectors.shape), scales


def unpack_blocks(codes: Codes, scales: npt.NDArray[np.floating]) -> Vectors:
    """The rows again, float32."""
    blocks = codes.reshape(len(codes), -1, BLOCK).astype(np.float32) * scales.astype(np.float32)[:, :, None]
    return np.asarray(blocks.reshape(codes.shape), dtype=np.float32)


def write_distilled(path: Path, tokenizer: Any, vectors: Vectors) -> None:
    """One file: two codes a byte, scales, the tokenizer's pieces with their scores, and the rest of it as JSON."""
    head = json.loads(tokenizer.to_str())
    pieces, scores = zip(*head["model"].pop("vocab"), strict=True)
    codes, scales = pack_blocks(vectors)
    np.savez_compressed(
        path,
        codes=((codes[:, ::2] + 8) << 4 | (codes[:, 1::2] + 8)).astype(np.uint8),
        scales=scales,
        pieces=np.frombuffer("\n".join(pieces).encode(), dtype=np.uint8),
        scores=np.array(scores, dtype=np.float32),
        head=np.frombuffer(json.dumps(head, ensure_ascii=False).encode(), dtype=np.uint8),
    )


def read_distilled(path: Path, name: str) -> DistilledEncoder:
    """Raises OSError, KeyError, ValueError where the file is not one."""
    from tokenizers import Tokenizer

    with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as data:
        packed, scales, scores = data["codes"], data["scales"], data["scores"]
        pieces, head = data["pieces"].tobytes().decode().split("\n"), json.loads(data["head"].tobytes().decode())
    head["model"]["vocab"] = list(zip(pieces, scores.tolist(), strict=True))
    codes = np.empty((len(packed), 2 * packed.shape[1]), dtype=np.int8)
    codes[:, ::2], codes[:, 1::2] = (packed >> 4).astype(np.int8) - 8, (packed & 15).astype(np.int8) - 8
    if len(pieces) > len(codes) or len(scales) != len(codes):
        raise ValueError(f"{len(pieces)} pieces, {len(codes)} rows")
    tokenizer = Tokenizer.from_str(json.dumps(head, ensure_ascii=False))
    return DistilledEncoder(tokenizer, codes, scales.astype(np.float32), name)


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _means(codes: Codes, scales: Scales, ids: Ids, offsets: Offsets, out: Vectors) -> None:  # pragma: no cover
    for i in range(len(offsets) - 1):
        low, high = offsets[i], offsets[i + 1]
        for at in range(low, high):
            row = ids[at]
            for block in range(scales.shape[1]):
                scale = scales[row, block]
                for d in range(block * 32, block * 32 + 32):
                    out[i, d] += scale * np.float32(codes[row, d])
        if high > low:
            share = np.float32(1.0) / np.float32(high - low)
            for d in range(out.shape[1]):
                out[i, d] *= share
