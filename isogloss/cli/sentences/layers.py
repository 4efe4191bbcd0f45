"""isogloss layers."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pyarrow as pa

from isogloss.cli.command import Command, Report, whole, workspace_of
from isogloss.cli.progress import Shared
from isogloss.encoders.layers import POOLS, Pooling
from isogloss.errors import InvalidValue
from isogloss.sentences.parallel import ParallelSet
from isogloss.sentences.reports import LayerReports
from isogloss.sentences.sets import parallel_of
from isogloss.spaces.collection import Alignment, Collection
from isogloss.spaces.space import Space
from isogloss.text.script import script_of
from isogloss.workspace.access import require_writable
from isogloss.workspace.store import check_name


class Layers(Command):
    help = "make every layer of a model a space of a collection: sentences with their language, script and line"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "files", nargs="*", type=Path, metavar="FILE", help="a set (sentences, phrases), or files as of mexa"
        )
        parser.add_argument(
            "--report", metavar="NAME", help="the sentences, model and pooling of a report that mexa kept, no files"
        )
        parser.add_argument(
            "--model", metavar="M", help="a transformers model (folder or name), or one of ours as one layer"
        )
        parser.add_argument("--into", required=True, metavar="COLLECTION")
        parser.add_argument("--layers", default="all", metavar="all|L,L", help="default: all")
        parser.add_argument("--pool", choices=POOLS, default="weighted")
        parser.add_argument("--prefix", default="", metavar="P")
        parser.add_argument("--languages", default="", metavar="L,L", help="default: all")
        parser.add_argument("--edition", metavar="E", help="of a table that has several")
        parser.add_argument("--limit", type=whole(2), default=100, metavar="N", help="lines of each language")

    def run(self, options: argparse.Namespace) -> Report:
        require_writable()
        check_name(options.into)
        from isogloss.encoders.layers import encode_layers
        from isogloss.sentences.encoded import layers_of  # transformers: only when it is asked for

        workspace = workspace_of(options)
        report = LayerReports(workspace).open(options.report) if options.report else None
        if report is None and (not options.files or not options.model):
            raise InvalidValue("the command has no sentences or no model", "give FILE and --model, or --report")
        if report is not None and options.files:
            raise InvalidValue("both files and a report were given", "give one of them")
        sentences = parallel_of(options.files, edition=options.edition) if report is None else report.sentences()
        named = [sentences.find(one) for one in options.languages.split(",") if one] or sentences.languages
        items, columns = _items(sentences, named, options.limit)
        asked = options.model or (report.asked_model if report else "")
        if not asked:
            raise InvalidValue(f"the report {options.report!r} does not say where its model lies", "give it by --model")
        model = layers_of(asked)
        pooling = Pooling(options.pool, prefix=options.prefix)
        if report is not None:
            if model.name != report.model:
                raise InvalidValue(
                    f"the model is {model.name[:80]!r} and the report is of {report.model[:80]!r}", "measure it again"
                )
            pooling = Pooling(report.told.get("pool", options.pool), prefix=str(report.told.get("prefix", "")))
        chosen = range(model.n_layers) if options.layers == "all" else _numbers(options.layers, model.n_layers)
        found = encode_layers(model, items, pooling, workspace.derived("encoded"), progress=Shared())
        spaces = tuple(
            Space(f"layer {i}", tuple(items), np.asarray(found[i], dtype=np.float32), columns, {"encoder": model.name})
            for i in chosen
        )
        collection = Collection(
            options.into,
            spaces,
            title=f"{model.name.partition('@')[0]}, layer by layer",
            ordered=True,
            alignment=Alignment(),
            metadata={"encoder": model.name, "pool": pooling.pool, "prefix": pooling.prefix},
        )
        workspace.save(collection)
        value = {"collection": options.into, "spaces": [one.name for one in spaces], "items": len(items)}
        return Report(value, [f"{len(items):,} sentences in {len(spaces)} layers: {options.into}"])


def _items(sentences: ParallelSet, named: list[str], limit: int) -> tuple[list[str], pa.Table]:
    """Distinct sentences with what they are; one that two languages share stands for the first of them."""
    rows: dict[str, tuple[str, str, int]] = {}
    for language in named:
        for line, text in enumerate(sentences.texts[language][:limit]):
            if text:
                rows.setdefault(text, (language, script_of(text), line))
    if len(rows) < 2:
        raise InvalidValue("the set holds no two sentences", "name languages that it has")
    languages, scripts, lines = zip(*rows.values(), strict=True)
    told = {"language": languages, "script": scripts, "concept": [f"line {line}" for line in lines]}
    return list(rows), pa.table({name: pa.array(list(values)) for name, values in told.items()})


def _numbers(text: str, n: int) -> list[int]:
    try:
        found = [int(part) for part in text.split(",")]
    except ValueError:
        raise InvalidValue(f"layers {text[:40]!r} were asked for", "give all, or numbers by commas") from None
    if wrong := [layer for layer in found if not 0 <= layer < n]:
        raise InvalidValue(f"the model has no layer {wrong[0]}", f"choose 0 to {n - 1}")
    return found


member = Layers()
