"""Which documents carry a word's drift: the smallest set that takes the finding away, where texts are attached."""

from __future__ import annotations

from html import escape
from typing import Any

import plotly.graph_objects as go
import pyarrow as pa
import streamlit as st

from components.parts.palette import OKABE_ITO
from components.parts.spoken import count, say
from components.shell.cached import derived_of
from components.shell.frame import note
from components.shell.jobs import command, key_of, offer
from components.shell.stage.charts import chart
from components.shell.visit import workspace
from isogloss.corpora.passages import Passages
from isogloss.drift.ranking import Ranking
from isogloss.spaces.collection import Collection
from isogloss.training.influence.carried import find_carried
from isogloss.workspace.access import read_only

_SHOWN = 20


def carriers(collection: Collection, item: str, ranking: Ranking, *, source: str, target: str) -> None:
    """What was found, or the way to it. Nothing where no texts are attached, or the word lies within noise."""
    if item not in ranking or not Passages(workspace(), collection.name).attached or collection.compass is None:
        return
    row = ranking.rows[item]
    if not ranking.distance[row] > ranking.null_high[row]:
        return
    found = find_carried(derived_of(collection), collection, item, source=source, target=target, within=target)
    if found is not None:
        _show(found)
        return
    if read_only():
        return
    with st.expander(say("Which documents carry it?")):
        offer(
            key_of("influence", collection.name, item, source, target),
            [*command("influence", source=source, target=target), "--", collection.name, item],
            say(
                "The smallest set of documents of {space} without which {word} has not moved: the slice is trained"
                " again without the most influential, some minutes in all.",
                space=escape(target),
                word=escape(item),
            ),
            label=say("Find them"),
            button="influence",
        )


def _show(found: dict[str, Any]) -> None:
    n, of, noise = found["smallest"], found["n_documents"], found["null_p95"]
    item, within = escape(found["item"]), escape(found["within"])
    if n is None:
        note(
            say(
                "<b>{word}</b> survives: without its {most:,} most influential of {of:,} documents of {space} it is"
                " still {without:.2f} away (noise {noise:.2f}).",
                word=item,
                most=found["most"],
                of=of,
                space=within,
                without=found["without"],
                noise=noise,
            )
        )
    else:
        fewer = found["fewer"]
        less = "" if fewer is None else say("; without one less it is {distance:.2f}", distance=fewer)
        note(
            say(
                "Without <b>{n:,} of {of:,}</b> documents of {space} the drift of <b>{word}</b> is not distinguishable"
                " from noise: {distance:.2f} becomes {without:.2f} (noise {noise:.2f}){less}.",
                n=n,
                of=of,
                space=within,
                word=item,
                distance=found["distance"],
                without=found["without"],
                noise=noise,
                less=less,
            )
        )
    documents = found["documents"]
    rows = documents[:_SHOWN]
    figure = go.Figure(
        go.Bar(
            x=[one["influence"] for one in rows],
            y=[f"{number}. {escape(one['document'][:48])}" for number, one in enumerate(rows, 1)],
            orientation="h",
            marker={"color": OKABE_ITO[0]},
            customdata=[one["uses"] for one in rows],
            hovertemplate=say("{place}: {share}, {n} uses", place="%{y}", share="%{x:.1%}", n="%{customdata}")
            + "<extra></extra>",
        )
    )
    figure.update_layout(
        height=80 + 24 * len(rows),
        margin={"l": 10, "r": 10, "t": 10, "b": 10},
        dragmode=False,
        xaxis={
            "tickformat": ".0%",
            "title": say("share of the distance that it carries (first order)"),
            "automargin": True,
        },
        yaxis={"autorange": "reversed", "automargin": True},
    )
    with st.expander(count("The {n:,} document", "The {n:,} documents", len(documents))):
        chart(figure, key="carriers", config={"displayModeBar": False}, alt=say("Documents by their influence"))
        st.dataframe(pa.Table.from_pylist(documents), hide_index=True, alt=say("Documents by their influence"))
