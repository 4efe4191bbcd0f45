"""Level of detail of large maps: what the browser gets of them for a view.

Density of all points as an image, and single points: all of them where few are in view, otherwise the
ones most worth a label. The chosen items and their true neighbors are always among them.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from components.maps.data import LABEL, MapData
from components.maps.pack import pack, zipped
from components.parts.labels import shorten
from isogloss.maps.tiles import Box, Tiles

ALL_BELOW = 20_000
"""A view with fewer points than this shows each of them."""
MOST = 4_000
"""Single points over the density where more are in view."""


class LargeMaps:
    """Views of large maps; the tiles of each are kept with it."""

    def __init__(self, data: MapData) -> None:
        self.data = data
        self.tiles = [Tiles(m.coordinates) for m in data.maps]

    def view(self, box: Box | None, chosen: tuple[str, ...], kind: str = "") -> bytes:
        """What is seen of a box (None: of everything), packed as `MapData.block` is for small maps.

        Extra in the header: `detail`, for each map the box of its density and whether all its points in view
        are here; `global`, the number of each item in the whole set. Extra arrays: `density<i>`, uint8, shades
        of log(1 + count) from 0 to 255.
        """
        data = self.data
        rows = [self._shown(i, box, chosen) for i in range(len(data.maps))]
        items = dict.fromkeys(data.maps[i].space.items[r] for i, some in enumerate(rows) for r in some)
        local = {item: n for n, item in enumerate(items)}
        arrays = data.arrays(rows, local)
        arrays["global"] = np.array([data.ids[i] for i in items], dtype=np.int32)
        detail = []
        for i, (one, some) in enumerate(zip(data.maps, rows, strict=True)):
            at = {int(r): n for n, r in enumerate(some)}
            near = np.full((len(some), data.k), -1, dtype=np.int32)
            for item in chosen:
                if item in one.space:
                    found = one.near(one.space[item])[: data.k]
                    near[at[one.space[item]], : len(found)] = [at[j] for j in found]
            arrays[f"near{i}"] = near
            tiles = self.tiles[i]
            counts, covered = tiles.mosaic(box or tiles.box)
            shade = np.log1p(counts) / max(np.log1p(counts.max()), 1e-9) * 255
            arrays[f"density{i}"] = np.round(shade).astype(np.uint8)
            inside = len(one.space) if box is None else len(tiles.rows(box))
            detail.append({"box": covered, "wide": counts.shape[1], "points": inside, "all": inside <= ALL_BELOW})
        labels = [shorten(item, LABEL) for item in items]
        extra = {"labels": labels, "large": True, "detail": detail, "version": f"{data.version}{kind}"}
        return pack(data.header | extra, arrays)

    def sent(self, box: Box | None, chosen: tuple[str, ...], kind: str = "") -> bytes:
        """A view as it is sent."""
        return zipped(f"{self.data.version}{kind}", self.view(box, chosen, kind))

    def _shown(self, i: int, box: Box | None, chosen: tuple[str, ...]) -> npt.NDArray[np.int64]:
        one, rank = self.data.maps[i], self.data.ranks[i]
        rows = np.arange(len(one.space)) if box is None else self.tiles[i].rows(box)
        if len(rows) > ALL_BELOW:
            rows = rows[np.argpartition(rank[rows], MOST)[:MOST]]
        wanted = {one.space[item] for item in chosen if item in one.space}
        wanted |= {j for r in list(wanted) for j in one.near(r)}
        return np.union1d(rows, np.array(sorted(wanted), dtype=np.int64)).astype(np.int64)


def box_of(message: object) -> Box | None:
    """The box a browser asked for; None for anything that is not one."""
    box = message.get("box") if isinstance(message, dict) else None
    if not isinstance(box, list) or len(box) != 4 or not all(isinstance(v, int | float) for v in box):
        return None
    if not np.isfinite(box).all() or box[0] >= box[2] or box[1] >= box[3]:
        return None
    return (float(box[0]), float(box[1]), float(box[2]), float(box[3]))
