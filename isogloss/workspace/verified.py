"""A collection from outside, read whole before it is taken in: all that later reading relies on holds."""

from __future__ import annotations

import os
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from isogloss.errors import InvalidValue, StoreError
from isogloss.outside.looking import look
from isogloss.spaces.collection import Collection
from isogloss.spaces.items import Items, mapped_items, read_parquet
from isogloss.spaces.space import Space
from isogloss.workspace import integrity
from isogloss.workspace.store import folder_name, read_collection, read_header

_LONGEST = 100  # characters of an n-gram
_LEVER = "fetch the file again"


def verify(folder: Path, *, packed: Path) -> None:
    """Read every byte of an unpacked collection in a process beside this one, under the limits of its file `packed`.

    Raises InvalidValue, StoreError.
    """
    look(_verify, packed, folder=str(folder))


def _verify(packed: Path, folder: str) -> None:
    place = Path(folder)
    try:
        _read_whole(place)
    except (InvalidValue, StoreError) as error:  # where it lies here is nobody's business
        raise type(error)(error.fact.replace(f"{place}{os.sep}", ""), error.lever) from error


def _read_whole(place: Path) -> None:
    header = read_header(place)
    _plain(header)
    for entry in [*header["spaces"], *([header["compass"]] if header["compass"] else [])]:
        _table(place / folder_name(entry), str(entry["name"]))
    if damaged := integrity.verify(place).damaged:
        raise InvalidValue(f"it does not hold what was packed ({damaged[0]})", _LEVER)
    collection = read_collection(place)
    for space in (*collection.spaces, *([collection.compass] if collection.compass else [])):
        _space(space)
    _controls(collection)


def _plain(header: dict[str, Any]) -> None:
    kinds = {"title": str, "ordered": bool, "metadata": dict, "spaces": list, "alignment": dict}
    for name, kind in kinds.items():
        if not isinstance(header[name], kind):
            raise InvalidValue(f"collection.json has {name} = {str(header[name])[:60]!r}", _LEVER)
    change = header["alignment"]["frozen_max_change"]
    known = isinstance(header["alignment"]["method"], str) and (change is None or isinstance(change, int | float))
    if not known or not isinstance(header["alignment"].get("diagnostics", {}), dict):
        raise InvalidValue(f"collection.json has alignment = {str(header['alignment'])[:80]!r}", _LEVER)


def _table(folder: Path, name: str) -> None:
    """What is mapped is what the table holds, and every offset and row in it lies where there is something."""
    table = read_parquet(folder / "items.parquet")
    table.validate(full=True)
    if len(set(table.column_names)) < table.num_columns:
        raise InvalidValue(f"the items of {name[:80]!r} name a column twice", _LEVER)
    if not (folder / "items.arrow").exists():
        return
    mapped, order = mapped_items(folder)
    mapped.validate(full=True)
    rising = Items(table["item"]).order
    if not mapped.equals(table) or not np.array_equal(order, rising):
        raise InvalidValue(f"the items of {name[:80]!r} are not those that were packed", _LEVER)


def _space(space: Space) -> None:
    if not isinstance(space.metadata, dict):
        raise InvalidValue(f"the metadata of {space.name[:80]!r} is {str(space.metadata)[:60]!r}", _LEVER)
    space.counts, space.per_million  # noqa: B018 - they are read as every page reads them
    if space.subwords and not 0 <= space.subwords.minn <= space.subwords.maxn <= _LONGEST:
        told = f"{space.subwords.minn} to {space.subwords.maxn}"
        raise InvalidValue(f"the subwords of {space.name[:80]!r} have {told} characters", _LEVER)


def _controls(collection: Collection) -> None:
    controls = collection.controls
    if controls is None:
        return
    controls.table.validate(full=True)
    controls.digest  # noqa: B018
    for one, other in combinations(collection.names, 2):
        for panel in (False, True):
            controls.pair(one, other, panel)
    for name, noise in controls.noise.items():
        space = collection[str(name)]
        if (noise.variance.shape, noise.covariance.shape) != ((len(space),), (space.dim, space.dim)):
            raise InvalidValue(f"the noise of {space.name[:80]!r} is of shape {noise.variance.shape}", _LEVER)
