"""isogloss romanize."""

from __future__ import annotations

import argparse
import sys

from isogloss.cli.command import Command, warn
from isogloss.text.romanize import romanized_line


class Romanize(Command):
    help = "romanize lines from standard input"
    json = False

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        """None of its own."""

    def run(self, options: argparse.Namespace) -> None:
        failed = 0
        for line in sys.stdin:
            found = romanized_line(line.rstrip("\n"))
            failed += found is None
            print(line.rstrip("\n") if found is None else found)
        if failed:
            warn(f"{failed} lines could not be romanized and stay as they were")


member = Romanize()
