"""isogloss imbalance."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from isogloss.cli.changing._told import said
from isogloss.cli.command import Command, Report, number, place_argument, workspace_of
from isogloss.cli.figures import in_full
from isogloss.cli.progress import Shared
from isogloss.encoders.layers import Pooling
from isogloss.imbalance.kept import MODELS, kept_grids
from isogloss.imbalance.recipe import read_imbalance
from isogloss.progress import Progress, Stages, part_of
from isogloss.sentences.layered import Scope, measure_layers
from isogloss.sentences.parallel import read_parallel
from isogloss.workspace.access import require_writable
from isogloss.workspace.derived import DerivedStore
from isogloss.workspace.store import Workspace

if TYPE_CHECKING:
    from isogloss.imbalance.grid import Grid, Point


class Imbalance(Command):
    help = "clone a corpus by shifted tokens and train both: what share and shared words do to two equal languages"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("recipe", type=Path, metavar="RECIPE.toml")
        place_argument(parser)

    def run(self, options: argparse.Namespace) -> Report:
        from isogloss.imbalance.grid import measure_grid  # scipy: only here

        require_writable()
        recipe, workspace = read_imbalance(options.recipe), workspace_of(options)
        store = DerivedStore(workspace.root / "derived" / "imbalance")
        stages = Stages(Shared(), {"grid": 20.0, "layers": 1.0})
        grid = measure_grid(
            recipe, store=store, models=workspace.root / MODELS, progress=stages.part("grid"), on=options.on
        )
        value = told(grid)
        _layer_by_layer(grid, value, workspace, stages.part("layers"))
        kept_grids(workspace).save(recipe.name, value)
        return Report(value, _lines(value))


def told(grid: Grid) -> dict[str, Any]:
    """What `imbalance --json` prints."""
    from isogloss.imbalance.grid import CANNOT_SHOW
    from isogloss.imbalance.measured import MEASURES

    recipe, words = grid.recipe, grid.text.words
    clone = recipe.clone
    rows = [
        {
            "share": one.share,
            "anchors": one.anchors,
            "tokens": one.tokens,
            **{name: in_full(one.figure(name)) for name in MEASURES},
            "seeds": {name: [number(x) for x in one.seeds[name]] for name in MEASURES},
            **({"transformer": _layers(one)} if one.hidden else {}),
        }
        for one in grid.points
    ]
    return {
        "name": recipe.name,
        "corpus": recipe.file.name,
        "words": len(words),
        "clone": {word: f"{clone.prefix}{word}{clone.suffix}" for word in words[:3]},
        "seeds": list(recipe.grid.seeds),
        "said": grid.said(),
        "cannot_show": CANNOT_SHOW,
        "measures": dict(MEASURES),
        "grid": rows,
        "read": grid.text.read.as_json(),
        **({"transformer": _small(grid)} if recipe.transformer.epochs else {}),
    }


def _layer_by_layer(grid: Grid, value: dict[str, Any], workspace: Workspace, progress: Progress) -> None:
    """MEXA of every model that was kept, layer by layer, as a report of its own for the page Sentences; `value` gets
    their names.
    """
    some = [(one.model, one, row) for one, row in zip(grid.points, value["grid"], strict=True) if one.model]
    if not some:
        return
    from isogloss.cli.sentences.mexa import keep  # transformers: only here
    from isogloss.imbalance.folder import ORIGINAL, SENTENCES, SHUFFLED
    from isogloss.sentences.encoded import layers_of

    for i, (folder, point, row) in enumerate(some):
        name = folder.name
        note = f"{value['corpus']} and its clone: share {point.share:g}, {point.anchors:.0%} of the words shared"
        sentences = replace(read_parallel([folder / SENTENCES]), name=name, note=note)
        found = measure_layers(
            sentences,
            layers_of(str(folder)),
            Scope(ORIGINAL, limit=max(2, len(sentences)), also=("precision",)),
            pooling=Pooling("mean"),
            store=workspace.derived("encoded"),
            progress=part_of(progress, i / len(some), (i + 1) / len(some)),
        )
        keep(workspace, name, found, sentences, model=str(folder), controls=[SHUFFLED])
        row["transformer"] |= {"report": name, "model": f"{MODELS}/{name}"}


def _layers(point: Point) -> dict[str, Any]:
    from isogloss.imbalance.grid import LAYERS

    found: dict[str, Any] = {name: [in_full(one) for one in point.layers(name)] for name in LAYERS}
    found["seeds"] = {name: [[number(x) for x in seed] for seed in point.hidden[name]] for name in LAYERS}
    return found


def _small(grid: Grid) -> dict[str, Any]:
    from isogloss.imbalance.grid import LAYERS

    return asdict(grid.recipe.transformer) | {"measures": dict(LAYERS), "said": grid.said_of_layers()}


def _lines(value: Mapping[str, Any]) -> Iterator[str]:
    yield value["said"]
    for row in value["grid"]:
        yield (
            f"share {row['share']:<5g} anchors {row['anchors']:<5g} {row['tokens']:>9,} tokens:"
            f" P@1 {said(row['precision_at_1'])}, cosine {said(row['cosine'])},"
            f" by counts {row['count_precision_at_1']['value']:.3f}"
        )
        for layer, one in enumerate(row.get("transformer", {}).get("cosine", ())):
            first = row["transformer"]["precision_at_1"][layer]
            null = "" if one["null"] is None else f" (another word {one['null']['mean']:.3f})"
            yield f"      layer {layer}: cosine {said(one)}{null}, P@1 of sentences {said(first)}"
    if "transformer" in value:
        yield value["transformer"]["said"]
    yield value["cannot_show"]


member = Imbalance()
