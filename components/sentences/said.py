"""What a report of layers says, in words; markup of ours around escaped text."""

from __future__ import annotations

from html import escape

import numpy as np

from components.parts.labels import named
from components.shell.frame import em
from isogloss.figure import Figure
from isogloss.sentences.measure import SENTENCE_MEASURES
from isogloss.sentences.reports import LayersShown
from isogloss.text.script import script_title

PASS, FAIL = 0.95, 0.5
_UNKNOWN = 0.1


def headline(report: LayersShown, layer: int) -> str:
    """The first sentence: how many languages pass by a layer, who stays behind, and why where the reason is at hand."""
    scores = report.at(layer)
    n, passed = len(scores), int((scores >= PASS).sum())
    behind = [row for row, score in zip(report.rows, scores, strict=True) if score < FAIL]
    model = f"{em(report.model.partition('@')[0])}: "
    said = f"{model}<b>{passed:,} of {n:,}</b> languages pass {PASS:.0%} by layer {layer}"
    if not behind:
        return f"{said}; none stays under {FAIL:.0%}."
    best = report.rows[int(scores.argmax())]
    if not passed:
        said = (
            f"{model}<b>no</b> language of {n:,} passes {PASS:.0%} by layer {layer}, the best is"
            f" {em(named(best.language))} with {scores.max():.0%}"
        )
    blind = sum((row.told.get("unknown_share") or 0) > _UNKNOWN for row in behind)
    few = ", ".join(em(named(row.language)) for row in behind[:3]) + (" …" if len(behind) > 3 else "")
    why = f", {blind:,} of them in scripts that it does not know" if blind else ""
    return f"{said}; {len(behind):,} stay under {FAIL:.0%}{why} ({few})."


def method(report: LayersShown) -> str:
    """How it was measured, plain text."""
    told = report.told
    prefix = f", prefix {told['prefix']!r}" if told.get("prefix") else ""
    copied = "" if told.get("copied", True) else "; Latin letters and digits taken out of lines of other scripts"
    pool = told.get("pool", "weighted")
    return (
        f"MEXA (Kargaran et al. 2024): the share of {report.n:,} sentences whose translation is strictly nearer than"
        f" all else, both ways; ties are losses; pivot {named(report.pivot)}; {pool} pooling{prefix}{copied}. Chance"
        f" {report.chance:.1%}. Intervals: 95%, bootstrap over sentences."
        + (f" Sentences: {str(told['note'])[:200]}." if told.get("note") else "")
    )


def about_cell(report: LayersShown, language: str, layer: int) -> str:
    """One cell: score, interval, what the tokenizer does to the language."""
    row = next(one for one in report.rows if one.language == language)
    at = report.layers.index(layer)
    told = row.told
    parts = [
        f"{em(named(language))} ({escape(script_title(row.script))}) in layer {layer}: <b>{row.scores[at]:.0%}</b>"
        f" ({row.low[at]:.0%} to {row.high[at]:.0%}) of {told.get('n', report.n):,} sentences"
    ]
    if told.get("fertility") is not None:
        parts.append(f"{told['fertility']:.1f} subwords a word")
    if told.get("parity") is not None:
        parts.append(f"{told['parity']:.1f} times as many tokens as {em(named(report.pivot))}")
    if told.get("unknown_share") is not None:
        parts.append(f"{told['unknown_share']:.0%} of its characters unknown to the model")
    return "; ".join(parts) + "."


def about_measure(report: LayersShown, language: str, layer: int, measure: str) -> str:
    """One cell by another measure than MEXA: value, interval, null, floor, and its definition."""
    row, at = next(one for one in report.rows if one.language == language), report.layers.index(layer)
    found, member = row.also[measure][at], SENTENCE_MEASURES[measure]
    said = f"{escape(member.title)}: <b>{_number(found)}</b>"
    if found.null is not None:
        said += f", 95% of chance below {found.null.p95:.2f}"
    if measure != "floor" and "floor" in row.also:
        said += f"; cosine of sentences that do not belong together {_number(row.also['floor'][at])}"
    return f"{said}. {escape(member.help)}."


def index_said(report: LayersShown) -> str:
    """Where sentences go over from lying by language to lying by meaning."""
    values = [float(one) for one in report.interlingua]
    best = max(range(len(values)), key=lambda i: values[i] if values[i] == values[i] else -2.0)
    above = next((layer for layer, value in zip(report.layers, values, strict=True) if value > 0), None)
    found = report.interlingua[best]
    said = f"Interlingua index, highest in layer {report.layers[best]}: <b>{_number(found)}</b>, n = {found.n:,}"
    turn = (
        f"from layer {above} on more of the nearest mean the same than share the language"
        if above is not None
        else "in every layer at least as many of the nearest share the language as mean the same"
    )
    return f"{said}; {turn}. k-NN purity by meaning less purity by language over all languages together."


def _number(found: Figure) -> str:
    if not found.known:
        return "unknown"
    ends = found.interval
    return f"{found.value:.2f}" + (f" ({ends[0]:.2f} to {ends[1]:.2f})" if ends else "")


def difference(report: LayersShown, other: LayersShown, layer: int) -> str:
    """Two reports in one sentence."""
    theirs = {row.language: row for row in other.rows}
    both = [row for row in report.rows if row.language in theirs]
    at, their_at = report.layers.index(layer), other.layers.index(layer)
    gain = np.array([row.scores[at] - theirs[row.language].scores[their_at] for row in both])
    best = both[int(gain.argmax())]
    worst = both[int(gain.argmin())]
    return (
        f"{em(report.name)} less {em(other.name)} in layer {layer}: <b>{float(np.median(gain)):+.0%}</b> in the median"
        f" of {len(both):,} languages, from {gain.min():+.0%} ({em(named(worst.language))}) to {gain.max():+.0%}"
        f" ({em(named(best.language))})."
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
        said.append(f"{em(one.name)} <b>{passed:,}</b> by layer {at} (median {float(np.median(scores)):.0%})")
    return f"Of {len(both):,} languages pass {PASS:.0%}: {' and '.join(said)}."
