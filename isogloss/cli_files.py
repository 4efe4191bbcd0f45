"""The command line's part on files of other tools: import, export."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from isogloss.collection import Alignment, Collection
from isogloss.errors import InvalidValue
from isogloss.exporters import WRITERS, export_space
from isogloss.importers import FORMATS, Collected, import_file
from isogloss.importers.opened import inner_name
from isogloss.space import Space
from isogloss.store import Workspace, check_name

Add = Callable[[str, Callable[[argparse.Namespace], None], str], argparse.ArgumentParser]


def add_file_commands(add: Add) -> None:
    command = add("import", _import, "import vectors of other tools as spaces of a collection")
    command.add_argument("files", type=Path, nargs="+", metavar="FILE")
    command.add_argument("--into", required=True, metavar="COLLECTION")
    command.add_argument(
        "--space", metavar="NAME", action="append", help="once for each file (default: the file's name)"
    )
    command.add_argument("--format", metavar="F", help=f"one of {', '.join(FORMATS)} (default: recognised)")
    command.add_argument("--vocab", type=Path, metavar="FILE", help="one item a line, for files of numbers alone")
    command.add_argument("--limit", type=int, metavar="N", help="keep the first N items, usually the most frequent")
    command.add_argument("--lower", action="store_true", help="lower-case the items")
    command.add_argument("--float16", action="store_true", help="round to half precision: half the size on disk")
    command.add_argument("--aligned", action="store_true", help="the spaces of the collection share coordinates")
    command.add_argument("--language", metavar="L")
    command.add_argument("--script", metavar="S")
    command.add_argument("--period", metavar="P")
    command.add_argument("--json", action="store_true", help="print JSON for other programs")

    command = add("export", _export, "write a space in the format of another tool")
    command.add_argument("collection")
    command.add_argument("space")
    command.add_argument("--format", required=True, choices=tuple(WRITERS))
    command.add_argument("out", type=Path, metavar="OUT")
    command.add_argument("--json", action="store_true", help="print JSON for other programs")


def _import(options: argparse.Namespace) -> None:
    check_name(options.into)
    whole = [inner_name(path) for path in options.files]
    stems = [name.rsplit(".", 1)[0] for name in whole]
    names = options.space or (stems if len(set(stems)) == len(stems) else whole)
    if len(names) != len(options.files) or len(set(names)) != len(names) or not all(n.strip() for n in names):
        raise InvalidValue(f"{len(options.files)} files and the spaces {names}", "name each file's space: --space NAME")
    if options.vocab and len(options.files) > 1:
        raise InvalidValue("one vocabulary was given for several files", "import them one at a time")
    workspace = Workspace(options.workspace)
    told = {k: v for k in ("language", "script", "period") if (v := getattr(options, k))}
    made, reports = [], []
    for path, name in zip(options.files, names, strict=True):
        start = time.monotonic()
        found = import_file(
            path, options.format, options.vocab, options.limit, options.lower, _Said(name, start, options.limit)
        )
        if options.float16:
            with np.errstate(over="ignore"):
                found.vectors = found.vectors.astype(np.float16).astype(np.float32)
        made.append(space_of(found, name, path, told))
        reports.append(
            {
                "collection": options.into, "space": name, "items": len(found.items), "dim": int(found.vectors.shape[1]),
                "skipped": found.skipped, "seconds": round(time.monotonic() - start, 2),
            }
        )  # fmt: skip
    collection = add_spaces(workspace, options.into, made, options.aligned)
    workspace.save(collection)
    if options.json:
        print(json.dumps(reports[0] if len(reports) == 1 else {"spaces": reports}, ensure_ascii=False, indent=1))
        return
    for one in reports:
        left = ", ".join(f"{n:,} {reason.replace('_', '-')}" for reason, n in one["skipped"].items() if n)
        print(f"{one['space']}: {one['items']:,} items × {one['dim']} in {one['seconds']} s; skipped: {left or 'none'}")


def space_of(found: Collected, name: str, path: Path, told: dict[str, str]) -> Space:
    """The space of an import; what was skipped, and from which file, stay with it."""
    skipped = {"counts": found.skipped, "listed": {k: v for k, v in found.listed.items() if v}}
    return Space(
        name, tuple(found.items), found.vectors, found.columns, {"file": path.name, "skipped": skipped, **told}
    )


def add_spaces(workspace: Workspace, name: str, spaces: list[Space], aligned: bool = False) -> Collection:
    """The collection of that name with these spaces added or replaced; new if there is none.

    Raises InvalidValue for a collection whose alignment was computed: it would not hold of a space from elsewhere.
    """
    if name not in workspace.folders():
        method = "declared" if aligned else "none"
        return Collection(name, tuple(spaces), name, Alignment(method), ordered=len(spaces) > 1)
    old = workspace.open(name)
    if old.alignment.method not in ("none", "declared"):
        raise InvalidValue(
            f"the spaces of {name!r} are aligned by {old.alignment.method}", "import into another collection"
        )
    fresh = {space.name: space for space in spaces}
    kept = [fresh.pop(space.name, space) for space in old.spaces]
    method = "declared" if aligned or (old.alignment.method == "declared" and not fresh) else "none"
    return Collection(old.name, (*kept, *fresh.values()), old.title, Alignment(method), old.ordered, old.metadata)


class _Said:
    """Tells on stderr, once a second, how far an import is."""

    def __init__(self, name: str, start: float, limit: int | None) -> None:
        self._name, self._start, self._limit, self._last = name, start, limit, start

    def __call__(self, n: int) -> None:
        now = time.monotonic()
        if now - self._last >= 1.0:
            self._last = now
            of = f" of {self._limit:,}" if self._limit else ""
            rate = n / (now - self._start)
            print(f"{self._name}: {n:,}{of} items, {rate:,.0f} items/s", file=sys.stderr, flush=True)


def _export(options: argparse.Namespace) -> None:
    space = Workspace(options.workspace).open(options.collection)[options.space]
    files = export_space(space, options.format, options.out)
    if options.json:
        print(
            json.dumps({"space": space.name, "items": len(space), "dim": space.dim, "files": [str(f) for f in files]})
        )
    else:
        print("\n".join(map(str, files)))
