"""A profile: what a kind of rewriting must keep, what it should change, and where it did not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from isogloss.encoders.encoder import Encoder
from isogloss.family import Family
from isogloss.figure import Figure
from isogloss.progress import Progress, silent
from isogloss.rewriting.pairs import Pairs


@dataclass(frozen=True)
class Failure:
    """Something that went wrong in one pair. row: its position in the pairs, from 0. kind: `lost`, `added`, `changed` …
    (words joined by `_`). what: the type of thing (`url`, `placeholder`, `entity` …). span: the text itself.

    at: (start, end) in the source, or in the target for what was added, half-open, in characters; None where nowhere.
    in_target: whether `at` is in the target though nothing was added (a marker that was reversed there).
    """

    row: int
    kind: str
    what: str
    span: str = ""
    at: tuple[int, int] | None = None
    in_target: bool = field(default=False, repr=False)


@dataclass(frozen=True)
class Checked:
    """What a profile found. figures: name → figure over all pairs; by: group → the same figures of its pairs.

    failures: in order of their rows. rows: name → one number a pair (NaN where unknown), for pictures and tables.
    said: the first sentence, for instance "41 of 400 pairs lost a protected span". extra: what only this profile has.
    """

    figures: Mapping[str, Figure]
    by: Mapping[str, Mapping[str, Figure]] = field(default_factory=dict)
    failures: Sequence[Failure] = ()
    rows: Mapping[str, Sequence[float]] = field(default_factory=dict)
    said: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


class Profile(Protocol):
    """A member of the family. help: what it looks at, one line. encodes: whether it needs an encoder's vectors."""

    name: str
    title: str
    help: str
    encodes: bool

    def check(
        self,
        pairs: Pairs,
        *,
        by: str | None = None,
        encoder: Encoder | None = None,
        seed: int = 0,
        progress: Progress = silent,
    ) -> Checked:
        """Raises InvalidValue where the pairs cannot be looked at so, NotFound for a column that is not there."""


PROFILES: Family[Profile] = Family(
    "profile", "isogloss.rewriting.profiles", first=("protected", "rewrite", "markers", "mined", "free")
)
