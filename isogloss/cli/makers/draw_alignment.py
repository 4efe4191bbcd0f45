"""isogloss draw-alignment: what the page runs for its map."""

from __future__ import annotations

import argparse
from pathlib import Path

from isogloss.alignment.joint_maps import joint_maps, picture_key
from isogloss.alignment.method import METHODS
from isogloss.alignment.outcomes import outcomes
from isogloss.alignment.trial import Outcome
from isogloss.cli.command import Command, workspace_of
from isogloss.cli.named import trial_of
from isogloss.cli.progress import Shared
from isogloss.errors import InvalidValue
from isogloss.workspace.access import require_writable


class DrawAlignment(Command):
    help = "joint maps of the test words before and after an alignment that was kept"
    json = False

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("setup", type=Path, metavar="SETUP.json")
        parser.add_argument("--method", choices=METHODS.names, required=True)

    def run(self, options: argparse.Namespace) -> None:
        require_writable()
        trial, store = trial_of(options), outcomes(workspace_of(options))
        data = store.find(trial.key(options.method))
        if data is None:
            raise InvalidValue(f"{options.method} has not been run on these", "run it first")
        maps = joint_maps(trial, Outcome.of_arrays(data), progress=Shared())
        store.put(picture_key(trial, options.method), maps)
        store.require_kept(picture_key(trial, options.method))


member = DrawAlignment()
