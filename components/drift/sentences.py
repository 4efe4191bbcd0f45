"""What the Drift page says in words: the ground it stands on, its finding, and the verdict of one word."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import numpy as np

from components.parts.facts import METHODS
from components.parts.numbers import number, probability
from components.shell.frame import em, ems
from isogloss.drift.distances import MEASURES, WIDE_COUNT, K
from isogloss.drift.ranking import LEVEL, Ranking
from isogloss.drift.reliability import Reliability
from isogloss.spaces.collection import Collection

NAMES = {
    "cosine": "cosine distance",
    "local": "local neighborhood distance",
    "jaccard": f"neighbor distance (1 − Jaccard@{K})",
    "gonen": "Gonen's distance (1 − neighbor overlap)",
}
HELP = (
    "cosine: how far the vector turned (0 to 2; needs aligned spaces). "
    f"local: how far its similarities to its {K} nearest items of either space turned. "
    f"jaccard: what part of its {K} nearest items changed. "
    f"gonen: what part of its 1,000 nearest items of more than {WIDE_COUNT} uses changed; needs no alignment."
)


def card(one: Reliability, collection: Collection, source: str, target: str, null_n: int) -> str:
    """The alignment card: a definition list, and each warning with its lever; escaped."""
    facts = [("Alignment", METHODS.get(one.method, one.method))]
    if one.frozen_max_change is not None:
        facts.append(("Largest change of the frozen compass", f"{one.frozen_max_change:.1f} (0 is right)"))
    facts.append(("Shared items", f"{one.shared:,} of {one.of_source:,} and {one.of_target:,}"))
    if one.share_source is not None and one.share_target is not None:
        facts.append(("Their share of the tokens", f"{one.share_source:.0%} and {one.share_target:.0%}"))
    controls = collection.controls
    if controls is not None and one.noise is not None:
        facts.append(
            (
                "Noise of the middle item",
                f"5 % of unchanged items as frequent exceed {number(one.noise)} (less is better)",
            )
        )
        splits = [f"{controls.facts[kind]} by {kind}" for kind in ("author", "document") if controls.facts.get(kind)]
        facts.append(("Replicates", f"every slice halved {' and '.join(splits)}; {null_n:,} null distances a band"))
    rows = "".join(f"<div><dt>{escape(k)}</dt><dd>{escape(v)}</dd></div>" for k, v in facts)
    warnings = "".join(
        f'<p class="iso-warning" role="note"><b>{escape(fact[:1].upper() + fact[1:])}.</b>'
        f" {escape(lever[:1].upper() + lever[1:])}.</p>"
        for fact, lever in one.warnings
    )
    return f'<dl class="iso-grid iso-card">{rows}</dl>{warnings}'


def finding(
    ranking: Ranking, source: str, target: str, least: float, panel_size: int | None, unordered: bool = False
) -> str:
    """What the ranking found, before any word is chosen; markup."""
    among = f" among the {panel_size:,} who speak in every space" if panel_size else ""
    if not len(ranking):
        return f"{em(source)} and {em(target)} share no item to compare."
    top = [ranking.items[row] for row in ranking.order[:3]]
    if not ranking.tested.any():
        return (
            f"From {em(source)} to {em(target)} the farthest of {len(ranking):,} shared items are {ems(top)}; "
            "no replicates say how much of that is noise."
        )
    n, tested = int(ranking.significant.sum()), int(ranking.tested.sum())
    moved = "lie farther apart" if unordered else "moved farther"
    if not n:
        below = int((ranking.p < LEVEL).sum())
        many = (
            f" Together they differ: {below:,} have p < .05, where chance would give {round(tested * LEVEL):,}."
            if below > 2 * tested * LEVEL
            else ""
        )
        return (
            f"No single item of {tested:,} can be said to {'lie farther apart' if unordered else 'have moved farther'}"
            f" between {em(source)} and {em(target)} than noise would{among} (none with q < .05).{many}"
        )
    large = ranking.significant & (ranking.distance >= least)
    tops = [ranking.items[row] for row in ranking.order if large[row]][:3]
    most = (
        f"; {int(large.sum()):,} of them by {least:g} or more, most of all {ems(tops)}"
        if tops and least
        else f", most of all {ems(tops or top)}"
    )
    return f"{n:,} of {tested:,} items {moved} between {em(source)} and {em(target)} than noise would{among}{most}."


def verdict(ranking: Ranking, item: str, source: str, target: str, unordered: bool = False) -> str:
    """Whether one word's shift is more than noise; markup."""
    row = ranking.rows[item]
    between = f"between {em(source)} and {em(target)}"
    if not ranking.tested[row]:
        why = "too rare here to be tested" if ranking.tested.any() else "no replicates say what noise would show"
        return f"{em(item)} lies {number(ranking.distance[row])} apart {between}; {why}."
    differs = "differs" if unordered else "moved"
    if ranking.significant[row]:
        beyond = _rank_among_like(ranking, row)
        return f"{em(item)} {differs} {between} by more than noise{beyond}."
    return f"{em(item)} is not distinguishable from noise {between}."


def _rank_among_like(ranking: Ranking, row: int) -> str:
    count = ranking.smaller_count
    like = np.flatnonzero((count >= count[row] / 1.5) & (count <= count[row] * 1.5) & np.isfinite(ranking.distance))
    if len(like) < 20:
        return ""
    share = float((ranking.distance[like] < ranking.distance[row]).mean())
    said = f"{min(share, 0.99):.0%}"  # never "100%"
    return f", and farther than {said} of the {len(like):,} words about as frequent" if share >= 0.5 else ""


def figures(ranking: Ranking, item: str, source: str, target: str) -> str:
    """The figures behind a verdict, in one quiet line; plain text."""
    row = ranking.rows[item]
    place = int(np.flatnonzero(ranking.order == row)[0]) + 1
    parts = [f"{NAMES[ranking.measure].capitalize()} {number(ranking.distance[row])}"]
    if np.isfinite(ranking.low[row]):
        parts[0] += f" (95 % interval of sampling {number(ranking.low[row])} to {number(ranking.high[row])})"
    parts.append(f"rank {place:,} of {len(ranking):,}, larger is farther")
    if ranking.tested[row]:
        parts.append(
            f"95 % of unchanged words as frequent stay below {number(ranking.null_high[row])} "
            f"({ranking.null_n[row]:,} null distances); p {probability(ranking.p[row])}, "
            f"q {probability(ranking.q[row])} over {int(ranking.tested.sum()):,} tested"
        )
    elif np.isfinite(ranking.unusual[row]):
        parts.append(f"{ranking.unusual[row]:+.1f} robust deviations from the median of the 100 words nearest in count")
    if ranking.count_source is not None and ranking.count_target is not None:
        parts.append(f"{ranking.count_source[row]:,} uses in {source}, {ranking.count_target[row]:,} in {target}")
    return "; ".join(parts) + "."


def agreement(rankings: Mapping[str, Ranking], item: str) -> str:
    """Which of the four measures find the word changed; plain text."""
    held = {m: r for m, r in rankings.items() if item in r.rows and r.tested[r.rows[item]]}
    if not held:
        return ""
    yes = [m for m in MEASURES if m in held and held[m].significant[held[m].rows[item]]]
    no = [m for m in MEASURES if m in held and m not in yes]
    n = {2: "Both", 3: "All three", 4: "All four"}.get(len(held), "The one")
    if not no:
        return f"{n} measures agree: it moved (each q < {LEVEL:.2f})."
    if not yes:
        return f"{n} measures agree: none tells it from noise." if len(held) > 1 else ""
    said = f"only the {yes[0]} measure moves" if len(yes) == 1 else f"{_join(yes)} move"
    return f"The measures disagree: {said}; {_join(no)} {'does' if len(no) == 1 else 'do'} not tell it from noise."


def _join(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
