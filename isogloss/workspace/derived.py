"""Derived things (r values, layouts) under a versioned key; any of them can be deleted at any time."""

from __future__ import annotations

import hashlib
import json
import threading
import zipfile
from collections import OrderedDict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from isogloss.errors import InvalidValue, StoreError, reason_of
from isogloss.spaces.collection import Collection
from isogloss.types import Arrays
from isogloss.workspace.access import require_writable
from isogloss.workspace.folders import fresh_file

MOST_BYTES = 256_000_000


def derived_key(kind: str, version: int, **parameters: Any) -> str:
    """A file name from an explicit, versioned dictionary of what the result depends on.

    >>> derived_key("layout", 1, space="abc", seed=1) == derived_key("layout", 1, seed=1, space="abc")
    True
    """
    text = json.dumps({"kind": kind, "version": version} | parameters, sort_keys=True)
    return f"{kind}-v{version}-{hashlib.sha256(text.encode()).hexdigest()[:20]}"


class _Memory:
    """What could not be written, the latest of it: at most MOST_BYTES, shared by all threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], Arrays] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, place: tuple[str, str], arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        with self._lock:
            self._kept[place] = dict(arrays)
            self._kept.move_to_end(place)
            while self._kept and sum(a.nbytes for one in self._kept.values() for a in one.values()) > MOST_BYTES:
                self._kept.popitem(last=False)

    def find(self, place: tuple[str, str]) -> Arrays | None:
        with self._lock:
            if place in self._kept:
                self._kept.move_to_end(place)
            found = self._kept.get(place)
            return None if found is None else dict(found)

    def __len__(self) -> int:
        return len(self._kept)

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()


MEMORY = _Memory()


class DerivedStore:
    """Named arrays on disk: looked for in every folder, written to the first alone: the others are shipped or offered.

    What cannot be written there, on a full disk or on a server that is read-only, stays in memory while the process
    lives. With no folders everything is computed each time, which is what tests of pure functions want.
    """

    def __init__(self, *folders: Path) -> None:
        self.folders = folders
        self._why = ""

    def _place(self, key: str) -> tuple[str, str]:
        """Where a key stands in memory: the last folder is the same for all visitors."""
        return str(self.folders[-1]), key

    def find(self, key: str) -> Arrays | None:
        """The arrays of a key; None when absent or damaged (a damaged one is as good as absent)."""
        for folder in self.folders:
            try:
                with open(folder / f"{key}.npz", "rb") as file, np.load(file, allow_pickle=False) as data:
                    return {name: data[name] for name in data.files}
            except (OSError, ValueError, KeyError, EOFError, TypeError, AttributeError, zipfile.BadZipFile):
                continue
        return MEMORY.find(self._place(key)) if self.folders else None

    def get(self, key: str, compute: Callable[[], Mapping[str, npt.NDArray[Any]]]) -> Arrays:
        found = self.find(key)
        if found is None:
            found = dict(compute())
            self.put(key, found)
        return found

    def put(self, key: str, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        """Write whole or not at all; where the folder cannot be written, keep it in memory."""

        def write(path: Path) -> None:
            with open(path, "wb") as file:
                np.savez(file, allow_pickle=False, **arrays)

        if self.put_file(f"{key}.npz", write) is None and self.folders:
            MEMORY.put(self._place(key), arrays)

    def require_kept(self, key: str) -> None:
        """That the arrays of a key are on disk, where another process finds them. Raises StoreError."""
        if self.find_file(f"{key}.npz") is None and self.folders:
            raise StoreError(
                f"what was computed cannot be written to {self.folders[0]} ({self._why or 'it is gone'})",
                "free some space or name another folder with --workspace",
            )

    def find_file(self, name: str) -> Path | None:
        """A file that is kept under this name, of whatever kind."""
        return next((folder / name for folder in self.folders if (folder / name).is_file()), None)

    def put_file(self, name: str, write: Callable[[Path], object]) -> Path | None:
        """Keep what `write` writes to the path it is given, whole or not at all; None where nothing can be written."""
        if not self.folders:
            return None
        folder = self.folders[0]
        try:
            require_writable()
            folder.mkdir(parents=True, exist_ok=True)
            with fresh_file(folder / name) as made:
                write(made)
            return folder / name
        except (OSError, InvalidValue) as error:
            self._why = reason_of(error) if isinstance(error, OSError) else error.fact
            return None


def store_of(collection: Collection, store: DerivedStore | None = None) -> DerivedStore:
    """The store that was given, else that of the workspace which the collection came from."""
    return DerivedStore(*collection.home) if store is None else store
