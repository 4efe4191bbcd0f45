"""One concept in all its forms, as cards and a table."""

from __future__ import annotations

import pyarrow as pa
import streamlit as st

from components.parts.cards import cards, words_data
from components.parts.spoken import say
from components.parts.tables import csv_of
from components.separation.cached import forms_of
from components.shell.frame import em, note
from isogloss.separation.concept_card import Form, concept_of, cuts_of
from isogloss.spaces.collection import Collection
from isogloss.spaces.space import Space


def concept_view(collection: Collection, space: Space, item: str, by: str) -> str | None:
    """The card of an item's concept; another form that was picked."""
    if item not in space or not (concept := concept_of(space, item)):
        return None
    forms, pieces = forms_of(collection, space, concept, by)
    st.divider()
    found = [form for form in forms if form.found]
    alone = [form for form in forms if not form.found]
    note(
        say(
            "{word} is one of {n:,} forms of {concept} in {space}: the nearest other text of {found:,} is another form"
            " of it, {alone:,} stand alone.",
            word=em(item),
            n=len(forms),
            concept=em(concept),
            space=em(space.name),
            found=len(found),
            alone=len(alone),
        )
    )
    rows = [_row(form, cut) for form, cut in zip(forms, pieces, strict=True)]
    if alone:
        cuts = cuts_of(forms, pieces)
        note(
            say(
                "Of those alone, {n:,} hold a subword that the encoder does not know; they are cut into {alone:.1f}"
                " subwords on average, those that find a form into {found:.1f}.",
                n=cuts.unknown,
                alone=cuts.alone,
                found=cuts.found,
            )
        )
    picked = None
    for title, some, key in (
        (say("Alone:"), alone, "alone"),
        (say("Nearest to the concept's centre:"), sorted(found, key=lambda f: f.centre), "near"),
    ):
        if some:
            note(title)
            picked = cards(words_data([f.item for f in some[:24]]), key=f"concept-{key}") or picked
    shown = pa.Table.from_pylist(rows)
    st.dataframe(shown, hide_index=True, key="forms", alt=say("All forms of the concept"))
    st.download_button(
        say("Download as CSV"),
        csv_of(shown, f"forms of the concept of {item} in {space.name} · by {by}"),
        "concept.csv",
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
        key="concept-csv",
    )
    return picked


def _row(form: Form, pieces: list[str]) -> dict[str, object]:
    return {
        "form": form.item,
        "group": form.group,
        "romanized": form.romanized,
        "finds a form": form.found,
        "nearest other text": form.nearest,
        "cosine": round(form.similarity, 3),
        "distance to the centre": round(form.centre, 3),
        "subwords": len(pieces),
        "unknown subwords": pieces.count("<unk>"),
        "cut": " ".join(p.replace("▁", "_") for p in pieces),
    }
