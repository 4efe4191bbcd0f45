"""The page: which pairs, under which profile; the sentence, the picture, and rows that are opened and taken away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import streamlit as st

from components.parts.figure_tools import figure_tools
from components.parts.spoken import count, later, listed, parted, say
from components.parts.told import read_said, told
from components.rewriting.kept import Keep, collecting
from components.rewriting.opened import Opened
from components.rewriting.picture import fates_picture, figures_picture, groups_picture
from components.rewriting.rows import shown_rows
from components.rewriting.words import figure_said, finding_said
from components.shell import state
from components.shell.frame import lead, note, shown_errors
from components.shell.intake import pick_files
from components.shell.pickers import pick_said
from components.shell.stage.charts import chart
from isogloss.encoders.encoder import open_encoder
from isogloss.errors import InvalidValue
from isogloss.rewriting.file import FORMATS, PairsFile, read_pairs
from isogloss.rewriting.given.demos import demo_of, groups_of, note_of
from isogloss.rewriting.given.instructions import instructions
from isogloss.rewriting.pairs import Pairs
from isogloss.rewriting.profile import PROFILES, Checked
from isogloss.workspace.access import read_only

DEMO, ALL = "demo", later("none")
_MOST_GROUPS = 60
_VIEWS = "components.rewriting.views"


def pick_profile() -> str:
    """Bound to the address."""
    names = list(PROFILES.names)
    state.check_bound({"profile": names}, {"profile": names[0]})
    return str(
        st.selectbox(
            say("Profile"),
            names,
            key="profile",
            bind="query-params",
            help=say(
                "What must be kept, and what should change: {profiles}",
                profiles=parted(f"{n}: {say(PROFILES[n].help)}" for n in names),
            ),
        )
    )


def pick_pairs(profile: str) -> Opened:
    """The demo of a profile, or a file that is brought. Raises InvalidValue, NotFound."""
    demo = demo_of(profile)
    if read_only():
        note(say("This server is read-only: no file can be brought to it."))
        return Opened(demo, (DEMO, demo.name))
    found = pick_files(
        say("Pairs of your own"), "pairs-files", help=say("One file that holds both texts, or two: source first.")
    )
    if not found:
        return Opened(demo, (DEMO, demo.name))
    if len(found) > 2:
        raise InvalidValue(
            count("{n} file was brought", "{n} files were brought", len(found)),
            say("bring one that holds pairs, or two: source, then target"),
        )
    if len(found) == 2 and st.toggle(say("The second file is the source"), key="pairs-swapped"):
        found = found[::-1]
    which = say("column or language")
    source = st.text_input(say("Source"), key="pairs-source", max_chars=200, placeholder=which).strip()
    target = st.text_input(say("Target"), key="pairs-target", max_chars=200, placeholder=which).strip()
    key = (*(str(one.path) for one in found), source, target)
    held = st.session_state.get("_pairs_file")
    if held is None or held[0] != key:
        with st.spinner(say("Reading the pairs")):
            held = key, read_pairs([one.path for one in found], source=source, target=target)
        st.session_state["_pairs_file"] = held
    file: PairsFile = held[1]
    read = read_said(file.pairs.read)
    note(escape(say("{name}: {read}.", name=say(FORMATS[file.kind].title), read=read)))
    if file.told:
        note(escape(parted(f"{what}: {how}" for what, how in file.told.items())))
    return Opened(file.pairs, key, file, listed([one.name for one in found]), source, target)


def pick_by(opened: Opened) -> str:
    """A column whose values are the groups, or nothing; bound to the address."""
    pairs = opened.pairs
    names = [ALL, *(name for name, values in pairs.columns.items() if 1 < len(set(values)) <= _MOST_GROUPS)]
    first = groups_of(pairs.name) if opened.file is None else ALL
    state.check_bound({"by": names}, {"by": first})
    if st.session_state.get("by") not in names:
        st.session_state.pop("by", None)
    found = pick_said(
        st.selectbox, say("By"), names, key="by", default=first, ours=[ALL], help=say("Groups of a column.")
    )
    return "" if found == ALL else found


def pick_checked(opened: Opened, profile: str, by: str) -> Checked:
    """What the profile finds, kept for the session. Raises what the profile raises."""
    key = (opened.key, profile, by)
    held = st.session_state.get("_pairs_checked")
    if held is None or held[0] != key:
        member = PROFILES[profile]
        with st.spinner(say("Comparing the pairs")):
            encoder = open_encoder("") if member.encodes else None
            held = key, member.check(opened.pairs, by=by or None, encoder=encoder)
        st.session_state["_pairs_checked"] = held
    found: Checked = held[1]
    return found


def shown(
    opened: Opened, profile: str, checked: Checked, *, by: str, keep: Keep, under: Callable[[], None] = lambda: None
) -> None:
    """Sentence, picture or the profile's own view, rows. under: draws what stands beneath the picture of a demo.

    keep: takes a case of a row, or of the rule of rows, into the notebook.
    """
    pairs = opened.pairs
    lead(escape(finding_said(checked.said) if checked.said else count("{n:,} pair.", "{n:,} pairs.", len(pairs))))
    if (view := _view(profile)) is not None:
        view(pairs, checked)
    else:
        _picture(pairs, profile, checked, by)
    if opened.file is None:
        under()
        _demo(pairs.name, profile, checked)
    shown_rows(opened, profile, checked, by=by, keep=keep)
    with shown_errors():
        collecting(opened, profile, by)
    with st.expander(say("How it was computed")):
        note(escape(say("{sentence}.", sentence=say(PROFILES[profile].help))))
        for name, one in checked.figures.items():
            if one.how and "_" not in name:
                told_of = {"name": escape(figure_said(name)), "how": escape(told(one.how))}
                note(say("<b>{name}</b>: {how}.", **told_of))


def _picture(pairs: Pairs, profile: str, checked: Checked, by: str) -> None:
    types: Mapping[str, Any] = checked.extra.get("types", {})
    with st.container(key="picture"):
        if by and checked.by:
            name = next((one for one in ("pairs_intact", *checked.figures) if one in checked.figures), "")
            figure, alt = (
                groups_picture(checked, name),
                say("{figure} by {column}", figure=figure_said(name), column=by),
            )
        elif types:
            figure, alt = fates_picture(checked, types), say("What became of each type of span")
        else:
            figure, alt = figures_picture(checked), say("Figures with their intervals")
        chart(figure, key="pairs-picture", height="stretch", config={"displayModeBar": False}, alt=alt)
    figure_tools("picture", ("pairs", pairs.name, profile), say("{what}, n = {n:,} pairs.", what=alt, n=len(pairs)))
    if by and checked.by and types:
        with st.expander(say("By type of span")):
            chart(
                fates_picture(checked, types), key="pairs-types", config={"displayModeBar": False}, alt=say("By type")
            )


def _demo(name: str, profile: str, checked: Checked) -> None:
    """Hits and misses against the key that is shipped."""
    said = told(note_of(name))
    if profile == "protected":
        hits, missed, wrong = instructions().found(checked.failures)
        precision, recall = hits / max(hits + wrong, 1), hits / max(hits + missed, 1)
        planted = say(
            "Of {n} faults planted, {hits} were found and {missed} missed; {wrong} were named that are none (precision"
            " {precision:.0%}, recall {recall:.0%}). What only moved follows the language's order of words and counts"
            " as no fault.",
            n=hits + missed,
            hits=hits,
            missed=missed,
            wrong=wrong,
            precision=precision,
            recall=recall,
        )
        said = f"{said} {planted}"
    note(escape(said))


def _view(profile: str) -> Callable[[Pairs, Checked], None] | None:
    """The view that a profile has of its own."""
    name = f"{_VIEWS}.{profile.replace('-', '_')}"
    try:
        if find_spec(name) is None:
            return None
    except ModuleNotFoundError:
        return None
    found: Callable[[Pairs, Checked], None] = import_module(name).draw
    return found
