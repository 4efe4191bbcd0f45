"""isogloss mcp."""

from __future__ import annotations

import argparse

from isogloss.cli.command import Command, workspace_of


class Mcp(Command):
    help = "answer programs by the Model Context Protocol on stdin and stdout, read-only"
    json = False

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        """None of its own."""

    def run(self, options: argparse.Namespace) -> None:
        from isogloss.cli.verbs.over_mcp import serve

        serve(workspace_of(options))


member = Mcp()
