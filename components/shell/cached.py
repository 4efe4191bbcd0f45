"""What pages read, cached: never by hashing vectors, always by folder, fingerprint and parameters."""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from pathlib import Path
from typing import TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from components.parts.spoken import say
from components.shell.visit import workspace
from isogloss.errors import NotFound, StoreError
from isogloss.spaces.collection import Collection
from isogloss.spaces.controls import FILE as CONTROLS_FILE
from isogloss.spaces.controls import NOISE_FILE
from isogloss.text.matches import Search
from isogloss.workspace.access import visitors
from isogloss.workspace.derived import DerivedStore
from isogloss.workspace.store import Workspace, read_collection, read_header

Function = TypeVar("Function", bound=Callable[..., object])


def signed(function: Function) -> Function:
    """A function that carries its signature: Streamlit asks for it at every argument of every call of what it keeps,
    and it is made anew each time (20 µs; Drift asks 96 times a run).
    """
    function.__signature__ = signature(function)  # type: ignore[attr-defined]
    return function


def collection_versions() -> tuple[tuple[str, str, int], ...]:
    """Name, folder and time of each collection at hand: what is cached of all of them is cached by these. A name alone
    may be that of another visitor's.
    """
    folders = workspace().folders()
    return tuple((name, str(folder), _written(folder / "collection.json")) for name, folder in folders.items())


def open_collection(name: str) -> Collection:
    """Raises NotFound or StoreError. A collection written anew is read anew."""
    return open_in(workspace(), name)


def open_in(workspace: Workspace, name: str) -> Collection:
    """The same of a workspace. Raises NotFound or StoreError."""
    folder = workspace.folder(name)
    of_visit = visitors() and folder.is_relative_to(workspace.root) and get_script_run_ctx() is not None
    return (_read_own if of_visit else _read)(str(folder), tuple(_written(folder / file) for file in _PARTS))


_PARTS = ("collection.json", CONTROLS_FILE, NOISE_FILE)  # what may be written anew


def _written(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return 0


@st.cache_resource(show_spinner=False, max_entries=24)
@signed
def _read(folder: str, changed: tuple[int, ...]) -> Collection:
    return read_collection(Path(folder))


@st.cache_resource(show_spinner=False, max_entries=24, scope="session")
def _read_own(folder: str, changed: tuple[int, ...]) -> Collection:
    """Of a visit: it goes with the visit, and takes no room from what all read."""
    return read_collection(Path(folder))


def titles() -> dict[str, str]:
    """Name → title of all collections at hand, read anew when one of them is written anew. Raises NotFound, with the
    way to make one, when there is none.
    """
    if not (versions := collection_versions()):
        raise NotFound(
            say("there is no collection yet"),
            lever=say("build one with: {command}", command="python -m isogloss build RECIPE.toml"),
        )
    return _titles(versions)


@st.cache_resource(show_spinner=False, max_entries=64)
@signed
def _titles(versions: tuple[tuple[str, str, int], ...]) -> dict[str, str]:
    return {name: _title(name) for name, _, _ in versions}


def _title(name: str) -> str:
    """One that is damaged goes by its name, and says so when it is opened."""
    try:
        return str(read_header(workspace().folder(name))["title"] or name)
    except StoreError:
        return name


@st.cache_resource(show_spinner=False, max_entries=8)
@signed
def _search(fingerprint: str, _collection: Collection) -> Search:
    return Search(_collection.counts)


def search_of(collection: Collection) -> Search:
    return _search(collection.fingerprint, collection)


def derived_of(collection: Collection) -> DerivedStore:
    return workspace().derived(collection.name)


def has_scripts(name: str) -> bool:
    """Whether a collection at hand says the script or the concept of its items."""
    try:
        return any({"script", "concept"} & set(space.columns.column_names) for space in open_collection(name).spaces)
    except (NotFound, StoreError):
        return False
