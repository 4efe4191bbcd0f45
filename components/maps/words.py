"""What the scripts of the maps say, in the language of the visit."""

from __future__ import annotations

from components.parts.spoken import later, say, spoken
from isogloss.interface.languages import ENGLISH

_WORDS = (  # as `said` of dom.js asks for them
    later("Move"),
    later("Turn"),
    later("Move the map by dragging"),
    later("Box"),
    later("Select by a box (or hold Shift)"),
    later("Lasso"),
    later("Select by drawing around points"),
    later("Zoom in"),
    later("Zoom out"),
    later("Fit"),
    later("Show everything, or the chosen items"),
    later("Linked zoom"),
    later("All maps zoom and move together"),
    later("True distances"),
    later("Colour every map by cosine distance to the item, in the original space"),
    later("Arrows"),
    later("An arrow for every item, from its place in the first space to that in the next"),
    later("Clear"),
    later("Clear the selection and the filters (Escape)"),
    later("Save the picture"),
    later("Save…"),
    later("Interactive page"),
    later("Play"),
    later("Pause"),
    later("Play through the maps"),
    later("Moment between the maps"),
    later("between {a} and {b}"),
    later("full colour: cosine distance 0; grey: 1 or more, or missing"),
    later("Arrows: {n}"),
    later("Arrows: {n}; {short} too short to draw: zoom in"),
    later("Some of the link's view could not be used; showing the default."),
    later("Maps. Arrow keys move through neighbors, Enter goes to one, Escape clears, plus and minus zoom."),
    later("Filters"),
    later("Clear filters"),
    later("colours the points"),
    later("{level}: {n} of {of} points"),
    later(
        "Point at an item: it and its true neighbors, in the original space, light up in every map. Arrow keys go"
        " through them; / searches; Esc clears."
    ),
    later("and its true neighbors, nearest first"),
    later("and its nearest among the words drawn"),
    later("missing here"),
    later("far on the map"),
    later("Click it for its neighbors"),
    later("no neighbors"),
    later("{n} uses"),
    later("the map kept {kept} of {k}"),
    later("the map kept {kept} of its {k} true neighbors"),
    later("the map kept {kept} of its {k} nearest among the words drawn"),
    later("thrown far:"),
    later("{word} is missing in {space}"),
    later("{word}, missing in {space}"),
    later("{word}, neighbor {n} of {of} in {space}"),
    later("space"),
    later("kept by the map"),
    later("per million"),
    later("capital share"),
    later("count"),
    later("others"),
)


def map_words() -> dict[str, str]:
    """English → what it is called; empty for English, which the scripts speak."""
    return {} if spoken() == ENGLISH else {one: say(one) for one in _WORDS}
