"""A table of tokens as coordinates times primitives (OFA, Liu et al. 2024): singular values, error, size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from isogloss.errors import InvalidValue
from isogloss.types import Floats, Vectors

_BLOCK = 8192


def singular(table: Vectors) -> tuple[Floats, Floats]:
    """Singular values s, descending, and right vectors V, (dim, dim), of a table (n_tokens, dim), n_tokens ≥ dim.

    From the Gram matrix: EᵀE = V S² Vᵀ, summed block by block in double precision, so that nothing as large as the
    table is made. Values below some 1e-8 of the first are lost in rounding and come as 0.
    """
    dim = table.shape[1]
    gram = np.zeros((dim, dim))
    for at in range(0, len(table), _BLOCK):
        block = table[at : at + _BLOCK].astype(np.float64)
        gram += block.T @ block
    values, vectors = np.linalg.eigh(gram)
    floor = max(values[-1], 0.0) * 1e-15 if dim else 0.0
    return np.sqrt(np.where(values > floor, values, 0.0))[::-1], vectors[:, ::-1]


@dataclass(frozen=True)
class Factors:
    """E ≈ F P. coordinates: F = U_k, (n_tokens, k), orthonormal columns. primitives: P = S_k V_kᵀ, (k, dim)."""

    coordinates: Vectors
    primitives: Vectors
    values: Floats

    @property
    def error(self) -> float:
        """‖E − F P‖ of Frobenius = √Σ_{i>k} s²."""
        return float(errors(self.values)[len(self.primitives)])


def factorised(table: Vectors, rank: int) -> Factors:
    """The best F and P of a rank (Eckart & Young 1936). Raises InvalidValue."""
    if not 1 <= rank <= min(table.shape):
        raise InvalidValue(f"a rank of {rank:,} was asked for", f"choose 1 to {min(table.shape):,}")
    values, right = singular(table)
    basis = right[:, :rank]
    scale = np.where(values[:rank] > 0, values[:rank], 1.0)
    onto = (basis / scale).astype(np.float32)
    coordinates = np.empty((len(table), rank), dtype=np.float32)
    for at in range(0, len(table), _BLOCK):
        coordinates[at : at + _BLOCK] = table[at : at + _BLOCK] @ onto
    return Factors(coordinates, (values[:rank, None] * basis.T).astype(np.float32), values)


def errors(values: Floats) -> Floats:
    """‖E − F_k P_k‖ for k = 0 … dim, from the singular values: √Σ_{i>k} s², (dim + 1,).

    >>> errors(np.array([4.0, 3.0])).tolist()
    [5.0, 3.0, 0.0]
    """
    tail = np.cumsum((values[::-1]) ** 2)[::-1]
    found: Floats = np.sqrt(np.append(tail, 0.0))
    return found


def parameters(tokens: int, rank: int, dim: int) -> int:
    """Of a table in two factors: |V|·r + r·d; at full rank it is one table, |V|·d. Raises InvalidValue.

    >>> [round(parameters(401_145, rank, 768) / 1e6, 1) for rank in (100, 200, 400, 768)]
    [40.2, 80.4, 160.8, 308.1]
    """
    if not 1 <= rank <= dim:
        raise InvalidValue(f"a rank of {rank:,} was asked for", f"choose 1 to {dim:,}")
    return tokens * dim if rank == dim else tokens * rank + rank * dim


def ranks(values: Floats, tokens: int, at: Sequence[int] = (25, 50, 100, 200, 400, 768)) -> list[dict[str, float]]:
    """Rank → parameters and error as a share of ‖E‖, for the ranks that there are and the full one."""
    dim, left = len(values), errors(values)
    whole = left[0] or 1.0
    chosen = [*(rank for rank in at if rank < dim), dim]
    return [
        {"rank": rank, "parameters": parameters(tokens, rank, dim), "error": float(left[rank] / whole)}
        for rank in chosen
    ]
