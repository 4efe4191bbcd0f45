"""Which points lie inside a polygon drawn on a map."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from isogloss.errors import InvalidValue

MOST_CORNERS = 5_000


def inside(points: npt.ArrayLike, corners: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Even-odd rule: a point is inside when a ray from it to the right crosses the outline an odd number of times.

    points: (n, 2). corners: (m, 2), closed from the last to the first. Returns shape (n,).
    Raises InvalidValue for fewer than three corners, too many, or ones that are not finite.

    >>> inside([[1, 1], [3, 1]], [[0, 0], [2, 0], [2, 2], [0, 2]]).tolist()
    [True, False]
    """
    at, outline = np.asarray(points, dtype=np.float64), np.asarray(corners, dtype=np.float64)
    if outline.ndim != 2 or outline.shape[1:] != (2,) or not 3 <= len(outline) <= MOST_CORNERS:
        raise InvalidValue(
            f"a selection has the shape {outline.shape}", f"draw an outline of 3 to {MOST_CORNERS:,} corners"
        )
    if not np.isfinite(outline).all():
        raise InvalidValue("a selection has corners that are not finite numbers", "draw it again")
    at = at.reshape(-1, 2)
    odd = np.zeros(len(at), dtype=bool)
    x, y = at[:, 0], at[:, 1]
    for (x0, y0), (x1, y1) in zip(outline, np.roll(outline, -1, axis=0), strict=True):
        if y0 == y1:
            continue
        crosses = (y0 > y) != (y1 > y)
        odd ^= crosses & (x < (x1 - x0) * (y - y0) / (y1 - y0) + x0)
    return odd
