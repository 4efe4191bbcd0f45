"""Derived things (r values, layouts) under a versioned key; any of them can be deleted at any time."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from isogloss.spaces.collection import Collection
from isogloss.types import Arrays
from isogloss.workspace.folders import fresh_file


def derived_key(kind: str, version: int, **parameters: Any) -> str:
    """A file name from an explicit, versioned dictionary of what the result depends on.

    >>> derived_key("layout", 1, space="abc", seed=1) == derived_key("layout", 1, seed=1, space="abc")
    True
    """
    text = json.dumps({"kind": kind, "version": version} | parameters, sort_keys=True)
    return f"{kind}-v{version}-{hashlib.sha256(text.encode()).hexdigest()[:20]}"


class DerivedStore:
    """Named arrays on disk: looked for in every folder, written to the first that can be written.

    With no folders everything is computed each time, which is what tests of pure functions want.
    """

    def __init__(self, *folders: Path) -> None:
        self.folders = folders

    def find(self, key: str) -> Arrays | None:
        """The arrays of a key; None when absent or damaged (a damaged one is as good as absent)."""
        for folder in self.folders:
            try:
                with open(folder / f"{key}.npz", "rb") as file, np.load(file, allow_pickle=False) as data:
                    return {name: data[name] for name in data.files}
            except (OSError, ValueError, KeyError, EOFError, TypeError, AttributeError, zipfile.BadZipFile):
                continue
        return None

    def get(self, key: str, compute: Callable[[], Mapping[str, npt.NDArray[Any]]]) -> Arrays:
        found = self.find(key)
        if found is None:
            found = dict(compute())
            self.put(key, found)
        return found

    def put(self, key: str, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        """Write whole or not at all; a folder that cannot be written only costs time later."""

        def write(path: Path) -> None:
            with open(path, "wb") as file:
                np.savez(file, allow_pickle=False, **arrays)

        self.put_file(f"{key}.npz", write)

    def find_file(self, name: str) -> Path | None:
        """A file that is kept under this name, of whatever kind."""
        return next((folder / name for folder in self.folders if (folder / name).is_file()), None)

    def put_file(self, name: str, write: Callable[[Path], object]) -> Path | None:
        """Keep what `write` writes to the path it is given, whole or not at all; None where nothing can be written."""
        for folder in self.folders:
            try:
                folder.mkdir(parents=True, exist_ok=True)
                with fresh_file(folder / name) as made:
                    write(made)
                return folder / name
            except OSError:
                continue
        return None


def store_of(collection: Collection, store: DerivedStore | None = None) -> DerivedStore:
    """The store that was given, else that of the workspace which the collection came from."""
    return DerivedStore(*collection.home) if store is None else store
