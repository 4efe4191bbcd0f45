"""What the home page shows: a finding, and the collections at hand with what is in them."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping

from isogloss.alignment.method import METHODS as LEARNT
from isogloss.spaces.collection import Collection

_OTHERS = {
    "cade": "CADE: every space trained against one frozen compass",
    "encoder": "one encoder for all spaces",
    "none": "not aligned: each space answers for itself",
    "declared": "declared aligned by whoever imported it",
}


class _Described(Mapping[str, str]):
    """Method → how it is told; a method of the family is imported when a collection was aligned by it."""

    def __getitem__(self, method: str) -> str:
        return LEARNT[method].described if method in LEARNT else _OTHERS[method]

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
        ("Spaces", ", ".join(collection.names)),
        ("Items", ", ".join(f"{len(space):,}" for space in collection.spaces)),
        ("Dimensions", ", ".join(str(d) for d in sorted({space.dim for space in collection.spaces}))),
    ]
    if slices:
        found.append(("Documents", ", ".join(f"{slices[n]['documents']:,}" for n in collection.names if n in slices)))
        found.append(
            ("Tokens", ", ".join(f"{slices[n]['tokens'] / 1e6:.1f} M" for n in collection.names if n in slices))
        )
    found.append(("Alignment", METHODS.get(collection.alignment.method, collection.alignment.method)))
    if collection.alignment.frozen_max_change is not None:
        found.append(
            ("Largest change of the frozen compass", f"{collection.alignment.frozen_max_change:.1f} (0 is right)")
        )
    if slices and "shared_items" in diagnostics:
        shares = [entry["shared_token_share"] for entry in slices.values()]
        found.append(
            (
                "Shared vocabulary",
                (
                    f"{diagnostics['shared_items']:,} items, {min(shares):.0%}–{max(shares):.0%} of the tokens of each"
                    " space"
                ),
            )
        )
    if collection.controls is not None:
        splits = [
            f"{collection.controls.facts[kind]} by {kind}"
            for kind in ("author", "document")
            if collection.controls.facts.get(kind)
        ]
        found.append(("Drift tested on", f"halves of every space, {' and '.join(splits)}"))
    for key in ("licence", "source"):
        if metadata.get(key):
            found.append((key.capitalize(), str(metadata[key])))
    return found


def facts_html(collection: Collection) -> str:
    """The facts as a definition list, escaped."""
    rows = "".join(f"<div><dt>{html.escape(k)}</dt><dd>{html.escape(v)}</dd></div>" for k, v in facts(collection))
    return f'<dl class="iso-grid">{rows}</dl>'
