"""isogloss consistency."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from isogloss.cli.command import SEEDS, Command, Report, whole
from isogloss.cli.figures import in_full
from isogloss.cli.progress import Shared
from isogloss.cli.rewriting._told import add_encoder, encoding, said
from isogloss.rewriting.agreeing.consistency import HOW, Consistency, consistency
from isogloss.rewriting.agreeing.vectors import brought_items, encoded_items
from isogloss.rewriting.given.items import NAME, NOTE, given_items
from isogloss.sentences.given.own import own_sentences


class ConsistencyCommand(Command):
    help = "whether an item's vectors agree across languages (CLC) and when its words are mixed (CSS)"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "file",
            type=Path,
            metavar="FILE",
            help="texts with --model, or vectors (table, .npz, .npy): item, language, variant (plain, english-first …);"
            f" or the set {NAME}, encoded",
        )
        parser.add_argument(
            "--items", type=Path, metavar="TABLE", help="of a .npy: item, language, variant of each row"
        )
        parser.add_argument("--pivot", default="en", metavar="L", help="the reference language (default: en)")
        parser.add_argument("--seed", type=whole(*SEEDS), default=0, metavar="S")
        add_encoder(parser, "encodes the file's texts")

    def run(self, options: argparse.Namespace) -> Report:
        ours = str(options.file) == NAME and not options.file.exists()
        if ours:
            options.model = options.model or "shipped"
            model, encode = encoding(options, Shared())
            given = given_items(own_sentences().texts, encode)
        elif options.model is None:
            model, given = None, brought_items(options.file, options.items)
        else:
            model, encode = encoding(options, Shared())
            given = encoded_items(options.file, encode)
        found = consistency(given, pivot=options.pivot, seed=options.seed)
        value: dict[str, Any] = {
            "model": model,
            "pivot": found.pivot,
            "items": found.items,
            "references": dict(HOW),
            "clc": {name: in_full(one) for name, one in found.clc.items()},
            "css": {kind: {name: in_full(one) for name, one in both.items()} for kind, both in found.css.items()},
            "languages": {name: in_full(one) for name, one in found.languages.items()},
            "read": given.read.as_json(),
        }
        if ours:
            value["note"] = NOTE
        return Report(value, _lines(found, given.read.sentence()))


def _lines(found: Consistency, read: str) -> Iterator[str]:
    yield f"{found.items:,} items, reference {found.pivot}; {read}"
    for name, one in found.clc.items():
        yield f"CLC, {name.replace('_', ' ')}: {said(one)}{_floor(one)}"
    for kind, both in found.css.items():
        for name, one in both.items():
            yield f"CSS, {kind}, {name.replace('_', ' ')}: {said(one)}{_floor(one)}"
    for name, one in found.languages.items():
        yield f"{name:10} with {found.pivot}: {said(one)}"


def _floor(one: Any) -> str:
    return "" if one.null is None else f"; other items {one.null.mean:.3f}"


member = ConsistencyCommand()
