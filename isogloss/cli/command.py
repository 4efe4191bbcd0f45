"""What every command is: arguments, then the engine, then a report."""

from __future__ import annotations

import argparse
import json
import math
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from isogloss.family import Family

if TYPE_CHECKING:
    from isogloss.workspace.store import Workspace

MOST = 2**31 - 1  # of whole numbers
SEEDS = (0, 2**32 - 1)


@dataclass(frozen=True)
class Report:
    """What a command found. value: with the keys that `--json` promises. lines: the same for people."""

    value: Any
    lines: Iterable[str] = ()

    def print(self, as_json: bool) -> None:
        if as_json:
            print(json.dumps(self.value, ensure_ascii=False, indent=1))
            return
        for line in self.lines:
            print(line)


class Command(ABC):
    """help: one line. json: whether `--json` is offered after the command's own arguments."""

    help: str
    json = True

    @abstractmethod
    def arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare what the command takes besides `--workspace`."""

    @abstractmethod
    def run(self, options: argparse.Namespace) -> Report | None:
        """Do it. Raises IsoglossError."""


def workspace_of(options: argparse.Namespace) -> Workspace:
    from isogloss.workspace.store import Workspace  # not for `serve`, which becomes another program

    given = options.workspace  # a workspace itself where another command, or a page, asks (`isogloss.cli.asked`)
    return given if isinstance(given, Workspace) else Workspace(given)


def place_argument(parser: argparse.ArgumentParser) -> None:
    """--on, of commands whose work are tasks that do not need each other."""
    parser.add_argument(
        "--on",
        default="here",
        metavar="PLACE",
        help="where the work is done: here, auto (the Ray cluster of this machine, else one begun here), ray://HOST:PORT",
    )


def whole(least: int = -MOST, most: int = MOST) -> Callable[[str], int]:
    """What reads an option that is a whole number between these, both included.

    >>> whole(0, 9)("10")
    Traceback (most recent call last):
    argparse.ArgumentTypeError: '10' is no whole number from 0 to 9
    """

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"invalid int value: {text[:40]!r}") from None
        if not least <= number <= most:
            raise argparse.ArgumentTypeError(f"{text[:40]!r} is no whole number from {least:,} to {most:,}")
        return number

    return read


def add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON for other programs")


def number(value: float) -> float | None:
    """Six decimals, None where JSON has no word for it.

    >>> number(0.12345678), number(float("nan"))
    (0.123457, None)
    """
    return round(float(value), 6) if math.isfinite(value) else None


def warn(text: str) -> None:
    print(f"warning: {' '.join(text.split())}", file=sys.stderr)


COMMANDS: Family[Command] = Family(
    "command",
    "isogloss.cli.answers",
    "isogloss.cli.makers",
    "isogloss.cli.shelf",
    "isogloss.cli.sentences",
    "isogloss.cli.rewriting",
    "isogloss.cli.changing",
    "isogloss.cli.keeping",
    "isogloss.cli.serving",
    first="""collections neighbors analogy variants map drift evaluate-drift scripts angles encode romanize translit-gap
    import export attach concordance index align compare draw-alignment apply-map describe verify rename delete restore
    pack unpack publish open build layout serve serve-api mcp demo cases""".split(),
)
