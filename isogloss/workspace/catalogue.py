"""A user's own collections as things: described, renamed, deleted and brought back, packed and unpacked."""

from __future__ import annotations

import json
import lzma
import os
import re
import shutil
import struct
import time
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from isogloss.errors import InvalidValue, IsoglossError, NotFound, StoreError, reason_of
from isogloss.outside.looking import look
from isogloss.spaces.collection import Collection
from isogloss.text.matches import closest
from isogloss.workspace.card import with_facts
from isogloss.workspace.folders import fresh_file, fresh_folder, replace_folder, sweep
from isogloss.workspace.integrity import add_checksums
from isogloss.workspace.store import Workspace, check_name, read_collection, read_header
from isogloss.workspace.verified import verify

_INSIDE = re.compile(
    r"(collection\.json|[\w-]{1,40}\.(parquet|npz)|(space-\d{1,6}|compass)/[\w-]{1,40}\.(npy|parquet|arrow))"
)
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    LookupError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
    MemoryError,
)
_RATIO, _SMALLEST = 200, 1 << 26
MOST_TITLE, MOST_DESCRIPTION = 200, 2_000


class Catalogue:
    """What may be done to the collections of a workspace; those that are shipped stay as they are."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._place = workspace.root / "collections"
        self._bin = workspace.root / "deleted"

    def own(self) -> list[str]:
        """Names of the collections that may be changed, in their order."""
        return [name for name, folder in self.workspace.folders().items() if folder.parent == self._place]

    def _folder(self, name: str) -> Path:
        own = self.own()
        if name in own:
            return self._place / name
        if name in self.workspace.folders():
            raise InvalidValue(f"{name!r} is a shipped collection", "your own ones can be changed")
        raise NotFound(f"there is no collection {name[:80]!r} of yours", closest(name, own) or own)

    def _texts(self, name: str) -> Path:
        return self.workspace.root / "corpora" / f"{name}.sqlite"

    def describe(
        self, name: str, title: str, description: str, *, facts: Mapping[str, str] | None = None, space: str = ""
    ) -> None:
        """Give a collection its title, a description, and facts of its card, of one space or of all. Raises
        InvalidValue, NotFound, StoreError.
        """
        folder = self._folder(name)
        title, description = " ".join(title.split()), description.strip()
        if not title or len(title) > MOST_TITLE or len(description) > MOST_DESCRIPTION:
            raise InvalidValue(
                f"the title has {len(title):,} characters and the description {len(description):,}",
                f"give 1 to {MOST_TITLE} and at most {MOST_DESCRIPTION:,}",
            )
        header = read_header(folder)
        header["title"] = title
        names = [str(one["name"]) for one in header["spaces"]]
        if space and space not in names:
            raise NotFound(f"collection {name!r} has no space {space[:80]!r}", closest(space, names) or names)
        header["metadata"] = {**header["metadata"], "description": description}
        if facts:
            header["metadata"] = with_facts(header["metadata"], facts, space)
        add_checksums(header, folder)
        text = json.dumps(header, ensure_ascii=False, indent=1) + "\n"
        with _told(f"collection {name!r} cannot be changed"), fresh_file(folder / "collection.json") as made:
            made.write_text(text, encoding="utf-8")

    def rename(self, name: str, new: str) -> None:
        """Give a collection another name, hence another address. Raises InvalidValue, NotFound, StoreError."""
        folder = self._folder(name)
        check_name(new)
        if new in self.workspace.folders():
            raise InvalidValue(f"there is a collection {new!r} already", "choose another name")
        with _told(f"collection {name!r} cannot be renamed"):
            os.rename(folder, self._place / new)
            for kind, ending in (("derived", ""), ("corpora", ".sqlite")):
                left = self.workspace.root / kind / f"{name}{ending}"
                if left.exists():
                    os.replace(left, left.with_name(f"{new}{ending}"))

    def delete(self, name: str) -> str:
        """Take a collection away; what is returned brings it back within a day. Raises InvalidValue, NotFound,
        StoreError.
        """
        folder = self._folder(name)
        with _told(f"collection {name!r} cannot be deleted"):
            self._bin.mkdir(parents=True, exist_ok=True)
            sweep(self._bin, ("*",))
            receipt = f"{name}~{time.time_ns()}"
            os.rename(folder, self._bin / receipt)
            if self._texts(name).exists():
                os.replace(self._texts(name), self._bin / receipt / "texts.sqlite")
            os.utime(self._bin / receipt)
        return receipt

    def deleted(self) -> dict[str, str]:
        """Receipt → name of what can be brought back, the latest first."""
        found = sorted(self._bin.glob("*~*"), key=lambda f: -int(f.name.rpartition("~")[2] or 0))
        return {f.name: f.name.rpartition("~")[0] for f in found if f.name.rpartition("~")[2].isdigit()}

    def restore(self, receipt: str) -> str:
        """Bring a deleted collection back under its name. Raises InvalidValue, NotFound, StoreError."""
        name = self.deleted().get(receipt)
        if name is None:
            raise NotFound("the collection is gone for good", lever="deleted ones are kept for a day")
        if name in self.workspace.folders():
            raise InvalidValue(f"there is a new collection {name!r}", "rename that one first")
        with _told(f"collection {name!r} cannot be brought back"):
            self._place.mkdir(parents=True, exist_ok=True)
            os.rename(self._bin / receipt, self._place / name)
            if (kept := self._place / name / "texts.sqlite").exists():
                self._texts(name).parent.mkdir(exist_ok=True)
                os.replace(kept, self._texts(name))
        return name

    def pack(self, name: str, out: Path) -> int:
        """Write a collection as one .zip; the bytes written. Raises NotFound, StoreError."""
        folders = self.workspace.folders()
        if name not in folders:
            raise NotFound(f"there is no collection {name[:80]!r}", closest(name, folders) or list(folders))
        folder = folders[name]
        with _told(f"{out} cannot be written"):
            with (
                fresh_file(out) as made,
                zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
            ):
                for path in sorted(folder.rglob("*")):
                    inside = path.relative_to(folder).as_posix()
                    if path.is_file() and _INSIDE.fullmatch(inside):
                        archive.write(path, inside)
            return out.stat().st_size

    def unpack(self, path: Path, name: str) -> Collection:
        """Take in a packed collection under a name of ours. Raises InvalidValue, StoreError; nothing is changed
        then.
        """
        check_name(name)
        if name in self.workspace.folders():
            raise InvalidValue(f"there is a collection {name!r} already", "choose another name")
        with _told("the collection cannot be written"), fresh_folder(self._place) as made:
            look(_extract, path, folder=made / name, written=_most(path))
            verify(made / name, packed=path)
            replace_folder(made / name, self._place / name)
        return read_collection(self._place / name)


def is_packed(path: Path) -> bool:
    """Whether a file is a collection that `pack` wrote; its directory is read in a process beside this one."""
    try:
        with path.open("rb") as file:
            if file.read(2) != b"PK":
                return False
        return look(_holds_a_collection, path, quick=True)
    except (OSError, IsoglossError):
        return False


def _holds_a_collection(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return "collection.json" in archive.namelist()
    except (OSError, *_BROKEN):
        return False


def _most(path: Path) -> int:
    """Bytes that a packed collection may unpack to. Raises NotFound."""
    if not path.is_file():
        raise NotFound(f"there is no file {path}", lever="check its name")
    return max(_SMALLEST, path.stat().st_size * _RATIO)


def _extract(path: Path, folder: Path) -> None:
    """In a process beside this one: what a .zip says of itself is read there as well."""
    try:
        with _told("the collection cannot be written"), zipfile.ZipFile(path) as archive:
            files = [one for one in archive.infolist() if not one.filename or not one.is_dir()]
            for one in files:
                if not _INSIDE.fullmatch(one.filename):
                    raise InvalidValue(
                        f"{path.name} holds the name {one.filename[:80]!r}", "pack the collection with Isogloss"
                    )
            if sum(one.file_size for one in files) > _most(path) or len(files) > 10_000:
                raise InvalidValue(f"{path.name} unpacks to more than {_RATIO} times its size", "look at what it is")
            for one in files:
                out = folder / PurePosixPath(one.filename)
                out.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(one) as source, open(out, "wb") as target:
                    shutil.copyfileobj(source, target, 1 << 20)
    except _BROKEN as error:
        raise InvalidValue(f"{path.name} is no whole .zip ({str(error)[:100]})", "fetch it again") from error


@contextmanager
def _told(fact: str) -> Iterator[None]:
    """What the system refuses becomes a StoreError that says what could not be done."""
    try:
        yield
    except OSError as error:
        raise StoreError(f"{fact} ({reason_of(error)})", "free some space or check who may write there") from error
