"""isogloss sts."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from isogloss.cli.command import Command, Report, whole, workspace_of
from isogloss.cli.figures import told as figure_told
from isogloss.cli.progress import Shared
from isogloss.cli.sentences._shared import add_model, model_of
from isogloss.errors import InvalidValue
from isogloss.linear import unit_rows
from isogloss.progress import part_of
from isogloss.sentences.kept import STS, KeptRuns
from isogloss.sentences.sts import Scored
from isogloss.tables.columns import find_column
from isogloss.tables.table import take_table

_COLUMNS = ("sentence1", "sentence2", "score")
_KEPT, _DRAWN = 50, 2_000  # pairs of a language that are kept with their sentences, and with their numbers


class Sts(Command):
    help = "whether cosines follow people's scores of how alike two sentences are: Spearman by language"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="columns sentence1, sentence2, score, and language")
        add_model(parser)
        parser.add_argument("--language", default="", metavar="L,L", help="default: all")
        parser.add_argument(
            "--worst", type=whole(0, 1_000), default=3, metavar="N", help="pairs listed of each language"
        )
        parser.add_argument("--keep", metavar="NAME", help="keep all pairs' numbers and the worst pairs for the page")

    def run(self, options: argparse.Namespace) -> Report:
        table = take_table(options.file).table
        one, two, score = (find_column(table.column_names, name, file=options.file.name) for name in _COLUMNS)
        language = next((name for name in table.column_names if name.casefold() == "language"), None)
        groups = _groups(table, language, [one for one in options.language.split(",") if one])
        model, store, report = model_of(options), workspace_of(options).derived("encoded"), Shared()
        rows, kept_rows = [], []
        for number, (name, at) in enumerate(groups.items()):
            part = table.take(pa.array(at))
            first, second = (part[column].to_pylist() for column in (one, two))
            scores = np.array([_number(value) for value in part[score].to_pylist()])
            kept = [i for i in range(len(at)) if first[i] and second[i] and np.isfinite(scores[i])]
            if len(kept) < 3:
                raise InvalidValue(f"{name or options.file.name} has {len(kept)} scored pairs", "give three or more")
            told = part_of(report, number / len(groups), (number + 1) / len(groups), prefix=f"{name}: ")
            sides = [unit_rows(model.encode([side[i] for i in kept], store, progress=told)) for side in (first, second)]
            found = Scored(name, scores[kept], (sides[0] * sides[1]).sum(axis=1).astype(np.float64))
            worst = [
                {
                    "sentence1": first[kept[row]],
                    "sentence2": second[kept[row]],
                    "score": float(found.scores[row]),
                    "cosine": round(float(found.cosines[row]), 6),
                }
                for row in found.worst()[: max(options.worst, _KEPT if options.keep else 0)].tolist()
            ]
            told_of = {"language": name, **figure_told(found.figure()), "skipped": len(at) - len(kept)}
            rows.append(told_of | {"worst": worst[: options.worst]})
            kept_rows.append(told_of | {"worst": worst, "points": _points(found)})
        value = {"model": model.name, "languages": rows}
        if options.keep:
            KeptRuns(workspace_of(options), STS).save(options.keep, value | {"languages": kept_rows})
        return Report(value, _lines(value))


def _points(found: Scored) -> list[dict[str, float]]:
    """Score and cosine of the first pairs, for the picture."""
    some = zip(found.scores[:_DRAWN].tolist(), found.cosines[:_DRAWN].tolist(), strict=True)
    return [{"score": score, "cosine": round(cosine, 4)} for score, cosine in some]


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return float("nan")


def _groups(table: pa.Table, language: str | None, asked: list[str]) -> dict[str, list[int]]:
    if language is None:
        return {"": list(range(len(table)))}
    found: dict[str, list[int]] = {}
    for row, name in enumerate(table[language].to_pylist()):
        found.setdefault(str(name), []).append(row)
    if missing := [name for name in asked if name not in found]:
        raise InvalidValue(f"the file has no language {missing[0][:40]!r}", f"choose from {', '.join(found)[:120]}")
    return {name: found[name] for name in asked} if asked else found


def _lines(value: dict[str, Any]) -> Iterator[str]:
    yield value["model"]
    for one in value["languages"]:
        said = "unknown" if one["value"] is None else f"{one['value']:.3f} ({one['low']:.3f} to {one['high']:.3f})"
        yield f"{one['language']:8} {said}, n = {one['n']:,}"


member = Sts()
