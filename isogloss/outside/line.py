"""The server of looks as the one who asks has it: started when first needed, started anew when it is gone."""

from __future__ import annotations

import atexit
import contextlib
import os
import socket
import struct
import subprocess
import sys
import threading

from isogloss.places import ROOT

HEAD = struct.Struct("<cQ")  # of a message: its kind, and the bytes that follow
STATUS = struct.Struct("<iiq")
ORDER = 256  # bytes of what the server is told: names of modules
_FEW_THREADS = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "ARROW_DEFAULT_MEMORY_POOL": "system"}


class _Server:
    """The process that makes a process for each look. It is told names of modules, nothing else."""

    def __init__(self) -> None:
        self._line, its = socket.socketpair()
        environment = os.environ | _FEW_THREADS
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), environment.get("PYTHONPATH", "")]))
        command = [sys.executable, "-m", "isogloss.outside.server", str(its.fileno())]
        nothing = subprocess.DEVNULL
        with its:
            try:
                self.process = subprocess.Popen(
                    command, env=environment, pass_fds=[its.fileno()], stdin=nothing, stdout=nothing
                )
            except OSError:
                self._line.close()
                raise
        self.owner = os.getpid()

    def line(self, modules: str) -> socket.socket:
        """A line to a process of its own; it ends at once where the server is gone."""
        ours, its = socket.socketpair()
        with its, contextlib.suppress(OSError):
            socket.send_fds(self._line, [modules.encode().ljust(ORDER)], [its.fileno()])
        return ours

    def close(self) -> None:
        """End it, but for a copy of this object in a process that was forked."""
        self._line.close()
        if self.owner != os.getpid():
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(2)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


class _Servers:
    """At most one server of this process."""

    def __init__(self) -> None:
        self._kept: _Server | None = None
        self._lock = threading.Lock()

    def line(self, modules: str, *, anew: bool = False) -> socket.socket:
        """A line to a process that has imported these modules, by spaces. anew: the server is not to be trusted."""
        with self._lock:
            kept = self._kept
            if kept is not None and (anew or kept.owner != os.getpid() or kept.process.poll() is not None):
                kept.close()
                kept = None
            self._kept = kept or _Server()
            return self._kept.line(modules)

    def close(self) -> None:
        with self._lock:
            if self._kept is not None:
                self._kept.close()
            self._kept = None


servers = _Servers()
atexit.register(servers.close)
