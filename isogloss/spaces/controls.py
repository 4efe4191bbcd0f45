"""What replicate trainings say of every shared item: how far noise alone would have moved it.

The table stands beside a collection; the vectors of the replicates are not kept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from isogloss.spaces.columns import array_of, runs_of
from isogloss.spaces.items import read_parquet
from isogloss.spaces.space import Space
from isogloss.spaces.tails import PairTails, Reach, read_tails
from isogloss.text.nested import read_json
from isogloss.types import Vectors

FILE = "controls.parquet"
NOISE_FILE = "noise.npz"
FIGURES = ("distance", "sd", "p", "p05", "p95")
BY = "by"  # the kind of halves whose null is the stricter; tables of before 0.7 lack it
_VERSION = b"1"


@dataclass(frozen=True, eq=False)
class Noise:
    """Of one space. variance: of each item's unit vector, float32 (n_items,), NaN where unknown.

    covariance: the directions of the noise, float32 (dim, dim), of trace 1. ratio: the SD of cosines
    over half samples, divided by what the other two predict; the median over random pairs.
    """

    variance: npt.NDArray[np.float32]
    covariance: Vectors
    ratio: float

    def half_interval(self, space: Space, item: str, second: str) -> float:
        """Half of the approximate 95 % interval of cos(item, second) in the space; NaN where unknown."""
        a, b = space[item], space[second]
        return float(
            1.96
            * self.ratio
            * predicted(space.unit, self.variance, self.covariance, a=np.array([a]), b=np.array([b]))[0]
        )


def predicted(
    unit: Vectors,
    variance: npt.NDArray[np.float32],
    covariance: Vectors,
    *,
    a: npt.NDArray[np.int64],
    b: npt.NDArray[np.int64],
) -> npt.NDArray[np.float64]:
    """SD of cos(u_a, u_b) to first order: √(σ_a² tᵀCt + σ_b² sᵀCs), with t = u_b − cos·u_a and s likewise."""
    x, y = unit[a].astype(np.float64), unit[b].astype(np.float64)
    cosine = np.einsum("nd,nd->n", x, y)[:, None]
    total = np.zeros(len(a))
    for direction, rows in ((y - cosine * x, a), (x - cosine * y, b)):
        total += variance[rows] * np.einsum("nd,de,ne->n", direction, covariance.astype(np.float64), direction)
    return np.asarray(np.sqrt(total), dtype=np.float64)


@dataclass(frozen=True, eq=False)
class PairControls:
    """The figures of one pair of spaces: item → row, and arrays over the rows by measure.

    figures: measure → name → float64 (n,), of the measures that the table holds: `distance`; `sd`, of the distance over
    half samples; `p`, the larger of the author and document nulls'; `p05` and `p95` of the stricter null, NaN where
    untested.
    count_source, count_target: uses in what was trained. null_n: null distances that each was held against. reach:
    measure → how far noise reaches; ks: measure → neighbors compared; of measures of which this was kept.
    """

    rows: Mapping[str, int]
    count_source: npt.NDArray[np.int64]
    count_target: npt.NDArray[np.int64]
    null_n: npt.NDArray[np.int64]
    figures: Mapping[str, Mapping[str, npt.NDArray[np.float64]]]
    reach: Mapping[str, Reach] = field(default_factory=dict)
    ks: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Controls:
    """All pairs of a collection, among all speakers and, where there is a panel, among the same.

    table: a row for each pair of spaces (`source` before `target`), panel or not, and shared item.
    facts: how many replicates of each kind, the panel's column and size. noise: how firmly the vectors of each space
    stand. tails: the null distances of each pair, panel or not, and measure; none in what was built before 0.7.
    """

    table: pa.Table
    facts: Mapping[str, Any] = field(default_factory=dict)
    noise: Mapping[str, Noise] = field(default_factory=dict)
    tails: tuple[PairTails, ...] = ()

    @property
    def panel(self) -> bool:
        """Whether there are figures among the same speakers."""
        return bool(self.facts.get("panel"))

    @cached_property
    def digest(self) -> str:
        """Changes with any figure: the spaces can be the same and the replicates others.

        >>> one, two = (Controls(pa.table({"p": [p]})) for p in (0.1, 0.2))
        >>> one.digest == two.digest, one.digest == Controls(pa.table({"p": [0.1]})).digest
        (False, True)
        """
        found = hashlib.sha256(json.dumps(dict(self.facts), sort_keys=True, default=str).encode())
        whole = pa.BufferOutputStream()
        table = self.table.replace_schema_metadata(None).combine_chunks()
        with pa.ipc.new_stream(whole, table.schema) as out:
            out.write_table(table)
        found.update(whole.getvalue())
        for name, one in self.noise.items():
            found.update(f"{name} {one.ratio!r}".encode())
            found.update(np.ascontiguousarray(one.variance).tobytes())
            found.update(np.ascontiguousarray(one.covariance).tobytes())
        for tail in self.tails:
            found.update(json.dumps(tail.facts()).encode() + tail.values().tobytes())
        return found.hexdigest()[:16]

    @cached_property
    def measures(self) -> tuple[str, ...]:
        """The measures of which the table holds every figure, in its order: those there were when it was made.

        >>> Controls(pa.table({f"cosine_{figure}": [0.1] for figure in FIGURES} | {"local_distance": [0.1]})).measures
        ('cosine',)
        """
        names = self.table.column_names
        found = [name.removesuffix(f"_{FIGURES[0]}") for name in names if name.endswith(f"_{FIGURES[0]}")]
        return tuple(m for m in found if all(f"{m}_{figure}" in names for figure in FIGURES))

    def pair(self, source: str, target: str, panel: bool = False) -> PairControls | None:
        """The figures of two spaces in either order (all measures are symmetric); None without any."""
        for first, second in ((source, target), (target, source)):
            parts = [self.table[run] for run in self._runs.get((first, second, panel), [])]
            if parts:
                return self._pair(pa.concat_tables(parts), first, second, panel, turned=first != source)
        return None

    @cached_property
    def _runs(self) -> dict[tuple[Any, ...], list[slice]]:
        """Where the rows of each pair stand."""
        return runs_of(*(self.table[name] for name in ("source", "target", "panel")))

    def _pair(self, found: pa.Table, first: str, second: str, panel: bool, *, turned: bool) -> PairControls:
        """found: the rows of the pair. turned: whether it was asked for the other way round."""
        counts = [array_of(found[c]).astype(np.int64) for c in ("count_source", "count_target")]
        figures = {m: {f: array_of(found[f"{m}_{f}"]).astype(np.float64) for f in FIGURES} for m in self.measures}
        kept = {
            one.measure: one
            for one in self.tails
            if (one.source, one.target, one.panel) == (first, second, panel)
            and one.measure in figures
            and f"{one.measure}_{BY}" in found.column_names
        }
        smaller = np.minimum(*counts)
        return PairControls(
            {item: row for row, item in enumerate(found["item"].to_pylist())},
            counts[1 if turned else 0],
            counts[0 if turned else 1],
            array_of(found["null_n"]).astype(np.int64),
            figures,
            {
                m: Reach(one.tails, array_of(found[f"{m}_{BY}"]).astype(np.int8), figures[m]["p95"], smaller)
                for m, one in kept.items()
            },
            {m: one.k for m, one in kept.items()},
        )


def write_controls(controls: Controls, folder: Path, fingerprint: str) -> None:
    """Write the table with the fingerprint of the collection it speaks of."""
    facts = json.dumps(dict(controls.facts), ensure_ascii=False)
    metadata = {b"version": _VERSION, b"fingerprint": fingerprint.encode(), b"facts": facts.encode()}
    table = controls.table.replace_schema_metadata(metadata)
    pq.write_table(table, folder / FILE, compression="zstd", compression_level=12)
    arrays: dict[str, Any] = {"spaces": np.array(list(controls.noise))}
    for number, one in enumerate(controls.noise.values()):
        arrays |= {f"variance{number}": one.variance, f"covariance{number}": one.covariance}
        arrays[f"ratio{number}"] = np.array(one.ratio)
    if controls.tails:
        arrays["tails"] = np.array(json.dumps([one.facts() for one in controls.tails]))
        arrays["tail_values"] = np.concatenate([one.values() for one in controls.tails])
    np.savez_compressed(folder / NOISE_FILE, allow_pickle=False, **arrays)


def read_controls(folder: Path, fingerprint: str) -> Controls | None:
    """The controls beside a collection; None when there are none or they speak of other spaces."""
    if not (folder / FILE).is_file():
        return None
    table = read_parquet(folder / FILE)
    metadata = table.schema.metadata or {}
    if metadata.get(b"version") != _VERSION or metadata.get(b"fingerprint") != fingerprint.encode():
        return None
    noise = {}
    with np.load(folder / NOISE_FILE, allow_pickle=False) as arrays:
        for number, name in enumerate(arrays["spaces"].tolist()):
            found = (arrays[f"variance{number}"], arrays[f"covariance{number}"], float(arrays[f"ratio{number}"]))
            noise[name] = Noise(*found)
        told = "tails" in arrays
        tails = read_tails(read_json(str(arrays["tails"])), arrays["tail_values"]) if told else ()
    return Controls(table, read_json(metadata[b"facts"]), noise, tails)
