"""Which collections there are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from isogloss.cli.verbs.verb import Said, Verb, figure
from isogloss.notebook.kind import Ground
from isogloss.notebook.view import View
from isogloss.workspace.store import Workspace


class Collections(Verb):
    name = "collections"
    help = "which collections there are, with their spaces: ask this first"
    grounded = False

    def view(self, given: Mapping[str, Any]) -> View:
        return View.of("Data", {})

    def command(self, view: View, given: Mapping[str, Any], ground: Ground | None) -> tuple[str, ...]:
        return ("collections", "--json")

    def said(self, output: Any, given: Mapping[str, Any], workspace: Workspace) -> Said:
        n = len(output)
        told = figure("collections", n, n=n, why="counted, not estimated")
        return Said(f"there are {n:,} collections: {', '.join(one['name'] for one in output)}"[:2_000], [told])


member = Collections()
