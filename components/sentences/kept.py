"""Into the notebook: a cell, a sentence that fails, a matrix, the pairs of STS, native against romanised.

What was measured is kept on this machine under a name, and no command gives it again without the model: a case holds
its figures and its sentences.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from components.parts.labels import named
from isogloss.interface.languages import ENGLISH
from isogloss.notebook.case import Case
from isogloss.notebook.figures import KeptFigure
from isogloss.notebook.view import View
from isogloss.sentences.reports import LayersShown

Keep = Callable[[Case], None]
_PAGE, _LONGEST, _MOST_LINES, _MOST_FIGURES = "Sentences", 400, 50, 40
_TOLD = {"fertility": "subwords a word", "parity": "token parity", "unknown_share": "unknown characters"}


def case_of_cell(report: LayersShown, language: str, layer: int, *, measure: str = "") -> Case:
    """A language in a layer: its score, what the tokenizer does to it, and the first 50 sentences that fail there."""
    row = next(one for one in report.rows if one.language == language)
    at = report.layers.index(layer)
    n = row.told.get("n", report.n)
    found = [_figure("MEXA", row.scores[at], row.low[at], row.high[at], n)]
    for name, each in row.also.items():
        one = each[at]
        found.append(_figure(name, one.value, one.low, one.high, one.n))
    found += [_figure(told, row.told[key]) for key, told in _TOLD.items() if row.told.get(key) is not None]
    view = {"report": report.name, "language": language, "layer": str(layer), "measure": measure}
    return Case(
        View.of(_PAGE, {key: value for key, value in view.items() if value}),
        title=_title(named(language, ENGLISH), f"layer {layer}", report.model, report.name),
        figures=tuple(found[:_MOST_FIGURES]),
        lines=tuple(_failing(one) for one in (report.failures(language, layer) or ())[:_MOST_LINES]),
    )


def case_of_sentence(report: LayersShown, language: str, layer: int, *, failed: Mapping[str, Any]) -> Case:
    """A sentence that fails, what it was taken for, and what else is known of it."""
    others = report.line_in(failed["line"], but=language)
    lines = [_failing(failed), *(f"{name}\t{text[:_LONGEST]}" for name, text in others.items())]
    names = ("rank", "cosine", "cosine of that")
    return Case(
        View.of(_PAGE, {"report": report.name, "language": language, "layer": str(layer)}),
        title=_title(f"line {failed['line']}", named(language, ENGLISH), f"layer {layer}", report.model),
        figures=tuple(_figure(name, failed[name]) for name in names),
        lines=tuple(lines[:_MOST_LINES]),
        tags=("fails",),
    )


def case_of_run(kind: str, name: str, run: Mapping[str, Any], *, only: str = "") -> Case:
    """A matrix (Retrieval), the pairs of a language (STS, only: which), or native against romanised (Romanised)."""
    address = {"view": kind, "run": name} | ({"pairs": only} if only else {})
    figures, lines = _OF_RUN[kind](run, only)
    return Case(
        View.of(_PAGE, address),
        title=_title(kind, only, str(run["model"]).partition("@")[0], name),
        figures=tuple(figures[:_MOST_FIGURES]),
        lines=tuple(lines[:_MOST_LINES]),
    )


def keeping(keep: Keep | None, case: Callable[[], Case], label: str, *, key: str) -> None:
    """The button; none where nothing is kept."""
    if keep is not None and st.button(label, key=f"sentences-keep-{key}", icon=":material/bookmark_add:"):
        keep(case())


def _retrieval(run: Mapping[str, Any], only: str) -> tuple[list[KeptFigure], list[str]]:
    pairs = sorted(run["pairs"], key=lambda one: float(one["value"]))
    mean = sum(one["value"] for one in pairs) / max(len(pairs), 1)
    ends = pairs if len(pairs) <= 10 else [*pairs[:5], *pairs[-5:]]
    figures = [_figure(f"{one['source']} finds {one['target']}", *_values(one), run["n"]) for one in ends]
    places = [", ".join(languages) for languages in run["ranked"]]
    return [_figure("mean P@1", mean, n=run["n"]), *figures], [f"{i}\t{one}" for i, one in enumerate(places, 1)]


def _sts(run: Mapping[str, Any], only: str) -> tuple[list[KeptFigure], list[str]]:
    rows = [one for one in run["languages"] if not only or (one["language"] or "all") == only]
    figures = [_figure(f"Spearman {one['language']}".strip(), *_values(one), one["n"]) for one in rows]
    worst = [pair for one in rows for pair in one["worst"]]
    lines = [f"{one['score']:g}\t{one['cosine']:.3f}\t{one['sentence1']}\t{one['sentence2']}" for one in worst]
    return figures, [one[: 3 * _LONGEST] for one in lines]


def _romanised(run: Mapping[str, Any], only: str) -> tuple[list[KeptFigure], list[str]]:
    rows = sorted(run["languages"], key=lambda one: -float(one["gap"]["value"]))
    figures = [
        _figure(f"{one['language']} {key}", *_values(one[key]), one["n"])
        for one in rows
        for key in ("native", "uroman", "human", "gap")
        if key in one
    ]
    return figures, []


_OF_RUN = {"Retrieval": _retrieval, "STS": _sts, "Romanised": _romanised}


def _values(one: Mapping[str, Any]) -> tuple[Any, Any, Any]:
    return one["value"], one.get("low"), one.get("high")


def _figure(name: str, value: Any, low: Any = None, high: Any = None, n: Any = None) -> KeptFigure:
    """Numbers of any kind as JSON holds them; what is unknown is None."""
    a, b, c = (None if one is None or not math.isfinite(one) else float(one) for one in (value, low, high))
    return KeptFigure(name=name[:200], value=a, low=b, high=c, n=None if n is None else int(n))


def _failing(one: Mapping[str, Any]) -> str:
    told = (one["line"], one["text"], one["pivot"], one["confused with"])
    return "\t".join(str(part)[:_LONGEST] for part in told)


def _title(*parts: str) -> str:
    told: Sequence[str] = [one for one in parts if one]
    return " · ".join(told)[:_LONGEST]
