"""What is done to vectors before they are aligned, step by step: unit, center (VecMap's names); kept so that it can
be repeated.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from isogloss.errors import InvalidValue
from isogloss.linear import unit
from isogloss.types import Vectors

STEPS = ("unit", "center")
DEFAULT = ("unit", "center", "unit")
_Mean = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Preprocessing:
    """Steps in their order, and the mean that each `center` takes away, float64 (dim,).

    >>> found, done = Preprocessing.learnt(np.float32([[3, 4], [1, 0]]), ("unit", "center"))
    >>> done.round(1).tolist(), found.means[0].round(1).tolist()
    ([[-0.2, 0.4], [0.2, -0.4]], [0.8, 0.4])
    """

    steps: tuple[str, ...]
    means: tuple[_Mean, ...]

    @classmethod
    def learnt(
        cls, vectors: Vectors, steps: tuple[str, ...] = DEFAULT
    ) -> tuple[Preprocessing, npt.NDArray[np.float64]]:
        """Do the steps to the rows of a space; what was done, and the rows, float64. Raises InvalidValue."""
        unknown = [step for step in steps if step not in STEPS]
        if unknown:
            raise InvalidValue(f"there is no step {unknown[0][:40]!r}", f"choose from {', '.join(STEPS)}")
        done, means = np.asarray(vectors, dtype=np.float64), []
        for step in steps:
            if step == "center":
                means.append(done.mean(axis=0))
                done = done - means[-1]
            else:
                done = unit(done)
        return cls(tuple(steps), tuple(means)), done

    def apply(self, vectors: Vectors) -> npt.NDArray[np.float64]:
        """The same steps to other rows, with the means that were learnt. Raises InvalidValue for another dimension."""
        done, means = np.asarray(vectors, dtype=np.float64), iter(self.means)
        for step in self.steps:
            if step == "center":
                mean = next(means)
                if done.shape[1] != len(mean):
                    raise InvalidValue(
                        f"the vectors have {done.shape[1]} dimensions, the map was learnt on {len(mean)}",
                        "give vectors of its kind",
                    )
                done = done - mean
            else:
                done = unit(done)
        return done
