"""New words for a model, made of their nearest tokens in a collection; how well known ones come back that way."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path

import plotly.graph_objects as go
import pyarrow as pa
import streamlit as st

from components.parts.figure_tools import figure_tools
from components.parts.labels import written
from components.parts.palette import OKABE_ITO
from components.parts.spoken import Spoken, count, later, say
from components.parts.tables import to_csv
from components.parts.told import read_said
from components.shell import state
from components.shell.cached import open_collection, titles
from components.shell.frame import NotYet, em, lead, note
from components.shell.intake import kept
from components.shell.jobs import command, key_of, offer
from components.shell.pickers import pick_said
from components.shell.stage.charts import chart
from components.shell.visit import workspace
from components.vocabulary.landed import shown_landed
from components.vocabulary.pick import Picked, model_of, texts_of
from components.vocabulary.trimming import download
from isogloss.spaces.collection import Collection
from isogloss.text.normalize import nfc
from isogloss.vocabulary.growing.factors import ranks, singular
from isogloss.vocabulary.growing.grow import Grown, Making, grown, sources_of, table_of
from isogloss.vocabulary.growing.hidden import Remade, leave_out
from isogloss.vocabulary.growing.landed import landed
from isogloss.vocabulary.growing.proposed import LEAST, PIECES, TOP, Asking, Proposed, propose
from isogloss.vocabulary.texts import together
from isogloss.workspace.access import read_only

_WORDS = "peacekeeping\ndecolonization\nmultilateralism\ncybersecurity\nnonproliferation"


_TYPED, _PROPOSED = later("given"), later("proposed by the texts")
_MADE = {"ofa": later("made of the nearest"), "mean": later("mean"), "random": later("random")}
_DRAWN = later("drawn")


@dataclass(frozen=True)
class Asked:
    """collection, space: whose words lie near each other. words: to be made. proposing: where texts propose them."""

    collection: str
    space: str
    words: tuple[str, ...]
    making: Making
    proposing: Asking | None = None


def pick_nursery(picked: Picked) -> Asked:
    """A space, words, and how they are made."""
    names = list(titles())
    if not names:
        raise NotYet(say("there is no collection"), say("bring a collection first"))
    state.check_bound({"outside": names}, {"outside": names[0]})
    collection = str(st.selectbox(say("Made by the words of"), names, key="outside", bind="query-params"))
    spaces = open_collection(collection).names
    space = str(st.selectbox(say("Space"), spaces, index=len(spaces) - 1, key="nursery-space"))
    ways = [_TYPED, _PROPOSED]
    state.check_bound({"words": ways}, {"words": _TYPED})
    way = pick_said(st.segmented_control, say("New words"), ways, key="words", default=_TYPED)
    k = st.number_input(say("Nearest tokens"), 1, 100, 10, key="nursery-k")
    if way == _PROPOSED:
        asking = Asking(
            int(st.number_input(say("Words at most"), 1, 1000, TOP, key="nursery-top")),
            int(st.number_input(say("Cut into so many pieces or more"), 2, 20, PIECES, key="nursery-pieces")),
            int(st.number_input(say("Times that they stand in the texts"), 1, 10_000, LEAST, key="nursery-least")),
        )
        words = tuple(one.word for one in proposed_of(picked, asking).words)
        return Asked(collection, space, words, Making(k=int(k)), asking)
    typed = st.text_area(say("New words, one a line"), _WORDS, key="nursery-words", max_chars=20_000, height=150)
    words = tuple(dict.fromkeys(nfc(one.strip()) for one in typed.splitlines() if one.strip()))
    return Asked(collection, space, words, Making(k=int(k)))


def shown_nursery(picked: Picked, asked: Asked) -> None:
    """Headline, picture, the words, where they land, the rank–error curve, the folder."""
    if not asked.words:
        raise NotYet(say("no word is given"), say("give words in the drawer, one a line"))
    found, hidden, rows = _grown(picked.key, asked, picked)
    proposed = proposed_of(picked, asked.proposing) if asked.proposing else None
    lead(headline(found, hidden))
    if proposed is not None:
        note(proposed_said(proposed))
    with st.container(key="picture"):
        chart(
            dots(hidden),
            key="hidden",
            height="stretch",
            config={"displayModeBar": False},
            alt=say("Cosine of hidden tokens to the truth"),
        )
    caption = say("Hidden tokens made again, K = {k}.", k=asked.making.k)
    figure_tools("picture", ("nursery", asked.collection), caption)
    table = words_of(found, proposed)
    st.dataframe(table, hide_index=True, alt=say("New words with the tokens they are made of"))
    if proposed is not None:
        st.download_button(
            say("Download as CSV"),
            lambda: to_csv(table),
            "new-words.csv",
            "text/csv",
            on_click="ignore",
            key="words-csv",
        )
    note(say("{sentence}.", sentence=em(read_said(found.read))))
    shown_landed(_landed(picked.key, asked, picked), found)
    with st.expander(say("Rank and error of the table")):
        st.dataframe(pa.Table.from_pylist(rows), hide_index=True, alt=say("Rank, parameters and error"))
        note(say("Error: ‖E − F P‖ / ‖E‖, exactly √Σ s² of the singular values that are left out."))
    with st.expander(say("How it was made")):
        note(
            say(
                "A new row is Σ w · row over the nearest tokens that the space holds as words, w = softmax(cosine / .1)"
                " (OFA, Liu et al. 2024); a word that the space does not hold is drawn from N(mean, spread) of the"
                " table. Up to 500 known tokens are hidden one by one and made again; 95%, bootstrap over tokens."
            )
        )
        if proposed is not None:
            read = read_said(proposed.read)
            note(escape(say("Proposed words: {read}. Sorted by count · (pieces − 1).", read=read)))
    _folder(picked, asked)


def proposed_said(found: Proposed) -> str:
    """What the proposed words save in lines that did not propose them."""
    said = count(
        "<b>{n:,}</b> word is proposed by {lines:,} lines",
        "<b>{n:,}</b> words are proposed by {lines:,} lines",
        len(found.words),
        lines=found.lines[0],
    )
    if found.before is None or found.after is None or found.gain is None:
        return say("{said}; {rest}.", said=said, rest=say("there are too few lines to hold some out"))
    low, high = found.gain.interval or (0.0, 0.0)
    fields = {
        "said": said,
        "lines": found.lines[1],
        "gain": found.gain.value,
        "low": low,
        "high": high,
        "before": found.before.value,
        "after": found.after.value,
    }
    if low > 0:
        return say(
            "{said}. In {lines:,} held-out lines they save <b>{gain:.2f}</b> subwords a word (95%: {low:.2f} to"
            " {high:.2f}): {before:.2f} → {after:.2f} subwords a word.",
            **fields,
        )
    return say(
        "{said}. In {lines:,} held-out lines they <b>save nothing that can be told</b>: {gain:.2f} ({low:.2f} to"
        " {high:.2f}): {before:.2f} → {after:.2f} subwords a word.",
        **fields,
    )


def headline(found: Grown, hidden: list[Remade]) -> str:
    """How many are made, and whether making beats not knowing."""
    made = sum(one.how == "made" for one in found.words)
    said = count(
        "<b>{made:,} of {n:,}</b> new word is made of tokens that the model has",
        "<b>{made:,} of {n:,}</b> new words are made of tokens that the model has",
        len(found.words),
        made=made,
    )
    if not hidden:
        rest = say("too few of them are words of the space to try it on known ones")
        return say("{said}; {rest}.", said=said, rest=rest)
    whole = hidden[0]
    fields = {"ofa": whole.ofa.value, "mean": whole.mean.value, "random": whole.random.value}
    told = (
        say(
            "hidden ones come back at a cosine of <b>{ofa:.2f}</b>, against {mean:.2f} for the mean row and"
            " {random:.2f} for a random one",
            **fields,
        )
        if whole.beats
        else say(
            "it <b>does not beat</b> mean and random: hidden ones come back at a cosine of <b>{ofa:.2f}</b>, against"
            " {mean:.2f} for the mean row and {random:.2f} for a random one",
            **fields,
        )
    )
    return say("{said}; {rest}.", said=said, rest=told)


def dots(hidden: list[Remade]) -> go.Figure:
    """By script: made, mean, random, with intervals."""
    figure = go.Figure()
    names = [say("all"), *(written(one.script) for one in hidden[1:])]
    for key, colour in (("ofa", OKABE_ITO[0]), ("mean", "#999999"), ("random", OKABE_ITO[1])):
        values = [getattr(one, key) for one in hidden]
        figure.add_scatter(
            x=names[: len(values)],
            y=[one.value for one in values],
            mode="markers",
            name=say(_MADE[key]),
            marker={"size": 11, "color": colour},
            error_y={
                "type": "data",
                "symmetric": False,
                "array": [one.high - one.value for one in values],
                "arrayminus": [one.value - one.low for one in values],
                "color": colour,
            },
        )
    figure.update_layout(
        margin={"l": 10, "r": 10, "t": 10, "b": 10},
        dragmode=False,
        legend={"orientation": "h", "y": 1.08},
        xaxis={"type": "category"},
        yaxis={"title": say("cosine to the true row")},
    )
    return figure


def words_of(found: Grown, proposed: Proposed | None = None) -> pa.Table:
    """Each new word, how it was cut until now, and its tokens with their weights; of proposed ones what they save."""
    columns = {
        "word": [one.word for one in found.words],
        "cut until now": [" · ".join(one.before) for one in found.words],
        "made of": [", ".join(f"{token} {w:.2f}" for token, w in one.parts) or say(one.how) for one in found.words],
    }
    if proposed is None:
        return pa.table(columns)
    known = {one.word: one for one in proposed.words}
    mine = [known[one.word] for one in found.words]
    counts = {
        "count": [one.count for one in mine],
        "pieces": [len(one.pieces) for one in mine],
        "unknown characters": [one.unknown for one in mine],
        "subwords saved": [one.saved for one in mine],
    }
    return pa.table({"word": columns.pop("word")} | counts | columns)


def _folder(picked: Picked, asked: Asked) -> None:
    if read_only() or (picked.model and not Path(picked.model).is_dir()):
        return
    key = key_of("grow", picked.key[0], asked.collection, asked.space, list(asked.words), asked.making.k)
    out = workspace().root / "models" / key
    if not (out / "README.md").is_file():
        words = kept("\n".join(asked.words).encode(), "words.txt")
        told = command(
            "vocabulary",
            ["grow", picked.model or "translated", words.path],
            out=out,
            k=asked.making.k,
            **{"from": f"{asked.collection}/{asked.space}"},
        )
        said = say("A folder that transformers and sentence-transformers open. Nothing is trained on the new words.")
        if not offer(key, told, said, label=say("Write the model"), button="grow"):
            return
    download(out, "grown.zip")


def proposed_of(picked: Picked, asking: Asking) -> Proposed:
    """Raises InvalidValue where the texts propose nothing."""
    return _proposed(picked.key, asking, picked)


@st.cache_resource(max_entries=8, show_spinner=Spoken("Reading the texts…"))
def _proposed(key: tuple[str, str, str], asking: Asking, _picked: Picked) -> Proposed:
    return propose(model_of(_picked).subwords, together(dict(texts_of(_picked)[0])), asking)


@st.cache_resource(max_entries=4, show_spinner=False)
def _landed(key: tuple[str, str, str], asked: Asked, _picked: Picked) -> Collection:
    model = model_of(_picked)
    space = open_collection(asked.collection)[asked.space]
    return landed(_grown(key, asked, _picked)[0], table_of(model), sources_of(model.subwords, space), space)


@st.cache_resource(max_entries=8, show_spinner=Spoken("Making rows…"))
def _grown(
    key: tuple[str, str, str], asked: Asked, _picked: Picked
) -> tuple[Grown, list[Remade], list[dict[str, float]]]:
    model = model_of(_picked)
    table, space = table_of(model), open_collection(asked.collection)[asked.space]
    found = grown(model, table, asked.words, space, asked.making)
    hidden = leave_out(table, sources_of(model.subwords, space), asked.making)
    return found, hidden, ranks(singular(table)[0], len(table))
