"""isogloss romanize."""

from __future__ import annotations

import argparse
import sys

from isogloss.cli.command import Command, warn
from isogloss.text.romanize import failures, romanize_line


class Romanize(Command):
    help = "romanize lines from standard input"
    json = False

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        """None of its own."""

    def run(self, options: argparse.Namespace) -> None:
        for line in sys.stdin:
            print(romanize_line(line.rstrip("\n")))
        if failures():
            warn(f"{failures()} lines could not be romanized and stay as they were")


member = Romanize()
