"""How far the groups of a space lie apart: every figure with its null and its interval."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from isogloss.errors import InvalidValue
from isogloss.separation.measures import (
    eta_squared,
    most_alike,
    nearest_others,
    pair_neighbors,
    paired_hits,
    pooled_hits,
    same_group,
    silhouettes,
    squared_lengths,
)
from isogloss.separation.probe import probe_guesses, rescaled
from isogloss.separation.removal import Codes, fit_removal
from isogloss.spaces.space import Space
from isogloss.text.script import script_of
from isogloss.types import Floats, Mask, Vectors
from isogloss.workspace.derived import DerivedStore, derived_key

BY = ("script", "language")
K = 10
_VERSION = 2
FIGURES = (
    "eta_squared",
    "pooled_precision_at_1",
    "paired_precision_at_1",
    "probe",
    "purity_at_10",
    "silhouette",
)
_PERMUTATIONS, _DRAWS = 200, 200


@dataclass(frozen=True, eq=False)
class Groups:
    """Rows by group. names: of the groups, largest first. codes: (n,). meanings: (n,), −1 where unknown."""

    names: tuple[str, ...]
    codes: Codes
    meanings: Codes
    texts: tuple[str, ...]

    @property
    def sizes(self) -> list[int]:
        return [int(n) for n in np.bincount(self.codes, minlength=len(self.names))]


@dataclass(frozen=True)
class Null:
    """What the same figure is when meanings (P@1) or groups (the others) are shuffled."""

    mean: float
    p95: float
    p_value: float


@dataclass(frozen=True)
class Report:
    """The figures of one space; NaN where the data cannot give one.

    n: rows measured (of the half that nothing was fitted on). n_distinct: without identical strings.
    with_identical: pooled P@1 with names that are spelt alike left in. other_language: share of
    the same-script neighbors that are of another language.
    """

    groups: tuple[tuple[str, int], ...]
    n: int
    n_distinct: int
    values: Mapping[str, float]
    null: Mapping[str, Null] = field(default_factory=dict)
    ci: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    with_identical: float = float("nan")
    other_language: float = float("nan")


def groups_of(space: Space, by: str = "script") -> Groups:
    """Groups by the space's `script` or `language` column; scripts are read from the characters without one.

    Meanings come from a `concept` column. Raises InvalidValue for an unknown `by` or a missing language column.
    """
    if by not in BY:
        raise InvalidValue(f"by is {by!r}", f"choose one of {', '.join(BY)}")
    labels = space.column(by)
    text = space.column("text")
    texts = tuple(space.items) if text is None else tuple(str(t) for t in text)
    if labels is None:
        if by == "language":
            raise InvalidValue(f"space {space.name!r} has no language column", "group by script, or add the column")
        labels = np.array([script_of(t) for t in texts], dtype=object)
    found, codes = np.unique(np.array([str(v) for v in labels], dtype=object), return_inverse=True)
    order = np.argsort(-np.bincount(codes), kind="stable")
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    concepts = space.column("concept")
    meanings = np.full(len(space), -1, dtype=np.int64)
    if concepts is not None:
        known = np.array([c is not None and c != "" for c in concepts])
        meanings[known] = np.unique([str(c) for c in concepts[known]], return_inverse=True)[1]
    return Groups(tuple(str(found[i]) for i in order), place[codes], meanings, texts)


def distinct(groups: Groups, rows: Mask) -> Mask:
    """Of the rows, one of each string within a meaning: names spelt alike are found without any alignment."""
    seen: set[tuple[int, str]] = set()
    keep = rows.copy()
    for i in np.flatnonzero(rows & (groups.meanings >= 0)):
        key = (int(groups.meanings[i]), groups.texts[i].casefold())
        keep[i] = key not in seen
        seen.add(key)
    return keep


def halves(groups: Groups, seed: int = 0) -> Mask:
    """True for the half of the meanings that is fitted on; rows without a meaning are drawn one by one."""
    rng = np.random.default_rng(seed)
    first = rng.permutation(int(groups.meanings.max(initial=-1)) + 1) % 2 == 0
    alone = rng.random(len(groups.codes)) < 0.5
    if not len(first):
        return np.asarray(alone)
    return np.where(groups.meanings >= 0, first[np.maximum(groups.meanings, 0)], alone)


def remove(vectors: Vectors, groups: Groups, removal: str, rank: int | None, seed: int = 0) -> tuple[Vectors, Mask]:
    """All rows without their groups' part, fitted on one half; and which rows that half is."""
    fit = halves(groups, seed)
    found = fit_removal(removal, vectors[fit], groups.codes[fit], len(groups.names), rank)
    return found.apply(vectors, groups.codes), fit


def report(
    space: Space,
    by: str = "script",
    removal: str = "none",
    rank: int | None = None,
    seed: int = 0,
    permutations: int = _PERMUTATIONS,
    groups: Groups | None = None,
) -> Report:
    """Measure the half of the meanings on which nothing was fitted; before and after share that half.

    Nulls: for P@1 the meanings are shuffled within each group; for the others the groups are permuted within
    each meaning. Intervals: percentile bootstrap over meanings.
    """
    groups = groups or groups_of(space, by)
    vectors, fit = remove(space.vectors, groups, removal, rank, seed)
    test = ~fit
    rng = np.random.default_rng(seed)
    rows = np.flatnonzero(test)
    x, codes, meanings = vectors[rows], groups.codes[rows], groups.meanings[rows]
    sizes = tuple(zip(groups.names, groups.sizes, strict=True))
    if len(rows) < 2:
        return Report(sizes, len(rows), len(rows), dict.fromkeys(FIGURES, float("nan")))
    kept = distinct(groups, test)[rows]
    nearest = nearest_others(x, K)
    purity, outline = same_group(nearest, codes), silhouettes(x, codes)
    probe = probe_guesses(vectors, groups.codes, fit, seed)[rows]
    one = _Measured(codes, meanings, x, nearest, purity, outline, probe, len(groups.names), kept)
    values = one.values()
    null = one.nulls(values, rng, permutations)
    identical = values["pooled_precision_at_1"]
    if not kept.all():
        identical = _mean(pooled_hits(nearest_others(x, most_alike(codes, meanings)), meanings, codes))
    languages = space.column("language")
    other = float("nan")
    if by == "script" and languages is not None and nearest.shape[1]:
        speech = np.array([str(v) for v in languages[rows]], dtype=object)
        same = codes[nearest] == codes[:, None]
        other = float((speech[nearest] != speech[:, None])[same].mean()) if same.any() else float("nan")
    return Report(sizes, len(rows), int(kept.sum()), values, null, one.intervals(values, rng), identical, other)


def _mean(values: Floats) -> float:
    known = np.isfinite(values)
    return float(values[known].mean()) if known.any() else float("nan")


class _Measured:
    """One half of a space with everything that its figures, nulls and intervals are made of."""

    def __init__(
        self,
        codes: Codes,
        meanings: Codes,
        x: Vectors,
        nearest: Codes,
        purity: Floats,
        outline: Floats,
        guess: Floats,
        n_groups: int,
        kept: Mask,
    ) -> None:
        self.codes, self.meanings, self.x, self.nearest = codes, meanings, x, nearest
        self.purity, self.outline, self.guess, self.n_groups = purity, outline, guess, n_groups
        self.kept = kept
        self.kept_codes, self.kept_meanings = codes[kept], meanings[kept]
        self.kept_nearest = nearest_others(x[kept], most_alike(self.kept_codes, self.kept_meanings))
        self.pairs = pair_neighbors(x[kept], self.kept_codes, n_groups)
        self.present = len(np.unique(codes))
        self.squares = squared_lengths(x)

    def values(self) -> dict[str, float]:
        right, asked = paired_hits(self.pairs, self.kept_codes, self.kept_meanings)
        return {
            "eta_squared": eta_squared(self.x, self.codes),
            "pooled_precision_at_1": _mean(pooled_hits(self.kept_nearest, self.kept_meanings, self.kept_codes)),
            "paired_precision_at_1": float(right.sum() / asked.sum()) if asked.sum() else float("nan"),
            "probe": self._probe(self.codes),
            "purity_at_10": _mean(self.purity),
            "silhouette": _mean(self.outline) if self.present > 1 else float("nan"),
        }

    def _probe(self, codes: Codes) -> float:
        known = np.isfinite(self.guess)
        if not known.any():
            return float("nan")
        return rescaled(float((self.guess[known] == codes[known]).mean()), self.present)

    def nulls(self, values: Mapping[str, float], rng: np.random.Generator, n: int) -> dict[str, Null]:
        drawn: dict[str, list[float]] = {name: [] for name in FIGURES}
        in_group, in_meaning = np.argsort(self.kept_codes, kind="stable"), np.argsort(self.meanings, kind="stable")
        for turn in range(n):
            shuffled = np.empty_like(self.kept_meanings)
            order = np.lexsort((rng.random(len(shuffled)), self.kept_codes))
            shuffled[in_group] = self.kept_meanings[order]
            drawn["pooled_precision_at_1"].append(_mean(pooled_hits(self.kept_nearest, shuffled, self.kept_codes)))
            codes = np.empty_like(self.codes)
            codes[in_meaning] = self.codes[np.lexsort((rng.random(len(codes)), self.meanings))]
            drawn["eta_squared"].append(eta_squared(self.x, codes, squares=self.squares))
            drawn["purity_at_10"].append(_mean(same_group(self.nearest, codes)))
            drawn["probe"].append(self._probe(codes))
            if turn < n // 4:  # the dearer two
                right, asked = paired_hits(self.pairs, self.kept_codes, shuffled)
                drawn["paired_precision_at_1"].append(right.sum() / asked.sum() if asked.sum() else np.nan)
                drawn["silhouette"].append(_mean(silhouettes(self.x, codes)))
        out = {}
        for name, one in drawn.items():
            found = np.array([v for v in one if np.isfinite(v)])
            if len(found) and np.isfinite(values[name]):
                p = (1 + int((found >= values[name] - 1e-12).sum())) / (1 + len(found))
                out[name] = Null(float(found.mean()), float(np.quantile(found, 0.95)), p)
        return out

    def intervals(self, values: Mapping[str, float], rng: np.random.Generator) -> dict[str, tuple[float, float]]:
        """Percentile intervals, 95 %, over resampled meanings (rows without one are units of their own)."""
        alone = self.meanings < 0
        units = np.where(alone, int(self.meanings.max(initial=-1)) + 1 + np.cumsum(alone) - 1, self.meanings)
        present, unit = np.unique(units, return_inverse=True)
        if len(present) < 2:
            return {}
        weights = rng.multinomial(len(present), np.full(len(present), 1 / len(present)), size=_DRAWS).astype(np.float64)
        kept_unit = unit[self.kept]
        right, asked = paired_hits(self.pairs, self.kept_codes, self.kept_meanings)
        pooled = pooled_hits(self.kept_nearest, self.kept_meanings, self.kept_codes)
        hit = np.where(np.isfinite(self.guess), self.guess == self.codes, np.nan)
        ratios = {
            "pooled_precision_at_1": (np.nan_to_num(pooled), np.isfinite(pooled), kept_unit),
            "paired_precision_at_1": (right, asked, kept_unit),
            "purity_at_10": (np.nan_to_num(self.purity), np.isfinite(self.purity), unit),
            "silhouette": (np.nan_to_num(self.outline), np.isfinite(self.outline), unit),
            "probe": (np.nan_to_num(hit), np.isfinite(hit), unit),
        }
        out = {}
        for name, (top, bottom, of) in ratios.items():
            if not np.isfinite(values[name]):
                continue
            above = weights @ np.bincount(of, top, minlength=len(present))
            below = weights @ np.bincount(of, bottom, minlength=len(present))
            share = above[below > 0] / below[below > 0]
            if name == "probe":
                share = np.array([rescaled(float(s), self.present) for s in share])
            out[name] = (float(np.quantile(share, 0.025)), float(np.quantile(share, 0.975)))
        if np.isfinite(values["eta_squared"]):
            drawn = np.array([eta_squared(self.x, self.codes, w[unit], self.squares) for w in weights])
            drawn -= np.nanmean(drawn) - values["eta_squared"]  # resampling adds between-group variance of its own
            low, high = np.nanquantile(drawn, (0.025, 0.975))
            out["eta_squared"] = (max(0.0, float(low)), min(1.0, float(high)))
        return out


def removed_space(space: Space, by: str, removal: str, rank: int | None = None, seed: int = 0) -> Space:
    """The space with its groups' part taken out (fitted on one half of the meanings); named and fingerprinted by
    how.
    """
    if removal == "none":
        return space
    vectors, _ = remove(space.vectors, groups_of(space, by), removal, rank, seed)
    mark = hashlib.sha256(f"{space.fingerprint}|{by}|{removal}|{rank}|{seed}|{_VERSION}".encode()).hexdigest()[:24]
    made = {"by": by, "removal": removal, "rank": rank, "seed": seed, "from": space.name}
    label = f"{space.name} − {removal}" + (f" {rank}" if rank is not None else "")
    return Space(label, space.items, vectors, space.columns, dict(space.metadata) | made, mark, checked=True)


def kept_report(
    space: Space, store: DerivedStore, by: str = "script", removal: str = "none", rank: int | None = None, seed: int = 0
) -> Report:
    """The report, kept once it was computed."""
    key = derived_key("groups", _VERSION, space=space.fingerprint, by=by, removal=removal, rank=rank, seed=seed)
    found = store.find(key)
    if found is None or "figures" not in found:
        made = report(space, by, removal, rank, seed)
        nan = (float("nan"),) * 3
        null = [(one.mean, one.p95, one.p_value) if (one := made.null.get(f)) else nan for f in FIGURES]
        ci = [made.ci.get(f, nan[:2]) for f in FIGURES]
        store.put(
            key,
            {
                "figures": np.array([[made.values[f], *null[i], *ci[i]] for i, f in enumerate(FIGURES)]),
                "names": np.array([name for name, _ in made.groups]),
                "sizes": np.array([n for _, n in made.groups]),
                "more": np.array([made.n, made.n_distinct, made.with_identical, made.other_language]),
            },
        )
        return made
    rows = dict(zip(FIGURES, found["figures"].tolist(), strict=True))
    n, n_distinct, identical, other = found["more"].tolist()
    return Report(
        tuple(zip(found["names"].tolist(), found["sizes"].tolist(), strict=True)),
        int(n),
        int(n_distinct),
        {f: row[0] for f, row in rows.items()},
        {f: Null(*row[1:4]) for f, row in rows.items() if np.isfinite(row[1])},
        {f: (row[4], row[5]) for f, row in rows.items() if np.isfinite(row[4])},
        identical,
        other,
    )
