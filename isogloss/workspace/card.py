"""The card of a collection: what it is of, and which facts it lacks to be called complete."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from isogloss.errors import InvalidValue

KEY = "card"  # of a header's metadata
LONGEST = 400
EACH = ("language", "script", "period", "tokens")  # of every space, or of all at once
WHOLE = ("source", "licence", "seed")  # of the collection
FACTS = ("language", "script", "period", "source", "licence", "tokens", "seed")
# Language, extended language, script, region, variants and extensions of RFC 5646; `und` and `mis` say nothing.
_TAG = re.compile(
    r"(?!(und|mis|zxx)\b)[a-z]{2,3}(-[a-z]{3}){0,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?(-([a-z0-9]{5,8}|\d[a-z0-9]{3}))*(-[a-wyz0-9](-[a-z0-9]{2,8})+)*(-x(-[a-z0-9]{1,8})+)?"
)
_YEARS = re.compile(r"(-?\d{1,4})(?:[-–/](-?\d{1,4}))?")
_NO_SCRIPT = ("Zzzz", "Zyyy", "Zinh", "Zxxx")


@dataclass(frozen=True)
class Card:
    """facts: space → its facts by name, those of the collection among them. missing: what is lacking, in words."""

    facts: Mapping[str, Mapping[str, str]]
    missing: tuple[str, ...]

    @property
    def complete(self) -> bool:
        return not self.missing


def wrong(name: str, value: str) -> str:
    """Why a value is not of its kind; empty where it is.

    >>> wrong("language", "sr-Latn"), wrong("script", "Cyrl"), wrong("period", "1946-1969")
    ('', '', '')
    >>> wrong("language", "English"), wrong("script", "Cyrillic"), wrong("period", "1969-1946")
    ('no BCP 47 tag', 'no ISO 15924 code', 'no years')
    """
    return "" if 0 < len(value.strip()) <= LONGEST and _READ[name][0](value) else _READ[name][1]


def _is_script(value: str) -> bool:
    return value in _scripts() and value not in _NO_SCRIPT


@cache
def _scripts() -> frozenset[str]:
    from babel import Locale

    return frozenset(Locale("en").scripts)


def _is_period(value: str) -> bool:
    found = _YEARS.fullmatch(value)
    return found is not None and int(found[1]) <= int(found[2] or found[1])


def _is_whole(least: int) -> Callable[[str], bool]:
    return lambda value: re.fullmatch(r"[0-9]{1,18}", value) is not None and int(value) >= least


def _is_text(value: str) -> bool:
    return bool(value.strip())


_READ: dict[str, tuple[Callable[[str], bool], str]] = {
    "language": (lambda value: _TAG.fullmatch(value) is not None, "no BCP 47 tag"),
    "script": (_is_script, "no ISO 15924 code"),
    "period": (_is_period, "no years"),
    "source": (_is_text, "empty, or too long"),
    "licence": (_is_text, "empty, or too long"),
    "tokens": (_is_whole(1), "no number of tokens"),
    "seed": (_is_whole(0), "no seed"),
}


def read_facts(told: list[str]) -> dict[str, str]:
    """NAME=VALUE, as the command line has it. Raises InvalidValue.

    >>> read_facts(["language=en", "seed=1"])
    {'language': 'en', 'seed': '1'}
    """
    found = {}
    for one in told:
        name, between, value = one.partition("=")
        if not between or name not in FACTS:
            raise InvalidValue(f"the fact {one[:40]!r} is none", f"give NAME=VALUE of {', '.join(FACTS)}")
        if why := wrong(name, value.strip()):
            raise InvalidValue(f"{name} is {value[:40]!r}: {why}", _LEVERS[name])
        found[name] = value.strip()
    return found


_LEVERS = {
    "language": "give a tag such as en, sr-Latn or zh-Hant-TW",
    "script": "give a code such as Latn, Cyrl or Arab",
    "period": "give years such as 1946-1969",
    "source": f"give a text of at most {LONGEST} letters",
    "licence": f"give a text of at most {LONGEST} letters",
    "tokens": "give a whole number above 0",
    "seed": "give a whole number",
}


def with_facts(metadata: Mapping[str, Any], facts: Mapping[str, str], space: str = "") -> dict[str, Any]:
    """Metadata with further facts, of one space or of all."""
    card = dict(_object(metadata.get(KEY)))
    if space:
        spaces = dict(_object(card.get("spaces")))
        card["spaces"] = {**spaces, space: {**_object(spaces.get(space)), **facts}}
    else:
        card |= facts
    return {**metadata, KEY: card}


def card_of(header: Mapping[str, Any]) -> Card:
    """The card of a header: what was told of it, and what its recipe wrote down."""
    metadata = _object(header["metadata"])
    told = _object(metadata.get(KEY))
    training, corpus = _object(metadata.get("training")), _object(metadata.get("corpus"))
    written = {key: metadata.get(key) for key in ("language", "script", "source", "licence", "tokens")}
    written["seed"] = training.get("seed")
    slices = {str(one.get("name")): one for one in corpus.get("slices") or [] if isinstance(one, dict)}
    facts: dict[str, dict[str, str]] = {}
    lacking: dict[str, list[str]] = {}
    for space in header["spaces"]:
        name, one = str(space["name"]), slices.get(str(space["name"]), {})
        low, high = one.get("low"), one.get("high")
        years = f"{low}-{high}" if isinstance(low, int) and isinstance(high, int) else None
        own = _object(_object(told.get("spaces")).get(name))
        found = written | {"period": years} | _object(space.get("metadata")) | told | own
        facts[name] = {key: str(found[key]) for key in FACTS if found.get(key) is not None}
        for key in FACTS:
            if key not in facts[name]:
                lacking.setdefault(key, []).append(name)
            elif why := wrong(key, facts[name][key]):
                lacking.setdefault(f"{key} ({facts[name].pop(key)[:40]!r} is {why})", []).append(name)
    return Card(facts, tuple(_told(key, names, len(facts)) for key, names in lacking.items()))


def _told(key: str, names: list[str], of: int) -> str:
    return key if key.split()[0] in WHOLE or len(names) == of else f"{key} of {', '.join(names)}"


def _object(value: Any) -> dict[str, Any]:
    return dict(value) if isinstance(value, Mapping) else {}
