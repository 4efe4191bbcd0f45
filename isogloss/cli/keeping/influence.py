"""isogloss influence."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from isogloss.cli.command import Command, Report, whole, workspace_of
from isogloss.cli.progress import Shared
from isogloss.corpora.passages import attached_passages
from isogloss.progress import part_of
from isogloss.training.influence.carried import keep_carried


class InfluenceCommand(Command):
    help = "the smallest set of documents without which a word has not moved (needs the texts: `attach`)"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("collection")
        parser.add_argument("item")
        parser.add_argument("--source", required=True, metavar="A")
        parser.add_argument("--target", required=True, metavar="B")
        parser.add_argument("--within", metavar="S", help="which of the two loses documents (default: the target)")
        parser.add_argument(
            "--most", type=whole(1), metavar="N", help="the largest set tried (default: a tenth of those that use it)"
        )

    def run(self, options: argparse.Namespace) -> Report:
        from isogloss.training.influence.smallest import smallest_set  # numba: only here
        from isogloss.training.influence.texts import attached_texts

        workspace = workspace_of(options)
        collection = workspace.open(options.collection)
        passages = attached_passages(workspace, collection.name)
        report = Shared()
        texts = attached_texts(passages, part_of(report, 0, 0.3))
        found = smallest_set(
            collection,
            texts,
            options.item,
            source=options.source,
            target=options.target,
            within=options.within,
            most=options.most,
            progress=part_of(report, 0.3, 1.0),
        )
        value = found.as_json()
        keep_carried(workspace.derived(collection.name), collection, value)
        return Report(value, [found.sentence(), *_lines(value)])


def _lines(value: dict[str, Any]) -> Iterator[str]:
    yield f"trained again with all documents: {value['again']:.3f} (stored {value['distance']:.3f})"
    if value["fewer"] is not None:
        yield f"without one document less: {value['fewer']:.3f}"
    for one in value["documents"]:
        yield f"{one['influence']:7.1%}  {one['uses']:4} uses  {one['document']}"


member = InfluenceCommand()
