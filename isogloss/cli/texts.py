"""Texts indexed from the command line, told on stderr."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from isogloss.cli.progress import Counted
from isogloss.corpora.passages import Passages
from isogloss.progress import Progress
from isogloss.workspace.store import Workspace, check_name


def attach(
    workspace: Workspace,
    name: str,
    file: Path,
    *,
    recipe: Path | None = None,
    part: str | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Index the texts of a collection. progress: of the work that this is a part of. Raises what `Passages.attach`
    does.
    """
    told: list[Counted] = []

    def counted(what: str, share: float, number: float | None = None, /) -> None:
        if not told:  # what was read before is no indexing
            total = round((number or 0) / share) if share else None
            told.append(Counted(f"indexing {file.name}", total, "documents"))
        told[0](what, share, number)

    passages = Passages(workspace, check_name(name))
    return passages.attach(workspace, file, recipe=recipe, part=part, progress=progress or counted)
