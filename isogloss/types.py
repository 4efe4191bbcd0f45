"""Names of arrays that every room uses."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]  # (n_items, dim), rows are items
Matrix = npt.NDArray[np.float64]  # (n, dim), where an algorithm needs the digits
Rows = npt.NDArray[np.int64]  # positions of items in their space
Floats = npt.NDArray[np.float64]  # one value an item, NaN where unknown
Mask = npt.NDArray[np.bool_]
Arrays = dict[str, npt.NDArray[Any]]  # by name
