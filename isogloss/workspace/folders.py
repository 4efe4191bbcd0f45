"""Folders that change as a whole: a reader sees the old one or the new one, whatever is killed meanwhile."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_DAY, _MINUTE = 86_400, 60
_AT_CWD, _EXCHANGE = -100, 2


@contextmanager
def fresh_folder(place: Path) -> Iterator[Path]:
    """An empty folder below `place` for what is being written; taken away unless it was moved to where it belongs."""
    place.mkdir(parents=True, exist_ok=True)
    sweep(place)
    made = Path(tempfile.mkdtemp(prefix=".writing-", dir=place))
    made.chmod(0o755)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def replace_folder(new: Path, old: Path) -> None:
    """Put `new` where `old` stands; what stood there is gone afterwards. Raises OSError.

    In one step where the system can exchange two names (Linux). Elsewhere by two renames: what is killed between
    them leaves the old folder aside, and `recover` puts it back.
    """
    if not old.exists():
        os.rename(new, old)
        return
    if _exchange(new, old):
        shutil.rmtree(new, ignore_errors=True)
        return
    aside = Path(tempfile.mkdtemp(prefix=".old-", dir=old.parent))
    try:
        os.rename(old, aside / old.name)
        try:
            os.rename(new, old)
        except OSError:
            os.rename(aside / old.name, old)
            raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _exchange(a: Path, b: Path) -> bool:
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    return bool(rename(_AT_CWD, os.fsencode(a), _AT_CWD, os.fsencode(b), _EXCHANGE) == 0)


def recover(place: Path) -> None:
    """Put back what two renames left aside when they were killed in between."""
    for aside in place.glob(".old-*"):
        with contextlib.suppress(OSError):
            for left in aside.iterdir():
                if not (place / left.name).exists() and time.time() - aside.stat().st_mtime > _MINUTE:
                    os.rename(left, place / left.name)


def sweep(place: Path, kinds: tuple[str, ...] = (".writing-*", ".old-*")) -> None:
    """Take away what killed writers left behind; a day is longer than any write."""
    recover(place)
    for kind in kinds:
        for left in place.glob(kind):
            with contextlib.suppress(OSError):
                if time.time() - left.stat().st_mtime > _DAY:
                    shutil.rmtree(left) if left.is_dir() else left.unlink()
