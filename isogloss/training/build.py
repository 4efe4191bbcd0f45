"""Building a collection from a recipe: tokenise, count, train the compass, train the slices."""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from isogloss.corpora.concordance import describe_corpus
from isogloss.corpora.corpus import Counts, SlicedCorpus, count, read_corpus
from isogloss.corpora.recipe import HALVES, Recipe, usual_replicates
from isogloss.errors import BuildError
from isogloss.progress import Progress, Stages, silent, with_speed
from isogloss.spaces.collection import Alignment, Collection
from isogloss.spaces.space import Space
from isogloss.tables.read import TableRead
from isogloss.tasks.task import HERE
from isogloss.training.cade import require_frozen, train_compass
from isogloss.training.independent import train_independent
from isogloss.training.replicates import replicate
from isogloss.training.samples import Vocabulary, renumber, train_samples
from isogloss.training.workshop import Workshop
from isogloss.types import Mask, Rows, Vectors
from isogloss.workspace.derived import DerivedStore, derived_key
from isogloss.workspace.folders import sole
from isogloss.workspace.store import Workspace, check_name


@dataclass(frozen=True)
class Built:
    """What a build made: the collection, the tokens it read and the seconds it took.

    read: rows of the corpus that became documents, and the others by reason; None where nobody asked.
    """

    collection: Collection
    tokens: int
    seconds: float
    read: TableRead | None = None


def build(
    recipe: Recipe,
    *,
    progress: Progress = silent,
    workers: int = 2,
    work: DerivedStore | None = None,
    on: str = HERE,
) -> Built:
    """Build a collection. The same recipe and seed give the same vectors, bit for bit, on one machine.

    progress is called with what is being done and the share done; raise Cancelled from it to stop.
    work: where finished trainings are kept, so that a stopped build goes on from there. on: where slices and replicates
    are trained, `here`, `auto` or `ray://HOST:PORT` (see `place_of`).
    Raises InvalidValue for a recipe or corpus that cannot be used, BuildError if the compass moved.
    """
    start = time.monotonic()
    stages = Stages(progress, passes(recipe))
    workshop = Workshop(progress=stages.part("reading"), workers=workers, on=on, store=work or DerivedStore())
    corpus = read_corpus(recipe, workshop.progress)
    if recipe.replicates.usual:
        recipe = replace(recipe, replicates=usual_replicates(np.bincount(corpus.slice_of).tolist()))
        stages.settle(passes(recipe))
    counted = [count(corpus, corpus.slice_of == index) for index in range(len(recipe.slices))]
    total = np.sum([c.count for c in counted], axis=0)
    p = recipe.training
    if not (total >= p.min_count).any():
        raise BuildError(f"no item occurs {p.min_count} times", "lower training.min_count or give more text")
    words = np.flatnonzero(total >= p.min_count)
    words = words[np.lexsort((words, -total[words]))]
    names = [corpus.stream.items[w] for w in words]
    if p.method == "procrustes":
        told = workshop.telling(stages.part("slices"))
        spaces, alignment = _train_alone(recipe, corpus, names, words=words, counted=counted, workshop=told)
        return _built(recipe, corpus, counted, spaces=spaces, alignment=alignment, start=start)
    told = workshop.telling(stages.part("compass"))
    vocabulary = Vocabulary(
        names, words, _train_compass(recipe, corpus, names, words=words, total=total, workshop=told)
    )
    everyone = np.ones(len(corpus.slice_of), dtype=bool)
    told = workshop.telling(stages.part("slices"))
    spaces, change = train_spaces(recipe, corpus, vocabulary, counted=counted, documents=everyone, workshop=told)
    controls = None
    if recipe.replicates and len(spaces) > 1:
        panel: tuple[Space, ...] = ()
        if recipe.replicates.panel:
            documents = corpus.panel
            among = [count(corpus, documents & (corpus.slice_of == index)) for index in range(len(recipe.slices))]
            told = workshop.telling(stages.part("panel"))
            panel, moved = train_spaces(recipe, corpus, vocabulary, counted=among, documents=documents, workshop=told)
            change = max(change, moved)
        told = workshop.telling(stages.part("replicates"))
        controls = replicate(recipe, corpus, vocabulary, spaces=spaces, panel_spaces=panel, workshop=told)
    built = _built(recipe, corpus, counted, spaces=spaces, alignment=Alignment("cade", change), start=start)
    compass = _compass(names, vocabulary.compass, spaces)
    return replace(built, collection=replace(built.collection, compass=compass, controls=controls))


def passes(recipe: Recipe) -> dict[str, float]:
    """The stages of a build, each by how often it goes over the text."""
    p, r = recipe.training, recipe.replicates
    r = replace(r, document=HALVES) if r.usual else r
    found = {"reading": 1.0, "compass": float(p.compass_epochs), "slices": float(p.slice_epochs)}
    if p.method == "procrustes":
        del found["compass"]
    if r.panel:
        found["panel"] = p.slice_epochs / 2
    halves = r.author + r.document + (r.panel_author + r.panel_document) / 2
    return found | ({"replicates": float(p.slice_epochs * halves)} if r else {})


def build_and_keep(
    recipe: Recipe,
    workspace: Workspace,
    *,
    keep: Callable[[Collection], object],
    progress: Progress = silent,
    on: str = HERE,
) -> Built:
    """Build where a stopped build goes on from; what it left there goes once `keep` has written the collection.

    Raises what `build` and `keep` do, and StoreError where that collection is being built there already.
    """
    work = workspace.root / "building" / check_name(recipe.name)
    with sole(work, f"the collection {recipe.name!r} is being built"):
        built = build(recipe, progress=progress, work=DerivedStore(work), on=on)
        keep(built.collection)
        shutil.rmtree(work, ignore_errors=True)
    return built


def _built(
    recipe: Recipe,
    corpus: SlicedCorpus,
    counted: list[Counts],
    *,
    spaces: tuple[Space, ...],
    alignment: Alignment,
    start: float,
) -> Built:
    tokens = int((corpus.stream.ids >= 0).sum())
    collection = Collection(
        recipe.name,
        spaces,
        title=recipe.title,
        ordered=recipe.ordered,
        alignment=replace(
            alignment, diagnostics={**alignment.diagnostics, **_diagnostics(recipe, corpus, counted, spaces)}
        ),
        metadata=dict(recipe.metadata)
        | {
            "training": asdict(recipe.training),
            "tokens": tokens,
            "corpus": describe_corpus(recipe, lines=corpus.lines),
        },
    )
    return Built(collection, tokens, time.monotonic() - start, corpus.read)


def _train_compass(
    recipe: Recipe,
    corpus: SlicedCorpus,
    names: list[str],
    *,
    words: Rows,
    total: Rows,
    workshop: Workshop,
) -> Vectors:
    pooled = renumber(corpus.stream.ids, words, len(total))
    digest = hashlib.sha256(pooled.data).hexdigest()
    key = derived_key("compass", 1, stream=digest, training=repr(recipe.training))

    def train() -> dict[str, Vectors]:
        p = recipe.training
        report = with_speed(workshop.progress, "training the compass", len(pooled) * p.compass_epochs)
        return {"vectors": train_compass(pooled, names, total[words], parameters=p, progress=report)}

    return workshop.store.get(key, train)["vectors"]


def train_spaces(
    recipe: Recipe,
    corpus: SlicedCorpus,
    vocabulary: Vocabulary,
    *,
    counted: list[Counts],
    documents: Mask,
    workshop: Workshop,
) -> tuple[tuple[Space, ...], float]:
    """A space for each slice, trained on those of its documents that are named, and the change of U."""
    p = recipe.training
    slices = [(f"slice {one.name!r}", documents & (corpus.slice_of == i)) for i, one in enumerate(recipe.slices)]
    tokens = int((corpus.stream.ids >= 0).sum())
    report = with_speed(workshop.progress, "training the slices", tokens * p.slice_epochs)
    trained = train_samples(
        corpus, vocabulary, slices, min_count=p.min_count, parameters=p, workshop=workshop.telling(report)
    )
    change = max(sample.change for sample in trained)
    require_frozen(change)
    spaces = [
        _space(
            one.name,
            trained[i].rows,
            trained[i].vectors,
            names=vocabulary.items,
            words=vocabulary.words,
            counts=counted[i],
            least=p.ship_count,
        )
        for i, one in enumerate(recipe.slices)
    ]
    return tuple(spaces), change


def _train_alone(
    recipe: Recipe,
    corpus: SlicedCorpus,
    names: list[str],
    *,
    words: Rows,
    counted: list[Counts],
    workshop: Workshop,
) -> tuple[tuple[Space, ...], Alignment]:
    """The baseline: a space for each slice trained by itself, turned onto the one before it."""
    p = recipe.training
    slices = [(f"slice {one.name!r}", corpus.slice_of == i) for i, one in enumerate(recipe.slices)]
    tokens = int((corpus.stream.ids >= 0).sum())
    report = with_speed(workshop.progress, "training each slice alone", tokens * p.slice_epochs)
    trained, unmatched = train_independent(
        corpus, slices, words=words, names=names, parameters=p, workshop=workshop.telling(report)
    )
    spaces = tuple(
        _space(one.name, *trained[i], counts=counted[i], names=names, words=words, least=p.ship_count)
        for i, one in enumerate(recipe.slices)
    )
    told = {"unmatched": [round(v, 4) for v in unmatched]}
    return spaces, Alignment("procrustes", None, told) if len(spaces) > 1 else Alignment()


def _space(
    name: str,
    rows: Rows,
    vectors: Vectors,
    *,
    names: list[str],
    words: Rows,
    counts: Counts,
    least: int,
) -> Space:
    """A stored space: of the trained `rows` of `words` those with at least `least` uses, the most frequent first."""
    in_slice = counts.count[words]
    kept = rows[in_slice[rows] >= least]
    if not len(kept):
        raise BuildError(f"slice {name!r} has no item {least} times", "lower training.ship_count")
    kept = kept[np.lexsort((kept, -in_slice[kept]))]
    ids = words[kept]
    columns: dict[str, Any] = {
        "count": counts.count[ids],
        "per_million": counts.per_million[ids],
        "documents": counts.documents[ids],
        "capital_share": pa.array(counts.capital_share[ids], from_pandas=True),
    }
    if counts.authors is not None:
        columns["authors"] = counts.authors[ids]
    rounded = vectors[np.searchsorted(rows, kept)].astype(np.float16).astype(np.float32)
    return Space(name, tuple(names[k] for k in kept), rounded, pa.table(columns))


def _compass(names: list[str], compass: Vectors, spaces: tuple[Space, ...]) -> Space:
    """The rows of U whose items stand in a stored space: kept to train further slices, not a space."""
    stored = {item for space in spaces for item in space.items}
    rows = [row for row, name in enumerate(names) if name in stored]
    return Space("compass", tuple(names[r] for r in rows), compass[rows].astype(np.float16).astype(np.float32))


def _diagnostics(
    recipe: Recipe, corpus: SlicedCorpus, counted: list[Counts], spaces: tuple[Space, ...]
) -> Mapping[str, Any]:
    shared = set.intersection(*(set(space.items) for space in spaces))
    known = {item: index for index, item in enumerate(corpus.stream.items)}
    rows = np.array(sorted(known[item] for item in shared), dtype=np.int64)
    merged = sorted(corpus.stream.merged.items(), key=lambda pair: -pair[1])
    return {
        "shared_items": len(shared),
        "slices": {
            one.name: {
                "documents": int((corpus.slice_of == index).sum()),
                "tokens": int(counted[index].count.sum()),
                "shared_token_share": float(counted[index].count[rows].sum() / max(counted[index].count.sum(), 1)),
            }
            for index, one in enumerate(recipe.slices)
        },
        "merged_forms": len(merged),
        "merged_most": dict(merged[:40]),
        "lines": corpus.lines,
        "removed": corpus.stream.removed_most(),
    }
