"""The sentences of the interface for those who translate: extracted, and each language's catalogue brought up to date.

    python -m scripts.catalogues            # writes assets/locale/
    python -m scripts.catalogues --check    # says whether it is what the code says

What is new is untranslated, what is gone is left out, and nothing is guessed. Sorted by the English sentence, without
lines and dates, so that a change of code that changes no sentence changes no catalogue.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from isogloss.alignment.method import declared
from isogloss.alignment.reasons import REASONS
from isogloss.atlas.shipped import answered
from isogloss.drift.measure import MEASURES
from isogloss.heads.recipe import LOSSES, METHODS, TRAINS
from isogloss.interface.catalogue import DOMAIN, FOLDER, path_of
from isogloss.interface.languages import ENGLISH, LANGUAGES
from isogloss.places import ROOT
from isogloss.rewriting.file import FORMATS
from isogloss.rewriting.profile import PROFILES
from isogloss.rewriting.span import SPANS
from isogloss.sentences.measure import SENTENCE_MEASURES
from isogloss.separation.removal import REMOVALS

TEMPLATE = FOLDER / f"{DOMAIN}.pot"
_WORDS = {"say": None, "later": None, "Spoken": None, "count": (1, 2)}
_WHEN = datetime(2026, 11, 27, tzinfo=UTC)  # of every catalogue: a date of each run would be a change in each
_HEADER = "# Sentences of Isogloss. Not yet checked by native speakers."


def members() -> dict[str, list[str]]:
    """What members of families say of themselves on pages, by the folder that holds them."""
    return {
        "assets/atlas/answered.tsv": [one.account for one in answered()],
        "isogloss/drift/measures": [text for one in MEASURES.values() for text in (one.title, one.help)],
        "isogloss/alignment/methods": [
            text for one in declared().values() for text in (one.label, one.field.metadata["help"]) if text
        ],
        "isogloss/alignment/reasons.py": [text for one in REASONS.items() for text in one],
        "isogloss/heads": [*LOSSES.values(), *TRAINS.values(), *METHODS.values()],
        "isogloss/rewriting/profiles": [one.help for one in PROFILES.values()],
        "isogloss/rewriting/reading": [text for one in FORMATS.values() for text in (one.title, one.rows)],
        "isogloss/rewriting/spans": [one.title for one in SPANS.values()],
        "isogloss/sentences/measures": [text for one in SENTENCE_MEASURES.values() for text in (one.title, one.help)],
        "isogloss/separation/removals": [one.help for one in REMOVALS.values()],
    }


def template() -> Catalog:
    """Every sentence that the pages say, with the files in which it stands."""
    found = Catalog(project="Isogloss", version="", creation_date=_WHEN, header_comment=_HEADER, fuzzy=False)
    for name in ("components", "pages"):
        for file, _, message, _, _ in extract_from_dir(ROOT / name, [("**.py", "python")], keywords=_WORDS):
            found.add(message, locations=[(f"{name}/{file}", 0)])
    for place, texts in members().items():
        for text in texts:
            found.add(text, locations=[(place, 0)])
    return found


def updated(code: str, of: Catalog) -> Catalog:
    """A language's catalogue with the messages of a template."""
    path = path_of(code)
    if path.is_file():
        with path.open("rb") as file:
            found = read_po(file, locale=code)
    else:
        found = Catalog(locale=code)
    found.update(of, no_fuzzy_matching=True)
    found.obsolete.clear()
    found.project, found.version, found.header_comment = "Isogloss", "", _HEADER
    found.last_translator = found.msgid_bugs_address = found.language_team = ""
    found.creation_date = found.revision_date = _WHEN
    found.fuzzy = False
    return found


def untranslated(one: Catalog) -> list[str]:
    """English sentences that a catalogue does not say."""
    found = []
    for message in one:
        forms = message.string if isinstance(message.string, list | tuple) else [message.string]
        if message.id and not all(forms):
            found.append(message.id if isinstance(message.id, str) else message.id[0])
    return found


def text_of(one: Catalog) -> bytes:
    """A catalogue as its file holds it."""
    out = io.BytesIO()
    write_po(out, one, sort_output=True, include_lineno=False, width=120)
    return out.getvalue()


def made() -> Mapping[Path, Catalog]:
    """Each file of assets/locale, and what it should hold."""
    of = template()
    return {TEMPLATE: of} | {path_of(code): updated(code, of) for code in LANGUAGES if code != ENGLISH}


def main() -> int:
    """Write them, or say which differ; 0 where all is as it should be."""
    stale = 0
    for path, one in made().items():
        text = text_of(one)
        if "--check" in sys.argv[1:]:
            if not path.is_file() or path.read_bytes() != text:
                print(f"{path.relative_to(ROOT)} is not what the code says: python -m scripts.catalogues")
                stale = 1
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text)
        if path != TEMPLATE:
            print(f"{path.parent.parent.name}: {len(untranslated(one)):,} of {len(one):,} untranslated")
    return stale


if __name__ == "__main__":
    sys.exit(main())
