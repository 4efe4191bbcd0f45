"""The finding, the sections with their figures, what seems misfiled and what seems missing."""

from __future__ import annotations

from html import escape

import pyarrow as pa
import pyarrow.compute as pc
import streamlit as st

from components.atlas.pick import EVERY
from components.parts.numbers import figure, probability
from components.parts.spoken import count, parted, say
from components.parts.tables import file_name, to_csv
from components.parts.told import read_said, told
from components.shell.frame import em, note
from isogloss.atlas.survey import Survey
from isogloss.atlas.told import misfiled_table, missing_table, sections_table

_ROUND = {
    name: st.column_config.NumberColumn(format="%.2f")
    for name in ("purity", "low", "high", "chance", "chance_p95", "p", "q", "margin", "similarity", "nearer_than")
}


def headline(found: Survey, section: str) -> str:
    """As markup: the finding, or that of one section."""
    if section == EVERY:
        return escape(told(f"{found.said}."))
    one = next(one for one in found.purity.sections if one.name == section)
    if not one.purity.known or one.purity.null is None:
        return count(
            "{section} holds {n:,} paper: too few to tell whether it holds together.",
            "{section} holds {n:,} papers: too few to tell whether it holds together.",
            one.n,
            section=em(section),
        )
    k, null = found.purity.k, one.purity.null
    fields = {"section": em(section), "near": one.purity.value * k, "k": k, "chance": null.mean * k}
    if one.holds:
        return say(
            "{section} holds together: {near:.1f} of a paper's nearest {k} are in it too, chance {chance:.1f}.",
            **fields,
        )
    return say(
        "{section} cannot be told from a section dealt at random: {near:.1f} of a paper's nearest {k} are in it too,"
        " chance {chance:.1f}.",
        **fields,
    )


def figures_line(found: Survey) -> None:
    """Interval, null and n of the headline; what was read."""
    one, placed = found.purity.overall, found.purity.placed
    share = {"k": found.purity.k, "figure": figure(one), "n": one.n}
    said = [say("Share of a paper's nearest {k} in a section of its own: {figure}, n = {n:,}.", **share)]
    if one.null:
        chance = {"mean": one.null.mean, "p": probability(one.null.p)}
        said.append(say("Sections dealt at random: {mean:.2f}, p {p}; more is better.", **chance))
    if placed.null:
        near = {"figure": figure(placed), "mean": placed.null.mean, "p": probability(placed.null.p)}
        said.append(say("Nearest to a section of its own: {figure}, at random {mean:.2f}, p {p}.", **near))
    note(escape(" ".join(said)))
    note(escape(" ".join(say("{name}: {read}.", name=one.name, read=read_said(one.read)) for one in found.catalogues)))


def tables(found: Survey, section: str) -> None:
    """Sections, candidates, links out by Streamlit's own columns, and downloads."""
    misfiled, missing = misfiled_table(found), missing_table(found)
    if section != EVERY:
        misfiled = _of(misfiled, section, "section", "other")
        missing = _of(missing, section, "section")
    _table(
        say("Sections ({n:,})", n=len(found.purity.sections)),
        sections_table(found),
        "sections",
        say(
            "purity: share of the nearest of its papers that are in it too; chance: sections dealt at random within"
            " their catalogue. q: Benjamini–Hochberg over the sections. Fewer than four papers: not told."
        ),
    )
    _table(
        say("Misfiled? ({n:,})", n=len(misfiled)),
        misfiled,
        "misfiled",
        say(
            "Nearer to another section of the same list than to any of its own, by the mean of its titles (margin: the"
            " difference of the two cosines) and by its neighbors. Of titles alone: a reason to look, no verdict."
        ),
    )
    if len(found.catalogues) > 1:
        _table(
            say("Missing neighbors ({n:,})", n=len(missing)),
            missing,
            "missing",
            say(
                "Listed by one catalogue and not by the other, though its mean cosine to its {k} nearest there is above"
                " that of half of the papers listed there (margin: by how much). Both list {n:,}: {titles}.",
                k=found.purity.k,
                n=len(found.across.both),
                titles=parted(found.across.both[:6]) or say("none"),
            ),
        )


def papers_table(found: Survey, section: str) -> None:
    """The papers themselves."""
    table = pa.table({"title": list(found.space.items)})
    for name in ("year", "section", "link"):
        table = table.append_column(name, found.space.columns[name])
    if section != EVERY:
        table = table.filter(pa.array(found.titles.held[:, found.titles.sections.index(section)]))
    _table(
        say("Papers ({n:,})", n=len(table)),
        table,
        "papers",
        say("Facts alone: title, year, section (the first), link."),
    )


def _of(table: pa.Table, section: str, *columns: str) -> pa.Table:
    marks = [pc.equal(table[name], section) for name in columns]
    return table.filter(marks[0] if len(marks) == 1 else pc.or_(*marks))


def _table(label: str, table: pa.Table, name: str, how: str) -> None:
    with st.expander(label):
        link = {"link": st.column_config.LinkColumn("link", display_text=say("open"))}
        st.dataframe(table, hide_index=True, column_config=link | _ROUND, alt=label)
        note(escape(how))
        st.download_button(
            say("Download as CSV"),
            lambda: to_csv(table),
            file_name("atlas", name),
            "text/csv",
            on_click="ignore",
            key=f"atlas-{name}-csv",
        )
