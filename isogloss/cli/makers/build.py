"""isogloss build."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from isogloss.cli.command import Command, Report, place_argument, workspace_of
from isogloss.cli.progress import Shared
from isogloss.cli.texts import attach
from isogloss.corpora.recipe import read_recipe
from isogloss.progress import Stages
from isogloss.spaces.collection import Collection
from isogloss.workspace.access import require_writable
from isogloss.workspace.store import write_collection


class Build(Command):
    help = "build a collection from a recipe"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        add = parser.add_argument
        add("recipe", type=Path, metavar="RECIPE.toml")
        add("--into", type=Path, metavar="FOLDER", help=argparse.SUPPRESS)  # the shipped demo
        place_argument(parser)
        add("--attach", action="store_true", help="index the texts as well, for lines in context")

    def run(self, options: argparse.Namespace) -> Report:
        from isogloss.training.build import build_and_keep, passes  # numba and gensim: only here

        require_writable()
        recipe, workspace = read_recipe(options.recipe), workspace_of(options)

        work = {"building": sum(passes(recipe).values())} | ({"indexing": 1.0} if options.attach else {})
        stages = Stages(Shared(), work)

        def keep(collection: Collection) -> None:
            if options.into:
                write_collection(collection, options.into / recipe.name)
                return
            workspace.save(collection)
            if options.attach:
                attach(workspace, collection.name, recipe.corpus, progress=stages.part("indexing"))

        built = build_and_keep(recipe, workspace, keep=keep, progress=stages.part("building"), on=options.on)
        collection = built.collection
        value: dict[str, Any] = {
            "collection": collection.name,
            "spaces": collection.names,
            "frozen_max_change": collection.alignment.frozen_max_change,
            "tokens": built.tokens,
            "seconds": round(built.seconds, 1),
            "lines": collection.alignment.diagnostics["lines"],
            "removed": collection.alignment.diagnostics["removed"],
        }
        if built.read is not None:
            value["read"] = built.read.as_json()
        return Report(value, _lines(value, "" if built.read is None else built.read.sentence()))


def _lines(value: Mapping[str, Any], read: str) -> Iterator[str]:
    yield f"built {value['collection']}: {value['tokens']:,} tokens in {value['seconds']:,.0f} s"
    if read:
        yield f"documents: {read}"
    if value["lines"] != "none":
        yield f"every line was taken for one of the {value['lines']} (corpus.lines says otherwise)"
    for rule, one in value["removed"].items():
        yield f"left out by rule, {rule}: {one['uses']:,} ({', '.join(list(one['examples'])[:6])})"


member = Build()
