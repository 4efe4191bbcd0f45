"""Isogloss: aligned embedding spaces, explored with honest statistics. The engine, without a screen."""

from isogloss.collection import Alignment, Collection
from isogloss.errors import IsoglossError
from isogloss.neighbors import neighbors
from isogloss.query import Query, parse
from isogloss.space import Space
from isogloss.store import Workspace

__version__ = "0.6.0"
__all__ = ["Alignment", "Collection", "IsoglossError", "Query", "Space", "Workspace", "neighbors", "parse"]
