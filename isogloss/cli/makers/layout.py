"""isogloss layout."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from isogloss.cli.command import Command, Report, whole, workspace_of
from isogloss.maps.layout import LayoutParameters, layout_key, make_layout
from isogloss.maps.linked import LARGE, true_neighbors
from isogloss.separation.concepts import ensure_made
from isogloss.separation.removal import REMOVALS
from isogloss.separation.report import removed_space
from isogloss.spaces.collection import Collection
from isogloss.workspace.access import require_writable
from isogloss.workspace.derived import DerivedStore


class Layout(Command):
    help = "compute the UMAP map of one space, or of several together"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        add = parser.add_argument
        add("collection")
        add("--spaces", metavar="S", nargs="+", help="default: all spaces together")
        add("--dimensions", type=int, choices=(2, 3), default=2)
        add("--each", action="store_true", help="a map of its own for each of the spaces")
        add("--store", type=Path, metavar="FOLDER", help=argparse.SUPPRESS)  # the shipped demo
        add("--by", choices=("script", "language"), default="script", help="groups of --remove")
        add("--remove", choices=REMOVALS.names, default="none", help="take the groups' part out of the spaces first")
        add("--rank", type=whole(), help="directions taken out")

    def run(self, options: argparse.Namespace) -> Report:
        if not options.store:
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
        parameters = LayoutParameters(n_components=options.dimensions)
        groups = [[name] for name in names] if each else [list(names)]
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


def _lines(reports: Sequence[dict[str, Any]]) -> Iterator[str]:
    for one in reports:
        yield f"{one['points']:,} points; {one['kept_share']:.1%} of true neighbors (k={one['k']}) kept"


member = Layout()
