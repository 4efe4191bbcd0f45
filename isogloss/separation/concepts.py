"""The `scripts` collection: terms that mean the same in many languages and scripts, from Unicode CLDR (babel)."""

from __future__ import annotations

import copy
import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, fields
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from isogloss.encoders.static import STAGES, StaticEncoder, load_encoder
from isogloss.errors import InvalidValue
from isogloss.progress import Progress, part_of, silent
from isogloss.spaces.collection import Alignment, Collection
from isogloss.spaces.items import read_parquet
from isogloss.spaces.space import Space
from isogloss.text.romanize import romanize_words
from isogloss.text.script import MIXED, NONE, script_of
from isogloss.workspace.access import read_only
from isogloss.workspace.store import SCRIPTS, SHIPPED, Workspace

if TYPE_CHECKING:
    from isogloss.encoders.contrastive import Bags

KINDS = ("territory", "language", "month", "weekday")
VERSION = 1
ROMANIZED = SHIPPED.parent / "romanized.parquet"
TERMS = SHIPPED.parent / "terms.parquet"
_COMMON = 0.97
_LEAST = {"territory": 150, "language": 40, "month": 12, "weekday": 7}
_LEAST_LATIN = 60  # languages named: a hundred locales in Latin letters follow one template and add little


@dataclass(frozen=True)
class Term:
    """One concept's name in one locale."""

    text: str
    concept: str
    locale: str
    language: str
    script: str
    kind: str


def cldr_terms(progress: Progress = silent) -> list[Term]:
    """Territories, languages, months and weekdays in every locale that has all four kinds.

    A locale that repeats another (`sr` and `sr_Cyrl`) stands once. Concepts are those that nearly all
    locales name. A term's script is read from its characters; terms without letters, in mixed scripts or
    left as their code are dropped.
    """
    from babel import localedata

    localedata._cache.clear()  # whoever asked babel for months before has changed what it holds: see locale_names

    named: dict[str, dict[tuple[str, str], str]] = {}
    seen: set[str] = set()
    identifiers = [i for i in sorted(localedata.locale_identifiers(), key=lambda i: (-i.count("_"), i)) if _whole(i)]
    for done, identifier in enumerate(identifiers):
        names = locale_names(identifier)
        counts = Counter(kind for kind, _ in names)
        latin = script_of(" ".join(names.values())) == "Latn"
        if all(counts[k] >= _LEAST[k] for k in KINDS) and counts["language"] >= (_LEAST_LATIN if latin else 0):
            digest = hashlib.sha256(repr(sorted(names.items())).encode()).hexdigest()
            if digest not in seen:
                seen.add(digest)
                named[identifier] = names
        progress(f"reading names of {identifier}", done / len(identifiers))
    held = Counter(concept for names in named.values() for concept in names)
    concepts = sorted(c for c, n in held.items() if n >= _COMMON * len(named))
    order = sorted(named, key=lambda i: (i.split("_")[0] != "en", i))
    terms = []
    for kind, code in concepts:
        for identifier in order:
            text = named[identifier].get((kind, code))
            script = script_of(text) if text else NONE
            if text and script not in (NONE, MIXED):
                terms.append(Term(text, f"{kind}:{code}", identifier, identifier.split("_")[0], script, kind))
    return terms


def _whole(identifier: str) -> bool:
    """Languages and language_Script; a region or a variant adds little of its own."""
    parts = identifier.split("_")
    return identifier != "root" and len(parts) <= 2 and (len(parts) == 1 or len(parts[1]) == 4)


def locale_names(identifier: str) -> dict[tuple[str, str], str]:
    """(kind, code) → name, as one locale of CLDR has it; months and weekdays as they stand alone.

    Read from a copy: babel writes what an alias resolves to into dictionaries that all locales share, so that one
    locale would be answered with the months of another that was asked before.

    >>> locale_names("en")["month", "1"], locale_names("af")["month", "1"], locale_names("he")["territory", "GR"]
    ('January', 'Januarie', 'יוון')
    """
    from babel import localedata

    raw, root = localedata.load(identifier), localedata.load("root")
    held = localedata.LocaleDataDict(copy.deepcopy({table: raw[table] for table in ("months", "days")}))
    found: dict[tuple[str, str], str] = {}
    for kind, table in (("territory", raw["territories"]), ("language", raw["languages"])):
        for code, text in table.items():
            if (
                isinstance(text, str)
                and text
                and text != code
                and (len(code) == 2 or kind == "language")
                and "_" not in code
            ):
                found[kind, code] = text
    for kind, table in (("month", "months"), ("weekday", "days")):
        placeholders = root[table]["format"]["wide"]  # M01, Mon: what a locale without names of its own is given
        for number, text in held[table]["stand-alone"]["wide"].items():
            if text and text != placeholders.get(number):
                found[kind, str(number)] = text
    return found


def make_scripts_collection(
    progress: Progress = silent, encode: Callable[[str], StaticEncoder] = load_encoder
) -> Collection:
    """One space for each stage of the encoder, the same items in each."""
    terms = shipped_terms() or cldr_terms(part_of(progress, 0.0, 0.5))
    items = _items(terms)
    digest = digest_of(terms)
    romanized = shipped_romanized(digest) or romanize_terms(terms, part_of(progress, 0.5, 0.8))
    columns = pa.table(
        {
            "concept": [t.concept for t in terms],
            "text": [t.text for t in terms],
            "locale": [t.locale for t in terms],
            "language": [t.language for t in terms],
            "script": [t.script for t in terms],
            "kind": [t.kind for t in terms],
            "romanized": romanized,
        }
    )
    number = {text: n for n, text in enumerate(dict.fromkeys(t.text for t in terms))}  # half of the names are others'
    place = np.array([number[t.text] for t in terms])
    bags: dict[int, Bags] = {}  # by tokeniser, which the stages share
    spaces = []
    for done, stage in enumerate(STAGES):
        progress(f"encoding {len(terms):,} terms, stage {stage}", 0.8 + 0.2 * done / len(STAGES))
        encoder = encode(stage)
        if id(encoder.tokenizer) not in bags:
            bags[id(encoder.tokenizer)] = encoder.bags(list(number))
        vectors = encoder.means(bags[id(encoder.tokenizer)])[place]
        mark = hashlib.sha256(np.ascontiguousarray(encoder.vectors).data).hexdigest()[:12]
        spaces.append(Space(stage, items, vectors, columns, {"encoder": encoder.name}, f"{digest}{mark}"))
    return Collection(
        SCRIPTS,
        tuple(spaces),
        "One concept in many scripts",
        Alignment("none"),
        ordered=True,
        metadata={
            "description": "Territories, languages, months and weekdays as Unicode CLDR names them, in three stages of "
            "one static encoder.",
            "source": "Unicode CLDR through babel",
            "licence": "Unicode-3.0 (names), CC BY-SA 4.0 (encoder)",
        },
    )


def digest_of(terms: list[Term]) -> str:
    """A name for these terms: what is derived from them carries it."""
    return hashlib.sha256(repr((VERSION, terms)).encode()).hexdigest()[:12]


def terms_mark() -> str:
    """What the terms depend on: babel's version, which brings CLDR's data, and ours."""
    return f"babel {version('babel')}, {VERSION}"


def shipped_terms(path: Path = TERMS) -> list[Term] | None:
    """What `cldr_terms` gave with this version of babel; None where another is installed or no file is there."""
    if not path.is_file():
        return None
    table = read_parquet(path)
    if (table.schema.metadata or {}).get(b"terms", b"").decode() != terms_mark():
        return None
    return [Term(*row) for row in zip(*(table[field.name].to_pylist() for field in fields(Term)), strict=True)]


def romanize_terms(terms: list[Term], progress: Progress = silent) -> list[str]:
    """Each term in Latin letters (uroman); it takes two thirds of the time that the collection takes."""
    romanized: list[str] = []
    for at in range(0, len(terms), 1000):
        progress(f"romanizing {len(terms):,} terms", at / len(terms))
        romanized += romanize_words(t.text for t in terms[at : at + 1000])
    return romanized


def shipped_romanized(digest: str, path: Path = ROMANIZED) -> list[str] | None:
    """What `romanize_terms` gave for the terms of this digest; None where CLDR's terms have changed since."""
    if not path.is_file():
        return None
    table = read_parquet(path)
    known = (table.schema.metadata or {}).get(b"terms", b"").decode()
    return list(table["romanized"].to_pylist()) if known == digest else None


def _items(terms: list[Term]) -> tuple[str, ...]:
    """`Αλβανία · el`, and with the concept where one locale names two alike."""
    plain = [f"{t.text} · {t.locale}" for t in terms]
    twice = {item for item, n in Counter(plain).items() if n > 1}
    return tuple(f"{item} · {t.concept}" if item in twice else item for item, t in zip(plain, terms, strict=True))


def ensure_scripts(workspace: Workspace, progress: Progress = silent) -> Path:
    """The folder of the collection, made on the first call (some ten seconds). Raises InvalidValue where nothing may be
    added.
    """
    folder = workspace.folders().get(SCRIPTS)
    if folder is None and read_only():
        raise InvalidValue(
            f"the collection {SCRIPTS!r} has yet to be made, and this server is read-only",
            "make it once, without ISOGLOSS_READONLY, by: python -m isogloss scripts scripts",
        )
    return folder or workspace.save(make_scripts_collection(progress))


def ensure_made(workspace: Workspace, name: str) -> None:
    """The collection `scripts` is made when it is first asked for."""
    if name == SCRIPTS:
        from isogloss.separation.concepts import ensure_scripts

        ensure_scripts(workspace)
