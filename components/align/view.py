"""An alignment as the address would say it whole, and its results as the command would print them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from components.align.panel import Asked
from components.align.rows import Outcomes
from components.align.table import Cell
from isogloss.alignment.anchors.source import AnchorSource
from isogloss.alignment.method import METHODS, declared
from isogloss.alignment.outcomes import table
from isogloss.alignment.reasons import of_words
from isogloss.alignment.trial import DIRECTIONS, Trial
from isogloss.notebook.commands import options_of
from isogloss.notebook.replay import Run

_KINDS = {"identical": "identical strings", "unsupervised": "none"}


def whole_view(asked: Asked, cell: Cell) -> dict[str, str]:
    """Every choice that decides the figures of a cell, by its key in the address."""
    setup = asked.setup
    told = {
        "source": str(asked.sides[0]),
        "target": str(asked.sides[1]),
        "method": METHODS[cell.method].title,
        "retrieval": cell.retrieval.upper(),
        "limit": str(setup.limit),
        "steps": ",".join(setup.learning.steps),
        "seed": str(setup.learning.seed),
        "case": setup.case,
        "clean": "true" if setup.leave_out else "",
        "script": "true" if asked.script_filter else "",
        "test": "held out",
        "share": f"{setup.share:g}",
        **_anchors(setup.anchors, "train", "anchors"),
        **(_anchors(setup.test, "test", "test") if setup.test else {}),
    }
    for name, one in declared().items():
        value = setup.learning.given.get(name, one.default)
        if value != one.default:
            told[str(one.field.metadata["key"] or name)] = str(value)
    return told


def results_of(asked: Asked, outcomes: Outcomes, cell: Cell) -> dict[str, Any]:
    """The results of the cell's method and retrieval, as `isogloss align … --json` prints them."""
    rows = table(outcomes[cell.method], seed=asked.setup.learning.seed)
    return {"results": [row for row in rows if row["retrieval"] == cell.retrieval]}


def output_of(asked: Asked, trial: Trial, outcomes: Outcomes) -> Run:
    """What gives the output of the command of a kept row from the outcomes at hand; every word is explained once."""

    @cache
    def words(method: str, retrieval: str) -> list[dict[str, Any]]:
        found = {way: {retrieval: some[retrieval]} for way, some in outcomes[method].found.items()}
        return of_words(trial, found, languages=asked.languages)

    def run(command: Sequence[str]) -> dict[str, Any]:
        told = options_of(command)
        cell = Cell(told["method"], told["retrieval"], DIRECTIONS[0])
        output = results_of(asked, outcomes, cell)
        if word := told.get("word"):
            output["words"] = [row for row in words(cell.method, cell.retrieval) if row["word"] == word]
        return output

    return run


def _anchors(source: AnchorSource, key: str, kind: str) -> dict[str, str]:
    if source.kind == "lexicon":
        return {kind: "lexicon", f"{key}-from": source.source, f"{key}-to": source.target}
    return {kind: _KINDS.get(source.kind, source.kind)}
