"""What a case survives: its command run again with one thing varied, and whether the finding stands each time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from isogloss.errors import InvalidValue, IsoglossError
from isogloss.notebook.case import Case
from isogloss.notebook.commands import require_reading
from isogloss.notebook.figures import Survival, Variation
from isogloss.notebook.kind import Kind, kind_of
from isogloss.notebook.replay import Run
from isogloss.progress import Progress, silent


def survives(case: Case, run: Run, *, progress: Progress = silent) -> Survival:
    """Run every variation of a case. One that cannot be computed is said, and counts neither way.

    Raises InvalidValue for a case without a command, and what the command itself raises now.
    """
    if not case.command:
        raise InvalidValue("the case has no command", "it was kept from the screen: open its view and keep it there")
    require_reading(case.command)
    kind = kind_of(case.view.page)
    before = run(case.command)
    found = []
    planned = list(_planned(kind, case, before))
    for number, (what, command) in enumerate(planned):
        progress(what, number / len(planned))
        found.append(_varied(kind, case, before, what=what, command=command, run=run))
    rule = " ".join((kind.stands.__doc__ or "").split())
    return Survival(case.id, case.title, rule, tuple(found))


def with_survival(case: Case, found: Survival) -> Case:
    """The case with what it survives; of each variation's figures their names and values."""
    return replace(case, survival=Survival.of_json(found.as_json()))


def _planned(kind: Kind, case: Case, before: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    try:
        yield from kind.variations(case.command, before)
    except (LookupError, TypeError, ValueError, AttributeError) as error:  # a command of another page than the view's
        raise InvalidValue(
            f"the command of the case is not one of its page ({str(error)[:60]})", "keep the view again"
        ) from error


def _varied(kind: Kind, case: Case, before: Any, *, what: str, command: tuple[str, ...], run: Run) -> Variation:
    try:
        require_reading(command)
        after = run(command)
        return Variation(what, command, kind.stands(before, after), kind.figures(after, case.view))
    except IsoglossError as error:
        return Variation(what, command, None, why=str(error))
    except (LookupError, TypeError, ValueError, AttributeError):
        return Variation(what, command, None, why="its output has not the figures of the case")
