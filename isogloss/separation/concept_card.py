"""One concept in all its forms: where each falls, which find each other, which stay alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from isogloss.errors import NotFound
from isogloss.linear import unit_rows
from isogloss.nearest.exact import nearest_outside
from isogloss.separation.groups import Groups, groups_of
from isogloss.spaces.columns import taken
from isogloss.spaces.space import Space
from isogloss.text.matches import closest
from isogloss.text.romanize import romanize
from isogloss.types import Floats, Rows

_TIE = 1e-6  # cosines that rounding alone tells apart


@dataclass(frozen=True)
class Form:
    """One item of a concept.

    nearest: the nearest item of another text, of equally near ones another concept's. found: it is of the same concept.
    similarity: cosine to it. centre: cosine distance to the mean of the concept's *other* forms (0 to 2, less is
    nearer), NaN for a form alone.
    romanized: the text in Latin letters, as the space has it or as uroman reads it.
    """

    item: str
    text: str
    group: str
    nearest: str
    found: bool
    similarity: float
    centre: float
    romanized: str = ""


def concept_of(space: Space, item: str) -> str:
    """The concept of an item; empty where it has none, or the space none at all. Raises NotFound for another item."""
    row = space[item]
    found = space.columns["concept"][row].as_py() if "concept" in space.columns.column_names else None
    return "" if found is None else str(found)


def concept_forms(
    space: Space, concept: str, by: str = "script", *, groups: Groups | None = None, near: Rows | None = None
) -> list[Form]:
    """The forms of a concept, grouped; within a group those nearest to the others first. Raises NotFound.

    groups: of the space, near: the nearest other items of every item, best first, (n_items, k); where they are known
    already, only forms of which they do not decide are looked for among all items.
    """
    concepts = _concepts(space)
    first = pc.index(concepts, pa.scalar(concept, concepts.type)).as_py() if concept else -1
    if first < 0:
        known = sorted({str(c) for c in concepts.to_pylist()})
        raise NotFound(f"there is no concept {concept[:80]!r}", closest(concept[:80], known))
    groups = groups or groups_of(space, by)
    rows = np.flatnonzero(groups.meanings == groups.meanings[first])
    found, similarity = _apart(space, rows, groups, near)
    unit = space.unit[rows].astype(np.float64)
    others = unit_rows((unit.sum(axis=0) - unit).astype(np.float32))
    centre = 1 - np.einsum("ij,ij->i", unit, others) if len(rows) > 1 else np.full(1, np.nan)
    has = "romanized" in space.columns.column_names
    read = taken(space.columns.select(["romanized"]), rows)["romanized"].to_pylist() if has else [None] * len(rows)
    forms = [
        Form(
            space.items[row],
            groups.texts[row],
            groups.names[groups.codes[row]],
            space.items[one] if one >= 0 else "",
            one >= 0 and bool(groups.meanings[one] == groups.meanings[row]),
            float(alike),
            float(apart),
            romanize(groups.texts[row]) if latin is None else str(latin),
        )
        for row, one, alike, apart, latin in zip(rows.tolist(), found.tolist(), similarity, centre, read, strict=True)
    ]
    return sorted(forms, key=lambda f: (f.group, f.centre))


def _apart(space: Space, rows: Rows, groups: Groups, near: Rows | None) -> tuple[Rows, Floats]:
    """Of some rows the nearest item that is spelt otherwise, and its cosine; −1 and NaN where there is none.

    Names spelt alike are not a find, and are looked past. Nor is what lies no nearer than a name of something else.
    """
    found, similarity = np.full(len(rows), -1), np.full(len(rows), np.nan)
    left = np.arange(len(rows))
    if near is not None and near.shape[1]:
        lists = near[rows]
        cosine = np.einsum("ij,ikj->ik", space.unit[rows], space.unit[lists])
        spelt, meant = (kind[lists] != kind[rows][:, None] for kind in (groups.spelt, groups.meanings))
        at = np.arange(len(rows)), spelt.argmax(axis=1)
        level = cosine[at] - _TIE
        tied = spelt & meant & (cosine >= level[:, None])
        at = np.arange(len(rows)), np.where(tied.any(axis=1), tied.argmax(axis=1), at[1])
        # Beyond the list lies nothing nearer than its last: no tie where that is farther than the find.
        known = spelt.any(axis=1) & (tied.any(axis=1) | (cosine[:, -1] < level))
        found, similarity = np.where(known, lists[at], found), np.where(known, cosine[at], similarity)
        left = np.flatnonzero(~known)
    if len(left):
        (one, its), (other, theirs) = nearest_outside(space, rows[left], groups.spelt, groups.meanings)
        tied = (other >= 0) & (theirs >= its - _TIE)
        found[left], similarity[left] = np.where(tied, other, one), np.where(tied, theirs, its)
    return found, similarity


def _concepts(space: Space) -> pa.ChunkedArray:
    """The concept of every row, as text; empty without such a column."""
    if "concept" not in space.columns.column_names:
        return pa.chunked_array([[]], pa.utf8())
    column = space.columns["concept"]
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return column
    return pa.chunked_array([[None if one is None else str(one) for one in column.to_pylist()]], pa.utf8())


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
