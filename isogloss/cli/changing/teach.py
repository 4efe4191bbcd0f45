"""isogloss teach."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from isogloss.cli.changing._told import said
from isogloss.cli.command import Command, Report, number, workspace_of
from isogloss.cli.figures import in_full
from isogloss.cli.progress import Shared, say
from isogloss.errors import InvalidValue
from isogloss.figure import Figure
from isogloss.heads.beyond.judged import TITLES
from isogloss.heads.beyond.judged import said_of as change_said
from isogloss.heads.head import Head, Heads
from isogloss.heads.judged import MEASURES, said_of
from isogloss.heads.kept import kept_lessons
from isogloss.heads.recipe import TeachRecipe, read_teach
from isogloss.heads.tuning.time import seconds_of
from isogloss.linear import unit_rows
from isogloss.progress import told_seconds
from isogloss.spaces.collection import Collection
from isogloss.spaces.space import Space
from isogloss.workspace.access import require_writable
from isogloss.workspace.store import Workspace


class Teach(Command):
    help = (
        "teach a head on frozen vectors, or the last layers of a model, by pairs; before and after on items and"
        " languages that were held out"
    )

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        add = parser.add_argument
        add("recipe", type=Path, metavar="RECIPE.toml")
        add("--apply-to", metavar="COLLECTION/SPACE", help="bring a space through the head that was taught")
        add("--into", metavar="NAME", help="with --apply-to: the collection that is made of it")
        add("--maps", metavar="NAME", help="the tested items before and after as a collection of two spaces, with maps")
        add("--inverse", action="store_true", help="with --apply-to: undo a head that is linear and of full rank")

    def run(self, options: argparse.Namespace) -> Report:
        from isogloss.heads.teach import teach  # what encodes: only here

        if bool(options.apply_to) != bool(options.into) or (options.inverse and not options.into):
            raise InvalidValue(
                "--apply-to, --into and --inverse go together", "give --apply-to COLLECTION/SPACE --into NAME"
            )
        recipe, workspace = read_teach(options.recipe), workspace_of(options)
        if options.maps:
            recipe = _with_maps(recipe, workspace, options.maps)
        if recipe.model.folder:
            return _model(recipe, workspace, applied=bool(options.into), maps=options.maps)
        if recipe.unpaired.texts:
            return _two_heads(recipe, workspace, applied=bool(options.into))
        lesson = teach(recipe, workspace, progress=Shared())
        head = lesson.head()
        path = Heads(workspace).save(recipe.name, head)
        value = told(lesson) | {"head": {"name": recipe.name, "kind": head.kind, "parameters": head.parameters}}
        value["head"] |= {"epoch": lesson.after.taught.epoch, "saved": str(path)}
        if options.into:
            value["applied"] = apply_to(head, workspace, options.apply_to, options.into, inverse=options.inverse)
        value |= _maps(lesson, workspace, options.maps)
        kept_lessons(workspace).save(recipe.name, value)
        return Report(value, _lines(value))


def _with_maps(recipe: TeachRecipe, workspace: Workspace, name: str) -> TeachRecipe:
    """The recipe, with the vectors of what is tested kept. Raises InvalidValue."""
    require_writable()
    if recipe.unpaired.texts:
        raise InvalidValue("two heads share no space before they are taught", "leave out --maps")
    if name in workspace.folders():
        raise InvalidValue(f"there is a collection {name!r} already", "choose another name with --maps")
    return replace(recipe, measures=replace(recipe.measures, separation=True))


def _maps(lesson: Any, workspace: Workspace, name: str | None) -> dict[str, Any]:
    """The collection, and a map of each of its spaces."""
    if not name:
        return {}
    from isogloss.heads.beyond.maps import collection_of
    from isogloss.maps.layout import LayoutParameters, make_layout
    from isogloss.maps.linked import true_neighbors

    workspace.save(collection_of(lesson, name))
    made, store = workspace.open(name), workspace.derived(name)
    for space in made.spaces:
        layout = make_layout(made, [space.name], LayoutParameters(), store=store)
        true_neighbors(space, layout.k, store)
    return {"maps": {"collection": name, "items": len(made.spaces[0])}}


def _model(recipe: TeachRecipe, workspace: Workspace, *, applied: bool, maps: str | None) -> Report:
    from isogloss.heads.tuning.tune import tune  # what encodes: only here

    if applied:
        raise InvalidValue("the model itself is taught, and no head", "leave out --apply-to: encode with its folder")
    require_writable()
    say(f"some {told_seconds(seconds_of(recipe))} on one core, reckoned by the pairs and the layers")
    lesson, path = tune(recipe, workspace, progress=Shared())
    asked, taught = recipe.model, lesson.after.taught
    which = "all layers" if asked.train == "all" else f"last {asked.layers} layers"
    which += f", low-rank adapters (rank {asked.rank})" if asked.method == "lora" else ""
    value = told(lesson) | {"head": {"name": recipe.name, "kind": f"the model itself, {which}"}}
    value["head"] |= {"parameters": lesson.parameters, "epoch": taught.epoch, "saved": str(path)}
    value |= _maps(lesson, workspace, maps)
    kept_lessons(workspace).save(recipe.name, value)
    return Report(value, _lines(value))


def _two_heads(recipe: TeachRecipe, workspace: Workspace, *, applied: bool) -> Report:
    from isogloss.heads.bridged import teach_bridged  # what needs torch: only here

    if applied:
        raise InvalidValue("two heads are taught, each for vectors of its own encoder", "leave out --apply-to")
    lesson, heads, _ = teach_bridged(recipe, workspace, progress=Shared())
    paths = [Heads(workspace).save(f"{recipe.name}-{head.card['side']}"[:64], head) for head in heads]
    dims = " + ".join(str(head.dim) for head in heads)
    value = told(lesson) | {"head": {"name": recipe.name, "kind": f"two heads over unpaired banks, {dims} dimensions"}}
    value["head"] |= {"parameters": lesson.parameters, "epoch": lesson.after.taught.epoch}
    value["head"] |= {"saved": ", ".join(map(str, paths))}
    kept_lessons(workspace).save(recipe.name, value)
    return Report(value, _lines(value))


def told(lesson: Any) -> dict[str, Any]:
    """What `teach --json` prints of a lesson. Figures without a measure's name are the mean MRR over the languages."""
    every = {measure: lesson.figures(lesson.judged, measure) for measure in MEASURES}
    value: dict[str, Any] = {name: in_full(one) for name, one in every["mrr"].items()}
    value["said"] = said_of(every["mrr"]["gain"])
    value["control_said"] = said_of(every["mrr"]["control_gain"])
    value["without_pairs_said"] = said_of(every["mrr"]["without_pairs"])
    value["precision_at_1"] = {name: in_full(one) for name, one in every["precision_at_1"].items()}
    value["held_out_languages"] = {name: _language(lesson, name) for name in lesson.split.held_out}
    value["languages"] = {
        name: _language(lesson, name) for name in lesson.split.test if name not in lesson.split.held_out
    }
    value["measures"] = {name: _measure(lesson, name, figures) for name, figures in lesson.measures().items()}
    value["recipe"] = lesson.recipe.path.name
    value["pivot"] = lesson.split.pivot
    value["constraints"] = [
        {"pairs": n, "gain": in_full(gain), "said": said_of(gain)} for n, gain in lesson.by_constraints()
    ]
    value["development"] = [number(one) for one in lesson.after.taught.history]
    value["vectors"] = {"source": lesson.source} | lesson.vectors.as_json()
    value["pairs"] = lesson.pairs.as_json() | {"not_used": dict(lesson.split.dropped.skipped)}
    return value


def _measure(lesson: Any, name: str, figures: Mapping[str, Figure]) -> dict[str, Any]:
    told: dict[str, Any] = {key: in_full(one) for key, one in figures.items()}
    told["said"] = change_said(figures["gain"], TITLES[name])
    told["control_said"] = change_said(figures["control_gain"], TITLES[name])
    return told | _read(lesson, name)


def _read(lesson: Any, name: str) -> dict[str, Any]:
    """What was taken of a file, and how many of its pairs have a text that was trained on."""
    scored = lesson.judges.scored.get(name)
    if scored is not None:
        return {"read": scored.read.as_json(), "languages": len(scored.languages), "trained_on": scored.seen}
    return {"read": lesson.judges.lines.read.as_json()} if name == "retrieval" else {}


def _language(lesson: Any, name: str) -> dict[str, Any]:
    found = lesson.figures((name,), "mrr")
    row: dict[str, Any] = {key: in_full(one) for key, one in found.items()}
    row["said"] = said_of(found["gain"])
    row["precision_at_1"] = {k: in_full(one) for k, one in lesson.figures((name,), "precision_at_1").items()}
    return row


def apply_to(head: Head, workspace: Workspace, where: str, into: str, *, inverse: bool) -> dict[str, Any]:
    """A space through a head, kept as a collection of its own. Raises InvalidValue, NotFound, StoreError."""
    name, _, space = where.partition("/")
    if into in workspace.folders():
        raise InvalidValue(f"there is a collection {into!r} already", "choose another name with --into")
    collection = workspace.open(name)
    one = collection[space] if space else collection[collection.names[0]]
    rows = np.asarray(one.vectors, np.float32)
    used = head.inverse() if inverse else head
    moved = used.apply(unit_rows(rows) if head.card.get("unit") and not inverse else rows)
    metadata = {**one.metadata, "head": {"name": head.card.get("name", ""), "inverse": inverse, "of": where}}
    made = Space(one.name, one.items, moved, columns=one.columns, metadata=metadata)
    workspace.save(Collection(into, (made,), f"{collection.title or name} through {head.card.get('name', 'a head')}"))
    return {"collection": into, "space": one.name, "items": len(made), "dim": made.dim}


def _lines(value: Mapping[str, Any]) -> Iterator[str]:
    yield value["said"]
    for name in ("before", "after", "control", "gain"):
        yield f"{name:8} MRR {said(value[name])}; P@1 {said(value['precision_at_1'][name])}"
    yield f"shuffled pairs: {value['control_said']}"
    yield f"the loss without any pair, at its best: {value['without_pairs_said']}"
    for kind, rows in (("held out", value["held_out_languages"]), ("held-out items", value["languages"])):
        for language, row in rows.items():
            before, after = row["before"]["value"], row["after"]["value"]
            yield f"{language[:24]:12} {kind}: {before:.3f} → {after:.3f}, {row['said']}"
    for row in value["measures"].values():
        yield f"{row['said']}; by shuffled pairs: {row['control_said']}"
    for row in value["constraints"]:
        yield f"{row['pairs']:,} pairs: {row['said']}"
    head = value["head"]
    size = f"{head['parameters']:,} parameters, epoch {head['epoch']}"
    yield f"head {head['name']}: {head['kind']}, {size}: {head['saved']}"
    if "maps" in value:
        yield f"{value['maps']['items']:,} items before and after: {value['maps']['collection']}"
    if "applied" in value:
        yield f"{value['applied']['items']:,} items × {value['applied']['dim']}: {value['applied']['collection']}"


member = Teach()
