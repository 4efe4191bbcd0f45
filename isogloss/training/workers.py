"""The slices of a build, trained side by side: a process with one worker for each.

The processes are plain commands rather than multiprocessing's, which would import whatever script
happens to run (a Streamlit page, a test) once more in each of them.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import numpy.typing as npt

from isogloss.corpora.recipe import TrainingParameters
from isogloss.errors import BuildError
from isogloss.places import ROOT
from isogloss.progress import part_of
from isogloss.training.cade import Ids, train_slice
from isogloss.training.workshop import Workshop
from isogloss.types import Vectors
from isogloss.workspace.derived import derived_key

Stream = tuple[Ids, npt.NDArray[np.int64], Vectors]
Trained = tuple[Vectors, float]


def train_slices(streams: Sequence[Stream], parameters: TrainingParameters, *, workshop: Workshop) -> list[Trained]:
    """Train every slice against its rows of the compass.

    streams: for each slice its ids, the counts of its words and their compass rows, as `train_slice`
    takes them. Returns vectors and the largest change of the compass for each. The progress is called
    with the share done; what it raises ends all processes. Raises BuildError when a process fails.
    With one worker everything is trained in this process, to the same vectors.
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

    if workshop.workers == 1:
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
    n = len(streams)
    with tempfile.TemporaryDirectory(prefix="isogloss-") as name:
        folder = Path(name)
        (folder / "parameters.json").write_text(json.dumps(asdict(parameters)))
        shares = np.memmap(folder / "progress", dtype=np.float64, mode="w+", shape=n)
        shares[:] = 1.0
        for i in todo:
            ids, counts, compass = streams[i]
            np.savez(folder / f"{i}.npz", ids=ids, counts=counts, compass=compass)
            shares[i] = 0.0

        def take(index: int) -> None:
            with np.load(folder / f"{index}-trained.npz") as found:
                finished(index, found["vectors"], float(found["change"]))

        def report() -> None:
            workshop.progress("training", float(shares.mean()))

        _run(folder, n, list(todo), workers=workshop.workers, report=report, take=take)


def _run(
    folder: Path, n: int, waiting: list[int], *, workers: int, report: Callable[[], None], take: Callable[[int], None]
) -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    running = dict[int, subprocess.Popen[bytes]]()
    try:
        while waiting or running:
            while waiting and len(running) < workers:
                index = waiting.pop(0)
                command = [sys.executable, "-m", "isogloss.training.workers", str(folder), str(index), str(n)]
                running[index] = subprocess.Popen(command, env=environment)
            time.sleep(0.1)
            report()
            for index, process in list(running.items()):
                code = process.poll()
                if code is None:
                    continue
                if code:
                    raise BuildError(
                        f"a training process ended with code {code}",
                        "the lines above say why; if it was killed, free some memory and build again",
                    )
                del running[index]
                take(index)
    finally:
        for process in running.values():
            process.kill()
            process.wait()


def main(folder: Path, index: int, n: int) -> None:
    """Train one slice in this process and leave what it trained in a file."""
    shares = np.memmap(folder / "progress", dtype=np.float64, mode="r+", shape=n)
    parameters = TrainingParameters(**json.loads((folder / "parameters.json").read_text()))

    def report(_: str, share: float, number: float | None = None, /) -> None:
        shares[index] = share

    with np.load(folder / f"{index}.npz") as data:
        arrays = {key: data[key] for key in ("ids", "counts", "compass")}
    vectors, change = train_slice(**arrays, parameters=parameters, seed=parameters.seed + 1 + index, progress=report)
    np.savez(folder / f"{index}-trained.npz", vectors=vectors, change=change)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
