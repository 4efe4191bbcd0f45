"""How far the scripts or languages of a space lie apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from isogloss.cli.verbs.arguments import Argument
from isogloss.cli.verbs.verb import COLLECTION, Said, Verb, figure
from isogloss.notebook.kinds.scripts import BYS, REMOVALS
from isogloss.notebook.view import View
from isogloss.separation.report import FIGURES, kept_report
from isogloss.workspace.store import Workspace

_NAMES = {"space": "stage", "remove": "removal"}
_APART = "eta_squared"
_LEVEL = 0.05


def _measured(output: Any, collection: str, workspace: Workspace) -> int:
    """How many items the figures are of: the half on which nothing was fitted. The report is kept, so it is read."""
    space = workspace.open(collection)[output["space"]]
    return kept_report(space, workspace.derived(collection), by=output["by"], removal=output["removal"]).n


class Separation(Verb):
    name = "separation"
    help = "how far the scripts or languages of a space lie apart, against shuffled labels, before or after a removal"
    arguments = (
        COLLECTION,
        Argument(name="space", help="a space of it (default: the last)"),
        Argument(name="by", help="what groups the items", choices=BYS, default=BYS[0]),
        Argument(name="remove", help="take the groups' part out first", choices=REMOVALS, default=REMOVALS[0]),
    )

    def view(self, given: Mapping[str, Any]) -> View:
        return View.of("Scripts", {_NAMES.get(key, key): str(value) for key, value in given.items()})

    def said(self, output: Any, given: Mapping[str, Any], workspace: Workspace) -> Said:
        n = _measured(output, str(given["collection"]), workspace)
        figures = []
        for name in (one for one in FIGURES if output[one] is not None):
            value = output[name]
            interval, null = output["ci"].get(name), output["null"].get(name) or {}
            why = " and ".join(["interval"] * (interval is None) + ["null"] * (not null))
            more = {"p": null.get("p_value")} | ({"why": f"no {why} is defined for it"} if why else {})
            figures.append(figure(name, value, n=n, interval=interval, null=null.get("p95"), **more))
        groups, space = len(output["groups"]), output["space"]
        null = output["null"].get(_APART)
        of = f"of {n:,} items of {space} in {groups} groups by {output['by']}"
        if output[_APART] is None or not null or null["p_value"] is None:
            return Said(f"nothing was tested {of}", figures)
        found = output[_APART] > null["p95"] and null["p_value"] < _LEVEL
        if not found:
            return Said(f"nothing to tell from shuffled labels {of}", figures)
        says = f"groups explain {output[_APART]:.3f} of the variance {of}; shuffled labels stay below {null['p95']:.3f}"
        return Said(says, figures, [{"says": says, "figure": _APART}])


member = Separation()
