"""What a command found and is kept for its page: a file of JSON each, in a folder of the workspace, or shipped."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from isogloss.errors import InvalidValue, NotFound, StoreError, reason_of
from isogloss.text.matches import closest
from isogloss.text.nested import read_json
from isogloss.workspace.access import require_writable
from isogloss.workspace.folders import fresh_file, sweep
from isogloss.workspace.store import Workspace

_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")
_MOST_BYTES = 32 * 2**20


def check_figure(one: Any) -> None:
    """Of a result: value, n, interval and null. Raises KeyError, TypeError or ValueError.

    >>> check_figure({"value": 0.5, "n": 4, "low": None, "high": None, "null": {"mean": 0.1, "p95": None, "p": None}})
    """
    int(one["n"])
    null = {"mean": None, "p95": None, "p": None} if one["null"] is None else one["null"]
    for value in (one["value"], one["low"], one["high"], null["mean"], null["p95"], null["p"]):
        if value is not None:
            float(value)


class Results:
    """folder: of the workspace. check: raises KeyError, TypeError or ValueError for what does not belong there.
    shipped: a folder that is read as well, after those of the workspace.
    """

    def __init__(
        self, workspace: Workspace, folder: str, check: Callable[[Any], object], *, shipped: Path | None = None
    ) -> None:
        self.root, self._check = workspace.root / folder, check
        offered = [workspace.offered / folder] if workspace.offered else []
        self._places = (self.root, *offered, *([shipped] if shipped else []))

    def files(self) -> dict[str, Path]:
        """Name → file, one's own first."""
        found: dict[str, Path] = {}
        for place in self._places:
            for file in sorted(place.glob("*.json")) if place.is_dir() else ():
                if _NAME.fullmatch(file.stem):
                    found.setdefault(file.stem, file)
        return found

    def open(self, name: str) -> Mapping[str, Any]:
        """Raises NotFound with the nearest names, StoreError for what is damaged."""
        files = self.files()
        if name not in files:
            raise NotFound(f"there is no result {name[:40]!r}", closest(name, files) or list(files))
        try:
            if files[name].stat().st_size > _MOST_BYTES:
                raise ValueError("it is too large")
            told: Mapping[str, Any] = read_json(files[name].read_bytes())
            self._check(told)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            why = reason_of(error) if isinstance(error, OSError) else str(error)[:80]
            raise StoreError(f"the result {name!r} cannot be read ({why})", "make it again") from error
        return told

    def save(self, name: str, value: Mapping[str, Any]) -> Path:
        """Whole or not at all. Raises InvalidValue for a name that is none and where it is read-only; StoreError."""
        require_writable()
        if not _NAME.fullmatch(name):
            raise InvalidValue(
                f"a result cannot be called {name[:40]!r}", "use small letters, digits, hyphens, up to 64 in all"
            )
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            sweep(self.root)
            with fresh_file(self.root / f"{name}.json") as made:
                made.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        except OSError as error:
            raise StoreError(f"the result cannot be written ({reason_of(error)})", "free some space") from error
        return self.root / f"{name}.json"
