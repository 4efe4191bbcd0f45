"""How much a look at a file may take: memory, time, and what comes back."""

from __future__ import annotations

import contextlib
import signal
from dataclasses import dataclass
from pathlib import Path

TIMES, BESIDE = 20, 200_000_000  # memory: so many times the file's size, and this
MEGABYTE = 1 << 20
_QUICK = 2 << 30
_SPEED = 1_000_000  # bytes a second that any reader reads
_MOST_FILES = 50_000
_FILE = 64 * MEGABYTE  # what a reader may write: what numba keeps of its compiling


@dataclass(frozen=True)
class Limits:
    """memory: bytes beyond what the reader itself takes. seconds: of the processor, thrice as many by the clock.
    output: bytes that may come back. written: bytes of a file that it may write.
    """

    memory: int
    seconds: int
    output: int
    written: int = _FILE

    @classmethod
    def of(cls, size: int, *, quick: bool = False, written: int = 0) -> Limits:
        """For files of so many bytes. quick: for a look at the beginning: never more than 2 GiB and a minute.

        >>> Limits.of(1_000), Limits.of(1 << 30, quick=True).memory >> 30
        (Limits(memory=200020000, seconds=60, output=200020000, written=67108864), 2)
        """
        memory = BESIDE + TIMES * size
        if quick:
            return cls(min(memory, _QUICK), 60, min(memory, 64 * MEGABYTE))
        return cls(memory, 60 + size // _SPEED, memory, max(_FILE, written))

    @property
    def clock(self) -> int:
        """Seconds by the clock: others may keep the processor busy."""
        return 3 * self.seconds

    def impose(self) -> None:
        """Hold this process, and what it starts, to the limits from now on; to those that its system has."""
        import resource

        now = taken()
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, self.clock)
        wanted = {
            "RLIMIT_DATA": now["VmData"] + self.memory,
            "RLIMIT_AS": now["VmSize"] + 2 * self.memory + (1 << 30),  # room that is asked for and not taken
            "RLIMIT_CPU": self.seconds,
            "RLIMIT_FSIZE": self.written,
            "RLIMIT_CORE": 0,
        }
        for name, most in wanted.items():
            with contextlib.suppress(AttributeError, ValueError, OSError):
                kind = getattr(resource, name)
                hard = resource.getrlimit(kind)[1]
                most = most if hard == resource.RLIM_INFINITY else min(most, hard)
                resource.setrlimit(kind, (most, most))


def taken() -> dict[str, int]:
    """Bytes of address space and of memory of its own that this process has; nothing known elsewhere than on Linux."""
    found = {"VmData": 1 << 28, "VmSize": 1 << 31}
    with contextlib.suppress(OSError, ValueError):
        for line in Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines():
            name, _, value = line.partition(":")
            if name in found:
                found[name] = int(value.split()[0]) * 1024
    return found


def size_of(path: Path) -> int:
    """Bytes of a file, or of all files below a folder; 0 for what is not there."""
    try:
        if not path.is_dir():
            return path.stat().st_size
        found = 0
        for number, one in enumerate(path.rglob("*")):
            found += one.stat().st_size if one.is_file() else 0
            if number > _MOST_FILES:
                break
        return found
    except OSError:
        return 0
