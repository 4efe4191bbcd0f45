"""The shipped encoder: one tokeniser, token vectors in stages of its training, a text is the mean of its tokens."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from numpy.lib.format import read_array_header_1_0, read_array_header_2_0, read_magic

from isogloss.errors import InvalidValue, NotFound, StoreError, needs
from isogloss.places import ASSETS
from isogloss.progress import Progress, silent
from isogloss.types import Vectors

if TYPE_CHECKING:
    from isogloss.encoders.contrastive import Bags

FOLDER = ASSETS / "encoder"
STAGES = ("before", "transliterated", "translated")
DISTILLED = "distilled"  # from a real teacher; the others stay for the story
FILE = "encoder.npz"  # of the distilled stage
PREFIX = "isogloss-static-"  # of their names
_BATCH = 4096


class StaticEncoder:
    """Token vectors and their tokeniser; what sentence-transformers calls a StaticEmbedding.

    vectors: (n_tokens, dim) float32. name: says which model it is; part of what results are kept by.
    """

    def __init__(self, tokenizer: Any, vectors: Vectors, name: str) -> None:
        self.tokenizer, self.vectors, self.name = tokenizer, vectors, name

    @property
    def unknown(self) -> int:
        """The number of the token that stands for what the tokeniser does not know."""
        return int(self.tokenizer.token_to_id("<unk>") or 0)

    @property
    def dim(self) -> int:
        return int(self.vectors.shape[1])

    def pieces(self, text: str) -> list[str]:
        """The subwords of a text; a character that the tokeniser does not know is `<unk>`."""
        encoded, unknown = self.tokenizer.encode(text, add_special_tokens=False), self.unknown
        return ["<unk>" if i == unknown else piece for i, piece in zip(encoded.ids, encoded.tokens, strict=True)]

    def token_ids(self, texts: Sequence[str]) -> Iterator[list[int]]:
        for at in range(0, len(texts), _BATCH):
            for one in self.tokenizer.encode_batch(list(texts[at : at + _BATCH]), add_special_tokens=False):
                yield one.ids

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> Vectors:
        """The mean of each text's token vectors, (n_texts, dim) float32; a text without tokens is zero.

        progress: with the number of tokens read, every few thousand texts; it may raise Cancelled.
        """
        out = np.zeros((len(texts), self.dim), dtype=np.float32)
        tokens = 0
        for at in range(0, len(texts), _BATCH):
            bags = self.bags(texts[at : at + _BATCH])
            n = len(bags.offsets) - 1
            out[at : at + n] = self.means(bags)
            tokens += len(bags.ids)
            progress("encoding", (at + n) / len(texts), tokens)
        return out

    def bags(self, texts: Sequence[str]) -> Bags:
        """The tokens of texts, for encoders that share a tokeniser."""
        from isogloss.encoders.contrastive import Bags

        ids = list(self.token_ids(texts))
        flat = np.array([i for one in ids for i in one], dtype=np.int32)
        return Bags(flat, np.cumsum([0, *map(len, ids)], dtype=np.int64))

    def means(self, bags: Bags) -> Vectors:
        """The mean of each bag's token vectors, (n_bags, dim) float32; of an empty one zero."""
        from isogloss.encoders.contrastive import bag_means

        return bag_means(self.vectors, bags)

    def to_sentence_transformer(self) -> Any:
        """The same model for sentence-transformers; `save_pretrained` writes it as any other."""
        with needs("encoders"):
            from sentence_transformers import SentenceTransformer
            from sentence_transformers.sentence_transformer.modules import StaticEmbedding

        return SentenceTransformer(
            modules=[StaticEmbedding(self.tokenizer, embedding_weights=self.vectors)], device="cpu"
        )


def load_encoder(stage: str = STAGES[-1], *, folder: Path = FOLDER) -> StaticEncoder:
    """A stage of the shipped encoder. Raises NotFound, StoreError."""
    if stage not in (*STAGES, DISTILLED):
        raise NotFound(f"the encoder has no stage {stage!r}", [*STAGES, DISTILLED])
    return _load(stage, folder)


def stage_dim(stage: str, *, folder: Path = FOLDER) -> int:
    """The dimensions of a stage, read from the head of its file. Raises StoreError.

    >>> stage_dim("before") == load_encoder("before").dim
    True
    """
    packed = stage == DISTILLED  # two codes a byte
    path, member = (folder.with_name(DISTILLED) / FILE, "codes") if packed else (folder / "stages.npz", stage)
    try:
        with zipfile.ZipFile(path) as archive, archive.open(f"{member}.npy") as file:
            read = {(1, 0): read_array_header_1_0, (2, 0): read_array_header_2_0}[read_magic(file)]
            shape = read(file)[0]
    except (OSError, KeyError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise StoreError(f"the encoder in {folder} cannot be read ({error})", "restore the folder") from error
    return int(shape[1]) * (2 if packed else 1)


@lru_cache(maxsize=2 * len(STAGES))
def _load(stage: str, folder: Path) -> StaticEncoder:
    from isogloss.encoders.distilled import read_distilled

    try:
        if stage == DISTILLED:
            return read_distilled(folder.with_name(DISTILLED) / FILE, f"{PREFIX}{stage}")
        tokenizer = _tokenizer(folder / "tokenizer.json")
        with np.load(folder / "stages.npz", allow_pickle=False) as data:
            vectors = unpack(data[stage], data[f"{stage}_scale"])
    except (OSError, KeyError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise StoreError(f"the encoder in {folder} cannot be read ({error})", "restore the folder") from error
    return StaticEncoder(tokenizer, vectors, f"{PREFIX}{stage}")


@lru_cache(maxsize=2)
def _tokenizer(path: Path) -> Any:
    from tokenizers import Tokenizer

    return Tokenizer.from_file(str(path))


def pack(vectors: Vectors) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float16]]:
    """int8 rows and their scales: row = values · scale, an error of at most half a scale in each place.

    Raises InvalidValue when a row is not finite.

    >>> values, scale = pack(np.array([[0.25, -1.0], [0, 0]], dtype=np.float32))
    >>> values.tolist(), unpack(values, scale).round(2).tolist()
    ([[32, -127], [0, 0]], [[0.25, -1.0], [0.0, 0.0]])
    """
    if not np.isfinite(vectors).all():
        raise InvalidValue("a token vector is not finite", "train again with a smaller rate")
    largest = np.abs(vectors).max(axis=1)
    scale = np.maximum(largest / 127, 6e-8).astype(np.float16)
    scale = np.where(scale.astype(np.float32) * 127 < largest, np.nextafter(scale, np.float16(np.inf)), scale)
    values = np.rint(vectors / scale.astype(np.float32)[:, None]).clip(-127, 127).astype(np.int8)
    return values, scale


def unpack(values: npt.NDArray[np.int8], scale: npt.NDArray[np.float16]) -> Vectors:
    """The rows again, float32."""
    return np.asarray(values.astype(np.float32) * scale.astype(np.float32)[:, None], dtype=np.float32)


def reduce(vectors: Vectors, dim: int) -> Vectors:
    """The same rows in `dim` dimensions: SVD, uncentred, so that means and cosines change least."""
    if dim >= vectors.shape[1]:
        return vectors
    _, directions = np.linalg.eigh((vectors.T @ vectors).astype(np.float64))
    return np.asarray(vectors @ directions[:, ::-1][:, :dim].astype(np.float32), dtype=np.float32)
