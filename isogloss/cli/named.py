"""A space named on the command line: a space of a collection, or a file of vectors."""

from __future__ import annotations

import argparse
from pathlib import Path

from isogloss.alignment.setup import Place, first, read_setup
from isogloss.alignment.trial import Trial
from isogloss.cli.command import workspace_of
from isogloss.cli.progress import Counted
from isogloss.errors import InvalidValue
from isogloss.formats.reading import read_vectors
from isogloss.spaces.reference import Reference
from isogloss.spaces.space import Space
from isogloss.text.nested import settings_text
from isogloss.workspace.store import Workspace


def place_of(named: str, workspace: Workspace) -> Place:
    """COLLECTION/SPACE of a collection that there is; anything else, and what lies there as a file, is a path."""
    found = Reference.parse(named)
    if found.space and not Path(named).exists() and found.collection in workspace.folders():
        return found
    return Path(named)


def space_at(place: Place, workspace: Workspace, *, limit: int) -> Space:
    """The first `limit` items of a space of a collection, or of a file. Raises InvalidValue, NotFound, StoreError."""
    if isinstance(place, Reference):
        return first(workspace.open(place.collection)[place.space], limit)
    return read_vectors(place, limit=limit, name=place.name, progress=Counted(place.name, limit))


def trial_of(options: argparse.Namespace) -> Trial:
    """The trial of a file that the page wrote, `options.setup`. Raises InvalidValue, NotFound, StoreError."""
    workspace = workspace_of(options)
    try:
        text = settings_text(options.setup)
    except ValueError as error:
        raise InvalidValue(
            f"the setup {options.setup.name[:80]!r} cannot be read ({error})", "name the file that Align wrote"
        ) from error
    setup = read_setup(text, lambda named: place_of(named, workspace))
    return setup.trial(lambda place: space_at(place, workspace, limit=setup.limit))
