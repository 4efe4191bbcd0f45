"""The command line: headless what the pages do. Errors are one line on stderr and exit code 2."""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from isogloss.cli.align import add_align_commands
from isogloss.cli.files import add_file_commands
from isogloss.cli.groups import add_commands
from isogloss.cli.index import add_index_commands
from isogloss.cli.progress import Shared
from isogloss.cli.shelf import add_collection_commands
from isogloss.cli.texts import add_corpus_commands, attach
from isogloss.drift.distances import MEASURES
from isogloss.drift.gold import evaluate, read_gold
from isogloss.drift.ranking import Ranking, rank
from isogloss.errors import InvalidValue, IsoglossError, StoreError
from isogloss.maps.layout import LayoutParameters, make_layout
from isogloss.maps.linked import LARGE, true_neighbors
from isogloss.nearest.neighbors import CRITERIA, neighbors
from isogloss.nearest.query import Query
from isogloss.places import ROOT
from isogloss.separation.concepts import ensure_made
from isogloss.separation.removal import REMOVALS
from isogloss.spaces.collection import Collection
from isogloss.text.normalize import nfc
from isogloss.workspace.access import require_writable
from isogloss.workspace.derived import DerivedStore
from isogloss.workspace.store import Workspace, read_header


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        print(f"error: {message}: see {self.prog} --help", file=sys.stderr)
        raise SystemExit(2)


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except IsoglossError as error:
        print(f"error: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("error: stopped; nothing was changed", file=sys.stderr)
        return 130
    except BrokenPipeError:  # `| head` closed the pipe
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0
    except OSError as error:  # a full disk, a folder that is gone or may not be written
        where = f" {error.filename}" if error.filename else ""
        print(f"error: {error.strerror or error}{where}: free some space or check who may write there", file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="isogloss", description="Aligned embedding spaces: neighbors, maps, builds.")
    commands = parser.add_subparsers(dest="command", required=True, parser_class=_Parser)

    def add(name: str, run: Callable[[argparse.Namespace], None], help: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=help, description=help)
        command.add_argument("--workspace", metavar="DIR", help="where your own collections live (or ISOGLOSS_HOME)")
        command.set_defaults(run=run)
        return command

    def add_json(command: argparse.ArgumentParser) -> None:
        command.add_argument("--json", action="store_true", help="print JSON for other programs")

    add_json(add("collections", _collections, "list the collections at hand"))

    command = add("neighbors", _neighbors, "the nearest items of an item in every space")
    command.add_argument("collection")
    command.add_argument("item")
    command.add_argument("--space", metavar="S", help="take the query's vector from this space (default: each its own)")
    command.add_argument("--in", dest="targets", metavar="T", nargs="+", help="spaces to look in (default: all)")
    command.add_argument("--k", type=int, default=10)
    command.add_argument("--criterion", choices=CRITERIA, default="cosine")
    add_json(command)

    command = add("drift", _drift, "how far the shared items moved between two spaces")
    _add_pair(command)
    command.add_argument(
        "--k", type=int, help="neighbors compared (default: 25; gonen: 1,000 or half the shared items)"
    )
    command.add_argument("--min-count", type=int, default=0, metavar="N", help="leave out items with fewer uses")
    command.add_argument("--top", type=int, metavar="N", help="list the N most changed (default: all)")
    add_json(command)

    command = add("evaluate-drift", _evaluate_drift, "compare drift with a gold list of changed words")
    _add_pair(command)
    command.add_argument("--gold", type=Path, required=True, metavar="FILE", help="word or word_pos, tab, number")
    add_json(command)

    add_commands(add)
    add_file_commands(add)
    add_corpus_commands(add)
    add_index_commands(add)
    add_align_commands(add)
    add_collection_commands(add)

    command = add("build", _build, "build a collection from a recipe")
    command.add_argument("recipe", type=Path, metavar="RECIPE.toml")
    command.add_argument("--into", type=Path, metavar="FOLDER", help=argparse.SUPPRESS)  # the shipped demo
    command.add_argument("--attach", action="store_true", help="index the texts as well, for lines in context")
    add_json(command)

    command = add("layout", _layout, "compute the UMAP map of one space, or of several together")
    command.add_argument("collection")
    command.add_argument("--spaces", metavar="S", nargs="+", help="default: all spaces together")
    command.add_argument("--dimensions", type=int, choices=(2, 3), default=2)
    command.add_argument("--each", action="store_true", help="a map of its own for each of the spaces")
    command.add_argument("--store", type=Path, metavar="FOLDER", help=argparse.SUPPRESS)  # the shipped demo
    command.add_argument("--by", choices=("script", "language"), default="script", help="groups of --remove")
    command.add_argument(
        "--remove", choices=REMOVALS, default="none", help="take the groups' part out of the spaces first"
    )
    command.add_argument("--rank", type=int, help="directions taken out")
    add_json(command)

    command = add("serve", _serve, "start the app")
    command.add_argument("--port", type=int, default=8501)
    command.add_argument("--headless", action="store_true", help="do not open a browser")
    return parser


def _add_pair(command: argparse.ArgumentParser) -> None:
    command.add_argument("collection")
    command.add_argument("--source", required=True, metavar="A")
    command.add_argument("--target", required=True, metavar="B")
    command.add_argument("--measure", choices=MEASURES, default="cosine")


def _workspace(options: argparse.Namespace) -> Workspace:
    return Workspace(options.workspace)


def _print(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=1))


def _collections(options: argparse.Namespace) -> None:
    found = []
    for name, folder in _workspace(options).folders().items():
        try:
            header = read_header(folder)
        except StoreError as error:  # one damaged collection does not hide the others
            print(f"warning: {' '.join(str(error).split())}", file=sys.stderr)
            continue
        found.append(
            {
                "name": name,
                "title": header["title"],
                "spaces": [{k: space[k] for k in ("name", "items", "dim")} for space in header["spaces"]],
                "alignment": {k: header["alignment"][k] for k in ("method", "frozen_max_change")},
            }
        )
    if options.json:
        _print(found)
        return
    for one in found:
        print(f"{one['name']}  {one['title']}  (alignment: {one['alignment']['method']})")
        for space in one["spaces"]:
            print(f"    {space['name']:16} {space['items']:>9,} items × {space['dim']}")
    if not found:
        print("no collections yet: isogloss build RECIPE.toml makes one")


def _neighbors(options: argparse.Namespace) -> None:
    workspace = _workspace(options)
    collection = workspace.open(options.collection)
    item = options.item if options.item in collection else nfc(options.item)
    found = neighbors(
        collection,
        Query(((item, 1),)),
        options.k,
        options.criterion,
        options.space,
        options.targets,
        workspace.derived(collection.name),
    )
    if options.json:
        _print(
            {
                "item": item,
                "space": options.space,
                "results": {
                    space: None if near is None else [{"item": n.item, "similarity": n.similarity} for n in near]
                    for space, near in found.items()
                },
            }
        )
        return
    for space, near in found.items():
        print(space)
        for n in near or []:
            print(f"    {n.similarity:6.3f}  {n.item}")
        if near is None:
            print(f"    {item!r} is missing or too rare here")


def _rank(options: argparse.Namespace, **more: Any) -> Ranking:
    workspace = _workspace(options)
    collection = workspace.open(options.collection)
    store = workspace.derived(collection.name)
    return rank(collection, options.source, options.target, options.measure, store=store, **more)


def _number(value: float) -> float | None:
    return round(float(value), 6) if math.isfinite(value) else None


def _drift(options: argparse.Namespace) -> None:
    if options.top is not None and options.top < 1:
        raise InvalidValue(f"--top is {options.top}", "give a number of 1 or more")
    found = _rank(options, k=options.k, min_count=options.min_count)
    words = []
    for row in found.order[: options.top].tolist():
        low, high = _number(found.low[row]), _number(found.high[row])
        verdict = bool(found.significant[row]) if found.tested[row] else None
        words.append(
            {
                "item": found.items[row],
                "distance": _number(found.distance[row]),
                "ci": None if low is None or high is None else [low, high],
                "null_p95": _number(found.null_high[row]),
                "p_value": _number(found.p[row]),
                "q_value": _number(found.q[row]),
                "significant": verdict,
                "count_source": None if found.count_source is None else int(found.count_source[row]),
                "count_target": None if found.count_target is None else int(found.count_target[row]),
            }
        )
    n_significant = int(found.significant.sum()) if found.tested.any() else None
    head = {"source": options.source, "target": options.target, "measure": options.measure, "n_shared": len(found)}
    if options.json:
        _print(head | {"n_significant": n_significant, "words": words})
        return
    tested = "nothing was tested" if n_significant is None else f"{n_significant:,} moved farther than noise (q < .05)"
    print(f"{len(found):,} shared items; {tested}")
    for word in words[: options.top or 25]:
        interval = "" if word["ci"] is None else " ({:.3f} to {:.3f})".format(*word["ci"])
        mark = {True: "*", False: " ", None: "?"}[word["significant"]]
        print(f"{mark} {word['distance'] or math.nan:.3f}{interval}  {word['item']}")


def _evaluate_drift(options: argparse.Namespace) -> None:
    gold = read_gold(options.gold)
    found = evaluate(_rank(options), gold)
    report = {
        "n_gold": found.n_gold,
        "n_covered": found.n_covered,
        "spearman": found.spearman,
        "ci": None if found.low is None else [found.low, found.high],
        "accuracy": found.accuracy,
        "average_precision": found.average_precision,
    }
    if options.json:
        _print(report)
        return
    print(f"{found.n_covered} of {found.n_gold} gold words are in both spaces")
    for key in ("spearman", "ci", "accuracy", "average_precision"):
        print(f"{key}: {report[key]}")


def _build(options: argparse.Namespace) -> None:
    from isogloss.corpora.recipe import read_recipe
    from isogloss.training.build import build
    from isogloss.workspace.store import check_name, write_collection

    require_writable()
    recipe = read_recipe(options.recipe)
    check_name(recipe.name)
    workspace = _workspace(options)
    work = workspace.root / "building" / recipe.name
    built = build(recipe, Shared(), work=DerivedStore(work))
    collection = built.collection
    if options.into:
        write_collection(collection, options.into / recipe.name)
    else:
        workspace.save(collection)
        if options.attach:
            attach(workspace, collection.name, recipe.corpus)
    shutil.rmtree(work, ignore_errors=True)
    report = {
        "collection": collection.name,
        "spaces": collection.names,
        "frozen_max_change": collection.alignment.frozen_max_change,
        "tokens": built.tokens,
        "seconds": round(built.seconds, 1),
    }
    if options.json:
        _print(report)
        return
    print(f"built {report['collection']}: {built.tokens:,} tokens in {built.seconds:,.0f} s")


def _layout(options: argparse.Namespace) -> None:
    workspace = _workspace(options)
    ensure_made(workspace, options.collection)
    collection: Collection = workspace.open(options.collection)
    if options.remove != "none":
        from isogloss.separation.report import removed_space

        chosen = [collection[name] for name in options.spaces or collection.names]
        spaces = tuple(removed_space(space, options.by, options.remove, options.rank) for space in chosen)
        collection = Collection(collection.name, spaces, ordered=False)
        options.spaces, options.each = collection.names, True
    store = DerivedStore(options.store) if options.store else workspace.derived(collection.name)
    names = options.spaces or collection.names
    parameters = LayoutParameters(n_components=options.dimensions)
    groups = [[name] for name in names] if options.each else [list(names)]
    reports = []
    for group in groups:
        layout = make_layout(collection, group, parameters, store)
        if options.each and len(layout.kept) <= LARGE:
            true_neighbors(collection[group[0]], layout.k, store)  # what linked maps ask for, kept beside the layout
        reports.append({"spaces": group, "points": len(layout.kept), "k": layout.k, "kept_share": layout.kept_share})
        if not options.json:
            print(f"{len(layout.kept):,} points; {layout.kept_share:.1%} of true neighbors (k={layout.k}) kept")
    if options.json:
        _print({"layouts": reports} if options.each else reports[0])


def _serve(options: argparse.Namespace) -> None:
    environment = dict(os.environ)
    if options.workspace:
        environment["ISOGLOSS_HOME"] = str(Path(options.workspace).resolve())
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(ROOT / "app.py"),
        "--server.port",
        str(options.port),
        "--server.headless",
        "true" if options.headless else "false",
    ]
    os.chdir(ROOT)
    if os.name == "posix":  # one process: whoever stops this command stops the app
        os.execve(command[0], command, environment)
    raise SystemExit(subprocess.call(command, env=environment))
