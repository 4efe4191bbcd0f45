"""The control for copied characters: by how much it matters, where a model was measured with them and without."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from components.parts.labels import named
from components.parts.spoken import commas, count, say
from components.shell.frame import em
from components.shell.visit import workspace
from isogloss.sentences.reports import LayerReports, LayersShown

_SAME = ("pool", "prefix", "note")
_MOST = 100  # reports that are looked at


def twin(report: LayersShown) -> LayersShown | None:
    """A report at hand that differs in whether copied Latin letters and digits stayed, and in nothing else."""
    shelf = LayerReports(workspace())
    for name, file in list(shelf.files().items())[:_MOST]:
        try:
            if name != report.name and _key(str(file), file.stat().st_mtime_ns, name) == _of(report, turned=True):
                return shelf.open(name)
        except Exception:  # what is no report is said where it is opened
            continue
    return None


def copied_said(report: LayersShown, other: LayersShown, layer: int) -> str:
    """By how much the control matters in a layer, in the languages that are not written in Latin letters."""
    with_them, without = (report, other) if report.told.get("copied", True) else (other, report)
    if layer not in with_them.layers or layer not in without.layers:
        return ""
    theirs = {row.language: row for row in without.rows}
    both = [row for row in with_them.rows if row.language in theirs and row.script != "Latn"]
    if not both:
        return ""
    at, their_at = with_them.layers.index(layer), without.layers.index(layer)
    before = np.array([row.scores[at] for row in both])
    after = np.array([theirs[row.language].scores[their_at] for row in both])
    most = [i for i in np.argsort(after - before, kind="stable")[:3].tolist() if after[i] < before[i]]
    falls = commas(f"{em(named(both[i].language))} {before[i]:.0%} → {after[i]:.0%}" for i in most)
    return count(
        "Copied characters: without Latin letters and digits, {n:,} language of another script changes by"
        " <b>{change:+.0%}</b> in the median in layer {layer}; {falls}. ({kept} against {without}.)",
        "Copied characters: without Latin letters and digits, {n:,} languages of other scripts change by"
        " <b>{change:+.0%}</b> in the median in layer {layer}; {falls}. ({kept} against {without}.)",
        len(both),
        change=float(np.median(after - before)),
        layer=layer,
        falls=say("most of all {languages}", languages=falls) if falls else say("none falls"),
        kept=em(with_them.name),
        without=em(without.name),
    )


@lru_cache(maxsize=256)
def _key(path: str, changed: int, name: str) -> tuple[object, ...]:
    """path, changed: what the answer is kept by."""
    return _of(LayerReports(workspace()).open(name))


def _of(report: LayersShown, *, turned: bool = False) -> tuple[object, ...]:
    copied = bool(report.told.get("copied", True))
    languages = frozenset((row.language, row.told.get("n")) for row in report.rows)
    same = tuple(str(report.told.get(key, "")) for key in _SAME)
    return (report.model, report.pivot, report.layers, languages, same, copied is not turned)
