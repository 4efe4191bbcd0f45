"""isogloss evaluate-drift."""

from __future__ import annotations

import argparse
from pathlib import Path

from isogloss.cli.command import Command, Report
from isogloss.cli.pair import add_pair, ranking_of
from isogloss.drift.gold import evaluate, read_gold
from isogloss.figure import Figure
from isogloss.text.tally import LISTED


class EvaluateDrift(Command):
    help = "compare drift with a gold list of changed words"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        add_pair(parser)
        parser.add_argument(
            "--gold",
            type=Path,
            required=True,
            metavar="FILE",
            help="word or word_pos, tab, number; of several columns the first and the last",
        )

    def run(self, options: argparse.Namespace) -> Report:
        gold = read_gold(options.gold)
        found = evaluate(ranking_of(options), gold)
        value = {
            "n_gold": found.n_gold,
            "n_covered": found.n_covered,
            "spearman": _known(found.spearman),
            "ci": found.spearman.interval and list(found.spearman.interval),
            "accuracy": _known(found.accuracy),
            "average_precision": _known(found.average_precision),
            "file": gold.tally.as_json(),
            "words": found.tally.as_json(),
            "lowered": list(found.lowered[:LISTED]),
            "n_lowered": len(found.lowered),
        }
        told = [f"{key}: {value[key]}" for key in ("spearman", "ci", "accuracy", "average_precision")]
        lines = [f"{found.n_covered} of {found.n_gold} gold words are in both spaces"]
        if gold.tally.skipped:
            lines.append(f"{options.gold.name}: {gold.tally.sentence()}")
        if found.tally.skipped:
            lines.append(f"gold words: {found.tally.sentence()}")
        if found.lowered:
            lines.append(f"{len(found.lowered)} taken in lower case, as {', '.join(found.lowered[:3])}")
        return Report(value, [*lines, *told])


def _known(figure: Figure) -> float | None:
    return figure.value if figure.known else None


member = EvaluateDrift()
