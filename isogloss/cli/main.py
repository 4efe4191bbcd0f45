"""The command line: headless what the pages do. Errors are one line on stderr and exit code 2."""

from __future__ import annotations

import argparse
import os
import re
import sys
from typing import Any, NoReturn

from isogloss.cli.command import COMMANDS, add_json
from isogloss.errors import IsoglossError, as_system_errors, reason_of


class _Parser(argparse.ArgumentParser):
    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._negative_number_matcher = re.compile(r"-\d")  # -50--1 is a space, not an option; ours begin with letters

    def error(self, message: str) -> NoReturn:
        print(f"error: {message}: see {self.prog} --help", file=sys.stderr)
        raise SystemExit(2)


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    options = _parser(given[0] if given else "").parse_args(given)
    try:
        with as_system_errors():
            report = COMMANDS[options.command].run(options)
        if report is not None:
            report.print(getattr(options, "json", False))
    except IsoglossError as error:
        print(f"error: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("error: stopped; nothing was changed", file=sys.stderr)
        return 130
    except BrokenPipeError:  # `| head` closed the pipe
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0
    except MemoryError:
        print("error: there is not enough memory: free some, or take less with --limit", file=sys.stderr)
        return 2
    except OSError as error:  # a full disk, a folder that is gone or may not be written
        where = f" {error.filename}" if error.filename else ""
        print(f"error: {reason_of(error)}{where}: free some space or check who may write there", file=sys.stderr)
        return 2
    return 0


def _parser(asked: str, kind: type[argparse.ArgumentParser] = _Parser) -> argparse.ArgumentParser:
    """With the one command that is asked; with all of them where help is, or where there is no such command."""
    parser = kind(prog="isogloss", description="Aligned embedding spaces: neighbors, maps, builds.")
    commands = parser.add_subparsers(dest="command", required=True, parser_class=kind)
    for name in [asked] if asked in COMMANDS else COMMANDS.names:
        command = COMMANDS[name]
        one = commands.add_parser(name, help=command.help, description=command.help)
        one.add_argument("--workspace", metavar="DIR", help="where your own collections live (or ISOGLOSS_HOME)")
        command.arguments(one)
        if command.json:
            add_json(one)
    return parser
