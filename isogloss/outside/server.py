"""python -m isogloss.outside.server LINE: makes a process for each look at a file, and has never seen a file itself.

For each line that comes with the names of modules it imports these, once, and forks the process that reads the order
and looks. The server has one thread, so a fork copies all of it, and the copy lets go of the lines of the others: what
one looker holds no other can see. The server ends a looker whose line is dropped, and says at last how each ended.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import re
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
_PLACE = re.compile(r"/(?:[^/\s'\"]+/)+")  # where a file lies here is nobody's business
_MOMENT = 2.0  # seconds
_LARGE = 3 * (1 << 30)  # of memory: files that are worth more threads


def main(number: int) -> None:
    """Serve until the one who asks is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who asks
    sys.meta_path.insert(0, _NoPandas())
    _Server(socket.socket(fileno=number)).serve()


class _Server:
    """looking: the end of a pipe that a looker holds while it lives → its process and its line."""

    def __init__(self, control: socket.socket) -> None:
        self._control, self._waiting = control, select.poll()
        self._looking: dict[int, tuple[int, socket.socket]] = {}
        self._waiting.register(control, select.POLLIN)

    def serve(self) -> None:
        while True:
            found = {one for one, _ in self._waiting.poll()}
            control = self._control.fileno()
            for one in found - {control}:
                if one in self._looking:
                    self._end(one)
                else:
                    self._dropped(one)
            if control in found and not self._begin():  # last: it makes numbers anew that were closed before
                return

    def _begin(self) -> bool:
        """Fork a looker; False where nobody will ask any more."""
        modules, lines, _, _ = socket.recv_fds(self._control, ORDER, 1)
        if not modules:
            return False
        for name in modules.decode().split():
            if name not in sys.modules:
                with contextlib.suppress(Exception):
                    import_module(name)
                gc.collect()
                gc.freeze()  # what lies still is not copied
        line = socket.socket(fileno=lines[0])
        ended, held = os.pipe()
        looker = os.fork()
        if looker == 0:
            for other, (_, its) in self._looking.items():
                os.close(other)
                its.close()
            self._control.close()
            os.close(ended)
            os._exit(_look(line))
        os.close(held)
        self._looking[ended] = looker, line
        self._waiting.register(ended, 0)  # its end alone
        self._waiting.register(line, 0)
        return True

    def _dropped(self, number: int) -> None:
        """Nobody waits for this looker any more: it ends."""
        with contextlib.suppress(KeyError):
            self._waiting.unregister(number)
        for looker, line in self._looking.values():
            if line.fileno() == number:
                os.kill(looker, signal.SIGKILL)

    def _end(self, ended: int) -> None:
        looker, line = self._looking.pop(ended)
        self._waiting.unregister(ended)
        with contextlib.suppress(KeyError):
            self._waiting.unregister(line)
        os.close(ended)
        _, status, used = os.wait4(looker, 0)
        code = os.waitstatus_to_exitcode(status)
        line.settimeout(_MOMENT)  # whoever waits reads; nobody else is kept waiting for long
        with line, contextlib.suppress(OSError):
            line.sendall(HEAD.pack(b"Z", STATUS.size) + STATUS.pack(max(code, 0), max(-code, 0), used.ru_maxrss))


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
            told = _PLACE.sub("", " ".join(str(error).split()))[:120]
            reason = f"{type(error).__name__}: {told}"
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
