"""What a report of layers says, in words; markup of ours around escaped text."""

from __future__ import annotations

from html import escape

import numpy as np

from components.parts.labels import named, written
from components.parts.spoken import commas, count, parted, say
from components.parts.told import told as in_words
from components.shell.frame import em
from isogloss.figure import Figure
from isogloss.sentences.measure import SENTENCE_MEASURES
from isogloss.sentences.reports import LayersShown

PASS, FAIL = 0.95, 0.5
_UNKNOWN = 0.1


def headline(report: LayersShown, layer: int) -> str:
    """The first sentence: how many languages pass by a layer, who stays behind, and why where the reason is at hand."""
    scores = report.at(layer)
    n, passed = len(scores), int((scores >= PASS).sum())
    behind = [row for row, score in zip(report.rows, scores, strict=True) if score < FAIL]
    fields = {"model": em(report.model.partition("@")[0]), "level": PASS, "layer": layer}
    said = count(
        "{model}: <b>{passed:,} of {n:,}</b> language passes {level:.0%} by layer {layer}",
        "{model}: <b>{passed:,} of {n:,}</b> languages pass {level:.0%} by layer {layer}",
        n,
        passed=passed,
        **fields,
    )
    if not behind:
        return say("{said}; {rest}.", said=said, rest=say("none stays under {level:.0%}", level=FAIL))
    best = report.rows[int(scores.argmax())]
    if not passed:
        said = count(
            "{model}: <b>no</b> language of {n:,} passes {level:.0%} by layer {layer}, the best is {best} with"
            " {most:.0%}",
            "{model}: <b>no</b> language of {n:,} passes {level:.0%} by layer {layer}, the best is {best} with"
            " {most:.0%}",
            n,
            best=em(named(best.language)),
            most=scores.max(),
            **fields,
        )
    blind = sum((row.told.get("unknown_share") or 0) > _UNKNOWN for row in behind)
    few = commas(em(named(row.language)) for row in behind[:3]) + (" …" if len(behind) > 3 else "")
    if blind:
        rest = count(
            "{n:,} stays under {level:.0%}, {blind:,} of them in scripts that it does not know ({languages})",
            "{n:,} stay under {level:.0%}, {blind:,} of them in scripts that it does not know ({languages})",
            len(behind),
            level=FAIL,
            blind=blind,
            languages=few,
        )
    else:
        rest = count(
            "{n:,} stays under {level:.0%} ({languages})",
            "{n:,} stay under {level:.0%} ({languages})",
            len(behind),
            level=FAIL,
            languages=few,
        )
    return say("{said}; {rest}.", said=said, rest=rest)


def method(report: LayersShown) -> str:
    """How it was measured, plain text."""
    told = report.told
    settings = [say("{pool} pooling", pool=told.get("pool", "weighted"))]
    if told.get("prefix"):
        settings.append(say("prefix {prefix}", prefix=repr(told["prefix"])))
    if not told.get("copied", True):
        settings.append(say("Latin letters and digits taken out of lines of other scripts"))
    said = say(
        "MEXA (Kargaran et al. 2024): the share of {n:,} sentences whose translation is strictly nearer than all else,"
        " both ways; ties are losses; pivot {pivot}; {settings}. Chance {chance:.1%}. Intervals: 95%, bootstrap over"
        " sentences.",
        n=report.n,
        pivot=named(report.pivot),
        settings=parted(settings),
        chance=report.chance,
    )
    of = say("Sentences: {note}.", note=in_words(str(told["note"])[:200])) if told.get("note") else ""
    return f"{said} {of}".strip()


def about_cell(report: LayersShown, language: str, layer: int) -> str:
    """One cell: score, interval, what the tokenizer does to the language."""
    row = next(one for one in report.rows if one.language == language)
    at = report.layers.index(layer)
    told = row.told
    parts = [
        count(
            "{language} ({script}) in layer {layer}: <b>{score:.0%}</b> ({low:.0%} to {high:.0%}) of {n:,} sentence",
            "{language} ({script}) in layer {layer}: <b>{score:.0%}</b> ({low:.0%} to {high:.0%}) of {n:,} sentences",
            told.get("n", report.n),
            language=em(named(language)),
            script=escape(written(row.script)),
            layer=layer,
            score=row.scores[at],
            low=row.low[at],
            high=row.high[at],
        )
    ]
    if told.get("fertility") is not None:
        parts.append(say("{mean:.1f} subwords a word", mean=told["fertility"]))
    if told.get("parity") is not None:
        times = {"times": told["parity"], "pivot": em(named(report.pivot))}
        parts.append(say("{times:.1f} times as many tokens as {pivot}", **times))
    if told.get("unknown_share") is not None:
        parts.append(say("{share:.0%} of its characters unknown to the model", share=told["unknown_share"]))
    return say("{sentence}.", sentence=parted(parts))


def about_measure(report: LayersShown, language: str, layer: int, measure: str) -> str:
    """One cell by another measure than MEXA: value, interval, null, floor, and its definition."""
    row, at = next(one for one in report.rows if one.language == language), report.layers.index(layer)
    found, member = row.also[measure][at], SENTENCE_MEASURES[measure]
    fields = {"measure": escape(say(member.title)), "value": _number(found)}
    parts = [say("{measure}: <b>{value}</b>", **fields)]
    if found.null is not None:
        parts = [say("{measure}: <b>{value}</b>, 95% of chance below {p95:.2f}", p95=found.null.p95, **fields)]
    if measure != "floor" and "floor" in row.also:
        floor = _number(row.also["floor"][at])
        parts.append(say("cosine of sentences that do not belong together {value}", value=floor))
    said = say("{sentence}.", sentence=parted(parts))
    return f"{said} {say('{sentence}.', sentence=escape(say(member.help)))}"


def index_said(report: LayersShown) -> str:
    """Where sentences go over from lying by language to lying by meaning."""
    values = [float(one) for one in report.interlingua]
    best = max(range(len(values)), key=lambda i: values[i] if values[i] == values[i] else -2.0)
    above = next((layer for layer, value in zip(report.layers, values, strict=True) if value > 0), None)
    found = report.interlingua[best]
    turn = (
        say("from layer {layer} on more of the nearest mean the same than share the language", layer=above)
        if above is not None
        else say("in every layer at least as many of the nearest share the language as mean the same")
    )
    return say(
        "Interlingua index, highest in layer {layer}: <b>{value}</b>, n = {n:,}; {turn}. k-NN purity by meaning less"
        " purity by language over all languages together.",
        layer=report.layers[best],
        value=_number(found),
        n=found.n,
        turn=turn,
    )


def _number(found: Figure) -> str:
    if not found.known:
        return say("unknown")
    ends, value = found.interval, f"{found.value:.2f}"
    return say("{value} ({low} to {high})", value=value, low=f"{ends[0]:.2f}", high=f"{ends[1]:.2f}") if ends else value


def difference(report: LayersShown, other: LayersShown, layer: int) -> str:
    """Two reports in one sentence."""
    theirs = {row.language: row for row in other.rows}
    both = [row for row in report.rows if row.language in theirs]
    at, their_at = report.layers.index(layer), other.layers.index(layer)
    gain = np.array([row.scores[at] - theirs[row.language].scores[their_at] for row in both])
    best = both[int(gain.argmax())]
    worst = both[int(gain.argmin())]
    return count(
        "{report} less {other} in layer {layer}: <b>{median:+.0%}</b> in the median of {n:,} language, from"
        " {least:+.0%} ({worst}) to {most:+.0%} ({best}).",
        "{report} less {other} in layer {layer}: <b>{median:+.0%}</b> in the median of {n:,} languages, from"
        " {least:+.0%} ({worst}) to {most:+.0%} ({best}).",
        len(both),
        report=em(report.name),
        other=em(other.name),
        layer=layer,
        median=float(np.median(gain)),
        least=gain.min(),
        worst=em(named(worst.language)),
        most=gain.max(),
        best=em(named(best.language)),
    )


def two(report: LayersShown, other: LayersShown, layer: int) -> str:
    """Two reports beside each other in one sentence, over the languages that both have; the other's nearest layer from
    below, where it has not so many.
    """
    theirs = max((one for one in other.layers if one <= layer), default=other.layers[0])
    both = {row.language for row in report.rows} & {row.language for row in other.rows}
    said = []
    for one, at in ((report, layer), (other, theirs)):
        scores = [float(row.scores[one.layers.index(at)]) for row in one.rows if row.language in both]
        passed = sum(score >= PASS for score in scores)
        told = {"report": em(one.name), "passed": passed, "layer": at, "median": float(np.median(scores))}
        said.append(say("{report} <b>{passed:,}</b> by layer {layer} (median {median:.0%})", **told))
    return count(
        "Of {n:,} language pass {level:.0%}: {one} and {other}.",
        "Of {n:,} languages pass {level:.0%}: {one} and {other}.",
        len(both),
        level=PASS,
        one=said[0],
        other=said[1],
    )
