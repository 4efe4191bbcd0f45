"""The parts of the Map page: its pickers, what it says of its own fidelity, and the table of a selection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from components.maps.cached import local_maps, maps_of
from components.maps.data import KEPT, MapData, is_large
from components.maps.linked_maps import ARRANGEMENTS, MOST_MAPS, MOST_STOPS, SEQUENCE
from components.maps.local import WHOLE, local_fidelity, pick_around, single_items
from components.parts.cards import cards, words_data
from components.parts.markdown import as_written
from components.parts.tables import KeepRows, csv_of, file_name, none
from components.shell import state
from components.shell.frame import em, lead, note
from components.shell.jobs import command, key_of, offer
from components.shell.lenses import go, link
from components.shell.lookup import say_folded, show_missing
from isogloss.maps.animated import animated_svg
from isogloss.maps.layout import LayoutParameters
from isogloss.nearest.query import parse
from isogloss.spaces.collection import Collection
from isogloss.workspace.access import read_only

HOW = {"joint": "one UMAP of all spaces", "matched": "each space's own UMAP, matched"}
NOT_DRAWN = "Maps are not drawn on a read-only server."
MOST_PILLS = 8
_MOST_WORDS = 60


@dataclass(frozen=True)
class View:
    """What the maps show. how: joint or matched. arrangement: together, side or morph. around: the items whose
    neighborhood alone is drawn; none where the whole map is.
    """

    names: tuple[str, ...]
    arrangement: str
    how: str
    parameters: LayoutParameters
    around: tuple[str, ...] = ()


def pick_view(collection: Collection, typed: str) -> View:
    """Which spaces, in which arrangement, drawn from which layout, in how many dimensions, and how much of them."""
    names = collection.names
    arrangements = [a for a in ARRANGEMENTS if a != "together" or collection.aligned]
    state.check_bound({"view": arrangements, "layout": list(HOW)}, {"view": "side by side"})
    most = MOST_STOPS if st.session_state.get("view", state.read("view")) == SEQUENCE else MOST_MAPS
    for asked in st.query_params.get_all("spaces"):
        if asked not in names:
            state.dropped("spaces", asked[:200], ", ".join(names[:most]))
    chosen = names
    if len(held := st.session_state.get("spaces") or ()) > most:  # of a sequence that is now looked at side by side
        st.session_state["spaces"] = list(held)[:most]
    if len(names) > 1:
        pills = len(names) <= MOST_PILLS and all(map(as_written, names))
        pick = st.pills if pills else st.multiselect
        more = {"selection_mode": "multi", "wrap": True} if pills else {"max_selections": most}
        picked = pick("Spaces", names, default=names[:most], key="spaces", bind="query-params", **more)
        chosen = [name for name in names if name in picked] or names[:most]
        if len(chosen) > most:
            chosen = chosen[:most]
            st.caption(f"At most {most} maps at a time: the first {most} are shown.")
    arrangement, how = "side by side", "matched"
    if len(chosen) > 1:
        arrangement = st.selectbox(
            "Maps",
            arrangements,
            key="view",
            bind="query-params",
            help="In sequence: one map, with a scrubber through the spaces. Together: one map of all.",
        )
        with st.expander("More"):
            if collection.aligned:
                how = st.selectbox(
                    "Layout",
                    list(HOW),
                    key="layout",
                    bind="query-params",
                    help=(
                        "joint: one UMAP of all spaces. matched: each space's own UMAP, turned onto the one before it"
                        " by Procrustes on the items they share."
                    ),
                )
            dimensions = _dimensions(collection, chosen)
        if arrangement == "together":
            how = "joint"
    else:
        dimensions = _dimensions(collection, chosen)
    parameters = LayoutParameters(n_components=3 if dimensions == "3-D" else 2)
    return View(tuple(chosen), ARRANGEMENTS[arrangement], how, parameters, pick_around(collection, chosen, typed))


def maps_shown(collection: Collection, view: View) -> MapData | None:
    """The maps of a view, or None when a layout has yet to be computed."""
    if view.around:
        how = view.how if collection.aligned else "matched"
        return local_maps(collection, view.around, view.names, how=how, parameters=view.parameters)
    return maps_of(collection, view.names, view.how, parameters=view.parameters)


def _dimensions(collection: Collection, chosen: list[str]) -> str:
    options = ["2-D"] if is_large([collection[name] for name in chosen]) else ["2-D", "3-D"]
    state.check_bound({"dimensions": options}, {})
    return st.segmented_control(
        "Dimensions", options, default="2-D", required=True, key="dimensions", bind="query-params"
    )


def pick_colour(data: MapData, typed: str) -> tuple[str, bool, int]:
    """The column that colours, whether to zoom to the chosen words, and how many neighbors to show."""
    state.check_bound({"colour": data.colours}, {})
    colour = st.selectbox("Colour by", data.colours, key="colour", bind="query-params")
    zoom = False
    if not data.local:
        zoom = st.toggle("Zoom to the chosen words", value=False, key="zoom", bind="query-params", disabled=not typed)
    state.check_number("k", 1, 10, 6)
    k = st.slider("Neighbors shown", 1, 10, 6, key="k", bind="query-params")
    if typed:
        link("Neighbors", "Its neighbors in full", collection=data.collection.name, item=typed)
    return colour, zoom, k


def animation(data: MapData, items: list[str]) -> None:
    """Where a local map shows several spaces: its words' way through them, as a picture for a slide."""
    local = data.local
    if local is None or len(local.maps) < 2 or local.maps[0].coordinates.shape[1] != 2:
        return
    st.download_button(
        "The way as a moving picture",
        lambda: animated_svg(local, caption=fidelity(data)),
        file_name(data.collection.name, *items, "way", ending="svg"),
        "image/svg+xml",
        icon=":material/animation:",
        help="An SVG that browsers and slides play, without a script: every space in turn.",
        on_click="ignore",
    )


def chosen_items(collection: Collection, typed: str) -> list[str]:
    """The items typed, as the collection has them; what it has not is said. Arithmetic has no place on a map."""
    queries = [query for query in parse(typed, collection) if query.single]
    say_folded(dict(form for query in queries for form in query.folded))
    for item in single_items(collection, typed):
        if item not in collection:
            show_missing(collection, item)
    return [item for item in single_items(collection, typed) if item in collection]


def offer_layout(collection: Collection, view: View) -> None:
    """Say that a map has yet to be drawn, and draw it in a process of its own when asked to."""
    names = collection.names if view.how == "joint" else view.names
    n = sum(len(collection[name]) for name in names)
    lead(f"The map of {em(', '.join(names))} has yet to be drawn.")
    if read_only():
        note(NOT_DRAWN)
        return
    what = (collection.fingerprint, names, view.how, view.parameters.n_components)
    offer(
        key_of("layout", *what),
        layout_command(collection.name, names, view),
        f"UMAP of {n:,} points: about {max(10, n / 600):,.0f} s on one core. It is kept afterwards.",
        label="Draw the map",
        button="-".join(map(str, ("layout", *what))),
    )


def layout_command(name: str, spaces: Sequence[str], view: View) -> list[str]:
    """What draws the map of a view."""
    dimensions, each = view.parameters.n_components, view.how != "joint"
    return command("layout", [name], dimensions=dimensions, spaces=tuple(spaces), each=each)


def fidelity(data: MapData) -> str:
    """How far the maps can be trusted, as plain text."""
    if data.local:
        return local_fidelity(data, data.local)
    drawn = "" if len(data.collection) < 2 else f" Drawn from {HOW[data.how]}."
    if data.how == "matched" and len(data.maps) > 1:
        left = ", ".join(f"{m.residual:.0%}" for m in data.maps[1:] if m.residual is not None)
        drawn += f" Procrustes on shared items leaves {left} of their variance unmatched (less is better)."
    return (
        f"UMAP (n_neighbors {data.parameters.n_neighbors}, min_dist {data.parameters.min_dist}, fixed seed) keeps"
        f" {data.kept_share:.0%} of each item's {data.k} true neighbors (n = {len(data):,} points; random places would"
        f" keep {data.chance_share:.2%}; more is better).{drawn}"
    )


def selection(data: MapData, points: list[int], keep: KeepRows = none) -> None:
    """The selected points as words to follow, a table and a download. keep: takes rows of it into the notebook."""
    if not points:
        note(
            "Distances on a map mislead: pointing at an item shows its true neighbors, dashed lines lead to those the"
            f" map threw far away. Colour by “{KEPT}” to see where the map can be trusted. Select by box or lasso to"
            " list items here. A thin thread or an island apart is mostly near-duplicates, forms of one name say:"
            " their distance to the rest says nothing."
        )
        return
    table = data.table(points)
    table = table.sort_by([("count", "descending")]) if "count" in table.column_names else table.sort_by("item")
    words = list(dict.fromkeys(table["item"].to_pylist()))
    shown = f"; the {_MOST_WORDS} most frequent stand here" if len(words) > _MOST_WORDS else ""
    note(f"{len(points):,} points selected{shown}. Click a word for its neighbors.")
    picked = cards(words_data(words[:_MOST_WORDS]), key="selected")
    if picked:
        go("Neighbors", collection=data.collection.name, item=picked)
    chosen = st.dataframe(
        table,
        hide_index=True,
        key="selected-points",
        on_select="rerun",
        selection_mode="multi-row",
        alt="Selected items",
    )["selection"]["rows"]
    with st.container(horizontal=True, vertical_alignment="center"):
        seen = {"at": ""} if data.local else {"extent": WHOLE}  # another word's surroundings lie elsewhere
        keep([{"item": table["item"][row].as_py(), **seen} for row in chosen if row < len(table)])
        st.download_button(
            "Download as CSV",
            csv_of(table, f"selected on the map of {data.collection.title}"),
            "selection.csv",
            "text/csv",
            icon=":material/download:",
        )
