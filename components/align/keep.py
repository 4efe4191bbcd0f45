"""Keep an alignment: as a collection, as a map to download; or bring a map from elsewhere."""

from __future__ import annotations

import io
import re
from functools import partial
from html import escape

import numpy as np
import streamlit as st

from components.align.panel import Asked
from components.align.rows import Outcomes
from components.parts.labels import shorten
from components.parts.markdown import plain
from components.parts.spoken import say
from components.shell.cached import open_collection
from components.shell.frame import note, shown_errors
from components.shell.intake import pick_files
from components.shell.lenses import lens, link
from components.shell.visit import workspace
from isogloss.alignment.diagnostics import orthogonality, spectrum
from isogloss.alignment.learnt import Mapping, Side, take_mapping
from isogloss.alignment.matrices import matrix_text
from isogloss.alignment.method import METHODS
from isogloss.alignment.outcomes import aligned_pair, both_sides
from isogloss.alignment.trial import DIRECTIONS, Outcome, Trial, look_up
from isogloss.errors import InvalidValue
from isogloss.formats.writing import export_space
from isogloss.spaces.space import Space
from isogloss.workspace.access import require_writable
from isogloss.workspace.folders import scratch_folder
from isogloss.workspace.store import check_name


def keep(asked: Asked, trial: Trial, outcomes: Outcomes, *, method: str) -> None:
    """Save the pair, download the map, import another."""
    _collection(asked, trial, outcomes[method], METHODS[method].title)
    st.divider()
    _downloads(trial, outcomes[method].mapping, method)
    st.divider()
    with shown_errors():
        _bring(asked, trial)


def _collection(asked: Asked, trial: Trial, outcome: Outcome, title: str) -> None:
    note(
        say(
            "The pair, aligned by {title}, becomes a collection of yours: neighbors across both spaces, maps, drift"
            " and scripts.",
            title=title,
        )
    )
    stem = "-".join(dict.fromkeys(side.collection for side in asked.sides))
    proposed = re.sub(r"[^a-z0-9._-]+", "-", f"{stem}-{outcome.mapping.method}".lower()).strip("-._")[:64]
    left, right = st.columns([1.6, 1], vertical_alignment="bottom")
    name = left.text_input(say("Collection"), proposed, key=f"keep-{proposed}", max_chars=64).strip()
    if right.button(say("Keep the pair"), type="primary", key="keep"):
        require_writable()
        check_name(name)
        if name in workspace().folders():
            raise InvalidValue(say("there is a collection {name!r} already", name=name), say("choose another name"))
        named = f"{trial.source.name} and {trial.target.name}, {title}"
        workspace().save(aligned_pair(trial, outcome, name, title=named, languages=asked.languages))
        st.session_state["kept-pair"] = name
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(say("Keep both in one space, for Scripts"), key=f"keep-both-{proposed}"):
            require_writable()
            check_name(name)
            other = f"{name}-both"[:64]
            named = f"{trial.source.name} and {trial.target.name}, before and after {title}"  # a title that is kept
            workspace().save(both_sides(trial, outcome, other, title=named, languages=asked.languages))
            st.session_state["kept-both"] = other
        if (kept_both := st.session_state.get("kept-both")) and kept_both in workspace().folders():
            link(
                "Scripts",
                say("{collection} on Scripts", collection=plain(kept_both)),
                collection=kept_both,
                by="language",
            )
    if (kept_name := st.session_state.get("kept-pair")) and kept_name in workspace().folders():
        note(say("The collection <b>{name}</b> is there now.", name=escape(kept_name)))
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
        link(
            "Neighbors", say("Neighbors of {item}", item=plain(shorten(item))), collection=name, space=source, item=item
        )
        for title in ("Map", "Drift"):
            link(title, say(lens(title).its), collection=name)


def _downloads(trial: Trial, mapping: Mapping, method: str) -> None:
    note(
        say(
            "The map keeps its means, whitening and the order of its preprocessing, so that new vectors can follow:"
            " isogloss apply-map."
        )
    )
    with st.container(horizontal=True):
        st.download_button(
            say("Map (.npz)"),
            lambda: _npz(mapping),
            f"{method}.npz",
            "application/octet-stream",
            icon=":material/download:",
            on_click="ignore",
            key="map-npz",
        )
        for side, name in ((mapping.source, "source"), (mapping.target, "target")):
            st.download_button(
                say("Matrix of the source (text)") if name == "source" else say("Matrix of the target (text)"),
                partial(matrix_text, side.matrix),
                f"{method}-{name}.txt",
                "text/plain",
                icon=":material/download:",
                on_click="ignore",
                key=f"matrix-{name}",
            )
        for space, side, name in ((trial.source, mapping.source, "source"), (trial.target, mapping.target, "target")):
            st.download_button(
                say("Aligned {name} (MUSE text)", name=plain(space.name)),
                partial(_vectors, space, side, name),
                f"vectors-{name}.txt",
                "text/plain",
                icon=":material/download:",
                on_click="ignore",
                key=f"vectors-{name}",
            )


def _npz(mapping: Mapping) -> bytes:
    out = io.BytesIO()
    np.savez(out, allow_pickle=False, **mapping.arrays())
    return out.getvalue()


def _vectors(space: Space, side: Side, name: str) -> bytes:
    with scratch_folder() as folder:
        path = export_space(
            Space(name, space.items, side.apply(space.vectors), checked=True), "word2vec", folder / "v.txt"
        )[0]
        return path.read_bytes()


def _bring(asked: Asked, trial: Trial) -> None:
    note(
        say(
            "A map from elsewhere: an .npz of ours, text (a line with its shape, then its rows) as fastText's"
            " alignment and MUSE write W, or a bare matrix."
        )
    )
    files = pick_files("Map", "map-file")
    if not files:
        return
    ways = {None: say("as the file says"), "columns": "W x", "rows": "x W"}
    applied = st.segmented_control(
        say("Applied"),
        list(ways),
        default=None,
        format_func=lambda way: ways[way],
        key="map-applied",
        help=say(
            "W x: for column vectors, as MUSE and fastText write it; x W: for rows, as VecMap and numpy apply it."
        ),
    )
    mapping = take_mapping(files[0].path, orientation=applied)
    if st.toggle(say("The other way about (its inverse)"), key="map-inverse"):
        mapping = mapping.inverted()
    values, off = spectrum(mapping.source.matrix), orthogonality(mapping.source.matrix)
    what = say("orthogonal") if off < 1e-2 else say("not orthogonal")
    note(
        say(
            "{name}: {dim} × {dim}, {what} (‖WᵀW − I‖ = {off:.3g}), singular values {low:.3g} to {high:.3g}.",
            name=escape(files[0].name),
            dim=len(values),
            what=what,
            off=off,
            low=values.min(),
            high=values.max(),
        )
    )
    if len(values) != trial.source.dim:
        note(
            say(
                "It is for vectors of {values} dimensions; these spaces have {dim}. Choose spaces of its kind to test"
                " it on.",
                values=len(values),
                dim=trial.source.dim,
            )
        )
        return
    found, _ = look_up(trial, mapping, retrievals=("nn", "csls"))
    for direction in DIRECTIONS:
        way = trial.way(direction)
        for retrieval, one in found[direction].items():
            told = one.figures()
            p, (low, high) = told["precision_at_1"], told["precision_at_1"].interval or (0.0, 0.0)
            where = f"{escape(way.source.name)} → {escape(way.target.name)}, {retrieval.upper()}"
            if not p.known:
                note(say("{where}: no test word is covered.", where=where))
                continue
            note(
                say(
                    "{where}: P@1 {value:.1%} (95% {low:.1%} to {high:.1%}), P@10 {ten:.1%}, n = {n:,}.",
                    where=where,
                    value=p.value,
                    low=low,
                    high=high,
                    ten=told["precision_at_10"].value,
                    n=p.n,
                )
            )
    _collection(asked, trial, Outcome(mapping, {}, found), escape(files[0].name))
