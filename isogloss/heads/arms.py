"""The teachings of one lesson: by its pairs, by pairs whose partners were dealt anew, and by fewer pairs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from isogloss.heads.beyond.judged import Values
from isogloss.heads.judged import Ranks
from isogloss.heads.training import Course
from isogloss.progress import Progress, part_of

P = TypeVar("P")
T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Arm:
    """One teaching: by how many pairs, of which epoch, the ranks of every tested language after it, and what it gives
    for the measures asked for.
    """

    taught: Course
    constraints: int
    ranks: Mapping[str, Ranks]
    values: Values = field(default_factory=dict)


def every_arm(
    teach: Callable[[P, bool, Progress], T], pairs: P, dealt: P, fewer: Sequence[P], progress: Progress
) -> list[T]:
    """After, control, spread, and one for each of the fewer.

    teach: by some pairs; the bool says whether its development pairs are dealt anew too, as they are for the control.

    >>> from isogloss.progress import silent
    >>> every_arm(lambda pairs, blind, progress: (pairs, blind), "all", "dealt", ["few"], silent)
    [('all', False), ('dealt', True), ('dealt', False), ('few', False)]
    """
    ways = [(pairs, False, "teaching"), (dealt, True, "the control"), (dealt, False, "without pairs")]
    ways += [(some, False, "fewer pairs") for some in fewer]
    n = len(ways)
    return [
        teach(some, blind, part_of(progress, i / n, (i + 1) / n, prefix=f"{what}: "))
        for i, (some, blind, what) in enumerate(ways)
    ]
