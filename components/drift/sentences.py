"""What the Drift page says in words: the ground it stands on, its finding, and the verdict of one word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

import numpy as np

from components.parts.facts import METHODS, halves_in_words
from components.parts.numbers import distance, probability
from components.parts.spoken import count, later, listed, parted, say
from components.parts.told import told
from components.shell.frame import em, ems
from isogloss.drift.frequency import share_nearer
from isogloss.drift.measure import MEASURES
from isogloss.drift.nulls import LEAST
from isogloss.drift.ranking import Ranking
from isogloss.drift.reliability import Reliability
from isogloss.drift.verdict import LEVEL, Finding, finding_of
from isogloss.spaces.collection import Collection
from isogloss.types import Mask


@dataclass(frozen=True)
class Between:
    """The two spaces of a sentence. unordered: whether their order says nothing, so that items cannot have moved."""

    source: str
    target: str
    unordered: bool = False


_NUMBERS = (
    *(later("no"), later("one"), later("two"), later("three"), later("four"), later("five"), later("six")),
    *(later("seven"), later("eight"), later("nine"), later("ten")),
)


def in_words(n: int) -> str:
    """A small number as a word, a larger one in digits.

    >>> in_words(4), in_words(12)
    ('four', '12')
    """
    return say(_NUMBERS[n]) if n < len(_NUMBERS) else f"{n:,}"


def measures_help() -> str:
    """What each measure says, one after the other."""
    return " ".join(f"{name}: {say(one.help)}" for name, one in MEASURES.items())


def card(one: Reliability, collection: Collection) -> str:
    """The alignment card: a definition list; escaped."""
    facts = [(say("Alignment"), METHODS.get(one.method, one.method))]
    if one.frozen_max_change is not None:
        change = say("{change:.1f} (0 is right)", change=one.frozen_max_change)
        facts.append((say("Largest change of the frozen compass"), change))
    of = say("{shared:,} of {source:,} and {target:,}", shared=one.shared, source=one.of_source, target=one.of_target)
    facts.append((say("Shared items"), of))
    if one.share_source is not None and one.share_target is not None:
        shares = say("{source:.0%} and {target:.0%}", source=one.share_source, target=one.share_target)
        facts.append((say("Their share of the tokens"), shares))
    controls = collection.controls
    if controls is not None and one.noise is not None:
        reach = say("5% of unchanged items as frequent exceed {noise} (less is better)", noise=distance(one.noise))
        facts.append((say("Noise of the middle item"), reach))
        halves, n = halves_in_words(controls.facts), one.null_n
        made = (
            say("every slice halved {halves}; {n:,} null distances in all", halves=halves, n=n)
            if controls.tails
            else say("every slice halved {halves}; {n:,} null distances a band", halves=halves, n=n)
        )
        facts.append((say("Replicates"), made))
    if one.needed is not None:
        facts.append((say("What can be told from noise here"), _power(one.needed)))
    if one.k:
        k = say("{k:,} of {of:,}", k=one.k, of=one.of_k) if one.of_k else f"{one.k:,}"
        facts.append((say("Neighbors compared"), k))
    rows = "".join(f"<div><dt>{escape(k)}</dt><dd>{escape(v)}</dd></div>" for k, v in facts)
    return f'<dl class="iso-grid">{rows}</dl>'


def warnings(one: Reliability) -> str:
    """Each warning with its lever; escaped."""
    return "".join(
        f'<p class="iso-warning" role="note"><b>{escape(fact[:1].upper() + fact[1:])}.</b>'
        f" {escape(lever[:1].upper() + lever[1:])}.</p>"
        for fact, lever in ((told(fact), told(lever)) for fact, lever in one.warnings)
    )


def tested_against(one: Reliability, collection: Collection) -> str:
    """The line under which the method folds: what it was tested against; plain words of ours."""
    controls = collection.controls
    parts = []
    if controls is not None and one.noise is not None:
        halves = sum(int(controls.facts.get(kind) or 0) for kind in ("author", "document"))
        parts.append(say("Tested against {n} half-samples of every space", n=halves))
    else:
        parts.append(say("Not tested: there are no half-samples"))
    if one.frozen_max_change is not None:
        parts.append(say("the compass moved") if one.frozen_max_change else say("compass frozen"))
    return parted(parts)


def _power(needed: float) -> str:
    """What an item as frequent as the middle one must do to be told from noise."""
    if not np.isfinite(needed):
        return say("no drift of the middle item, however far: too few replicates")
    return say("a drift of the middle item by {distance} or more", distance=distance(needed))


def finding(
    ranking: Ranking, choice: Between, *, least: float, panel_size: int | None = None, named: Mask | None = None
) -> str:
    """What the ranking found, before any word is chosen; markup. least: the drift from which a shift matters.

    named: the items that may stand in the sentence.
    """
    at = {"source": em(choice.source), "target": em(choice.target)}
    found = finding_of(ranking, least, among=named)
    if not found.n:
        return say("{source} and {target} share no item to compare.", **at)
    if not found.tested:
        return _untested(ranking, found, panel_size, at)
    if not found.moved:
        return _none_moved(found, choice, panel_size, at)
    if found.most and least:
        far = {"far": found.far, "least": least, "words": ems(list(found.most))}
        most = say("; {far:,} of them by {least:g} or more, most of all {words}", **far)
    else:
        most = say(", most of all {words}", words=ems(list(found.most or found.farthest)))
    told = {"moved": found.moved, "tested": found.tested, "most": most, **at}
    if panel_size and choice.unordered:
        return say(
            "{moved:,} of {tested:,} items lie farther apart between {source} and {target} than noise would among the"
            " {panel:,} who speak in every space{most}.",
            panel=panel_size,
            **told,
        )
    if panel_size:
        return say(
            "{moved:,} of {tested:,} items moved farther between {source} and {target} than noise would among the"
            " {panel:,} who speak in every space{most}.",
            panel=panel_size,
            **told,
        )
    if choice.unordered:
        return say(
            "{moved:,} of {tested:,} items lie farther apart between {source} and {target} than noise would{most}.",
            **told,
        )
    return say(
        "{moved:,} of {tested:,} items moved farther between {source} and {target} than noise would{most}.", **told
    )


def _untested(ranking: Ranking, found: Finding, panel_size: int | None, at: dict[str, str]) -> str:
    if ranking.built_before:
        measure = em(ranking.measure)
        why = say("not tested: the replicates of this collection are older than the measure {measure}", measure=measure)
    elif ranking.too_few:
        why = say("not tested: {why}", why=too_few_said(ranking))
    else:
        why = say("no replicates say how much of that is noise")
    if found.farthest:
        return say(
            "From {source} to {target} the farthest of {n:,} shared items are {words}; {why}.",
            n=found.n,
            words=ems(list(found.farthest)),
            why=why,
            **at,
        )
    if panel_size:
        return say(
            "Nothing is known of the {n:,} items between {source} and {target} among the {panel:,} who speak in every"
            " space; {why}.",
            n=found.n,
            panel=panel_size,
            why=why,
            **at,
        )
    return say("Nothing is known of the {n:,} items between {source} and {target}; {why}.", n=found.n, why=why, **at)


def _none_moved(found: Finding, choice: Between, panel_size: int | None, at: dict[str, str]) -> str:
    told = {"tested": found.tested, **at}
    if panel_size and choice.unordered:
        said = say(
            "No single item of {tested:,} can be said to lie farther apart between {source} and {target} than noise"
            " would among the {panel:,} who speak in every space (none with q < .05).",
            panel=panel_size,
            **told,
        )
    elif panel_size:
        said = say(
            "No single item of {tested:,} can be said to have moved farther between {source} and {target} than noise"
            " would among the {panel:,} who speak in every space (none with q < .05).",
            panel=panel_size,
            **told,
        )
    elif choice.unordered:
        said = say(
            "No single item of {tested:,} can be said to lie farther apart between {source} and {target} than noise"
            " would (none with q < .05).",
            **told,
        )
    else:
        said = say(
            "No single item of {tested:,} can be said to have moved farther between {source} and {target} than noise"
            " would (none with q < .05).",
            **told,
        )
    if found.below <= 2 * found.by_chance:
        return said
    return (
        said
        + " "
        + say(
            "Together they differ: {below:,} have p < .05, where chance would give {chance:,}.",
            below=found.below,
            chance=round(found.by_chance),
        )
    )


def too_few_said(ranking: Ranking) -> str:
    """Why the replicates of a collection say nothing of these items, as `too_few` of the engine says it."""
    seen = int(ranking.null_n.max(initial=0))
    if not seen:
        return say(
            "the replicates of {items:,} shared items gave too few null distances, and a test needs {least:,}",
            items=len(ranking),
            least=LEAST,
        )
    return say(
        "the replicates of {items:,} shared items gave {n:,} null distances, and a test needs {least:,}",
        items=len(ranking),
        n=seen,
        least=LEAST,
    )


def beside(ranking: Ranking) -> str:
    """What else the ranking found, for a quiet line; plain text, empty for nothing."""
    found = finding_of(ranking)
    agreed = undecided = ""
    if found.agreed and ranking.others:
        agreed = count("{n:,} moved by every measure.", "{n:,} moved by every measure.", found.agreed)
    if found.undecided:
        undecided = count(
            "Not decided, with too few replicates: {n:,} that lie beyond 95% of noise.",
            "Not decided, with too few replicates: {n:,} that lie beyond 95% of noise.",
            found.undecided,
        )
    return f"{agreed} {undecided}".strip()


def verdict(ranking: Ranking, item: str, choice: Between) -> str:
    """Whether one word's shift is more than noise; markup."""
    row = ranking.rows[item]
    at = {"word": em(item), "source": em(choice.source), "target": em(choice.target)}
    if not ranking.tested[row]:
        if ranking.built_before:
            why = say("not tested: the replicates of this collection are older than the measure")
        elif ranking.too_few:
            why = say("not tested: {why}", why=too_few_said(ranking))
        elif ranking.tested.any():
            why = say("too rare here to be tested")
        else:
            why = say("no replicates say what noise would show")
        apart = distance(ranking.distance[row])
        return say("{word} lies {distance} apart between {source} and {target}; {why}.", distance=apart, why=why, **at)
    state, on = ranking.state(row), on_measures(ranking, row)
    if state == "moved":
        more = on + _beyond(share_nearer(ranking.distance, ranking.smaller_count, row))
        if choice.unordered:
            return say("{word} differs between {source} and {target} by more than noise{more}.", more=more, **at)
        return say("{word} moved between {source} and {target} by more than noise{more}.", more=more, **at)
    if on:
        on = say(" (by more than noise{on})", on=on)
    if state == "undecided":
        return say(
            "{word} lies beyond 95% of noise between {source} and {target}, and there are too few replicates to"
            " decide{on}.",
            on=on,
            **at,
        )
    return say("{word} is not distinguishable from noise between {source} and {target}{on}.", on=on, **at)


def on_measures(ranking: Ranking, row: int) -> str:
    """On how many of the measures an item moved by more than noise; empty where one alone was tested."""
    n, of = int(ranking.agree[row]), int(ranking.agree_of[row])
    if of <= 1:
        return ""
    return say(" on {n} of {of} measures", n=n, of=of) if n else say(" on none of {of} measures", of=of)


def _beyond(nearer: tuple[float, int] | None) -> str:
    if nearer is None or nearer[0] < 0.5:
        return ""
    said = f"{min(nearer[0], 0.99):.0%}"  # never "100%"
    return say(", and farther than {share} of the {n:,} words about as frequent", share=said, n=nearer[1])


def figures(ranking: Ranking, item: str, choice: Between) -> str:
    """The figures behind a verdict, in one quiet line; plain text."""
    row = ranking.rows[item]
    title = say(MEASURES[ranking.measure].title)
    at = {"measure": title[:1].upper() + title[1:], "distance": distance(ranking.distance[row])}
    if np.isfinite(ranking.low[row]):
        low, high = distance(ranking.low[row]), distance(ranking.high[row])
        parts = [say("{measure} {distance} (95% interval of sampling {low} to {high})", low=low, high=high, **at)]
    else:
        parts = [say("{measure} {distance}", **at)]
    parts.append(say("rank {rank:,} of {of:,}, larger is farther", rank=int(ranking.places[row]), of=len(ranking)))
    if ranking.tested[row]:
        told = {
            "reach": distance(ranking.null_high[row]),
            "n": int(ranking.null_n[row]),
            "p": probability(ranking.p[row]),
            "q": probability(ranking.q[row]),
            "tested": ranking.finding().tested,
        }
        parts.append(
            say(
                "95% of unchanged words as frequent stay below {reach} ({n:,} null distances); p {p}, q {q} over"
                " {tested:,} tested",
                **told,
            )
            if ranking.reach is None
            else say(
                "unchanged, it would stay in 95% of cases below {reach} ({n:,} null distances); p {p}, q {q} over"
                " {tested:,} tested",
                **told,
            )
        )
        if power := needed_said(ranking, row):
            parts.append(power)
    elif np.isfinite(ranking.unusual[row]):
        by = float(ranking.unusual[row])
        parts.append(say("{by:+.1f} robust deviations from the median of the 100 words nearest in count", by=by))
    if ranking.count_source is not None and ranking.count_target is not None:
        parts.append(
            say(
                "{n:,} uses in {source}, {m:,} in {target}",
                n=int(ranking.count_source[row]),
                source=choice.source,
                m=int(ranking.count_target[row]),
                target=choice.target,
            )
        )
    return say("{sentence}.", sentence=parted(parts))


def needed_said(ranking: Ranking, row: int) -> str:
    """How far a word of this frequency must move to be told from noise; empty where that is not known."""
    needed = ranking.needed[row]
    if np.isnan(needed):
        return ""
    if np.isinf(needed):
        return say("no drift of a word of this frequency can be told from noise here: too few replicates")
    return say("a word of this frequency must move by {distance} to be told from noise here", distance=distance(needed))


def agreement(rankings: Mapping[str, Ranking], item: str) -> str:
    """Which of the measures that tested the word find it changed; plain text."""
    held = {m: r for m, r in rankings.items() if item in r and r.tested[r.rows[item]]}
    if not held:
        return ""
    yes = [m for m, r in held.items() if r.significant[r.rows[item]]]
    no = [m for m in held if m not in yes]
    if not no:
        level = f"{LEVEL:.2f}".removeprefix("0")
        if len(held) == 1:
            return say("The one measure that tested it finds that it moved (q < {level}).", level=level)
        if len(held) == 2:
            return say("Both measures agree: it moved (each q < {level}).", level=level)
        return say("All {n} measures agree: it moved (each q < {level}).", n=in_words(len(held)), level=level)
    if not yes:
        if len(held) == 2:
            return say("Both measures agree: none tells it from noise.")
        n = in_words(len(held))
        return say("All {n} measures agree: none tells it from noise.", n=n) if len(held) > 1 else ""
    told = {"yes": listed(yes), "no": listed(no)}
    if len(yes) == 1 and len(no) == 1:
        return say("The measures disagree: only the {yes} measure moves; {no} does not tell it from noise.", **told)
    if len(yes) == 1:
        return say("The measures disagree: only the {yes} measure moves; {no} do not tell it from noise.", **told)
    if len(no) == 1:
        return say("The measures disagree: {yes} move; {no} does not tell it from noise.", **told)
    return say("The measures disagree: {yes} move; {no} do not tell it from noise.", **told)
