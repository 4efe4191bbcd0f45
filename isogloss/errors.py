"""The one small tree of errors: each states the fact with the value received, and the lever."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

_SHORT_WRITE = re.compile(r"\d+ requested and \d+ written|\[?errno 28\]?", re.IGNORECASE)
_DISK = re.compile(
    "no space left on device|file too large|disk quota exceeded|read-only file system|disk i/o error"
    "|(?:disk|database or disk) is full",
    re.IGNORECASE,
)
MOST = 480


def _short(text: str) -> str:
    """Its beginning and its end, where it is longer than anyone reads."""
    return text if len(text) <= MOST else f"{text[: MOST - 121]} … {text[-118:]}"


class IsoglossError(Exception):
    """Something the user can act on.

    `fact` says what is wrong and names the value received; `lever` says what to do about it.

    Each is at most MOST characters: a table of 5,000 columns is not listed to its end.

    >>> print(IsoglossError("k is 0", "choose k between 1 and 1,000"))
    k is 0: choose k between 1 and 1,000
    >>> len(IsoglossError("c" * 9_000).fact)
    480
    """

    def __init__(self, fact: str, lever: str = "") -> None:
        self.fact, self.lever = _short(fact), _short(lever)
        super().__init__(self.fact, self.lever)

    def __str__(self) -> str:
        return f"{self.fact}: {self.lever}" if self.lever else self.fact


class InvalidValue(IsoglossError):
    """An argument, a column or a file holds a value that cannot be used."""


class NotFound(IsoglossError):
    """A collection, space or item of that name does not exist; `matches` holds the nearest names."""

    def __init__(self, fact: str, matches: list[str] | None = None, lever: str = "") -> None:
        self.matches = matches or []
        if not lever:
            lever = "nearest are " + ", ".join(self.matches) if self.matches else "nothing is near it"
        super().__init__(fact, lever)


class NotAligned(IsoglossError):
    """Shared coordinates were asked of spaces that have none."""


class StoreError(IsoglossError):
    """A collection on disk cannot be read or written."""


class BuildError(IsoglossError):
    """A build broke one of its own guarantees."""


class Cancelled(IsoglossError):
    """The user stopped long work; nothing was changed."""


def reason_of(error: OSError) -> str:
    """Why the system could not read or write, in its words. numpy and Arrow tell of a full disk in words of their own.

    >>> reason_of(OSError(28, "No space left on device")), reason_of(OSError("24 requested and 8 written"))
    ('No space left on device', 'No space left on device')
    >>> reason_of(OSError())
    'OSError'
    """
    told = error.strerror or " ".join(str(error).split())
    if _SHORT_WRITE.search(told):
        return os.strerror(errno.ENOSPC)
    return told[:200] or type(error).__name__


@contextmanager
def as_system_errors() -> Iterator[None]:
    """Around what is written by whichever library: what each says, in an error of its own, of a disk that is full or
    may not be written is an OSError.

    >>> with as_system_errors():
    ...     raise RuntimeError("in void write(): write error: No space left on device (os error 28)")
    Traceback (most recent call last):
    OSError: [Errno 28] No space left on device
    """
    try:
        yield
    except (OSError, IsoglossError):
        raise
    except Exception as error:
        if (said := _DISK.search(str(error))) is None:
            raise
        raise OSError(errno.ENOSPC, said[0]) from error


@contextmanager
def needs(extra: str) -> Iterator[None]:
    """Around imports of packages that only some work needs. Raises InvalidValue, with the line that installs them.

    >>> with needs("encoders"):
    ...     import no_such_package
    Traceback (most recent call last):
    isogloss.errors.InvalidValue: no_such_package is not installed: pip install "isogloss[encoders]"
    """
    try:
        yield
    except ModuleNotFoundError as error:
        package = (error.name or str(error)).partition(".")[0]
        raise InvalidValue(f"{package} is not installed", f'pip install "isogloss[{extra}]"') from error
