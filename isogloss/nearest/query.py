"""What a person typed as a query: words, an analogy or vector arithmetic."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass

import numpy as np

from isogloss.errors import InvalidValue
from isogloss.spaces.lookup import known_form
from isogloss.spaces.space import Space
from isogloss.text.normalize import nfc
from isogloss.types import Vectors

MOST = 6


@dataclass(frozen=True)
class Query:
    """A signed sum of items; a single item is the sum of one. folded: as it was typed → as it is known, where these
    differ.

    >>> Query((("king", 1), ("man", -1), ("woman", 1))).label
    'king − man + woman'
    """

    terms: tuple[tuple[str, int], ...]
    folded: tuple[tuple[str, str], ...] = ()

    @property
    def items(self) -> list[str]:
        return [item for item, _ in self.terms]

    @property
    def single(self) -> str | None:
        """The item, when the query is one item and nothing else."""
        return self.terms[0][0] if self.terms[0][1] > 0 and len(self.terms) == 1 else None

    @property
    def label(self) -> str:
        text = "".join((" + " if sign > 0 else " − ") + item for item, sign in self.terms)
        return text[3:] if self.terms[0][1] > 0 else text.strip()

    def missing(self, space: Space) -> list[str]:
        """Items that have no vector here, not even one composed from subwords."""
        return [item for item in self.items if item not in space and not space.composes(item)]

    def composed(self, space: Space) -> list[str]:
        """Items that the space does not hold and makes a vector for from subwords."""
        return [item for item in self.items if space.composes(item)]

    def vector(self, space: Space) -> Vectors | None:
        """Σ sign · unit vector, float32 (dim,), in the coordinates of `space`; None if an item is missing.

        For a : b :: c this is 3CosAdd, b − a + c (Mikolov, Yih & Zweig 2013).
        """
        total = np.zeros(space.dim, dtype=np.float32)
        for item, sign in self.terms:
            direction = space.direction(item)
            if direction is None:
                return None
            total += sign * direction
        return total


@dataclass(frozen=True, eq=False)
class Direction:
    """A query that is a vector of no item, (dim,), in the coordinates that the spaces share."""

    direction: Vectors
    label: str = "a vector"
    items: tuple[str, ...] = ()
    single: str | None = None

    def vector(self, space: Space) -> Vectors | None:
        """Raises InvalidValue where the dimensions differ."""
        found = np.asarray(self.direction, dtype=np.float32)
        if found.shape != (space.dim,):
            raise InvalidValue(
                f"the query has shape {found.shape}, space {space.name!r} {space.dim} dimensions",
                "query a space with vectors of its own kind",
            )
        return found


def as_query(query: Query | Direction | str | Vectors, known: Container[str]) -> Query | Direction:
    """What a person may hand in: a query, words (one item where `known` holds it, else as they are parsed), a vector.

    Raises InvalidValue for no word, or several that are separated by commas.

    >>> as_query("man : king :: woman : ?", ()).label
    'king − man + woman'
    """
    if isinstance(query, Query | Direction):
        return query
    if not isinstance(query, str):
        return Direction(query)
    found = parse(query, known)
    if len(found) != 1:
        raise InvalidValue(f"{query!r} names {len(found)} queries", "ask one at a time")
    return found[0]


def parse(typed: str, known: Container[str] | None = None) -> list[Query]:
    """Read what was typed. `known` (anything with `in`) settles whether the whole text is one item.

    A word that is not known is taken in the form that is: in lower case, with capitals, without accents.
    Words are separated by commas and give a query each; `a : b :: c : ?` is an analogy; ` + ` and
    ` - ` between spaces are arithmetic (a hyphen inside a word is part of the word).
    Raises InvalidValue for an unfinished analogy, a sign without a word, or more than six queries.

    >>> [q.label for q in parse("climate, viet-nam")], parse("Climate", {"climate"})[0].label
    (['climate', 'viet-nam'], 'climate')
    >>> parse("man : king :: woman : ?")[0].label, parse("king - man + woman")[0].label
    ('king − man + woman', 'king − man + woman')
    """
    typed = nfc(typed).strip()
    if not typed:
        return []
    if known is not None and (found := known_form(typed, known)) is not None:
        return [Query(((found, 1),), ((typed, found),) if found != typed else ())]
    return [_folded(query, known) for query in _read(typed)]


def _folded(query: Query, known: Container[str] | None) -> Query:
    if known is None:
        return query
    found = {item: known_form(item, known) or item for item in query.items}
    return Query(
        tuple((found[item], sign) for item, sign in query.terms),
        tuple((item, form) for item, form in found.items() if form != item),
    )


def _read(typed: str) -> list[Query]:
    if "::" in typed:
        parts = [p.strip() for p in re.split(r"\s*::?\s*", typed) if p.strip() not in ("", "?")]
        if len(parts) != 3:
            raise InvalidValue(f"the analogy {typed!r} has {len(parts)} words", "write it as  a : b :: c : ?")
        return [Query(((parts[1], 1), (parts[0], -1), (parts[2], 1)))]
    queries = [_sum(part) for part in re.split(r"[,;،、，]", typed) if part.strip()]
    if len(queries) > MOST:
        raise InvalidValue(f"{len(queries)} words were given", f"compare at most {MOST} at once")
    return queries


def _sum(text: str) -> Query:
    terms: list[tuple[str, int]] = []
    sign = 1
    for piece in re.split(r"(?:^|(?<=\s))([+\-−])(?=\s)", text.strip()):
        if piece in ("+", "-", "−"):
            sign = 1 if piece == "+" else -1
        elif item := " ".join(piece.split()):
            terms.append((item, sign))
            sign = 1
    if not terms:
        raise InvalidValue(f"{text.strip()!r} names no word", "write words, as  king - man + woman")
    return Query(tuple(terms))
