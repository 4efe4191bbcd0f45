"""Bytes of a file while they are read: no more than 4 GiB, and looked at on the way."""

from __future__ import annotations

import codecs
import io
from pathlib import Path
from typing import IO, Any

import numpy as np

from isogloss.errors import InvalidValue
from isogloss.tables.opened import opened

MOST_BYTES = 4 << 30
_QUOTE = 0x22


class Doubt(Exception):
    """What is read is not as plain as it seemed: it is to be read with care."""


class _Readable(io.RawIOBase):
    """A stream by its `read` alone."""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


class Bounded(_Readable):
    """Bytes of which there are no more than `most` (4 GiB). Raises InvalidValue at the first one too many."""

    def __init__(self, stream: IO[bytes], name: str, *, most: int | None = None) -> None:
        self._stream, self._name = stream, name
        self._most = self._left = MOST_BYTES if most is None else most

    def read(self, size: int = -1, /) -> bytes:
        if size < 0:
            return self.readall()
        data = self._stream.read(size)
        self._left -= len(data)
        if self._left < 0:
            most = f"{self._most >> 30} GiB" if self._most >= 1 << 30 else f"{self._most:,} bytes"
            raise InvalidValue(
                f"{self._name} holds more than {most} of text", "make it a Parquet file or a shorter one"
            )
        return data

    def readall(self) -> bytes:
        parts = []
        while part := self.read(1 << 20):
            parts.append(part)
        return b"".join(parts)


class Plain(_Readable):
    """Rows of cells as UTF-8. Raises Doubt where they are not as plain as Arrow's reader takes them to be.

    That is: bytes of another encoding, quotation marks that open or close within a cell, one left open at the end.
    blank: empty lines outside quotation marks so far, which Arrow leaves out. end: how lines end.
    """

    def __init__(self, stream: Bounded, delimiter: str, *, quoted: bool, encoding: str | None, end: bytes) -> None:
        self._stream, self._quoted = stream, quoted
        self._around = np.zeros(256, dtype=bool)
        self._around[[ord(delimiter), 10, 13, _QUOTE]] = True
        self._recode = codecs.getincrementaldecoder(encoding)() if encoding else None
        self._check = codecs.getincrementaldecoder("utf-8")()
        self._last, self._inside, self._closed, self._waiting = b"\n", False, False, b""
        self._first, self._double = True, b"\n" + end
        self.blank = 0

    def read(self, size: int = -1, /) -> bytes:
        data, self._waiting = self._waiting or self._next(size), b""
        if len(data) > size:
            data, self._waiting = data[:size], data[size:]
        return data

    def _next(self, n: int) -> bytes:
        """The next bytes, looked at; nothing at the end alone."""
        while True:
            data = self._utf8(self._stream.read(n))
            if data:
                if self._first:
                    data, self._first = data.removeprefix(codecs.BOM_UTF8), False
                self._look(data)
                if data:
                    return data
            elif data is None:
                if self._inside:
                    raise Doubt
                return b""

    def _utf8(self, raw: bytes) -> bytes | None:
        """Bytes in UTF-8, none while a letter is cut, None at the end."""
        try:
            if self._recode:
                return self._recode.decode(raw, final=not raw).encode() or (b"" if raw else None)
            if not raw or not raw.isascii() or self._check.getstate()[0]:
                self._check.decode(raw, final=not raw)
        except UnicodeError as error:
            raise Doubt from error
        return raw or None

    def _look(self, data: bytes) -> None:
        if not data:
            return
        quotes = self._quotes(data) if self._quoted and (self._closed or b'"' in data) else None
        joint = self._last + data[:2]
        if self._double in joint:
            self._blanks(joint, len(self._last), quotes)
        if self._double in data:
            self._blanks(data, 0, quotes)
        if quotes is not None and len(quotes) % 2:
            self._inside = not self._inside
        self._last = (self._last + data[-2:])[-2:]

    def _quotes(self, data: bytes) -> np.ndarray:
        """Where quotation marks stand, all of them at the edges of cells."""
        letters = np.frombuffer(data, dtype=np.uint8)
        at = np.flatnonzero(letters == _QUOTE)
        if self._closed and not self._around[letters[0]]:
            raise Doubt
        opens, closes = at[int(self._inside) :: 2], at[1 - int(self._inside) :: 2]
        before = np.where(opens > 0, letters[opens - 1], self._last[-1])
        if not self._around[before].all() or not self._around[letters[closes[closes + 1 < len(letters)] + 1]].all():
            raise Doubt
        self._closed = bool(len(closes)) and int(closes[-1]) == len(letters) - 1
        return at

    def _blanks(self, data: bytes, known: int, quotes: np.ndarray | None) -> None:
        """Count the empty lines outside quotation marks. known: bytes of data that were there before."""
        at = data.find(self._double)
        while at >= 0:
            end = at + len(self._double) - 1
            before = int(np.searchsorted(quotes, end - known)) if quotes is not None else 0
            if end >= known and (before + self._inside) % 2 == 0:
                self.blank += 1
            at = data.find(self._double, end)


def read_bytes(path: Path, *, part: str | None = None, most: int | None = None) -> bytes:
    """A whole file, unpacked. part: of a .zip that holds several. most: in bytes. Raises NotFound, InvalidValue."""
    with opened(path, part) as stream:
        return Bounded(stream, part or path.name, most=most).readall()
