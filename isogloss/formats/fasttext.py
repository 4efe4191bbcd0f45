"""fastText's binary models: a word's vector is the mean of its own row and those of its character n-grams (Bojanowski
et al. 2017).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numba
import numpy as np
import numpy.typing as npt

from isogloss.errors import InvalidValue
from isogloss.formats.collected import Block
from isogloss.formats.kinds.fasttext import MAGIC
from isogloss.formats.matrix import MOST_DIM
from isogloss.spaces.subwords import Subwords
from isogloss.tables.opened import opened
from isogloss.types import Vectors

_ROWS = 20_000
_LONGEST = 1 << 16
_MOST = 1 << 28  # words, buckets


@dataclass(frozen=True)
class Grams:
    """How a model cuts words: n-grams of minn to maxn characters, hashed into `bucket` rows after those of its
    words.
    """

    minn: int
    maxn: int
    bucket: int


def read_fasttext(path: Path) -> Iterator[Block]:
    """Words in order of their counts, with vectors as fastText prints them. Raises InvalidValue."""
    with opened(path) as file:
        try:
            words, counts, grams, matrix = _model(file, path)
        except (struct.error, UnicodeDecodeError, OverflowError) as error:
            raise InvalidValue(f"{path.name} is cut off or damaged ({error})", "fetch it again") from error
    rows = matrix[len(words) : len(words) + grams.bucket]
    subwords = Subwords(grams.minn, grams.maxn, rows) if grams.bucket and grams.maxn > 0 else None
    for at in range(0, len(words), _ROWS):
        some = words[at : at + _ROWS]
        vectors = compose(some, np.arange(at, at + len(some)), matrix, n_words=len(words), subwords=grams)
        yield Block(some, vectors, {"count": list(counts[at : at + _ROWS])}, subwords)


def read_words(path: Path) -> tuple[list[str], int]:
    """The words of a model and its dimensions, without the vectors that come after them. Raises InvalidValue."""
    with opened(path) as file:
        try:
            head, words, _, _ = _dictionary(file, path)
        except (struct.error, UnicodeDecodeError, OverflowError) as error:
            raise InvalidValue(f"{path.name} is cut off or damaged ({error})", "fetch it again") from error
    return words[: head.n_words], head.dim


def _take(file: IO[bytes], n: int) -> bytes:
    data = file.read(n)
    if len(data) != n:
        raise struct.error(f"{n:,} bytes were expected and {len(data):,} are left")
    return data


@dataclass(frozen=True)
class _Head:
    dim: int
    kind: int
    bucket: int
    minn: int
    maxn: int
    size: int
    n_words: int


def _dictionary(file: IO[bytes], path: Path) -> tuple[_Head, list[str], list[int], bytes]:
    """What stands before the matrix: parameters, words and labels, counts, and the bytes read too far."""
    if _take(file, 4) != MAGIC:
        raise InvalidValue(f"{path.name} is no fastText model", "name its format with --format")
    (version,) = struct.unpack("<i", _take(file, 4))
    dim, _, _, _, _, _, _, kind, bucket, minn, maxn, _ = struct.unpack("<12i", _take(file, 48))
    _take(file, 8)
    size, n_words, _, _, pruned = struct.unpack("<3i2q", _take(file, 28))
    if (
        version not in (11, 12)
        or not 1 <= dim <= MOST_DIM
        or not 0 < n_words <= size <= _MOST
        or not 0 <= bucket <= _MOST
    ):
        raise InvalidValue(
            f"{path.name} says version {version}, {n_words:,} words, {dim:,} dimensions, {bucket:,} buckets",
            "the file is damaged, or newer than this reader",
        )
    if pruned >= 0 and pruned > 0:
        raise InvalidValue(f"{path.name} is a compressed model", "import the .vec file of the same model")
    words: list[str] = []
    counts: list[int] = []
    rest = b""
    while len(words) < size:
        end = rest.find(b"\0")
        if end < 0 or len(rest) < end + 10:
            more = file.read(1 << 20)
            if not more or (end < 0 and len(rest) > _LONGEST):
                raise struct.error(f"the list of words ends after {len(words):,} of {size:,}")
            rest += more
            continue
        at = 0
        while len(words) < size:
            end = rest.find(b"\0", at)
            if end < 0 or len(rest) < end + 10:
                break
            count, label = struct.unpack_from("<qb", rest, end + 1)
            words.append("" if label else rest[at:end].decode("utf-8", "replace"))
            counts.append(count)
            at = end + 10
        rest = rest[at:]
    return _Head(dim, kind, bucket, minn, maxn, size, n_words), words, counts, rest


def _model(file: IO[bytes], path: Path) -> tuple[list[str], list[int], Grams, Vectors]:
    head, words, counts, rest = _dictionary(file, path)
    n_words, bucket, minn, maxn = head.n_words, head.bucket, head.minn, head.maxn
    stream = _Joined(rest, file)
    (quantised,) = struct.unpack("<?", stream.read(1))
    if quantised:
        raise InvalidValue(f"{path.name} is a compressed model", "import the .vec file of the same model")
    rows, columns = struct.unpack("<2q", stream.read(16))
    if columns != head.dim or not n_words <= rows <= head.size + bucket:
        raise InvalidValue(
            f"{path.name} has a matrix of {rows:,} × {columns:,}, expected {head.dim:,} columns", "fetch it again"
        )
    parts, left = [], rows * columns * 4
    while left:
        part = stream.read(min(left, 1 << 24))
        parts.append(part)
        left -= len(part)
    matrix = np.frombuffer(b"".join(parts), dtype="<f4").reshape(rows, columns)
    del parts
    if head.kind == 3 or rows <= n_words:  # classifiers, and models without n-grams
        minn = maxn = 0
    bucket = min(bucket, rows - n_words)
    return words[:n_words], counts[:n_words], Grams(minn, maxn, bucket), matrix


class _Joined:
    """What was read too far, then the file."""

    def __init__(self, rest: bytes, file: IO[bytes]) -> None:
        self._rest, self._file = rest, file

    def read(self, n: int) -> bytes:
        part, self._rest = self._rest[:n], self._rest[n:]
        return part + (_take(self._file, n - len(part)) if len(part) < n else b"")


def compose(
    words: list[str], rows: npt.NDArray[np.int64], matrix: Vectors, *, n_words: int, subwords: Grams
) -> Vectors:
    """Vectors of words, (n, dim) float32. rows: each word's own row, or −1 for a word that the model has not seen."""
    encoded = [f"<{word}>".encode("utf-8", "surrogatepass") for word in words]
    data = np.frombuffer(b"".join(encoded), dtype=np.uint8)
    offsets = np.cumsum([0, *map(len, encoded)], dtype=np.int64)
    least, most = (max(subwords.minn, 1), subwords.maxn) if subwords.bucket and subwords.maxn > 0 else (1, 0)
    found: Vectors = _compose(data, offsets, rows, matrix, n_words, least, most, max(subwords.bucket, 1))
    return found


@numba.njit(cache=True)
def _compose(data, offsets, rows, matrix, n_words, minn, maxn, bucket):  # type: ignore[no-untyped-def]  # pragma: no cover
    dim = matrix.shape[1]
    out = np.zeros((len(offsets) - 1, dim), dtype=np.float32)
    for w in range(len(offsets) - 1):
        begin, end, n = offsets[w], offsets[w + 1], 0
        if rows[w] >= 0:
            for d in range(dim):
                out[w, d] = matrix[rows[w], d]
            n = 1
        for i in range(begin, end):
            if data[i] & 0xC0 == 0x80:
                continue
            code = np.uint32(2166136261)
            length, j = 0, i
            while j < end and length < maxn:
                while True:
                    c = np.uint32(data[j])
                    if c >= 128:  # the original hashes signed bytes
                        c = np.uint32(c | np.uint32(0xFFFFFF00))
                    code = np.uint32(np.uint32(code ^ c) * np.uint32(16777619))
                    j += 1
                    if j >= end or data[j] & 0xC0 != 0x80:
                        break
                length += 1
                if length >= minn and not (length == 1 and (i == begin or j == end)):
                    row = n_words + np.int64(code % np.uint32(bucket))
                    for d in range(dim):
                        out[w, d] += matrix[row, d]
                    n += 1
        if n > 1:
            for d in range(dim):
                out[w, d] /= n
    return out
