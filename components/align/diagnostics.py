"""What is known of an alignment before anything is tested: residuals, anchors that look wrong, how alike the spaces
are.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go
import pyarrow as pa
import streamlit as st

from components.align.cached import criterion
from components.align.panel import TITLES, Asked
from components.align.table import Cell, Outcomes
from components.parts.interval_dots import Dot, interval_dots
from components.parts.palette import GREY, OKABE_ITO
from components.parts.tables import to_csv
from components.shell.frame import ems, note
from isogloss.alignment.diagnostics import band_residuals, leave_one_out, suspicious
from isogloss.alignment.preprocess import Preprocessing
from isogloss.alignment.reasons import BANDS
from isogloss.alignment.trial import Trial

_SHOWN = 200
# A share of suspicious anchors that is worth a warning; blurred copies without any have .003 (of 300 dimensions) to
# .007 (of 50).
_MANY, _FEWEST = {True: 0.008, False: 0.02}, 5
_LIKELY = {
    True: "words whose meaning changed or differs between the two sides",
    False: "words whose meaning differs, homographs, or wrong translations",
}


@dataclass(frozen=True, eq=False)
class Checked:
    """Of the training anchors that both spaces hold: rows, leave-one-out residuals, and which look wrong."""

    a: npt.NDArray[np.int64]
    b: npt.NDArray[np.int64]
    residual: npt.NDArray[np.float64]
    wrong: npt.NDArray[np.bool_]


@st.cache_resource(show_spinner=False, max_entries=8)
def _checked(key: str, _trial: Trial) -> Checked | None:
    a, b = _trial.train.rows(_trial.source, _trial.target)
    if len(a) < 20:
        return None
    sides = []
    for space, rows in ((_trial.source, a), (_trial.target, b)):
        done = Preprocessing.learnt(space.vectors, _trial.steps)[0]
        sides.append(done.apply(space.vectors[rows]))
    x, z = sides
    residual = leave_one_out(x, z)
    return Checked(a, b, residual, suspicious(residual))


def before_results(asked: Asked, trial: Trial, outcomes: Outcomes, cell: Cell) -> None:
    """The lines above the results: what the anchors alone say."""
    told = outcomes[cell.method].diagnostics
    n, r = told["n_train"], told.get("relational_similarity")
    if r is None:
        note(f"Learnt from {n:,} anchors: too few to say how alike the spaces are.")
        return
    held = told.get("held_out_precision_at_1")
    tenth = f", of a tenth held out {held:.0%} are found by Procrustes and NN" if held is not None else ""
    note(
        f"Before any test: {n:,} training anchors{tenth}; similarities within the two spaces correlate at"
        f" {r['value']:.2f} (95 % interval {r['low']:.2f} to {r['high']:.2f}; shuffled at most {r['null_high']:.2f}, n"
        f" = {r['n']:,}; 1 is a rotated copy)."
    )
    checked = _checked(trial.key("procrustes"), trial)
    same = asked.setup.anchors == "identical"
    if checked is not None and (wrong := int(checked.wrong.sum())) > max(_FEWEST, _MANY[same] * n):
        worst = [trial.source.items[checked.a[i]] for i in np.argsort(-checked.residual)[:3]]
        st.html(
            f'<div class="iso-warning">{wrong:,} of {n:,} anchors ({wrong / n:.1%}) lie far from their partner '
            f"when the others are aligned, {ems(worst)} farthest: {_LIKELY[same]} "
            "are likely among the anchors. See Diagnostics; <i>Drop suspicious anchors</i> trains without them.</div>"
        )


def diagnostics(asked: Asked, trial: Trial, outcomes: Outcomes, cell: Cell) -> None:
    """Residuals by frequency, the anchors that look wrong, singular values, how alike the spaces are, the training
    criterion.
    """
    outcome = outcomes[cell.method]
    traces = {method: list(one.trace) for method, one in outcomes.items() if len(one.trace) > 1}
    if traces:
        note(
            "What the training made less or more, step by step: the loss of RCSLS, mean cosines of refinement and"
            " self-learning."
        )
        st.plotly_chart(criterion(traces), key="traces", config={"displayModeBar": False}, alt="Training criteria")
    checked = _checked(trial.key("procrustes"), trial)
    left, right = st.columns(2, gap="large")
    values = [np.linalg.svd(side.matrix, compute_uv=False) for side in (outcome.mapping.source, outcome.mapping.target)]
    with right:
        off = float(
            np.linalg.norm(outcome.mapping.source.matrix.T @ outcome.mapping.source.matrix - np.eye(len(values[0])))
        )
        kind = (
            "orthogonal: nothing is stretched"
            if off < 1e-6
            else f"‖WᵀW − I‖ = {off:.2f}: directions are stretched or shrunk"
        )
        note(f"Singular values of {escape(TITLES.get(cell.method, cell.method))}'s map of the source, {kind}.")
        st.plotly_chart(
            _singular(values, trial), key="singular", config={"displayModeBar": False}, alt="Singular values of the map"
        )
    if checked is None:
        note("Fewer than 20 anchors: residuals and likeness are not told.")
        return
    with left:
        note(
            "Distance of an anchor to its partner under a map of all the others, by frequency rank of the source (unit"
            " vectors; 0 is the same place)."
        )
        st.plotly_chart(
            _bands(checked), key="residuals", config={"displayModeBar": False}, alt="Residuals by frequency band"
        )
    if d := outcome.diagnostics.get("eigenvalue_divergence"):
        note(
            f"Isomorphism: eigenvalue divergence of the nearest-neighbor graphs of translations {d['value']:,.1f}"
            f" (lower is more alike; {d['reference']:,.1f} between different words of one side; as much as that means"
            f" that translations are no more alike; n = {d['n']:,})."
        )
    order = np.argsort(-checked.residual)
    order = order[checked.wrong[order]][:_SHOWN]
    note(
        f"{int(checked.wrong.sum()):,} of {len(checked.wrong):,} anchors are suspicious: their residual lies more than"
        " three scaled median absolute deviations above the median, each measured under a map of the others. Some are"
        " wrong translations, some are words whose meaning differs between the two sides."
    )
    table = pa.table(
        {
            "source": [trial.source.items[checked.a[i]] for i in order],
            "target": [trial.target.items[checked.b[i]] for i in order],
            "residual": checked.residual[order].round(3),
            "rank of source": checked.a[order] + 1,
            "rank of target": checked.b[order] + 1,
        }
    )
    st.dataframe(
        table,
        hide_index=True,
        height=min(400, 38 + 35 * max(len(table), 1)),
        key="suspicious",
        alt="Suspicious anchors, the worst first",
    )
    st.download_button(
        "Download them as CSV", lambda: to_csv(table), "suspicious-anchors.csv", "text/csv", icon=":material/download:"
    )


def _singular(values: list[npt.NDArray[np.float64]], trial: Trial) -> go.Figure:
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


def _bands(checked: Checked) -> go.Figure:
    rows = band_residuals(checked.residual, checked.a, BANDS)
    return interval_dots(
        [Dot(f"{band} (n = {n:,})", mean, low, high, n) for band, n, mean, low, high in rows],
        "mean residual, 95 % interval",
    )
