"""How far a comparison of two spaces can be trusted, before anything is ranked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from isogloss.drift.distances import Shared
from isogloss.drift.measure import MEASURES
from isogloss.drift.nulls import LEAST
from isogloss.drift.ranking import Ranking
from isogloss.spaces.collection import Collection
from isogloss.spaces.space import Space

LEAST_SHARE = 0.5


@dataclass(frozen=True)
class Reliability:
    """What is known of the ground that drift between two spaces stands on.

    shared, of_source, of_target: items. share_source, share_target: what part of each space's tokens
    the shared items are (0 to 1, more is better), None where nothing was counted. noise: the distance
    that 5 % of unchanged items as frequent as the middle item exceed (less is better), None without
    replicates. null_n: how many null distances the middle item was held against. needed: how far the middle item must
    move to be told from noise, infinite where nothing would be enough, None where that is not known. k, of_k: neighbors
    compared, and of how many where only those used often count; 0 where a measure compares none. warnings: what lowers
    the trust, each with what to do about it.
    """

    method: str
    frozen_max_change: float | None
    shared: int
    of_source: int
    of_target: int
    share_source: float | None
    share_target: float | None
    noise: float | None
    null_n: int
    warnings: tuple[tuple[str, str], ...]
    needed: float | None = None
    k: int = 0
    of_k: int = 0


def reliability(collection: Collection, source: str, target: str, *, ranking: Ranking) -> Reliability:
    """Weigh a pair of spaces.

    In planted corpora, words that swapped places were found again in the other slice (dynamic MRR) at
    1.0 with half of the context vocabulary shared, .75 with a tenth: hence the warning below one half.
    """
    a, b = collection[source], collection[target]
    shared = [item for item in a.items if item in b]
    shares = [_token_share(space, shared) for space in (a, b)]
    tested = bool(ranking.tested.any())
    noise = float(np.nanmedian(ranking.null_high)) if tested else None
    null_n = int(np.median(ranking.null_n[ranking.tested])) if tested else 0
    needed = float(np.median(ranking.needed[ranking.tested])) if tested else np.nan
    often = int(Shared(a, b).often.sum()) if ranking.k and MEASURES[ranking.measure].shares == "wide" else 0
    warnings = []
    if not shared:
        warnings.append((f"{source} and {target} share no item", "choose spaces with a common vocabulary"))
    low = [(s, name) for s, name in zip(shares, (source, target), strict=True) if s is not None and s < LEAST_SHARE]
    if low and shared:
        warnings.append(
            (
                f"the shared items are only {low[0][0]:.0%} of the tokens of {low[0][1]}",
                (
                    "take neighbors as hints, not as findings; compare spaces with more words in common, or merge"
                    " spellings"
                ),
            )
        )
    method, change = collection.alignment.method, collection.alignment.frozen_max_change
    if method == "none":
        warnings.append(
            ("the spaces are not aligned", "use Jaccard or Gonen's overlap, which compare neighbors, or align them")
        )
    if method == "declared":
        warnings.append(
            (
                "the spaces were declared aligned and nothing checks it",
                "compare with Gonen's overlap, which needs no alignment",
            )
        )
    if change:
        warnings.append((f"the frozen compass moved by {change:.3g}", "build the collection again"))
    if shared and ranking.built_before:
        warnings.append(
            (
                f"the replicate trainings of this collection are older than the measure {ranking.measure}: not tested",
                "read distances as a description; build the collection again to test them",
            )
        )
    elif shared and ranking.too_few:
        warnings.append(
            (
                f"not tested: {too_few(ranking)}",
                "read distances as a description; give more text, lower training.ship_count or ask for more halves",
            )
        )
    elif shared and noise is None:
        warnings.append(
            (
                "no replicate trainings say what noise would show",
                "read distances as a description; build the collection from its text with [replicates] to test them",
            )
        )
    if often and ranking.k > often // 4 + 1:
        warnings.append(
            (
                f"{ranking.k:,} neighbors are compared of {often:,} that are used often: most are in every circle",
                "build the collection again, which takes at most a quarter of them",
            )
        )
    most = MEASURES[ranking.measure].most_noise
    if noise is not None and most is not None and noise > most:
        warnings.append(
            (
                f"noise is high: unchanged words as frequent as most reach a distance of {noise:.2f}",
                "merge periods, give more text, or raise the least count",
            )
        )
    return Reliability(
        method=method,
        frozen_max_change=change,
        shared=len(shared),
        of_source=len(a),
        of_target=len(b),
        share_source=shares[0],
        share_target=shares[1],
        noise=noise,
        null_n=null_n,
        warnings=tuple(warnings),
        needed=None if np.isnan(needed) else needed,
        k=ranking.k,
        of_k=often,
    )


def too_few(ranking: Ranking) -> str:
    """Why the replicates of a collection say nothing of these items, in words."""
    seen = int(ranking.null_n.max(initial=0))
    given = f"{seen:,} null distances" if seen else "too few null distances"
    return f"the replicates of {len(ranking):,} shared items gave {given}, and a test needs {LEAST:,}"


def _token_share(space: Space, items: list[str]) -> float | None:
    if space.per_million is None:
        return None
    return float(np.nansum(space.per_million[[space[item] for item in items]]) / 1e6)
