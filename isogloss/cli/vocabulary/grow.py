"""isogloss vocabulary grow."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from isogloss.cli.command import Command, Report, number, whole, workspace_of
from isogloss.cli.figures import in_full
from isogloss.cli.named import place_of, space_at
from isogloss.cli.progress import Shared
from isogloss.cli.vocabulary._proposing import add_proposing, proposed_as_json, proposed_lines, words_of
from isogloss.cli.vocabulary._shared import add_model
from isogloss.errors import InvalidValue
from isogloss.text.script import script_title
from isogloss.vocabulary.card import told
from isogloss.vocabulary.growing.factors import ranks, singular
from isogloss.vocabulary.growing.grow import (
    INITS,
    TAU,
    Grown,
    K,
    Making,
    NewWord,
    grown,
    sources_of,
    table_of,
    write_grown,
)
from isogloss.vocabulary.growing.hidden import HIDDEN, Remade, leave_out
from isogloss.vocabulary.model import open_model
from isogloss.workspace.access import require_writable

_LIMIT = 1_000_000


class Grow(Command):
    help = "a model with new words, each made of its nearest tokens in a space outside the model (OFA)"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        add_model(parser)
        parser.add_argument("words", type=Path, nargs="?", metavar="WORDS", help="one a line, or a table")
        add_proposing(parser)
        parser.add_argument(
            "--from", dest="source", required=True, metavar="COLLECTION/SPACE", help="whose words lie near each other"
        )
        parser.add_argument("--out", type=Path, metavar="FOLDER", help="where the model is written")
        parser.add_argument("--dry", action="store_true", help="make the rows, and write nothing")
        parser.add_argument("--k", type=whole(1, 1000), default=K, metavar="N", help=f"nearest tokens (default: {K})")
        parser.add_argument("--tau", type=float, default=TAU, metavar="T", help=f"of the softmax (default: {TAU:g})")
        parser.add_argument("--init", choices=INITS, default="ofa")
        parser.add_argument("--seed", type=whole(0), default=0, metavar="N")
        parser.add_argument("--hidden", type=whole(0, 100_000), default=HIDDEN, metavar="N", help="tokens left out")

    def run(self, options: argparse.Namespace) -> Report:
        if not options.dry:
            require_writable()
            if options.out is None:
                raise InvalidValue("no folder is named for the model", "give --out FOLDER, or --dry to make rows alone")
        progress, workspace = Shared(), workspace_of(options)
        making = Making(options.init, options.k, options.tau, options.seed)
        given_model = open_model(options.model)
        words, read, proposed = words_of(options, given_model)
        space = space_at(place_of(options.source, workspace), workspace, limit=_LIMIT)
        with nullcontext(given_model) if options.dry else given_model.lying() as model:
            table = table_of(model)
            found = grown(model, table, words, space, making)
            progress("hiding known tokens", 0.4, None)
            sources = sources_of(model.subwords, space)
            hidden = (
                leave_out(table, sources, making, most=options.hidden) if options.hidden and len(sources) > 5 else []
            )
            values, _ = singular(table)
            files = None if options.dry else write_grown(model, found, options.out, making=making, progress=progress)
        found.read.add(read) if proposed is None and read.skipped else None
        value = {
            "model": model.name,
            "from": options.source,
            **{"init": making.init, "k": making.k, "tau": making.tau},
            "proposed": None if proposed is None else proposed_as_json(proposed),
            "words": [_word(one) for one in found.words],
            "sources": found.sources,
            "parameters": dict(zip(("before", "after"), found.parameters, strict=True)),
            "left_out": [_remade(one) for one in hidden],
            "ranks": [{key: number(one) for key, one in row.items()} for row in ranks(values, len(table))],
            "out": None if options.dry else str(options.out),
            "files": None if files is None else files.as_json(),
            "read": found.read.as_json(),
        }
        written = [] if files is None else [f"{options.out}: {files.sentence()}"]
        asked = [] if proposed is None else proposed_lines(proposed)
        return Report(value, [*asked, *_lines(found), *map(_said, hidden), *written, found.read.sentence()])


def _word(one: NewWord) -> dict[str, Any]:
    parts = [{"token": token, "weight": number(weight)} for token, weight in one.parts]
    return {"word": one.word, "how": one.how, "before": list(one.before), "parts": parts}


def _remade(one: Remade) -> dict[str, Any]:
    figures = {name: in_full(getattr(one, name)) for name in ("ofa", "mean", "random", "gain")}
    return {"script": one.script or None, **figures, "beats": one.beats}


def _lines(found: Grown) -> Iterator[str]:
    made = sum(one.how == "made" for one in found.words)
    yield (
        f"{len(found.words):,} new words, {made:,} made of {found.sources:,} tokens that the space holds;"
        f" parameters {found.parameters[0]:,} → {found.parameters[1]:,}"
    )
    for one in found.words[:20]:
        parts = ", ".join(f"{token} {weight:.2f}" for token, weight in one.parts[:4]) or one.how
        yield f"{one.word} ({' '.join(one.before)}): {parts}"


def _said(one: Remade) -> str:
    where = f"{script_title(one.script)}: " if one.script else ""
    return f"{where}{one.sentence()}; gain {told(one.gain)}"


member = Grow()
