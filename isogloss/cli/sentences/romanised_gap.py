"""isogloss romanised-gap."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from isogloss.cli.command import Command, Report, whole, workspace_of
from isogloss.cli.figures import told as figure_told
from isogloss.cli.progress import Shared
from isogloss.cli.sentences._shared import add_model, model_of
from isogloss.progress import part_of
from isogloss.sentences.kept import ROMANISED, KeptRuns
from isogloss.sentences.romanised import HUMAN, NATIVE, UROMAN, romanised_gap, told, written_of
from isogloss.types import Vectors


class RomanisedGapCommand(Command):
    help = "P@1 to English of sentences in their own script, romanised by uroman, and as people romanise them"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "files",
            nargs="+",
            type=Path,
            metavar="FILE",
            help="a set (sentences, phrases), files as of mexa, or a table: language, text, english, romanised",
        )
        add_model(parser)
        parser.add_argument("--pivot", default="eng", metavar="L")
        parser.add_argument(
            "--languages", default="", metavar="L,L", help="default: all that are not written in Latin letters"
        )
        parser.add_argument("--edition", metavar="E", help="of a table that has several")
        parser.add_argument("--limit", type=whole(2), default=100, metavar="N", help="sentences (default: 100)")
        parser.add_argument("--keep", metavar="NAME", help="keep the figures for the page")

    def run(self, options: argparse.Namespace) -> Report:
        found = written_of(
            options.files,
            pivot=options.pivot,
            languages=[one for one in options.languages.split(",") if one],
            limit=options.limit,
            edition=options.edition,
        )
        model, workspace, report = model_of(options), workspace_of(options), Shared()
        store, n = workspace.derived("encoded"), len(found.languages)
        rows = []
        for i, one in enumerate(found.languages):
            here = part_of(report, i / n, (i + 1) / n, prefix=f"{one.language}: ")

            def encode(texts: Sequence[str], here: Any = here) -> Vectors:
                return model.encode(texts, store, progress=here)

            rows.append(told(romanised_gap(one, encode, model.tokens, progress=here), figure_told))
        value = {"model": model.name, "pivot": found.pivot, "languages": rows, "left_out": found.left_out}
        if found.note:
            value["note"] = found.note
        if options.keep:
            KeptRuns(workspace, ROMANISED).save(options.keep, value)
        return Report(value, [*_lines(value), found.read.sentence()])


def _lines(value: dict[str, Any]) -> Iterator[str]:
    yield f"{value['model']}, P@1 to {value['pivot']}"
    for one in value["languages"]:
        said = [
            f"{name} {one[name]['value']:.3f} ({one['fertility'][name]:.2f} subwords a word,"
            f" {one['unknown_share'][name]:.1%} unknown)"
            for name in (NATIVE, UROMAN, HUMAN)
            if name in one
        ]
        gap = one["gap"]
        yield (
            f"{one['language']:10} {one['script']}  {', '.join(said)}; gap {gap['value']:+.3f}"
            f" ({gap['low']:+.3f} to {gap['high']:+.3f}), n = {one['n']:,}"
        )
    for language, why in value["left_out"].items():
        yield f"left out: {language} ({why})"
    if value.get("note"):
        yield value["note"]


member = RomanisedGapCommand()
