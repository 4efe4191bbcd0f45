"""Imbalance: a language and its clone, by the share of the clone and the words that both share."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import plotly.graph_objects as go
import pyarrow as pa
import streamlit as st

from components.imbalance.layers import small_transformer
from components.parts.figure_tools import figure_tools
from components.parts.palette import HEAT, INK
from components.parts.spoken import count, later, say
from components.parts.told import told as in_words
from components.shell import state
from components.shell.frame import lead, note
from components.shell.intake import pick_recipe
from components.shell.jobs import command, key_of, offer
from components.shell.pickers import pick_kept, pick_said
from components.shell.stage.charts import chart
from components.shell.visit import workspace
from isogloss.imbalance.kept import kept_grids
from isogloss.imbalance.recipe import read_imbalance

MEASURES = {
    later("P@1 after a rotation"): "precision_at_1_rotated",
    later("P@1"): "precision_at_1",
    later("P@1 by CSLS"): "precision_at_1_csls",
    later("Cosine"): "cosine",
    later("Isomorphism"): "isomorphism",
    later("Cosine of counts"): "count_cosine",
}
_TEMPLATE = """[corpus]
file = "texts.csv"
text = "text"
vocabulary = 3000

# [transformer]            # a small one on the same grid: hidden states by layer, a minute each
# epochs = 6

[grid]
shares = [0.5, 0.3, 0.1]   # of the sentences that are the clone's
anchors = [0.0, 0.1, 0.3]  # of the words that both share
tokens = [200000]
seeds = [1, 2, 3]
"""


def pick_grid() -> tuple[str, Mapping[str, Any] | None]:
    """Name and content of the grid of the address, else the first. Raises NotFound, StoreError."""
    return pick_kept(kept_grids(workspace()), say("Grid"), key="grid")


def pick_view(told: Mapping[str, Any]) -> tuple[str, int]:
    """Measure and size, bound to the address."""
    sizes = [str(one) for one in sorted({int(row["tokens"]) for row in told["grid"]})]
    state.check_bound(
        {"measure": list(MEASURES), "tokens": sizes}, {"measure": next(iter(MEASURES)), "tokens": sizes[-1]}
    )
    opening = next(iter(MEASURES))
    measure = pick_said(st.selectbox, say("Measure"), list(MEASURES), key="measure", default=opening)
    size = sizes[-1]
    if len(sizes) > 1:
        size = st.selectbox(say("Tokens"), sizes, len(sizes) - 1, key="tokens", bind="query-params")
    return measure, int(size)


def shown(name: str, told: Mapping[str, Any], measure: str, tokens: int) -> None:
    """Sentence, picture, what it cannot show."""
    first, also, second = told["said"].partition(". With ")  # one sentence is enough to begin with
    lead(escape(in_words(f"{first}." if also else first)))
    rows = [row for row in told["grid"] if int(row["tokens"]) == tokens]
    with st.container(key="picture"):
        chart(
            heat(rows, MEASURES[measure], say(measure)),
            key="imbalance-picture",
            height="stretch",
            config={"displayModeBar": False},
            alt=say("{measure} by the share of the clone and the share of common words", measure=say(measure)),
        )
    caption = say("{measure}, {corpus} and its clone.", measure=say(measure), corpus=told["corpus"])
    figure_tools("picture", ("imbalance", name, measure), caption)
    if also:
        note(escape(in_words(f"With {second}")))
    note(escape(in_words(told["cannot_show"])))
    if "transformer" in told:
        small_transformer(name, told, rows)
    with st.expander(say("All figures")):
        key = MEASURES[measure]
        table = [
            {"share of the clone": row["share"], "shared words": row["anchors"], "tokens": row["tokens"]}
            | {one: row[key][one] for one in ("n", "value", "low", "high")}
            | {"by chance": (row[key]["null"] or {}).get("mean")}
            for row in told["grid"]
        ]
        st.dataframe(pa.Table.from_pylist(table), hide_index=True)
    with st.expander(say("How it was computed")):
        note(
            escape(
                say(
                    "{measure}: {how}. Each point is drawn and trained with the seeds {seeds}; intervals: Student's t"
                    " over them. The clone of a word is known: {clones}.",
                    measure=say(measure),
                    how=in_words(told["measures"][MEASURES[measure]]),
                    seeds=told["seeds"],
                    clones=", ".join(say("{word} is {clone}", word=a, clone=b) for a, b in told["clone"].items()),
                )
            )
        )


def heat(rows: list[Mapping[str, Any]], key: str, title: str) -> go.Figure:
    """Share of the clone × share of common words; intervals in the hover."""
    shares = sorted({row["share"] for row in rows}, reverse=True)
    anchors = sorted({row["anchors"] for row in rows})
    at = {(row["anchors"], row["share"]): row[key] for row in rows}
    cells = [[at.get((a, s)) for s in shares] for a in anchors]
    figure = go.Figure(
        go.Heatmap(
            z=[[None if one is None else one["value"] for one in line] for line in cells],
            x=[f"{share:g}" for share in shares],
            y=[f"{share:.0%}" for share in anchors],
            text=[
                ["" if one is None or one["value"] is None else f"{one['value']:.3f}" for one in line] for line in cells
            ],
            customdata=[[_within(one) for one in line] for line in cells],
            texttemplate="%{text}",
            textfont={"color": INK},
            zmin=0,
            zmax=1,
            colorscale=HEAT,
            xgap=2,
            ygap=2,
            hovertemplate=say(
                "share {share}, {shared} shared: {value}", share="%{x}", shared="%{y}", value="%{customdata}"
            )
            + "<extra></extra>",
            colorbar={"thickness": 12, "outlinewidth": 0, "title": {"text": title, "side": "right"}},
        )
    )
    figure.update_layout(
        margin={"l": 10, "r": 10, "t": 10, "b": 10},
        xaxis={"type": "category", "title": {"text": say("share of the clone in the corpus")}, "showgrid": False},
        yaxis={
            "type": "category",
            "title": {"text": say("words that both share")},
            "showgrid": False,
            "automargin": True,
        },
    )
    return figure


def _number(one: Mapping[str, Any] | None) -> str:
    return "" if one is None or one["value"] is None else f"{one['value']:.3f}"


def _within(one: Mapping[str, Any] | None) -> str:
    if one is None or one["value"] is None:
        return ""
    value, n = _number(one), int(one["n"])
    if one["low"] is not None:
        value = say("{value} ({low} to {high})", value=value, low=f"{one['low']:.3f}", high=f"{one['high']:.3f}")
    if one["null"] is None:
        return say("{value}, n = {n:,}", value=value, n=n)
    return say("{value}, n = {n:,}, by chance {chance:.3f}", value=value, n=n, chance=one["null"]["mean"])


def imbalance_panel() -> None:
    """A recipe of one's own. Raises InvalidValue, StoreError."""
    with st.expander(say("Clone a corpus")):
        name = st.text_input(say("Name of the grid"), "my-grid", key="imbalance-name", max_chars=64).strip()
        path = pick_recipe("imbalance", _TEMPLATE, files={"corpus": ("file",)}, name=name)
        if path is None:
            return
        recipe = read_imbalance(path)
        grid = recipe.grid
        n = len(grid.shares) * len(grid.anchors) * len(grid.tokens) * len(grid.seeds)
        told = count(
            "{n:,} training, some 5 s for 200,000 tokens; it is kept, and it goes on when it is stopped.",
            "{n:,} trainings, some 5 s each for 200,000 tokens; each is kept, and it goes on when it is stopped.",
            n,
        )
        if offer(
            key_of("imbalance", str(path)), command("imbalance", [path]), told, label=say("Train"), button="imbalance"
        ):
            state.turn_to("grid", name)
