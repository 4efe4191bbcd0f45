"""The frozen picture of a case: its lists of neighbors, or its figures with their intervals and noise.

Its words are said in the language in which it is kept, as the author's own sentences beside it are; names of figures
stay those of the command.
"""

from __future__ import annotations

from components.parts.spoken import say
from components.shell.visit import workspace
from isogloss.cli.asked import asking
from isogloss.errors import IsoglossError
from isogloss.notebook.case import Case
from isogloss.notebook.commands import require_reading
from isogloss.notebook.replay import shown
from isogloss.stories.pictures import Dot, dots, lists
from isogloss.stories.story import LONGEST_PICTURE

_MOST, _HIGHEST = 7, 2.0


def frozen(case: Case) -> str | None:
    """An SVG; None for a case that gives nothing to draw."""
    made = _lists(case) or _figures(case)
    return made if made and len(made) <= LONGEST_PICTURE else None


def _lists(case: Case) -> str | None:
    if case.view.page != "Neighbors" or not case.command:
        return None
    try:
        require_reading(case.command)
        near = asking(workspace())(case.command)["results"]
        told = {space: [(one["item"], one["similarity"]) for one in found] for space, found in near.items() if found}
    except (IsoglossError, LookupError, TypeError):
        return None
    return lists(told, say("Neighbors of {item}", item=case.title)) if told else None


def _figures(case: Case) -> str | None:
    rows = []
    for one in case.figures:
        if isinstance(one.value, float) and 0 <= one.value <= _HIGHEST:
            sure = one.null_p95 is None or one.value > one.null_p95
            rows.append(Dot(one.name, one.value, one.low, one.high, one.null_p95, sure, shown(one.value)))
    return (
        dots(rows[:_MOST], say("Figures of {title}", title=case.title), axis=say("with the 95% interval"))
        if rows
        else None
    )
