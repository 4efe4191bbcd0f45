"""Which tokenizer, which texts: the shipped encoder and our own sentences, until others are brought."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from components.parts.labels import named, written
from components.parts.spoken import Spoken, later, say
from components.shell import state
from components.shell.intake import kept, uploaded
from components.shell.pickers import pick_said
from isogloss.errors import InvalidValue
from isogloss.sentences.sets import SETS, parallel_of
from isogloss.text.tally import Tally
from isogloss.vocabulary.model import Model, open_model
from isogloss.vocabulary.texts import grouped_texts
from isogloss.workspace.access import below_roots, data_roots, read_only

VIEWS = (later("Knows"), later("Trim"), later("Nursery"))
MINE = later("my own")


@dataclass(frozen=True)
class Picked:
    """model: as the engine names it, empty for the shipped encoder. texts: a set, or a file. by: a column."""

    model: str
    texts: str
    by: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        return (f"{self.model}:{_stamp(self.model)}", f"{self.texts}:{_stamp(self.texts)}", self.by)


def pick_view() -> str:
    """Bound to the address."""
    state.check_bound({"view": list(VIEWS)}, {"view": VIEWS[0]})
    return pick_said(
        st.segmented_control, say("View"), VIEWS, key="view", default=VIEWS[0], label_visibility="collapsed"
    )


def pick() -> Picked:
    """Model and texts. Raises InvalidValue, StoreError."""
    model = pick_model(say("Another tokenizer (tokenizer.json)"), "vocabulary-tokenizer")
    names = [*SETS] if read_only() else [*SETS, MINE]
    state.check_bound({"texts": names}, {"texts": names[0]})
    texts = pick_said(st.selectbox, say("Texts"), names, key="texts", default=names[0], ours=[MINE])
    if texts != MINE:
        return Picked(model, texts)
    given = uploaded(say("Lines, or a table"), "vocabulary-texts")
    by = st.text_input(say("Column of the language"), key="vocabulary-by", max_chars=80).strip()
    return Picked(model, str(kept(given.getbuffer(), given.name).path), by) if given else Picked(model, names[0])


def pick_model(label: str, key: str) -> str:
    """A tokenizer that is brought, or a folder of the server; empty for the shipped encoder."""
    if data_roots():
        typed = st.text_input(say("Folder of a model"), key=f"{key}-folder", max_chars=400).strip()
        if typed:
            return str(below_roots(typed))
    given = None if read_only() else uploaded(label, key, ["json"])
    return str(kept(given.getbuffer(), given.name).path) if given else ""


def model_of(picked: Picked) -> Model:
    return _model(picked.model, _stamp(picked.model))


def other_of(path: str) -> Model:
    return _model(path, _stamp(path))


def texts_of(picked: Picked) -> tuple[Mapping[str, list[str]], Tally]:
    """By language or script. Raises InvalidValue."""
    return _texts(picked.texts, picked.by, _stamp(picked.texts))


def called(group: str) -> str:
    """A group as people call it: its language, or its script.

    >>> called("de"), called("Grek"), called("mine")
    ('German', 'Greek', 'mine')
    """
    name = named(group)
    return written(group) if name == group else name


def _stamp(path: str) -> str:
    found = Path(path)
    if path and found.is_dir():
        found = found / "tokenizer.json"
    return str(found.stat().st_mtime_ns) if path and found.is_file() else ""


@st.cache_resource(max_entries=4, show_spinner=Spoken("Reading the tokenizer…"))
def _model(path: str, stamp: str) -> Model:
    if path and not Path(path).exists():
        raise InvalidValue(say("{name} is not there", name=repr(Path(path).name[:80])), say("bring it again"))
    return open_model(path)


@st.cache_resource(max_entries=4, show_spinner=False)
def _texts(texts: str, by: str, stamp: str) -> tuple[Mapping[str, list[str]], Tally]:
    if texts in SETS:
        found = parallel_of([texts])
        return {one: [text for text in found.texts[one] if text] for one in found.languages}, found.read
    return grouped_texts(Path(texts), by=by or None)
