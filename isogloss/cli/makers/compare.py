"""isogloss compare: what the page runs for several methods."""

from __future__ import annotations

import argparse
from pathlib import Path

from isogloss.alignment.method import METHODS
from isogloss.alignment.outcomes import Live, outcomes, reach
from isogloss.cli.command import Command, workspace_of
from isogloss.cli.named import trial_of
from isogloss.cli.progress import Shared
from isogloss.errors import InvalidValue
from isogloss.progress import Progress
from isogloss.workspace.access import require_writable


class Compare(Command):
    help = "align by several methods, as a file of the page says, and keep what they reach"
    json = False

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        add = parser.add_argument
        add("setup", type=Path, metavar="SETUP.json")
        add("--methods", nargs="+", choices=METHODS.names, required=True)
        add("--script-filter", action="store_true", help="only targets in the script of most anchors")
        add("--live", type=Path, metavar="FILE", help="write the training criterion there, as it goes")

    def run(self, options: argparse.Namespace) -> None:
        """Each method is kept as soon as it is done; one that fails does not keep the others from running."""
        require_writable()
        trial, store, failed = trial_of(options), outcomes(workspace_of(options)), []
        shared = Shared()  # one for all methods: the time left is that of the whole
        for i, method in enumerate(options.methods):
            progress = _told(shared, method, i, len(options.methods), Live(options.live, method))
            try:
                reach(store, trial, method, script_filter=options.script_filter, progress=progress)
                store.require_kept(trial.key(method, options.script_filter))
            except InvalidValue as error:
                failed.append(f"{method}: {error}")
        if failed:
            raise InvalidValue("; ".join(failed), "the others are kept")


def _told(shared: Shared, method: str, i: int, n: int, live: Live) -> Progress:
    def report(what: str, share: float, number: float | None = None, /) -> None:
        shared(f"{method}: {what}", (i + share) / n)
        live(number)

    return report


member = Compare()
