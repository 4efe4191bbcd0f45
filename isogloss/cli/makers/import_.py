"""isogloss import."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from isogloss.cli.command import Command, Report, whole, workspace_of
from isogloss.cli.progress import Counted
from isogloss.errors import InvalidValue
from isogloss.formats.chosen import Chosen
from isogloss.formats.collected import imported_space
from isogloss.formats.format import readable
from isogloss.formats.preview import expected_items
from isogloss.formats.reading import READY, take_file
from isogloss.outside.looking import look
from isogloss.tables.opened import inner_name
from isogloss.workspace.access import require_writable
from isogloss.workspace.additions import with_spaces
from isogloss.workspace.store import check_name


class Import(Command):
    help = "import vectors of other tools as spaces of a collection"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        add = parser.add_argument
        add("files", type=Path, nargs="+", metavar="FILE")
        add("--into", required=True, metavar="COLLECTION")
        add("--space", metavar="NAME", action="append", help="once for each file (default: the file's name)")
        each: Any = {"action": "append", "default": []}  # once for all files, or once for each
        add("--format", metavar="F", **each, help=f"one of {', '.join(readable())} (default: recognised)")
        add("--vocab", metavar="FILE", **each, help="one item a line, for files of numbers alone")
        add("--item-column", metavar="C", **each, help="the column of the items (default: as the file looks)")
        add("--vector-column", metavar="C", **each, help="the column of the vectors, or 'one column a dimension'")
        add("--tensor", metavar="T", **each, help="the matrix of a .safetensors or .npz")
        add("--part", metavar="P", **each, help="the file of a .zip, or the split of a folder")
        add("--limit", type=whole(), metavar="N", help="keep the first N items, usually the most frequent")
        add("--lower", action="store_true", help="lower-case the items")
        add("--float16", action="store_true", help="round to half precision: half the size on disk")
        add("--aligned", action="store_true", help="the spaces of the collection share coordinates")
        for name, letter in (("language", "L"), ("script", "S"), ("period", "P")):
            add(f"--{name}", metavar=letter, **each)
        add("--called", **each, help=argparse.SUPPRESS)  # the owner's name for an uploaded file

    def run(self, options: argparse.Namespace) -> Report:
        require_writable()
        check_name(options.into)
        names = _names(options)
        formats, vocabularies = (_each(options, option) for option in ("format", "vocab"))
        told = {option: _each(options, option) for option in ("language", "script", "period")}
        called = _each(options, "called")
        picked = [_each(options, option) for option in ("item_column", "vector_column", "tensor", "part")]
        workspace = workspace_of(options)
        made, reports = [], []
        for i, (path, name) in enumerate(zip(options.files, names, strict=True)):
            start = time.monotonic()
            format, vocabulary = formats[i] or None, Path(vocabularies[i]) if vocabularies[i] else None
            item, vector, tensor, part = (values[i] for values in picked)
            chosen = Chosen(item, vector, tensor, part or None)
            total = look(expected_items, path, quick=True, warm=READY, format=format, vocabulary=vocabulary)
            expected = min(filter(None, (total, options.limit)), default=None)
            found = take_file(
                path,
                format=format,
                vocabulary=vocabulary,
                limit=options.limit,
                lower=options.lower,
                chosen=chosen,
                progress=Counted(name, expected),
            )
            if options.float16:
                with np.errstate(over="ignore"):
                    found.vectors = found.vectors.astype(np.float16).astype(np.float32)
            known = {option: values[i] for option, values in told.items() if values[i]}
            made.append(imported_space(found, name, file=called[i] or path.name, told=known))
            reports.append(
                {
                    "collection": options.into,
                    "space": name,
                    "items": len(found.items),
                    "dim": int(found.vectors.shape[1]),
                    "skipped": found.skipped,
                    "said": list(found.said),
                    "seconds": round(time.monotonic() - start, 2),
                }
            )
        workspace.save(with_spaces(workspace, options.into, made, aligned=options.aligned))
        return Report(reports[0] if len(reports) == 1 else {"spaces": reports}, _lines(reports))


def _lines(reports: Sequence[dict[str, Any]]) -> Iterator[str]:
    for one in reports:
        left = ", ".join(f"{n:,} {reason.replace('_', '-')}" for reason, n in one["skipped"].items() if n)
        yield (
            f"{one['space']}: {one['items']:,} items × {one['dim']} in {one['seconds']} s; skipped: {left or 'none'}"
        )
        yield from (f"    {what}" for what in one["said"])


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


member = Import()
