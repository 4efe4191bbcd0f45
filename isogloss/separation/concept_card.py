"""One concept in all its forms: where each falls, which find each other, which stay alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from isogloss.errors import NotFound
from isogloss.linear import unit_rows
from isogloss.nearest.exact import ExactIndex
from isogloss.separation.groups import groups_of
from isogloss.spaces.space import Space
from isogloss.text.matches import closest


@dataclass(frozen=True)
class Form:
    """One item of a concept.

    nearest: the nearest item of another text. found: it is of the same concept. similarity: cosine to it. centre:
    cosine distance to the mean of the concept's *other* forms (0 to 2, less is nearer), NaN for a form alone.
    """

    item: str
    text: str
    group: str
    nearest: str
    found: bool
    similarity: float
    centre: float


def concept_of(space: Space, item: str) -> str:
    """The concept of an item. Raises NotFound when the space has no concepts or not that item."""
    concepts = space.column("concept")
    if concepts is None:
        raise NotFound(f"space {space.name!r} has no concept column", lever="choose a collection with concepts")
    return str(concepts[space[item]])


def concept_forms(space: Space, concept: str, by: str = "script") -> list[Form]:
    """The forms of a concept, grouped; within a group those nearest to the others first. Raises NotFound."""
    concepts = space.column("concept")
    rows = np.flatnonzero(concepts == concept) if concepts is not None else np.empty(0, dtype=np.int64)
    if not len(rows):
        known = [] if concepts is None else sorted({str(c) for c in concepts})
        raise NotFound(f"there is no concept {concept[:80]!r}", closest(concept[:80], known))
    groups = groups_of(space, by)
    # Names spelt alike are not a find: look past them.
    near, similarity = ExactIndex(space).search(space.vectors[rows], min(len(rows) + 10, len(space)))
    mine = {groups.texts[r].casefold() for r in rows}
    unit = space.unit[rows].astype(np.float64)
    total = unit.sum(axis=0)
    forms = []
    for i, row in enumerate(rows.tolist()):
        own = groups.texts[row].casefold()
        at = next((j for j, r in enumerate(near[i].tolist()) if groups.texts[r].casefold() != own), None)
        other = total - unit[i]
        centre = 1 - float(unit[i] @ unit_rows(other[None].astype(np.float32))[0]) if len(rows) > 1 else float("nan")
        found = near[i][at] if at is not None else -1
        forms.append(
            Form(
                space.items[row],
                groups.texts[row],
                groups.names[groups.codes[row]],
                space.items[found] if at is not None else "",
                at is not None and str(concepts[found]) == concept and groups.texts[found].casefold() in mine,  # type: ignore[index]
                float(similarity[i][at]) if at is not None else float("nan"),
                centre,
            )
        )
    return sorted(forms, key=lambda f: (f.group, f.centre))


@dataclass(frozen=True)
class Cuts:
    """How the forms of a concept are cut. unknown: forms alone that hold a subword nobody knows. alone, found: mean
    number of subwords of forms that stand alone and of those that find a form.
    """

    unknown: int
    alone: float
    found: float


def cuts_of(forms: Sequence[Form], pieces: Sequence[Sequence[str]], unknown: str = "<unk>") -> Cuts:
    """pieces: of each form.

    >>> form = Form("a", "a", "Latn", "b", False, 0.5, 0.1)
    >>> cuts_of([form], [["<unk>", "a"]])
    Cuts(unknown=1, alone=2.0, found=0.0)
    """
    alone = [one for form, one in zip(forms, pieces, strict=True) if not form.found]
    found = [one for form, one in zip(forms, pieces, strict=True) if form.found]
    return Cuts(
        sum(unknown in one for one in alone),
        sum(map(len, alone)) / max(len(alone), 1),
        sum(map(len, found)) / max(len(found), 1),
    )
