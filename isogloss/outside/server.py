"""python -m isogloss.outside.server LINE: makes a process for each look at a file, and has never seen a file itself.

For each line that comes with the names of modules it imports these, once, and forks: a keeper, which waits, and below
it the process that reads the order and looks. The server has one thread, so a fork copies all of it; what one looker
holds no other can see. The keeper ends the looker when the line is dropped, and says at last how it ended.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import sys
from importlib import import_module
from typing import Any

from isogloss.errors import InvalidValue, IsoglossError, NotFound
from isogloss.outside.crossing import decoded, encoded, size_of_part, write_part
from isogloss.outside.limits import Limits
from isogloss.outside.line import HEAD, ORDER, STATUS
from isogloss.outside.looking import too_much

LOOKING = False
_WHOLE = "check that the file is whole"
_LARGE = 3 * (1 << 30)  # of memory: files that are worth more threads


def main(number: int) -> None:
    """Serve until the one who asks is gone."""
    control = socket.socket(fileno=number)
    sys.meta_path.insert(0, _NoPandas())
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who asks
    while True:
        modules, lines, _, _ = socket.recv_fds(control, ORDER, 1)
        if not modules:
            return
        for name in modules.decode().split():
            with contextlib.suppress(Exception):
                import_module(name)
        if os.fork() == 0:
            control.close()
            _keep(socket.socket(fileno=lines[0]))
        for one in lines:
            os.close(one)


def _keep(line: socket.socket) -> None:
    """Start the looker, wait for its end or for that of the line; say how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    ended, held = os.pipe()
    looker = os.fork()
    if looker == 0:
        os.close(ended)
        os._exit(_look(line))
    os.close(held)
    waiting = select.poll()
    waiting.register(line.fileno(), 0)  # its end alone
    waiting.register(ended, 0)
    if ended not in {one for one, _ in waiting.poll()}:
        os.kill(looker, signal.SIGKILL)
    _, status, used = os.wait4(looker, 0)
    code = os.waitstatus_to_exitcode(status)
    with contextlib.suppress(OSError):
        line.sendall(HEAD.pack(b"Z", STATUS.size) + STATUS.pack(max(code, 0), max(-code, 0), used.ru_maxrss))
    os._exit(0)


def _look(line: socket.socket) -> int:
    """Read the order, hold to its limits, do it, and send what came of it; the code to end with."""
    global LOOKING
    LOOKING = True
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    stream = line.makefile("rwb")
    try:
        _, size = HEAD.unpack(stream.read(HEAD.size))
        order = json.loads(stream.read(size))
        limits = Limits(*order["limits"])
        try:
            parts: list[Any] = []
            told = encoded(_done(order, limits, stream), parts)
        except MemoryError:
            _say(stream, b"E", _told(too_much(_name(order), limits)))
        except IsoglossError as error:
            _say(stream, b"E", _told(error))
        except Exception as error:
            reason = f"{type(error).__name__}: {' '.join(str(error).split())[:120]}"
            _say(stream, b"E", _told(InvalidValue(f"{_name(order)} cannot be read ({reason})", _WHOLE)))
        else:
            _say(stream, b"R", told)
            for part in parts:
                stream.write(HEAD.pack(b"A", size_of_part(part)))
                write_part(part, stream)
        stream.flush()
    except BaseException:
        return 1
    return 0


def _name(order: dict[str, Any]) -> str:
    return os.path.basename(str(order["arguments"][0]["path"]))[:120]


def _told(error: IsoglossError) -> dict[str, Any]:
    told: dict[str, Any] = {"kind": type(error).__name__, "fact": error.fact, "lever": error.lever}
    return told | ({"matches": error.matches} if isinstance(error, NotFound) else {})


def _say(stream: Any, kind: bytes, told: Any) -> None:
    data = json.dumps(told).encode()
    stream.write(HEAD.pack(kind, len(data)) + data)


def _done(order: dict[str, Any], limits: Limits, stream: Any) -> Any:
    import pyarrow as pa

    os.chdir(order["folder"])
    module, _, name = order["function"].partition(":")
    function = getattr(import_module(module), name)
    path, given = order["arguments"]
    kinds = _Ours()
    arguments = {key: decoded(one, [], kinds) for key, one in given.items()}
    if order["progress"]:

        def report(what: str, share: float, number: float | None = None, /) -> None:
            _say(stream, b"P", [what, share, number])
            stream.flush()

        arguments["progress"] = report
    if limits.memory < _LARGE:
        pa.set_cpu_count(1)
        pa.set_io_thread_count(1)
    limits.impose()
    return function(decoded(path, [], kinds), **arguments)


class _NoPandas:
    """Arrow asks for pandas at its first array: half a second in every look, for nothing."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(f"no {name} here", name=name)


class _Ours(dict[str, type]):
    """Dataclasses of the engine by `module:name`, for what the one who asks sends."""

    def __contains__(self, name: object) -> bool:
        return str(name).startswith("isogloss.")

    def __getitem__(self, name: str) -> type:
        module, _, called = name.partition(":")
        found: type = getattr(import_module(module), called)
        return found


if __name__ == "__main__":
    main(int(sys.argv[1]))
