"""A model with fewer tokens: a slider over how many stay, what held-out text loses, and the folder."""

from __future__ import annotations

import io
import zipfile
from html import escape
from pathlib import Path

import plotly.graph_objects as go
import pyarrow as pa
import streamlit as st

from components.parts.figure_tools import figure_tools
from components.parts.labels import written
from components.parts.numbers import figure, share
from components.parts.palette import OKABE_ITO
from components.parts.spoken import Spoken, count, say
from components.parts.told import told as in_words
from components.shell import state
from components.shell.frame import em, lead, note
from components.shell.jobs import command, key_of, offer
from components.shell.stage.charts import chart
from components.shell.visit import workspace
from components.vocabulary.moved import shown_moved
from components.vocabulary.pick import Picked, called, model_of, texts_of
from isogloss.errors import StoreError
from isogloss.vocabulary.kept import Choice
from isogloss.vocabulary.texts import chosen, together
from isogloss.vocabulary.trim import PREDICTS, Plan, Trimmed, plan, split
from isogloss.workspace.access import read_only

_MOST_ZIP = 1 << 30


def pick_trim(picked: Picked) -> tuple[list[str], Choice]:
    """Whose texts, how many tokens, which scripts whole."""
    model, groups = model_of(picked), texts_of(picked)[0]
    names = st.multiselect(
        say("Languages"), list(groups), key="trim-languages", placeholder=say("all"), format_func=called
    )
    most = len(model.subwords)
    opening = opening_size(picked, most)
    state.check_number("top", 1, most, opening)
    top = st.slider(say("Tokens kept, the most frequent"), 1, most, opening, key="top", bind="query-params")
    scripts = st.multiselect(
        say("Scripts kept whole"),
        list(model.subwords.by_script()),
        key="trim-scripts",
        placeholder=say("Choose options"),
        format_func=written,
        help=say("No letters: digits, signs, and parts of letters."),
    )
    return names, Choice(top=int(top), scripts=tuple(scripts))


def opening_size(picked: Picked, most: int) -> int:
    """As many tokens as the texts use at all: with fewer, lines are lost that need not be."""
    return max(1, min(most, _plan(picked.key, (), Choice(top=most), picked).found.curve[-1].tokens))


def shown_trim(picked: Picked, names: list[str], choice: Choice) -> None:
    """Headline, curve, before and after, the folder."""
    made = _plan(picked.key, tuple(names), choice, picked)
    found = made.found
    lead(headline(found))
    with st.container(key="picture"):
        chart(
            curve(found),
            key="curve",
            height="stretch",
            config={"displayModeBar": False},
            alt=say("Held-out lines cut as before by tokens"),
        )
    caption = say("Held-out lines cut as before, n = {n:,}.", n=found.held_out)
    figure_tools("picture", ("trim", found.model), caption)
    st.dataframe(before_after(found), hide_index=True, alt=say("Before and after"))
    note(
        count(
            "{n:,} line is held out of {of:,}; tokens were chosen by the others. The line of the picture takes the most"
            " frequent tokens alone, without whole scripts. {what}.",
            "{n:,} lines are held out of {of:,}; tokens were chosen by the others. The line of the picture takes the"
            " most frequent tokens alone, without whole scripts. {what}.",
            found.held_out,
            of=found.lines + found.held_out,
            what=escape(in_words(PREDICTS)),
        )
    )
    if found.changed:
        title = count(
            "{n:,} held-out line that is cut otherwise",
            "{n:,} held-out lines that are cut otherwise",
            len(found.changed),
        )
        with st.expander(title):
            st.dataframe(pa.table({"line": list(found.changed[:500])}), hide_index=True, alt=say("Lines cut otherwise"))
    out = folder_of(picked, names, choice)
    shown_moved(picked, out.name, made, _lines(picked, tuple(names))[1], out)
    _folder(picked, names, choice)


def headline(found: Trimmed) -> str:
    """Tokens, parameters, coverage with its interval."""
    low, high = found.coverage.interval or (0.0, 1.0)
    fields = {
        "kept": found.tokens[1],
        "tokens": found.tokens[0],
        "model": em(found.model),
        "share": share(found.coverage.value),
        "low": low,
        "high": high,
        "n": found.held_out,
    }
    if not found.parameters:
        return say(
            "With <b>{kept:,}</b> of {tokens:,} tokens {model} cuts <b>{share}</b> of held-out lines as before (95%:"
            " {low:.0%} to {high:.0%}, n = {n:,}).",
            **fields,
        )
    return say(
        "With <b>{kept:,}</b> of {tokens:,} tokens and <b>{parameters}</b> of the parameters {model} cuts"
        " <b>{share}</b> of held-out lines as before (95%: {low:.0%} to {high:.0%}, n = {n:,}).",
        parameters=share(found.share),
        **fields,
    )


def curve(found: Trimmed) -> go.Figure:
    """Coverage and parameters against tokens kept; a mark where the choice lies."""
    points, whole = found.curve, found.parameters[0] if found.parameters else 0
    sizes = [one.tokens for one in points]
    made = go.Figure(
        go.Scatter(x=sizes, y=[one.coverage for one in points], name=say("held-out lines cut as before"), line_width=3)
    )
    if whole:
        shares = [(one.parameters or 0) / whole for one in points]
        made.add_scatter(x=sizes, y=shares, name=say("parameters"), line={"dash": "dot", "color": "#999999"})
    low, high = found.coverage.interval or (found.coverage.value, found.coverage.value)
    made.add_scatter(
        x=[found.tokens[1]],
        y=[found.coverage.value],
        name=say("chosen"),
        mode="markers",
        marker={"size": 13, "color": OKABE_ITO[1]},
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [high - found.coverage.value],
            "arrayminus": [found.coverage.value - low],
        },
    )
    made.update_layout(
        margin={"l": 10, "r": 10, "t": 10, "b": 10},
        dragmode=False,
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.02},
        xaxis={"type": "log", "title": say("tokens kept"), "dtick": 1},
        yaxis={"tickformat": ".0%", "range": [-0.03, 1.03]},
    )
    return made


def before_after(found: Trimmed) -> pa.Table:
    """Each figure of the model as it is and as it would be."""
    rows = [(say("tokens"), *(f"{n:,}" for n in found.tokens))]
    if found.parameters:
        rows.append((say("parameters"), *(f"{n:,}" for n in found.parameters)))
    rows.append((say("subwords a word, held out"), *map(figure, found.fertility)))
    rows.append((say("unknown characters, held out"), *map(figure, found.unknown)))
    rows.append((say("divergence of the tokens, base 2"), "0", f"{found.divergence:.3f}"))
    return pa.table(dict(zip(("", "before", "after"), map(list, zip(*rows, strict=True)), strict=True)))


def _folder(picked: Picked, names: list[str], choice: Choice) -> None:
    """Write the model, and hand it out."""
    if read_only() or (picked.model and not Path(picked.model).is_dir()):
        note(say("A tokenizer alone can be measured and not written: give a folder, or use the command line."))
        return
    out = folder_of(picked, names, choice)
    if not (out / "README.md").is_file():
        asked = command(
            "vocabulary",
            ["trim", picked.model or "translated", picked.texts],
            out=out,
            by=picked.by or None,
            languages=",".join(names) or None,
            top=choice.top,
            keep_script=",".join(choice.scripts) or None,
        )
        told = say("A folder that transformers and sentence-transformers open, with its card.")
        if not offer(out.name, asked, told, label=say("Write the model"), button="trim"):
            return
        st.rerun()  # its sentences are compared now
    download(out, "trimmed.zip")


def folder_of(picked: Picked, names: list[str], choice: Choice) -> Path:
    """Where the model is written; its name says what decides it."""
    parts = [picked.key[0], picked.key[1], picked.by, names, choice.top, list(choice.scripts)]
    return workspace().root / "models" / key_of("trim", *parts)


def download(out: Path, name: str) -> None:
    """A folder as one .zip."""
    st.download_button(
        say("Download the model"),
        lambda: zipped(out),
        name,
        "application/zip",
        on_click="ignore",
        key=f"zip-{out.name}",
    )


def zipped(folder: Path) -> bytes:
    """Raises StoreError where it is too large to hand out."""
    size = sum(one.stat().st_size for one in folder.rglob("*") if one.is_file())
    if size > _MOST_ZIP:
        raise StoreError(
            say("the model has {size:,.0f} MB", size=size / 1e6), say("take it from {folder}", folder=folder)
        )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as file:
        for one in sorted(folder.rglob("*")):
            if one.is_file():
                file.write(one, one.relative_to(folder))
    return made.getvalue()


def _lines(picked: Picked, names: tuple[str, ...]) -> tuple[list[str], list[str]]:
    return split(together(chosen(dict(texts_of(picked)[0]), list(names))))


@st.cache_resource(max_entries=16, show_spinner=Spoken("Choosing tokens…"))
def _plan(key: tuple[str, str, str], names: tuple[str, ...], choice: Choice, _picked: Picked) -> Plan:
    return plan(model_of(_picked), *_lines(_picked, names), choice)
