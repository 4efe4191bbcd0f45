"""Trials and what was reached in them, cached by their keys; quick ones are run at once, others in a process of their
own.
"""

from __future__ import annotations

import hashlib
from html import escape
from pathlib import Path

import plotly.graph_objects as go
import streamlit as st

from components.align.panel import Asked, space_of
from components.parts.palette import OKABE_ITO
from components.parts.spoken import Spoken, say
from components.shell.frame import note, shown_errors
from components.shell.jobs import command, find, key_of, offer
from components.shell.stage.charts import chart
from components.shell.visit import workspace
from isogloss.alignment.joint_maps import JointMaps, picture_key
from isogloss.alignment.method import METHODS
from isogloss.alignment.outcomes import outcomes, reach, read_live
from isogloss.alignment.setup import Setup
from isogloss.alignment.trial import Outcome, Trial
from isogloss.errors import InvalidValue
from isogloss.types import Arrays
from isogloss.workspace.access import read_only
from isogloss.workspace.folders import sweep

_SMALL = 8e8  # cosines that are looked up at once
_AT_ONCE = 5e7  # and those that nobody waits for


def trial_of(setup: Setup) -> Trial:
    """Raises InvalidValue, NotFound."""
    prints = tuple(space_of(named).fingerprint for named in (setup.source, setup.target))
    return _trial(setup.text(), prints, setup)


@st.cache_resource(show_spinner=False, max_entries=8)
def _trial(text: str, prints: tuple[str, ...], _setup: Setup) -> Trial:
    return _setup.trial(space_of)


@st.cache_resource(show_spinner=False, max_entries=24)
def _outcome(key: str, _data: Arrays) -> Outcome:
    return Outcome.of_arrays(_data)


@st.cache_resource(show_spinner=Spoken("aligning …"), max_entries=24)
def _run(key: str, _trial: Trial, method: str, script_filter: bool) -> Arrays:
    return reach(outcomes(workspace()), _trial, method, script_filter=script_filter)


def unfiltered(trial: Trial, method: str) -> Outcome | None:
    """What a method reached among targets of all scripts, where that is there."""
    key = trial.key(method)
    data = outcomes(workspace()).find(key)
    return None if data is None else _outcome(key, data)


def reached(asked: Asked, trial: Trial) -> dict[str, Outcome]:
    """The outcome of each method that is there; for the others, a way to run them."""
    found, missing = {}, []
    small = len(trial.source) * len(trial.target) <= _SMALL
    for method in asked.methods:
        key = trial.key(method, asked.script_filter)
        data = outcomes(workspace()).find(key)
        learnt = asked.script_filter and unfiltered(trial, method) is not None
        if data is None and small and (METHODS[method].quick or learnt):
            with shown_errors():
                data = _run(key, trial, method, asked.script_filter)
        if data is not None:
            found[method] = _outcome(key, data)
        elif not METHODS[method].quick or not small:
            missing.append(method)
    if missing:
        _offer(asked, trial, missing)
    return found


def reach_quickly(asked: Asked, trial: Trial, method: str, *, asked_for: bool = False) -> Outcome | None:
    """What a method reaches in another trial, where that is there or done at once.

    asked_for: also where that takes some seconds.
    """
    key = trial.key(method, asked.script_filter)
    data = outcomes(workspace()).find(key)
    most = _SMALL if asked_for else _AT_ONCE
    if data is None and METHODS[method].quick and len(trial.source) * len(trial.target) <= most:
        data = _run(key, trial, method, asked.script_filter)
    return None if data is None else _outcome(key, data)


def setup_file(setup: Setup) -> Path:
    """The setup as a file of the workspace, for a command."""
    folder = workspace().root / "setups"
    path = folder / f"{hashlib.sha256(setup.text().encode()).hexdigest()[:24]}.json"
    folder.mkdir(parents=True, exist_ok=True)
    sweep(folder, ("*",))
    if not path.exists():
        path.write_text(setup.text(), encoding="utf-8")
    path.touch()
    return path


def compare_command(setup: Path, live: Path, methods: list[str], *, script_filter: bool) -> list[str]:
    """What learns by several methods and tells the training criterion in a file as it goes."""
    return command("compare", [setup], live=live, methods=tuple(methods), script_filter=script_filter)


def draw_command(setup: Path, method: str) -> list[str]:
    """What draws the maps before and after."""
    return command("draw-alignment", [setup], method=method)


def _offer(asked: Asked, trial: Trial, missing: list[str]) -> None:
    named = ", ".join(METHODS[m].title for m in missing)
    if read_only():
        *some, last = (one.title for one in METHODS.values() if one.quick)
        raise InvalidValue(
            say("{named} would take long, and this server is read-only", named=named),
            say("choose {some} or {last}", some=", ".join(some), last=last),
        )
    path = setup_file(asked.setup)
    key = key_of("align", path.name, missing, asked.script_filter)
    live = path.with_suffix(".live")
    job = find(key)
    if job is None or not job.alive:
        live.unlink(missing_ok=True)
    else:
        _criterion(str(live))
    size = f"{len(trial.source):,} × {len(trial.target):,} items × {trial.source.dim}"
    if offer(
        key,
        compare_command(path, live, missing, script_filter=asked.script_filter),
        say("{named}: {size}. Self-learning can take many minutes.", named=named, size=size),
        label=say("Run {named}", named=named),
        button="align",
    ):
        st.rerun()


@st.fragment(run_every=2.0)
def _criterion(path: str) -> None:
    """The training criterion of the method that runs, drawn as it goes."""
    live = read_live(Path(path))
    if live:
        chart(
            criterion(live),
            key="live",
            alt=say("The training criterion, step by step"),
            config={"displayModeBar": False},
        )


def criterion(traces: dict[str, list[float]]) -> go.Figure:
    """Lines of training criteria, each method on an axis of its own as what it makes less or more differs."""
    figure = go.Figure()
    for i, (method, values) in enumerate(traces.items()):
        axis = "" if i == 0 else str(i + 1)
        figure.add_trace(
            go.Scatter(
                y=values,
                x=list(range(1, len(values) + 1)),
                name=METHODS[method].title if method in METHODS else escape(method),
                mode="lines+markers" if len(values) < 30 else "lines",
                line={"color": OKABE_ITO[i % 8]},
                yaxis=f"y{axis}",
                xaxis=f"x{axis}",
                hovertemplate=say("step {n}: {value}", n="%{x}", value="%{y:.4f}") + "<extra></extra>",
            )
        )
    n = len(traces)
    figure.update_layout(
        height=240,
        margin={"l": 10, "r": 10, "t": 30, "b": 30},
        grid={"rows": 1, "columns": max(n, 1), "pattern": "independent"},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
    )
    return figure


def picture_of(asked: Asked, trial: Trial, method: str) -> JointMaps | None:
    """The joint maps of a method; a way to draw them where they are not there yet."""
    key = picture_key(trial, method)
    data = outcomes(workspace()).find(key)
    if data is not None:
        return JointMaps.of_arrays(data)
    if read_only():
        note("Maps are not drawn on a read-only server.")
        return None
    if offer(
        key_of("draw", key),
        draw_command(setup_file(asked.setup), method),
        say(
            "Two UMAPs of the test words, their translations and the 2,000 most frequent items of each side: about"
            " half a minute."
        ),
        label=say("Draw the maps"),
        button="draw",
    ):
        st.rerun()
    return None
