"""The command line's part on texts: attach, concordance."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from isogloss.cli.progress import Counted
from isogloss.corpora.passages import Passages, how_to_attach
from isogloss.errors import NotFound
from isogloss.workspace.access import require_writable
from isogloss.workspace.store import Workspace, check_name

Add = Callable[[str, Callable[[argparse.Namespace], None], str], argparse.ArgumentParser]


def add_corpus_commands(add: Add) -> None:
    command = add("attach", _attach, "index the texts of a collection, so that any word offers its lines in context")
    command.add_argument("collection")
    command.add_argument("file", type=Path, metavar="FILE")
    command.add_argument(
        "--recipe", type=Path, metavar="R", help="how the texts are sliced, where the collection does not know"
    )
    command.add_argument("--json", action="store_true", help="print JSON for other programs")

    command = add("concordance", _concordance, "lines in context of a word, by space")
    command.add_argument("collection")
    command.add_argument("word")
    command.add_argument("--space", metavar="S", help="default: all spaces")
    command.add_argument("--limit", type=int, default=20, metavar="N")
    command.add_argument("--json", action="store_true", help="print JSON for other programs")


def attach(workspace: Workspace, name: str, file: Path, recipe: Path | None = None) -> dict[str, object]:
    """Index the texts of a collection, told on stderr."""
    told: list[Counted] = []

    def progress(what: str, share: float, number: float | None = None, /) -> None:
        if not told:  # what was read before is no indexing
            total = round((number or 0) / share) if share else None
            told.append(Counted(f"indexing {file.name}", total, "documents"))
        told[0](what, share, number)

    return Passages(workspace, check_name(name)).attach(workspace, file, recipe, progress)


def _attach(options: argparse.Namespace) -> None:
    require_writable()
    facts = attach(Workspace(options.workspace), options.collection, options.file, options.recipe)
    if options.json:
        print(json.dumps(facts, ensure_ascii=False, indent=1))
    else:
        print(f"{facts['documents']:,} documents in {facts['passages']:,} passages, {facts['seconds']} s")


def _concordance(options: argparse.Namespace) -> None:
    workspace = Workspace(options.workspace)
    passages = Passages(workspace, check_name(options.collection))
    if not passages.attached:
        lever = how_to_attach(workspace, options.collection)
        raise NotFound(f"the texts of {options.collection!r} are not at hand", lever=lever)
    found = passages.find(options.word, options.space, options.limit)
    if options.json:
        print(json.dumps({"lines": [asdict(line) for line in found.lines]}, ensure_ascii=False, indent=1))
        return
    for space, n in found.passages.items():
        uses = found.uses[space]
        print(f"{space}: " + (f"{uses:,} uses in {n:,} passages" if uses is not None else f"{n:,} passages"))
        for line in found.lines:
            if line.space == space:
                print(f"{line.left:>60} [{line.hit}] {line.right:<60}  {line.document}")
