"""Nearest neighbors in large spaces: a graph (HNSW) over 8-bit vectors proposes, the space's own vectors decide."""

from __future__ import annotations

import json
import math
import time
import zlib
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from isogloss.errors import StoreError
from isogloss.linear import unit_rows
from isogloss.nearest.alike import Groups, alike, sample
from isogloss.nearest.exact import ExactIndex, checked_search, without_own
from isogloss.nearest.index import Index
from isogloss.progress import Progress, silent
from isogloss.spaces.items import LARGE
from isogloss.spaces.space import Space
from isogloss.types import Rows, Vectors
from isogloss.workspace.derived import DerivedStore, derived_key

EXACT_UP_TO = LARGE  # items; see docs/decisions/008
RECALL = 0.99  # what the breadth of the search is chosen for
_VERSION = 1
_LINKS, _BREADTH_BUILD = 32, 60
_BREADTHS = (64, 96, 128, 160, 192, 256, 384, 512, 1024)
_K, _SAMPLE = 10, 500
_BLOCK = 8_192

_FILES = ("faiss", "npz", "json")

_Dated = tuple[Path, int]  # a file, and when it was written


@dataclass(frozen=True)
class Measured:
    """What is known of a built index.

    recall_at_10: share of the true ten nearest others that it finds, over `n` items drawn at random, which are
    not those by which `breadth` (efSearch) was chosen. bytes: size of its file. crc: of its content.
    """

    items: int
    dim: int
    breadth: int
    recall_at_10: float
    n: int
    seconds: float
    bytes: int = 0
    crc: int = 0


class ApproximateIndex:
    """The index of a space. Its similarities are exact; now and then a neighbor is missed.

    graph: over one item of each of the groups of items that are alike.
    """

    def __init__(self, space: Space, graph: Any, groups: Groups, measured: Measured) -> None:
        self._space, self._graph, self._groups, self.measured = space, graph, groups, measured

    @property
    def kind(self) -> str:
        """
        >>> one = Measured(items=10, dim=2, breadth=64, recall_at_10=0.9934, n=500, seconds=1.0)
        >>> ApproximateIndex(None, None, None, one).kind
        'HNSW, recall@10 .993 measured on 500 items'
        """
        return f"HNSW, recall@10 {told_share(self.measured.recall_at_10)} measured on {self.measured.n:,} items"

    def search(self, queries: Vectors, k: int) -> tuple[Rows, Vectors]:
        """queries: (n, dim), any length. Raises InvalidValue when the dimensions differ or k < 1.

        A query of which the graph does not reach k items is answered exactly.
        """
        queries, k = checked_search(self._space, queries, k)
        wide = min(max(4 * k, k + 30), len(self._groups))
        breadth = faiss.SearchParametersHNSW(efSearch=max(self.measured.breadth, 2 * wide))  # type: ignore[attr-defined]
        proposed = self._graph.search(queries, wide, params=breadth)[1]
        rows = np.empty((len(queries), k), dtype=np.int64)
        similarity = np.empty((len(queries), k), dtype=np.float32)
        for at, query in enumerate(queries):
            found = self._groups.members(proposed[at][proposed[at] >= 0], max(wide, k))
            if len(found) < k:
                rows[at], similarity[at] = (one[0] for one in ExactIndex(self._space).search(query, k))
                continue
            near = unit_rows(self._space.rows(found)) @ query
            order = np.argsort(-near, kind="stable")[:k]
            rows[at], similarity[at] = found[order], near[order]
        return rows, similarity


def find_index(space: Space, store: DerivedStore) -> ApproximateIndex | None:
    """The index that was built for a space; None when there is none or its file is damaged."""
    key = _key(space)
    files = [path for kind in _FILES if (path := store.find_file(f"{key}.{kind}")) is not None]
    if len(files) < len(_FILES):
        return None
    try:
        graph, groups, measured = _opened(*((path, path.stat().st_mtime_ns) for path in files))
    except (OSError, ValueError, LookupError, TypeError, RuntimeError, AttributeError):
        return None
    if (measured.items, measured.dim) != (len(space), space.dim):
        return None
    return ApproximateIndex(space, graph, groups, measured)


@lru_cache(maxsize=4)
def _opened(graph_at: _Dated, groups_at: _Dated, about: _Dated) -> tuple[Any, Groups, Measured]:
    """The graph, mapped into memory, and what is known of it. Raises OSError, ValueError, TypeError, RuntimeError."""
    path = graph_at[0]
    measured = Measured(**json.loads(about[0].read_text(encoding="utf-8")))
    if path.stat().st_size != measured.bytes or _crc(path) != measured.crc:
        raise ValueError(f"{path.name} is not what was written")
    kept = DerivedStore(path.parent).find(groups_at[0].stem)  # None where it is damaged, hence a TypeError
    groups = Groups(kept["rows"], kept["starts"])  # type: ignore[index]
    graph = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
    if (graph.ntotal, graph.d, len(groups.rows)) != (len(groups), measured.dim, measured.items):
        raise ValueError(f"{path.name} has {graph.ntotal} × {graph.d}")
    return graph, groups, measured


def build_index(space: Space, store: DerivedStore, progress: Progress = silent) -> ApproximateIndex:
    """Build the index of a space, measure it and keep it; minutes for a million items. Raises StoreError.

    progress may raise Cancelled. Threads share the work, so no two builds are quite alike.
    """
    start = time.monotonic()
    groups = alike(space)
    graph = _graph(space, groups, progress)
    breadth, recall, n = _tuned(space, graph, groups)
    built = Measured(len(space), space.dim, breadth, recall, n, round(time.monotonic() - start, 1))
    key = _key(space)
    path = store.put_file(f"{key}.faiss", lambda path: faiss.write_index(graph, str(path)))
    if path is None:
        raise StoreError(
            f"the index of {space.name!r} cannot be written", "free some space or name another folder with --workspace"
        )
    store.put(key, {"rows": groups.rows, "starts": groups.starts})
    about = asdict(built) | {"bytes": path.stat().st_size, "crc": _crc(path)}
    store.put_file(f"{key}.json", lambda path: path.write_text(json.dumps(about), encoding="utf-8"))
    return ApproximateIndex(space, graph, groups, Measured(**about))


def _key(space: Space) -> str:
    return derived_key("index", _VERSION, space=space.fingerprint, links=_LINKS, breadth=_BREADTH_BUILD)


def _graph(space: Space, groups: Groups, progress: Progress) -> Any:
    graph: Any = faiss.index_factory(space.dim, f"HNSW{_LINKS}_SQ8", faiss.METRIC_INNER_PRODUCT)
    graph.hnsw.efConstruction = _BREADTH_BUILD
    graph.train(sample(space))
    first = groups.first
    for at in range(0, len(first), _BLOCK):
        graph.add(unit_rows(space.rows(first[at : at + _BLOCK])))
        done = int(groups.starts[min(at + _BLOCK, len(first))])
        progress("linking items", done / len(groups.rows), done)
    return graph


def _tuned(space: Space, graph: Any, groups: Groups) -> tuple[int, float, int]:
    """The least breadth that reaches RECALL on some items, its recall on as many others, and how many those are."""
    drawn = np.random.default_rng(1).permutation(len(space))
    n = max(1, min(_SAMPLE, len(space) // 2))
    halves = [np.sort(drawn[:n]), np.sort(drawn[n : 2 * n] if len(space) > 1 else drawn)]
    least = [_least_similarity(space, rows) for rows in halves]

    def recall(breadth: int, half: int) -> float:
        index = ApproximateIndex(space, graph, groups, Measured(len(space), space.dim, breadth, math.nan, 0, 0))
        return recall_at_10(index, space, halves[half], least=least[half])

    breadth = next((b for b in _BREADTHS if recall(b, 0) >= RECALL), _BREADTHS[-1])
    return breadth, recall(breadth, 1), len(halves[1])


def _least_similarity(space: Space, rows: Rows) -> Vectors:
    """What an item must reach to be one of the true ten nearest others of each row, shape (n,)."""
    found = ExactIndex(space).search(space.rows(rows), _K + 1)
    return np.asarray(without_own(*found, rows)[1].min(axis=1, initial=np.inf))


def recall_at_10(index: Index, space: Space, rows: Rows, *, least: Vectors) -> float:
    """Share of the true ten nearest others that an index finds for its own items; of equally near ones, any will do.

    least: similarity of the tenth of each, from the exact search, shape (n_rows,).
    """
    found = index.search(space.rows(rows), _K + 1)
    similarity = without_own(*found, rows)[1]
    return float((similarity >= least[:, None] - 1e-6).mean()) if similarity.size else 1.0


def told_share(share: float) -> str:
    """
    >>> told_share(0.9934), told_share(1.0), told_share(0.99996)
    ('.993', '1.000', '.999')
    """
    return f"{math.floor(share * 1000) / 1000:.3f}".removeprefix("0") if share < 1 else "1.000"


def _crc(path: Path) -> int:
    crc = 0
    with open(path, "rb") as file:
        while block := file.read(1 << 22):
            crc = zlib.crc32(block, crc)
    return crc


class Graph:
    name = "graph"
    title = "approximate index"
    help = "HNSW over 8-bit vectors proposes, the space's own vectors decide; built by `isogloss index`."

    def find(self, space: Space, store: DerivedStore | None) -> Index | None:
        """The built index of a large space."""
        return find_index(space, store) if store is not None and len(space) > EXACT_UP_TO else None


member = Graph()
