"""The parts of the Scripts page: its pickers, the maps, the figures, the matrix of groups and a pair of them."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import pyarrow as pa
import streamlit as st

from components.maps.cached import maps_of
from components.maps.data import KEPT, SPACE, MapData
from components.maps.linked_maps import MOST_MAPS, Stage, linked_maps
from components.maps.panel import NOT_DRAWN, fidelity
from components.parts.cards import cards, words_data
from components.parts.figure_tools import figure_tools
from components.parts.labels import written
from components.parts.numbers import number
from components.parts.spoken import count, later, say
from components.parts.tables import csv_of, file_name
from components.separation.cached import forms_of, groups_in, matrix_of, pair_of, report_of, side_by_side, unread_in
from components.separation.sentences import finding, ground, of_concept, over_stages, table, unread_note
from components.shell import state
from components.shell.bar import drawer
from components.shell.frame import em, note
from components.shell.jobs import command, key_of, offer
from components.shell.pickers import pick_one, pick_said
from components.shell.stage.charts import chart
from components.shell.stage.present import presenting
from isogloss.maps.layout import LayoutParameters
from isogloss.separation.concept_card import concept_of
from isogloss.separation.placed import place
from isogloss.separation.removal import REMOVALS
from isogloss.separation.report import Report
from isogloss.spaces.collection import Collection
from isogloss.spaces.space import Space
from isogloss.types import Vectors
from isogloss.workspace.access import read_only

KINDS = {"angle": later("principal angles"), "cosine": later("cosine of means"), "distance": later("distance of means")}


@dataclass(frozen=True)
class Choice:
    """What the page shows. rank: None is the method's own."""

    space: Space
    by: str
    removal: str
    rank: int | None


def _removal_help() -> str:
    told = [f"{name}: {say(REMOVALS[name].help)}" for name in REMOVALS if name != "none"]
    return " ".join([*told, say("Fitted on one half of the concepts, measured on the other.")])


def pick(collection: Collection) -> Choice:
    """Stage, groups and removal."""
    names = collection.names
    last = names[-1]
    bys = [b for b in ("script", "language") if b == "script" or b in collection[last].columns.column_names]
    state.check_bound({"stage": names, "by": bys, "removal": list(REMOVALS)}, {"stage": last, "by": "script"})
    name = last
    if len(names) > 1:
        name = pick_one(say("Stage"), names, last, key="stage")
    by = "script"
    if len(bys) > 1:
        by = pick_said(st.segmented_control, say("Groups"), bys, key="by", default="script")
    removal = st.pills(
        say("Removal"),
        REMOVALS.names,
        default="none",
        required=True,
        key="removal",
        bind="query-params",
        help=_removal_help(),
        wrap=True,
    )
    space = collection[name]
    rank = None
    ranks = REMOVALS[removal or "none"].ranks(len(groups_in(space, by).names), space.dim, len(space))
    if ranks is not None and ranks.offered > 1:
        rank = st.slider(
            say("Directions taken out"), 1, ranks.offered, ranks.own, key=f"rank-{removal}", bind="query-params"
        )
        rank = None if rank == ranks.own else rank
    return Choice(space, by or "script", removal or "none", rank)


def maps(
    collection: Collection, choice: Choice, chosen: list[str], *, typed: list[str], vectors: dict[str, Vectors]
) -> tuple[str | None, str]:
    """Before and after, the same items linked; a picked item, and how far the maps can be trusted."""
    pair = side_by_side(collection, choice.space, choice.by, removal=choice.removal, rank=choice.rank)
    data = maps_of(pair, tuple(pair.names), "matched", parameters=LayoutParameters())
    if data is None and read_only():
        note(say(NOT_DRAWN))
        return None, ""
    if data is None:
        offer(
            key_of("scripts", pair.fingerprint),
            side_by_side_command(collection.name, pair.names, choice),
            say(
                "The map after this removal has yet to be drawn: UMAP of {n:,} points, about {seconds:,.0f} s on one"
                " core. It is kept afterwards. The figures below are there already.",
                n=len(choice.space),
                seconds=max(10, len(choice.space) / 600),
            ),
            label=say("Draw the map"),
            button=f"scripts-{pair.fingerprint}",
        )
        return None, ""
    if typed:
        placed = [place(one, typed, vectors[one.space.name]) if one.space.name in vectors else one for one in data.maps]
        shown = Collection(pair.name, tuple(m.space for m in placed), pair.title, pair.alignment, True)
        data = MapData(shown, placed, data.how, data.parameters)
        chosen = [text for text in typed if text in data.ids] + chosen
    wanted = (choice.by, "script", "language", "concept", "kind", SPACE, KEPT)
    colours = [c for c in dict.fromkeys(wanted) if c in data.colours] or data.colours
    state.check_bound({"colour": colours}, {})
    with drawer():
        colour = pick_one(say("Colour by"), colours, colours[0], key="colour", joined=True)
    in_turn = presenting() and choice.space.name in pair.names  # one map that goes from stage to stage
    stage = Stage(
        arrangement="morph" if in_turn else "side",
        moment=pair.names.index(choice.space.name) if in_turn else None,
        colour=colour,
        chosen=chosen,
        k=6,
        zoom=bool(chosen),
        caption=fidelity(data),
        title=collection.title,
    )
    return linked_maps(data, stage).picked, fidelity(data)


def side_by_side_command(name: str, spaces: list[str], choice: Choice) -> list[str]:
    """What draws the maps of both sides: of two stages, or of one space after a removal."""
    if choice.removal == "none":
        return command("layout", [name], each=True, spaces=tuple(spaces))
    return command(
        "layout",
        [name],
        each=True,
        spaces=(choice.space.name,),
        by=choice.by,
        remove=choice.removal,
        rank=choice.rank,
    )


def headline(collection: Collection, choice: Choice, item: str) -> str:
    """The first line: of a concept, of a removal, or of what the stages did; markup. It may take long."""
    space, by = choice.space, choice.by
    if item in space and (concept := concept_of(space, item)):
        forms, _ = forms_of(collection, space, concept, by)
        return of_concept(item, concept, sum(form.found for form in forms), len(forms), space.name)
    before = report_of(collection, space, by)
    if choice.removal != "none":
        after = report_of(collection, space, by, removal=choice.removal, rank=choice.rank)
        return finding(after, space.name, by, removal=choice.removal, before=before)
    said = ""
    if space.name == collection.names[-1] and 1 < len(collection) <= MOST_MAPS:
        said = over_stages({one.name: report_of(collection, one, by) for one in collection.spaces}, by)
    return said or finding(before, space.name, by)


def figures(collection: Collection, choice: Choice) -> tuple[Report, Report]:
    """The table of figures, before and after; both are returned."""
    before = report_of(collection, choice.space, choice.by)
    after = before
    reports = {choice.space.name: before}
    if choice.removal != "none":
        after = report_of(collection, choice.space, choice.by, removal=choice.removal, rank=choice.rank)
        reports = {say("before removal"): before, say("after {removal}", removal=choice.removal): after}
    elif choice.space.name != collection.names[0]:
        reports = {collection.names[0]: report_of(collection, collection.spaces[0], choice.by)} | reports
    st.dataframe(
        pa.Table.from_pylist(table(reports, choice.by)),
        hide_index=True,
        key="figures",
        alt=say("Measures of separation"),
    )
    note(escape(ground(after, choice.by)))
    return before, after


def by_language(collection: Collection, choice: Choice) -> None:
    """The same by language, where groups are scripts: as many figures again, so after what the page is about."""
    if choice.by == "script" and "language" in choice.space.columns.column_names:
        other = report_of(collection, choice.space, "language", removal=choice.removal, rank=choice.rank)
        note(
            count(
                "By language instead of script, η² is {eta} and purity@10 {purity} ({n} language).",
                "By language instead of script, η² is {eta} and purity@10 {purity} ({n} languages).",
                len(other.groups),
                eta=number(other["eta_squared"].value),
                purity=number(other["purity_at_10"].value),
            )
        )


def geometry(choice: Choice) -> str | None:
    """The matrix of groups; a clicked cell is compared below. An item that was picked there."""
    groups = groups_in(choice.space, choice.by)
    if len(groups.names) < 2:
        return None
    state.check_bound({"matrix": list(KINDS)}, {"matrix": "angle"})
    kind = st.segmented_control(
        say("Groups against groups"),
        list(KINDS),
        format_func=lambda one: say(KINDS[one]),
        default="angle",
        required=True,
        key="matrix",
    )
    kind = kind or "angle"
    title = written if choice.by == "script" else str
    drawn, shown = matrix_of(choice.space, choice.by, kind)
    left, right = st.columns([1.35, 1], gap="large")
    with left, st.container(key="matrix-chart"):
        answer = chart(
            drawn,
            key=f"matrix-{choice.space.name}-{choice.by}-{kind}",
            on_select="rerun",
            selection_mode="points",
            config={"displayModeBar": False},
            alt=say("Matrix of groups; the pair below is chosen from it"),
        )
    with left:
        told = count(
            "{n} group of {space} by {by}: {kind}.",
            "{n} groups of {space} by {by}: {kind}.",
            shown,
            space=choice.space.name,
            by=choice.by,
            kind=kind,
        )
        figure_tools("matrix-chart", ("matrix", choice.space.name, choice.by, kind), told)
    points = [p["customdata"] for p in answer["selection"]["points"] if "customdata" in p]
    clicked = points[0] if points else None
    pair = str(clicked[0] if isinstance(clicked, list) else clicked).split("\x1f") if clicked else []
    with right:
        names = sorted(groups.names)
        at = names.index(pair[0]) if len(pair) == 2 else 0
        a = st.selectbox(say("Pair"), names, index=at, key=f"pair-a-{clicked}", format_func=title)
        rest = [n for n in names if n != a]
        b = st.selectbox(
            say("with"),
            rest,
            index=rest.index(pair[1]) if len(pair) == 2 and pair[1] in rest else 0,
            key=f"pair-b-{clicked}-{a}",
            format_func=title,
        )
        return _pair(choice, a, b)


def unread_line(choice: Choice) -> None:
    """Say which groups the encoder does not know."""
    title = written if choice.by == "script" else str
    if said := unread_note([title(name) for name in unread_in(choice.space, choice.by)], choice.by):
        note(said)


def _pair(choice: Choice, a: str, b: str) -> str | None:
    found = pair_of(choice.space, a, b, by=choice.by)
    there, back = found.a_finds_b, found.b_finds_a
    title = written if choice.by == "script" else str
    one, other = em(title(a)), em(title(b))
    if found.n_shared:
        note(
            say(
                "{one} and {other} share {n:,} concepts. {there:.0%} of {one} find their meaning first among {other},"
                " {back:.0%} the other way (95% intervals {low:.0%} to {high:.0%} and {low_back:.0%} to"
                " {high_back:.0%}); chance would be {chance:.2%}.",
                one=one,
                other=other,
                n=found.n_shared,
                there=there.value,
                back=back.value,
                low=there.low,
                high=there.high,
                low_back=back.low,
                high_back=back.high,
                chance=there.null.mean if there.null else 0,
            )
        )
    else:
        note(say("{one} and {other} share no concept.", one=one, other=other))
    note(
        say("One direction, that between the means, separates them wholly. At its ends:")
        if found.overlap.value < 0.005
        else say(
            "One direction, that between the means, separates them with an overlap of {share:.0%}. At its ends:",
            share=found.overlap.value,
        )
    )
    picked = None
    for name, items in ((a, found.at_a), (b, found.at_b)):
        note(say("farthest towards {group}", group=em(title(name))))
        picked = cards(words_data(list(items)), key=f"end-{name}") or picked
    return picked


def download(collection: Collection, choice: Choice, after: Report) -> None:
    rows = [
        {
            "space": choice.space.name,
            "by": choice.by,
            "removal": choice.removal,
            "rank": choice.rank,
            "figure": name,
            "value": one.value,
            "low": one.low,
            "high": one.high,
            "null_mean": one.null.mean if one.null else None,
            "p_value": one.null.p if one.null else None,
            "n": after.n,
        }
        for name, one in after.figures.items()
    ]
    st.download_button(
        say("Download the figures as CSV"),
        csv_of(pa.Table.from_pylist(rows), f"scripts of {collection.title} · {choice.space.name} · {choice.removal}"),
        file_name("scripts", collection.name, choice.space.name, choice.by, choice.removal),
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
        key="figures-csv",
    )
