"""The command line's part on whole collections: describe, rename, delete, restore, pack, unpack."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path

from isogloss.workspace.access import require_writable
from isogloss.workspace.catalogue import Catalogue
from isogloss.workspace.store import Workspace, read_header

Add = Callable[[str, Callable[[argparse.Namespace], None], str], argparse.ArgumentParser]


def add_collection_commands(add: Add) -> None:
    command = add("describe", _describe, "give a collection its title and a description")
    command.add_argument("collection")
    command.add_argument("--title", help="default: as it is")
    command.add_argument("--description", help="default: as it is")

    command = add("rename", _rename, "give a collection another name")
    command.add_argument("collection")
    command.add_argument("name")

    command = add("delete", _delete, "take a collection away; `restore` brings it back within a day")
    command.add_argument("collection")
    command.add_argument("--json", action="store_true", help="print JSON for other programs")

    command = add("restore", _restore, "bring a deleted collection back")
    command.add_argument("receipt", help="what `delete` printed")

    command = add("pack", _pack, "write a collection as one .zip")
    command.add_argument("collection")
    command.add_argument("out", type=Path, metavar="OUT.zip")

    command = add("unpack", _unpack, "take in a collection that `pack` wrote")
    command.add_argument("file", type=Path, metavar="FILE.zip")
    command.add_argument("--into", required=True, metavar="COLLECTION")


def _catalogue(options: argparse.Namespace) -> Catalogue:
    require_writable()
    return Catalogue(Workspace(options.workspace))


def _describe(options: argparse.Namespace) -> None:
    catalogue = _catalogue(options)
    title, description = options.title, options.description
    if None in (title, description) and options.collection in catalogue.own():
        header = read_header(catalogue.workspace.folders()[options.collection])
        title = header["title"] if title is None else title
        description = str(header["metadata"].get("description", "")) if description is None else description
    catalogue.describe(options.collection, title or "", description or "")


def _rename(options: argparse.Namespace) -> None:
    _catalogue(options).rename(options.collection, options.name)


def _delete(options: argparse.Namespace) -> None:
    receipt = _catalogue(options).delete(options.collection)
    if options.json:
        print(json.dumps({"collection": options.collection, "receipt": receipt}))
    else:
        print(f"deleted; for a day, isogloss restore {receipt} brings it back")


def _restore(options: argparse.Namespace) -> None:
    print(_catalogue(options).restore(options.receipt))


def _pack(options: argparse.Namespace) -> None:
    n = Catalogue(Workspace(options.workspace)).pack(options.collection, options.out)
    print(f"{options.out}: {n:,} bytes")


def _unpack(options: argparse.Namespace) -> None:
    found = _catalogue(options).unpack(options.file, options.into)
    print(f"{found.name}: {', '.join(found.names)}")
