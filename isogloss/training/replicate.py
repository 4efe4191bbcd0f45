"""What one replicate training says, as it is kept: named arrays, so that none can be taken for another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields

import numpy as np

from isogloss.drift.pair import Values
from isogloss.types import Arrays, Rows, Vectors


@dataclass(frozen=True, eq=False)
class Apart:
    """The two halves of one space. square: |δ|² of each item's unit vectors, (n_items,), NaN where a half lacks it.

    directions: Σ δδᵀ/|δ|² over the items, divided by their number, (dim, dim). cosines: of the sampled pairs of items
    in either half, (2, pairs).
    """

    square: Values
    directions: Vectors
    cosines: Values


@dataclass(frozen=True, eq=False)
class Between:
    """The halves of two spaces. counts: the smaller count of each null distance, (m,). null: measure → (m,).

    places, sides: of each null distance, the place of its item among those that the spaces share, and whether it lies
    within the source (0) or the target (1), (m,).

    halves: measure → distance of each shared item between the spaces, in either half, float32 (2, n), NaN where a half
    lacks it; nothing where the replicate does not count for intervals.
    """

    counts: Rows
    null: Mapping[str, Values]
    halves: Mapping[str, Values]
    places: Rows = field(default_factory=lambda: np.empty(0, np.int64))
    sides: Rows = field(default_factory=lambda: np.empty(0, np.int64))


@dataclass(frozen=True, eq=False)
class Replicate:
    """pairs: of every pair of spaces. spaces: of every space, where the replicate counts for intervals; else none."""

    pairs: tuple[Between, ...]
    spaces: tuple[Apart, ...]

    def arrays(self) -> Arrays:
        """As `read_replicate` takes them."""
        out: Arrays = {}
        for number, pair in enumerate(self.pairs):
            out[f"pair{number}-counts"] = pair.counts
            out[f"pair{number}-places"], out[f"pair{number}-sides"] = pair.places, pair.sides
            out |= {f"pair{number}-null-{measure}": values for measure, values in pair.null.items()}
            out |= {f"pair{number}-halves-{measure}": values for measure, values in pair.halves.items()}
        for number, space in enumerate(self.spaces):
            out |= {f"space{number}-{name}": getattr(space, name) for name in _APART}
        return out


_APART = tuple(known.name for known in fields(Apart))


def read_replicate(arrays: Arrays, measures: Iterable[str], *, n_pairs: int, n_spaces: int) -> Replicate | None:
    """Kept arrays of so many pairs and spaces; None where they lack a measure, or were kept in another form."""
    names = tuple(measures)

    def by_measure(kind: str) -> dict[str, Values]:
        return {name: arrays[f"{kind}-{name}"] for name in names}

    try:
        pairs = tuple(
            Between(
                arrays[f"pair{i}-counts"],
                by_measure(f"pair{i}-null"),
                by_measure(f"pair{i}-halves") if n_spaces else {},
                arrays[f"pair{i}-places"],
                arrays[f"pair{i}-sides"],
            )
            for i in range(n_pairs)
        )
        spaces = tuple(Apart(**{name: arrays[f"space{i}-{name}"] for name in _APART}) for i in range(n_spaces))
    except KeyError:
        return None
    return Replicate(pairs, spaces)
