"""The command line's part on files of other tools: import, export."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from isogloss.cli.progress import Counted
from isogloss.errors import InvalidValue
from isogloss.formats.collected import imported_space
from isogloss.formats.opened import inner_name
from isogloss.formats.preview import expected_items
from isogloss.formats.reading import FORMATS, import_file
from isogloss.formats.writing import WRITERS, export_space
from isogloss.workspace.access import require_writable
from isogloss.workspace.additions import with_spaces
from isogloss.workspace.store import Workspace, check_name

Add = Callable[[str, Callable[[argparse.Namespace], None], str], argparse.ArgumentParser]


def add_file_commands(add: Add) -> None:
    command = add("import", _import, "import vectors of other tools as spaces of a collection")
    command.add_argument("files", type=Path, nargs="+", metavar="FILE")
    command.add_argument("--into", required=True, metavar="COLLECTION")
    command.add_argument(
        "--space", metavar="NAME", action="append", help="once for each file (default: the file's name)"
    )
    each: Any = {"action": "append", "default": []}  # once for all files, or once for each
    command.add_argument("--format", metavar="F", **each, help=f"one of {', '.join(FORMATS)} (default: recognised)")
    command.add_argument("--vocab", metavar="FILE", **each, help="one item a line, for files of numbers alone")
    command.add_argument("--limit", type=int, metavar="N", help="keep the first N items, usually the most frequent")
    command.add_argument("--lower", action="store_true", help="lower-case the items")
    command.add_argument("--float16", action="store_true", help="round to half precision: half the size on disk")
    command.add_argument("--aligned", action="store_true", help="the spaces of the collection share coordinates")
    for name, letter in (("language", "L"), ("script", "S"), ("period", "P")):
        command.add_argument(f"--{name}", metavar=letter, **each)
    command.add_argument("--called", **each, help=argparse.SUPPRESS)  # the owner's name for an uploaded file
    command.add_argument("--json", action="store_true", help="print JSON for other programs")

    command = add("export", _export, "write a space in the format of another tool")
    command.add_argument("collection")
    command.add_argument("space")
    command.add_argument("--format", required=True, choices=tuple(WRITERS))
    command.add_argument("out", type=Path, metavar="OUT")
    command.add_argument("--json", action="store_true", help="print JSON for other programs")


def _import(options: argparse.Namespace) -> None:
    require_writable()
    check_name(options.into)
    names = _names(options)
    formats, vocabularies = (_each(options, option) for option in ("format", "vocab"))
    told = {option: _each(options, option) for option in ("language", "script", "period")}
    called = _each(options, "called")
    workspace = Workspace(options.workspace)
    made, reports = [], []
    for i, (path, name) in enumerate(zip(options.files, names, strict=True)):
        start = time.monotonic()
        format, vocabulary = formats[i] or None, Path(vocabularies[i]) if vocabularies[i] else None
        total = expected_items(path, format, vocabulary)
        expected = min(filter(None, (total, options.limit)), default=None)
        found = import_file(path, format, vocabulary, options.limit, options.lower, Counted(name, expected))
        if options.float16:
            with np.errstate(over="ignore"):
                found.vectors = found.vectors.astype(np.float16).astype(np.float32)
        made.append(imported_space(found, name, called[i] or path.name, {k: v[i] for k, v in told.items() if v[i]}))
        reports.append(
            {
                "collection": options.into,
                "space": name,
                "items": len(found.items),
                "dim": int(found.vectors.shape[1]),
                "skipped": found.skipped,
                "seconds": round(time.monotonic() - start, 2),
            }
        )
    workspace.save(with_spaces(workspace, options.into, made, options.aligned))
    if options.json:
        print(json.dumps(reports[0] if len(reports) == 1 else {"spaces": reports}, ensure_ascii=False, indent=1))
        return
    for one in reports:
        left = ", ".join(f"{n:,} {reason.replace('_', '-')}" for reason, n in one["skipped"].items() if n)
        print(f"{one['space']}: {one['items']:,} items × {one['dim']} in {one['seconds']} s; skipped: {left or 'none'}")


def _names(options: argparse.Namespace) -> list[str]:
    whole = [inner_name(path) for path in options.files]
    stems = [name.rsplit(".", 1)[0] for name in whole]
    names: list[str] = options.space or (stems if len(set(stems)) == len(stems) else whole)
    if len(names) != len(options.files) or len(set(names)) != len(names) or not all(n.strip() for n in names):
        raise InvalidValue(f"{len(options.files)} files and the spaces {names}", "name each file's space: --space NAME")
    return names


def _each(options: argparse.Namespace, option: str) -> list[str]:
    """The values of an option for each file: given once it holds for all of them, but a vocabulary for one only."""
    values, n = getattr(options, option), len(options.files)
    if len(values) in (0, 1) and (option != "vocab" or n == 1 or not values):
        return (values or [""]) * n
    if len(values) != n:
        raise InvalidValue(f"{n} files and {len(values)} times --{option}", "give it once for each file, '' for none")
    return list(values)


def _export(options: argparse.Namespace) -> None:
    space = Workspace(options.workspace).open(options.collection)[options.space]
    files = export_space(space, options.format, options.out)
    if options.json:
        print(
            json.dumps({"space": space.name, "items": len(space), "dim": space.dim, "files": [str(f) for f in files]})
        )
    else:
        print("\n".join(map(str, files)))
