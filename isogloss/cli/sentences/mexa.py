"""isogloss mexa."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from isogloss.cli.command import Command, Report, whole, workspace_of
from isogloss.cli.progress import Shared
from isogloss.encoders.layers import POOLS, Pooling
from isogloss.errors import InvalidValue
from isogloss.sentences.layered import LIMIT, LanguageLayers, LayeredReport, Scope, measure_layers
from isogloss.sentences.measure import SENTENCE_MEASURES
from isogloss.sentences.parallel import ParallelSet
from isogloss.sentences.reports import LayerReports
from isogloss.sentences.sets import parallel_of
from isogloss.text.script import script_title
from isogloss.workspace.store import Workspace


class MexaCommand(Command):
    help = "whether a model is aligned across languages, layer by layer (MEXA), and which sentences are not"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "files",
            nargs="+",
            type=Path,
            metavar="FILE",
            help="a set (sentences, phrases), a table, a folder, a file a language, a TMX",
        )
        parser.add_argument(
            "--model",
            required=True,
            metavar="M",
            help="a transformers model (folder or name), or one of ours as one layer",
        )
        parser.add_argument("--layers", default="all", metavar="all|L,L", help="0 is the embeddings (default: all)")
        parser.add_argument("--pool", choices=POOLS, default="weighted")
        parser.add_argument("--prefix", default="", metavar="P", help="put before every text, such as 'query: '")
        parser.add_argument("--pivot", default="eng", metavar="L")
        parser.add_argument("--languages", default="", metavar="L,L", help="default: all")
        parser.add_argument("--edition", metavar="E", help="of a table that has several")
        parser.add_argument("--limit", type=whole(2), default=LIMIT, metavar="N", help="sentences (default: 100)")
        parser.add_argument(
            "--without-copied",
            action="store_true",
            help="take Latin letters and digits out of lines of other scripts: copied names and numbers fake alignment",
        )
        parser.add_argument(
            "--also", default="", metavar="M,M", help=f"other measures: {', '.join(SENTENCE_MEASURES.names)}"
        )
        parser.add_argument(
            "--interlingua",
            action="store_true",
            help="by layer: do sentences lie by meaning or by language, over all languages together",
        )
        parser.add_argument(
            "--keep", metavar="NAME", help="keep the report, with the sentences that lose, for the page"
        )
        parser.add_argument("--failures", metavar="LANG:LAYER", help="list the sentences that lose there")

    def run(self, options: argparse.Namespace) -> Report:
        from isogloss.sentences.encoded import layers_of  # transformers: only when it is asked for

        sentences = parallel_of(options.files, edition=options.edition)
        languages = [one for one in options.languages.split(",") if one]
        layers = [] if options.layers == "all" else _numbers(options.layers)
        asked = None
        if options.failures:
            language, _, layer = options.failures.rpartition(":")
            asked, layers = sentences.find(language), _numbers(layer)
            languages = [asked]
        found = measure_layers(
            sentences,
            layers_of(options.model),
            Scope(
                options.pivot,
                tuple(languages),
                tuple(layers),
                options.limit,
                not options.without_copied,
                tuple(one for one in options.also.split(",") if one),
                options.interlingua,
            ),
            pooling=Pooling(options.pool, prefix=options.prefix),
            store=workspace_of(options).derived("encoded"),
            progress=Shared(),
        )
        if asked:
            value = failures(found)
            return Report(
                value,
                (
                    f"line {one['line']}: rank {one['rank']}, {one['cosine']:.3f}, confused with line"
                    f" {one['confused_with']} ({one['cosine_confused']:.3f})"
                    for one in value
                ),
            )
        told = found.as_json()
        if options.keep:
            keep(workspace_of(options), options.keep, found, sentences, model=options.model)
        return Report(told, [*_lines(told), sentences.read.sentence()])


def keep(
    workspace: Workspace, name: str, found: LayeredReport, sentences: ParallelSet, *, model: str, **more: Any
) -> None:
    """The report for the page, with its sentences and where its model lies, so that a layer can be sent to Map."""
    where = str(Path(model).resolve()) if Path(model).exists() else model
    kept = found.as_json() | {"asked": {"model": where}} | evidence(found, sentences)
    LayerReports(workspace).save(name, kept | more)


def failures(found: LayeredReport) -> list[dict[str, Any]]:
    """Of the first language and layer: the sentences that lose, by the numbers of their lines."""
    one = found.languages[0]
    names = ("line", "rank", "confused_with", "cosine", "cosine_confused")
    return [dict(zip(names, row, strict=True)) for row in _lost(one, next(iter(one.layers)))]


def evidence(found: LayeredReport, sentences: ParallelSet) -> dict[str, Any]:
    """The sentences that lose in every language and layer, and the texts of all lines."""
    lost: dict[str, dict[str, list[list[Any]]]] = {}
    texts: dict[str, dict[str, str]] = {found.pivot: {}}
    for one in found.languages:
        lost[one.language] = {str(layer): _lost(one, layer) for layer in one.layers}
        for language in (one.language, found.pivot):
            here = texts.setdefault(language, {})
            here |= {str(line): sentences.texts[language][line] or "" for line in one.lines}
    return {"failures": lost, "texts": texts}


def _lost(one: LanguageLayers, layer: int) -> list[list[Any]]:
    result = one.layers[layer]
    return [
        [
            one.lines[row],
            int(max(result.forward[row], result.backward[row])),
            one.lines[int(result.confused[row])],
            round(float(result.similarity[row]), 4),
            round(float(result.confused_similarity[row]), 4),
        ]
        for row in result.failures().tolist()
    ]


def _numbers(text: str) -> list[int]:
    try:
        return [int(part) for part in text.split(",")]
    except ValueError:
        raise InvalidValue(f"layers {text[:40]!r} were asked for", "give all, or numbers by commas") from None


def _lines(value: dict[str, Any]) -> Iterator[str]:
    yield f"{value['model']}, {value['n']} sentences, pivot {value['pivot']}, chance {value['chance']:.4f}"
    for one in value["languages"]:
        scores = " ".join(f"{row['mexa']:.2f}" for row in one["layers"])
        yield (
            f"{one['language']:10} {script_title(one['script'])[:12]:12} {one['fertility']:5.2f} subwords a word,"
            f" {one['unknown_share']:.1%} unknown  {scores}"
        )
        for name in (name for name in SENTENCE_MEASURES.names if name in one["layers"][0]):
            yield f"{'':10} {name}: {' '.join(_said(row[name]) for row in one['layers'])}"
    if "interlingua" in value:
        yield f"interlingua index by layer: {' '.join(_said(row) for row in value['interlingua'])}"
    for language, why in value["left_out"].items():
        yield f"left out: {language} ({why})"
    if value.get("note"):
        yield value["note"]


def _said(figure: dict[str, Any]) -> str:
    return "unknown" if figure["value"] is None else f"{figure['value']:.2f}"


member = MexaCommand()
