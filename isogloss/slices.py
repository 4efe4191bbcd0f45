"""The slices of a build, trained side by side: a process with one worker for each.

The processes are plain commands rather than multiprocessing's, which would import whatever script
happens to run (a Streamlit page, a test) once more in each of them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import numpy as np
import numpy.typing as npt

from isogloss.errors import BuildError
from isogloss.recipe import TrainingParameters
from isogloss.space import Vectors
from isogloss.train import Ids, train_slice

_ROOT = Path(__file__).resolve().parent.parent


def train_slices(
    streams: list[tuple[Ids, npt.NDArray[np.int64], Vectors]],
    parameters: TrainingParameters,
    progress: Callable[[float], None],
    workers: int,
) -> list[tuple[Vectors, float]]:
    """Train every slice against its rows of the compass.

    streams: for each slice its ids, the counts of its words and their compass rows, as `train_slice`
    takes them. Returns vectors and the largest change of the compass for each. progress is called
    with the share done; what it raises ends all processes. Raises BuildError when a process fails.
    With one worker everything is trained in this process, to the same vectors.
    """
    if workers == 1:
        n = len(streams)
        return [
            train_slice(*stream, parameters, parameters.seed + 1 + i, lambda share, i=i: progress((i + share) / n))  # type: ignore[misc]
            for i, stream in enumerate(streams)
        ]
    with tempfile.TemporaryDirectory(prefix="isogloss-") as name:
        folder = Path(name)
        (folder / "parameters.json").write_text(json.dumps(asdict(parameters)))
        shares = np.memmap(folder / "progress", dtype=np.float64, mode="w+", shape=len(streams))
        for index, (ids, counts, compass) in enumerate(streams):
            np.savez(folder / f"{index}.npz", ids=ids, counts=counts, compass=compass)
        _run(folder, len(streams), workers, lambda: progress(float(shares.mean())))
        trained = []
        for index in range(len(streams)):
            with np.load(folder / f"{index}-trained.npz") as done:
                trained.append((done["vectors"], float(done["change"])))
        return trained


def _run(folder: Path, n: int, workers: int, report: Callable[[], None]) -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(_ROOT), os.environ.get("PYTHONPATH", "")])}
    waiting, running = list(range(n)), list[subprocess.Popen[bytes]]()
    try:
        while waiting or running:
            while waiting and len(running) < workers:
                command = [sys.executable, "-m", "isogloss.slices", str(folder), str(waiting.pop(0)), str(n)]
                running.append(subprocess.Popen(command, env=environment))
            time.sleep(0.1)
            report()
            failed = [p.returncode for p in running if p.poll() not in (None, 0)]
            if failed:
                raise BuildError(
                    f"a training process ended with code {failed[0]}",
                    "the lines above say why; if it was killed, free some memory and build again",
                )
            running = [p for p in running if p.poll() is None]
    finally:
        for process in running:
            process.kill()
            process.wait()


def main(folder: Path, index: int, n: int) -> None:
    """Train one slice in this process and leave what it trained in a file."""
    shares = np.memmap(folder / "progress", dtype=np.float64, mode="r+", shape=n)
    parameters = TrainingParameters(**json.loads((folder / "parameters.json").read_text()))

    def report(share: float) -> None:
        shares[index] = share

    with np.load(folder / f"{index}.npz") as data:
        arrays = {key: data[key] for key in ("ids", "counts", "compass")}
    seed = parameters.seed + 1 + index
    vectors, change = train_slice(arrays["ids"], arrays["counts"], arrays["compass"], parameters, seed, report)
    np.savez(folder / f"{index}-trained.npz", vectors=vectors, change=change)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
