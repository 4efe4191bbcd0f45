"""Teach: what a head gained on languages and items that it had not seen, its control beside it."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from html import escape
from pathlib import PurePath
from typing import Any

import pyarrow as pa
import streamlit as st

from components.heads.picture import constraints_picture, languages_picture
from components.maps.linked_maps import SEQUENCE
from components.parts.figure_tools import figure_tools
from components.parts.labels import named, named_each
from components.parts.spoken import commas, count, later, parted, say
from components.parts.told import told as in_words
from components.shell import state
from components.shell.cached import titles
from components.shell.frame import lead, note
from components.shell.intake import pick_recipe
from components.shell.jobs import command, key_of, offer
from components.shell.lenses import link
from components.shell.pickers import pick_kept
from components.shell.stage.charts import chart
from components.shell.visit import workspace
from isogloss.encoders.encoder import offered_models
from isogloss.errors import InvalidValue
from isogloss.heads.beyond.judged import LESS, TITLES
from isogloss.heads.kept import kept_lessons
from isogloss.heads.recipe import LOSSES, METHODS, TRAINS, TeachRecipe, read_teach
from isogloss.heads.tuning.time import seconds_of
from isogloss.heads.unpaired import parameters_of
from isogloss.progress import told_seconds
from isogloss.workspace.access import below_roots, read_only

MEASURES = {"MRR": "", "P@1": "precision_at_1"}
_FILES = {
    "vectors": ("file", "items", "words"),
    "pairs": ("file",),
    "measures": ("similarity", "sts", "retrieval"),
    "unpaired": ("texts", "others", "text_items", "other_items"),
}
_HEAD_TIME = later(
    "Some seconds for a thousand pairs; each teaching is kept as it ends, and it goes on when it is stopped."
)
_TEMPLATE = """[vectors]
encoder = "before"
words = "words.csv"   # a column a language
# file = "vectors.npz"  # or vectors of your own: items, languages, vectors

[pairs]
file = "words.csv"

[head]
kind = "linear"       # two-layer, low-rank

# [model]             # or the model itself instead of [head]; then [vectors] names words alone
# folder = "/models/e5-small"
# train = "last"      # all
# layers = 6
# method = "lora"     # layers
# rank = 8
# rate = 1e-4
# epochs = 1

# [unpaired]          # or two heads over banks that are not paired (uCLIP); without [vectors] and [head]
# texts = "texts.npz"     # the bridge's language, and others
# others = "images.npz"   # the bridge again, by another encoder, and what is called image
# pivot = "en"        # then [pairs] are only tested; [measures]: retrieval, separation

# [measures]          # judged by, besides the pairs that are held out
# similarity = "similarity.csv"   # word1, word2, score, and language
# sts = "sts.csv"     # the same of sentences
# retrieval = "lines.csv"   # a column a language
# separation = true

[training]
loss = "nt-xent"      # ranking, transliteration, ridge
epochs = 20
held_out_languages = []
"""


def pick_lesson() -> tuple[str, Mapping[str, Any] | None]:
    """Name and content of the lesson of the address, else the first. Raises NotFound, StoreError."""
    return pick_kept(kept_lessons(workspace()), say("Lesson"), key="lesson")


def pick_measure() -> str:
    """Bound to the address."""
    state.check_bound({"measure": list(MEASURES)}, {"measure": "MRR"})
    return str(st.selectbox(say("Measure"), list(MEASURES), key="measure", bind="query-params"))


def shown(name: str, told: Mapping[str, Any], measure: str) -> None:
    """Sentence, picture, evidence."""
    lead(escape(say("On {where}: {said}.", where=_where(told), said=in_words(told["said"]))))
    key = MEASURES[measure]
    with st.container(key="picture"):
        chart(
            languages_picture(told, key, measure),
            key="teach-picture",
            height="stretch",
            config={"displayModeBar": False},
            alt=say("{measure} before and after by language, and of shuffled pairs", measure=measure),
        )
    figure_tools(
        "picture", ("teach", name, measure), say("{measure} before and after, {name}.", measure=measure, name=name)
    )
    note(
        escape(
            say(
                "Shuffled pairs: {control}. The loss without any pair, at its best: {without}.",
                control=in_words(told["control_said"]),
                without=in_words(told["without_pairs_said"]),
            )
        )
    )
    if told.get("measures"):
        said = parted(in_words(one["said"]) for one in told["measures"].values())
        note(escape(say("{sentence}.", sentence=said)))
        st.dataframe(
            pa.Table.from_pylist(_measures(told)),
            hide_index=True,
            alt=say("Other measures before, after, by shuffled pairs"),
        )
    _maps(name, told)
    with st.expander(say("Number of pairs against the gain")):
        chart(constraints_picture(told), key="teach-pairs", config={"displayModeBar": False}, alt=say("Gain by pairs"))
    with st.expander(say("All figures")):
        st.dataframe(pa.Table.from_pylist(_rows(told, key)), hide_index=True)
    with st.expander(say("How it was computed")):
        head = told["head"]
        note(
            escape(
                say(
                    "{name}: {kind}, {n:,} parameters, epoch {epoch} by a development set that is neither trained on"
                    " nor tested. {looks_for}; intervals: items resampled, before and after together. Shuffled pairs"
                    " are trained the same way, development pairs shuffled too.",
                    name=head["name"],
                    kind=head["kind"],
                    n=int(head["parameters"]),
                    epoch=head["epoch"],
                    looks_for=_looks_for(told),
                )
            )
        )


def _where(told: Mapping[str, Any]) -> str:
    """What it was judged on: how many languages, and the first of them by name."""
    held = list(named_each(told["held_out_languages"]).values())
    if not held:
        return say("items that were held out")
    few = commas(held[:3]) + (" …" if held[3:] else "")
    if len(held) == 1:
        return say("a language that was held out ({languages})", languages=few)
    return count(
        "{n:,} language that was held out ({languages})",
        "{n:,} languages that were held out ({languages})",
        len(held),
        languages=few,
    )


def _maps(name: str, told: Mapping[str, Any]) -> None:
    """To the maps of before and after, which turn into each other; a button where they are not made yet."""
    collection = str((told.get("maps") or {}).get("collection", ""))
    if collection and collection in titles():
        if told["maps"].get("left_out"):
            note(escape(say("Left out: {what}.", what=told["maps"]["left_out"])))
            link("Map", say("Both banks after, on the map"), collection=collection)
        else:
            link("Map", say("Before and after on the map"), collection=collection, view=SEQUENCE)
        return
    recipe = workspace().root / "uploads" / PurePath(str(told.get("recipe") or " ")).name
    if read_only() or not recipe.is_file():
        return
    asked = command("teach", [recipe], maps=f"{name}-maps"[:64])
    said = say("What was tested, before and after, as a collection of two spaces; nothing is taught again.")
    if "unpaired" in str(told["head"]["kind"]):
        said = f"{said} {say('Of two banks that have other dimensions there is no before.')}"
    if offer(
        key_of("teach-maps", name, str(recipe)), asked, said, label=say("Make maps before and after"), button="maps"
    ):
        st.rerun()


def _measures(told: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = []
    for name, one in told["measures"].items():
        if name in TITLES:
            ends = {key: one["gain"][key] for key in ("low", "high")}
            values = {key: one[key]["value"] for key in ("before", "after")}
            control = {
                "shuffled pairs": one["control"]["value"],
                "better is": say("less") if name in LESS else say("more"),
            }
            change = {"change": one["gain"]["value"]} | ends
            rows.append({"measure": in_words(TITLES[name]), "n": one["gain"]["n"]} | values | control | change)
    return rows


def _looks_for(told: Mapping[str, Any]) -> str:
    pivot = named(told["pivot"])
    if "unpaired" in str(told["head"]["kind"]):
        return say("A text looks for its partner among all items of {pivot}", pivot=pivot)
    return say("A word looks for its translation among all words of {pivot}", pivot=pivot)


def _rows(told: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    rows = []
    called = named_each([*told["held_out_languages"], *told["languages"]])
    for kind, some in (
        (say("held out"), told["held_out_languages"]),
        (say("held-out items"), told["languages"]),
    ):
        for language, row in some.items():
            of = row[key] if key else row
            gain = of["gain"]
            rows.append(
                {
                    "language": called[language],
                    "code": language,
                    "tested on": kind,
                    "n": gain["n"],
                    "before": of["before"]["value"],
                    "after": of["after"]["value"],
                    "shuffled pairs": of["control"]["value"],
                    "gain": gain["value"],
                    "low": gain["low"],
                    "high": gain["high"],
                }
            )
    return rows


def _model(recipe: TeachRecipe) -> str:
    """How long it will take; empty, with a note, where its trainer is not here. Raises InvalidValue."""
    below_roots(recipe.model.folder)
    needed = ["torch", "accelerate", "datasets", *(["peft"] if recipe.model.method == "lora" else [])]
    missing = [one for one in needed if importlib.util.find_spec(one) is None]
    if missing:
        pip = 'pip install "isogloss[encoders,teach]"'
        note(escape(say("{package} is not installed: {pip}", package=missing[0], pip=pip)))
        return ""
    return say(
        "Some {time} on one core, for pairs and control together. It goes on from its last checkpoint when it is"
        " stopped; the model that was taught becomes a folder that sentence-transformers opens.",
        time=told_seconds(seconds_of(recipe)),
    )


def teach_panel() -> None:
    """A recipe of one's own. Raises InvalidValue, StoreError."""
    with st.expander(say("Teach a head, or a model")):
        ways = parted(f"{name}: {say(what)}" for name, what in (LOSSES | TRAINS | METHODS).items())
        note(escape(say("{sentence}.", sentence=ways)))
        note(
            say(
                "Two heads over unpaired banks, with English as the bridge (uCLIP): {n:,} parameters for vectors of 384"
                " and 512 dimensions.",
                n=parameters_of(384, 512),
            )
        )
        name = st.text_input(say("Name of the lesson"), "my-lesson", key="teach-name", max_chars=64).strip()
        path = pick_recipe("teach", _TEMPLATE, files=_FILES, name=name)
        if path is None:
            return
        recipe = read_teach(path)
        asked = recipe.vectors
        if recipe.model.folder:
            told = _model(recipe)
            if not told:
                return
        else:
            told = say(_HEAD_TIME)
        if asked.words and asked.encoder not in ("", *offered_models()):
            raise InvalidValue(
                say("the encoder {name} is not offered here", name=repr(asked.encoder[:40])),
                say("choose from {names}", names=", ".join(offered_models())),
            )
        if offer(key_of("teach", str(path)), command("teach", [path]), told, label=say("Teach"), button="teach"):
            state.turn_to("lesson", name)
