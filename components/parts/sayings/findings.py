"""Findings of the engine, notes on what ships, and how figures were computed."""

from __future__ import annotations

from components.parts.spoken import later

FINDINGS = (
    later(
        "Sections cannot be told from sections dealt at random: {near} of a paper's nearest {k} share its section,"
        " chance {chance}."
    ),
    later(
        "Sections hold together: {near} of a paper's nearest {k} share its section, chance {chance}; {own} lie nearest"
        " to their own."
    ),
    later("Sections hold together: {near} of a paper's nearest {k} share its section, chance {chance}."),
    later(
        "Without shared words {found} of words find their clone as the vectors lie (chance {chance}), and {turned}"
        " after a rotation, at a share of {share}; {less} and {less_turned} at {other}."
    ),
    later(
        "Without shared words {found} of words find their clone as the vectors lie (chance {chance}), and {turned}"
        " after a rotation, at a share of {share}."
    ),
    later(
        "With {shared} of the words shared {found} of words find their clone as the vectors lie (chance {chance}), and"
        " {turned} after a rotation, at a share of {share}; {less} and {less_turned} at {other}."
    ),
    later(
        "With {shared} of the words shared {found} of words find their clone as the vectors lie (chance {chance}), and"
        " {turned} after a rotation, at a share of {share}."
    ),
    later("In a small transformer, {said}."),
    later(
        "without shared words a word and its clone have the cosine {near} at a share of {share} and {far} at {other} in"
        " the last layer: {said}"
    ),
    later("without shared words a word and its clone have the cosine {near} at a share of {share} in the last layer"),
    later(
        "with {shared} of the words shared a word and its clone have the cosine {near} at a share of {share} and {far}"
        " at {other} in the last layer: {said}"
    ),
    later(
        "with {shared} of the words shared a word and its clone have the cosine {near} at a share of {share} in the"
        " last layer"
    ),
    later("{corpus} and its clone: share {share}, {shared} of the words shared"),
    later("nearer"),
    later("farther"),
    later("neither nearer nor farther by more than its seeds"),
    later(
        "Static vectors have one vector a word and no layers: whether the larger language draws the hidden states of"
        " the smaller one (cosine .78 to .96 at nine to one, in transformers) cannot be seen in them. What they show"
        " is which neighbors the two languages share: without anchors, none. A smaller share is also fewer uses of"
        " each word: compare sizes before the share alone is blamed."
    ),
    later("share of the clone's words whose nearest word is the one they were made of"),
    later("the same by CSLS, k = 10"),
    later("the same after a rotation fitted on one half of the dictionary, tested on the other"),
    later("mean cosine of a word and its clone"),
    later("Pearson's r of the cosines within either language, over pairs of words"),
    later("mean cosine of a word's and its clone's counts of neighboring words"),
    later("mean cosine of a word's state and its clone's in the same held-out sentence"),
    later("share of held-out sentences whose nearest, by the mean of its states, is what they were made of"),
    later("no gain: no epoch was better than the start on the development pairs"),
    later("a gain of {gain} {measure} ({low} to {high})"),
    later("a loss of {loss} {measure} ({low} to {high})"),
    later("no gain: {gain} lies within its interval ({low} to {high})"),
    later("{said} rises by {change} ({low} to {high}), which is better"),
    later("{said} rises by {change} ({low} to {high}), which is worse"),
    later("{said} falls by {change} ({low} to {high}), which is better"),
    later("{said} falls by {change} ({low} to {high}), which is worse"),
    later("{said}: no change, {change} lies within its interval ({low} to {high})"),
    later("partners found from the pivot, P@1"),
    later("partners found from the pivot, MRR"),
    later("word similarity ρ"),
    later("STS ρ"),
    later("lines found, P@1"),
    later("lines found, MRR"),
    later("lines found from the pivot, P@1"),
    later("lines found from the pivot, MRR"),
    later("separation of languages η²"),
    later("separation of the two banks η²"),
    later(
        "mean share of the target's letters outside spans that are in the script of its language or,"
        " where the source is in it too, in words that the source has not"
    ),
    later("share of pairs with markers: {kind}"),
    later("share of pairs with markers whose markers are all right"),
    later("R̄, the length of the mean direction (b − a)/‖b − a‖: 1 where all agree; interval: bootstrap over pairs"),
    later("margin: cosine by the mean cosine of both texts to their 4 nearest (Artetxe & Schwenk 2019)"),
    later("mean cosine of the two texts without the words that they share"),
    later("share of pairs with a suspicion of any kind"),
    later("mean cosine of the two texts, or the score given"),
    later("share of pairs that stand in the file before, source and target alike"),
    later("share of pairs whose target is the source"),
    later("mean likeness of both texts (indel, 1 where they are equal)"),
    later("mean share of the target's letters in the script of its language, or in words the source has not"),
    later("mean share of a sentence's characters that are switched"),
    later("share of rewritings whose own original is strictly the nearest of all"),
    later("the same where random other words, as long, stand for the same labels"),
    later("mean of 1 − cosine to the same sentence in that language"),
    later("mean over items of the mean cosine of every two of an item's vectors"),
    later("mean over items of the mean cosine of an item's vectors with its plain one in the reference language"),
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
)
