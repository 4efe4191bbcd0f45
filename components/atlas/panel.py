"""The finding, the sections with their figures, what seems misfiled and what seems missing."""

from __future__ import annotations

from html import escape

import pyarrow as pa
import pyarrow.compute as pc
import streamlit as st

from components.atlas.pick import EVERY
from components.parts.numbers import figure, probability
from components.parts.tables import file_name, to_csv
from components.shell.frame import em, note
from isogloss.atlas.survey import Survey
from isogloss.atlas.told import misfiled_table, missing_table, sections_table

_LINK = {"link": st.column_config.LinkColumn("link", display_text="open")}
_ROUND = {
    name: st.column_config.NumberColumn(format="%.2f")
    for name in "purity low high chance chance_p95 p q margin similarity nearer_than".split()
}


def headline(found: Survey, section: str) -> str:
    """As markup: the finding, or that of one section."""
    if section == EVERY:
        return f"{escape(found.said)}."
    one = next(one for one in found.purity.sections if one.name == section)
    if not one.purity.known or one.purity.null is None:
        return f"{em(section)} holds {one.n:,} papers: too few to tell whether it holds together."
    k, null = found.purity.k, one.purity.null
    near = f"{one.purity.value * k:.1f} of a paper's nearest {k} are in it too, chance {null.mean * k:.1f}"
    if one.holds:
        return f"{em(section)} holds together: {near}."
    return f"{em(section)} cannot be told from a section dealt at random: {near}."


def figures_line(found: Survey) -> None:
    """Interval, null and n of the headline; what was read."""
    one, placed = found.purity.overall, found.purity.placed
    said = [f"Share of a paper's nearest {found.purity.k} in a section of its own: {figure(one)}, n = {one.n:,}"]
    if one.null:
        said.append(f"sections dealt at random {one.null.mean:.2f}, p {probability(one.null.p)}; more is better")
    if placed.null:
        said.append(
            f"nearest to a section of its own: {figure(placed)}, at random {placed.null.mean:.2f},"
            f" p {probability(placed.null.p)}"
        )
    note(escape(f"{'; '.join(said)}."))
    note(escape(" ".join(f"{one.name}: {one.read.sentence()}." for one in found.catalogues)))


def tables(found: Survey, section: str) -> None:
    """Sections, candidates, links out by Streamlit's own columns, and downloads."""
    misfiled, missing = misfiled_table(found), missing_table(found)
    if section != EVERY:
        misfiled = _of(misfiled, section, "section", "other")
        missing = _of(missing, section, "section")
    _table(
        f"Sections ({len(found.purity.sections):,})",
        sections_table(found),
        "sections",
        "purity: share of the nearest of its papers that are in it too; chance: sections dealt at random within their"
        " catalogue. q: Benjamini–Hochberg over the sections. Fewer than four papers: not told.",
    )
    _table(
        f"Misfiled? ({len(misfiled):,})",
        misfiled,
        "misfiled",
        "Nearer to another section of the same list than to any of its own, by the mean of its titles (margin: the"
        " difference of the two cosines) and by its neighbors. Of titles alone: a reason to look, no verdict.",
    )
    if len(found.catalogues) > 1:
        _table(
            f"Missing neighbors ({len(missing):,})",
            missing,
            "missing",
            f"Listed by one catalogue and not by the other, though its mean cosine to its {found.purity.k} nearest"
            " there is above that of half of the papers listed there (margin: by how much). Both list"
            f" {len(found.across.both):,}: {'; '.join(found.across.both[:6]) or 'none'}.",
        )


def papers_table(found: Survey, section: str) -> None:
    """The papers themselves."""
    table = pa.table({"title": list(found.space.items)})
    for name in ("year", "section", "link"):
        table = table.append_column(name, found.space.columns[name])
    if section != EVERY:
        table = table.filter(pa.array(found.titles.held[:, found.titles.sections.index(section)]))
    _table(f"Papers ({len(table):,})", table, "papers", "Facts alone: title, year, section (the first), link.")


def _of(table: pa.Table, section: str, *columns: str) -> pa.Table:
    marks = [pc.equal(table[name], section) for name in columns]
    return table.filter(marks[0] if len(marks) == 1 else pc.or_(*marks))


def _table(label: str, table: pa.Table, name: str, how: str) -> None:
    with st.expander(label):
        st.dataframe(table, hide_index=True, column_config=_LINK | _ROUND, alt=label)
        note(escape(how))
        st.download_button(
            "Download as CSV", lambda: to_csv(table), file_name("atlas", name), "text/csv", key=f"atlas-{name}-csv"
        )
