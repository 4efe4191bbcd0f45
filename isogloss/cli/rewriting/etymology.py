"""isogloss etymology."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from isogloss.cli.command import SEEDS, Command, Report, number, whole, workspace_of
from isogloss.cli.progress import Shared
from isogloss.errors import InvalidValue
from isogloss.rewriting.given.maltese import NAME, NOTE, maltese
from isogloss.rewriting.words.etymology import Etymologist
from isogloss.rewriting.words.kept import KeptEtymologist, open_etymologist, train_kept
from isogloss.rewriting.words.points import Points, by_lists, by_origin, by_script, points
from isogloss.rewriting.words.tokens import Tokenised, read_lists, read_tokens

_BY = ("origin", "script", "lists")
_ONLY = ("switched", "mixed")
_RAW = "category"  # names MIXED words, which the merged labels do not


class Etymology(Command):
    help = "where each word of Maltese comes from, by its letters; and where the language of any text changes"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "file",
            nargs="?",
            type=Path,
            metavar="FILE",
            help=f"a sentence a line, a table of texts, or one of tokens; or the set {NAME}",
        )
        parser.add_argument(
            "--train", type=Path, metavar="ANNOTATED", help="a table id, token, etymology: trained on, tested, and kept"
        )
        parser.add_argument(
            "--points", choices=_BY, help="find where the language changes: by origin, by script, by --lists"
        )
        parser.add_argument("--lists", type=Path, metavar="TABLE", help="word and language: lists of words")
        parser.add_argument("--only", choices=_ONLY, help="with --points: only sentences that have such a point")
        parser.add_argument("--seed", type=whole(*SEEDS), default=0, metavar="S")

    def run(self, options: argparse.Namespace) -> Report:
        if options.file is None and options.train is None:
            raise InvalidValue("no file was named", "name sentences, or --train ANNOTATED")
        if options.only and not options.points:
            raise InvalidValue("--only asks for points, and none are looked for", "add --points script")
        workspace, kept = workspace_of(options), None
        if options.train is not None:
            kept = train_kept(options.train, workspace, seed=options.seed, progress=Shared())
            if options.file is None:
                return Report({"card": dict(kept.card)}, _card(kept))
        ours = str(options.file) == NAME and not options.file.exists()
        given = maltese() if ours else read_tokens(options.file)
        if kept is None and options.points in (None, "origin") and _RAW not in given.columns:
            kept = open_etymologist(workspace, seed=options.seed, progress=Shared())
        rows = [_row(i, tokens, kept.model if kept else None) for i, tokens in enumerate(given.sentences)]
        if kept is None and _RAW in given.columns:
            rows = [row | {"labels": list(labels)} for row, labels in zip(rows, given.columns[_RAW], strict=True)]
        if options.points:
            found = [points(one) for one in _languages(given, rows, options)]
            for row, one in zip(rows, found, strict=True):
                row |= {"languages": list(one.languages), "points": list(one.at), "mixed": list(one.mixed)}
            rows = [row for row in rows if _wanted(row, options.only)]
        value: dict[str, Any] = {"n": len(given.sentences), "tokens": sum(map(len, given.sentences))}
        value["labels"] = dict(Counter(label for row in rows for label in row.get("labels", ())).most_common())
        if options.points:
            value |= _counts(found)
        value |= {"rows": rows, "read": given.read.as_json(), "card": dict(kept.card) if kept else None}
        if ours:
            value["note"] = NOTE
        return Report(value, _lines(value, kept, given.read.sentence()))


def _row(i: int, tokens: Sequence[str], model: Etymologist | None) -> dict[str, Any]:
    told: dict[str, Any] = {"row": i + 1, "tokens": list(tokens)}
    if model is not None:
        scores = model.scores(tokens)
        told["labels"] = [model.labels[at] for at in scores.argmax(axis=1).tolist()]
        told["probability"] = [number(value) for value in scores.max(axis=1).tolist()]
    return told


def _languages(given: Tokenised, rows: Sequence[dict[str, Any]], options: argparse.Namespace) -> Iterator[list[str]]:
    if options.points == "lists":
        if options.lists is None:
            raise InvalidValue("no lists of words were named", "give --lists TABLE: word, language")
        lists = read_lists(options.lists)
        yield from (by_lists(tokens, lists) for tokens in given.sentences)
    elif options.points == "script":
        yield from (by_script(tokens) for tokens in given.sentences)
    else:
        labels = given.columns.get(_RAW) or [row["labels"] for row in rows]
        yield from map(by_origin, labels)


def _wanted(row: dict[str, Any], only: str | None) -> bool:
    return only is None or bool(row["mixed"] if only == "mixed" else row["points"])


def _counts(found: Sequence[Points]) -> dict[str, Any]:
    return {
        "points": sum(len(one.at) for one in found),
        "mixed": sum(len(one.mixed) for one in found),
        "sentences_with_points": sum(bool(one.at) for one in found),
        "languages": dict(Counter(name for one in found for name in one.languages if name).most_common()),
    }


def _lines(value: dict[str, Any], kept: KeptEtymologist | None, read: str) -> Iterator[str]:
    for row in value["rows"]:
        named = row.get("languages") or row["labels"]
        yield " ".join(f"{token}/{name or '?'}" for token, name in zip(row["tokens"], named, strict=True))
    if "points" in value:
        yield (
            f"{value['points']:,} points where the language changes, {value['mixed']:,} words mixed within, in"
            f" {value['sentences_with_points']:,} of {value['n']:,} sentences"
        )
    yield read
    if kept is not None:
        yield from _card(kept)


def _card(kept: KeptEtymologist) -> Iterator[str]:
    card = kept.card
    yield f"trained on {card['trained_on']}: {card['tokens']:,} tokens of {card['sentences']:,} sentences"
    yield "ten-fold by sentence: " + ", ".join(
        f"{name.replace('_', ' ')} {card[name]['value']:.3f}" for name in ("accuracy", "macro_f1", "lookup", "majority")
    )


member = Etymology()
