"""Mined pairs: margin against similarity, and what a filter would drop before it is applied."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from isogloss.encoders.encoder import Encoder
from isogloss.errors import InvalidValue
from isogloss.figure import Figure, Null
from isogloss.linear import unit_rows
from isogloss.progress import Progress, part_of, silent
from isogloss.resampling import mean_interval, share_interval
from isogloss.rewriting.mining.margins import K, margins
from isogloss.rewriting.mining.suspicions import KINDS, in_order, log_ratios, of_texts, without_common
from isogloss.rewriting.pairs import Pairs
from isogloss.rewriting.profile import Checked, Failure
from isogloss.types import Floats, Mask, Rows

MARGIN, SCORE = "margin", "score"
_DRAWS = 500
_HIGH = 75.0  # per cent: margins above it are high
_LOW = 10.0  # per cent: given scores below it are low
_HUB, _HUB_SHARE = 5 * K, 50  # a hub is among the nearest of so many texts, and of one in fifty
_BIG = "margin: cosine by the mean cosine of both texts to their 4 nearest (Artetxe & Schwenk 2019)"


class Mined:
    name, title = "mined", "Mined pairs"
    help = "margin against similarity of mined pairs, and which are suspicious: duplicates, copies, numbers, hubs"
    encodes = True

    def check(
        self,
        pairs: Pairs,
        *,
        by: str | None = None,
        encoder: Encoder | None = None,
        seed: int = 0,
        progress: Progress = silent,
    ) -> Checked:
        """Columns `margin` and `score` (similarity) are taken where they are; without both an encoder is needed.

        Raises InvalidValue where neither is there, or a column holds no numbers; NotFound for a column.
        """
        if not len(pairs):
            raise InvalidValue(f"{pairs.name} holds no pair", "give one or more")
        groups = pairs.groups(by) if by is not None else {}
        given = {name: _numbers(pairs, name) for name in (MARGIN, SCORE) if name in pairs.columns}
        if encoder is None and len(given) < 2:
            raise InvalidValue(
                "margins are of an encoder's space, and none was given",
                "name a model, or bring the columns margin and score",
            )
        rows, hubs, remainder, floor = _measured(pairs, given, encoder, seed, progress)
        found = [*of_texts(pairs), *hubs]
        told = {(one.row, one.kind) for one in found}
        region = _region(rows, remainder, floor)
        for row in np.flatnonzero(_inside(rows, remainder, region)).tolist():
            if (row, "high_margin_low_similarity") not in told:
                found.append(Failure(row, KINDS[-1], "pair", f"margin {rows[MARGIN][row]:.2f}"))
        return _checked(pairs, in_order(_once(found)), rows, groups, region, seed)


def _measured(
    pairs: Pairs, given: Mapping[str, Floats], encoder: Encoder | None, seed: int, progress: Progress
) -> tuple[dict[str, Floats], list[Failure], Floats, float]:
    """margin and similarity, hubs, the similarity of remainders, and what 95% of strangers' stay below."""
    n = len(pairs)
    if encoder is None:
        rows = {MARGIN: given[MARGIN], "similarity": given[SCORE]}
        scores = given[SCORE][np.isfinite(given[SCORE])]
        return rows, [], given[SCORE], float(np.percentile(scores, _LOW)) if len(scores) else math.nan
    source = encoder.encode(list(pairs.source), progress=part_of(progress, 0.0, 0.3))
    target = encoder.encode(list(pairs.target), progress=part_of(progress, 0.3, 0.6))
    found = margins((pairs.source, pairs.target), source, target)
    rest = [without_common(a, b) for a, b in zip(pairs.source, pairs.target, strict=True)]
    one = unit_rows(encoder.encode([a for a, _ in rest], progress=part_of(progress, 0.6, 0.8)))
    two = unit_rows(encoder.encode([b for _, b in rest], progress=part_of(progress, 0.8, 1.0)))
    known: Mask = np.asarray(one.any(axis=1) & two.any(axis=1))
    remainder = np.where(known, np.einsum("ij,ij->i", one, two), np.nan).astype(np.float64)
    floor = _strangers(one[known], two[known], seed)
    hubs = _hubs(found.near, n)
    rows = {MARGIN: given.get(MARGIN, found.margin), "similarity": given.get(SCORE, found.similarity)}
    return rows | {"remainder": remainder}, hubs, remainder, floor


def _strangers(one: np.ndarray, two: np.ndarray, seed: int) -> float:
    """The 95th percentile of cosines of texts that are no pair."""
    n = len(one)
    if n < 2:
        return math.nan
    rng = np.random.default_rng(seed)
    here = rng.integers(n, size=5_000)
    there = (here + rng.integers(1, n, size=5_000)) % n
    return float(np.percentile(np.einsum("ij,ij->i", one[here], two[there]), 95))


def _hubs(near: Rows, n: int) -> list[Failure]:
    least = max(_HUB, n // _HUB_SHARE)
    return [Failure(i, "hub", "text", f"near {near[i]:,} texts") for i in np.flatnonzero(near >= least).tolist()]


def _region(rows: Mapping[str, Floats], remainder: Floats, floor: float) -> dict[str, float]:
    """From which margin, and below which similarity, a pair is in the suspicious region."""
    known = rows[MARGIN][np.isfinite(rows[MARGIN])]
    return {"margin": float(np.percentile(known, _HIGH)) if len(known) else math.nan, "similarity": floor}


def _inside(rows: Mapping[str, Floats], remainder: Floats, region: Mapping[str, float]) -> np.ndarray:
    with np.errstate(invalid="ignore"):
        return np.asarray((rows[MARGIN] >= region["margin"]) & (remainder < region["similarity"]))


def _once(found: Sequence[Failure]) -> list[Failure]:
    """One failure a row and kind, the first."""
    kept: dict[tuple[int, str], Failure] = {}
    for one in found:
        kept.setdefault((one.row, one.kind), one)
    return list(kept.values())


def _checked(
    pairs: Pairs,
    failures: list[Failure],
    rows: dict[str, Floats],
    groups: Mapping[str, Sequence[int]],
    region: Mapping[str, float],
    seed: int,
) -> Checked:
    n = len(pairs)
    masks = {kind: np.zeros(n, dtype=np.bool_) for kind in KINDS}
    for one in failures:
        masks[one.kind][one.row] = True
    union = np.logical_or.reduce(list(masks.values()))

    def of(at: Sequence[int]) -> dict[str, Figure]:
        here = np.asarray(at, dtype=np.int64)
        told = {"suspicious": _share(union[here], seed, "share of pairs with a suspicion of any kind")}
        told |= {
            kind: _share(mask[here], seed, f"share of pairs: {kind.replace('_', ' ')}") for kind, mask in masks.items()
        }
        told[MARGIN] = _mean(rows[MARGIN][here], seed, _BIG)
        told["similarity"] = _mean(rows["similarity"][here], seed, "mean cosine of the two texts, or the score given")
        return told

    figures = of(range(n))
    if "remainder" in rows:
        null = Null(p95=region["similarity"], how="texts that are no pair")
        kept = _mean(rows["remainder"], seed, "mean cosine of the two texts without the words that they share")
        figures["remainder"] = Figure(
            value=kept.value, n=kept.n, better="more", low=kept.low, high=kept.high, null=null, how=kept.how
        )
    counts = Counter(one.kind for one in failures)
    extra: dict[str, Any] = {
        "would_drop": {kind: counts.get(kind, 0) for kind in KINDS},
        "would_drop_in_all": int(union.sum()),
        "would_keep": int(n - union.sum()),
        "region": {name: None if math.isnan(value) else value for name, value in region.items()},
    }
    values = {name: found.tolist() for name, found in rows.items()}
    values |= {"length_ratio": np.exp(log_ratios(pairs)).tolist(), "suspicious": union.astype(float).tolist()}
    most = max(KINDS, key=lambda kind: counts.get(kind, 0))
    said = f"{int(union.sum()):,} of {n:,} pairs are suspicious"
    if union.any():
        said += f", most for {most.replace('_', ' ')} ({counts[most]:,})"
        said += f"; a filter of all kinds would keep {n - int(union.sum()):,}"
    return Checked(figures, {name: of(at) for name, at in groups.items()}, failures, values, said, extra)


def _numbers(pairs: Pairs, name: str) -> Floats:
    """A column as numbers, NaN where empty. Raises InvalidValue."""
    found = np.full(len(pairs), np.nan)
    for i, value in enumerate(pairs.columns[name]):
        if not str(value).strip():
            continue
        try:
            found[i] = float(value)
        except ValueError:
            raise InvalidValue(
                f"row {pairs.rows[i]:,} of the column {name} is {str(value)[:40]!r}", "give numbers there, or rename it"
            ) from None
    return np.where(np.isfinite(found), found, np.nan)


def _share(hits: np.ndarray, seed: int, how: str) -> Figure:
    share, n = float(hits.mean()), len(hits)
    low, high = share_interval(share, n, _DRAWS, rng=np.random.default_rng(seed))
    return Figure(value=share, n=n, better="less", low=low, high=high, how=how)


def _mean(values: Floats, seed: int, how: str) -> Figure:
    known = values[np.isfinite(values)]
    if not len(known):
        return Figure(value=math.nan, n=0, better="more", how=how)
    low, high = mean_interval(known, _DRAWS, np.random.default_rng(seed))
    return Figure(value=float(known.mean()), n=len(known), better="more", low=low, high=high, how=how)


member = Mined()
