"""A layer at hand as a collection, and from there to Map; where it cannot be made here, our own sentences instead."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256
from html import escape
from pathlib import Path

import streamlit as st

from components.parts.labels import named
from components.parts.markdown import plain
from components.parts.spoken import commas, count, say
from components.parts.told import told
from components.shell.frame import em, note
from components.shell.jobs import command, going_on, key_of, offer
from components.shell.lenses import go, link
from components.shell.visit import workspace
from isogloss.encoders.encoder import offered_models
from isogloss.errors import InvalidValue
from isogloss.notebook.commands import command_line
from isogloss.sentences.given.own import NAME as OWN
from isogloss.sentences.given.own import NOTE, own_sentences
from isogloss.sentences.reports import LayersShown, Row
from isogloss.workspace.access import model_name, read_only

MOST = 12  # languages of one map: the pivot, the one of the cell, and the first of those shown
_OURS = "own-sentences"


def to_map(report: LayersShown, rows: Sequence[Row], language: str, layer: int) -> None:
    """The layer of the cell as a collection, where the report kept its sentences and says which model they went
    through; else our own sentences by the shipped encoder, and the command for the layer itself.
    """
    with st.expander(say("Send a layer to Map")):
        try:
            held = report.sentences().languages
            model = _model_of(report)
        except InvalidValue as missing:
            _ours_instead(report, layer, missing)
            return
        chosen = dict.fromkeys((report.pivot, language, *(row.language for row in rows)))
        languages = [one for one in chosen if one in held][:MOST]
        digest = sha256(json.dumps([report.told["texts"], report.model, languages]).encode()).hexdigest()[:6]
        name = f"{report.name[:40].rstrip('.')}-layer-{layer}-{digest}"
        asked = command("layers", report=report.name, layers=layer, languages=",".join(languages), into=name)
        note(
            count(
                "Layer {layer} of {model} with its sentences in {n} language ({languages}), as a collection; the model"
                " at {place} reads them again where their vectors were not kept.",
                "Layer {layer} of {model} with its sentences in {n} languages ({languages}), as a collection; the model"
                " at {place} reads them again where their vectors were not kept.",
                len(languages),
                layer=layer,
                model=em(report.model.partition("@")[0]),
                languages=commas(em(named(one)) for one in languages),
                place=em(model),
            )
        )
        _send(name, asked, say("Send layer {layer} to Map", layer=layer))


def _model_of(report: LayersShown) -> str:
    """Where the model of a report lies, if this page may use it. Raises InvalidValue."""
    if not report.asked_model:
        raise InvalidValue(say("the report does not say where its model lies"), say("measure it again"))
    mine = (workspace().root / "models").resolve()
    if Path(report.asked_model).resolve().parent == mine:  # made here, by a lesson or a grid
        return report.asked_model
    return report.asked_model if report.asked_model in offered_models() else model_name(report.asked_model)


def _ours_instead(report: LayersShown, layer: int, missing: InvalidValue) -> None:
    ours = own_sentences()
    note(
        say(
            "Layer {layer} of {model} cannot be made here: {why}. Where its model and sentences lie, this command makes"
            " the layer a collection, for <i>FILE</i> and <i>MODEL</i>:",
            layer=layer,
            model=em(report.model.partition("@")[0]),
            why=escape(told(missing.fact)),
        )
    )
    prefix = str(report.told.get("prefix", ""))[:60]
    asked = command(
        "layers", ["FILE"], model="MODEL", pool=report.told.get("pool"), prefix=prefix or None, layers=layer
    )
    st.code(command_line([*asked, f"--into=layer-{layer}"]), language=None, wrap_lines=True)
    note(
        say(
            "At once: our own {n} sentences in {languages} languages, as the shipped encoder places them ({what}).",
            n=len(ours),
            languages=len(ours.languages),
            what=escape(told(NOTE)),
        )
    )
    _send(_OURS, command("layers", [OWN], model="distilled", into=_OURS), say("Send our own sentences to Map"))


def _send(name: str, asked: list[str], label: str) -> None:
    """The job that makes the collection, then its map; a way there where it was made before."""
    key = key_of("layers", asked)
    if name in workspace().folders() and not going_on(key):
        link("Map", say("On the map: {name}", name=plain(name)), collection=name)
    elif read_only():
        note(say("This server is read-only: nothing can be made on it."))
        st.code(command_line(asked), language=None, wrap_lines=True)
    elif offer(key, asked, "", label=label, button="layer-space"):
        go("Map", collection=name)
