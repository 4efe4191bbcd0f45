"""What is kept of alignments: outcomes by key, their table, and the pair as a collection."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from isogloss.alignment.bli import OOV
from isogloss.alignment.trial import DIRECTIONS, Outcome, Trial, again, run
from isogloss.figure import Figure
from isogloss.nearest.csls import hubness
from isogloss.progress import Progress, silent
from isogloss.spaces.collection import Alignment, Collection
from isogloss.spaces.space import Space
from isogloss.text.script import script_of
from isogloss.types import Arrays
from isogloss.workspace.derived import DerivedStore
from isogloss.workspace.store import Workspace


def outcomes(workspace: Workspace) -> DerivedStore:
    """Where outcomes are kept, by the keys of their trials; those of the demo are shipped."""
    offered = [workspace.offered / "alignments"] if workspace.offered else []
    return DerivedStore(workspace.root / "alignments", *offered, workspace.shipped.parent / "alignments")


def reach(
    store: DerivedStore, trial: Trial, method: str, *, script_filter: bool = False, progress: Progress = silent
) -> Arrays:
    """The outcome of a method with all retrievals, kept in the store: read, or from the map that another test learnt,
    or run.

    Raises InvalidValue.
    """
    key = trial.key(method, script_filter)
    data = store.find(key)
    if data is None:
        plain = store.find(trial.key(method)) if script_filter else None
        if plain is not None:
            data = again(trial, Outcome.of_arrays(plain), script_filter=script_filter).arrays()
        else:
            data = run(trial, method, script_filter=script_filter, progress=progress).arrays()
        store.put(key, data)
    return data


def table(outcome: Outcome, *, seed: int = 0) -> list[dict[str, Any]]:
    """A row for each direction, retrieval and policy on words that are not covered: see `Retrieved.row`."""
    rows = []
    for direction, some in outcome.found.items():
        for retrieval, found in some.items():
            for oov in OOV:
                head: dict[str, Any] = {"retrieval": retrieval, "direction": direction, "oov": oov}
                rows.append(head | found.row(oov, seed=seed))
    return rows


def hubness_of(outcome: Outcome, trial: Trial, *, direction: str, retrieval: str) -> Figure:
    """Skewness of how often each target stands among the ten nearest of the test words; 0 without test words."""
    found = outcome.found[direction][retrieval]
    value = hubness(found.nearest, len(trial.way(direction).target)) if len(found.nearest) else 0.0
    how = "skewness of how often each target stands among the ten nearest of test words"
    return Figure(value=value, n=len(found.nearest), better="less", how=how)


def aligned_pair(
    trial: Trial, outcome: Outcome, name: str, *, title: str = "", languages: tuple[str, str] = ("", "")
) -> Collection:
    """Both spaces in shared coordinates, as a collection."""
    mapping = outcome.mapping
    names = (trial.source.name, trial.target.name)
    names = names if names[0] != names[1] else (f"{names[0]} source", f"{names[1]} target")
    spaces = tuple(
        Space(
            own,
            space.items,
            side.apply(space.vectors),
            space.columns,
            {**space.metadata, **({"language": code} if code else {})},
        )
        for own, space, side, code in zip(
            names, (trial.source, trial.target), (mapping.source, mapping.target), languages, strict=True
        )
    )
    told = {"align": {"method": mapping.method, "anchors": trial.train.name, "parameters": mapping.parameters}}
    return Collection(name, spaces, title, Alignment(mapping.method, None, dict(outcome.diagnostics)), False, told)


def both_sides(
    trial: Trial,
    outcome: Outcome,
    name: str,
    *,
    title: str = "",
    languages: tuple[str, str] = ("", ""),
    most: int = 5_000,
) -> Collection:
    """Items of both sides in one space, `before` and `after` the map: what the page Scripts measures groups of.

    The most frequent items of each side and the test words, named `peace · en`; columns text, language, script, and
    as concept the source of a test pair, so that translations are found among words that nothing was learnt from.
    """
    a, b = trial.way(DIRECTIONS[0]).test.rows(trial.source, trial.target)
    first = np.sort(np.unique(a, return_index=True)[1])
    pairs = dict(zip(a[first].tolist(), b[first].tolist(), strict=True))
    concept_of = {row: trial.source.items[source] for source, row in pairs.items()}
    sides, items, columns = [], [], []
    for i, (space, tested) in enumerate(((trial.source, set(pairs)), (trial.target, set(pairs.values())))):
        rows = np.array(sorted(tested | set(range(min(most, len(space))))), dtype=np.int64)
        code = languages[i] or space.name
        mine = {row: space.items[row] for row in pairs} if i == 0 else concept_of
        sides.append(rows)
        items += [f"{space.items[row]} · {code}{'' if languages[0] != languages[1] else f' {i + 1}'}" for row in rows]
        columns += [
            (space.items[row], code if languages[0] != languages[1] else f"{code} {i + 1}", mine.get(row))
            for row in rows.tolist()
        ]
    known = pa.table(
        {
            "text": [t for t, _, _ in columns],
            "language": [c for _, c, _ in columns],
            "script": [script_of(t) for t, _, _ in columns],
            "concept": pa.array([c for _, _, c in columns], pa.string()),
        }
    )
    ways = (outcome.mapping.source, outcome.mapping.target)
    given = [space.vectors[rows] for space, rows in zip((trial.source, trial.target), sides, strict=True)]
    before = [side.preprocessing.apply(rows).astype(np.float32) for side, rows in zip(ways, given, strict=True)]
    after = [side.apply(rows) for side, rows in zip(ways, given, strict=True)]
    spaces = tuple(Space(n, tuple(items), np.concatenate(v), known) for n, v in (("before", before), ("after", after)))
    return Collection(name, spaces, title, Alignment("none"), True, {"align": {"method": outcome.mapping.method}})


class Live:
    """The training criterion as it goes: a line of JSON each time, for a page to draw."""

    def __init__(self, path: Path | None, method: str) -> None:
        self.path, self.method = path, method
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)

    def __call__(self, criterion: float | None) -> None:
        if self.path is not None and criterion is not None:
            with open(self.path, "a", encoding="utf-8") as file:
                file.write(json.dumps([self.method, criterion]) + "\n")


def read_live(path: Path) -> dict[str, list[float]]:
    """Method → its criterion so far."""
    found: dict[str, list[float]] = {}
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
        if line.endswith("]"):  # the last one may be half written
            method, value = json.loads(line)
            found.setdefault(str(method), []).append(float(value))
    return found
