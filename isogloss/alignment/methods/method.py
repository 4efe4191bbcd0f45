"""What every alignment method takes and gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from isogloss.errors import InvalidValue
from isogloss.nearest.csls import K
from isogloss.types import Matrix, Rows

_HELD_OUT = 0.1


@dataclass(frozen=True, eq=False)
class Problem:
    """x, z: preprocessed rows of all items, float64. a, b: rows of the anchors, a[i] belongs to b[i]."""

    x: Matrix
    z: Matrix
    a: Rows
    b: Rows

    @property
    def anchors(self) -> tuple[Matrix, Matrix]:
        return self.x[self.a], self.z[self.b]


@dataclass(frozen=True)
class Parameters:
    """ridge: λ. refine: rounds at most, and how many of the most frequent items may become anchors. rcsls: its learning
    rate, iterations (its authors' program with `niter` 10 takes 11), neighbors and negatives, and whether singular
    values are clipped to [0, 1] (spectral). keep: share of similarities that count when self-learning begins.
    patience: rounds of it without an improvement before more of them do.
    """

    ridge: float = 1.0
    rounds: int = 5
    frequent: int = 20_000
    rate: float = 1.0
    iterations: int = 11
    neighbors: int = K
    negatives: int = 200_000
    spectral: bool = False
    keep: float = 0.1
    patience: int = 50
    seed: int = 0

    def of(self, method: str) -> dict[str, Any]:
        """Those that a method depends on (all draw held-out anchors by the seed).

        >>> Parameters().of("ridge")
        {'ridge': 1.0, 'seed': 0}
        """
        return {name: value for name, value in asdict(self).items() if name in ("seed", *_USED.get(method, ()))}


def parameters_of(given: Sequence[str]) -> Parameters:
    """Parameters from NAME=VALUE, the others as they are by default. Raises InvalidValue.

    >>> parameters_of(["rate=25", "spectral=true"]).rate
    25.0
    """
    kinds = {name: type(value) for name, value in asdict(Parameters()).items()}
    found: dict[str, Any] = {}
    for one in given:
        name, _, value = one.partition("=")
        if name not in kinds:
            raise InvalidValue(f"there is no parameter {name[:40]!r}", f"choose from {', '.join(kinds)}")
        try:
            found[name] = _SWITCH[value.lower()] if kinds[name] is bool else kinds[name](value)
        except (KeyError, ValueError) as error:
            raise InvalidValue(
                f"{name} is {value[:40]!r}", f"give a value like {getattr(Parameters(), name)}"
            ) from error
    return Parameters(**found)


_SWITCH = {"true": True, "false": False, "1": True, "0": False}


_USED: Mapping[str, tuple[str, ...]] = {
    "ridge": ("ridge",),
    "refine": ("rounds", "frequent"),
    "rcsls": ("rate", "iterations", "neighbors", "negatives", "spectral"),
    "vecmap-self": ("frequent", "neighbors", "keep", "patience"),
}


@dataclass(frozen=True, eq=False)
class Fitted:
    """left, right: what rows of either side are multiplied by. about: what else the method found out."""

    left: Matrix
    right: Matrix
    about: Mapping[str, Any] = field(default_factory=dict)
