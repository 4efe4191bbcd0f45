"""isogloss translit-gap."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from isogloss.cli.command import Command, Report
from isogloss.encoders.encoder import open_encoder
from isogloss.separation.gap import Gap, read_lines, transliteration_gaps


class TranslitGap(Command):
    help = "P@1 of texts in their script and romanized, by language"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.tsv")
        parser.add_argument(
            "--model", metavar="M", default="", help="a stage of the shipped encoder, a folder or a name"
        )

    def run(self, options: argparse.Namespace) -> Report:
        found = transliteration_gaps(read_lines(options.file), open_encoder(options.model))
        return Report({"languages": [asdict(gap) | {"ci": list(gap.ci)} for gap in found]}, _lines(found))


def _lines(found: Sequence[Gap]) -> Iterator[str]:
    yield "language script     n  native  romanized    gap (95 % interval)"
    for gap in found:
        yield (
            f"{gap.language:8} {gap.script:6} {gap.n:5,}  {gap.precision_at_1_native:6.3f}  "
            f"{gap.precision_at_1_romanized:9.3f}  {gap.gap:+.3f} ({gap.ci[0]:+.3f} to {gap.ci[1]:+.3f})"
        )


member = TranslitGap()
