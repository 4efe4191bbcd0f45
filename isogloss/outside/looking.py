"""Files from outside are looked at in a process beside this one, which has limits and holds nothing of anybody.

What such a file makes its reader do happens there: to end by a signal, to ask for terabytes, to go on for ever. Here it
is one error. The process that looks is made for one file alone, by a server of one thread (`isogloss.outside.server`)
that has imported what reading takes and has never seen a file: after the first, a look costs some hundredths of a
second.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from isogloss import errors
from isogloss.errors import InvalidValue, IsoglossError, NotFound, StoreError
from isogloss.outside.crossing import Refused, decoded, encoded
from isogloss.outside.limits import MEGABYTE, Limits, size_of
from isogloss.outside.line import HEAD, STATUS, servers
from isogloss.progress import Progress

T = TypeVar("T")

_PATIENCE = 15  # seconds that the one who asks waits longer than the one who looks


def look(
    function: Callable[..., T],
    path: Path,
    *,
    kinds: Sequence[type] = (),
    quick: bool = False,
    warm: str = "",
    written: int = 0,
    progress: Progress | None = None,
    **arguments: Any,
) -> T:
    """function(path, **arguments) in a process of its own, under `Limits.of` the size of all files that are named.

    function: one of ours, at the top of its module. Its arguments and what it returns are text, numbers, paths, arrays,
    tables, lists, tuples and dictionaries of them, and dataclasses, those that come back being of `kinds`. quick: a
    look at the beginning. warm: modules, by spaces, that are imported once for all looks. written: bytes that a file it
    writes may have, where it unpacks. progress: given to the function.

    Raises what the function raises; InvalidValue where it ends by a signal, asks for too much memory or time, or fails
    in a way of its own.
    """
    if inside() or not hasattr(os, "fork"):
        return function(path, **arguments) if progress is None else function(path, progress=progress, **arguments)
    limits = Limits.of(sum(map(size_of, _paths([path, *arguments.values()]))), quick=quick, written=written)
    order = {
        "function": f"{function.__module__}:{function.__qualname__}",
        "arguments": [encoded(path, None), {name: encoded(one, None) for name, one in arguments.items()}],
        "progress": progress is not None,
        "limits": [limits.memory, limits.seconds, limits.output, limits.written],
        "folder": os.getcwd(),
    }
    modules = f"{function.__module__} {warm}"
    for anew in (False, True):
        call = _Call(path.name[:120], limits, progress)
        if call.over(servers.line(modules, anew=anew), order):
            break
    else:
        raise StoreError("the process that reads files cannot be started", "free some memory and try again")
    call.settle()
    try:
        found: T = decoded(call.answer, call.parts, {f"{one.__module__}:{one.__qualname__}": one for one in kinds})
        return found
    except Refused as error:
        raise InvalidValue(f"{call.name} cannot be read ({error})", "check that the file is whole") from error


def make_ready(*modules: str) -> None:
    """Let the server import these while nobody waits: the first look is then as quick as the others."""
    if not inside() and hasattr(os, "fork"):
        servers.line(" ".join(modules)).close()


def _paths(values: Iterable[Any]) -> Iterator[Path]:
    for one in values:
        if isinstance(one, Path):
            yield one
        elif isinstance(one, list | tuple):
            yield from _paths(one)


def inside() -> bool:
    """Whether this process is one that looks at a file."""
    return bool(getattr(sys.modules["__main__"], "LOOKING", False))


class _Call:
    """One look, from its order to what became of it."""

    def __init__(self, name: str, limits: Limits, progress: Progress | None) -> None:
        self.name, self.limits, self.progress = name, limits, progress
        self.answer: Any = None
        self.parts: list[bytearray] = []
        self.status: tuple[int, int, int] | None = None  # its code, its signal, the most memory it had in KiB
        self._what, self._told = "", None
        self._tail, self._left = b"", limits.output + MEGABYTE

    def over(self, line: socket.socket, order: dict[str, Any]) -> bool:
        """Send the order and take what comes; False where the looker was never there."""
        with line:
            line.settimeout(self.limits.clock + _PATIENCE)
            try:
                data = json.dumps(order).encode()
                line.sendall(HEAD.pack(b"O", len(data)) + data)
                while self._frame(line):
                    pass
            except TimeoutError:
                self._what = "time"
            except (BrokenPipeError, ConnectionResetError):
                pass
        if self._tail[:1] == b"Z" and len(self._tail) == HEAD.size + STATUS.size:
            self.status = STATUS.unpack(self._tail[HEAD.size :])
        return self.status is not None or bool(self._what)

    def _take(self, line: socket.socket, n: int) -> bytearray | None:
        """The next n bytes; None where the line ends before."""
        data, last = bytearray(n), HEAD.size + STATUS.size
        view, at = memoryview(data), 0
        while at < n:
            got = line.recv_into(view[at:])
            if not got:
                return None
            self._tail = (self._tail + bytes(view[max(at, at + got - last) : at + got]))[-last:]
            at += got
        return data

    def _frame(self, line: socket.socket) -> bool:
        """Take one message; whether more may come. Raises what the progress raises."""
        head = self._take(line, HEAD.size)
        if head is None:
            return False
        kind, size = HEAD.unpack(head)
        self._left -= 0 if kind == b"P" else size
        if self._left < 0 or (kind == b"P" and size > MEGABYTE):
            self._what = "output"
            return False
        data = self._take(line, size)
        if data is None:
            return False
        if kind == b"P" and self.progress is not None:
            what, share, number = json.loads(data)
            told = (what, share) if number is None else (what, share, number)
            self.progress(*told)
        elif kind == b"R":
            self.answer = json.loads(data)
        elif kind == b"A":
            self.parts.append(data)
        elif kind == b"E":
            self._what, self._told = "raised", json.loads(data)
        return bool(kind != b"Z")

    def settle(self) -> None:
        """Raises what is to be said of a look that gave nothing."""
        code, ended, _ = self.status or (0, 0, 0)
        name = signal.Signals(ended).name if ended in set(signal.Signals) else f"signal {ended}"
        if self._what == "raised" and isinstance(self._told, dict):
            raise _raised(self._told)
        if self._what == "output":
            raise InvalidValue(
                f"{self.name} gives more than {self.limits.output // MEGABYTE:,} MiB", "give it in parts"
            )
        if self._what == "time" or name in ("SIGALRM", "SIGXCPU"):
            raise InvalidValue(
                f"{self.name} was not read within {self.limits.seconds:,} s of work",
                "give a smaller file, or a part of it",
            )
        if name == "SIGKILL":
            raise too_much(self.name, self.limits)
        if ended or code:
            raise InvalidValue(
                f"{self.name} ended the process that read it ({name if ended else f'code {code}'})",
                "it is damaged or made to do harm: fetch it again from where it came",
            )


def too_much(name: str, limits: Limits) -> InvalidValue:
    """What is said of a file that takes more memory than it may."""
    return InvalidValue(
        f"{name} asks for more than {limits.memory // MEGABYTE:,} MiB of memory",
        "unpack it, or give it in parts; a file that takes so much more than its size may be made to do harm",
    )


def _raised(told: dict[str, Any]) -> IsoglossError:
    kind = getattr(errors, str(told.get("kind")), None)
    fact, lever = str(told.get("fact", "")), str(told.get("lever", ""))
    if kind is NotFound:
        return NotFound(fact, [str(one) for one in told.get("matches", [])], lever)
    known = isinstance(kind, type) and issubclass(kind, IsoglossError)
    error: IsoglossError = kind(fact, lever) if known else InvalidValue(fact, lever)  # type: ignore[misc]
    return error
