"""The command line's part on alignment: align, apply-map."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import numpy as np

from isogloss.alignment.align import METHODS
from isogloss.alignment.bli import RETRIEVALS
from isogloss.alignment.joint_maps import joint_maps, picture_key
from isogloss.alignment.learnt import read_mapping
from isogloss.alignment.methods.method import Parameters, parameters_of
from isogloss.alignment.outcomes import Live, aligned_pair, outcomes, reach, table
from isogloss.alignment.preprocess import DEFAULT
from isogloss.alignment.setup import LIMIT, Setup, first, read_setup
from isogloss.alignment.trial import DIRECTIONS, Outcome, run
from isogloss.cli.progress import Counted, Shared
from isogloss.errors import InvalidValue
from isogloss.formats.collected import imported_space
from isogloss.formats.reading import import_file
from isogloss.formats.writing import export_space
from isogloss.spaces.space import Space
from isogloss.workspace.access import require_writable
from isogloss.workspace.store import Workspace, check_name

Add = Callable[[str, Callable[[argparse.Namespace], None], str], argparse.ArgumentParser]


def add_align_commands(add: Add) -> None:
    command = add("align", _align, "align two spaces by a dictionary and test the alignment by another")
    command.add_argument("source", help="a file of vectors, or COLLECTION/SPACE")
    command.add_argument("target", help="a file of vectors, or COLLECTION/SPACE")
    command.add_argument(
        "--train",
        required=True,
        metavar="DICT",
        help=(
            "anchors: a file with a source and a target a line; or `identical`, or `lexicon:en:fr`, or `unsupervised`"
            " (with vecmap-self)"
        ),
    )
    command.add_argument(
        "--test", metavar="DICT", default="", help="as --train; without it a share of the anchors is held out"
    )
    command.add_argument(
        "--share", type=float, default=0.25, help="how much of the anchors is held out, by the seed (default: 0.25)"
    )
    command.add_argument("--method", choices=tuple(METHODS), default="procrustes")
    command.add_argument("--retrieval", nargs="+", choices=RETRIEVALS, default=["nn", "csls"])
    command.add_argument("--limit", type=int, default=LIMIT, metavar="N", help="the most frequent items of each file")
    command.add_argument("--normalize", default=",".join(DEFAULT), metavar="STEPS", help="unit and center, by commas")
    command.add_argument("--seed", type=int, default=0)
    command.add_argument(
        "--set",
        nargs="+",
        default=[],
        metavar="NAME=VALUE",
        help=f"parameters of the method: {', '.join(f.name for f in fields(Parameters))}",
    )
    command.add_argument("--script-filter", action="store_true", help="only targets in the script of most anchors")
    command.add_argument("--leave-out", action="store_true", help="train without the anchors that look wrong")
    command.add_argument("--save", type=Path, metavar="MAP.npz")
    command.add_argument("--into", metavar="COLLECTION", help="keep the aligned pair as a collection")
    command.add_argument("--json", action="store_true", help="print JSON for other programs")

    command = add("compare", _compare, "align by several methods, as a file of the page says, and keep what they reach")
    command.add_argument("setup", type=Path, metavar="SETUP.json")
    command.add_argument("--methods", nargs="+", choices=tuple(METHODS), required=True)
    command.add_argument("--script-filter", action="store_true", help="only targets in the script of most anchors")
    command.add_argument("--live", type=Path, metavar="FILE", help="write the training criterion there, as it goes")

    command = add("draw-alignment", _draw, "joint maps of the test words before and after an alignment that was kept")
    command.add_argument("setup", type=Path, metavar="SETUP.json")
    command.add_argument("--method", choices=tuple(METHODS), required=True)

    command = add("apply-map", _apply, "bring the vectors of a file into the coordinates of a saved map")
    command.add_argument("map", type=Path, metavar="MAP.npz", help="saved by align, or a matrix as text")
    command.add_argument("vectors", type=Path, metavar="VECTORS")
    command.add_argument("--side", choices=("source", "target"), default="source")
    command.add_argument(
        "--inverse", action="store_true", help="back from shared coordinates to what the preprocessing gave"
    )
    command.add_argument("--out", type=Path, required=True, metavar="F", help="word2vec text")
    command.add_argument("--json", action="store_true", help="print JSON for other programs")


def _space(named: str, workspace: Workspace, limit: int) -> Space:
    """A space of a collection, or a file's; the first `limit` items of it."""
    collection, slash, name = named.partition("/")
    if slash and not Path(named).exists() and collection in workspace.folders():
        return first(workspace.open(collection)[name], limit)
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
    steps = tuple(filter(None, options.normalize.split(",")))
    parameters = parameters_of([*options.set, f"seed={options.seed}"])
    setup = Setup(
        options.source,
        options.target,
        options.train,
        options.test,
        options.share,
        options.limit,
        options.leave_out,
        steps,
        parameters,
    )
    trial = setup.trial(lambda named: _space(named, workspace, options.limit))
    outcome = run(trial, options.method, options.retrieval, Shared(), options.script_filter)
    if options.save:
        outcome.mapping.save(options.save)
    results = table(outcome, options.seed)
    dropped = {direction: trial.way(direction).dropped for direction in DIRECTIONS}
    report = {
        "method": options.method,
        "n_train": outcome.diagnostics["n_train"],
        "results": results,
        "diagnostics": dict(outcome.diagnostics) | {"test_sources_in_training": dropped},
        "seconds": round(time.monotonic() - start, 2),
    }
    if options.into:
        workspace.save(aligned_pair(trial, outcome, options.into, options.into))
    if options.json:
        print(json.dumps(report, ensure_ascii=False, indent=1))
        return
    print(
        f"{options.method}, {report['n_train']:,} training pairs; test words that stand in training are left out:"
        f" {dropped}"
    )
    for one in results:
        low, high = one["ci_precision_at_1"]
        print(
            f"{one['direction']} {one['retrieval']:4} oov {one['oov']:7} P@1 {one['precision_at_1']:.3f} ({low:.3f} to"
            f" {high:.3f}) P@5 {one['precision_at_5']:.3f} P@10 {one['precision_at_10']:.3f} n {one['n_test']:,}"
            f" coverage {one['coverage']:.2f}"
        )


def _compare(options: argparse.Namespace) -> None:
    """Each method is kept as soon as it is done; one that fails does not keep the others from running."""
    setup = read_setup(options.setup.read_text(encoding="utf-8"))
    workspace = Workspace(options.workspace)
    trial = setup.trial(lambda named: _space(named, workspace, setup.limit))
    store, failed = outcomes(workspace), []
    for i, method in enumerate(options.methods):
        shared, live = Shared(), Live(options.live, method)

        def report(what: str, share: float, number: float | None = None, /) -> None:
            shared(f"{method}: {what}", (i + share) / len(options.methods))  # noqa: B023
            live(number)  # noqa: B023

        try:
            reach(store, trial, method, options.script_filter, report)
        except InvalidValue as error:
            failed.append(f"{method}: {error}")
    if failed:
        raise InvalidValue("; ".join(failed), "the others are kept")


def _draw(options: argparse.Namespace) -> None:
    setup = read_setup(options.setup.read_text(encoding="utf-8"))
    workspace = Workspace(options.workspace)
    trial = setup.trial(lambda named: _space(named, workspace, setup.limit))
    data = outcomes(workspace).find(trial.key(options.method))
    if data is None:
        raise InvalidValue(f"{options.method} has not been run on these", "run it first")
    shared = Shared()
    outcomes(workspace).put(picture_key(trial, options.method), joint_maps(trial, Outcome.of_arrays(data), shared))


def _apply(options: argparse.Namespace) -> None:
    mapping = read_mapping(options.map)
    side = mapping.source if options.side == "source" else mapping.target
    found = import_file(options.vectors)
    moved = side.invert(found.vectors).astype(np.float32) if options.inverse else side.apply(found.vectors)
    space = Space(options.vectors.name, tuple(found.items), moved)
    export_space(space, "word2vec", options.out)
    report = {"items": len(space), "dim": space.dim}
    print(json.dumps(report) if options.json else f"{len(space):,} items × {space.dim}: {options.out}")
