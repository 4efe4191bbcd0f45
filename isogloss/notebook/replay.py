"""Cases made of views, and held against what their commands give now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

from isogloss.errors import InvalidValue, IsoglossError
from isogloss.notebook.case import Case, clean_tags
from isogloss.notebook.commands import require_reading
from isogloss.notebook.figures import KeptFigure, Value
from isogloss.notebook.kind import Ground, Kind, ground_of, kind_of
from isogloss.notebook.view import View
from isogloss.text.normalize import nfc
from isogloss.workspace.store import Workspace

Run: TypeAlias = Callable[[Sequence[str]], Any]
"""Runs a command that answers, without `python -m isogloss`; gives its JSON. Raises IsoglossError."""
_LISTED = 50  # neighbors of a space that a case keeps


@dataclass(frozen=True)
class Verdict:
    """Whether a case still holds. old, new: name of each figure → its value as it was kept, and now; a list of
    neighbors is the figure *neighbors, SPACE*. why: in words, empty where all holds.

    *holds*: whole numbers and words are equal, other numbers to the sixth decimal, the last that commands print;
    neighbors are the same in the same order.
    """

    id: str
    verdict: Literal["holds", "changed", "missing"]
    old: Mapping[str, Value]
    new: Mapping[str, Value] | None
    why: str = ""

    def as_json(self) -> dict[str, Any]:
        new = None if self.new is None else dict(self.new)
        return {"id": self.id, "verdict": self.verdict, "old": dict(self.old), "new": new, "why": self.why}


def make_case(view: View, run: Run, workspace: Workspace, **told: Any) -> Case:
    """The case of a view: its command is run, and its figures and neighbors are kept.

    told: further fields of the case, as comment and tags. Raises InvalidValue for a view that no command gives,
    NotFound and what the command raises.
    """
    view, kind, ground = settled(view, workspace)
    command = kind.command(view, ground)
    require_reading(command)
    output = run(command)
    near = {space: items[:_LISTED] for space, items in kind.neighbors(output).items()}
    tags = clean_tags(told.pop("tags", ()))
    return Case(
        view,
        title=kind.title(view),
        command=command,
        figures=kind.figures(output, view),
        neighbors=near,
        seeds=kind.seeds(command),
        fingerprints=dict(ground.fingerprints) if ground else {},
        tags=tags,
        **told,
    )


def settled(view: View, workspace: Workspace) -> tuple[View, Kind, Ground | None]:
    """A view with its collection named, its kind, and what it stands on. Raises InvalidValue, NotFound, StoreError."""
    kind = kind_of(view.page)
    if "item" in dict(view.parameters):
        view = view.with_(item=nfc(view.get("item")))
    if not kind.grounded:
        return view, kind, None
    ground = ground_of(workspace, view, kind.opens)
    return view.with_(collection=ground.collection), kind, ground


def verify(case: Case, run: Run, *, workspace: Workspace | None = None) -> Verdict:
    """Run the command of a case again, and hold its figures against what it gives.

    workspace: where to look whether the collection is still the one it was. Raises nothing: whatever a case holds, the
    verdict says what is missing.
    """
    old: dict[str, Value] = {one.name: one.value for one in case.figures}
    try:
        if not case.command:
            raise InvalidValue("the case has no command", "it was kept from the screen: open its view")
        require_reading(case.command)
        output = run(case.command)
    except IsoglossError as error:
        return Verdict(case.id, "missing", old, None, str(error))
    new: dict[str, Value] = {}
    changed, gone = [], []
    for one in case.figures:
        try:
            found = one.again(output)
        except IsoglossError as error:
            new[one.name] = None
            if one.value is not None:
                gone.append(f"{one.name}: {error.fact}")
            continue
        new[one.name] = found.value
        if one.differs(found):
            changed.append(_told(one, found))
    for space, was, now in _lists(case, output):
        name = f"neighbors, {space}"
        old[name], new[name] = ", ".join(was)[:400], ", ".join(now)[:400]
        if was != now:
            changed.append(f"{name}: {len(set(was) & set(now))} of {len(was)} are still there")
    if gone:
        return Verdict(case.id, "missing", old, new, "; ".join(gone))
    if changed:
        return Verdict(case.id, "changed", old, new, "; ".join([*changed, *_another(case, workspace)]))
    return Verdict(case.id, "holds", old, new)


def _lists(case: Case, output: Any) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    if not case.neighbors:
        return []
    try:
        found = kind_of(case.view.page).neighbors(output)
    except (IsoglossError, LookupError, TypeError, AttributeError):  # the output of another command than the view's
        found = {}
    return [(space, items, tuple(found.get(space, ()))[: len(items)]) for space, items in case.neighbors.items()]


def _told(one: KeptFigure, other: KeptFigure) -> str:
    if one.value != other.value:
        return f"{one.name}: {shown(one.value)} → {shown(other.value)}"
    keys = [key for key in one.beside if getattr(one, key) != getattr(other, key)]
    return ", ".join(f"{one.name} ({key}): {shown(getattr(one, key))} → {shown(getattr(other, key))}" for key in keys)


def _another(case: Case, workspace: Workspace | None) -> list[str]:
    """Whether the collection is another one than it was, or Isogloss is."""
    from isogloss import __version__

    said = []
    if workspace is not None and case.fingerprints:
        try:
            now = ground_of(workspace, case.view).fingerprints
            if dict(now) != dict(case.fingerprints):
                said.append("the collection is another one now: its fingerprint differs")
        except IsoglossError as error:
            said.append(error.fact)
    return said + ([f"it was kept by Isogloss {case.version[:20]}"] if case.version != __version__ else [])


def shown(value: Value) -> str:
    """A value as people read it.

    >>> shown(0.12345678), shown(1200), shown(None), shown("moved")
    ('0.123457', '1,200', 'none', 'moved')
    """
    if value is None:
        return "none"
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".") if abs(value) < 1e6 else f"{value:.6g}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def refreshed(case: Case, run: Run, workspace: Workspace) -> Case:
    """The same case with the figures of today; its id, comment and tags stay. Raises as `make_case`."""
    new = make_case(case.view, run, workspace)
    return replace(
        case,
        survival=None,  # it was that of the figures before
        **{key: getattr(new, key) for key in ("command", "figures", "neighbors", "seeds", "fingerprints", "version")},
    )
