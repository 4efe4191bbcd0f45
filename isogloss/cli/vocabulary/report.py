"""isogloss vocabulary report."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from isogloss.cli.command import Command, Report
from isogloss.cli.figures import in_full
from isogloss.cli.vocabulary._shared import MODEL, add_model, add_texts, texts_of
from isogloss.figure import Figure
from isogloss.text.script import script_title
from isogloss.vocabulary.card import told
from isogloss.vocabulary.known import Beside, Known, Knows, beside, knows
from isogloss.vocabulary.model import open_model


class ReportCommand(Command):
    help = "what a tokenizer knows of texts: subwords a word, unknown characters, how much of its table they use"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        add_model(parser)
        add_texts(parser)
        parser.add_argument("--against", metavar="MODEL2", help=f"another beside it: {MODEL}")

    def run(self, options: argparse.Namespace) -> Report:
        first = open_model(options.model).subwords
        second = open_model(options.against).subwords if options.against else None
        groups, read = texts_of(options)
        found = knows(first, groups)
        value = _knows(found) | {"read": read.as_json()}
        lines = [*_lines(found)]
        if second is not None:
            other, pairs = knows(second, groups), beside(first, second, groups)
            value |= {"against": _knows(other), "beside": [_beside(one) for one in pairs]}
            lines += [*_lines(other), *(_pair(one, other.model) for one in pairs)]
        return Report(value, [*lines, read.sentence()])


def _knows(found: Knows) -> dict[str, Any]:
    used = Figure(value=found.used_share, n=found.tokens)
    return {
        "model": found.model,
        "kind": found.kind,
        "tokens": found.tokens,
        "used": found.used,
        "used_share": in_full(used),
        "groups": [_known(one, found.tokens) for one in found.groups],
        "scripts": dict(found.scripts),
    }


def _known(one: Known, tokens: int) -> dict[str, Any]:
    return {
        "group": one.group,
        "script": one.script,
        "spaced": one.spaced,
        "lines": one.lines,
        "fertility": in_full(one.fertility),
        "per_character": in_full(one.per_character),
        "unknown": in_full(one.unknown),
        "used": one.used,
        "used_share": in_full(Figure(value=one.used_share, n=tokens)),
    }


def _beside(one: Beside) -> dict[str, Any]:
    return {"group": one.group, "saved": in_full(one.saved), "unknown": in_full(one.unknown)}


def _lines(found: Knows) -> Iterator[str]:
    yield (
        f"{found.model} ({found.kind}): {found.tokens:,} tokens, of which these texts use {found.used:,}"
        f" ({found.used_share:.1%})"
    )
    for one in found.groups:
        per = (
            f"{told(one.fertility)} subwords a word"
            if one.spaced
            else f"{told(one.per_character)} subwords a character (no spaces between words)"
        )
        yield f"{one.group}: {per}; {told(one.unknown, percent=True)} of characters unknown; {one.used:,} tokens used"
    most = list(found.scripts.items())[:8]
    yield "tokens by script: " + ", ".join(f"{script_title(script)} {n:,}" for script, n in most)


def _pair(one: Beside, other: str) -> str:
    low, high = one.saved.interval or (0.0, 0.0)
    word = "fewer" if low > 0 else "more" if high < 0 else "as many, as far as can be told,"
    return f"{one.group}: {other} makes {word} subwords a word (difference {told(one.saved)})"


member = ReportCommand()
