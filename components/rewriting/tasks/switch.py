"""Entities put into other languages: how far that moves a sentence, language by language, beside random words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import streamlit as st

from components.parts.interval_dots import Dot, interval_dots
from components.parts.labels import named, written
from components.parts.palette import GREY, OKABE_ITO
from components.parts.spoken import count, later, parted, say
from components.parts.told import read_said, told
from components.rewriting.diff import show_texts
from components.rewriting.tasks._shared import choice, files, opened_row, picture, table
from components.rewriting.views._shown import said
from components.rewriting.words import figure_said
from components.shell.frame import lead, note
from components.shell.intake import Brought
from isogloss.encoders.encoder import open_encoder
from isogloss.encoders.texts import take_texts
from isogloss.errors import InvalidValue
from isogloss.rewriting.given.switched import NOTE, given_entities, given_sentences
from isogloss.rewriting.switching.effect import Switched, effects
from isogloss.rewriting.switching.entities import Sentence, read_entities, sentence
from isogloss.rewriting.switching.variants import FORMATS, ORDERS, Switching, Variant, variants
from isogloss.text.tally import Tally

ALL = later("all")
_KEY = "pairs-switched"
_MOST = 20_000  # variants that are encoded while one waits


@dataclass(frozen=True)
class Asked:
    """brought: sentences and entities of one's own, or nothing."""

    order: str
    format: str
    brought: tuple[Brought, ...]


def pick() -> Asked:
    """In the drawer. Raises InvalidValue."""
    order = choice(
        say("Order"),
        "order",
        ORDERS,
        help=say("english-first: only entities of a sentence's second half are switched."),
    )
    about = say("tags: {tags} around what is switched; plain: nothing.", tags="<de>…</de>")
    form = choice(say("Written"), "form", FORMATS, help=about)
    sentences = files(
        say("Sentences of your own"),
        "switch-files",
        help=say("A sentence a line; {brackets} or {tags} tag entities.", brackets="[[…]]", tags="<E>…</E>"),
    )
    entities = files(say("Entities"), "switch-entities", help=say("A column entity and one for each language."))
    if len(sentences) != len(entities):
        note(say("Bring both: sentences, and a table of entities and languages. Until then these are ours."))
        return Asked(order, form, ())
    return Asked(order, form, (*sentences, *entities))


def show(asked: Asked, under: Callable[[], None]) -> None:
    """Sentence, picture, variants. Raises what reading raises."""
    sentences, made, tally, languages = _made(asked)
    if not made:
        read = escape(read_said(tally))
        lead(
            count(
                "None of {n:,} sentence can be switched ({read}).",
                "None of {n:,} sentences can be switched ({read}).",
                len(sentences),
                read=read,
            )
        )
        return
    lead(_finding(len(sentences), len(made), languages))
    dots = []
    for one in sorted(languages, key=lambda one: _value(one, "displacement")):
        if "displacement" in one.figures:
            dots += [
                Dot(say("{language} · entities", language=named(one.language)), one.figures["displacement"]),
                Dot(say("{language} · random words", language=named(one.language)), one.figures["random_word"], GREY),
            ]
        else:
            dots.append(Dot(named(one.language), one.figures["share_switched"], OKABE_ITO[2]))
    known = [dot for dot in dots if dot.figure.known]
    moved = "displacement" in languages[0].figures
    axis = say("1 − cosine to its variant") if moved else say("share switched")
    alt = say("How far switching moves sentences by language, n = {n:,} variants", n=len(made))
    figure = interval_dots(known, axis)
    figure.update_yaxes(tickmode="linear", dtick=1)
    picture(figure, ("switch", asked.order), alt)
    if not asked.brought:
        under()
        note(escape(say("{sentence}.", sentence=told(NOTE[0].upper() + NOTE[1:]))))
    note(escape(say("Sentences: {note}.", note=read_said(tally))))
    _rows(sentences, made, languages)
    with st.expander(say("How it was computed")):
        for name, figure in languages[0].figures.items():
            told_of = {"name": escape(figure_said(name)), "how": escape(told(figure.how))}
            note(say("<b>{name}</b>: {how}.", **told_of))
        note(
            say(
                "Every sentence is put into those languages that all its entities have; each combination of labels"
                " once."
            )
        )


def _finding(n: int, made: int, languages: list[Switched]) -> str:
    said_ = say(
        "{variants} of {sentences} in {languages}",
        variants=count("{n:,} variant", "{n:,} variants", made),
        sentences=count("{n:,} sentence", "{n:,} sentences", n),
        languages=count("{n:,} language", "{n:,} languages", len(languages)),
    )
    known = [one for one in languages if "difference" in one.figures and one.figures["difference"].known]
    if not known:
        return say("{sentence}.", sentence=said_)
    less = [one for one in known if one.figures["difference"].interval and one.figures["difference"].interval[1] < 0]
    far = max(known, key=lambda one: one.figures["displacement"].value)
    return say(
        "{said}: switching entities moves a sentence less than as many random words in {less} of {n}, and most in"
        " {language} ({value:.2f}).",
        said=said_,
        less=len(less),
        n=len(known),
        language=escape(named(far.language)),
        value=far.figures["displacement"].value,
    )


def _value(one: Switched, name: str) -> float:
    return one.figures[name].value if name in one.figures else 0.0


def _rows(sentences: list[Sentence], made: list[Variant], languages: list[Switched]) -> None:
    language = choice(say("Language"), "language", [ALL, *(one.language for one in languages)], ours=[ALL])
    shown = [one for one in made if language in (ALL, one.language)]
    for one in languages:
        if one.language == language:
            figures = parted(f"{figure_said(name)} {said(figure)}" for name, figure in one.figures.items())
            of = {"language": escape(named(language)), "script": escape(written(one.script))}
            note(say("<b>{language}</b> ({script}): {figures}.", figures=escape(figures), **of))
    numbers = [made.index(one) + 1 for one in shown]
    at = opened_row(_KEY, numbers)
    variant = shown[at]
    note(
        say(
            "Row {row:,}: sentence {n:,} with its entities in {language}.",
            row=numbers[at],
            n=variant.row + 1,
            language=escape(named(variant.language)),
        )
    )
    marks = dict.fromkeys(variant.spans, "changed"), dict.fromkeys(variant.at, "changed")
    show_texts(sentences[variant.row].plain, variant.plain, marks)
    columns: dict[str, list[Any]] = {
        "row": numbers,
        "language": [one.language for one in shown],
        "source": [sentences[one.row].plain for one in shown],
        "variant": [one.text for one in shown],
        "share switched": [round(one.share, 3) for one in shown],
    }
    table(_KEY, columns, say("Variants"))


def _made(asked: Asked) -> tuple[list[Sentence], list[Variant], Tally, list[Switched]]:
    """Kept for the session."""
    key = (asked.order, asked.format, *(str(one.path) for one in asked.brought))
    held = st.session_state.get("_pairs_switched")
    if held is None or held[0] != key:
        if asked.brought:
            texts, entities = take_texts(asked.brought[0].path, None).texts, read_entities(asked.brought[1].path)
        else:
            texts, entities = list(given_sentences()), given_entities()
        sentences = [sentence(text, entities) for text in texts]
        made, tally = variants(sentences, entities, Switching(entities.languages, asked.order, asked.format))
        if len(made) > _MOST:
            raise InvalidValue(
                say("{n:,} variants can be made", n=len(made)),
                say("bring sentences of which {most:,} can, or isogloss switch", most=_MOST),
            )
        with st.spinner(say("Encoding the variants")):
            found = effects(sentences, made, encode=lambda texts: np.asarray(open_encoder("").encode(list(texts))))
        held = key, (sentences, made, tally, found)
        st.session_state["_pairs_switched"] = held
    result: tuple[list[Sentence], list[Variant], Tally, list[Switched]] = held[1]
    return result
