"""What the Drift page says in words: the ground it stands on, its finding, and the verdict of one word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

import numpy as np

from components.parts.facts import METHODS
from components.parts.numbers import distance, probability
from components.shell.frame import em, ems
from isogloss.drift.frequency import share_nearer
from isogloss.drift.measure import MEASURES
from isogloss.drift.ranking import Ranking
from isogloss.drift.reliability import Reliability, too_few
from isogloss.drift.verdict import LEVEL, finding_of
from isogloss.spaces.collection import Collection
from isogloss.types import Mask


@dataclass(frozen=True)
class Between:
    """The two spaces of a sentence. unordered: whether their order says nothing, so that items cannot have moved."""

    source: str
    target: str
    unordered: bool = False


_NUMBERS = "no one two three four five six seven eight nine ten".split()


def in_words(n: int) -> str:
    """A small number as a word, a larger one in digits.

    >>> in_words(4), in_words(12)
    ('four', '12')
    """
    return _NUMBERS[n] if n < len(_NUMBERS) else f"{n:,}"


def measures_help() -> str:
    """What each measure says, one after the other."""
    return " ".join(f"{name}: {one.help}" for name, one in MEASURES.items())


def card(one: Reliability, collection: Collection) -> str:
    """The alignment card: a definition list; escaped."""
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
                f"5% of unchanged items as frequent exceed {distance(one.noise)} (less is better)",
            )
        )
        splits = [f"{controls.facts[kind]} by {kind}" for kind in ("author", "document") if controls.facts.get(kind)]
        of = "in all" if controls.tails else "a band"
        facts.append(("Replicates", f"every slice halved {' and '.join(splits)}; {one.null_n:,} null distances {of}"))
    if one.needed is not None:
        facts.append(("What can be told from noise here", _power(one.needed)))
    if one.k:
        facts.append(("Neighbors compared", f"{one.k:,} of {one.of_k:,}" if one.of_k else f"{one.k:,}"))
    rows = "".join(f"<div><dt>{escape(k)}</dt><dd>{escape(v)}</dd></div>" for k, v in facts)
    return f'<dl class="iso-grid">{rows}</dl>'


def warnings(one: Reliability) -> str:
    """Each warning with its lever; escaped."""
    return "".join(
        f'<p class="iso-warning" role="note"><b>{escape(fact[:1].upper() + fact[1:])}.</b>'
        f" {escape(lever[:1].upper() + lever[1:])}.</p>"
        for fact, lever in one.warnings
    )


def tested_against(one: Reliability, collection: Collection) -> str:
    """The line under which the method folds: what it was tested against; plain words of ours."""
    controls = collection.controls
    parts = []
    if controls is not None and one.noise is not None:
        halves = sum(int(controls.facts.get(kind) or 0) for kind in ("author", "document"))
        parts.append(f"Tested against {halves} half-samples of every space")
    else:
        parts.append("Not tested: there are no half-samples")
    if one.frozen_max_change is not None:
        parts.append("compass frozen" if not one.frozen_max_change else "the compass moved")
    return "; ".join(parts)


def _power(needed: float) -> str:
    """What an item as frequent as the middle one must do to be told from noise."""
    if not np.isfinite(needed):
        return "no drift of the middle item, however far: too few replicates"
    return f"a drift of the middle item by {distance(needed)} or more"


def finding(
    ranking: Ranking, choice: Between, *, least: float, panel_size: int | None = None, named: Mask | None = None
) -> str:
    """What the ranking found, before any word is chosen; markup. least: the drift from which a shift matters.

    named: the items that may stand in the sentence.
    """
    source, target = em(choice.source), em(choice.target)
    among = f" among the {panel_size:,} who speak in every space" if panel_size else ""
    found = finding_of(ranking, least, among=named)
    if not found.n:
        return f"{source} and {target} share no item to compare."
    if not found.tested:
        why = (
            f"not tested: the replicates of this collection are older than the measure {em(ranking.measure)}"
            if ranking.built_before
            else f"not tested: {too_few(ranking)}"
            if ranking.too_few
            else "no replicates say how much of that is noise"
        )
        if not found.farthest:
            return f"Nothing is known of the {found.n:,} items between {source} and {target}{among}; {why}."
        farthest = ems(list(found.farthest))
        return f"From {source} to {target} the farthest of {found.n:,} shared items are {farthest}; {why}."
    moved = "lie farther apart" if choice.unordered else "moved farther"
    if not found.moved:
        many = (
            f" Together they differ: {found.below:,} have p < .05, where chance would give {round(found.by_chance):,}."
            if found.below > 2 * found.by_chance
            else ""
        )
        return (
            f"No single item of {found.tested:,} can be said to"
            f" {'lie farther apart' if choice.unordered else 'have moved farther'}"
            f" between {source} and {target} than noise would{among} (none with q < .05).{many}"
        )
    most = (
        f"; {found.far:,} of them by {least:g} or more, most of all {ems(list(found.most))}"
        if found.most and least
        else f", most of all {ems(list(found.most or found.farthest))}"
    )
    said = f"{found.moved:,} of {found.tested:,} items {moved} between {source} and {target}"
    return f"{said} than noise would{among}{most}."


def beside(ranking: Ranking) -> str:
    """What else the ranking found, for a quiet line; plain text, empty for nothing."""
    found = finding_of(ranking)
    agreed = f"{found.agreed:,} moved by every measure." if found.agreed and ranking.others else ""
    undecided = (
        f"Not decided, with too few replicates: {found.undecided:,} that lie beyond 95% of noise."
        if found.undecided
        else ""
    )
    return f"{agreed} {undecided}".strip()


def verdict(ranking: Ranking, item: str, choice: Between) -> str:
    """Whether one word's shift is more than noise; markup."""
    row = ranking.rows[item]
    between = f"between {em(choice.source)} and {em(choice.target)}"
    if not ranking.tested[row]:
        if ranking.built_before:
            why = "not tested: the replicates of this collection are older than the measure"
        elif ranking.too_few:
            why = f"not tested: {too_few(ranking)}"
        else:
            why = "too rare here to be tested" if ranking.tested.any() else "no replicates say what noise would show"
        return f"{em(item)} lies {distance(ranking.distance[row])} apart {between}; {why}."
    differs = "differs" if choice.unordered else "moved"
    state, on = ranking.state(row), on_measures(ranking, row)
    if state == "moved":
        beyond = _beyond(share_nearer(ranking.distance, ranking.smaller_count, row))
        return f"{em(item)} {differs} {between} by more than noise{on}{beyond}."
    if on:
        on = f" (by more than noise{on})"
    if state == "undecided":
        beyond = f"{em(item)} lies beyond 95% of noise {between}"
        return f"{beyond}, and there are too few replicates to decide{on}."
    return f"{em(item)} is not distinguishable from noise {between}{on}."


def on_measures(ranking: Ranking, row: int) -> str:
    """On how many of the measures an item moved by more than noise; empty where one alone was tested."""
    n, of = int(ranking.agree[row]), int(ranking.agree_of[row])
    return f" on {n or 'none'} of {of} measures" if of > 1 else ""


def _beyond(nearer: tuple[float, int] | None) -> str:
    if nearer is None or nearer[0] < 0.5:
        return ""
    said = f"{min(nearer[0], 0.99):.0%}"  # never "100%"
    return f", and farther than {said} of the {nearer[1]:,} words about as frequent"


def figures(ranking: Ranking, item: str, choice: Between) -> str:
    """The figures behind a verdict, in one quiet line; plain text."""
    row = ranking.rows[item]
    parts = [f"{MEASURES[ranking.measure].title.capitalize()} {distance(ranking.distance[row])}"]
    if np.isfinite(ranking.low[row]):
        parts[0] += f" (95% interval of sampling {distance(ranking.low[row])} to {distance(ranking.high[row])})"
    parts.append(f"rank {ranking.places[row]:,} of {len(ranking):,}, larger is farther")
    if ranking.tested[row]:
        unchanged = (
            "95% of unchanged words as frequent stay"
            if ranking.reach is None
            else "unchanged, it would stay in 95% of cases"
        )
        parts.append(
            f"{unchanged} below {distance(ranking.null_high[row])} "
            f"({ranking.null_n[row]:,} null distances); p {probability(ranking.p[row])}, "
            f"q {probability(ranking.q[row])} over {ranking.finding().tested:,} tested"
        )
        if power := needed_said(ranking, row):
            parts.append(power)
    elif np.isfinite(ranking.unusual[row]):
        parts.append(f"{ranking.unusual[row]:+.1f} robust deviations from the median of the 100 words nearest in count")
    if ranking.count_source is not None and ranking.count_target is not None:
        parts.append(
            f"{ranking.count_source[row]:,} uses in {choice.source}, {ranking.count_target[row]:,} in {choice.target}"
        )
    return "; ".join(parts) + "."


def needed_said(ranking: Ranking, row: int) -> str:
    """How far a word of this frequency must move to be told from noise; empty where that is not known."""
    needed = ranking.needed[row]
    if np.isnan(needed):
        return ""
    if np.isinf(needed):
        return "no drift of a word of this frequency can be told from noise here: too few replicates"
    return f"a word of this frequency must move by {distance(needed)} to be told from noise here"


def agreement(rankings: Mapping[str, Ranking], item: str) -> str:
    """Which of the measures that tested the word find it changed; plain text."""
    held = {m: r for m, r in rankings.items() if item in r and r.tested[r.rows[item]]}
    if not held:
        return ""
    yes = [m for m, r in held.items() if r.significant[r.rows[item]]]
    no = [m for m in held if m not in yes]
    n = {2: "Both"}.get(len(held), f"All {in_words(len(held))}")
    if not no:
        level = f"{LEVEL:.2f}".removeprefix("0")
        if len(held) == 1:
            return f"The one measure that tested it finds that it moved (q < {level})."
        return f"{n} measures agree: it moved (each q < {level})."
    if not yes:
        return f"{n} measures agree: none tells it from noise." if len(held) > 1 else ""
    said = f"only the {yes[0]} measure moves" if len(yes) == 1 else f"{_join(yes)} move"
    return f"The measures disagree: {said}; {_join(no)} {'does' if len(no) == 1 else 'do'} not tell it from noise."


def _join(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
