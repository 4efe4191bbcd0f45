"""isogloss transliterate."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from isogloss.cli.command import SEEDS, Command, Report, whole, workspace_of
from isogloss.cli.figures import told
from isogloss.cli.progress import Shared
from isogloss.cli.rewriting._told import add_encoder, encoding, said
from isogloss.errors import InvalidValue
from isogloss.rewriting.given.maltese import NAME, NOTE, maltese
from isogloss.rewriting.words.distances import distances
from isogloss.rewriting.words.kept import open_etymologist
from isogloss.rewriting.words.rules import ETYMOLOGY, decided, rule, versions
from isogloss.rewriting.words.tokens import Tokenised, read_tokens
from isogloss.tables.columns import find_column

AGAINST = ("arabic", "ar", "italian", "it", "english", "en")
VERSIONS = ("raw", "all", "conditional")


class Transliterate(Command):
    help = "put words of Maltese into Arabic letters: those that a rule names, such as words of Arabic origin"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "file",
            type=Path,
            metavar="FILE",
            help=f"a sentence a line, a table of texts, or one of tokens; or the set {NAME}",
        )
        parser.add_argument(
            "--when",
            required=True,
            metavar="RULE",
            help="etymology=Arabic,Symbol, script=Latn, language=mt (a column of tokens), all or none",
        )
        parser.add_argument(
            "--against", default="", metavar="C,C", help=f"columns of other languages (default: {', '.join(AGAINST)})"
        )
        parser.add_argument("--seed", type=whole(*SEEDS), default=0, metavar="S")
        add_encoder(parser, "how far each version lies from the columns of other languages")

    def run(self, options: argparse.Namespace) -> Report:
        ours = str(options.file) == NAME and not options.file.exists()
        asked, given = rule(options.when), maltese() if ours else read_tokens(options.file)
        kept = None
        if asked.kind == ETYMOLOGY and given.labels() is None:
            kept = open_etymologist(workspace_of(options), seed=options.seed, progress=Shared())
        yes = decided(given, asked, kept.model if kept else None)
        rows = [
            {"row": i + 1, **versions(tokens, chosen), "transliterated": sum(chosen), "tokens": len(tokens)}
            for i, (tokens, chosen) in enumerate(zip(given.sentences, yes, strict=True))
        ]
        value: dict[str, Any] = {
            "n": len(rows),
            "rule": options.when,
            "tokens": sum(map(len, given.sentences)),
            "transliterated": sum(map(sum, yes)),
            "model": None,
            "distances": {},
            "rows": rows,
            "read": given.read.as_json(),
            "etymologist": dict(kept.card) if kept else None,
        }
        if ours:
            value["note"] = NOTE
        lines = []
        if options.model is not None:
            others = _others(given, options)
            value["model"], encode = encoding(options, Shared())
            found = distances(
                {name: [str(row[name]) for row in rows] for name in VERSIONS}, others, encode, seed=options.seed
            )
            value["distances"] = {one: {name: told(f) for name, f in each.items()} for one, each in found.items()}
            lines = [f"{one:12} to {name}: {said(f)}" for one, each in found.items() for name, f in each.items()]
        return Report(value, _lines(value, lines, given.read.sentence()))


def _others(given: Tokenised, options: argparse.Namespace) -> dict[str, list[str]]:
    asked = [one for one in options.against.split(",") if one]
    names = [find_column(list(given.texts), one, file=options.file.name) for one in asked] or [
        one for one in AGAINST if one in given.texts
    ]
    if not names:
        raise InvalidValue(
            f"{options.file.name} has no column of another language", f"add one ({', '.join(AGAINST)}), or name it"
        )
    return {name: given.texts[name] for name in names}


def _lines(value: dict[str, Any], lines: list[str], read: str) -> Iterator[str]:
    for row in value["rows"]:
        yield str(row["conditional"])
    yield f"{value['transliterated']:,} of {value['tokens']:,} tokens transliterated; {read}"
    yield from lines


member = Transliterate()
