"""Neighbors and texts that pages read, kept by fingerprint and parameters."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import streamlit as st

from components.parts.spoken import Spoken
from components.shell.cached import derived_of, signed
from isogloss.nearest.neighbors import Lists, neighbors
from isogloss.nearest.query import Query
from isogloss.spaces.collection import Collection


@st.cache_data(show_spinner=False, max_entries=256)
@signed
def _neighbors(
    fingerprint: str, query: Query, k: int, criterion: str, source: str | None, _collection: Collection
) -> Lists:
    return neighbors(_collection, query, k=k, criterion=criterion, source=source, store=derived_of(_collection))


def neighbors_of(
    collection: Collection, query: Query, k: int, *, criterion: str = "cosine", source: str | None = None
) -> Lists:
    return _neighbors(collection.fingerprint, query, k, criterion, source, collection)


@st.cache_resource(show_spinner=Spoken("reading the corpus …"), max_entries=2)
@signed
def texts_of(path: str, changed: int, version: str, *, _corpus: Mapping[str, Any]) -> pa.Table:
    """A corpus with the space of each document, kept by file and time."""
    from isogloss.corpora.concordance import read_texts  # readers of all kinds of files

    return read_texts(Path(path), _corpus)
