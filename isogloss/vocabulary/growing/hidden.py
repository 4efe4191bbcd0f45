"""How well new rows would be: tokens that are known are hidden, made again, and held against the truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from isogloss.figure import Figure
from isogloss.linear import unit_rows
from isogloss.resampling import mean_interval
from isogloss.types import Floats, Vectors
from isogloss.vocabulary.growing.grow import Making, Sources, drawn, made_of, mixed, script_groups

HIDDEN = 500
_DRAWS = 1000
_HOW = {
    "ofa": "cosine of the row made of the nearest others to the true one, mean; 95%, bootstrap over tokens",
    "mean": "cosine of the table's mean row to the true one, mean; 95%, bootstrap over tokens",
    "random": "cosine of a row drawn from N(mean, spread) to the true one, mean; 95%, bootstrap over tokens",
    "gain": "cosine of the row made of the nearest others less the better of mean and random, paired; 95%, bootstrap",
}


@dataclass(frozen=True)
class Remade:
    """script: of these tokens, empty for all. ofa, mean, random: cosines to the true rows. gain: of OFA over the better
    of the two others, paired.
    """

    script: str
    ofa: Figure
    mean: Figure
    random: Figure
    gain: Figure

    @property
    def beats(self) -> bool:
        """Whether the interval of OFA lies above those of both others."""
        low, highs = self.ofa.low, [one.high for one in (self.mean, self.random)]
        return low is not None and all(high is not None and low > high for high in highs)

    def sentence(self) -> str:
        """What it says, in words."""
        told = f"{self.ofa.value:.2f} against {self.mean.value:.2f} (mean) and {self.random.value:.2f} (random)"
        if self.beats:
            return f"Known tokens that are hidden come back at a cosine of {told}"
        return f"It does not beat mean and random: hidden tokens come back at a cosine of {told}"


def leave_out(
    table: Vectors, sources: Sources, making: Making | None = None, *, most: int = HIDDEN, seed: int = 0
) -> list[Remade]:
    """All tokens that the space holds, or `most` of them by lot, each hidden alone; then by script where 5 are.

    table: (n_tokens, dim).
    """
    making = making or Making()
    rng = np.random.default_rng(seed)
    n = len(sources)
    at = np.sort(rng.choice(n, min(most, n), replace=False))
    found, shares = made_of(sources.vectors[at], sources, making, without=at)
    truth = table[sources.tokens[at]]
    cosines = {
        "ofa": _cosine(mixed(table, sources.tokens[found], shares), truth),
        "mean": _cosine(np.tile(table.mean(axis=0), (len(at), 1)).astype(np.float32), truth),
        "random": _cosine(drawn(table, len(at), seed), truth),
    }
    groups = {"": np.arange(len(at))} | script_groups([sources.items[i] for i in at])
    return [
        _remade(script, {k: v[rows] for k, v in cosines.items()}) for script, rows in groups.items() if len(rows) > 4
    ]


def _remade(script: str, cosines: dict[str, Floats]) -> Remade:
    better = max(("mean", "random"), key=lambda name: float(cosines[name].mean()))
    told = cosines | {"gain": cosines["ofa"] - cosines[better]}
    figures = {}
    for name, values in told.items():
        low, high = mean_interval(values, _DRAWS, np.random.default_rng(0))
        figures[name] = Figure(
            value=float(values.mean()), n=len(values), better="more", low=low, high=high, how=_HOW[name]
        )
    return Remade(script, **figures)


def _cosine(a: Vectors, b: Vectors) -> Floats:
    return np.asarray((unit_rows(a).astype(np.float64) * unit_rows(b)).sum(axis=1))
