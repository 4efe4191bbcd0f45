"""isogloss collections."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from isogloss.cli.command import Command, Report, warn, workspace_of
from isogloss.errors import StoreError
from isogloss.workspace.store import read_header


class Collections(Command):
    help = "list the collections at hand"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        """None of its own."""

    def run(self, options: argparse.Namespace) -> Report:
        found: list[dict[str, Any]] = []
        for name, folder in workspace_of(options).folders().items():
            try:
                header = read_header(folder)
            except StoreError as error:  # one damaged collection does not hide the others
                warn(str(error))
                continue
            found.append(
                {
                    "name": name,
                    "title": header["title"],
                    "spaces": [{k: space[k] for k in ("name", "items", "dim")} for space in header["spaces"]],
                    "alignment": {k: header["alignment"][k] for k in ("method", "frozen_max_change")},
                }
            )
        return Report(found, _lines(found))


def _lines(found: list[dict[str, Any]]) -> Iterator[str]:
    for one in found:
        yield f"{one['name']}  {one['title']}  (alignment: {one['alignment']['method']})"
        for space in one["spaces"]:
            yield f"    {space['name']:16} {space['items']:>9,} items × {space['dim']}"
    if not found:
        yield "no collections yet: isogloss build RECIPE.toml makes one"


member = Collections()
