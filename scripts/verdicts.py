"""How well the verdict of drift is calibrated, and what it finds: `python -m scripts.verdicts [N] [--halves 8]`.

N corpora of UN speeches are cut in two by chance, N by author, in N some words are swapped wholly and in N at four of
ten uses. Every one is trained with its replicates (a minute each); two other nulls stand beside the one that ships:
`band`, by bands of counts (that of 0.6.0), and `pooled`, standardized by counts alone. Prints p < .05 / .01 / .001 of
unchanged words in per cent, by band of the smaller count and in the burstiest third, and the share of planted ones
found at q < .05. Kept in docs/decisions/011-one-null.md.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from isogloss.corpora.recipe import Recipe, Replicates, Slice, TrainingParameters
from isogloss.drift.measure import MEASURES
from isogloss.drift.nulls import Halves, Smooth
from isogloss.resampling import adjust
from isogloss.spaces.tails import evened
from isogloss.training import replicates, weighing
from isogloss.training.build import build
from isogloss.training.replicate import Between
from isogloss.types import Floats, Mask, Rows
from isogloss.workspace.access import data_folder

USES = (50, 100, 200, 500, 2_000)
BANDS = {"< 60": (0, 60), "60–100": (60, 100), "100–300": (100, 300), "≥ 300": (300, 10**9)}
DOCUMENTS, YEARS, PAIRS = 240, 12, 3
_WORD = re.compile(r"[a-z]+")


@dataclass(frozen=True, eq=False)
class Weighed:
    """One corpus: its comparison, what its replicates say by kind, the words that were swapped."""

    compared: weighing.Compared
    found: dict[str, Sequence[Between]]
    planted: frozenset[str]

    @property
    def counts(self) -> Rows:
        a, b = self.compared.shared.counts
        assert a is not None
        assert b is not None
        return np.minimum(a, b)

    @property
    def burst(self) -> Floats:
        """Uses for each document."""
        shared = self.compared.shared
        sides = ((shared.source, shared.rows_source), (shared.target, shared.rows_target))
        uses, documents = (
            sum(np.asarray(space.columns[name].to_numpy()[rows], dtype=np.float64) for space, rows in sides)
            for name in ("count", "documents")
        )
        return np.asarray(uses / documents)

    def p(self, measure: str, null: str) -> Floats:
        """Of every shared item, the larger over the kinds of halves."""
        if null == "own":
            return weighing._weighed(measure, self.compared, self.found, self.counts).figures["p"]
        distance = self.compared.distances[measure].astype(np.float64)
        out = np.full(len(distance), np.nan)
        for each in self.found.values():
            if each:
                known = weighing._halves(measure, each).known()
                out = np.fmax(out, {"band": _band, "pooled": _pooled}[null](known, self.counts, distance))
        return out


def _band(halves: Halves, counts: Rows, distance: Floats) -> Floats:
    """p within half a doubling of the count, each band of 200 or more null distances, thin ones with the rarer."""
    step = np.floor(np.log2(halves.counts) * 2).astype(np.int64)
    out, waiting, edges = np.full(len(counts), np.nan), [np.empty(0)], []
    for one in np.unique(step)[::-1]:
        waiting.append(halves.distances[step == one])
        if sum(map(len, waiting)) >= 200:
            edges.append((2 ** (one / 2), np.sort(np.concatenate(waiting))))
            waiting = []
    for edge, null in edges[::-1]:
        here = counts >= edge - 1e-9
        out[here] = (1 + len(null) - np.searchsorted(null, distance[here])) / (1 + len(null))
    return out


def _pooled(halves: Halves, counts: Rows, distance: Floats) -> Floats:
    """p of z = (log d − m(log n)) / s(log n) among all null distances."""
    x, y = np.log(halves.counts), evened(halves.distances, None)
    middle = Smooth.of(x, y, 0.5)
    spread = Smooth.of(x, y - middle(x), 0.95)
    null = np.sort((y - middle(x)) / np.maximum(spread(x), 1e-6))
    at = np.log(counts)
    z = (evened(distance, None) - middle(at)) / np.maximum(spread(at), 1e-6)
    return np.asarray((1 + len(null) - np.searchsorted(null, z)) / (1 + len(null)))


def weighed(kind: str, seed: int, halves: int) -> Weighed:
    """kind: `document`, `author`, or the share of uses that are swapped."""
    rng = np.random.default_rng(seed)
    folder = data_folder()
    assert folder is not None, "set ISOGLOSS_DATA"
    speeches = pq.read_table(folder / "un_general_debate.parquet")
    year = speeches["year"].to_numpy()
    first = 1960 + int(rng.integers(0, 45))
    speeches = speeches.filter(pa.array((year >= first) & (year < first + YEARS)))
    speeches = speeches.take(rng.choice(len(speeches), DOCUMENTS, replace=False))
    who = speeches["country"].combine_chunks().dictionary_encode().indices.to_numpy()
    unit = who if kind == "author" else np.arange(DOCUMENTS)
    side = rng.permutation(np.arange(unit.max() + 1) % 2)[unit]
    texts, planted = speeches["text"].to_pylist(), dict[str, str]()
    if kind not in ("author", "document"):
        texts, planted = _swapped(texts, side, float(kind), rng)
    seen: list[tuple[weighing.Compared, dict[str, Sequence[Between]]]] = []
    real = replicates.weigh

    def kept(compared: weighing.Compared, found: dict[str, Sequence[Between]], *, panel: bool) -> object:
        seen.append((compared, found))
        return real(compared, found, panel=panel)

    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "speeches.parquet"
        columns = {"text": texts, "author": speeches["country"], "slice": np.where(side == 0, "a", "b").tolist()}
        pq.write_table(pa.table(columns), path)
        one = Recipe(
            "shuffled",
            "Shuffled",
            path,
            "text",
            "slice",
            (Slice("a", values=("a",)), Slice("b", values=("b",))),
            author="author",
            training=TrainingParameters(dim=50, seed=seed + 1),
            replicates=Replicates(author=halves, document=4) if kind == "author" else Replicates(document=halves),
        )
        replicates.weigh = kept  # type: ignore[assignment]
        try:
            build(one, workers=1)
        finally:
            replicates.weigh = real
    return Weighed(*seen[0], frozenset(planted))


def _swapped(texts: list[str], side: Rows, share: float, rng: np.random.Generator) -> tuple[list[str], dict[str, str]]:
    """Pairs of words of about as many uses, exchanged in one half of the texts, at this share of their uses."""
    counted: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    for text, half in zip(texts, side, strict=True):
        counted[half].update(_WORD.findall(text.lower()))
    smaller = {w: min(n, counted[1][w]) for w, n in counted[0].items() if len(w) > 3 and counted[1][w]}
    partner = dict[str, str]()
    for uses in USES:
        like = [w for w, n in smaller.items() if 0.85 * uses <= n <= 1.25 * uses and w not in partner]
        rng.shuffle(like)
        for a, b in list(zip(like[0::2], like[1::2], strict=False))[:PAIRS]:
            partner |= {a: b, b: a}
    found = re.compile(rf"\b({'|'.join(partner)})\b", re.IGNORECASE)

    def exchange(match: re.Match[str]) -> str:
        return partner[match[0].lower()] if rng.random() < share else match[0]

    return [found.sub(exchange, text) if half else text for text, half in zip(texts, side, strict=True)], partner


def report(kind: str, corpora: Sequence[Weighed]) -> None:
    """A line for each measure and null."""
    counts, burst = np.concatenate([one.counts for one in corpora]), [one.burst for one in corpora]
    noisy = np.concatenate([one >= np.quantile(one, 2 / 3) for one in burst])
    planted = np.concatenate([np.isin(one.compared.shared.items, sorted(one.planted)) for one in corpora])
    for measure in MEASURES:
        for null in ("band", "pooled", "own"):
            each = [one.p(measure, null) for one in corpora]
            p, q = np.concatenate(each), np.concatenate([adjust(one) for one in each])
            rest = ~planted & np.isfinite(p)
            parts = {"all": rest, "burstiest": rest & noisy}
            parts |= {name: rest & (counts >= low) & (counts < high) for name, (low, high) in BANDS.items()}
            told = [f"{name} {_shares(p[mask])}" for name, mask in parts.items()]
            told.append(f"false {int((q[rest] < 0.05).sum())}")
            if planted.any():
                told.append(f"found {_found(q, planted, counts)}")
            print(f"{kind:8} {measure:7} {null:6} {'  '.join(told)}", flush=True)


def _shares(p: Floats) -> str:
    return "/".join(f"{100 * (p < level).mean():.{digits}f}" for level, digits in ((0.05, 1), (0.01, 2), (0.001, 2)))


def _found(q: Floats, planted: Mask, counts: Rows) -> str:
    said = [f"{np.mean(q[planted] < 0.05):.2f} of {planted.sum()}"]
    for uses in USES:
        here = planted & (counts >= 0.7 * uses) & (counts < 1.4 * uses)
        said += [f"{uses}: {np.mean(q[here] < 0.05):.2f}"] if here.any() else []
    return ", ".join(said)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("n", type=int, nargs="?", default=4, help="corpora of each kind")
    parser.add_argument("--halves", type=int, default=8)
    options = parser.parse_args()
    for kind in ("document", "author", "1.0", "0.4"):
        report(kind, [weighed(kind, seed, options.halves) for seed in range(1, options.n + 1)])


if __name__ == "__main__":
    main()
