"""What the Scripts page says in words, and its table of figures."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from components.parts.numbers import figure, number, probability, share
from components.shell.frame import em, ems
from isogloss.separation.report import FIGURES, Report

NAMES = {
    "pooled_precision_at_1": "pooled P@1",
    "eta_squared": "η²",
    "purity_at_10": "k-NN purity@10",
    "paired_precision_at_1": "paired P@1",
    "probe": "probe",
    "silhouette": "silhouette",
}


def finding(report: Report, space: str, by: str, *, removal: str = "none", before: Report | None = None) -> str:
    """The first line of the page; markup."""
    if len(report.groups) < 2:
        return f"{em(space)} has one {escape(by)}: there is nothing to tell apart."
    many = f"{len(report.groups)} {escape(by)}s"
    said = f"In {em(space)}, {share(report['eta_squared'].value)} of the variance lies between {many}"
    p1 = report["pooled_precision_at_1"].value
    if not math.isfinite(p1):
        return f"{said}, and {report['purity_at_10'].value:.0%} of a term's nearest ten are of its own {escape(by)}."
    if removal != "none" and before is not None:
        was = before["pooled_precision_at_1"].value
        better = "rise to" if p1 > was else "fall to" if p1 < was else "stay at"
        return (
            f"{said} after {escape(removal)}; the terms that find their meaning in another {escape(by)} first "
            f"{better} {p1:.1%}, from {was:.1%}."
        )
    return f"{said}; {share(p1)} of the terms find their meaning in another {escape(by)} first."


def over_stages(reports: Mapping[str, Report], by: str) -> str:
    """What the stages of an encoder did, from the first to the last; markup. Empty where it cannot be told."""
    names = list(reports)
    first, last = reports[names[0]], reports[names[-1]]
    values = [report["pooled_precision_at_1"].value for report in reports.values()]
    if len(names) < 2 or len(last.groups) < 2 or not all(map(math.isfinite, values)):
        return ""
    told = [f"{value:.1%}" if value < 0.01 else f"{value:.0%}" for value in values]
    found = "rise" if values[-1] > values[0] else "fall" if values[-1] < values[0] else "stay"
    between = [f"{value} by {em(name)} alone" for name, value in zip(names[1:-1], told[1:-1], strict=True)]
    return (
        f"{by.capitalize()} explains {share(first['eta_squared'].value)} of the variance {em(names[0])} and"
        f" {share(last['eta_squared'].value)} {em(names[-1])}; terms that find their meaning in another {escape(by)}"
        f" first {found} from {told[0]} to {told[-1]}{', '.join(['', *between])}."
    )


def of_concept(item: str, concept: str, found: int, forms: int, space: str) -> str:
    """The first line of the page for a concept; markup."""
    return (
        f"{em(item)} is one of {forms:,} forms of {em(concept)}: in {em(space)} the nearest other text of {found:,}"
        f" ({share(found / max(forms, 1))}) is another form of it."
    )


def unread_note(groups: Sequence[str], by: str) -> str:
    """Which groups the encoder does not know; markup, empty for none."""
    if not groups:
        return ""
    return (
        f"The encoder does not know {len(groups)} of the {escape(by)}s: {ems(list(groups), len(groups))}. It gives all"
        " their texts nearly one vector, so they lie in one place; they are grey in the maps and the matrix."
    )


def table(reports: dict[str, Report], by: str) -> list[dict[str, Any]]:
    """One row a figure: each report's value and interval, its null and p, and which way is better."""
    rows = []
    for name in sorted(FIGURES, key=list(NAMES).index):
        row: dict[str, Any] = {"figure": NAMES[name]}
        for label, report in reports.items():
            one = report[name]
            row[label] = figure(one)
            row[f"shuffled, {label}"] = f"{number(one.null.mean)}; p {probability(one.null.p)}" if one.null else "–"
        rows.append(row | {"reads": next(iter(reports.values()))[name].how})
    return rows


def ground(report: Report, by: str) -> str:
    """n, what was fitted where, and the identical strings; plain text."""
    parts = [
        f"Measured on {report.n:,} items of the half of the concepts on which nothing was fitted, 95% intervals over"
        f" concepts. Nulls: meanings shuffled within each {by} for P@1, {by}s within each meaning for the others."
    ]
    if math.isfinite(report.with_identical) and report.n_distinct < report.n:
        parts.append(
            f"Names spelt alike are counted once for P@1 ({report.n_distinct:,} items are left); with them pooled P@1 "
            f"would be {number(report.with_identical)}."
        )
    if math.isfinite(report.other_language):
        parts.append(
            f"Script is confounded with language: {report.other_language:.0%} of the same-script neighbors are of"
            " another language."
        )
    return " ".join(parts)
