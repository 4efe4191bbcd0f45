"""Isogloss: aligned embedding spaces, explored with honest statistics. The engine, without a screen.

>>> import isogloss as iso
>>> un = iso.open("un-debates")
>>> un
<un-debates: 4 spaces 1946-1969 … 2007-2024, aligned by cade>
  UN General Debate 1946–2024
>>> [near.item for near in iso.neighbors(un, "climate", k=2)["2007-2024"]]
['agents', 'climate-change']
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from isogloss.places import settle_compiled

if TYPE_CHECKING:
    from isogloss.alignment.anchors.lexicon import lexicon as lexicon
    from isogloss.alignment.fit import align as align
    from isogloss.drift.ranking import measure_drift as measure_drift
    from isogloss.errors import IsoglossError as IsoglossError
    from isogloss.evaluators.evaluator import evaluate as evaluate
    from isogloss.figure import Figure as Figure
    from isogloss.formats.reading import read_vectors as read_vectors
    from isogloss.library import build as build
    from isogloss.library import concordance as concordance
    from isogloss.library import layout as layout
    from isogloss.library import open_collection as open  # noqa: F401 - it is in __all__ by the table
    from isogloss.library import save as save
    from isogloss.nearest.neighbors import neighbors as neighbors
    from isogloss.nearest.query import Query as Query
    from isogloss.nearest.query import parse as parse
    from isogloss.separation.report import measure_separation as measure_separation
    from isogloss.spaces.collection import Alignment as Alignment
    from isogloss.spaces.collection import Collection as Collection
    from isogloss.spaces.space import Space as Space
    from isogloss.workspace.store import Workspace as Workspace

__version__ = "1.0.0"
settle_compiled()
_FROM = {
    "Alignment": "spaces.collection",
    "Collection": "spaces.collection",
    "Figure": "figure",
    "IsoglossError": "errors",
    "Query": "nearest.query",
    "Space": "spaces.space",
    "Workspace": "workspace.store",
    "align": "alignment.fit",
    "build": "library",
    "concordance": "library",
    "evaluate": "evaluators.evaluator",
    "layout": "library",
    "lexicon": "alignment.anchors.lexicon",
    "measure_drift": "drift.ranking",
    "measure_separation": "separation.report",
    "neighbors": "nearest.neighbors",
    "open": "library.open_collection",
    "parse": "nearest.query",
    "read_vectors": "formats.reading",
    "save": "library",
}
__all__ = sorted(_FROM)


def __getattr__(name: str) -> Any:
    """Each name is imported when it is first used: `import isogloss` stays quick."""
    if name not in _FROM:
        raise AttributeError(f"module 'isogloss' has no attribute {name!r}")
    where, _, given = _FROM[name].partition(".open_")
    found = getattr(import_module(f"isogloss.{where}"), f"open_{given}" if given else name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
