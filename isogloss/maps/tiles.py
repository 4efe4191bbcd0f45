"""Level of detail: density tiles drawn from all points of a map, and the points inside a box."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from isogloss.types import Vectors

SIZE = 128
"""Cells of a tile along each side."""
DEEPEST = 12
_LEAF = 8
_MOST_KEPT = 2_000

Box = tuple[float, float, float, float]


class Tiles:
    """A quadtree of counts over points; level z has 2**z by 2**z tiles of 128 by 128 cells.

    points: (n, 2). Tiles are counted from the points when they are first asked for and then kept. Points
    lie in the order of 256 by 256 leaves, so that a tile or a box reads only the leaves it meets.

    >>> tiles = Tiles(np.float32([[0, 0], [1, 1], [1, 1]]))
    >>> int(tiles.tile(0, 0, 0).sum()), tiles.rows((0.5, 0.5, 2, 2)).tolist()
    (3, [1, 2])
    """

    def __init__(self, points: Vectors) -> None:
        self.points = np.ascontiguousarray(points[:, :2], dtype=np.float32)
        low, high = (self.points.min(axis=0), self.points.max(axis=0)) if len(points) else (np.zeros(2), np.ones(2))
        self.side = float(max(high - low)) * (1 + 1e-6) or 1.0
        self.low = (float(low[0]), float(low[1]))
        leaf = self._cell(2**_LEAF)
        number = leaf[:, 1] * 2**_LEAF + leaf[:, 0]
        self._order = np.argsort(number, kind="stable")
        self._starts = np.searchsorted(number[self._order], np.arange(4**_LEAF + 1))
        self._kept: dict[tuple[int, int, int], npt.NDArray[np.uint32]] = {}

    @property
    def box(self) -> Box:
        """x0, y0, x1, y1 of the tile at level 0."""
        return (self.low[0], self.low[1], self.low[0] + self.side, self.low[1] + self.side)

    def _cell(self, n: int, rows: npt.NDArray[np.int64] | None = None) -> npt.NDArray[np.int64]:
        at = self.points if rows is None else self.points[rows]
        scaled = (at.astype(np.float64) - self.low) / self.side * n
        return np.clip(scaled, 0, n - 1).astype(np.int64)

    def rows(self, box: Box) -> npt.NDArray[np.int64]:
        """Rows of the points inside a box (its edges included), ascending."""
        x0, y0, x1, y1 = box
        n = 2**_LEAF
        c0, r0, c1, r1 = (
            int(np.clip(np.floor((v - self.low[i % 2]) / self.side * n), 0, n - 1)) for i, v in enumerate(box)
        )
        found = [self._order[self._starts[r * n + c0] : self._starts[r * n + c1 + 1]] for r in range(r0, r1 + 1)]
        rows = np.concatenate(found) if found else np.empty(0, np.int64)
        at = self.points[rows]
        seen = (at[:, 0] >= x0) & (at[:, 0] <= x1) & (at[:, 1] >= y0) & (at[:, 1] <= y1)
        return np.sort(rows[seen])

    def tile(self, z: int, x: int, y: int) -> npt.NDArray[np.uint32]:
        """Counts of one tile, shape (128, 128), rows from low y to high y; zeros outside the map."""
        if not (0 <= z <= DEEPEST and 0 <= x < 2**z and 0 <= y < 2**z):
            return np.zeros((SIZE, SIZE), dtype=np.uint32)
        key = (z, x, y)
        if key not in self._kept:
            while len(self._kept) >= _MOST_KEPT:
                self._kept.pop(next(iter(self._kept)), None)
            step = self.side / 2**z
            left, bottom = self.low[0] + x * step, self.low[1] + y * step
            pad = step / SIZE  # a point on the edge between two tiles belongs to the one its cell says
            rows = self.rows((left - pad, bottom - pad, left + step + pad, bottom + step + pad))
            cells = self._cell(SIZE * 2**z, rows) - np.array([x * SIZE, y * SIZE])
            own = ((cells >= 0) & (cells < SIZE)).all(axis=1)
            flat = np.bincount(cells[own, 1] * SIZE + cells[own, 0], minlength=SIZE * SIZE)
            self._kept[key] = flat.reshape(SIZE, SIZE).astype(np.uint32)
        return self._kept[key]

    def mosaic(self, box: Box, across: int = 4) -> tuple[npt.NDArray[np.uint32], Box]:
        """The tiles that cover a box, side by side, and the box they cover.

        At most across + 1 tiles a side: the level is the finest at which `across` of them are enough.
        """
        x0, y0, x1, y1 = box
        wide = max(x1 - x0, y1 - y0, self.side / 2**DEEPEST)
        z = int(np.clip(np.floor(np.log2(max(self.side * across / wide, 1))), 0, DEEPEST))
        step = self.side / 2**z
        first = [
            int(np.clip(np.floor((v - low) / step), 0, 2**z - 1)) for v, low in zip((x0, y0), self.low, strict=True)
        ]
        last = [
            int(np.clip(np.floor((v - low) / step), 0, 2**z - 1)) for v, low in zip((x1, y1), self.low, strict=True)
        ]
        last = [min(b, a + across) for a, b in zip(first, last, strict=True)]
        lines = [
            np.hstack([self.tile(z, x, y) for x in range(first[0], last[0] + 1)]) for y in range(first[1], last[1] + 1)
        ]
        covered = (
            self.low[0] + first[0] * step,
            self.low[1] + first[1] * step,
            self.low[0] + (last[0] + 1) * step,
            self.low[1] + (last[1] + 1) * step,
        )
        return np.vstack(lines), covered
