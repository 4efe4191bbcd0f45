"""What the Scripts page says in words, and its table of figures."""

from __future__ import annotations

import math
from html import escape
from typing import Any

from components.parts.numbers import number, probability, share
from components.shell.frame import em
from isogloss.separation.report import FIGURES, Report

NAMES = {
    "pooled_precision_at_1": "pooled P@1",
    "eta_squared": "η²",
    "purity_at_10": "k-NN purity@10",
    "paired_precision_at_1": "paired P@1",
    "probe": "probe",
    "silhouette": "silhouette",
}
MEANS = {
    "pooled_precision_at_1": (
        "share of terms that find their meaning in another group first, among all terms of all groups but "
        "its translations in their own; more is better"
    ),
    "eta_squared": "share of the variance between groups; less is better",
    "purity_at_10": "share of the ten nearest from the same group; nearer to its null is better",
    "paired_precision_at_1": "the same as pooled, but searching one other group at a time; hides separation",
    "probe": "held-out logistic regression naming the group, 0 is guessing and 1 always right; saturates",
    "silhouette": "−1 to 1, cosine; higher is farther apart",
}


def finding(report: Report, space: str, by: str, removal: str = "none", before: Report | None = None) -> str:
    """The first line of the page; markup."""
    value = report.values
    if len(report.groups) < 2:
        return f"{em(space)} has one {escape(by)}: there is nothing to tell apart."
    many = f"{len(report.groups)} {escape(by)}s"
    said = f"In {em(space)}, {share(value['eta_squared'])} of the variance lies between {many}"
    p1 = value["pooled_precision_at_1"]
    if not math.isfinite(p1):
        return f"{said}, and {value['purity_at_10']:.0%} of a term's nearest ten are of its own {escape(by)}."
    if removal != "none" and before is not None:
        was = before.values["pooled_precision_at_1"]
        better = "rise to" if p1 > was else "fall to" if p1 < was else "stay at"
        return (
            f"{said} after {escape(removal)}; the terms that find their meaning in another {escape(by)} first "
            f"{better} {p1:.1%}, from {was:.1%}."
        )
    return f"{said}; {share(p1)} of the terms find their meaning in another {escape(by)} first."


def table(reports: dict[str, Report], by: str) -> list[dict[str, Any]]:
    """One row a figure: each report's value and interval, its null and p, and which way is better."""
    rows = []
    for name in sorted(FIGURES, key=list(NAMES).index):
        row: dict[str, Any] = {"figure": NAMES[name]}
        for label, report in reports.items():
            value = report.values[name]
            ci = report.ci.get(name)
            interval = f" ({number(ci[0])} to {number(ci[1])})" if ci and math.isfinite(value) else ""
            null = report.null.get(name)
            row[label] = f"{number(value)}{interval}"
            row[f"shuffled, {label}"] = f"{number(null.mean)}; p {probability(null.p_value)}" if null else "–"
        row["reads"] = MEANS[name]
        rows.append(row)
    return rows


def ground(report: Report, by: str) -> str:
    """n, what was fitted where, and the identical strings; plain text."""
    parts = [
        f"Measured on {report.n:,} items of the half of the concepts on which nothing was fitted, 95 % intervals over"
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
