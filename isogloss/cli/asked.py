"""Commands asked in this process: what they answer as JSON, and their errors as errors."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from isogloss.cli.command import COMMANDS
from isogloss.cli.main import _Parser, _parser
from isogloss.errors import InvalidValue, IsoglossError, StoreError, reason_of
from isogloss.workspace.store import Workspace


class _Asking(_Parser):
    def error(self, message: str) -> NoReturn:
        raise InvalidValue(message[:300], f"see {self.prog} --help")

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        raise InvalidValue("the command answers nothing", f"see {self.prog} --help")

    def print_help(self, file: Any = None) -> None:
        """Asked for help it answers nothing."""


_APART = ("command", "workspace", "json", "no_files", "store")


def in_force(command: Sequence[str]) -> dict[str, str]:
    """Each parameter of a command with the value that it has, given or by default. Raises InvalidValue.

    >>> in_force(["neighbors", "un-debates", "peace", "--k=5", "--json"])
    {'collection': 'un-debates', 'item': 'peace', 'k': '5', 'criterion': 'cosine'}
    """
    name = command[0] if command else ""
    if name not in COMMANDS:
        raise InvalidValue(f"there is no command {name[:40]!r}", f"choose from {', '.join(COMMANDS.names)}")
    told = vars(_parser(name, _Asking).parse_args(list(command)))
    return {
        key.replace("_", "-"): ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
        for key, value in told.items()
        if key not in _APART and value is not None and value is not False and value != []
    }


def asking(workspace: Workspace) -> Callable[[Sequence[str]], Any]:
    """What runs a command in a workspace, for `isogloss.notebook.replay`: it gives what `--json` prints.

    It raises IsoglossError, whatever goes wrong.
    """

    def run(command: Sequence[str]) -> Any:
        name = command[0] if command else ""
        if name not in COMMANDS:
            raise InvalidValue(f"there is no command {name[:40]!r}", f"choose from {', '.join(COMMANDS.names)}")
        try:
            options: argparse.Namespace = _parser(name, _Asking).parse_args(list(command))
            options.workspace = workspace
            report = COMMANDS[name].run(options)
            return None if report is None else json.loads(json.dumps(report.value))
        except IsoglossError:
            raise
        except OSError as error:
            raise StoreError(
                f"the command {name} could not read ({reason_of(error)})", "check the workspace"
            ) from error
        except MemoryError as error:
            raise InvalidValue(f"there is not enough memory for {name}", "free some, and try again") from error
        except (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError) as error:
            told = " ".join(str(error).split())[:120]
            raise InvalidValue(f"the command {name} failed ({told})", "keep the view again") from error

    return run
