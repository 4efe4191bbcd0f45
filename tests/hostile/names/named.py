"""Collections in which every name that a person may give is a payload."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from isogloss.maps.layout import LayoutParameters, layout_key
from isogloss.notebook.case import Case
from isogloss.notebook.ledger import FILE, Ledger
from isogloss.notebook.view import View
from isogloss.spaces.collection import Alignment, Collection
from isogloss.spaces.space import Space
from isogloss.stories.shelf import StoryShelf
from isogloss.stories.story import Beat, Story
from isogloss.workspace.store import Workspace

NAME = "named"
CASE = "0" * 31 + "1"
_DIM, _WORDS = 6, 40


def named_collection(payloads: Sequence[str], *, aligned: bool = True, ordered: bool = True) -> Collection:
    """A space for each payload; they stand in items, columns and their values, title, metadata and language, too."""
    items = [*payloads, *(f"w{i}" for i in range(_WORDS))]
    return Collection(
        NAME,
        tuple(_space(name, items, payloads, seed) for seed, name in enumerate(payloads)),
        title=payloads[0],
        alignment=Alignment("declared" if aligned else "none", diagnostics={"note": payloads[0]}),
        ordered=ordered,
        metadata={
            "description": payloads[0],
            "licence": payloads[1],
            "source": payloads[0],
            "language": payloads[1],
            "stories": list(payloads),
            "corpus": {"file": payloads[0], "text": payloads[1], "slice_by": payloads[0]},
        },
    )


def _space(name: str, items: Sequence[str], payloads: Sequence[str], seed: int) -> Space:
    rng = np.random.default_rng(seed)
    vectors = np.random.default_rng(99).normal(size=(len(items), _DIM)) + 0.3 * rng.normal(size=(len(items), _DIM))
    values = [payloads[i % 2] for i in range(len(items))]
    counts = np.arange(len(items), 0, -1) * 10
    columns: dict[str, object] = {"count": counts, "script": values, "language": values, payloads[0]: values}
    columns["concept"] = [payloads[i // 4 % len(payloads)] for i in range(len(items))]
    made = {"language": payloads[1], "script": payloads[0], "said": [payloads[0]], "file": payloads[0]}
    return Space(name, tuple(items), vectors.astype(np.float16).astype(np.float32), pa.table(columns), made)


def save_named(workspace: Workspace, payloads: Sequence[str], *, aligned: bool = True, ordered: bool = True) -> None:
    """The collection, with its maps by the first two dimensions."""
    workspace.save(named_collection(payloads, aligned=aligned, ordered=ordered))
    spaces = workspace.open(NAME).spaces
    for some in (spaces, *((one,) for one in spaces)):
        vectors = np.concatenate([space.vectors for space in some])
        layout = {"coordinates": vectors[:, :2].copy(), "kept": np.full(len(vectors), 4, np.int8), "k": np.array(10)}
        workspace.derived(NAME).put(layout_key(some, LayoutParameters()), layout)


def save_told(workspace: Workspace, payloads: Sequence[str]) -> None:
    """A case and a story in which titles, words, tags, lines and neighbors are payloads."""
    first, second, third = (one[:80] for one in payloads[:3])
    view = View.of("Drift", {"collection": NAME, "item": first, "second": second})
    near, lines = {first: (second, third)}, (first, second)
    case = Case(view, title=first, comment=second, tags=(first, second), neighbors=near, lines=lines, id=CASE)
    Ledger(workspace.root / FILE).keep(case)
    beat = Beat(view, title=first, sentence=second, notes=third, neighbors=near, case=CASE)
    StoryShelf(workspace).save("named", Story(first, (beat, beat), subtitle=second, collections=(third,)))
