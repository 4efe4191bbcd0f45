"""A report with a control: what its language finds, beside what the control does."""

from __future__ import annotations

from components.parts.labels import named
from components.parts.spoken import say
from components.shell.frame import em
from isogloss.sentences.reports import LayersShown, Row


def controls_of(report: LayersShown) -> list[Row]:
    """Rows of the report that are no translation, as it says itself: what they find is not by meaning."""
    told = report.told.get("controls")
    return [row for row in report.rows if isinstance(told, list) and row.language in told]


def against_control(report: LayersShown, layer: int) -> str:
    """The best language in a layer with its interval, and the best control there; markup around escaped text."""
    controls, at = controls_of(report), report.layers.index(layer)
    rest = [row for row in report.rows if row not in controls] or list(report.rows)
    best, control = (max(rows, key=lambda row: float(row.scores[at])) for rows in (rest, controls))
    return say(
        "{model}: <b>{score:.0%}</b> ({low:.0%} to {high:.0%}) of the sentences of {language} find their own by layer"
        " {layer}; of {control}, the control, {chance:.0%}.",
        model=em(report.model.partition("@")[0]),
        score=best.scores[at],
        low=best.low[at],
        high=best.high[at],
        language=em(named(best.language)),
        layer=layer,
        control=em(named(control.language)),
        chance=control.scores[at],
    )
