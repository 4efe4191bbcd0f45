"""isogloss concordance."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import asdict

from isogloss.cli.command import Command, Report, workspace_of
from isogloss.corpora.passages import Found, Passages, how_to_attach
from isogloss.errors import NotFound
from isogloss.workspace.store import check_name


class Concordance(Command):
    help = "lines in context of a word, by space"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("collection")
        parser.add_argument("word")
        parser.add_argument("--space", metavar="S", help="default: all spaces")
        parser.add_argument("--limit", type=int, default=20, metavar="N")

    def run(self, options: argparse.Namespace) -> Report:
        workspace = workspace_of(options)
        passages = Passages(workspace, check_name(options.collection))
        if not passages.attached:
            lever = how_to_attach(workspace, options.collection)
            raise NotFound(f"the texts of {options.collection!r} are not at hand", lever=lever)
        found = passages.find(options.word, options.space, limit=options.limit)
        return Report({"lines": [asdict(line) for line in found.lines]}, _lines(found))


def _lines(found: Found) -> Iterator[str]:
    for space, n in found.passages.items():
        uses = found.uses[space]
        yield f"{space}: " + (f"{uses:,} uses in {n:,} passages" if uses is not None else f"{n:,} passages")
        for line in found.lines:
            if line.space == space:
                yield f"{line.left:>60} [{line.hit}] {line.right:<60}  {line.document}"


member = Concordance()
