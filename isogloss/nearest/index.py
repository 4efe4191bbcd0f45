"""What answers queries to a space: the family of indexes."""

from __future__ import annotations

from typing import Protocol

from isogloss.family import Family
from isogloss.spaces.space import Space
from isogloss.types import Rows, Vectors
from isogloss.workspace.derived import DerivedStore


class Index(Protocol):
    """What any index offers. `search` returns rows and cosine similarities, best first, shapes (n, k).

    kind: `exact`, or what else answers and how well, in words.
    """

    @property
    def kind(self) -> str: ...

    def search(self, queries: Vectors, k: int) -> tuple[Rows, Vectors]: ...


class IndexKind(Protocol):
    """A member of the family. title: in words, for people."""

    name: str
    title: str
    help: str

    def find(self, space: Space, store: DerivedStore | None) -> Index | None:
        """The index of a space, where this kind answers for it: it suits the space, was built, and is whole."""


INDEXES: Family[IndexKind] = Family("index", "isogloss.nearest.indexes", last=("exact",))  # it always answers


def index_of(space: Space, store: DerivedStore | None = None) -> Index:
    """What answers queries to a space: its built index where it is large and there is one, else the exact search."""
    return next(found for name in INDEXES.asked if (found := INDEXES[name].find(space, store)) is not None)
