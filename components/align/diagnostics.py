"""What is known of an alignment before anything is tested: residuals, anchors that look wrong, how alike the spaces
are.
"""

from __future__ import annotations

from html import escape

import plotly.graph_objects as go
import pyarrow as pa
import streamlit as st

from components.align.cached import criterion
from components.align.panel import Asked
from components.align.rows import Outcomes
from components.align.table import Cell
from components.parts.figure_tools import figure_tools
from components.parts.interval_dots import Dot, interval_dots
from components.parts.palette import GREY, OKABE_ITO
from components.parts.spoken import later, say
from components.parts.tables import csv_of
from components.shell.frame import ems, note
from components.shell.stage.charts import chart
from isogloss.alignment.anchors.checked import Checked, checked
from isogloss.alignment.diagnostics import band_residuals, divergence_of, orthogonality, relation_of, spectrum
from isogloss.alignment.method import METHODS
from isogloss.alignment.reasons import BANDS
from isogloss.alignment.trial import Trial
from isogloss.types import Floats

_SHOWN = 200
_LIKELY = {
    True: later("words whose meaning changed or differs between the two sides"),
    False: later("words whose meaning differs, homographs, or wrong translations"),
}


@st.cache_resource(show_spinner=False, max_entries=8)
def _checked(key: str, _trial: Trial) -> Checked | None:
    return checked(_trial.source, _trial.target, _trial.train, steps=_trial.learning.steps)


def before_results(asked: Asked, trial: Trial, outcomes: Outcomes, *, cell: Cell) -> None:
    """The lines above the results: what the anchors alone say."""
    told = outcomes[cell.method].diagnostics
    n, row = told["n_train"], told.get("relational_similarity")
    if row is None:
        note(say("Learnt from {n:,} anchors: too few to say how alike the spaces are.", n=n))
        return
    held, alike = told.get("held_out_precision_at_1"), relation_of(row)
    low, high = alike.interval or (alike.value, alike.value)
    shuffled = alike.null.p95 if alike.null else 0.0
    tenth = (
        say(", of a tenth held out {held:.0%} are found by Procrustes and NN", held=held) if held is not None else ""
    )
    note(
        say(
            "Before any test: {n:,} training anchors{tenth}; similarities within the two spaces correlate at"
            " {value:.2f} (95% interval {low:.2f} to {high:.2f}; shuffled at most {shuffled:.2f}, n = {pairs:,}; 1 is a"
            " rotated copy).",
            n=n,
            tenth=tenth,
            value=alike.value,
            low=low,
            high=high,
            shuffled=shuffled,
            pairs=alike.n,
        )
    )
    found = _checked(trial.key("procrustes"), trial)
    same = asked.setup.anchors.kind == "identical"
    if found is not None and found.too_many(identical=same):
        worst = [trial.source.items[found.a[i]] for i in found.worst[:3]]
        warned = say(
            "{wrong:,} of {n:,} anchors ({share:.1%}) lie far from their partner when the others are aligned, {words}"
            " farthest: {likely} are likely among the anchors. See Diagnostics; <i>Drop suspicious anchors</i> trains"
            " without them.",
            wrong=found.n_wrong,
            n=n,
            share=found.share_wrong,
            words=ems(worst),
            likely=say(_LIKELY[same]),
        )
        st.html(f'<div class="iso-warning">{warned}</div>')


def diagnostics(asked: Asked, trial: Trial, outcomes: Outcomes, *, cell: Cell) -> None:
    """Residuals by frequency, the anchors that look wrong, singular values, how alike the spaces are, the training
    criterion.
    """
    outcome = outcomes[cell.method]
    traces = {method: list(one.trace) for method, one in outcomes.items() if len(one.trace) > 1}
    if traces:
        note(
            say(
                "What the training made less or more, step by step: the loss of RCSLS, mean cosines of refinement and"
                " self-learning."
            )
        )
        chart(criterion(traces), key="traces", config={"displayModeBar": False}, alt=say("Training criteria"))
    found = _checked(trial.key("procrustes"), trial)
    left, right = st.columns(2, gap="large")
    values = [spectrum(side.matrix) for side in (outcome.mapping.source, outcome.mapping.target)]
    with right:
        off = orthogonality(outcome.mapping.source.matrix)
        kind = (
            say("orthogonal: nothing is stretched")
            if off < 1e-6
            else say("‖WᵀW − I‖ = {off:.2f}: directions are stretched or shrunk", off=off)
        )
        note(
            say(
                "Singular values of {title}'s map of the source, {kind}.",
                title=escape(METHODS[cell.method].title),
                kind=kind,
            )
        )
        with st.container(key="singular-picture"):
            chart(
                _singular(values, trial),
                key="singular",
                config={"displayModeBar": False},
                alt=say("Singular values of the map"),
            )
        told = say(
            "Singular values of the map of {title}, {pair}.", title=METHODS[cell.method].title, pair=_pair(trial)
        )
        figure_tools("singular-picture", ("singular", _pair(trial)), told)
    if found is None:
        note(say("Fewer than 20 anchors: residuals and likeness are not told."))
        return
    with left:
        note(
            say(
                "Distance of an anchor to its partner under a map of all the others, by frequency rank of the source"
                " (unit vectors; 0 is the same place)."
            )
        )
        with st.container(key="residuals-picture"):
            chart(
                _bands(found), key="residuals", config={"displayModeBar": False}, alt=say("Residuals by frequency band")
            )
        told = say("Distance of anchors to their partners by frequency band, {pair}.", pair=_pair(trial))
        figure_tools("residuals-picture", ("residuals", _pair(trial)), told)
    if row := outcome.diagnostics.get("eigenvalue_divergence"):
        apart = divergence_of(row)
        reference = apart.null.mean if apart.null else apart.value
        note(
            say(
                "Isomorphism: eigenvalue divergence of the nearest-neighbor graphs of translations {value:,.1f} (lower"
                " is more alike; {reference:,.1f} between different words of one side; as much as that means that"
                " translations are no more alike; n = {n:,}).",
                value=apart.value,
                reference=reference,
                n=apart.n,
            )
        )
    order = found.worst[: min(found.n_wrong, _SHOWN)]
    note(
        say(
            "{wrong:,} of {n:,} anchors are suspicious: their residual lies more than three scaled median"
            " absolute deviations above the median, each measured under a map of the others. Some are wrong"
            " translations, some are words whose meaning differs between the two sides.",
            wrong=found.n_wrong,
            n=len(found),
        )
    )
    table = pa.table(
        {
            "source": [trial.source.items[found.a[i]] for i in order],
            "target": [trial.target.items[found.b[i]] for i in order],
            "residual": found.residual[order].round(3),
            "rank of source": found.a[order] + 1,
            "rank of target": found.b[order] + 1,
        }
    )
    st.dataframe(
        table,
        hide_index=True,
        height=min(400, 38 + 35 * max(len(table), 1)),
        key="suspicious",
        alt=say("Suspicious anchors, the worst first"),
    )
    st.download_button(
        say("Download them as CSV"),
        csv_of(table, _pair(trial)),
        "suspicious-anchors.csv",
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
        key="suspicious-csv",
    )


def _singular(values: list[Floats], trial: Trial) -> go.Figure:
    figure = go.Figure()
    for i, (name, some) in enumerate(zip((trial.source.name, trial.target.name), values, strict=True)):
        figure.add_trace(
            go.Scatter(
                y=some,
                x=list(range(1, len(some) + 1)),
                name=escape(name),
                line={"color": OKABE_ITO[i]},
                hovertemplate="%{x}: %{y:.3f}<extra></extra>",
            )
        )
    figure.add_hline(y=1, line={"dash": "dot", "width": 1, "color": GREY})
    figure.update_layout(
        height=260,
        margin={"l": 10, "r": 10, "t": 26, "b": 10},
        dragmode=False,
        yaxis={"rangemode": "tozero"},
        xaxis={"title": "direction"},
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0},
    )
    return figure


def _bands(found: Checked) -> go.Figure:
    rows = band_residuals(found.residual, found.a, BANDS)
    dots = [Dot(f"{band} (n = {one.n:,})", one) for band, one in rows.items()]
    return interval_dots(dots, say("mean residual, 95% interval"))


def _pair(trial: Trial) -> str:
    return say("{first} and {last}", first=trial.source.name, last=trial.target.name)
