"""isogloss demo."""

from __future__ import annotations

import argparse

from isogloss.cli.command import Command, whole
from isogloss.cli.shelf.serve import start


class Demo(Command):
    help = "open the browser on the demo collections"
    json = False

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--port", type=whole(0, 65_535), default=8501)

    def run(self, options: argparse.Namespace) -> None:
        start(options.workspace, options.port, headless=False)


member = Demo()
