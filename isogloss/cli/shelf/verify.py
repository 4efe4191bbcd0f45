"""isogloss verify."""

from __future__ import annotations

import argparse

from isogloss.cli.command import Command, Report, workspace_of
from isogloss.errors import StoreError
from isogloss.workspace.damage import way_back
from isogloss.workspace.integrity import Integrity, verify


class Verify(Command):
    help = "whether the files of collections are those that were written"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("collection", nargs="*", help="default: all")

    def run(self, options: argparse.Namespace) -> Report | None:
        workspace = workspace_of(options)
        names = options.collection or list(workspace.folders())
        found = [verify(workspace.folder(name)) for name in names]
        report = Report([one.facts() for one in found], [line for one in found for line in _lines(one)])
        damaged = [one.collection for one in found if not one.whole]
        if damaged:
            report.print(options.json)
            raise StoreError(
                f"{len(damaged)} of {len(found)} collections are damaged ({', '.join(damaged[:5])})",
                "; ".join(f"{name}: {way_back(workspace.folder(name))}" for name in damaged[:3]),
            )
        return report


def _lines(one: Integrity) -> list[str]:
    if not one.whole:
        return [f"{one.collection}: {fact}" for fact in one.damaged]
    by = f"{one.files} files, {one.bytes / 1e6:,.1f} MB"
    if one.unmarked:
        by += f"; {len(one.unmarked)} parts were written before there were checksums"
    return [f"{one.collection}: whole ({by})"]


member = Verify()
