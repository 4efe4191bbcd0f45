"""What the Scripts page says in words, and its table of figures."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from components.parts.numbers import figure, number, probability, share
from components.parts.spoken import count, later, say
from components.shell.frame import em, ems
from isogloss.separation.report import FIGURES, Report

NAMES = {
    "pooled_precision_at_1": later("pooled P@1"),
    "eta_squared": "η²",
    "purity_at_10": later("k-NN purity@10"),
    "paired_precision_at_1": later("paired P@1"),
    "probe": later("probe"),
    "silhouette": later("silhouette"),
}
_ONE = {"script": later("script"), "language": later("language")}
_EXPLAINS = {"script": later("Script explains"), "language": later("Language explains")}
_MANY = {"script": later("scripts"), "language": later("languages")}


def of_groups(by: str, *, many: bool = False) -> str:
    """What groups are, in a sentence, escaped: `script`, `language`, or the name of a column as it is written."""
    known = _MANY if many else _ONE
    return escape(say(known[by]) if by in known else f"{by}s" if many else by)


def finding(report: Report, space: str, by: str, *, removal: str = "none", before: Report | None = None) -> str:
    """The first line of the page; markup."""
    group = of_groups(by)
    if len(report.groups) < 2:
        return say("{space} has one {group}: there is nothing to tell apart.", space=em(space), group=group)
    told = {
        "space": em(space),
        "share": share(report["eta_squared"].value),
        "n": len(report.groups),
        "groups": of_groups(by, many=True),
        "group": group,
    }
    p1 = report["pooled_precision_at_1"].value
    if not math.isfinite(p1):
        return say(
            "In {space}, {share} of the variance lies between {n} {groups}, and {purity:.0%} of a term's nearest ten"
            " are of its own {group}.",
            purity=report["purity_at_10"].value,
            **told,
        )
    if removal != "none" and before is not None:
        told |= {"removal": escape(removal), "p": p1, "was": (was := before["pooled_precision_at_1"].value)}
        if p1 > was:
            return say(
                "In {space}, {share} of the variance lies between {n} {groups} after {removal}; the terms that find"
                " their meaning in another {group} first rise to {p:.1%}, from {was:.1%}.",
                **told,
            )
        if p1 < was:
            return say(
                "In {space}, {share} of the variance lies between {n} {groups} after {removal}; the terms that find"
                " their meaning in another {group} first fall to {p:.1%}, from {was:.1%}.",
                **told,
            )
        return say(
            "In {space}, {share} of the variance lies between {n} {groups} after {removal}; the terms that find their"
            " meaning in another {group} first stay at {p:.1%}, from {was:.1%}.",
            **told,
        )
    return say(
        "In {space}, {share} of the variance lies between {n} {groups}; {found} of the terms find their meaning in"
        " another {group} first.",
        found=share(p1),
        **told,
    )


def over_stages(reports: Mapping[str, Report], by: str) -> str:
    """What the stages of an encoder did, from the first to the last; markup. Empty where it cannot be told."""
    names = list(reports)
    first, last = reports[names[0]], reports[names[-1]]
    values = [report["pooled_precision_at_1"].value for report in reports.values()]
    if len(names) < 2 or len(last.groups) < 2 or not all(map(math.isfinite, values)):
        return ""
    shown = [f"{value:.1%}" if value < 0.01 else f"{value:.0%}" for value in values]
    between = [
        say(", {value} by {stage} alone", value=value, stage=em(name))
        for name, value in zip(names[1:-1], shown[1:-1], strict=True)
    ]
    group = of_groups(by)
    told = {
        "explains": _explains(by),
        "group": group,
        "share": share(first["eta_squared"].value),
        "first": em(names[0]),
        "later": share(last["eta_squared"].value),
        "last": em(names[-1]),
        "was": shown[0],
        "p": shown[-1],
        "between": "".join(between),
    }
    if values[-1] > values[0]:
        return say(
            "{explains} {share} of the variance {first} and {later} {last}; terms that find their meaning in another"
            " {group} first rise from {was} to {p}{between}.",
            **told,
        )
    if values[-1] < values[0]:
        return say(
            "{explains} {share} of the variance {first} and {later} {last}; terms that find their meaning in another"
            " {group} first fall from {was} to {p}{between}.",
            **told,
        )
    return say(
        "{explains} {share} of the variance {first} and {later} {last}; terms that find their meaning in another"
        " {group} first stay from {was} to {p}{between}.",
        **told,
    )


def _explains(by: str) -> str:
    if by in _EXPLAINS:
        return say(_EXPLAINS[by])
    return say("{group} explains", group=escape(by.capitalize()))


def of_concept(item: str, concept: str, found: int, forms: int, space: str) -> str:
    """The first line of the page for a concept; markup."""
    return count(
        "{word} is one of {n:,} forms of {concept}: in {space} the nearest other text of {found:,} ({share}) is"
        " another form of it.",
        "{word} is one of {n:,} forms of {concept}: in {space} the nearest other text of {found:,} ({share}) is"
        " another form of it.",
        forms,
        word=em(item),
        concept=em(concept),
        space=em(space),
        found=found,
        share=share(found / max(forms, 1)),
    )


def unread_note(groups: Sequence[str], by: str) -> str:
    """Which groups the encoder does not know; markup, empty for none."""
    if not groups:
        return ""
    return say(
        "The encoder does not know {n} of the {groups}: {names}. It gives all their texts nearly one vector, so they"
        " lie in one place; they are grey in the maps and the matrix.",
        n=len(groups),
        groups=of_groups(by, many=True),
        names=ems(list(groups), len(groups)),
    )


def table(reports: dict[str, Report], by: str) -> list[dict[str, Any]]:
    """One row a figure: each report's value and interval, its null and p, and which way is better."""
    rows = []
    for name in sorted(FIGURES, key=list(NAMES).index):
        row: dict[str, Any] = {say("figure"): say(NAMES[name])}
        for label, report in reports.items():
            one, shuffled = report[name], say("shuffled, {space}", space=label)
            row[label] = figure(one)
            row[shuffled] = f"{number(one.null.mean)}; p {probability(one.null.p)}" if one.null else "–"
        rows.append(row | {say("reads"): next(iter(reports.values()))[name].how})
    return rows


def ground(report: Report, by: str) -> str:
    """n, what was fitted where, and the identical strings; plain text."""
    parts = [
        say(
            "Measured on {n:,} items of the half of the concepts on which nothing was fitted, 95% intervals over"
            " concepts. Nulls: meanings shuffled within each {group} for P@1, {groups} within each meaning for the"
            " others.",
            n=report.n,
            group=say(_ONE[by]) if by in _ONE else by,
            groups=say(_MANY[by]) if by in _MANY else f"{by}s",
        )
    ]
    if math.isfinite(report.with_identical) and report.n_distinct < report.n:
        parts.append(
            say(
                "Names spelt alike are counted once for P@1 ({n:,} items are left); with them pooled P@1 would be {p}.",
                n=report.n_distinct,
                p=number(report.with_identical),
            )
        )
    if math.isfinite(report.other_language):
        parts.append(
            say(
                "Script is confounded with language: {share:.0%} of the same-script neighbors are of another language.",
                share=report.other_language,
            )
        )
    return " ".join(parts)
