"""Isogloss: aligned embedding spaces, explored with honest statistics. The engine, without a screen."""

from isogloss.errors import IsoglossError
from isogloss.nearest.neighbors import neighbors
from isogloss.nearest.query import Query, parse
from isogloss.spaces.collection import Alignment, Collection
from isogloss.spaces.space import Space
from isogloss.workspace.store import Workspace

__version__ = "0.6.0"
__all__ = ["Alignment", "Collection", "IsoglossError", "Query", "Space", "Workspace", "neighbors", "parse"]
