"""Grids that are kept for the page, and the one that is shipped."""

from __future__ import annotations

from typing import Any

from isogloss.places import ASSETS
from isogloss.workspace.results import Results, check_figure
from isogloss.workspace.store import Workspace

SHIPPED = ASSETS / "imbalance"
MODELS = "models"  # of a workspace: the small transformers of grids, a folder each
_FIGURES = ("precision_at_1", "precision_at_1_csls", "precision_at_1_rotated", "cosine", "isomorphism", "count_cosine")


def kept_grids(workspace: Workspace) -> Results:
    return Results(workspace, "imbalance", check, shipped=SHIPPED)


def check(told: Any) -> None:
    """Raises KeyError, TypeError or ValueError where it is no grid."""
    for key in ("said", "cannot_show", "corpus"):
        if not isinstance(told[key], str):
            raise TypeError(f"{key} is no text")
    if not told["grid"]:
        raise ValueError("it has no point")
    for row in told["grid"]:
        for key in ("share", "anchors", "tokens"):
            float(row[key])
        for name in _FIGURES:
            check_figure(row[name])
        for name in ("cosine", "precision_at_1") if "transformer" in row else ():
            if not row["transformer"][name]:
                raise ValueError("it has no layer")
            for one in row["transformer"][name]:
                check_figure(one)
    if "transformer" in told:
        for key in ("layers", "dim", "epochs"):
            int(told["transformer"][key])
        str(told["transformer"]["said"])
