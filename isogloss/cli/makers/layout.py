"""isogloss layout."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from isogloss.cli.command import Command, Report, number, place_argument, whole, workspace_of
from isogloss.errors import InvalidValue
from isogloss.maps.layout import LayoutParameters, lay_out_beforehand, layout_key, make_layout
from isogloss.maps.linked import LARGE, true_neighbors
from isogloss.maps.local import MOST, SIZE, LocalLayout, local_layout, whole_share
from isogloss.separation.concepts import ensure_made
from isogloss.separation.removal import REMOVALS
from isogloss.separation.report import removed_space
from isogloss.spaces.collection import Collection
from isogloss.workspace.access import require_writable
from isogloss.workspace.derived import DerivedStore


class Layout(Command):
    help = "compute the UMAP map of one space, or of several together; or the map around a word"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        add = parser.add_argument
        add("collection")
        add("--spaces", metavar="S", nargs="+", help="default: all spaces together")
        add("--dimensions", type=int, choices=(2, 3), default=2)
        add("--each", action="store_true", help="a map of its own for each of the spaces")
        add(
            "--around",
            metavar="ITEM",
            nargs="+",
            action="extend",
            help="only what lies near these in any of the spaces",
        )
        add("--size", type=whole(2, MOST), metavar="N", help=f"items drawn with --around (default {SIZE} for one word)")
        add("--store", type=Path, metavar="FOLDER", help=argparse.SUPPRESS)  # the shipped demo
        add("--by", choices=("script", "language"), default="script", help="groups of --remove")
        add("--remove", choices=REMOVALS.names, default="none", help="take the groups' part out of the spaces first")
        place_argument(parser)
        add("--rank", type=whole(), help="directions taken out")

    def run(self, options: argparse.Namespace) -> Report:
        if options.size and not options.around:
            raise InvalidValue("--size was given without --around", "name the items that the map is around")
        if not options.store and not options.around:  # what is drawn around a word is not kept
            require_writable()
        workspace = workspace_of(options)
        ensure_made(workspace, options.collection)
        collection = workspace.open(options.collection)
        names, each = options.spaces or collection.names, options.each
        if options.remove != "none":
            spaces = tuple(removed_space(collection[n], options.by, options.remove, rank=options.rank) for n in names)
            collection = Collection(collection.name, spaces, ordered=False)
            names, each = collection.names, True
        store = DerivedStore(options.store) if options.store else workspace.derived(collection.name)
        if options.around:
            more = {"size": options.size, "how": "matched" if each else None, "n_components": options.dimensions}
            local = local_layout(collection, options.around, spaces=names, store=store, **more)
            return _around(collection, local, store)
        parameters = LayoutParameters(n_components=options.dimensions)
        groups = [[name] for name in names] if each else [list(names)]
        if not each and len(names) > 1:
            collection.require_aligned("one map of several spaces")
        lay_out_beforehand(collection, groups, parameters, store=store, on=options.on)
        reports = [_laid(collection, group, parameters, store, each) for group in groups]
        return Report({"layouts": reports} if each else reports[0], _lines(reports))


def _laid(
    collection: Collection, group: list[str], parameters: LayoutParameters, store: DerivedStore, each: bool
) -> dict[str, Any]:
    layout = make_layout(collection, group, parameters, store=store)
    store.require_kept(layout_key([collection[name] for name in group], parameters))
    if each and len(layout.kept) <= LARGE:
        true_neighbors(collection[group[0]], layout.k, store)  # what linked maps ask for, kept beside the layout
    return {"spaces": group, "points": len(layout.kept), "k": layout.k, "kept_share": layout.kept_share}


def _around(collection: Collection, local: LocalLayout, store: DerivedStore) -> Report:
    whole_map = whole_share(collection, local, store=store)
    rows = [
        {key: number(value) if isinstance(value, float) else value for key, value in row.items()}
        for row in local.table().to_pylist()
    ]
    told = {
        "around": list(local.asked),
        "spaces": [m.space.name for m in local.maps],
        "left_out": list(local.left_out),
        "how": local.how,
        "items": len(local.items),
        "points": len(local),
        "k": local.k,
        "kept_share": number(local.kept_share),
        "chance_share": number(local.chance_share),
        "whole_map_kept_share": None if whole_map is None else number(whole_map),
    }
    return Report(told | {"places": rows}, _around_lines(told, rows))


def _around_lines(told: dict[str, Any], rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    whole_map = told["whole_map_kept_share"]
    yield (
        f"around {', '.join(told['around'])}: {told['items']:,} items, {told['points']:,} points;"
        f" {told['kept_share']:.1%} of the {told['k']} nearest among them kept (chance {told['chance_share']:.1%}"
        + ("" if whole_map is None else f"; the whole map keeps {whole_map:.1%} of the same")
        + "); more is better"
    )
    if told["left_out"]:
        yield f"left out, as they share no coordinates and hold none of the words: {', '.join(told['left_out'])}"
    for row in rows:
        places = "  ".join(f"{round(row[axis], 4) + 0.0:8.4f}" for axis in "xyz" if axis in row)
        yield f"  {places}  {row['kept']:2} kept  {row['space']}  {row['item']}"


def _lines(reports: Sequence[dict[str, Any]]) -> Iterator[str]:
    for one in reports:
        yield f"{one['points']:,} points; {one['kept_share']:.1%} of true neighbors (k={one['k']}) kept"


member = Layout()
