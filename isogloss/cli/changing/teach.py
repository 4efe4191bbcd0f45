"""isogloss teach."""

from __future__ import annotations

import argparse
import math
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
from isogloss.heads.recipe import SIDES, TeachRecipe, read_teach
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
        add("--side", choices=SIDES, help="with --apply-to and two heads ([unpaired]): whose head")
        add("--inverse", action="store_true", help="with --apply-to: undo a head that is linear and of full rank")

    def run(self, options: argparse.Namespace) -> Report:
        from isogloss.heads.teach import teach  # what encodes: only here

        require_writable()
        if bool(options.apply_to) != bool(options.into) or (options.inverse and not options.into):
            raise InvalidValue(
                "--apply-to, --into and --inverse go together", "give --apply-to COLLECTION/SPACE --into NAME"
            )
        recipe, workspace = read_teach(options.recipe), workspace_of(options)
        if options.side and not (recipe.unpaired.texts and options.into):
            raise InvalidValue(
                "--side is of two heads ([unpaired]) and of --apply-to",
                "leave out --side" if options.into else "give --apply-to COLLECTION/SPACE --into NAME, or leave it out",
            )
        if options.maps:
            recipe = _with_maps(recipe, workspace, options.maps)
        if recipe.model.folder:
            return _model(recipe, workspace, applied=bool(options.into), maps=options.maps)
        if recipe.unpaired.texts:
            return _two_heads(recipe, workspace, options)
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
    if name in workspace.folders():
        raise InvalidValue(f"there is a collection {name!r} already", "choose another name with --maps")
    return replace(recipe, measures=replace(recipe.measures, separation=True))


def _maps(lesson: Any, workspace: Workspace, name: str | None) -> dict[str, Any]:
    """The collection, and a map of each of its spaces; why it has no space of before."""
    if not name:
        return {}
    from isogloss.heads.beyond.maps import BEFORE, collection_of
    from isogloss.maps.layout import LayoutParameters, make_layout
    from isogloss.maps.linked import true_neighbors

    workspace.save(collection_of(lesson, name))
    made, store = workspace.open(name), workspace.derived(name)
    for space in made.spaces:
        layout = make_layout(made, [space.name], LayoutParameters(), store=store)
        true_neighbors(space, layout.k, store)
    value: dict[str, Any] = {"collection": name, "items": len(made.spaces[0])}
    if BEFORE not in made.names:
        value["left_out"] = "before, since the two banks have vectors of two dimensions and share no space"
    return {"maps": value}


def _model(recipe: TeachRecipe, workspace: Workspace, *, applied: bool, maps: str | None) -> Report:
    from isogloss.heads.tuning.tune import tune  # what encodes: only here

    if applied:
        raise InvalidValue("the model itself is taught, and no head", "leave out --apply-to: encode with its folder")
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


def _two_heads(recipe: TeachRecipe, workspace: Workspace, options: argparse.Namespace) -> Report:
    from isogloss.heads.bridged.given import read_given
    from isogloss.heads.bridged.teach import teach_bridged  # what needs torch: only here

    if options.into and not options.side:
        raise InvalidValue(
            "two heads are taught, each for vectors of its own encoder",
            f"say whose head it is: --side {' or --side '.join(SIDES)}",
        )
    if options.inverse:
        raise InvalidValue("neither of two heads has an inverse", "leave out --inverse")
    read = read_given(recipe)
    if options.into:
        _check_side(read[0].dims, options.side, _space(workspace, options.apply_to, options.into)[1])
    lesson, heads, _ = teach_bridged(recipe, workspace, read=read, progress=Shared())
    paths = [Heads(workspace).save(f"{recipe.name}-{head.card['side']}"[:64], head) for head in heads]
    dims = " + ".join(str(head.dim) for head in heads)
    value = told(lesson) | {"head": {"name": recipe.name, "kind": f"two heads over unpaired banks, {dims} dimensions"}}
    value["head"] |= {"parameters": lesson.parameters, "epoch": lesson.after.taught.epoch}
    value["head"] |= {"saved": ", ".join(map(str, paths))}
    if options.into:
        head = heads[SIDES.index(options.side)]
        value["applied"] = apply_to(head, workspace, options.apply_to, options.into, inverse=False)
    value |= _maps(lesson, workspace, options.maps)
    kept_lessons(workspace).save(recipe.name, value)
    return Report(value, _lines(value))


def _check_side(dims: Mapping[str, int], side: str, space: Space) -> None:
    """Before anything is taught. Raises InvalidValue."""
    if space.dim == dims[side]:
        return
    other = next(name for name in dims if name != side)
    lever = f"give a space of {dims[side]:,} dimensions by the encoder of {side}"
    raise InvalidValue(
        f"{space.name[:40]!r} has {space.dim:,} dimensions, and the head of {side} takes {dims[side]:,}",
        lever + (f", or say --side {other}" if space.dim == dims[other] else ""),
    )


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
    if figures["before"].known:
        told["said"] = change_said(figures["gain"], TITLES[name])
        told["control_said"] = change_said(figures["control_gain"], TITLES[name])
    else:
        told["said"] = f"{TITLES[name]} is {_ends(figures['after'])}; before, the two share no space"
        told["control_said"] = _ends(figures["control"])
    return told | _read(lesson, name)


def _ends(one: Figure) -> str:
    low, high = one.interval or (math.nan, math.nan)
    return f"{one.value:.3f} ({low:.3f} to {high:.3f})"


def _read(lesson: Any, name: str) -> dict[str, Any]:
    """What was taken of a file, and how many of its pairs have a text that was trained on."""
    scored = lesson.judges.scored.get(name)
    if scored is not None:
        return {"read": scored.read.as_json(), "languages": len(scored.languages), "trained_on": scored.seen}
    return {"read": lesson.judges.lines.read.as_json()} if name.startswith("retrieval") else {}


def _language(lesson: Any, name: str) -> dict[str, Any]:
    found = lesson.figures((name,), "mrr")
    row: dict[str, Any] = {key: in_full(one) for key, one in found.items()}
    row["said"] = said_of(found["gain"])
    row["precision_at_1"] = {k: in_full(one) for k, one in lesson.figures((name,), "precision_at_1").items()}
    return row


def _space(workspace: Workspace, where: str, into: str) -> tuple[Collection, Space]:
    """Raises InvalidValue where there is a collection of the new name already, NotFound, StoreError."""
    name, _, space = where.partition("/")
    if into in workspace.folders():
        raise InvalidValue(f"there is a collection {into!r} already", "choose another name with --into")
    collection = workspace.open(name)
    return collection, collection[space] if space else collection[collection.names[0]]


def apply_to(head: Head, workspace: Workspace, where: str, into: str, *, inverse: bool) -> dict[str, Any]:
    """A space through a head, kept as a collection of its own. Raises InvalidValue, NotFound, StoreError."""
    collection, one = _space(workspace, where, into)
    rows = np.asarray(one.vectors, np.float32)
    used = head.inverse() if inverse else head
    moved = used.apply(unit_rows(rows) if head.card.get("unit") and not inverse else rows)
    used_head = {"name": head.card.get("name", ""), "inverse": inverse, "of": where}
    used_head |= {"side": head.card["side"]} if "side" in head.card else {}
    metadata = {**one.metadata, "head": used_head}
    made = Space(one.name, one.items, moved, columns=one.columns, metadata=metadata)
    title = collection.title or where.partition("/")[0]
    workspace.save(Collection(into, (made,), f"{title} through {head.card.get('name', 'a head')}"))
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
        maps = value["maps"]
        when, rest = ("after", f"; left out: {maps['left_out']}") if "left_out" in maps else ("before and after", "")
        yield f"{maps['items']:,} items {when}: {maps['collection']}{rest}"
    if "applied" in value:
        yield f"{value['applied']['items']:,} items × {value['applied']['dim']}: {value['applied']['collection']}"


member = Teach()
