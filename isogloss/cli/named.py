"""A space named on the command line: a space of a collection, or a file of vectors."""

from __future__ import annotations

import argparse
from pathlib import Path

from isogloss.alignment.setup import first, read_setup
from isogloss.alignment.trial import Trial
from isogloss.cli.command import workspace_of
from isogloss.cli.progress import Counted
from isogloss.formats.reading import read_vectors
from isogloss.spaces.space import Space
from isogloss.workspace.store import Workspace


def named_space(named: str, workspace: Workspace, limit: int) -> Space:
    """COLLECTION/SPACE or a file; the first `limit` items of it."""
    collection, slash, name = named.partition("/")
    if slash and not Path(named).exists() and collection in workspace.folders():
        return first(workspace.open(collection)[name], limit)
    path = Path(named)
    return read_vectors(path, limit=limit, name=path.name, progress=Counted(path.name, limit))


def trial_of(options: argparse.Namespace) -> Trial:
    """The trial of a file that the page wrote, `options.setup`."""
    setup = read_setup(options.setup.read_text(encoding="utf-8"))
    workspace = workspace_of(options)
    return setup.trial(lambda named: named_space(named, workspace, setup.limit))
