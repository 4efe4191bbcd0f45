"""Files that a person brings: kept under names of ours, or named on the server below the allowed folders; and a recipe
written on a page, which may name only what was brought with it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from components.parts.spoken import say
from components.shell.frame import note
from components.shell.visit import workspace
from isogloss.errors import InvalidValue, StoreError, reason_of
from isogloss.text.nested import read_toml
from isogloss.workspace.access import below_roots, data_roots, read_only, require_writable, visitor_disk, visitors
from isogloss.workspace.folders import fresh_file, sweep, taken_by

_LONGEST_RECIPE = 20_000  # characters
_ENDINGS = re.compile(r"(\.[A-Za-z0-9]{1,12}){1,2}$")


@dataclass(frozen=True)
class Brought:
    """path: where the file lies. name: what its owner calls it, for the eyes only."""

    path: Path
    name: str


def kept(data: bytes | memoryview, name: str) -> Brought:
    """The bytes as a file of ours, named by content; of its owner's name only plain endings are part of the path.

    Raises InvalidValue on a read-only server, StoreError where it cannot be written.
    """
    require_writable()
    folder = workspace().root / "uploads"
    found = _ENDINGS.search(name)
    path = folder / f"{hashlib.sha256(data).hexdigest()[:24]}{found[0].lower() if found else ''}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        sweep(folder, ("*",))
        if not path.exists():
            _require_room(len(data), name)
            with fresh_file(path) as made:
                made.write_bytes(data)
        path.touch()
    except OSError as error:
        raise StoreError(
            say("{name} cannot be kept ({reason})", name=name, reason=reason_of(error)), say("free some space")
        ) from error
    return Brought(path, name)


def _require_room(size: int, name: str) -> None:
    """What a visitor brings and makes lies on the server's disk until the visit ends. Raises StoreError."""
    if not visitors():
        return
    held, most = taken_by(workspace().root), visitor_disk()
    if held + size > most:
        raise StoreError(
            say(
                "{name} has {size:,.0f} MB, and {held:,.0f} of {most:,.0f} MB are in this visit already",
                name=name,
                size=size / 2**20,
                held=held / 2**20,
                most=most / 2**20,
            ),
            say("load the page anew, which forgets what was brought"),
        )


def uploaded(label: str, key: str, types: Sequence[str] | None = None) -> Any:
    """One file that was dropped on the page, or None; a server that is read-only offers no place for it."""
    if read_only():
        note(say("This server is read-only: no file can be brought to it."))
        return None
    return st.file_uploader(label, type=list(types) if types else None, key=key)


def pick_files(label: str, key: str, types: Sequence[str] | None = None, *, help: str | None = None) -> list[Brought]:
    """Files dropped on the page, and paths typed where folders of the server are allowed. Raises InvalidValue on a
    server that is read-only.
    """
    require_writable()
    given = st.file_uploader(label, type=list(types) if types else None, accept_multiple_files=True, key=key, help=help)
    found = [_once(file) for file in given or []]
    if data_roots():
        typed = st.text_area(
            say("or files and folders on this machine, one a line"),
            key=f"{key}-paths",
            height=68,
            max_chars=4_000,
            placeholder=str(data_roots()[0] / "…"),
            help=say("Below {folders}", folders=", ".join(map(str, data_roots()))),
        )
        for line in filter(None, map(str.strip, typed.splitlines())):
            path = below_roots(line)
            found.append(Brought(path, path.name))
    return found


def _once(file: Any) -> Brought:
    """An upload is written when it comes, not at every run of the page."""
    seen = st.session_state.setdefault("_brought", {})
    if file.file_id not in seen or not seen[file.file_id].path.exists():
        seen[file.file_id] = kept(file.getbuffer(), file.name)
    found: Brought = seen[file.file_id]
    return found


def pick_recipe(key: str, template: str, *, files: Mapping[str, Collection[str]], name: str) -> Path | None:
    """A recipe that may name only files that were brought, as a file of ours; None while one is missing, which is said.

    files: table → its keys that name files. name: of what is made. Raises InvalidValue, StoreError.
    """
    if read_only():
        note(say("This server is read-only: nothing can be made on it."))
        return None
    brought = {one.name: one.path for one in pick_files(say("Files that it names"), f"{key}-files")}
    text = st.text_area(say("Recipe"), template, key=f"{key}-recipe", height=320, max_chars=_LONGEST_RECIPE)
    try:
        recipe = read_toml(text)
    except ValueError as error:
        raise InvalidValue(say("the recipe is not TOML ({why})", why=str(error)[:120]), say("correct it")) from error
    missing = []
    for table, keys in files.items():
        values: Any = recipe.get(table)
        for one in keys if isinstance(values, dict) else ():
            asked: Any = values.get(one)
            if isinstance(asked, str) and asked:
                if asked in brought:
                    values[one] = str(brought[asked].resolve())
                else:
                    missing.append(asked)
    if missing:
        note(say("Bring the files that it names."))
        return None
    recipe["name"] = name
    return kept(_toml(recipe).encode("utf-8"), "recipe.toml").path


def _toml(recipe: Mapping[str, Any]) -> str:
    """Plain values, then tables of plain values and lists; a text of JSON is one of TOML. Raises InvalidValue."""
    lines = [f"{json.dumps(key)} = {_value(one)}" for key, one in recipe.items() if not isinstance(one, dict)]
    for key, table in recipe.items():
        if isinstance(table, dict):
            lines += [f"[{json.dumps(key)}]", *(f"{json.dumps(one)} = {_value(value)}" for one, value in table.items())]
    return "\n".join(lines) + "\n"


def _value(value: Any) -> str:
    try:
        if isinstance(value, dict):
            raise TypeError("a table in a table")
        if isinstance(value, float):
            return repr(value)
        return json.dumps(value)
    except (TypeError, ValueError) as error:
        raise InvalidValue(
            say("the recipe holds a value that is no text, number or list"), say("correct it")
        ) from error
