"""The slices of a build, trained side by side, as tasks of one slice each."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import numpy.typing as npt

from isogloss.corpora.recipe import TrainingParameters
from isogloss.progress import Progress, part_of
from isogloss.tasks.place import place_of
from isogloss.tasks.task import HERE, Task
from isogloss.training.cade import Ids, train_slice
from isogloss.training.workshop import Workshop
from isogloss.types import Arrays, Vectors
from isogloss.workspace.derived import derived_key

Stream = tuple[Ids, npt.NDArray[np.int64], Vectors]
Trained = tuple[Vectors, float]


def train_slices(streams: Sequence[Stream], parameters: TrainingParameters, *, workshop: Workshop) -> list[Trained]:
    """Train every slice against its rows of the compass.

    streams: for each slice its ids, the counts of its words and their compass rows, as `train_slice`
    takes them. Returns vectors and the largest change of the compass for each. The progress is called
    with the share done; what it raises ends all tasks. Raises BuildError when a task fails.
    With one worker here everything is trained in this process, to the same vectors.
    """
    progress, work = workshop.progress, workshop.store
    n = len(streams)
    keys = [_key(stream, parameters, i) for i, stream in enumerate(streams)] if work.folders else [""] * n
    done: dict[int, Trained] = {}
    for i, key in enumerate(keys):
        if key and (kept := work.find(key)) is not None:
            done[i] = kept["vectors"], float(kept["change"])
    todo = [i for i in range(n) if i not in done]

    def finished(index: int, vectors: Vectors, change: float) -> None:
        done[index] = vectors, change
        if keys[index]:
            work.put(keys[index], {"vectors": vectors, "change": np.array(change)})

    if workshop.workers == 1 and workshop.on == HERE:
        for i in todo:
            before = len(done)
            seed, report = parameters.seed + 1 + i, part_of(progress, before / n, (before + 1) / n)
            finished(i, *train_slice(*streams[i], parameters=parameters, seed=seed, progress=report))
    elif todo:
        _train_beside(streams, parameters, todo, workshop, finished)
    return [done[i] for i in range(n)]


def _key(stream: Stream, parameters: TrainingParameters, index: int) -> str:
    digest = hashlib.sha256()
    for array in stream:
        digest.update(np.ascontiguousarray(array).data)
    return derived_key("slice", 1, content=digest.hexdigest(), training=repr(parameters), index=index)


def _train_beside(
    streams: Sequence[Stream],
    parameters: TrainingParameters,
    todo: list[int],
    workshop: Workshop,
    finished: Callable[[int, Vectors, float], None],
) -> None:
    n, before = len(streams), len(streams) - len(todo)
    settings = asdict(parameters)
    tasks = [
        Task(
            "isogloss.training.workers:train_task",
            dict(zip(("ids", "counts", "compass"), streams[i], strict=True)),
            settings | {"seed": parameters.seed + 1 + i},
        )
        for i in todo
    ]

    def take(place: int, made: Arrays) -> None:
        finished(todo[place], made["vectors"], float(made["change"]))

    def report(share: float) -> None:
        workshop.progress("training", (before + share * len(todo)) / n)

    place_of(workshop.on, workers=workshop.workers).run(tasks, report=report, take=take)


def train_task(arrays: Arrays, settings: Mapping[str, Any], progress: Progress) -> Arrays:
    """One slice, as a task: ids, counts and compass as `train_slice` takes them; parameters with a seed of its own."""
    parameters = TrainingParameters(**settings)
    vectors, change = train_slice(**arrays, parameters=parameters, seed=parameters.seed, progress=progress)
    return {"vectors": vectors, "change": np.array(change)}
