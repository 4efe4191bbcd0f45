"""Type into it: a text and its romanisation, in every stage of the encoder; and the gap between the two over many
lines.
"""

from __future__ import annotations

from html import escape

import numpy as np
import pyarrow as pa
import streamlit as st

from components.parts.cards import cards, row, words_data
from components.parts.numbers import number
from components.parts.palette import space_colours
from components.parts.spoken import count, say
from components.parts.tables import csv_of
from components.separation.cached import encoder_stage
from components.shell import state
from components.shell.frame import em, note, shown_errors
from components.shell.intake import uploaded
from isogloss.encoders.encoder import open_encoder
from isogloss.encoders.static import STAGES, load_encoder
from isogloss.linear import cosine
from isogloss.separation.gap import Gap, take_lines, transliteration_gaps
from isogloss.separation.placed import Near, nearest_concepts
from isogloss.spaces.collection import Collection
from isogloss.spaces.space import Space
from isogloss.text.normalize import nfc
from isogloss.text.romanize import romanize
from isogloss.types import Vectors
from isogloss.workspace.folders import scratch_folder

MOST = 500
NEAREST = 6
LIKE = 0.5  # cosine under which nothing is said to be like a text
EXAMPLES = ("Германия · ru", "понедельник · ru", "Greece · en", "日本 · ja", "مصر · ar", "भारत · hi")


def pick_text(collection: Collection) -> list[str]:
    """What was typed, and its romanisation where that differs; empty where the collection has no encoder of ours."""
    if not any(encoder_stage(space) for space in collection.spaces):
        return []
    typed = nfc(
        st.text_input(
            say("Type a word or sentence"),
            key="typed",
            bind="query-params",
            max_chars=MOST,
            placeholder="привет · privet · 你好",
            help=say("In any language and script; it is encoded here, by the model that made these vectors."),
        ).strip()
    )[:MOST]
    if not typed:
        return []
    state.check_number("k", 3, 20, NEAREST)
    st.slider(say("Nearest concepts"), 3, 20, NEAREST, key="k", bind="query-params")
    romanized = romanize(typed)
    return [typed] if romanized == typed else [typed, romanized]


def vectors_of(collection: Collection, texts: list[str]) -> dict[str, Vectors]:
    """The texts' vectors in every space that a stage of our encoder made."""
    found = {}
    for space in collection.spaces:
        stage = encoder_stage(space)
        if texts and stage and space.metadata.get("removal") is None:
            found[space.name] = load_encoder(stage).encode(texts)
    return found


def nearest(collection: Collection, texts: list[str], vectors: dict[str, Vectors]) -> str | None:
    """The nearest concepts of the text and of its romanisation, stage by stage; an item that was picked."""
    if not texts or not vectors:
        return None
    k = int(st.session_state.get("k", NEAREST))
    pieces = [load_encoder(STAGES[-1]).pieces(text) for text in texts]
    note(" · ".join(_cut(text, one) for text, one in zip(texts, pieces, strict=True)))
    if len(texts) == 2:
        alike = " · ".join(f"{escape(name)} {number(cosine(v[0], v[1]))}" for name, v in vectors.items())
        note(
            say(
                "Cosine of {text} and its romanisation {other}, 1 is the same: {values}.",
                text=em(texts[0]),
                other=em(texts[1]),
                values=alike,
            )
        )
    colours = space_colours(list(vectors), True)
    columns = []
    best = {name: _nearest(collection[name], found[0], 1) for name, found in vectors.items()}
    if not any(near and near[0].similarity >= LIKE for near in best.values()):
        note(_nothing_like(collection, texts[0]))
    for name, found in vectors.items():
        groups = []
        for text, vector in zip(texts, found, strict=True):
            rows = [
                row(near.item, [(near.similarity, colours[name])], mark=near.concept)
                for near in _nearest(collection[name], vector, k)
            ]
            groups.append({"title": text, "rows": rows, "empty": say("no subword of it is known")})
        columns.append(
            {
                "space": name,
                "colour": colours[name],
                "note": say("nearest concepts"),
                "frequency": None,
                "groups": groups,
            }
        )
    return cards({"kind": "lists", "columns": columns}, key="typed-near")


def _cut(text: str, pieces: list[str]) -> str:
    """How a text is cut into subwords; markup."""
    shown, unknown = escape(" ".join(p.replace("▁", "_") for p in pieces[:12])), pieces.count("<unk>")
    if unknown:
        return count(
            "{text}: {n} subword ({pieces}), {unknown} unknown",
            "{text}: {n} subwords ({pieces}), {unknown} unknown",
            len(pieces),
            text=em(text),
            pieces=shown,
            unknown=unknown,
        )
    return count(
        "{text}: {n} subword ({pieces})",
        "{text}: {n} subwords ({pieces})",
        len(pieces),
        text=em(text),
        pieces=shown,
    )


def _nearest(space: Space, vector: Vectors, k: int) -> list[Near]:
    """Nothing is near a text of which no subword is known."""
    return nearest_concepts(space, vector, k) if np.linalg.norm(vector) > 0 else []


def _nothing_like(collection: Collection, text: str) -> str:
    """That a text has nothing near it, and what the space holds; markup."""
    kinds = collection.spaces[-1].column("kind")
    held = sorted({str(kind) for kind in kinds if kind}) if kinds is not None else []
    if not held:
        return say("Nothing like {text} is here (no similarity of {least:g} or more).", text=em(text), least=LIKE)
    return say(
        "Nothing like {text} is here (no similarity of {least:g} or more): this space holds {kinds}.",
        text=em(text),
        least=LIKE,
        kinds=escape(", ".join(held[:8])),
    )


def examples(collection: Collection, item: str, texts: list[str]) -> None:
    """Words to begin with, where nothing was asked for."""
    found = [one for one in EXAMPLES if one in collection]
    if item or texts or not found:
        return
    note(say("One word in all its forms:"))
    if picked := cards(words_data(found), key="examples"):
        state.walk_to(picked)
        st.rerun()


def gap_panel() -> None:
    """An upload of parallel lines, and how much is lost by romanisation, language by language."""
    with st.expander(say("The gap between a script and its romanisation, for your own lines")):
        note(
            say(
                "A TSV file with the columns {columns} and, if you like, {more}. For every language: how often a line"
                " finds its English among all English lines of the language, in its script and romanized.",
                columns="language, text, english",
                more="romanized",
            )
        )
        stage = st.selectbox(say("Encoder"), list(STAGES), index=len(STAGES) - 1, key="gap-stage")
        file = uploaded(say("Parallel lines (TSV)"), "gap-file", ["tsv", "txt"])
        if file is None:
            return
        with shown_errors():
            with scratch_folder() as folder:
                path = folder / "lines.tsv"
                path.write_bytes(file.getvalue())
                lines = take_lines(path)
            gaps = transliteration_gaps(lines, open_encoder(stage))
            shown = pa.Table.from_pylist([_row(gap) for gap in gaps])
            st.dataframe(shown, hide_index=True, alt=say("The gap by language"))
            note(say("Intervals: 95%, bootstrap over lines. A gap above 0: the native script is found better."))
            st.download_button(
                say("Download as CSV"),
                csv_of(shown, "gaps of your own texts"),
                "gap.csv",
                "text/csv",
                icon=":material/download:",
                on_click="ignore",
                key="gap-csv",
            )


def _row(gap: Gap) -> dict[str, object]:
    return {
        "language": gap.language,
        "script": gap.script,
        "n": gap.n,
        "P@1 native": round(gap.precision_at_1_native.value, 3),
        "P@1 romanized": round(gap.precision_at_1_romanized.value, 3),
        "gap": round(gap.gap.value, 3),
        "from": round(gap.gap.low or 0.0, 3),
        "to": round(gap.gap.high or 0.0, 3),
        "unknown subwords": round(gap.unk_share, 4),
        "subwords a word": round(gap.subwords_per_word, 2),
    }
