"""Collections on disk: a folder each, written whole or not at all, opened by memory map."""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from dataclasses import replace
from functools import partial
from pathlib import Path
from tokenize import TokenError
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from isogloss.errors import InvalidValue, NotFound, StoreError, reason_of
from isogloss.places import ASSETS
from isogloss.spaces.checksums import checked, checksums_of
from isogloss.spaces.collection import Alignment, Collection, spaces_fingerprint
from isogloss.spaces.controls import read_controls, write_controls
from isogloss.spaces.items import LARGE, PARQUET, item_column, read_items, write_opened
from isogloss.spaces.space import Space
from isogloss.spaces.subwords import read_subwords, write_subwords
from isogloss.text.matches import closest
from isogloss.text.nested import read_json
from isogloss.workspace.access import home, offered_home, require_writable
from isogloss.workspace.damage import way_back
from isogloss.workspace.derived import DerivedStore
from isogloss.workspace.folders import fresh_folder, recover, replace_folder

SCHEMA = 1
FIRST = "un-debates"  # the collection that opens
SCRIPTS = "scripts"  # made on first use; its layouts are shipped
SHIPPED = ASSETS / "collections"
VECTORS = "vectors.npy"
# What the readers of arrays, tables and archives raise for bytes that are none.
_DAMAGE = (
    *(EOFError, AttributeError, SyntaxError, RecursionError, OverflowError, MemoryError, TokenError),
    *(zipfile.BadZipFile, zlib.error, pa.ArrowException, InvalidValue),
)
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


def check_name(name: str) -> str:
    """A collection name that is safe as a folder. Raises InvalidValue.

    >>> check_name("un-debates")
    'un-debates'
    """
    if not _NAME.fullmatch(name) or name.endswith(".") or ".." in name:
        raise InvalidValue(
            f"the collection name {name[:80]!r} cannot be used",
            "use 1 to 64 of a-z, 0-9, '.', '_' and '-', beginning with a letter or digit",
        )
    return name


def proposed_name(text: str, default: str) -> str:
    """A collection name made of any text, or the default where nothing of it can be used.

    >>> proposed_name("Novels, 1840–1879 (fr)", "my-texts"), proposed_name("東京", "my-texts")
    ('novels-1840-1879-fr', 'my-texts')
    """
    plain = re.sub(r"\.{2,}", ".", re.sub(r"[^a-z0-9._-]+", "-", text.lower()))
    return plain.strip("-._")[:64].rstrip("-._") or default


class Workspace:
    """A user's own collections beside the shipped ones.

    root: `--workspace`, or ISOGLOSS_HOME, or the platform's user-data folder. It is made on the
    first write, so that reading never needs it. offered: another workspace whose collections can be
    read here and not changed (ISOGLOSS_OFFERED), as a server offers its own to visitors.
    """

    def __init__(
        self, root: str | Path | None = None, shipped: Path = SHIPPED, offered: str | Path | None = None
    ) -> None:
        self.root = Path(root) if root else home()
        self.shipped = shipped
        self.offered = Path(offered) if offered else offered_home()

    @property
    def _places(self) -> tuple[Path, ...]:
        return (self.shipped, *(place / "collections" for place in (self.offered, self.root) if place))

    def folders(self) -> dict[str, Path]:
        """Name → folder of every collection, the shipped ones first; a half-written one is not there."""
        found: dict[str, Path] = {}
        for place in self._places:
            if place.is_dir():
                recover(place)
                for folder in sorted(place.iterdir(), key=lambda f: (f.name != FIRST, f.name)):
                    if _NAME.fullmatch(folder.name) and (folder / "collection.json").is_file():
                        found.setdefault(folder.name, folder)
        return found

    def folder(self, name: str) -> Path:
        """Where a collection lies. Raises NotFound, with the nearest names."""
        if _NAME.fullmatch(name):  # the same as of all folders, without a look at each of them
            for folder in (place / name for place in self._places):
                if (folder / "collection.json").is_file():
                    return folder
        folders = self.folders()
        if name not in folders:
            raise NotFound(f"there is no collection {name[:80]!r}", closest(name, folders) or list(folders))
        return folders[name]

    def open(self, name: str) -> Collection:
        """Raises NotFound (with the nearest names) or StoreError."""
        return replace(read_collection(self.folder(name)), home=self.derived(name).folders)

    def save(self, collection: Collection) -> Path:
        """Write a collection into the workspace, replacing one of that name. Raises InvalidValue, where it is
        read-only too, and StoreError.
        """
        require_writable()
        name = check_name(collection.name)
        here = self.folders().get(name)
        if here is not None and here.parent != self.root / "collections":
            raise InvalidValue(f"{name!r} is a shipped collection", "choose another name")
        return write_collection(collection, self.root / "collections" / name)

    def derived(self, name: str) -> DerivedStore:
        """Where derived things of a collection are kept: the workspace's cache; what is offered and what is shipped is
        only read.
        """
        name = check_name(name)
        offered = [self.offered / "derived" / name] if self.offered else []
        return DerivedStore(self.root / "derived" / name, *offered, self.shipped / name / "derived")


def write_collection(collection: Collection, folder: Path, dtype: str = "float16") -> Path:
    """Write to a temporary folder beside, then rename: a reader sees the old or the new, never a half.

    float16 is used where it loses nothing beyond the vectors' own rounding; otherwise float32.
    """
    try:
        with fresh_folder(folder.parent) as temporary:
            spaces = [_write_space(s, temporary / f"space-{i}", dtype) for i, s in enumerate(collection.spaces)]
            compass = _write_space(collection.compass, temporary / "compass", dtype) if collection.compass else None
            if collection.controls:
                write_controls(collection.controls, temporary, collection.fingerprint)
            header = {
                "schema": SCHEMA,
                "name": collection.name,
                "title": collection.title,
                "ordered": collection.ordered,
                "alignment": {
                    "method": collection.alignment.method,
                    "frozen_max_change": collection.alignment.frozen_max_change,
                    "diagnostics": dict(collection.alignment.diagnostics),
                },
                "metadata": dict(collection.metadata),
                "spaces": spaces,
                "compass": compass,
                "checksums": checksums_of(temporary),
            }
            text = json.dumps(header, ensure_ascii=False, indent=1)
            (temporary / "collection.json").write_text(text + "\n", encoding="utf-8")
            replace_folder(temporary, folder)
    except (TypeError, ValueError) as error:
        raise StoreError(
            f"collection {collection.name!r} holds metadata that JSON cannot ({error})", "give text, numbers and lists"
        ) from error
    except OSError as error:
        raise StoreError(
            f"collection {collection.name!r} cannot be written to {folder.parent} ({reason_of(error)})",
            "free some space or name another folder with --workspace",
        ) from error
    return folder


def _write_space(space: Space, folder: Path, dtype: str) -> dict[str, Any]:
    folder.mkdir()
    half = dtype == "float16" and _fits_half(space)
    vectors = space.stored.astype(np.float16) if half else space.vectors
    np.save(folder / VECTORS, vectors, allow_pickle=False)
    items = item_column(space.items) if len(space) > LARGE else pa.array(space.items)
    table = space.columns.add_column(0, "item", items) if space.columns.num_columns else pa.table({"item": items})
    pq.write_table(table, folder / PARQUET, compression="zstd")
    if len(space) > LARGE:
        write_opened(table, folder)
    return {
        "name": space.name,
        "folder": folder.name,
        "items": len(space),
        "dim": space.dim,
        "fingerprint": space.fingerprint,
        "metadata": dict(space.metadata),
        **({"subwords": write_subwords(space.subwords, folder)} if space.subwords is not None else {}),
        "checksums": checksums_of(folder),
    }


def _fits_half(space: Space, block: int = 65_536) -> bool:
    """Whether float16 would hold every number as it is."""
    with np.errstate(over="ignore"):  # what overflows does not fit
        parts = (space.rows(slice(at, at + block)) for at in range(0, len(space), block))
        return all(np.array_equal(part.astype(np.float16).astype(np.float32), part) for part in parts)


def read_header(folder: Path) -> dict[str, Any]:
    """The collection.json of a folder. Raises StoreError."""
    try:
        header = read_json((folder / "collection.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StoreError(
            f"{folder / 'collection.json'} cannot be read ({error})", "delete or restore the folder"
        ) from error
    if not isinstance(header, dict) or header.get("schema") != SCHEMA:
        found = header.get("schema") if isinstance(header, dict) else header
        raise StoreError(
            f"collection {folder.name!r} has schema {found!r}, this version reads {SCHEMA}",
            "build or import it again, or update Isogloss",
        )
    missing = [
        key for key in ("name", "title", "ordered", "alignment", "metadata", "spaces", "compass") if key not in header
    ]
    whole = isinstance(header.get("alignment"), dict) and {"method", "frozen_max_change"} <= set(header["alignment"])
    if (
        missing
        or not whole
        or not all(isinstance(s, dict) and {"name", "items", "dim"} <= set(s) for s in header["spaces"])
    ):
        raise StoreError(
            f"collection {folder.name!r} is damaged (collection.json lacks {missing or 'a part'})",
            "delete or restore the folder",
        )
    return header


def read_collection(folder: Path) -> Collection:
    """Open a collection; vectors, and the items of large spaces, stay on disk until they are used. Raises
    StoreError.
    """
    header = read_header(folder)
    try:
        alignment = Alignment(**header["alignment"])
        compass = header["compass"]
        spaces = tuple(_read_space(folder, entry) for entry in header["spaces"])
        back = partial(way_back, folder)
        whose = f"the controls of {folder.name!r}"
        for one in checked(folder, header.get("checksums"), whose=whose, way_back=back).values():
            one.require()
        return Collection(
            name=folder.name,
            spaces=spaces,
            title=header["title"] or folder.name,
            alignment=alignment,
            ordered=header["ordered"],
            metadata=header["metadata"],
            compass=_read_space(folder, compass) if compass else None,
            controls=read_controls(folder, spaces_fingerprint(spaces)),
        )
    except StoreError:
        raise
    except (*_DAMAGE, KeyError, TypeError, ValueError, OSError) as error:
        raise StoreError(f"collection {folder.name!r} is damaged ({error})", "delete or restore the folder") from error


def folder_name(entry: dict[str, Any]) -> str:
    """The folder of a space, one of ours. Raises ValueError, KeyError."""
    name = str(entry["folder"])
    if not re.fullmatch(r"space-\d{1,6}|compass", name):
        raise ValueError(f"folder {name[:80]!r}")
    return name


def _read_space(folder: Path, entry: dict[str, Any]) -> Space:
    name = folder_name(entry)
    whose = f"space {entry['name']!r} of {folder.name!r}"
    sums = checked(folder / name, entry.get("checksums"), whose=whose, way_back=partial(way_back, folder))
    if VECTORS in sums:
        sums[VECTORS].require(np.zeros(1, dtype=np.int64))  # the header, before it is believed
    vectors = np.load(folder / name / VECTORS, mmap_mode="r", allow_pickle=False)
    table, items = read_items(folder / name, len(vectors) > LARGE, sums)
    if VECTORS in sums:
        sums[VECTORS].lies(vectors)
    if vectors.shape != (entry["items"], entry["dim"]) or len(table) != len(vectors):
        raise ValueError(f"{name} has vectors {vectors.shape} and {len(table)} items")
    return Space(
        str(entry["name"]),
        items,
        vectors,
        table.drop_columns(["item"]),
        entry["metadata"],
        str(entry["fingerprint"]),
        checked=sums.get(VECTORS, True),
        subwords=read_subwords(entry.get("subwords"), folder / name, int(entry["dim"]), sums),
    )
