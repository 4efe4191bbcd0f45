"""isogloss variants."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from isogloss.cli.command import Command, Report, number, whole, workspace_of
from isogloss.nearest.variants import Variant, variants
from isogloss.spaces.lookup import known_form


class Variants(Command):
    help = "what may be other spellings of a word, for merging them in a recipe"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("collection")
        parser.add_argument("word")
        parser.add_argument("--space", metavar="S", help="default: the first space that has the word")
        parser.add_argument("--limit", type=whole(), default=12, metavar="N")

    def run(self, options: argparse.Namespace) -> Report:
        collection = workspace_of(options).open(options.collection)
        word = known_form(options.word, collection) or options.word
        collection.require_item(word, [options.space] if options.space else None)
        space = collection[options.space] if options.space else next(one for one in collection if word in one)
        found = variants(space, word, limit=options.limit)
        told = [asdict(one) | {"similarity": number(one.similarity)} for one in found]
        return Report({"item": word, "space": space.name, "variants": told}, _lines(word, found))


def _lines(word: str, found: Sequence[Variant]) -> Iterator[str]:
    if not found:
        yield f"nothing is written and used like {word!r}"
    for one in found:
        uses = "not counted" if one.count is None else f"{one.count:,} uses"
        more = ", may be an inflected form" if one.inflected else ""
        yield f"{one.similarity:6.3f}  {one.item}  {one.edits} letter{'s' * (one.edits > 1)} apart, {uses}{more}"


member = Variants()
