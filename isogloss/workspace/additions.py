"""Spaces added to a collection, and what may then be said of its alignment."""

from __future__ import annotations

from collections.abc import Sequence

from isogloss.errors import InvalidValue
from isogloss.spaces.collection import Alignment, Collection
from isogloss.spaces.space import Space
from isogloss.workspace.store import Workspace

_OPEN = ("none", "declared", "encoder")


def with_spaces(workspace: Workspace, name: str, spaces: Sequence[Space], *, aligned: bool = False) -> Collection:
    """The collection of that name with these spaces added, or in the place of those of their names; new if there is
    none.

    aligned: whoever adds them says that they share coordinates with the others. Spaces of one encoder share them by
    themselves. Raises InvalidValue for a collection whose alignment was computed: it would not hold of the new ones.
    """
    old = workspace.open(name) if name in workspace.folders() else None
    if old is None:
        every = list(spaces)
    else:
        if old.alignment.method not in _OPEN:
            raise InvalidValue(
                f"the spaces of {name!r} are aligned by {old.alignment.method}", "choose the name of another collection"
            )
        fresh = {space.name: space for space in spaces}
        replaced = [fresh.pop(space.name, space) for space in old.spaces]
        every = [*replaced, *fresh.values()]
        aligned = aligned or (old.alignment.method == "declared" and not fresh)
    encoders = {space.metadata.get("encoder") for space in every}
    method = "encoder" if len(encoders) == 1 and encoders != {None} else "declared" if aligned else "none"
    if old is None:
        return Collection(name, tuple(every), name, Alignment(method), ordered=method != "encoder" and len(every) > 1)
    return Collection(old.name, tuple(every), old.title, Alignment(method), old.ordered, old.metadata)
