"""An item as somebody types it, found in the form in which spaces hold it; and why it is not there."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass

from isogloss.spaces.collection import Collection
from isogloss.text.matches import closest
from isogloss.text.normalize import fold_accents, lowered, nfc, normal_form

_NEAR = 6
_LONGEST = 400


def spellings(typed: str) -> Iterator[str]:
    """The forms under which something that was typed may be held, the likeliest first; the first is what was typed.

    >>> list(spellings("Été"))
    ['Été', 'été', 'ÉTÉ', 'ete', 'ETE', 'Ete']
    """
    plain = normal_form(typed)
    lower = lowered(plain)
    forms = [nfc(typed), plain, lower, plain.upper(), lower.title(), plain.casefold(), lower.replace(" ", "-")]
    forms += [lower.replace(" ", "_"), fold_accents(lower), fold_accents(lower).upper(), fold_accents(lower).title()]
    if "." in lower:  # U.S and U.S. are one
        forms += [lower.rstrip(".") + ".", lower.replace(".", "")]
    yield from dict.fromkeys(forms)


def known_form(typed: str, known: Container[str]) -> str | None:
    """The form that is known of what was typed; None where none is.

    >>> known_form("AI", {"ai"}), known_form("climate", {"climate", "Climate"}), known_form("FInance", ()) is None
    ('ai', 'climate', True)
    """
    return next((form for form in spellings(typed[:_LONGEST]) if form and form in known), None)


@dataclass(frozen=True)
class Absence:
    """item: what was looked for. why: in words. elsewhere: spaces that hold it. near: items like it, nearest first."""

    item: str
    why: str
    elsewhere: tuple[str, ...]
    near: tuple[str, ...]


def absence(collection: Collection, item: str, spaces: list[str] | None = None) -> Absence:
    """Why an item is in none of some spaces (all by default): only in others, under the least uses, or unknown."""
    asked = spaces or collection.names
    elsewhere = tuple(space.name for space in collection.spaces if item in space and space.name not in asked)
    least = least_uses(collection)
    if elsewhere:
        why = f"it is only in {', '.join(elsewhere)}"
    elif least:
        why = f"it is used under {least:,} times, or never: so rare words have no vector here"
    else:
        why = "no space holds it"
    if spaces is None:
        near = closest(item[:_LONGEST], collection.counts, _NEAR, keys=collection.search_keys)
    else:
        near = closest(item[:_LONGEST], [i for name in asked for i in collection[name].items], _NEAR)
    return Absence(item, why, elsewhere, tuple(near))


def least_uses(collection: Collection) -> int | None:
    """How often a word had to be used in a slice to have a vector, where the collection was built here."""
    training = collection.metadata.get("training")
    least = training.get("ship_count") if isinstance(training, dict) else None
    return least if isinstance(least, int) and not isinstance(least, bool) else None
