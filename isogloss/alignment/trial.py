"""A trial: two spaces, anchors to learn from and words to be tested on, for several methods on identical vectors."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from isogloss.alignment.anchors.dictionary import Dictionary
from isogloss.alignment.bli import RETRIEVALS, Retrieved, retrieve, retrieve_both
from isogloss.alignment.learning import Learning, learn_mapping
from isogloss.alignment.learnt import Mapping as LearntMap
from isogloss.errors import InvalidValue
from isogloss.progress import Progress, part_of, silent
from isogloss.spaces.space import Space
from isogloss.text.script import NONE, script_of
from isogloss.types import Arrays
from isogloss.workspace.derived import derived_key

DIRECTIONS = ("source-target", "target-source")
VERSION = 1
Found = Mapping[str, Mapping[str, Retrieved]]  # direction → retrieval → what was found


@dataclass(frozen=True, eq=False)
class Way:
    """One direction: words of `source` are looked up among those of `target`. dropped: test sources that stand in
    training.
    """

    source: Space
    target: Space
    test: Dictionary
    dropped: int


@dataclass(frozen=True, eq=False)
class Trial:
    """train, test: pairs; sources of `test` that stand in `train` are left out, in either direction. learning: what
    all methods are given. spelt: `train` and, where it is one of its own, `test` → the dictionary as it was read.
    """

    source: Space
    target: Space
    train: Dictionary
    _: KW_ONLY
    test: Dictionary
    learning: Learning = field(default_factory=Learning)
    spelt: Mapping[str, Dictionary] = field(default_factory=dict)

    def way(self, direction: str) -> Way:
        return self._there if direction == "source-target" else self._back

    @cached_property
    def _there(self) -> Way:
        return Way(self.source, self.target, *self.test.without_sources(self.train))

    @cached_property
    def _back(self) -> Way:
        return Way(self.target, self.source, *self.test.reversed().without_sources(self.train.reversed()))

    def key(self, method: str, script_filter: bool = False) -> str:
        """A name for the outcome of a method: it changes with anything that the outcome depends on."""
        pairs = {name: _digest(one) for name, one in (("train", self.train), ("test", self.test))}
        return derived_key(
            "alignment",
            VERSION,
            source=self.source.fingerprint,
            target=self.target.fingerprint,
            steps=self.learning.steps,
            parameters=self.learning.method(method).of(self.learning.seed),
            method=method,
            script_filter=script_filter,
            **pairs,
        )


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a method reached. trace: its training criterion, step by step, where it has one. seconds: of learning, of
    looking up.
    """

    mapping: LearntMap
    diagnostics: Mapping[str, Any]
    found: Found
    _: KW_ONLY
    trace: tuple[float, ...] = ()
    seconds: tuple[float, float] = (0.0, 0.0)
    kept_targets: Mapping[str, int] = field(default_factory=dict)

    def arrays(self) -> Arrays:
        """Everything as named arrays, nothing pickled; `of_arrays` takes them back."""
        out = {f"map_{name}": array for name, array in self.mapping.arrays().items()}
        told = {
            "diagnostics": dict(self.diagnostics),
            "trace": list(self.trace),
            "seconds": list(self.seconds),
            "kept_targets": dict(self.kept_targets),
            "ways": [[d, r, one.missing] for d, some in self.found.items() for r, one in some.items()],
        }
        for direction, some in self.found.items():
            for retrieval, one in some.items():
                out[f"{direction}_{retrieval}_scores"] = one.scores
                for name in ("sources", "nearest", "rank"):
                    out[f"{direction}_{retrieval}_{name}"] = getattr(one, name).astype(np.int32)
        return out | {"told": np.array(json.dumps(told))}

    @classmethod
    def of_arrays(cls, data: Arrays) -> Outcome:
        told = json.loads(str(data["told"]))
        found: dict[str, dict[str, Retrieved]] = {}
        for direction, retrieval, missing in told["ways"]:
            some: dict[str, Any] = {
                n: data[f"{direction}_{retrieval}_{n}"].astype(np.int64) for n in ("sources", "nearest", "rank")
            }
            some |= {"scores": data[f"{direction}_{retrieval}_scores"], "missing": missing}
            found.setdefault(direction, {})[retrieval] = Retrieved(**some)
        mapping = LearntMap.of_arrays({k.removeprefix("map_"): v for k, v in data.items() if k.startswith("map_")})
        return cls(
            mapping,
            told["diagnostics"],
            found,
            trace=tuple(told["trace"]),
            seconds=tuple(told["seconds"]),
            kept_targets=told["kept_targets"],
        )


def learn(trial: Trial, method: str, *, progress: Progress = silent) -> Outcome:
    """What a method makes of the training pairs, with its training criterion; untested. Raises InvalidValue."""
    start, trace = time.monotonic(), []

    def report(what: str, share: float, number: float | None = None, /) -> None:
        if number is not None:
            trace.append(number)
        progress(what, share, number)

    mapping, diagnostics = learn_mapping(
        trial.source, trial.target, trial.train, method=method, learning=trial.learning, progress=report
    )
    return Outcome(mapping, diagnostics, {}, trace=tuple(trace), seconds=(time.monotonic() - start, 0.0))


def run(
    trial: Trial,
    method: str,
    *,
    retrievals: Sequence[str] = RETRIEVALS,
    script_filter: bool = False,
    progress: Progress = silent,
) -> Outcome:
    """Learn from the training pairs, then, and only then, look the test words up. Raises InvalidValue."""
    learnt = learn(trial, method, progress=part_of(progress, 0.0, 0.9))
    progress("looking the test words up", 0.9)
    return again(trial, learnt, retrievals=retrievals, script_filter=script_filter)


def again(
    trial: Trial, outcome: Outcome, *, retrievals: Sequence[str] = RETRIEVALS, script_filter: bool = False
) -> Outcome:
    """The map that was learnt, tested among other targets (see `look_up`): nothing is learnt again."""
    start = time.monotonic()
    found, kept = look_up(trial, outcome.mapping, retrievals=retrievals, script_filter=script_filter)
    return replace(outcome, found=found, kept_targets=kept, seconds=(outcome.seconds[0], time.monotonic() - start))


def look_up(
    trial: Trial, mapping: LearntMap, *, retrievals: Sequence[str] = RETRIEVALS, script_filter: bool = False
) -> tuple[Found, dict[str, int]]:
    """The test words in both directions; how many targets stood for choice in each.

    script_filter: only targets in the script that most targets of the training pairs are written in.
    """
    if not len(trial.test):
        raise InvalidValue("there are no test words", "hold some anchors out, or give a test dictionary")
    x, z = mapping.source.apply(trial.source.vectors), mapping.target.apply(trial.target.vectors)
    ways = [trial.way(direction) for direction in DIRECTIONS]
    golds = ([b for _, b in trial.train.pairs], [a for a, _ in trial.train.pairs])
    chosen = [
        _in_script(way.target, gold) if script_filter else np.arange(len(way.target))
        for way, gold in zip(ways, golds, strict=True)
    ]
    kept = {direction: len(rows) for direction, rows in zip(DIRECTIONS, chosen, strict=True)}
    if all(len(rows) == len(way.target) for way, rows in zip(ways, chosen, strict=True)):
        there, back = (way.test for way in ways)
        both = retrieve_both(trial.source, trial.target, x=x, z=z, there=there, back=back, retrievals=retrievals)
        return dict(zip(DIRECTIONS, both, strict=True)), kept
    found = {}
    for direction, way, rows, (u, v) in zip(DIRECTIONS, ways, chosen, ((x, z), (z, x)), strict=True):
        few = Space(way.target.name, tuple(way.target.items[r] for r in rows), v[rows], fingerprint="-", checked=True)
        some = retrieve(way.source, few, way.test, x=u, z=v[rows], retrievals=retrievals)
        found[direction] = {name: replace(one, nearest=rows[one.nearest]) for name, one in some.items()}
    return found, kept


def _in_script(space: Space, golds: Sequence[str]) -> npt.NDArray[np.int64]:
    """Rows of the items in the script of most golds (of most items where there are no golds)."""
    counted: dict[str, int] = {}
    for item in golds or space.items:
        script = script_of(item)
        counted[script] = counted.get(script, 0) + (script != NONE)
    main = max(counted, key=counted.__getitem__)
    return np.array([row for row, item in enumerate(space.items) if script_of(item) == main], dtype=np.int64)


def _digest(dictionary: Dictionary) -> str:
    return hashlib.sha256(repr(dictionary.pairs).encode("utf-8", "surrogatepass")).hexdigest()[:20]
