"""The ways back that there are for a collection whose files are not what was written."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from isogloss.places import ASSETS
from isogloss.text.nested import read_json


def way_back(folder: Path) -> str:
    """What to do about a damaged collection of that folder: only what is there to be done, the nearest first.

    What was deleted under its name within a day comes back by `restore`; what is shipped comes with the package; all
    else is made again as it was made, or put back from a copy.
    """
    name = folder.name
    if folder.is_relative_to(ASSETS):
        return "it is shipped: install Isogloss again"
    again = "build it again" if _was_built(folder) else "import it again"
    if receipt := _deleted(folder.parent.parent / "deleted", name):
        return f"one of its name was deleted: isogloss delete {name}, then isogloss restore {receipt}; or {again}"
    return f"{again}, or put the folder back from a copy: isogloss restore has none of its name"


def _deleted(place: Path, name: str) -> str:
    """The receipt of the last that was deleted under a name; empty for none."""
    found = ""
    with suppress(OSError):
        for one in place.iterdir():
            whose, _, when = one.name.rpartition("~")
            if whose == name and when.isdecimal() and int(when) > int(found.rpartition("~")[2] or 0):
                found = one.name
    return found


def _was_built(folder: Path) -> bool:
    with suppress(OSError, ValueError, KeyError, TypeError):
        return "training" in read_json((folder / "collection.json").read_text(encoding="utf-8"))["metadata"]
    return False
