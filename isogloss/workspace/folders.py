"""Folders that change as a whole: a reader sees the old one or the new one, whatever is killed meanwhile."""

from __future__ import annotations

import contextlib
import ctypes
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from isogloss.errors import StoreError, as_system_errors

try:
    import fcntl
except ImportError:  # Windows: what was left behind goes by its age alone
    fcntl = None  # type: ignore[assignment]

WRITING = ".writing-"
SCRATCH = "isogloss-work-"  # folders for what is needed while work goes on, where the system has such
_HELD = "+held-"  # in the name of what its maker holds while it lives
_HELD_NAME = re.compile(re.escape(_HELD) + r"\w{8}$", re.ASCII)  # not the journal of a base beside it
_DAY, _MINUTE = 86_400, 60
_AT_CWD, _EXCHANGE = -100, 2


class Held:
    """A file or folder that this process holds until it is released, or until the process is dead, however it died."""

    def __init__(self, path: Path) -> None:
        self._handle, self._late = -1, False
        if fcntl is not None:
            self._handle = os.open(path, os.O_RDONLY)
            self._late = _lock(self._handle) is False

    def is_at(self, path: Path) -> bool:
        """Whether it is held and still stands there: a sweeper may have been first."""
        try:
            return not self._late and (self._handle < 0 or os.path.samestat(os.fstat(self._handle), path.lstat()))
        except OSError:
            return False

    def release(self) -> None:
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


def _lock(handle: int) -> bool | None:
    """Hold what is open; False where another holds it, None on a file system without locks."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except BlockingIOError:
        return False
    except OSError:
        return None


@contextmanager
def _claimed(path: Path) -> Iterator[bool | None]:
    """Whether the maker of something that says in its name that it is held is dead; None where nobody can know.

    If so it is held meanwhile: whoever has made it just now is late, and makes another.
    """
    handle = -1
    if fcntl is not None and _HELD_NAME.search(path.name):
        with contextlib.suppress(OSError):
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    if handle < 0:
        yield None
        return
    try:
        yield _lock(handle)
    finally:
        os.close(handle)


def held_folder(place: Path, prefix: str) -> tuple[Path, Held]:
    """A new folder below `place` that this process holds. Raises OSError."""
    while True:
        made = Path(tempfile.mkdtemp(prefix=f"{prefix}{_HELD}", dir=place))
        with contextlib.suppress(FileNotFoundError):  # swept before it was held
            held = Held(made)
            if held.is_at(made):
                return made, held
            held.release()


@contextmanager
def sole(folder: Path, fact: str) -> Iterator[None]:
    """Be the only process that works in a folder, which is made; for as long as the process lives, however it ends.

    fact: what goes on in the folder. Raises StoreError where another one is at it.
    """
    handle = -1
    with contextlib.suppress(OSError):  # where nothing can be written nobody works
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY) if fcntl is not None else -1
    if handle < 0:
        yield
        return
    try:
        if _lock(handle) is False:
            raise StoreError(f"{fact} already", "wait until that has ended, or stop it")
        yield
    finally:
        os.close(handle)


@contextmanager
def fresh_folder(place: Path) -> Iterator[Path]:
    """An empty folder below `place` for what is being written; taken away unless it was moved to where it belongs."""
    place.mkdir(parents=True, exist_ok=True)
    sweep(place)
    made, held = held_folder(place, WRITING)
    made.chmod(0o755)
    try:
        with as_system_errors():
            yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
        held.release()


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """An empty folder, where the system has such (TMPDIR), for what is needed while this works and no longer.

    What killed processes left in theirs is swept first. Raises OSError.
    """
    place = Path(tempfile.gettempdir())
    sweep(place, (f"{SCRATCH}*",))
    made, held = held_folder(place, SCRATCH)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
        held.release()


@contextmanager
def fresh_file(target: Path) -> Iterator[Path]:
    """An empty file beside `target` for what is being written; it takes the target's place once that went well.

    Raises OSError. A reader sees the old file or the new one; what is killed leaves one that is swept.
    """
    while True:
        handle, name = tempfile.mkstemp(prefix=f"{WRITING}{_HELD}", dir=target.parent)
        os.close(handle)
        made = Path(name)
        with contextlib.suppress(FileNotFoundError):
            held = Held(made)
            if held.is_at(made):
                break
            held.release()
    try:
        with as_system_errors():
            yield made
        os.chmod(made, 0o644)
        os.replace(made, target)
    finally:
        made.unlink(missing_ok=True)
        held.release()


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


def sweep(place: Path, kinds: tuple[str, ...] = (f"{WRITING}*", ".old-*")) -> None:
    """Take away what killed writers left behind: what nobody holds any more at once; what cannot be held after a day,
    which is longer than any write. What is held stays, however old it is.
    """
    recover(place)
    for kind in kinds:
        for left in place.glob(kind):
            with contextlib.suppress(OSError), _claimed(left) as dead:
                if dead or (dead is None and time.time() - left.lstat().st_mtime > _DAY):
                    shutil.rmtree(left) if left.is_dir() and not left.is_symlink() else left.unlink()


def sweep_below(root: Path) -> None:
    """The same in a workspace: in its folders, and in those of each collection."""
    for place in (root, *root.glob("*/"), *root.glob("*/*/")):
        sweep(place)


def taken_by(folder: Path) -> int:
    """Bytes that a folder takes on the disk, with all that is below it; what goes meanwhile counts as nothing."""
    found = 0
    for place, _, files in os.walk(folder, onerror=None):
        for name in files:
            with contextlib.suppress(OSError):
                told = os.lstat(os.path.join(place, name))
                found += getattr(told, "st_blocks", -(-told.st_size // 512)) * 512
    return found
