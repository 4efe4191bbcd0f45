"""Layouts turned onto one another, so that the same items lie in the same places."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from isogloss.errors import InvalidValue
from isogloss.types import Vectors


@dataclass(frozen=True, eq=False)
class Match:
    """One layout turned onto another by a similarity: coordinates·scale·rotation + offset.

    coordinates: float32, shape (n_points, n_components), all of the moved layout. n: shared items that
    the match was found on. residual: share of the shared items' variance that is left between the two
    layouts, 0 (the same picture) to 1 (nothing in common); lower is better.
    """

    coordinates: Vectors
    n: int
    residual: float


def match_layouts(source: Vectors, target: Vectors, source_rows: list[int], *, target_rows: list[int]) -> Match:
    """Turn, mirror, scale and shift `source` onto `target` on the rows that belong together.

    argmin over Q (QᵀQ = I), b of ‖s·XQ + b − Y‖_F, with X and Y centred: Q = UVᵀ from svd(XᵀY) = USVᵀ, and
    s = ‖Y‖ / ‖X‖ makes both equally large, as where neither is the model of the other (Gower 1975). The s that fits
    Y best, tr S / ‖X‖², is smaller the less the two have in common, so that a chain of layouts would shrink to a
    point; a layout's size says nothing. residual = 1 − (tr S)² / (‖X‖²‖Y‖²), the same from either side. With fewer
    than two shared items, or all of them in one place, the layout is only shifted and the residual is 1.
    Raises InvalidValue when the numbers of rows or of components differ.

    >>> square = np.array([[0, 0], [1, 0], [1, 1], [0, 2]], dtype=np.float32)
    >>> turned = square @ np.array([[0, 1], [-1, 0]], dtype=np.float32) * 3 + 5
    >>> found = match_layouts(turned, square, [0, 1, 2, 3], target_rows=[0, 1, 2, 3])
    >>> bool(np.allclose(found.coordinates, square, atol=1e-5)), found.residual < 1e-9
    (True, True)
    """
    if len(source_rows) != len(target_rows) or source.shape[1] != target.shape[1]:
        raise InvalidValue(
            f"{len(source_rows)} rows of {source.shape[1]} components are matched with {len(target_rows)} rows of "
            f"{target.shape[1]}",
            "give as many rows of both layouts, with as many components",
        )
    x, y = source[source_rows].astype(np.float64), target[target_rows].astype(np.float64)
    if not len(x):
        return Match(source, 0, 1.0)
    x_mean, y_mean = x.mean(axis=0), y.mean(axis=0)
    x, y = x - x_mean, y - y_mean
    x_size, y_size = float((x**2).sum()), float((y**2).sum())
    scale, rotation, residual = 1.0, np.eye(source.shape[1]), 1.0
    if x_size > 0 and y_size > 0:
        u, s, vt = np.linalg.svd(x.T @ y)
        rotation, scale = u @ vt, float(np.sqrt(y_size / x_size))
        residual = max(0.0, 1.0 - float(s.sum()) ** 2 / (x_size * y_size))
    moved = (source - x_mean) @ rotation * scale + y_mean
    return Match(moved.astype(np.float32), len(source_rows), residual)
