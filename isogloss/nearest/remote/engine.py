"""What every vector engine offers, and which of them an address belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

import pyarrow as pa

from isogloss.errors import InvalidValue, IsoglossError, StoreError
from isogloss.family import Family
from isogloss.nearest.remote.where import Condition
from isogloss.types import Rows, Vectors

RECORDS = "isogloss_records"  # the table of what is known of the others
_TOLD = re.compile(r"//[^/@]*:[^/@]*@")


@contextmanager
def answering() -> Iterator[None]:
    """Whatever an engine raises is one line: StoreError; what is ours goes on as it is."""
    try:
        yield
    except IsoglossError:
        raise
    except Exception as error:  # of grpc, of Rust, of the network: each engine has kinds of its own
        raise StoreError(
            f"the vector engine gave no answer ({why(error)})", "see whether it is there and whole, or publish again"
        ) from error


def why(error: Exception) -> str:
    """What an engine's own error says, in one line.

    >>> why(ValueError("no room" + chr(10) + "at line 3"))
    'no room'
    """
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:160]


class Table(Protocol):
    """Rows of one space, numbered from 0: a vector, the item, its columns and r (the mean cosine of its nearest).

    What an engine raises goes through: whoever asks does so `answering`.
    """

    def count(self) -> int: ...

    def put(self, first: int, vectors: Vectors, items: Sequence[str], columns: pa.Table, r: Vectors) -> None:
        """Append rows first … first + n − 1."""

    def drop_from(self, first: int) -> None:
        """Delete the rows from this one on: what a killed publish left half."""

    def build(self) -> str:
        """Make its index, where there are enough rows for one; what answers now, in words."""

    def search(self, queries: Vectors, k: int, *, effort: int, where: Sequence[Condition] = ()) -> Rows:
        """Rows proposed for each query, shape (n, k), −1 where there are fewer. effort: 0 (least) to 3."""

    def vectors(self, rows: Rows) -> Vectors:
        """The vectors of rows, in their order, float32, shape (n, dim)."""

    def about(self, rows: Rows) -> tuple[list[str], Vectors]:
        """Items and r of rows, in their order."""

    def find(self, item: str) -> int | None:
        """The row of an item."""

    def scan(self, first: int, n: int) -> tuple[Vectors, list[str], pa.Table]:
        """Vectors, items and columns of the rows first … first + n − 1."""


class Connection(Protocol):
    """An engine at an address."""

    def table(self, name: str, dim: int, columns: pa.Schema) -> Table:
        """The table of a name, made where there is none."""

    def drop(self, name: str) -> None: ...

    def records(self) -> dict[str, str]:
        """Key → text; nothing is made by looking."""

    def put_record(self, key: str, text: str) -> None: ...

    def close(self) -> None: ...


class Engine(Protocol):
    """A member of the family. title: in words. extra: what `pip install "isogloss[extra]"` brings."""

    name: str
    title: str
    help: str
    extra: str

    def claims(self, uri: str) -> bool: ...

    def connect(self, uri: str) -> Connection:
        """Raises InvalidValue without its package."""


ENGINES: Family[Engine] = Family("vector engine", "isogloss.nearest.remote.engines", last=("lancedb",))


def engine_of(uri: str) -> Engine:
    """The engine that an address belongs to. Raises InvalidValue, also where it holds a password.

    >>> engine_of("http://127.0.0.1:19530").name, engine_of("spaces.db").name, engine_of("s3://bucket/x").name
    ('milvus', 'milvus', 'lancedb')
    >>> engine_of("http://me:secret@host:19530")
    Traceback (most recent call last):
    isogloss.errors.InvalidValue: the address holds a password: give it in the environment, as ISOGLOSS_MILVUS_TOKEN
    """
    if _TOLD.search(uri):
        raise InvalidValue("the address holds a password", "give it in the environment, as ISOGLOSS_MILVUS_TOKEN")
    for name in ENGINES.asked:
        if ENGINES[name].claims(uri):
            return ENGINES[name]
    raise InvalidValue(
        f"no vector engine answers at {uri[:80]!r}",
        "give a folder or s3:// (LanceDB), a file ending in .db or http(s):// (Milvus)",
    )
