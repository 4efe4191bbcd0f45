"""Maps of what lies around the words asked for: when they are drawn, what is said of them, and those of Neighbors."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from components.maps.cached import Around, local_maps, whole_share_of
from components.maps.data import MapData
from components.maps.linked_maps import MOST_MAPS, Stage, linked_maps
from components.parts.spoken import commas, later, listed, say
from components.shell import state
from components.shell.frame import note
from components.shell.lenses import link
from components.shell.pickers import pick_said
from isogloss.maps.layout import LayoutParameters
from isogloss.maps.local import LocalLayout
from isogloss.nearest.neighbors import Domino
from isogloss.nearest.query import parse
from isogloss.spaces.collection import Collection

AROUND, WHOLE = EXTENTS = (later("around the word"), later("whole"))
_MOST_NAMED = 24
_BESIDE = 40
"""Items of a map that stands among other evidence; one that is the page's picture has 60."""


def single_items(collection: Collection, typed: str) -> list[str]:
    """The items among what was typed, in the form that the collection has; those it lacks as they were typed."""
    return [query.single for query in parse(typed, collection) if query.single]


def pick_around(collection: Collection, names: Sequence[str], typed: str) -> tuple[str, ...]:
    """The items whose neighborhood is to be drawn: those typed, unless there are none or the whole map is wanted."""
    items = [item for item in single_items(collection, typed) if item in collection]
    here = collection.aligned or any(item in collection[name] for name in names for item in items)
    if not items or not here:
        return ()
    state.check_bound({"extent": list(EXTENTS)}, {"extent": AROUND})
    extent = pick_said(
        st.segmented_control,
        say("Drawn"),
        EXTENTS,
        key="extent",
        default=AROUND,
        wrap=True,
        help=say(
            "Around the word: what is nearest to it in any of the spaces, laid out for itself. Whole: everything."
        ),
    )
    return () if extent == WHOLE else tuple(dict.fromkeys(items))


def local_fidelity(data: MapData, local: LocalLayout) -> str:
    """What a local map shows and how far it can be trusted, as plain text."""
    told = {"n": len(local.items), "words": listed(list(local.asked)), "points": len(data)}
    shares = {"kept": data.kept_share, "k": data.k, "chance": data.chance_share}
    if len(data.maps) == 1:
        drawn = say("{n:,} words: those nearest to {words} in {space}.", space=data.names[0], **told)
        how = say("Metric scaling of cosine distances")
    else:
        drawn = say("{n:,} words: those nearest to {words} in any of the spaces, {points:,} points.", **told)
        how = (
            say("Metric scaling of cosine distances of all of them together, the same coordinates in every space")
            if local.how == "joint"
            else say(
                "Metric scaling of cosine distances in each space by itself, turned onto the one before it by"
                " Procrustes on shared items"
            )
        )
    whole = whole_share_of(data)
    kept = (
        say(
            "{how}: keeps {kept:.0%} of each one's {k} nearest among them (random places: {chance:.0%}; more is"
            " better).",
            how=how,
            **shares,
        )
        if whole is None
        else say(
            "{how}: keeps {kept:.0%} of each one's {k} nearest among them (random places: {chance:.0%}; the whole map:"
            " {whole:.0%}; more is better).",
            how=how,
            whole=whole,
            **shares,
        )
    )
    said = [drawn, kept]
    if len(data.maps) > 1 and any(item not in m.space for m in data.maps for item in local.items):
        said.append(say("A ring stands for a word that the space lacks, where it is in the one next to it."))
    if local.left_out:
        said.append(say("Left out, as they hold none of the words: {spaces}.", spaces=commas(local.left_out)))
    return " ".join(said)


def headline_words(compared: Sequence[Domino]) -> list[str]:
    """The words that dominoes name: of each what is shared, lost and gained, nearest first, some two dozen in all."""
    each = max(3, _MOST_NAMED // max(3 * len(compared), 1))
    parts = [part for one in compared for part in (one.lost, one.gained, one.shared)]
    return list(dict.fromkeys(item for part in parts for item, *_ in part[:each]))


def maps_around(
    collection: Collection,
    items: Sequence[str],
    compared: Sequence[Domino],
    *,
    pair: tuple[str, str] | None = None,
) -> str | None:
    """The maps around the chosen items, with what the dominoes name; an item that was picked.

    pair: two spaces that must be among them, to be gone through where they have an order; without, the first spaces
    stand side by side.
    """
    held = [item for item in items if item in collection]
    names = _names(collection, pair or ())
    if not held or not (collection.aligned or any(item in collection[name] for name in names for item in held)):
        return None
    how = "joint" if collection.aligned else "matched"
    named = headline_words(compared)
    around = Around(tuple(named), _BESIDE if pair and len(held) == 1 else None, plain=True)
    found = local_maps(collection, held, names, how=how, around=around, parameters=LayoutParameters())
    told = local_fidelity(found, found.local) if found.local else ""
    stage = Stage(
        arrangement="morph" if pair and collection.ordered else "side",
        colour=found.colours[0],
        chosen=held,
        headline=named,
        k=5,
        zoom=False,
        caption=told,
        title=", ".join(held) if pair else "",
        address=pair is not None,
        compact=True,
    )
    picked = linked_maps(found, stage).picked
    note(escape(told))
    link("Map", say("Where it lies on the whole map"), collection=collection.name, item=", ".join(held), extent=WHOLE)
    return picked


def _names(collection: Collection, pair: Sequence[str]) -> list[str]:
    """As many spaces as stand side by side, in their order, a pair among them."""
    others = [name for name in collection.names if name not in pair][: MOST_MAPS - len(pair)]
    return [name for name in collection.names if name in pair or name in others]
