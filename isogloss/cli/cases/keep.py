"""isogloss cases keep."""

from __future__ import annotations

import argparse

from isogloss.cli.asked import asking
from isogloss.cli.cases._ledger import ledger_of, line
from isogloss.cli.command import Command, Report, workspace_of
from isogloss.notebook.replay import make_case
from isogloss.notebook.view import View
from isogloss.separation.concepts import ensure_made
from isogloss.workspace.store import SCRIPTS


class Keep(Command):
    help = "keep the view of a link with the figures that its command gives"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("link", metavar="LINK", help="of a page, as the address bar shows it")
        parser.add_argument("--comment", default="")
        parser.add_argument("--tag", action="append", default=[], help="once for each")

    def run(self, options: argparse.Namespace) -> Report:
        ledger, workspace = ledger_of(options, write=True), workspace_of(options)
        view = View.of_link(options.link)
        if view.page == "Scripts":
            ensure_made(workspace, view.get("collection") or SCRIPTS)
        told = {"comment": options.comment, "tags": options.tag}
        case = ledger.keep(make_case(view, asking(workspace), workspace, **told))
        return Report(case.as_json(), [f"kept {line(case)}"])


member = Keep()
