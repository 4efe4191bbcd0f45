"""isogloss translit-gap."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from isogloss.cli.command import Command, Report
from isogloss.encoders.encoder import open_encoder
from isogloss.separation.gap import Gap, take_lines, transliteration_gaps


class TranslitGap(Command):
    help = "P@1 of texts in their script and romanized, by language"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.tsv")
        parser.add_argument(
            "--model", metavar="M", default="", help="a stage of the shipped encoder, a folder or a name"
        )

    def run(self, options: argparse.Namespace) -> Report:
        found = transliteration_gaps(take_lines(options.file), open_encoder(options.model))
        return Report({"languages": [_row(gap) for gap in found]}, _lines(found))


def _row(gap: Gap) -> dict[str, Any]:
    return {
        "language": gap.language,
        "script": gap.script,
        "n": gap.n,
        "precision_at_1_native": gap.precision_at_1_native.value,
        "precision_at_1_romanized": gap.precision_at_1_romanized.value,
        "gap": gap.gap.value,
        "ci": [gap.gap.low, gap.gap.high],
        "unk_share": gap.unk_share,
        "subwords_per_word": gap.subwords_per_word,
    }


def _lines(found: Sequence[Gap]) -> Iterator[str]:
    yield "language script     n  native  romanized    gap (95% interval)"
    for gap in found:
        yield (
            f"{gap.language:8} {gap.script:6} {gap.n:5,}  {gap.precision_at_1_native.value:6.3f}  "
            f"{gap.precision_at_1_romanized.value:9.3f}  {gap.gap.value:+.3f} "
            f"({gap.gap.low:+.3f} to {gap.gap.high:+.3f})"
        )


member = TranslitGap()
