"""python watched.py MEMORY COMMAND …: a command in a group of its own, which ends with whoever began it.

A process beside the command reads its standard input, a pipe: once that breaks, whoever began it is dead, however that
came, and the group is ended. MEMORY: bytes that each of its processes may take; 0 for no limit. Needs nothing but
Python, so that it begins in no time.
"""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

GRACE = 3.0  # seconds in which a command may put things in order
_PROCESSES = Path("/proc")
_NO_MEMORY = re.compile(
    r"MemoryError|not enough memory|bad_alloc|[Cc]an(?:no|')t allocate memory|malloc of size \d+ failed|out of memory"
)


def watched(command: Sequence[str], *, memory: int = 0) -> list[str]:
    """The command as one that is watched; as it is where processes have no groups (Windows).

    It is to be begun with start_new_session and a pipe that is kept open as its standard input.

    >>> watched(["isogloss", "build"], memory=1 << 30)[-3:]
    ['1073741824', 'isogloss', 'build']
    """
    if not hasattr(os, "fork"):
        return list(command)
    return [sys.executable, "-I", "-S", str(Path(__file__).resolve()), str(memory), *command]


def signal_group(leader: int, number: int) -> None:
    """Send a signal to a process and to all that it started; the leader must not have been waited for."""
    with suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(leader, number)
        else:
            os.kill(leader, number)


def has_ended(pid: int) -> bool:
    """Whether a process of ours has ended that nobody has waited for: its number cannot be another's yet."""
    if not hasattr(os, "waitid"):
        return False
    with suppress(ChildProcessError):
        return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    return False


def memory_of(leader: int) -> int:
    """Bytes that the processes of a group have for themselves; 0 elsewhere than on Linux."""
    pages = 0
    for one in _PROCESSES.glob("[0-9]*"):
        with suppress(OSError, ValueError, IndexError):
            told = (one / "stat").read_text(encoding="utf-8", errors="replace")
            if int(told.rpartition(")")[2].split()[2]) == leader:
                resident, shared = map(int, (one / "statm").read_text(encoding="ascii").split()[1:3])
                pages += resident - shared
    return pages * os.sysconf("SC_PAGE_SIZE") if pages else 0


def tells_of_memory(said: str) -> bool:
    """Whether the last words of a command are that it had not enough memory, whichever library says so.

    >>> tells_of_memory("terminate called after throwing an instance of 'std::bad_alloc'")
    True
    """
    return _NO_MEMORY.search(said) is not None


def _begin(memory: int, command: list[str]) -> NoReturn:
    if os.getpgrp() != os.getpid():
        os.setsid()
    if memory:
        _limit(memory)
    if os.fork() == 0:
        _watch()
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    try:
        os.execvp(command[0], command)
    except OSError as error:
        sys.exit(f"the command could not be started ({error.strerror})")


def _limit(memory: int) -> None:
    import resource

    with suppress(ValueError, OSError):
        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        most = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def _watch() -> NoReturn:
    """Beside the command; it goes last, when the group is killed."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    for output in (1, 2):
        os.close(output)
    while os.read(0, 1):
        pass
    os.killpg(0, signal.SIGTERM)
    time.sleep(GRACE)
    os.killpg(0, signal.SIGKILL)
    os._exit(0)


if __name__ == "__main__":
    _begin(int(sys.argv[1]), sys.argv[2:])
