"""What was measured of sentences and is kept for the page: retrieval, STS and romanised runs, a file each."""

from __future__ import annotations

import json
import math
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

FOLDER = "sentences"  # of a workspace
RETRIEVAL, STS, ROMANISED = "retrieval", "sts", "romanised"
_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")
_MOST_BYTES = 64 * 2**20
_MOST = 2_000  # languages


class Files:
    """Files of JSON by their names, in some places, the last of which is written to. check: raises InvalidValue for
    what does not belong there.
    """

    def __init__(self, places: tuple[Path, ...], check: Callable[[str, Any], Any]) -> None:
        self.root, self._places, self._check = places[-1], places, check

    def files(self) -> dict[str, Path]:
        """Name → file, in the order of the places; of two that are called the same, one's own."""
        found: dict[str, Path] = {}
        for place in self._places:
            if place.is_dir():
                for file in sorted(place.glob("*.json")):
                    if _NAME.fullmatch(file.stem):
                        found[file.stem] = file
        return found

    def read(self, name: str) -> Any:
        """What the file holds, as JSON. Raises NotFound with the nearest names, InvalidValue, StoreError."""
        files = self.files()
        if name not in files:
            raise NotFound(f"there is no report {name[:40]!r}", closest(name, files) or list(files))
        try:
            if files[name].stat().st_size > _MOST_BYTES:
                raise InvalidValue(f"the report {name!r} is too large", "measure fewer languages")
            return read_json(files[name].read_bytes())
        except InvalidValue:
            raise
        except ValueError as error:  # no JSON, or too deep
            raise InvalidValue(f"{name!r} is no report ({str(error)[:80]})", "measure it again") from error
        except OSError as error:
            raise StoreError(f"the report {name!r} cannot be read ({reason_of(error)})", "measure it again") from error

    def save(self, name: str, value: Mapping[str, Any]) -> Path:
        """Write whole or not at all. Raises InvalidValue, StoreError."""
        require_writable()
        if not _NAME.fullmatch(name):
            raise InvalidValue(
                f"a report cannot be called {name[:40]!r}", "use small letters, digits, hyphens, up to 64 in all"
            )
        self._check(name, value)
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            sweep(self.root)
            with fresh_file(self.root / f"{name}.json") as made:
                made.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
        except OSError as error:
            raise StoreError(f"the report cannot be written ({reason_of(error)})", "free some space") from error
        return self.root / f"{name}.json"


class KeptRuns(Files):
    """The runs of one kind that a workspace holds. kind: RETRIEVAL, STS or ROMANISED."""

    def __init__(self, workspace: Workspace, kind: str) -> None:
        self.kind = kind
        offered = [workspace.offered / FOLDER / kind] if workspace.offered else []
        super().__init__((*offered, workspace.root / FOLDER / kind), lambda name, value: read_run(name, value, kind))

    def open(self, name: str) -> Mapping[str, Any]:
        """What the command printed, checked. Raises NotFound, InvalidValue, StoreError."""
        return read_run(name, self.read(name), self.kind)


def read_run(name: str, told: Any, kind: str) -> Mapping[str, Any]:
    """What `isogloss retrieve`, `sts` or `romanised-gap` printed with --json, checked: every figure has its numbers.

    Raises InvalidValue, saying what is wrong.
    """
    try:
        languages = told["languages"]
        if not isinstance(told["model"], str) or not 0 < len(languages) <= _MOST:
            raise ValueError(f"{len(languages)} languages")
        names = [one["language"] for one in languages]
        if not all(isinstance(one, str) for one in names) or len(set(names)) != len(names):
            raise ValueError("languages that are no names, or are there twice")
        _KINDS[kind](told, languages, set(names))
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError) as error:
        raise InvalidValue(f"{name!r} is no report of {kind} ({str(error)[:80]})", "measure it again") from error
    found: Mapping[str, Any] = told
    return found


def _retrieval(told: Any, languages: Any, names: set[str]) -> None:
    for one in (*languages, *told["pairs"]):
        _figure(one)
    if {(one["source"], one["target"]) for one in told["pairs"]} != {(a, b) for a in names for b in names if a != b}:
        raise ValueError("pairs that are not those of its languages")
    if sorted(name for place in told["ranked"] for name in place) != sorted(names):
        raise ValueError("places that are not those of its languages")
    int(told["n"])


def _sts(told: Any, languages: Any, names: set[str]) -> None:
    for one in languages:
        _figure(one, least=-1.0, known=False)
        for pair in (*one["worst"], *one.get("points", ())):
            if not (math.isfinite(float(pair["score"])) and math.isfinite(float(pair["cosine"]))):
                raise ValueError("a pair without its numbers")
        for pair in one["worst"]:
            if not isinstance(pair["sentence1"], str) or not isinstance(pair["sentence2"], str):
                raise ValueError("a pair without its sentences")


def _romanised(told: Any, languages: Any, names: set[str]) -> None:
    str(told["pivot"])
    for one in languages:
        for key in ("native", "uroman", "human"):
            if key in one or key != "human":
                _figure(one[key])
        _figure(one["gap"], least=-1.0)
        str(one["script"])
        for key in ("fertility", "unknown_share"):
            if not all(math.isfinite(float(value)) for value in one[key].values()):
                raise ValueError(f"{key} that is no number")


def _figure(one: Any, *, least: float = 0.0, known: bool = True) -> None:
    if one["value"] is None and not known:
        return
    for key in ("value", "low", "high"):
        if not least - 1e-6 <= float(one[key]) <= 1 + 1e-6:
            raise ValueError(f"{key} beyond {least:g} to 1")
    int(one["n"])


_KINDS: dict[str, Callable[[Any, Any, set[str]], None]] = {RETRIEVAL: _retrieval, STS: _sts, ROMANISED: _romanised}
