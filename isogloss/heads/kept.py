"""Lessons that are kept for the page, and the one that is shipped."""

from __future__ import annotations

from typing import Any

from isogloss.places import ASSETS
from isogloss.workspace.results import Results, check_figure
from isogloss.workspace.store import Workspace

SHIPPED = ASSETS / "lessons"
_FIGURES = ("before", "after", "control", "gain", "without_pairs")


def kept_lessons(workspace: Workspace) -> Results:
    return Results(workspace, "lessons", check, shipped=SHIPPED)


def check(told: Any) -> None:
    """Raises KeyError, TypeError or ValueError where it is no lesson."""
    for key in ("said", "control_said", "without_pairs_said", "pivot"):
        if not isinstance(told[key], str):
            raise TypeError(f"{key} is no text")
    rows = [told, *told["held_out_languages"].values(), *told["languages"].values()]
    if len(rows) < 2:
        raise ValueError("it has no language")
    figures = [row[name] for row in rows for name in _FIGURES]
    figures += [row["precision_at_1"][name] for row in rows for name in _FIGURES]
    for one in (*figures, *(row["gain"] for row in told["constraints"])):
        check_figure(one)
    for row in told["constraints"]:
        int(row["pairs"])
    for row in told.get("measures", {}).values():  # lessons of before have none
        for name in ("before", "after", "control", "gain", "control_gain"):
            check_figure(row[name])
        str(row["said"]), str(row["control_said"])
    str(told["head"]["name"])
