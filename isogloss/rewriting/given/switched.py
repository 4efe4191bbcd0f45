"""Sixty sentences of our own writing whose entities can be switched, and their names in six languages."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from isogloss.rewriting.switching.entities import Entities, entities_of
from isogloss.text.normalize import nfc

NAME = "switched"
NOTE = "sentences and entities of our own writing, not checked by native speakers; labels are not inflected"
_HERE = Path(__file__).parent


@cache
def given_sentences() -> tuple[str, ...]:
    """In half of them entities are tagged `[[…]]` or `<E>…</E>`; in two there is none.

    >>> len(given_sentences()), given_sentences()[0]
    (60, 'The [[moon]] is brighter than the lamp.')
    """
    return tuple(nfc(line) for line in (_HERE / "switched.txt").read_text(encoding="utf-8").splitlines())


@cache
def given_entities() -> Entities:
    """Everyday things and a few that not every language names here.

    >>> given_entities().labels["sea"]["fr"], len(given_entities().labels), given_entities().languages
    (('mer',), 42, ('de', 'fr', 'es', 'ru', 'hi', 'ar'))
    """
    with (_HERE / "entities.tsv").open(encoding="utf-8", newline="") as file:
        names, *rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
    return entities_of((row[0], name, nfc(row[i])) for i, name in enumerate(names) if i for row in rows)
