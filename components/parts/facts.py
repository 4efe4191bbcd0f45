"""What the home page shows: a finding, and the collections at hand with what is in them."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from typing import Any

from components.parts.spoken import later, listed, say
from isogloss.alignment.method import METHODS as LEARNT
from isogloss.spaces.collection import Collection

_OTHERS = {
    "cade": later("CADE: every space trained against one frozen compass"),
    "encoder": later("one encoder for all spaces"),
    "none": later("not aligned: each space answers for itself"),
    "declared": later("declared aligned by whoever imported it"),
}


class _Described(Mapping[str, str]):
    """Method → how it is told; a method of the family is imported when a collection was aligned by it."""

    def __getitem__(self, method: str) -> str:
        return LEARNT[method].described if method in LEARNT else say(_OTHERS[method])

    def __iter__(self) -> Iterator[str]:
        return iter((*_OTHERS, *LEARNT))

    def __len__(self) -> int:
        return len(_OTHERS) + len(LEARNT)


METHODS = _Described()


def facts(collection: Collection) -> list[tuple[str, str]]:
    """Name and value of what is in a collection and how it was aligned; plain text."""
    diagnostics, metadata = collection.alignment.diagnostics, collection.metadata
    slices = diagnostics.get("slices", {})
    found = [
        (say("Spaces"), ", ".join(collection.names)),
        (say("Items"), ", ".join(f"{len(space):,}" for space in collection.spaces)),
        (say("Dimensions"), ", ".join(str(d) for d in sorted({space.dim for space in collection.spaces}))),
    ]
    if slices:
        found.append(
            (say("Documents"), ", ".join(f"{slices[n]['documents']:,}" for n in collection.names if n in slices))
        )
        found.append(
            (say("Tokens"), ", ".join(f"{slices[n]['tokens'] / 1e6:.1f} M" for n in collection.names if n in slices))
        )
    found.append((say("Alignment"), METHODS.get(collection.alignment.method, collection.alignment.method)))
    if collection.alignment.frozen_max_change is not None:
        found.append(
            (
                say("Largest change of the frozen compass"),
                say("{change:.1f} (0 is right)", change=collection.alignment.frozen_max_change),
            )
        )
    if slices and "shared_items" in diagnostics:
        shares = [entry["shared_token_share"] for entry in slices.values()]
        found.append(
            (
                say("Shared vocabulary"),
                say(
                    "{items:,} items, {low:.0%}–{high:.0%} of the tokens of each space",
                    items=diagnostics["shared_items"],
                    low=min(shares),
                    high=max(shares),
                ),
            )
        )
    if collection.controls is not None:
        halves = halves_in_words(collection.controls.facts)
        found.append((say("Drift tested on"), say("halves of every space, {halves}", halves=halves)))
    for key, title in (("licence", say("Licence")), ("source", say("Source"))):
        if metadata.get(key):
            found.append((title, str(metadata[key])))
    return found


def halves_in_words(facts: Mapping[str, Any]) -> str:
    """How many half-samples the controls were made of, by what the texts were halved."""
    told = []
    if facts.get("author"):
        told.append(say("{n} by author", n=facts["author"]))
    if facts.get("document"):
        told.append(say("{n} by document", n=facts["document"]))
    return listed(told)


def facts_html(collection: Collection) -> str:
    """The facts as a definition list, escaped."""
    rows = "".join(f"<div><dt>{html.escape(k)}</dt><dd>{html.escape(v)}</dd></div>" for k, v in facts(collection))
    return f'<dl class="iso-grid">{rows}</dl>'
