"""What the Scripts page reads, cached by fingerprint and parameters."""

from __future__ import annotations

import numpy as np
import streamlit as st

from components.maps.linked_maps import MOST_MAPS
from components.parts.drawn import Drawn
from components.parts.labels import written
from components.parts.spoken import Spoken, spoken
from components.separation.figures import matrix
from components.separation.making import until_made
from components.shell.cached import derived_of, has_scripts, signed
from components.shell.visit import workspace
from isogloss.encoders.encoder import model_of
from isogloss.encoders.static import load_encoder
from isogloss.errors import StoreError
from isogloss.maps.linked import find_neighbors
from isogloss.separation.angles import mean_angles, mean_relations, similarity_order
from isogloss.separation.concept_card import Form, concept_forms
from isogloss.separation.groups import Groups, groups_of, unread
from isogloss.separation.pair import Pair, compare_pair
from isogloss.separation.report import Report, kept_report, removed_space
from isogloss.spaces.collection import Alignment, Collection
from isogloss.spaces.space import Space
from isogloss.types import Floats, Rows
from isogloss.workspace.access import read_only
from isogloss.workspace.store import SCRIPTS, Workspace

CutForms = tuple[list[Form], list[list[str]]]


def ensure_collection(asked: str) -> str:
    """Make the scripts collection on its first use, with progress; the name to open with.

    On a server that is read-only it is not made: another one with scripts opens where none is asked for. Raises
    InvalidValue where there is none.
    """
    name = asked or SCRIPTS
    if not asked and read_only() and SCRIPTS not in (names := workspace().folders()):
        name = next((other for other in names if has_scripts(other)), SCRIPTS)
    if name == SCRIPTS and SCRIPTS not in workspace().folders():
        _make(workspace())
    return name


def _make(here: Workspace) -> None:
    """Once for all visitors, where the server's own folder can be written; it is the same for each of them."""
    if here.offered is not None:
        try:
            return until_made(Workspace(here.offered))
        except StoreError:
            pass
    return until_made(here)


@st.cache_resource(show_spinner=Spoken("measuring, with nulls and intervals …"), max_entries=128)
@signed
def _report(
    fingerprint: str, by: str, removal: str, rank: int | None, _space: Space, _collection: Collection
) -> Report:
    return kept_report(_space, derived_of(_collection), by=by, removal=removal, rank=rank)


def report_of(
    collection: Collection, space: Space, by: str, *, removal: str = "none", rank: int | None = None
) -> Report:
    return _report(space.fingerprint, by, removal, rank, space, collection)


@st.cache_resource(show_spinner=False, max_entries=16)
@signed
def _groups(fingerprint: str, by: str, _space: Space) -> Groups:
    return groups_of(_space, by)


def groups_in(space: Space, by: str) -> Groups:
    return _groups(space.fingerprint, by, space)


@st.cache_resource(show_spinner=False, max_entries=8)
@signed
def _near(fingerprint: str, _space: Space, _collection: Collection) -> Rows | None:
    return find_neighbors(_space, derived_of(_collection))


@st.cache_resource(show_spinner=False, max_entries=64)
@signed
def _forms(fingerprint: str, concept: str, by: str, _space: Space, _collection: Collection) -> CutForms:
    near = _near(fingerprint, _space, _collection)
    forms = concept_forms(_space, concept, by, groups=groups_in(_space, by), near=near)
    stage = encoder_stage(_space)
    return forms, [load_encoder(stage).pieces(form.text) if stage else [] for form in forms]


def forms_of(collection: Collection, space: Space, concept: str, by: str) -> CutForms:
    """The forms of a concept, which the headline counts and the card shows, and the subwords of each."""
    return _forms(space.fingerprint, concept, by, space, collection)


@st.cache_resource(show_spinner=False, max_entries=16)
@signed
def _unread(fingerprint: str, by: str, _space: Space) -> tuple[str, ...]:
    return unread(_space, groups_in(_space, by))


def unread_in(space: Space, by: str) -> tuple[str, ...]:
    """The groups whose texts the encoder cannot tell apart."""
    return _unread(space.fingerprint, by, space)


@st.cache_resource(show_spinner=False, max_entries=8)
@signed
def _removed(fingerprint: str, by: str, removal: str, rank: int | None, _space: Space) -> Space:
    return removed_space(_space, by, removal, rank=rank)


def removed_of(space: Space, by: str, removal: str, *, rank: int | None) -> Space:
    return _removed(space.fingerprint, by, removal, rank, space)


def side_by_side(collection: Collection, space: Space, by: str, *, removal: str, rank: int | None) -> Collection:
    """What stands side by side as spaces of one collection: all stages, or a space before and after a removal."""
    pair = collection.spaces[:MOST_MAPS]
    if removal != "none":
        pair = (space, removed_of(space, by, removal, rank=rank))
    elif space.name not in {one.name for one in pair}:
        pair = (*pair[:-1], space)
    return Collection(collection.name, pair, collection.title, Alignment("none"), ordered=True)


@st.cache_resource(show_spinner=False, max_entries=256)
@signed
def _pair(fingerprint: str, by: str, a: str, b: str, _space: Space) -> Pair:
    return compare_pair(_space, a, b, by=by)


def pair_of(space: Space, a: str, b: str, *, by: str) -> Pair:
    """Two groups of a space compared."""
    return _pair(space.fingerprint, by, a, b, space)


@st.cache_data(show_spinner=False, max_entries=32)
@signed
def _relations(fingerprint: str, by: str, kind: str, _space: Space) -> Floats:
    groups = groups_in(_space, by)
    if kind == "angle":
        return mean_angles(_space.vectors, groups.codes, len(groups.names))
    cosine, apart = mean_relations(_space.vectors, groups.codes, len(groups.names))
    return cosine if kind == "cosine" else apart


def relations_of(space: Space, by: str, kind: str) -> Floats:
    return _relations(space.fingerprint, by, kind, space)


@st.cache_resource(show_spinner=False, max_entries=32)
@signed
def _matrix(fingerprint: str, by: str, kind: str, language: str, _space: Space) -> tuple[Drawn, int]:
    groups, values, unknown = groups_in(_space, by), relations_of(_space, by, kind), unread_in(_space, by)
    unread_at = [groups.names.index(name) for name in unknown]
    values[unread_at, :] = values[:, unread_at] = np.nan
    most = np.array([at for at in np.argsort([-n for n in groups.sizes], kind="stable")[:40] if at not in unread_at])
    near = 1 - values if kind == "cosine" else values
    order = [int(most[i]) for i in similarity_order(near[np.ix_(most, most)])] + unread_at
    title = written if by == "script" else str
    return Drawn(matrix(groups.names, values, order, kind=kind, title=title).to_dict()), len(order)


def matrix_of(space: Space, by: str, kind: str) -> tuple[Drawn, int]:
    """The picture of the forty largest groups against each other, unread ones last, and how many it shows; its axis
    says what is measured, so that each language has its own.
    """
    return _matrix(space.fingerprint, by, kind, spoken(), space)


def encoder_stage(space: Space) -> str | None:
    """The stage of the shipped encoder that a space was encoded with, or None."""
    return model_of(str(space.metadata.get("encoder", "")))
