"""Where words come from, where the language changes, and sentences of which a rule puts words into Arabic letters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from components.parts.interval_dots import Dot, interval_dots
from components.parts.palette import GREY, OKABE_ITO
from components.parts.spoken import count, later, parted, say
from components.parts.told import read_said, told
from components.rewriting.tasks._shared import choice, files, opened_row, picture, table
from components.shell.frame import lead, note
from components.shell.intake import Brought
from components.shell.jobs import command, key_of, offer
from components.shell.stage.charts import chart
from components.shell.visit import workspace
from isogloss.encoders.encoder import open_encoder
from isogloss.errors import InvalidValue
from isogloss.rewriting.given.maltese import NOTE, maltese
from isogloss.rewriting.words.distances import HOW, distances
from isogloss.rewriting.words.kept import SHARED, KeptEtymologist, is_kept, open_etymologist
from isogloss.rewriting.words.points import MIXED, NEUTRAL, UNKNOWN, Points, by_lists, by_origin, by_script, points
from isogloss.rewriting.words.rules import decided, rule, versions
from isogloss.rewriting.words.tokens import Tokenised, read_lists, read_tokens
from isogloss.workspace.access import data_folder, read_only

ORIGIN, SCRIPT, LISTS = later("origin"), later("script"), later("lists")
ANY, SWITCHED, WITHIN = later("all"), later("switched"), later("mixed")
_RULES = {
    "arabic": "etymology=Arabic,Symbol",
    "non-arabic": "etymology=Non-Arabic",
    "latin": "script=Latn",
    "all": "all",
    "none": "none",
}
_SAID = {
    "arabic": later("words of Arabic origin"),
    "non-arabic": later("words of other origin"),
    "latin": later("words in Latin letters"),
    "all": later("all words"),
    "none": later("no word"),
}
_VERSIONS = (later("raw"), later("conditional"))
_KEY, _MOST_LINES, _LONGEST = "pairs-words", 30, 60
_WIDE, _NARROW, _CUT = 44, 2, 14  # letters: of a line, of the narrowest word, of a word that is cut
_BAR = "#d55e00"
_OTHERS = ("arabic", "ar", "italian", "it", "english", "en")


@dataclass(frozen=True)
class Asked:
    """by: what tells the language of a token. only: which sentences are shown. when: which words are transliterated."""

    by: str
    only: str
    when: str
    brought: tuple[Brought, ...]
    lists: tuple[Brought, ...]


def pick() -> Asked:
    """In the drawer. Raises InvalidValue."""
    ways, shown = (ORIGIN, SCRIPT, LISTS), (ANY, SWITCHED, WITHIN)
    by = choice(say("Language by"), "words", ways, help=say("What tells the language of each token."), ours=ways)
    only = choice(
        say("Show"),
        "only",
        shown,
        help=say("switched: with a switch point; mixed: with a word mixed within."),
        ours=shown,
    )
    when = choice(
        say("Into Arabic letters"),
        "when",
        list(_RULES),
        help=say(
            "A rule decides token by token: {rules}.", rules=parted(f"{one}: {say(_SAID[one])}" for one in _RULES)
        ),
    )
    brought = files(
        say("Texts of your own"),
        "words-files",
        help=say("A sentence a line, a table with text, or of tokens: id, token, category."),
    )
    lists = files(say("Lists of words"), "words-lists", help="word, language.") if by == LISTS else []
    return Asked(by, only, when, tuple(brought), tuple(lists))


def show(asked: Asked, under: Callable[[], None]) -> None:
    """Sentence, picture, rows. Raises what reading raises."""
    given = read_tokens(asked.brought[0].path) if asked.brought else maltese()
    model = _model(given, asked)
    labels = given.labels() or ([model.model(row) for row in given.sentences] if model else None)
    found = _points(given, asked, labels)
    rows = [i for i, one in enumerate(found) if asked.only == ANY or (one.mixed if asked.only == WITHIN else one.at)]
    lead(_finding(found, labels))
    if not rows:
        note(say("No sentence is of all of these: choose others."))
        return
    named: Sequence[Sequence[str]] = labels if asked.by == ORIGIN and labels else [one.languages for one in found]
    lines = _cells(given, named, found, rows)
    caption = (
        say("Where the words of the first {n:,} of {of:,} sentences come from", n=len(lines), of=len(rows))
        if len(rows) > len(lines)
        else count(
            "Where the words of {n:,} sentence come from", "Where the words of {n:,} sentences come from", len(lines)
        )
    )
    picture(_grid(lines, rows, named), ("words", asked.by), caption)
    if not asked.brought:
        under()
        note(escape(say("{sentence}.", sentence=told(NOTE[0].upper() + NOTE[1:]))))
    if model is not None:
        one = model.card["accuracy"]["value"]
        note(say("Origins are told by letters: right for {share:.1%} of tokens, ten-fold by sentence.", share=one))
    note(escape(say("{sentence}.", sentence=read_said(given.read))))
    made = _versions(given, asked, model)
    _rows(given, found, made, rows)
    if asked.only == ANY and made is not None:
        _distances(given, made, asked)


def _model(given: Tokenised, asked: Asked) -> KeptEtymologist | None:
    """What tells origins, where no column does and they are asked for. Raises NotFound."""
    here, data = workspace(), data_folder()
    if given.labels() is not None or (asked.by != ORIGIN and not is_kept(here)):
        return None
    if not is_kept(here) and data is not None and (data / SHARED).is_file() and not read_only():
        arguments = command("etymology", train=str(data / SHARED))
        label = say("Train on the annotated words")
        if not offer(key_of("etymology", SHARED), arguments, say("About a minute."), label=label):
            raise InvalidValue(say("no etymologist is trained yet"), say("train it here, or tell languages by script"))
    return open_etymologist(here)


def _points(given: Tokenised, asked: Asked, labels: list[list[str]] | None) -> list[Points]:
    if asked.by == SCRIPT:
        return [points(by_script(one)) for one in given.sentences]
    if asked.by == LISTS:
        if not asked.lists:
            raise InvalidValue(say("no lists of words were brought"), say("bring a table: word, language"))
        lists = read_lists(asked.lists[0].path)
        return [points(by_lists(one, lists)) for one in given.sentences]
    return [points(by_origin(one)) for one in given.columns.get("category") or labels or ()]


def _finding(found: list[Points], labels: list[list[str]] | None) -> str:
    at, mixed = sum(bool(one.at) for one in found), sum(len(one.mixed) for one in found)
    changes = sum(len(one.at) for one in found)
    parts = [
        count(
            "The language changes in {at:,} of {n:,} sentence, {times:,} times",
            "The language changes in {at:,} of {n:,} sentences, {times:,} times",
            len(found),
            at=at,
            times=changes,
        ),
        count("{n:,} word is mixed within", "{n:,} words are mixed within", mixed),
    ]
    if labels:
        counted = Counter(one for row in labels for one in row)
        n = sum(counted.values())
        name, most = counted.most_common(1)[0] if counted else ("", 0)
        fields = {"share": most / max(n, 1), "origin": escape(name)}
        parts.append(
            count("{share:.0%} of {n:,} token are {origin}", "{share:.0%} of {n:,} tokens are {origin}", n, **fields)
        )
    return say("{sentence}.", sentence=parted(parts))


@dataclass(frozen=True)
class _Cell:
    """A token where it is drawn. x, wide: in letters. y: the line."""

    token: str
    label: str
    x: float
    wide: float
    y: int
    changed: bool


def _cells(given: Tokenised, named: Sequence[Sequence[str]], found: list[Points], rows: list[int]) -> list[list[_Cell]]:
    """Cells as wide as their words, a sentence in as many lines as it needs, as many sentences as there is room for. A
    phone has room for 44 letters in a line.
    """
    out, y = list[list[_Cell]](), 0
    for i in rows:
        if y >= _MOST_LINES:
            break
        x, line, at = 0.0, list[_Cell](), set(found[i].at)
        for j, (token, label) in enumerate(zip(given.sentences[i][:_LONGEST], named[i], strict=False)):
            wide = min(max(len(token), _NARROW), _CUT) + 1.0
            if line and x + wide > _WIDE:
                x, y = 0.0, y + 1
            line.append(_Cell(token, label, x, wide, y, j in at))
            x += wide
        out.append(line)
        y += 1
    return out


def _grid(lines: list[list[_Cell]], rows: list[int], named: Sequence[Sequence[str]]) -> go.Figure:
    """A cell a token with its word, a colour a label; a bar where the language changes."""
    order = [name for name, _ in Counter(one for i in rows for one in named[i]).most_common()]
    quiet = {NEUTRAL: GREY, UNKNOWN: GREY, "Symbol": GREY}
    free = iter([*OKABE_ITO, *[GREY] * len(order)])
    colours = {name: quiet.get(name) or next(free) for name in order}
    figure = go.Figure()
    for name in order:
        cells = [one for line in lines for one in line if one.label == name]
        figure.add_bar(
            orientation="h",
            base=np.array([one.x + 0.1 for one in cells], dtype=np.float32),
            x=np.array([one.wide - 0.2 for one in cells], dtype=np.float32),
            y=np.array([one.y for one in cells], dtype=np.float32),
            width=0.8,
            name=escape(name or say("not known")),
            marker={"color": colours[name], "line": {"width": 0}},
            text=[escape(one.token[:_CUT]) for one in cells],
            textposition="inside",
            insidetextanchor="middle",
            constraintext="none",
            textangle=0,
            textfont={"size": 11},
            customdata=[f"{escape(one.token[:40])}: {escape(name or say('not known'))}" for one in cells],
            hovertemplate="%{customdata}<extra></extra>",
        )
    for one in (one for line in lines for one in line if one.changed):
        figure.add_shape(
            type="line", x0=one.x, x1=one.x, y0=one.y - 0.4, y1=one.y + 0.4, line={"width": 3, "color": _BAR}
        )
    high = 1 + max((line[-1].y for line in lines if line), default=0)
    first = [(i, line[0].y) for i, line in zip(rows, lines, strict=False) if line]
    figure.update_layout(
        height=max(300, 90 + 30 * high),
        margin={"l": 10, "r": 10, "t": 40, "b": 10},
        dragmode=False,
        barmode="overlay",
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"},
        xaxis={"visible": False, "range": [-0.3, _WIDE + 0.3], "fixedrange": True},
        yaxis={
            "range": [high - 0.4, -0.6],
            "tickvals": [y for _, y in first],
            "ticktext": [f"{i + 1:,}" for i, _ in first],
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
        },
    )
    return figure


def _versions(given: Tokenised, asked: Asked, model: KeptEtymologist | None) -> list[dict[str, str]] | None:
    """Raw, all and conditional of each sentence; None where what the rule asks is not known, which is said."""
    asks = rule(_RULES[asked.when])
    try:
        yes = decided(given, asks, model.model if model else None)
    except InvalidValue as error:
        why = f"{told(error.fact)}: {told(error.lever)}"
        note(escape(say("Nothing is transliterated: {why}.", why=why)))
        return None
    return [versions(tokens, chosen) for tokens, chosen in zip(given.sentences, yes, strict=True)]


def _rows(given: Tokenised, found: list[Points], made: list[dict[str, str]] | None, rows: list[int]) -> None:
    at = rows[opened_row(_KEY, [i + 1 for i in rows])]
    points, mixed = len(found[at].at), len(found[at].mixed)
    note(
        say(
            "Row {row:,}: {points}, {mixed}.",
            row=at + 1,
            points=count("{n:,} switch point", "{n:,} switch points", points),
            mixed=count("{n:,} word mixed within", "{n:,} words mixed within", mixed),
        )
    )
    for name, text in (made[at] if made else {"raw": " ".join(given.sentences[at])}).items():
        st.html(f'<p dir="auto"><small>{escape(say(name))}</small> {escape(text)}</p>')
    columns: dict[str, list[object]] = {
        "row": [i + 1 for i in rows],
        "switch points": [len(found[i].at) for i in rows],
        MIXED: [" ".join(given.sentences[i][j] for j in found[i].mixed) for i in rows],
        "tokens": [" ".join(given.sentences[i]) for i in rows],
        "languages": [" ".join(one or "?" for one in found[i].languages) for i in rows],
    }
    if made:
        columns |= {name: [made[i][name] for i in rows] for name in ("all", "conditional")}
    table(_KEY, columns, say("Sentences with where their language changes"))


def _distances(given: Tokenised, made: list[dict[str, str]], asked: Asked) -> None:
    """How far each version lies from what it says elsewhere, where columns say it."""
    others = {name: given.texts[name] for name in _OTHERS if name in given.texts}
    if not others:
        return
    key = (tuple(str(one.path) for one in asked.brought), asked.when)
    held = st.session_state.get("_pairs_distances")
    if held is None or held[0] != key:
        texts = {name: [row[name] for row in made] for name in ("raw", "all", "conditional")}
        with st.spinner(say("Encoding the versions")):
            measured = distances(texts, others, lambda some: np.asarray(open_encoder("").encode(list(some))))
        held = key, measured
        st.session_state["_pairs_distances"] = held
    colours = dict(zip(others, OKABE_ITO, strict=False))
    dots = [
        Dot(say("{version}, to {language}", version=say(version), language=name), one, colours[name])
        for name in others
        for version, each in held[1].items()
        if (one := each[name]).known
    ]
    near = min(others, key=lambda name: held[1]["conditional"][name].value)
    fields = {"words": say(_SAID[asked.when]), "language": escape(near)}
    note(say("With {words} in Arabic letters, sentences lie nearest to {language}.", **fields))
    chart(
        interval_dots(dots, say("distance, 95% interval")),
        key="pairs-distances",
        config={"displayModeBar": False},
        alt=say("Distance of each version to each language"),
    )
    note(escape(say("{sentence}.", sentence=told(HOW))))
