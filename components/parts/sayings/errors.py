"""Warnings and errors of the engine: each fact, each lever."""

from __future__ import annotations

from components.parts.spoken import later

ERRORS = (
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
