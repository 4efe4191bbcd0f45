"""Sentences that the engine makes, in English, said in the language of the visit.

The engine knows no language. What it says is recognised by its pattern; what is not known here stays as it is.
"""

from __future__ import annotations

import re
from functools import cache
from string import Formatter

from components.parts.spoken import count, later, say, spoken
from isogloss.interface.languages import ENGLISH
from isogloss.text.tally import NAMED, Tally

PATTERNS = (  # the more exact first; a field stands for any text
    later(
        "Sections cannot be told from sections dealt at random: {near} of a paper's nearest {k} share its section,"
        " chance {chance}."
    ),
    later(
        "Sections hold together: {near} of a paper's nearest {k} share its section, chance {chance}; {own} lie nearest"
        " to their own."
    ),
    later("Sections hold together: {near} of a paper's nearest {k} share its section, chance {chance}."),
    later("There are no pairs."),
    later("{broken} of {n} pairs lost or changed a protected span"),
    later("{n} was not translated at all"),
    later("{n} were not translated at all"),
    later("the worst group is {name} ({share} of {n})"),
    later("the worst groups are {names} ({share} each)"),
    later("the worst type is {type} ({share} of {n})"),
    later("{again} of {n} pairs repeat another, {copies} are copies of their source"),
    later("{n} were not translated at all, {odd} are of odd length"),
    later("{n} of {of} pairs are suspicious, most for {kind} ({count})"),
    later("{n} of {of} pairs are suspicious"),
    later("a filter of all kinds would keep {n}"),
    later("{bad} of {n} pairs with markers have a broken one, most {kind} ({count})"),
    later("{bad} of {n} pairs with markers have a broken one"),
    later("{n} pairs moved: too few for a direction; intent kept: MRR {mrr}"),
    later(
        "{n} pairs moved in one direction, beyond chance (R̄ {value}; at equal length none is left); intent kept: MRR"
        " {mrr}"
    ),
    later("{n} pairs moved in one direction, beyond chance (R̄ {value}); intent kept: MRR {mrr}"),
    later("{n} pairs moved in no direction that can be told from chance (R̄ {value}); intent kept: MRR {mrr}"),
    later("Instructions of our own writing, not checked by native speakers; a third of them was spoilt on purpose."),
    later("Sentences of our own writing, not checked by native speakers; 17 markers were broken on purpose."),
    later("Sentences and origins of our own writing, not checked by native speakers"),
    later("Sentences and entities of our own writing, not checked by native speakers; labels are not inflected"),
    later("Sentences of our own writing, not checked by native speakers; labels in switched ones are not inflected"),
    later("share of the pairs with a protected span that neither lost nor changed one (Wilson)"),
    later("share of the source's spans that are in the target, by multiset"),
    later("share of the source's spans that are not in the target, and no other of their type in their place"),
    later("share of the source's spans that another of their type stands for in the target"),
    later("share of the source's spans that are kept out of order (longest increasing subsequence)"),
    later("share of the target's spans that are not in the source, and stand for no other"),
    later("share of pairs whose translated share is under {share}"),
    later("mean likeness of both texts without their spans (indel, 1 where they are equal)"),
    later("subwords / stretches between spaces; 95% over lines, linearised"),
    later("characters under <unk> / characters other than spaces; 95% over lines, linearised"),
    later(
        "Jensen–Shannon divergence, base 2, from 0 (the same tokens) to 1: in the trials of those who proposed it, it"
        " goes with what a model loses after fine-tuning, with correlations of −.74 to −.95"
    ),
    later("short sentences of our own writing, not checked by native speakers"),
    later("{source} and {target} share no item"),
    later("choose spaces with a common vocabulary"),
    later("the shared items are only {share} of the tokens of {space}"),
    later("take neighbors as hints, not as findings; compare spaces with more words in common, or merge spellings"),
    later("the spaces are not aligned"),
    later("use Jaccard or Gonen's overlap, which compare neighbors, or align them"),
    later("the spaces were declared aligned and nothing checks it"),
    later("compare with Gonen's overlap, which needs no alignment"),
    later("the frozen compass moved by {change}"),
    later("build the collection again"),
    later("the replicate trainings of this collection are older than the measure {measure}: not tested"),
    later("read distances as a description; build the collection again to test them"),
    later("not tested: the replicates of {items} shared items gave too few null distances, and a test needs {least}"),
    later("not tested: the replicates of {items} shared items gave {n} null distances, and a test needs {least}"),
    later("read distances as a description; give more text, lower training.ship_count or ask for more halves"),
    later("no replicate trainings say what noise would show"),
    later("read distances as a description; build the collection from its text with [replicates] to test them"),
    later("{n} neighbors are compared of {of} that are used often: most are in every circle"),
    later("build the collection again, which takes at most a quarter of them"),
    later("noise is high: unchanged words as frequent as most reach a distance of {distance}"),
    later("merge periods, give more text, or raise the least count"),
    later("there is no collection {name}"),
    later("there is no page {name}"),
    later("nearest are {names}"),
    later("nothing is near it"),
    later("this server is read-only"),
    later("run Isogloss on your own machine to add to it"),
    later("{package} is not installed"),
)


def told(text: str) -> str:
    """A sentence of the engine in the language of the visit; as it is where it is not known.

    >>> told("the spaces are not aligned")
    'the spaces are not aligned'
    """
    if spoken() == ENGLISH or not text:
        return text
    for message, pattern in _compiled():
        if found := pattern.fullmatch(text):
            return say(message, **found.groupdict())
    return text


def read_said(one: Tally) -> str:
    """What was read, skipped and left out, as `Tally.sentence` says it in English.

    >>> read_said(Tally(read=3))
    '3 read'
    """
    if spoken() == ENGLISH:
        return one.sentence()
    parts = [count("{n:,} read", "{n:,} read", one.read)]
    if found := [_skipped(one, reason, n) for reason, n in one.skipped.items() if n]:
        parts.append(say("skipped: {what}", what=", ".join(found)))
    if one.left_out:
        named = [f"{name} ({told(why)})" for name, why in list(one.left_out.items())[:NAMED]]
        few, more = ", ".join(named), len(one.left_out) - len(named)
        named_all = count("{few} and {n:,} more", "{few} and {n:,} more", more, few=few) if more else few
        parts.append(say("left out: {what}", what=named_all))
    return "; ".join(parts)


def _skipped(one: Tally, reason: str, n: int) -> str:
    named = ", ".join(one.listed.get(reason, [])[:NAMED])
    return f"{n:,} {told(reason.replace('_', ' '))}" + (f" ({named})" if named else "")


@cache
def _compiled() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((one, re.compile(_pattern(one), re.DOTALL)) for one in PATTERNS)


def _pattern(message: str) -> str:
    parts = []
    for literal, name, _, _ in Formatter().parse(message):
        parts.append(re.escape(literal) + (f"(?P<{name}>.{{1,480}}?)" if name else ""))
    return "".join(parts)
