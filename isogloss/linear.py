"""Linear algebra of rows: unit length, and the rotation that brings one set of rows nearest to another."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from isogloss.errors import InvalidValue
from isogloss.types import Matrix, Vectors

Side = npt.NDArray[np.float32] | npt.NDArray[np.float64]


def orthogonal(source: Side, target: Side) -> Matrix:
    """Q of argmin ‖XQ − Z‖_F with QᵀQ = I: UVᵀ of the SVD of XᵀZ (Schönemann 1966), float64 (dim, dim).

    source, target: (n, dim), rows that belong together; n below dim leaves directions that the data do not decide.
    Raises InvalidValue when the shapes differ.

    >>> turn = np.array([[0, 1], [-1, 0]], dtype=np.float32)
    >>> x = np.array([[1, 0], [0, 2], [1, 1]], dtype=np.float32)
    >>> bool(np.allclose(orthogonal(x, x @ turn), turn))
    True
    """
    x, z = np.asarray(source, dtype=np.float64), np.asarray(target, dtype=np.float64)
    if x.shape != z.shape or x.ndim != 2:
        raise InvalidValue(
            f"sources of shape {x.shape} and targets of shape {z.shape}", "give one target for each source"
        )
    u, _, v = np.linalg.svd(x.T @ z)
    turn: Matrix = u @ v
    return turn


@cache
def _blas() -> list[tuple[Any, int]]:
    """numpy's BLAS, and on how many threads it was found; of OpenMP's each thread has a number of its own."""
    from threadpoolctl import ThreadpoolController

    found = ThreadpoolController().select(threading_layer="pthreads").lib_controllers
    return [(one, one.get_num_threads()) for one in found]


def _set(blas: Any, number: int) -> None:
    """threadpoolctl lets one thread alone decide while that lives; here whoever enters or leaves does."""
    blas.clear_controlling_thread(force=True)
    blas.set_num_threads(number)
    blas.clear_controlling_thread(force=True)


class _Inside:
    """How many are inside `one_thread`."""

    lock = Lock()
    many = 0


@contextmanager
def one_thread() -> Iterator[None]:
    """BLAS on one thread within: many small products, or threads of our own, would wait for its threads.

    The number is the process's, not the thread's: the first to enter lowers it, the last to leave puts it back.

    >>> with one_thread():
    ...     float(np.ones(3) @ np.ones(3))
    3.0
    """
    with _Inside.lock:
        if not _Inside.many:
            for blas, _ in _blas():
                _set(blas, 1)
        _Inside.many += 1
    try:
        yield
    finally:
        with _Inside.lock:
            _Inside.many -= 1
            if not _Inside.many:
                for blas, most in _blas():
                    _set(blas, most)


def unit_rows(vectors: Vectors) -> Vectors:
    """Rows of length 1, float32 and contiguous; a zero row stays zero."""
    norms = np.sqrt(np.add.reduce(vectors * vectors, axis=1, keepdims=True))  # np.linalg.norm, without its questions
    return np.ascontiguousarray(vectors / np.where(norms > 0, norms, 1), dtype=np.float32)


def unit(rows: Matrix) -> Matrix:
    """Rows of length 1; a zero row stays zero."""
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(norms > 0, norms, 1))


def cosine(a: Vectors, b: Vectors) -> float:
    """Of two vectors (dim,); NaN where one is zero.

    >>> cosine(np.float32([3, 4]), np.float32([3, 4]))
    1.0
    """
    size = float(np.linalg.norm(a) * np.linalg.norm(b))
    return float(a @ b) / size if size else float("nan")
