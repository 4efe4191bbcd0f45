"""A verb: what programs may ask, over MCP and over HTTP alike. Each asks a command that only answers."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from isogloss import __version__
from isogloss.cli.asked import asking
from isogloss.cli.verbs.arguments import Argument, read, schema
from isogloss.errors import InvalidValue
from isogloss.family import Family
from isogloss.notebook.commands import command_line, require_reading
from isogloss.notebook.kind import Ground, ground_of, kind_of
from isogloss.notebook.view import View
from isogloss.separation.concepts import ensure_made
from isogloss.workspace.access import base_url
from isogloss.workspace.store import Workspace

WAITING = 8  # asked at once; one is answered at a time


@dataclass(frozen=True)
class Said:
    """What a verb makes of a command's output.

    says: in a sentence. figures: as `figure` gives them. findings: what is told from chance, empty where nothing is.
    """

    says: str
    figures: Sequence[Mapping[str, Any]]
    findings: Sequence[Mapping[str, Any]] = ()


class Verb(ABC):
    """help: one line. arguments: its table. grounded: whether it stands on one collection, its argument."""

    name: str
    help: str
    arguments: tuple[Argument, ...] = ()
    grounded = True

    @abstractmethod
    def view(self, given: Mapping[str, Any]) -> View:
        """The page that shows the same."""

    def command(self, view: View, given: Mapping[str, Any], ground: Ground | None) -> tuple[str, ...]:
        """What is asked: by default what the page's figures come from."""
        return kind_of(view.page).command(view, ground)

    @abstractmethod
    def said(self, output: Any, given: Mapping[str, Any], workspace: Workspace) -> Said:
        """What the output says, with its figures and findings."""

    def fingerprints(self, given: Mapping[str, Any], ground: Ground | None, workspace: Workspace) -> dict[str, str]:
        """Of the spaces that the answer stands on, by name."""
        return dict(ground.fingerprints) if ground else {}

    def schema(self) -> dict[str, Any]:
        """Of its arguments, as JSON Schema."""
        return schema(self.arguments)

    def ask(self, given: Any, workspace: Workspace) -> dict[str, Any]:
        """The answer. Raises IsoglossError for what cannot be asked or answered."""
        told = read(self.arguments, given)
        view = self.view(told)
        if self.grounded:
            ensure_made(workspace, told["collection"])
        ground = ground_of(workspace, view) if self.grounded else None
        self._require_spaces(told, ground)
        command = self.command(view, told, ground)
        if self.arguments:
            require_reading(command)
        with _TURN.taken():
            output = asking(workspace)(command)
            said = self.said(output, told, workspace)
        return {
            "verb": self.name,
            "says": said.says,
            "findings": list(said.findings),
            "figures": list(said.figures),
            "result": output,
            "link": base_url() + view.link,
            "command": command_line(command),
            "fingerprints": self.fingerprints(told, ground, workspace),
            "version": __version__,
        }

    def _require_spaces(self, told: Mapping[str, Any], ground: Ground | None) -> None:
        """A page opens something else where an address names no space that there is; who asks is told."""
        for key in ("space", "source", "target"):
            if ground and key in told and told[key] not in ground.names:
                names = ", ".join(ground.names)[:400]
                raise InvalidValue(f"{ground.collection} has no space {told[key][:80]!r}", f"choose from {names}")


def figure(name: str, value: Any, **more: Any) -> dict[str, Any]:
    """A figure with its n, its 95 % interval and its null. null: what 95 % of chance lies below. Where there is none
    it is null and `why` says why.

    >>> figure("lines", 4, n=4, why="counted")
    {'name': 'lines', 'value': 4, 'n': 4, 'interval': None, 'null': None, 'why': 'counted'}
    """
    return {"name": name, "value": value, "n": None, "interval": None, "null": None} | more


class Turn:
    """One is answered at a time, few wait, the others are told at once."""

    def __init__(self, waiting: int = WAITING) -> None:
        self._room, self._one = threading.BoundedSemaphore(waiting), threading.Lock()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Raises Busy."""
        if not self._room.acquire(blocking=False):
            raise Busy(f"{WAITING} questions are waiting", "ask again in a while")
        try:
            with self._one:
                yield
        finally:
            self._room.release()


class Busy(InvalidValue):
    """More is asked than is answered."""


_TURN = Turn()
COLLECTION = Argument(
    name="collection",
    help="the name of a collection, as `collections` lists it",
    required=True,
    pattern=r"[a-z0-9][a-z0-9._-]{0,63}",
)
VERBS: Family[Verb] = Family(
    "verb",
    "isogloss.cli.verbs.kinds",
    first=("collections", "neighbors", "drift", "separation", "align", "concordance"),
)
