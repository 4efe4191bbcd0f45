"""Which derived things are asked for, found and computed, and which files are read, while commands and pages run."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from isogloss.workspace.derived import DerivedStore, derived_key


@dataclass
class Seen:
    """texts: the canonical text of each derived key that was made. found, put: names that a store was asked for
    and had, or was given. read: files that this process itself opened for reading.
    """

    texts: dict[str, str] = field(default_factory=dict)
    found: set[str] = field(default_factory=set)
    missed: set[str] = field(default_factory=set)
    put: set[str] = field(default_factory=set)
    read: set[str] = field(default_factory=set)

    def add(self, other: Seen) -> None:
        self.texts |= other.texts
        self.found |= other.found
        self.missed |= other.missed
        self.put |= other.put
        self.read |= other.read


class Watcher:
    """Wraps the keys and the store once; what happens inside `watching` is written down."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.now: Seen | None = None
        self.commanded = False
        sys.addaudithook(self._heard)  # for good: one that has nobody to tell costs nothing to speak of
        original = derived_key
        for module in list(sys.modules.values()):  # wherever the name was imported to
            if vars(module).get("derived_key") is original:
                patch.setattr(module, "derived_key", self._key(original))
        for name, told in (
            ("find", self._sought),
            ("find_file", self._sought),
            ("put", self._given),
            ("put_file", self._given),
        ):
            patch.setattr(DerivedStore, name, told(getattr(DerivedStore, name)))

    @contextmanager
    def watching(self) -> Iterator[Seen]:
        self.now = seen = Seen()
        try:
            yield seen
        finally:
            self.now = None

    @contextmanager
    def hearing(self) -> Iterator[None]:
        """While a command runs and no test reads."""
        self.commanded = True
        try:
            yield
        finally:
            self.commanded = False

    def _heard(self, event: str, arguments: tuple[Any, ...]) -> None:
        if (
            self.now is None
            or not self.commanded
            or event != "open"
            or not isinstance(arguments[0], str | bytes | os.PathLike)
        ):
            return
        flags = arguments[2] if isinstance(arguments[2], int) else 0
        if flags & os.O_ACCMODE == os.O_RDONLY:
            self.now.read.add(os.path.abspath(os.fsdecode(arguments[0])))

    def _key(self, original: Callable[..., str]) -> Callable[..., str]:
        def key(kind: str, version: int, **parameters: Any) -> str:
            made = original(kind, version, **parameters)
            if self.now is not None:
                self.now.texts[made] = json.dumps({"kind": kind, "version": version} | parameters, sort_keys=True)
            return made

        return key

    def _sought(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def find(store: DerivedStore, name: str) -> Any:
            found = original(store, name)
            if self.now is not None:
                (self.now.found if found is not None else self.now.missed).add(_plain(name))
            return found

        return find

    def _given(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def put(store: DerivedStore, name: str, value: Any) -> Any:
            if self.now is not None:
                self.now.put.add(_plain(name))
            return original(store, name, value)

        return put


def _plain(name: str) -> str:
    return name.removesuffix(".npz")


def shipped(assets: Path) -> set[str]:
    """The keys of everything derived that ships."""
    return {p.stem for place in ("collections/*/derived", "alignments") for p in assets.glob(f"{place}/*.npz")}
