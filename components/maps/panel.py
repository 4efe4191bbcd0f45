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
from components.parts.spoken import count, later, say
from components.parts.tables import KeepRows, csv_of, file_name, none
from components.shell import state
from components.shell.frame import em, lead, note
from components.shell.jobs import command, key_of, offer
from components.shell.lenses import go, link
from components.shell.lookup import say_folded, show_missing
from components.shell.pickers import pick_said
from isogloss.maps.animated import animated_svg
from isogloss.maps.layout import LayoutParameters
from isogloss.nearest.query import parse
from isogloss.spaces.collection import Collection
from isogloss.workspace.access import read_only

HOW = {"joint": later("one UMAP of all spaces"), "matched": later("each space's own UMAP, matched")}
_SAID = (later("joint"), later("matched"), later("2-D"), later("3-D"))
NOT_DRAWN = later("Maps are not drawn on a read-only server.")
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
        picked = pick(say("Spaces"), names, default=names[:most], key="spaces", bind="query-params", **more)
        chosen = [name for name in names if name in picked] or names[:most]
        if len(chosen) > most:
            chosen = chosen[:most]
            st.caption(say("At most {n} maps at a time: the first {n} are shown.", n=most))
    arrangement, how = "side by side", "matched"
    if len(chosen) > 1:
        arrangement = pick_said(
            st.selectbox,
            say("Maps"),
            arrangements,
            key="view",
            default="side by side",
            help=say("In sequence: one map, with a scrubber through the spaces. Together: one map of all."),
        )
        with st.expander(say("More")):
            if collection.aligned:
                how = pick_said(
                    st.selectbox,
                    say("Layout"),
                    list(HOW),
                    key="layout",
                    default="joint",
                    help=say(
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
        say("Dimensions"), options, default="2-D", required=True, key="dimensions", bind="query-params"
    )


def pick_colour(data: MapData, typed: str) -> tuple[str, bool, int]:
    """The column that colours, whether to zoom to the chosen words, and how many neighbors to show."""
    state.check_bound({"colour": data.colours}, {})
    colour = st.selectbox(say("Colour by"), data.colours, key="colour", bind="query-params")
    zoom = False
    if not data.local:
        asked = say("Zoom to the chosen words")
        zoom = st.toggle(asked, value=False, key="zoom", bind="query-params", disabled=not typed)
    state.check_number("k", 1, 10, 6)
    k = st.slider(say("Neighbors shown"), 1, 10, 6, key="k", bind="query-params")
    if typed:
        link("Neighbors", say("Its neighbors in full"), collection=data.collection.name, item=typed)
    return colour, zoom, k


def animation(data: MapData, items: list[str]) -> None:
    """Where a local map shows several spaces: its words' way through them, as a picture for a slide."""
    local = data.local
    if local is None or len(local.maps) < 2 or local.maps[0].coordinates.shape[1] != 2:
        return
    caption = fidelity(data)  # now: a download is made when no page runs, and has no language
    st.download_button(
        say("The way as a moving picture"),
        lambda: animated_svg(local, caption=caption),
        file_name(data.collection.name, *items, "way", ending="svg"),
        "image/svg+xml",
        icon=":material/animation:",
        help=say("An SVG that browsers and slides play, without a script: every space in turn."),
        key="map-way",
        on_click="ignore",
    )


def chosen_items(collection: Collection, typed: str) -> list[str]:
    """The items typed, as the collection has them; what it has not is said. Arithmetic has no place on a map."""
    queries = [query for query in parse(typed, collection) if query.single]
    say_folded(dict(form for query in queries for form in query.folded))
    for number, item in enumerate(single_items(collection, typed)):
        if item not in collection:
            show_missing(collection, item, typed=typed, key=f"near-{number}")
    return [item for item in single_items(collection, typed) if item in collection]


def offer_layout(collection: Collection, view: View) -> None:
    """Say that a map has yet to be drawn, and draw it in a process of its own when asked to."""
    names = collection.names if view.how == "joint" else view.names
    n = sum(len(collection[name]) for name in names)
    lead(say("The map of {spaces} has yet to be drawn.", spaces=em(", ".join(names))))
    if read_only():
        note(say(NOT_DRAWN))
        return
    what = (collection.fingerprint, names, view.how, view.parameters.n_components)
    offer(
        key_of("layout", *what),
        layout_command(collection.name, names, view),
        say(
            "UMAP of {n:,} points: about {seconds:,.0f} s on one core. It is kept afterwards.",
            n=n,
            seconds=max(10, n / 600),
        ),
        label=say("Draw the map"),
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
    said = [
        say(
            "UMAP (n_neighbors {n_neighbors}, min_dist {min_dist}, fixed seed) keeps {kept:.0%} of each item's {k} true"
            " neighbors (n = {n:,} points; random places would keep {chance:.2%}; more is better).",
            n_neighbors=data.parameters.n_neighbors,
            min_dist=data.parameters.min_dist,
            kept=data.kept_share,
            k=data.k,
            n=len(data),
            chance=data.chance_share,
        )
    ]
    if len(data.collection) > 1:
        said.append(say("Drawn from {layout}.", layout=say(HOW[data.how])))
    if data.how == "matched" and len(data.maps) > 1:
        left = ", ".join(f"{m.residual:.0%}" for m in data.maps[1:] if m.residual is not None)
        said.append(
            say("Procrustes on shared items leaves {shares} of their variance unmatched (less is better).", shares=left)
        )
    return " ".join(said)


def selection(data: MapData, points: list[int], keep: KeepRows = none) -> None:
    """The selected points as words to follow, a table and a download. keep: takes rows of it into the notebook."""
    if not points:
        note(
            say(
                "Distances on a map mislead: pointing at an item shows its true neighbors, dashed lines lead to those"
                " the map threw far away. Colour by “{kept}” to see where the map can be trusted. Select by box or"
                " lasso to list items here. A thin thread or an island apart is mostly near-duplicates, forms of one"
                " name say: their distance to the rest says nothing.",
                kept=KEPT,
            )
        )
        return
    table = data.table(points)
    table = table.sort_by([("count", "descending")]) if "count" in table.column_names else table.sort_by("item")
    words = list(dict.fromkeys(table["item"].to_pylist()))
    note(
        say(
            "{n:,} points selected; the {most} most frequent stand here. Click a word for its neighbors.",
            n=len(points),
            most=_MOST_WORDS,
        )
        if len(words) > _MOST_WORDS
        else count(
            "{n:,} point selected. Click a word for its neighbors.",
            "{n:,} points selected. Click a word for its neighbors.",
            len(points),
        )
    )
    picked = cards(words_data(words[:_MOST_WORDS]), key="selected")
    if picked:
        go("Neighbors", collection=data.collection.name, item=picked)
    chosen = st.dataframe(
        table,
        hide_index=True,
        key="selected-points",
        on_select="rerun",
        selection_mode="multi-row",
        alt=say("Selected items"),
    )["selection"]["rows"]
    with st.container(horizontal=True, vertical_alignment="center"):
        seen = {"at": ""} if data.local else {"extent": WHOLE}  # another word's surroundings lie elsewhere
        keep([{"item": table["item"][row].as_py(), **seen} for row in chosen if row < len(table)])
        st.download_button(
            say("Download as CSV"),
            csv_of(table, f"selected on the map of {data.collection.title}"),
            "selection.csv",
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
            key="selection-csv",
        )
