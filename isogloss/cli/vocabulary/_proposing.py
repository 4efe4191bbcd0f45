"""Words that are given, or proposed by texts."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from isogloss.cli.command import whole
from isogloss.cli.figures import in_full
from isogloss.encoders.texts import take_texts
from isogloss.errors import InvalidValue
from isogloss.text.tally import Tally
from isogloss.vocabulary.card import told
from isogloss.vocabulary.growing.proposed import LEAST, PIECES, TOP, Asking, Proposed, propose
from isogloss.vocabulary.model import Model


def add_proposing(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--propose", type=Path, metavar="TEXTS", help="instead of WORDS: frequent words that are cut into many pieces")
    add("--column", metavar="C", help="of the texts (default: text)")
    add("--top", type=whole(1), default=TOP, metavar="N", help=f"words that are proposed at most (default: {TOP})")
    add("--pieces", type=whole(2), default=PIECES, metavar="N", help=f"cut into so many or more (default: {PIECES})")
    add("--least", type=whole(1), default=LEAST, metavar="N", help=f"times that they stand there (default: {LEAST})")


def words_of(options: argparse.Namespace, model: Model) -> tuple[list[str], Tally, Proposed | None]:
    """Raises InvalidValue where neither or both are named."""
    if bool(options.words) == bool(options.propose):
        raise InvalidValue(
            "words and texts are both named" if options.words else "no word is named", "give WORDS, or --propose TEXTS"
        )
    if options.words:
        given = take_texts(options.words)
        return given.texts, given.read, None
    given = take_texts(options.propose, options.column)
    found = propose(model.subwords, given.texts, Asking(options.top, options.pieces, options.least))
    return [one.word for one in found.words], given.read, found


def proposed_as_json(found: Proposed) -> dict[str, Any]:
    """With the keys that `--json` promises."""
    return {
        "words": [
            {
                "word": one.word,
                "count": one.count,
                "pieces": list(one.pieces),
                "unknown": one.unknown,
                "saved": one.saved,
            }
            for one in found.words
        ],
        "fertility": {
            name: None if one is None else in_full(one)
            for name, one in (("before", found.before), ("after", found.after), ("gain", found.gain))
        },
        "lines": found.lines[0],
        "held_out": found.lines[1],
        "read": found.read.as_json(),
    }


def proposed_lines(found: Proposed) -> Iterator[str]:
    yield f"proposed by {found.lines[0]:,} lines: {found.read.sentence()}"
    if found.before and found.after and found.gain:
        yield (
            f"subwords a word of {found.lines[1]:,} held-out lines: {told(found.before)} → {told(found.after)},"
            f" saved {told(found.gain)}"
        )
    for one in found.words[:20]:
        lost = f", {one.unknown} unknown characters" if one.unknown else ""
        yield f"{one.word}: {one.count:,}×, {' '.join(one.pieces)}{lost}, {one.saved:,} subwords less"
