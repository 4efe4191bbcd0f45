"""Into the notebook: the row that is open, and the rule of the rows that are shown; of one's own file too."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow as pa
import streamlit as st

from components.parts.markdown import plain
from components.parts.spoken import say
from components.parts.tables import file_name
from components.rewriting.opened import Opened
from components.shell.frame import note
from components.shell.jobs import command, key_of, offer
from components.shell.lenses import link
from isogloss.formats.own_columns import own_columns
from isogloss.notebook.case import Case
from isogloss.notebook.figures import KeptFigure
from isogloss.notebook.rules import Rule
from isogloss.notebook.view import View
from isogloss.resampling import wilson_interval
from isogloss.rewriting.file import PairsFile
from isogloss.rewriting.pairs import Pairs
from isogloss.rewriting.profile import Failure
from isogloss.rewriting.span import titled
from isogloss.workspace.access import read_only
from isogloss.workspace.store import check_name

Keep = Callable[[Case], None]
_LONGEST, _MOST_LINES = 4_000, 50


def rule_of(kind: str, what: str, *, column: str = "", group: str = "", of_any: str = "any") -> Rule:
    """The rule that is true of the rows of a choice, over the table of failures (`The reasons as CSV`).

    >>> rule_of("lost", "any", column="language", group="O'Hara").text
    "kind = 'lost' and language = 'O\\\\'Hara'"
    """
    parts = [
        f"{name} = {_quoted(value)}"
        for name, value in (("kind", kind), ("what", what), (_named(column), group))
        if value != of_any and name
    ]
    found = Rule(" and ".join(parts) or "kind ≠ ''", "pairs that failed")
    found.tree  # noqa: B018 - raises
    return found


def _named(column: str) -> str:
    return column if column.isidentifier() or not column else f"`{column}`"


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def case_of_row(opened: Opened, profile: str, failures: Sequence[Failure], *, at: int) -> Case:
    """A pair with what went wrong in it. The case holds both texts: the file that they are of is not kept."""
    pairs = opened.pairs
    told = "; ".join(f"{one.kind.replace('_', ' ')} {titled(one.what)}: {one.span[:200]}" for one in failures[:20])
    return Case(
        View.of("Pairs", {"profile": profile, "row": str(pairs.rows[at])}),
        title=f"row {pairs.rows[at]} of {opened.called} · {profile}"[:400],
        figures=(KeptFigure(name="failures", value=len(failures), n=len(pairs)),),
        lines=(pairs.source[at][:_LONGEST], pairs.target[at][:_LONGEST]),
        comment=told[:_LONGEST],
        tags=tuple(dict.fromkeys(one.kind for one in failures))[:20],
        fingerprints=_fingerprints(opened.file),
    )


def case_of_rule(opened: Opened, profile: str, rule: Rule, *, rows: Sequence[int]) -> Case:
    """A group of pairs: its rule, how many they are of all with Wilson's interval, and the first 50."""
    pairs, n = opened.pairs, len(opened.pairs)
    low, high = wilson_interval(len(rows) / n, n)
    lines = [f"{pairs.rows[at]}\t{pairs.source[at][:400]}\t{pairs.target[at][:400]}" for at in rows[:_MOST_LINES]]
    return Case(
        View.of("Pairs", {"profile": profile}),
        title=f"{rule.text} · {opened.called}"[:400],
        figures=(KeptFigure(name="share of pairs", value=len(rows) / n, low=low, high=high, n=n),),
        lines=tuple(lines),
        how="rule",
        rule=rule.text,
        fingerprints=_fingerprints(opened.file),
    )


def keeping(
    opened: Opened,
    profile: str,
    failures: Sequence[Failure],
    *,
    at: int,
    rows: Sequence[int],
    rule: Rule,
    keep: Keep,
) -> None:
    """Two buttons, and the rule as a file that the notebook's rules read. failures: of the row that is open."""
    with st.container(horizontal=True, gap="small", key="pairs-keeping"):
        if st.button(say("Keep this row"), key="pairs-keep-row", icon=":material/bookmark_add:"):
            keep(case_of_row(opened, profile, failures, at=at))
        if st.button(say("Keep as a group"), key="pairs-keep-rule", icon=":material/rule:", help=plain(rule.text)):
            keep(case_of_rule(opened, profile, rule, rows=rows))
        told = json.dumps(rule.as_json(), ensure_ascii=False, indent=1)
        st.download_button(
            say("The rule"),
            told,
            file_name("rule", ending="json"),
            "application/json",
            key="pairs-rule",
            on_click="ignore",
        )


def collecting(opened: Opened, profile: str, by: str = "") -> None:
    """The pairs as a collection of two spaces, made in a process of its own. by: the column that colours its arrows on
    the map. Raises InvalidValue.
    """
    if read_only():
        return
    with st.expander(say("As a collection")):
        note(say("Both sides encoded: Neighbors, Map, Drift and Scripts then show a pair as one item in two spaces."))
        name = st.text_input(say("Name"), "my-pairs", key="pairs-into", max_chars=64).strip()
        check_name(name)
        given = [str(one) for one in opened.file.paths] if opened.file else [opened.pairs.name]
        asked = command(
            "pairs", given, profile=profile, into=name, source=opened.source or None, target=opened.target or None
        )
        if offer(key_of("pairs", asked), asked, "", label=say("Make the collection"), button="pairs-collect"):
            link("Map", say("Open it on the map"), **arrows_of(opened.pairs, name, by))


def arrows_of(pairs: Pairs, collection: str, by: str) -> dict[str, str]:
    """The address of the map that shows a collection of pairs as arrows, from what was given to what was made of it.

    >>> arrows_of(Pairs("", ["a"], ["b"], {"count": ["many"]}), "mine", "count")
    {'collection': 'mine', 'view': 'together', 'at': 'a', 'colour': 'count (file)'}
    """
    told = {"collection": collection, "view": "together", "at": "a"}
    if by in pairs.columns:
        told["colour"] = own_columns(pa.table({by: list(pairs.columns[by])}))[0].column_names[0]
    return told


def _fingerprints(file: PairsFile | None) -> dict[str, str]:
    return {} if file is None else {f"file {i + 1}": _digest(one) for i, one in enumerate(file.paths)}


@st.cache_data(show_spinner=False, max_entries=32)
def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
