"""isogloss concordance."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import asdict

from isogloss.cli.command import Command, Report, whole, workspace_of
from isogloss.corpora.passages import Found, attached_passages


class Concordance(Command):
    help = "lines in context of a word, by space"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("collection")
        parser.add_argument("word")
        parser.add_argument("--space", metavar="S", help="default: all spaces")
        parser.add_argument("--limit", type=whole(), default=20, metavar="N")

    def run(self, options: argparse.Namespace) -> Report:
        passages = attached_passages(workspace_of(options), options.collection)
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
