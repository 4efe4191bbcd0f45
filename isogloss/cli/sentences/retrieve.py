"""isogloss retrieve."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from isogloss.cli.command import Command, Report, whole, workspace_of
from isogloss.cli.figures import told as figure_told
from isogloss.cli.progress import Shared
from isogloss.cli.sentences._shared import add_model, model_of
from isogloss.errors import InvalidValue
from isogloss.progress import part_of
from isogloss.sentences.kept import RETRIEVAL, KeptRuns
from isogloss.sentences.parallel import ParallelSet
from isogloss.sentences.retrieval import retrieval
from isogloss.sentences.sets import parallel_of


class Retrieve(Command):
    help = "which language finds its sentences in which other: P@1 of all pairs"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "files", nargs="+", type=Path, metavar="FILE", help="a set (sentences, phrases), or files as of mexa"
        )
        add_model(parser)
        parser.add_argument("--languages", default="", metavar="L,L", help="default: all")
        parser.add_argument("--edition", metavar="E", help="of a table that has several")
        parser.add_argument("--limit", type=whole(2), default=100, metavar="N", help="sentences (default: 100)")
        parser.add_argument("--keep", metavar="NAME", help="keep the matrix for the page")

    def run(self, options: argparse.Namespace) -> Report:
        sentences = parallel_of(options.files, edition=options.edition)
        named = [sentences.find(one) for one in options.languages.split(",") if one] or sentences.languages
        texts = _common(sentences, named, options.limit)
        model, store, report = model_of(options), workspace_of(options).derived("encoded"), Shared()
        n = len(named)
        vectors = {
            one: model.encode(texts[one], store, progress=part_of(report, i / n, (i + 1) / n, prefix=f"{one}: "))
            for i, one in enumerate(named)
        }
        found = retrieval(vectors)
        value = {
            "model": model.name,
            "n": len(texts[named[0]]),
            "languages": [{"language": one, **figure_told(found.of(one))} for one in named],
            "ranked": [list(place) for place in found.ranked()],
            "pairs": [{"source": a, "target": b, **figure_told(found.figure(a, b))} for a, b in found.found],
        }
        if options.keep:
            KeptRuns(workspace_of(options), RETRIEVAL).save(options.keep, value)
        return Report(value, _lines(value))


def _common(sentences: ParallelSet, named: list[str], limit: int) -> dict[str, list[str]]:
    """The first lines that all languages hold. Raises InvalidValue for fewer than two."""
    rows = [
        row
        for row in range(len(sentences))
        if all(row < len(sentences.texts[one]) and sentences.texts[one][row] for one in named)
    ][:limit]
    if len(rows) < 2:
        raise InvalidValue(f"the {len(named)} languages have {len(rows)} lines in common", "name fewer languages")
    return {one: [str(sentences.texts[one][row]) for row in rows] for one in named}


def _lines(value: dict[str, Any]) -> Iterator[str]:
    yield f"{value['model']}, {value['n']} sentences, P@1"
    means = {one["language"]: one for one in value["languages"]}
    for place, names in enumerate(value["ranked"], 1):
        told = ", ".join(f"{name} {means[name]['value']:.3f}" for name in names)
        yield f"{place}. {told}" + (" (not distinguishable)" if len(names) > 1 else "")


member = Retrieve()
