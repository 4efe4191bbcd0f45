"""The command line's part on alignment: align, apply-map."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from isogloss.additions import imported_space
from isogloss.aligners import METHODS, Parameters, align
from isogloss.anchors import read_dictionary
from isogloss.bli import OOV, RETRIEVALS, retrieve
from isogloss.cli_progress import Counted, Shared
from isogloss.collection import Alignment, Collection
from isogloss.errors import InvalidValue
from isogloss.exporters import export_space
from isogloss.importers import import_file
from isogloss.mapping import read_mapping
from isogloss.preprocess import DEFAULT
from isogloss.roots import require_writable
from isogloss.space import Space
from isogloss.store import Workspace, check_name

Add = Callable[[str, Callable[[argparse.Namespace], None], str], argparse.ArgumentParser]
_LIMIT = 200_000


def add_align_commands(add: Add) -> None:
    command = add("align", _align, "align two spaces by a dictionary and test the alignment by another")
    command.add_argument("source", help="a file of vectors, or COLLECTION/SPACE")
    command.add_argument("target", help="a file of vectors, or COLLECTION/SPACE")
    command.add_argument(
        "--train", type=Path, required=True, metavar="DICT", help="anchors: a source and a target a line"
    )
    command.add_argument("--test", type=Path, required=True, metavar="DICT")
    command.add_argument("--method", choices=tuple(METHODS), default="procrustes")
    command.add_argument("--retrieval", nargs="+", choices=RETRIEVALS, default=["nn", "csls"])
    command.add_argument("--limit", type=int, default=_LIMIT, metavar="N", help="the most frequent items of each file")
    command.add_argument("--normalize", default=",".join(DEFAULT), metavar="STEPS", help="unit and center, by commas")
    command.add_argument("--seed", type=int, default=0)
    command.add_argument("--save", type=Path, metavar="MAP.npz")
    command.add_argument("--into", metavar="COLLECTION", help="keep the aligned pair as a collection")
    command.add_argument("--json", action="store_true", help="print JSON for other programs")

    command = add("apply-map", _apply, "bring the vectors of a file into the coordinates of a saved map")
    command.add_argument("map", type=Path, metavar="MAP.npz")
    command.add_argument("vectors", type=Path, metavar="VECTORS")
    command.add_argument("--side", choices=("source", "target"), default="source")
    command.add_argument("--out", type=Path, required=True, metavar="F", help="word2vec text")
    command.add_argument("--json", action="store_true", help="print JSON for other programs")


def _space(named: str, workspace: Workspace, limit: int) -> Space:
    """A space of a collection, or a file's; the first `limit` items of it."""
    collection, slash, name = named.partition("/")
    if slash and not Path(named).exists() and collection in workspace.folders():
        whole = workspace.open(collection)[name]
        return whole if len(whole) <= limit else Space(name, tuple(whole.items[:limit]), whole.vectors[:limit])
    path = Path(named)
    return imported_space(import_file(path, limit=limit, progress=Counted(path.name, limit)), path.name, path.name, {})


def _align(options: argparse.Namespace) -> None:
    start = time.monotonic()
    if options.into:
        require_writable()
        check_name(options.into)
    if options.limit < 1:
        raise InvalidValue(f"--limit is {options.limit}", "give 1 or more")
    workspace = Workspace(options.workspace)
    source, target = (_space(one, workspace, options.limit) for one in (options.source, options.target))
    train = read_dictionary(options.train)
    steps = tuple(filter(None, options.normalize.split(",")))
    mapping, diagnostics = align(source, target, train, options.method, Parameters(seed=options.seed), steps, Shared())
    if options.save:
        mapping.save(options.save)
    x, z = mapping.source.apply(source.vectors), mapping.target.apply(target.vectors)
    test = read_dictionary(options.test)  # nothing has looked at it until now
    ways = {
        "source-target": (source, target, x, z, *test.without_sources(train)),
        "target-source": (target, source, z, x, *test.reversed().without_sources(train.reversed())),
    }
    results: list[dict[str, Any]] = []
    for direction, (a, b, u, v, held, _) in ways.items():
        for retrieval, found in retrieve(a, b, u, v, held, options.retrieval).items():
            for oov in OOV:
                head: dict[str, Any] = {"retrieval": retrieval, "direction": direction, "oov": oov}
                results.append(head | found.figures(oov, options.seed))
    dropped = {direction: way[-1] for direction, way in ways.items()}
    report = {
        "method": options.method, "n_train": diagnostics.pop("n_train"), "results": results,
        "diagnostics": diagnostics | {"test_sources_in_training": dropped}, "seconds": round(time.monotonic() - start, 2),
    }  # fmt: skip
    if options.into:
        spaces = tuple(
            Space(name, space.items, vectors, space.columns, space.metadata)
            for name, space, vectors in zip(_names(source, target), (source, target), (x, z), strict=True)
        )
        metadata = {
            "align": {"method": options.method, "train": options.train.name, "parameters": asdict(Parameters())}
        }
        collection = Collection(
            options.into, spaces, options.into, Alignment(options.method, None, diagnostics), False, metadata
        )
        workspace.save(collection)
    if options.json:
        print(json.dumps(report, ensure_ascii=False, indent=1))
        return
    print(
        f"{options.method}, {report['n_train']:,} training pairs; {dropped:,} test words stand in training and are left out"
    )
    for one in results:
        low, high = one["ci_precision_at_1"]
        print(
            f"{one['direction']} {one['retrieval']:4} oov {one['oov']:7} P@1 {one['precision_at_1']:.3f} ({low:.3f} to {high:.3f}) "
            f"P@5 {one['precision_at_5']:.3f} P@10 {one['precision_at_10']:.3f} n {one['n_test']:,} coverage {one['coverage']:.2f}"
        )


def _names(source: Space, target: Space) -> tuple[str, str]:
    return (
        (source.name, target.name) if source.name != target.name else (f"{source.name} source", f"{target.name} target")
    )


def _apply(options: argparse.Namespace) -> None:
    mapping = read_mapping(options.map)
    side = mapping.source if options.side == "source" else mapping.target
    found = import_file(options.vectors)
    space = Space(options.vectors.name, tuple(found.items), side.apply(found.vectors))
    export_space(space, "word2vec", options.out)
    report = {"items": len(space), "dim": space.dim}
    print(json.dumps(report) if options.json else f"{len(space):,} items × {space.dim}: {options.out}")
