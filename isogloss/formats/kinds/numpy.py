"""numpy's arrays with a list of names: .npy and .npz."""

from __future__ import annotations

import contextlib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from isogloss.errors import InvalidValue
from isogloss.formats.chosen import Candidate, Chosen, one_of
from isogloss.formats.collected import Block
from isogloss.formats.format import Format
from isogloss.formats.matrix import rows_of
from isogloss.formats.text import one_cell
from isogloss.formats.vocabulary import Names, read_names
from isogloss.spaces.space import Space

_NAMES = ("items", "words", "vocab", "vocabulary", "tokens", "labels")


def read_array(path: Path, vocabulary: Path | None = None, chosen: Chosen | None = None) -> Iterator[Block]:
    """Rows of a .npy file, or of the one matrix of a .npz; names from the vocabulary file or an array of the .npz.

    chosen: which matrix of a .npz that holds several. Object arrays are refused: they are pickles.
    """
    chosen, own = chosen or Chosen(), None
    try:
        loaded = np.load(path, mmap_mode="r", allow_pickle=False)
        if isinstance(loaded, np.ndarray):
            matrix = loaded
        else:
            with loaded:
                matrix, own = _of_archive(loaded, path, chosen.tensor)
    except InvalidValue:
        raise
    except Exception as error:  # a damaged header is parsed as Python, and fails in as many ways
        array = False
        with contextlib.suppress(OSError), open(path, "rb") as file:
            array = file.read(6) in (b"\x93NUMPY", b"PK\x03\x04\x14\x00", b"PK\x03\x04-\x00")
        objects = array and ("allow_pickle" in str(error) or "objects" in str(error))
        reason = "it holds objects, which are pickles" if objects else "it is damaged or no array"
        raise InvalidValue(
            f"{path.name} is not opened ({reason})", "save the numbers with numpy.save as float32"
        ) from error
    if vocabulary is not None and matrix.ndim:
        names = read_names(vocabulary, len(matrix), chosen)
    elif own is not None:
        names = Names(own)
    else:
        raise InvalidValue(f"{path.name} has no names for its rows", "give a file with one item a line: --vocab FILE")
    yield from rows_of(matrix, names, path)


def _of_archive(loaded: Any, path: Path, tensor: str = "") -> tuple[npt.NDArray[Any], list[str] | None]:
    arrays = {}
    with zipfile.ZipFile(path) as archive:
        if sum(i.file_size for i in archive.infolist()) > max(1 << 26, path.stat().st_size * 1_000):
            raise InvalidValue(f"{path.name} unpacks to more than 1,000 times its size", "look at what it is")
    for name in loaded.files[:64]:
        arrays[name] = loaded[name]
    matrices = [name for name, a in arrays.items() if a.ndim == 2 and a.dtype.kind in "fiu"]
    if tensor:
        matrices = [one_of(tensor, matrices, file=path.name, what="matrix", option="--tensor")]
    if len(matrices) != 1:
        raise InvalidValue(
            f"{path.name} holds {len(matrices)} matrices ({', '.join(arrays)[:200]})", "name one: --tensor NAME"
        )
    names = next((arrays[n] for n in _NAMES if n in arrays and arrays[n].dtype.kind in "US"), None)
    return arrays[matrices[0]], None if names is None else [str(v) for v in np.ravel(names)]


class Numpy(Format):
    name = "numpy"
    title = ".npy or .npz and a vocabulary"
    help = "a matrix of numbers, and a file with one item a line; an .npz may hold both"
    words = {".npy or .npz": "with a list of names"}  # noqa: RUF012
    endings = (".npy", ".npz")
    written = (".npy", ".vocab.txt")

    def knows(self, head: bytes) -> bool:
        return head.startswith(b"\x93NUMPY")

    def expected(self, path: Path) -> int | None:
        return len(np.load(path, mmap_mode="r", allow_pickle=False)) if path.suffix == ".npy" else None

    def read(self, path: Path, vocabulary: Path | None, chosen: Chosen) -> Iterator[Block]:
        return read_array(path, vocabulary, chosen)

    def candidates(self, path: Path, vocabulary: Path | None, chosen: Chosen) -> tuple[Candidate, ...]:
        if path.suffix.lower() != ".npz":
            return ()
        with np.load(path, allow_pickle=False) as arrays:
            found = [name for name in arrays.files[:64] if arrays[name].ndim == 2 and arrays[name].dtype.kind in "fiu"]
            picked = chosen.tensor or (found[0] if len(found) == 1 else "")
            return tuple(
                Candidate("tensor", name, (" × ".join(map(str, arrays[name].shape)),), name == picked) for name in found
            )

    def write(self, space: Space, out: Path) -> None:
        """OUT.npy and OUT.vocab.txt."""
        np.save(out.with_suffix(".npy"), np.asarray(space.vectors, dtype=np.float32), allow_pickle=False)
        names = "".join(one_cell(item) + "\n" for item in space.items)
        out.with_suffix(".vocab.txt").write_text(names, encoding="utf-8")


member = Numpy()
