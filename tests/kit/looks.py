"""Functions that look at a file and do what no reader should."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

from isogloss.errors import NotFound
from isogloss.progress import Progress

SEEN: list[str] = []


def size(path: Path) -> int:
    return path.stat().st_size


def everything(path: Path, given: Any) -> Any:
    return given


def end_by(path: Path, name: str) -> None:
    os.kill(os.getpid(), getattr(signal, name))


def take(path: Path, n: int) -> int:
    return len(b"x" * n)


def send(path: Path, n: int) -> str:
    return "x" * n


def wait(path: Path, seconds: float) -> None:
    time.sleep(seconds)


def fail(path: Path) -> None:
    raise ZeroDivisionError("by nothing")


def miss(path: Path) -> None:
    raise NotFound("no such thing", ["another"])


def leave(path: Path) -> None:
    os._exit(7)


def count(path: Path, progress: Progress) -> str:
    for share in range(4):
        progress("counting", share / 4, share)
    return "counted"


def remember(path: Path, what: str) -> list[str]:
    SEEN.append(what)
    return SEEN


def count_for_ever(path: Path, progress: Progress) -> None:
    path.write_text(str(os.getpid()))
    while True:
        progress("counting", 0.5)
        time.sleep(0.01)
