"""isogloss vocabulary trim."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from isogloss.cli.command import Command, Report, number, whole
from isogloss.cli.figures import in_full
from isogloss.cli.progress import Shared
from isogloss.cli.vocabulary._shared import add_model, add_texts, texts_of
from isogloss.encoders.texts import take_texts
from isogloss.errors import InvalidValue
from isogloss.figure import Figure
from isogloss.progress import Progress
from isogloss.vocabulary.card import told
from isogloss.vocabulary.folder import write_report
from isogloss.vocabulary.growing.grow import table_of
from isogloss.vocabulary.kept import Choice
from isogloss.vocabulary.model import Model, open_model
from isogloss.vocabulary.near import Table
from isogloss.vocabulary.texts import together
from isogloss.vocabulary.trim import HELD_OUT, PREDICTS, Plan, Trimmed, plan, split, trim
from isogloss.vocabulary.vectors import Moved, moved
from isogloss.workspace.access import require_writable


class Trim(Command):
    help = "a model with fewer tokens: those that texts use; what of held-out lines is cut as before"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        add_model(parser)
        add_texts(parser)
        parser.add_argument("--out", type=Path, metavar="FOLDER", help="where the model is written")
        parser.add_argument("--dry", action="store_true", help="measure, and write nothing")
        parser.add_argument("--min-frequency", type=whole(1), default=2, metavar="N", help="default: 2")
        parser.add_argument("--top", type=whole(1), metavar="N", help="the most frequent tokens, instead")
        parser.add_argument("--keep", type=Path, metavar="TOKENS_FILE", help="tokens that stay too, one a line")
        parser.add_argument("--keep-script", default="", metavar="S,S", help="all tokens of scripts, such as Latn,Thai")
        held = parser.add_mutually_exclusive_group()
        held.add_argument("--held-out", type=Path, metavar="FILE", help="lines to measure on")
        held.add_argument("--held-share", type=float, default=HELD_OUT, metavar="P", help="of the texts (default: .1)")
        parser.add_argument("--near", default="", metavar="WORD,WORD", help="their neighbors before and after")
        parser.add_argument(
            "--check", type=whole(0, 2000), default=50, metavar="N", help="compare the vectors of held-out lines"
        )

    def run(self, options: argparse.Namespace) -> Report:
        if not options.dry:
            require_writable()
            if options.out is None:
                raise InvalidValue("no folder is named for the model", "give --out FOLDER, or --dry to measure alone")
        progress = Shared()
        model = open_model(options.model)
        groups, read = texts_of(options)
        texts = together(groups)
        if options.held_out:
            held = [one for one in take_texts(options.held_out).texts if one not in set(texts)]
            if not held:
                raise InvalidValue(f"every line of {options.held_out.name} is among the texts", "hold out other lines")
        else:
            texts, held = split(texts, options.held_share)
        choice = Choice(
            options.min_frequency,
            options.top,
            tuple(take_texts(options.keep).texts) if options.keep else (),
            tuple(one.strip() for one in options.keep_script.split(",") if one.strip()),
        )
        if options.dry:
            made = plan(model, texts, held, choice, progress=progress)
            found, near = made.found, neighbors_of(options.near, model, made)
            value = as_json(found) | {"neighbors": near, "out": None, "read": read.as_json()}
            return Report(value, [*_lines(found), *_near(near), read.sentence()])
        near = neighbors_of(options.near, model, plan(model, texts, held, choice)) if options.near else None
        found, files = trim(model, texts, held, options.out, choice=choice, progress=progress)
        checked = _checked(model, options.out, held[: options.check], found, progress)
        value = as_json(found) | {
            "neighbors": near,
            "vectors": None if checked is None else _vectors(checked),
            "out": str(options.out),
            "files": files.as_json(),
            "read": read.as_json(),
        }
        write_report(options.out, value)
        lines = [
            *_lines(found),
            *_near(near),
            *(_moved(checked) if checked else ()),
            f"{options.out}: {files.sentence()}",
        ]
        return Report(value, [*lines, read.sentence()])


def _checked(model: Model, out: Path, texts: list[str], found: Trimmed, progress: Progress) -> Moved | None:
    if not texts or not (out / "modules.json").is_file():
        return None
    with model.lying() as lying:
        assert lying.folder is not None
        return moved(lying.folder, out, texts, changed=set(found.changed), progress=progress)


def as_json(found: Trimmed) -> dict[str, Any]:
    """What trimming does, with the keys that `--json` promises."""
    sizes = found.parameters
    return {
        "model": found.model,
        "kind": found.kind,
        "lines": found.lines,
        "held_out": found.held_out,
        "tokens": dict(zip(("before", "after"), found.tokens, strict=True)),
        "parameters": sizes and {"before": sizes[0], "after": sizes[1], "share": number(found.share)},
        "kept": dict(found.why),
        "asked": found.asked.as_json(),
        "coverage": in_full(found.coverage),
        "changed": len(found.changed),
        "fertility": {name: in_full(one) for name, one in zip(("before", "after"), found.fertility, strict=True)},
        "unknown": {name: in_full(one) for name, one in zip(("before", "after"), found.unknown, strict=True)},
        "divergence": in_full(Figure(value=found.divergence, n=found.held_out)) | {"base": 2, "predicts": PREDICTS},
        "curve": [
            {"tokens": one.tokens, "coverage": number(one.coverage), "parameters": one.parameters}
            for one in found.curve
        ],
    }


def _vectors(found: Moved) -> dict[str, Any]:
    return {
        "identical": in_full(found.identical),
        "cosine": in_full(found.cosine),
        "neighbor": in_full(found.neighbor),
        "texts": [
            {
                "text": one.text,
                "cut_as_before": one.is_cut_as_before,
                "cosine": number(one.cosine),
                "nearest": {"before": one.nearest[0], "after": one.nearest[1]},
            }
            for one in found.texts
        ],
    }


def neighbors_of(words: str, model: Model, made: Plan) -> dict[str, Any] | None:
    """Of each word, and of words that stay on the whole. Raises InvalidValue."""
    asked = [one.strip() for one in words.split(",") if one.strip()]
    if not asked:
        return None
    table = Table(model.subwords, table_of(model))
    rows = []
    for one in (table.beside(made, word) for word in asked):
        near = {
            name: [{"item": item, "cosine": number(cosine)} for item, cosine in side]
            for name, side in (("before", one.before), ("after", one.after))
        }
        cut = dict(zip(("before", "after"), map(list, one.cut), strict=True))
        rows.append({"word": one.word, "cut": cut, "cosine": number(one.cosine), "stays": one.stays} | near)
    return {"kept": in_full(table.kept_neighbors(made)), "words": rows}


def _lines(found: Trimmed) -> Iterator[str]:
    before, after = found.tokens
    sizes = f"; parameters {found.parameters[0]:,} → {found.parameters[1]:,}" if found.parameters else ""
    yield f"{found.model} ({found.kind}): {before:,} → {after:,} tokens{sizes} ({found.share:.1%})"
    yield "kept: " + ", ".join(f"{n:,} {reason}" for reason, n in found.why.items() if n)
    yield f"held-out lines cut as before: {told(found.coverage, percent=True)}; {len(found.changed):,} are not"
    yield f"subwords a word: {told(found.fertility[0])} → {told(found.fertility[1])}"
    yield f"unknown characters: {told(found.unknown[0], percent=True)} → {told(found.unknown[1], percent=True)}"
    yield f"divergence of the tokens {found.divergence:.4f} ({PREDICTS})"
    if found.asked.total:
        yield f"tokens asked for: {found.asked.sentence()}"


def _near(found: dict[str, Any] | None) -> Iterator[str]:
    if found is None:
        return
    kept = found["kept"]
    if kept["value"] is not None:
        yield f"of the 10 nearest words {kept['value']:.1%} stay ({kept['low']:.1%} to {kept['high']:.1%})"
    for one in found["words"]:
        sides = (", ".join(near["item"] for near in one[name]) for name in ("before", "after"))
        yield "{}: {} → {}".format(one["word"], *sides)


def _moved(found: Moved) -> Iterator[str]:
    yield f"vectors of lines cut as before, equal to the bit: {told(found.identical, percent=True)}"
    yield f"cosine of the others to what they were: {told(found.cosine)}"
    yield f"nearest other line is the same: {told(found.neighbor, percent=True)}"


member = Trim()
