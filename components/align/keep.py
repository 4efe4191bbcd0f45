"""Keep an alignment: as a collection, as a map to download; or bring a map from elsewhere."""

from __future__ import annotations

import io
import re
from html import escape
from pathlib import Path

import numpy as np
import streamlit as st

from components.align.panel import TITLES, Asked
from components.align.table import Outcomes
from components.parts.labels import shorten
from components.shell.cached import open_collection
from components.shell.frame import note, shown_errors
from components.shell.intake import pick_files
from components.shell.visit import workspace
from isogloss.alignment.learnt import Mapping, matrix_text, read_mapping
from isogloss.alignment.outcomes import aligned_pair, both_sides
from isogloss.alignment.trial import DIRECTIONS, Outcome, Trial, look_up
from isogloss.errors import InvalidValue
from isogloss.formats.writing import export_space
from isogloss.workspace.access import require_writable
from isogloss.workspace.store import check_name


def keep(asked: Asked, trial: Trial, outcomes: Outcomes, method: str) -> None:
    """Save the pair, download the map, import another."""
    _collection(asked, trial, outcomes[method], f"{TITLES[method]}")
    st.divider()
    _downloads(trial, outcomes[method].mapping, method)
    st.divider()
    with shown_errors():
        _bring(asked, trial)


def _collection(asked: Asked, trial: Trial, outcome: Outcome, title: str) -> None:
    note(
        f"The pair, aligned by {title}, becomes a collection of yours: neighbors across both spaces, maps, drift and"
        " scripts."
    )
    named = dict.fromkeys(one.partition("/")[0] for one in (asked.setup.source, asked.setup.target))
    stem = "-".join(named)
    proposed = re.sub(r"[^a-z0-9._-]+", "-", f"{stem}-{outcome.mapping.method}".lower()).strip("-._")[:64]
    left, right = st.columns([1.6, 1], vertical_alignment="bottom")
    name = left.text_input("Collection", proposed, key=f"keep-{proposed}", max_chars=64).strip()
    if right.button("Keep the pair", type="primary", key="keep"):
        require_writable()
        check_name(name)
        if name in workspace().folders():
            raise InvalidValue(f"there is a collection {name!r} already", "choose another name")
        kept = aligned_pair(
            trial, outcome, name, f"{trial.source.name} and {trial.target.name}, {title}", asked.languages
        )
        workspace().save(kept)
        st.session_state["kept-pair"] = name
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Keep both in one space, for Scripts", key=f"keep-both-{proposed}"):
            require_writable()
            check_name(name)
            other = f"{name}-both"[:64]
            both = both_sides(
                trial,
                outcome,
                other,
                f"{trial.source.name} and {trial.target.name}, before and after {title}",
                asked.languages,
            )
            workspace().save(both)
            st.session_state["kept-both"] = other
        if (kept_both := st.session_state.get("kept-both")) and kept_both in workspace().folders():
            st.page_link(
                "pages/4_Scripts.py",
                label=f"{kept_both} on Scripts",
                icon=":material/arrow_forward:",
                query_params={"collection": kept_both, "by": "language"},
            )
    if (kept_name := st.session_state.get("kept-pair")) and kept_name in workspace().folders():
        note(f"The collection <b>{escape(kept_name)}</b> is there now.")
        _ways(kept_name, trial, outcome)


def _ways(name: str, trial: Trial, outcome: Outcome) -> None:
    """One click to the neighbors of a word that was found, asked from the source in both spaces, and to the other
    pages.
    """
    found = next(iter(outcome.found["source-target"].values()))
    right = found.sources[found.rank == 1]
    item = trial.source.items[int(right.min())] if len(right) else trial.source.items[0]
    source = open_collection(name).names[0]
    with st.container(horizontal=True):
        for page, label, more in (
            ("pages/1_Neighbors.py", f"Neighbors of {shorten(item)}", {"space": source, "item": item}),
            ("pages/2_Map.py", "Its map", {}),
            ("pages/3_Drift.py", "Its drift", {}),
        ):
            st.page_link(page, label=label, query_params={"collection": name, **more}, icon=":material/arrow_forward:")


def _downloads(trial: Trial, mapping: Mapping, method: str) -> None:
    note(
        "The map keeps its means, whitening and the order of its preprocessing, so that new vectors can follow:"
        " isogloss apply-map."
    )
    with st.container(horizontal=True):
        st.download_button(
            "Map (.npz)", lambda: _npz(mapping), f"{method}.npz", "application/octet-stream", icon=":material/download:"
        )
        for side, name in ((mapping.source, "source"), (mapping.target, "target")):
            st.download_button(
                f"Matrix of the {name} (text)",
                lambda side=side: matrix_text(side.matrix),
                f"{method}-{name}.txt",
                "text/plain",
                icon=":material/download:",
                key=f"matrix-{name}",
            )
        for space, side, name in ((trial.source, mapping.source, "source"), (trial.target, mapping.target, "target")):
            st.download_button(
                f"Aligned {space.name} (MUSE text)",
                lambda space=space, side=side, name=name: _vectors(space, side, name),
                f"vectors-{name}.txt",
                "text/plain",
                icon=":material/download:",
                key=f"vectors-{name}",
            )


def _npz(mapping: Mapping) -> bytes:
    out = io.BytesIO()
    np.savez(out, allow_pickle=False, **mapping.arrays())
    return out.getvalue()


def _vectors(space, side, name) -> bytes:  # type: ignore[no-untyped-def]
    import tempfile

    from isogloss.spaces.space import Space

    with tempfile.TemporaryDirectory() as folder:
        path = export_space(
            Space(name, space.items, side.apply(space.vectors), checked=True), "word2vec", Path(folder) / "v.txt"
        )[0]
        return path.read_bytes()


def _bring(asked: Asked, trial: Trial) -> None:
    note(
        "A map from elsewhere: an .npz of ours, or text (a line with its shape, then its rows), as fastText's alignment"
        " and MUSE write W."
    )
    files = pick_files("Map", "map-file", help="Rows are multiplied by the transpose of what is in a text file.")
    if not files:
        return
    mapping = read_mapping(files[0].path)
    if st.toggle("The other way about (its inverse)", key="map-inverse"):
        mapping = mapping.inverted()
    values = np.linalg.svd(mapping.source.matrix, compute_uv=False)
    off = float(np.linalg.norm(mapping.source.matrix.T @ mapping.source.matrix - np.eye(len(values))))
    what = "orthogonal" if off < 1e-2 else "not orthogonal"
    note(
        f"{escape(files[0].name)}: {len(values)} × {len(values)}, {what} (‖WᵀW − I‖ = {off:.3g}), singular values"
        f" {values.min():.3g} to {values.max():.3g}."
    )
    if len(values) != trial.source.dim:
        note(
            f"It is for vectors of {len(values)} dimensions; these spaces have {trial.source.dim}. Choose spaces of its"
            " kind to test it on."
        )
        return
    found, _ = look_up(trial, mapping, ("nn", "csls"))
    for direction in DIRECTIONS:
        way = trial.way(direction)
        for retrieval, one in found[direction].items():
            told = one.figures()
            low, high = told["ci_precision_at_1"]  # type: ignore[misc]
            note(
                f"{escape(way.source.name)} → {escape(way.target.name)}, {retrieval.upper()}: P@1"
                f" {told['precision_at_1']:.1%} (95 % {low:.1%} to {high:.1%}), P@10 {told['precision_at_10']:.1%}, n ="
                f" {told['n_test']:,}."
            )
    _collection(asked, trial, Outcome(mapping, {}, found), escape(files[0].name))
