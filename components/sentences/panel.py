"""The page: which report, its map, a cell and the sentences that fail there, and measuring a model of one's own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from html import escape
from typing import Any

import pyarrow as pa
import streamlit as st

from components.parts.drawn import drawn
from components.parts.figure_tools import figure_tools
from components.parts.labels import named, written
from components.parts.palette import ON_DARK, ON_LIGHT
from components.parts.spoken import count, later, say
from components.parts.tables import csv_button
from components.sentences.beside import beside
from components.sentences.control import against_control, controls_of
from components.sentences.copied import copied_said, twin
from components.sentences.forms import MINE, set_said
from components.sentences.heat import curves, heat, index_curve
from components.sentences.kept import Keep, case_of_cell, case_of_sentence, keeping
from components.sentences.layer_space import to_map
from components.sentences.said import about_cell, about_measure, difference, headline, index_said, method, two
from components.shell import state
from components.shell.frame import is_dark, lead, note, shown_errors
from components.shell.intake import pick_files
from components.shell.jobs import command, key_of, offer
from components.shell.pickers import pick_said
from components.shell.stage.charts import chart
from components.shell.visit import workspace
from isogloss.encoders.layers import POOLS
from isogloss.errors import InvalidValue
from isogloss.sentences.given.own import own_sentences
from isogloss.sentences.measure import SENTENCE_MEASURES
from isogloss.sentences.reports import LayerReports, LayersShown, Row
from isogloss.sentences.sets import SETS
from isogloss.text.script import script_title
from isogloss.workspace.access import model_name, read_only

SORTS = (later("score"), later("script"), later("subwords a word"), later("token parity"), later("name"))
NONE, MEXA = later("none"), "MEXA"
DIFFERENCE, BESIDE = later("difference"), later("side by side")
_ALL = later("all")
_MOST_OTHERS = 30  # languages that a sentence is shown in


def pick_report() -> tuple[LayersShown | None, LayersShown | None]:
    """The report that is looked at, and the one it is held against. Raises NotFound, InvalidValue."""
    shelf = LayerReports(workspace())
    names = list(shelf.files())
    if not names:
        return None, None
    state.turned("report")
    state.check_bound({"report": names, "against": [NONE, *names]}, {"report": names[0], "against": NONE})
    name = st.selectbox(say("Model and sentences"), names, key="report", bind="query-params")
    others = [NONE, *(one for one in names if one != name)]
    against = pick_said(
        st.selectbox,
        say("Against"),
        others,
        key="against",
        default=NONE,
        ours=[NONE],
        help=say("Another report, taken away or beside it."),
    )
    return shelf.open(name), None if against == NONE else shelf.open(against)


def pick_side(other: LayersShown | None) -> bool:
    """Whether two reports stand side by side; else their difference is shown."""
    if other is None:
        return False
    state.check_bound({"as": [DIFFERENCE, BESIDE]}, {"as": DIFFERENCE})
    return pick_said(st.selectbox, say("Shown as"), [DIFFERENCE, BESIDE], key="as", default=DIFFERENCE) == BESIDE


def pick_rows(report: LayersShown, other: LayersShown | None, *, side: bool = False) -> tuple[list[Row], int]:
    """Which languages in which order, and the layer that the sentence is about."""
    layers = [layer for layer in report.layers if other is None or side or layer in other.layers]
    if not layers:
        raise InvalidValue(say("the two reports share no layer"), say("choose another one"))
    last = layers[-1]
    state.check_number("layer", layers[0], last, last)
    layer = last
    if len(layers) > 1:
        layer = st.select_slider(say("Layer"), layers, last, key="layer", bind="query-params", on_change=_leave_cell)
    state.check_bound({"sort": list(SORTS)}, {"sort": SORTS[0]})
    sort = pick_said(st.selectbox, say("Sorted by"), SORTS, key="sort", default=SORTS[0])
    titles = {script_title(row.script): row.script for row in report.rows}  # the address holds what is shown
    scripts = [_ALL, *sorted(titles)]
    state.check_bound({"script": scripts}, {"script": _ALL})
    script = pick_said(
        st.selectbox,
        say("Script"),
        scripts,
        key="script",
        default=_ALL,
        said=lambda one: written(titles[one]) if one in titles else say(one),
    )
    script = titles.get(script, _ALL)
    theirs = None if other is None else {row.language for row in other.rows}
    rows = [row for row in report.rows if (script in (_ALL, row.script)) and (theirs is None or row.language in theirs)]
    return _sorted(report, rows, sort, int(layer)), int(layer)


def _leave_cell() -> None:
    """Another layer: the cell goes with it, in the language that was looked at."""
    _tell(cell="", of="")


def _sorted(report: LayersShown, rows: Sequence[Row], sort: str, layer: int) -> list[Row]:
    at = report.layers.index(layer)
    keys: dict[str, Callable[[Row], Any]] = {
        "score": lambda row: (-row.scores[at], row.language),
        "script": lambda row: (row.script, -row.scores[at]),
        "subwords a word": lambda row: (row.told.get("fertility") or 0.0, row.language),
        "token parity": lambda row: (row.told.get("parity") or 0.0, row.language),
        "name": lambda row: named(row.language),
    }
    return sorted(rows, key=keys[sort])


def pick_measure(report: LayersShown, other: LayersShown | None) -> str:
    """Another measure than MEXA, where the report has some and nothing is taken away; empty for MEXA."""
    if other is not None or not report.measures:
        return ""
    names = [MEXA, *report.measures]
    state.check_bound({"measure": names}, {"measure": MEXA})
    found = st.selectbox(
        say("Measure"), names, key="measure", bind="query-params", help=say("Beside MEXA, as it was asked for.")
    )
    return "" if found == MEXA else str(found)


def shown(
    report: LayersShown,
    other: LayersShown | None,
    rows: list[Row],
    layer: int,
    *,
    measure: str = "",
    side: bool = False,
    keep: Keep | None = None,
) -> None:
    """Headline, map, cell, curves, table. measure: that of the map, empty for MEXA. side: two maps instead of their
    difference. keep: takes a case into the notebook.
    """
    if not rows:
        note(say("No language is left: choose another script."))
        return
    if other and side:
        lead(two(report, other, layer))
    else:
        alone = against_control if controls_of(report) else headline
        lead(difference(report, other, layer) if other else alone(report, layer))
    title = say(SENTENCE_MEASURES[measure].title) if measure else MEXA
    with st.container(key="picture"):
        answer = chart(
            drawn(beside, report, other, tuple(rows))
            if other and side
            else drawn(heat, report, tuple(rows), other, measure=measure),
            key=f"layers-map-{layer}-{side}",  # a cell that was clicked stays chosen until another layer is
            height="stretch",
            on_select="rerun",
            selection_mode="points",
            config={"displayModeBar": False},
            alt=say("{measure} of every language in every layer", measure=title),
        )
    told = {"measure": title, "model": report.model, "n": report.n}
    figure_tools(
        "picture", ("layers", report.name), say("{measure} by language and layer, {model}, n = {n:,}.", **told)
    )
    reports = [report, other] if other and side else [report]
    report, language, at = _cell(answer["selection"]["points"], reports, rows, layer)
    note(about_cell(report, language, at))
    if measure:
        note(about_measure(report, language, at, measure))
    keeping(keep, lambda: case_of_cell(report, language, at, measure=measure), say("Keep this cell"), key="cell")
    _failing(report, language, at, keep=keep)
    to_map(report, rows, language, at)
    if other is None and (control := twin(report)) is not None:
        note(copied_said(report, control, layer))
    left, right = st.columns(2, gap="large")
    theirs = {row.language: row for row in report.rows}
    own = [theirs[one.language] for one in rows]
    row = next(one for one in own if one.language == language)
    same = [one for one in own if one.script == row.script]
    with left:
        note(say("{language} by layer", language=escape(named(language))))
        _curves(say("By layer"), "curve", report, (row,), language)
    if len(same) > 1:
        with right:
            note(
                count(
                    "{n:,} language in {script} letters, and its median",
                    "{n:,} languages in {script} letters, and their median",
                    len(same),
                    script=escape(written(row.script)),
                )
            )
            _curves(say("Of the script"), "curves", report, tuple(same), "")
    if report.interlingua:
        note(index_said(report))
        alt = say("Interlingua index by layer")
        chart(drawn(index_curve, report), key="index", config={"displayModeBar": False}, alt=alt)
    _table(report, own)
    with st.expander(say("How it was measured")):
        note(escape(method(report)))


def _curves(alt: str, key: str, report: LayersShown, rows: tuple[Row, ...], title: str) -> None:
    ink = ON_DARK if is_dark() else ON_LIGHT
    chart(drawn(curves, report, rows, title, ink), key=key, config={"displayModeBar": False}, alt=alt)


def _cell(
    points: Sequence[dict[str, Any]], reports: Sequence[LayersShown], rows: list[Row], layer: int
) -> tuple[LayersShown, str, int]:
    """The cell that was clicked, else that of the address, else the worst language in the layer; and its report."""
    by_name = {one.name: one for one in reports}
    for point in points:
        language, number, *of = str(point.get("customdata", "")).split("\x1f")
        report = by_name.get(of[0] if of else reports[0].name)
        if report and any(row.language == language for row in rows) and _layer(number, report) is not None:
            _tell(language=language, cell=number, of="" if report is reports[0] else report.name)
            return report, language, int(number)
    report = by_name.get(state.read("of"), reports[0])
    at = _layer(state.read("cell"), report)
    if at is None:
        if asked := state.read("cell"):
            state.dropped("cell", asked, say("layer {layer}", layer=layer))
        at = layer if layer in report.layers else report.layers[-1]
    asked = state.read("language")
    if any(row.language == asked for row in rows):
        return report, asked, at
    if asked:
        state.dropped("language", asked, say("the one that is farthest behind"))
    place = report.layers.index(at)
    shown = {row.language for row in rows}
    worst = min((row for row in report.rows if row.language in shown), key=lambda r: (r.scores[place], r.language))
    return report, worst.language, at


def _tell(**told: str) -> None:
    """Into the address; what is empty is taken out of it."""
    for key, value in told.items():
        if not value:
            st.query_params.pop(key, None)
        elif state.read(key) != value:
            st.query_params[key] = value


def _layer(number: str, report: LayersShown) -> int | None:
    """A layer of a report by what the address or the map says, or None."""
    return int(number) if number.isascii() and number.isdigit() and int(number[:6]) in report.layers else None


def _failing(report: LayersShown, language: str, layer: int, *, keep: Keep | None = None) -> None:
    found = report.failures(language, layer)
    if found is None:
        note(
            say(
                "The sentences that fail are not shipped with these figures: measure the model on sentences of your"
                " own."
            )
        )
        return
    if not found:
        note(say("Every sentence finds its translation here."))
        return
    table = pa.Table.from_pylist(found)
    note(
        count(
            "{n:,} sentence fails.",
            "{n:,} sentences fail, the farthest from their partner's place first.",
            len(found),
        )
    )
    chosen = st.dataframe(
        table,
        hide_index=True,
        height=min(320, 38 + 35 * len(found)),
        key="failing",
        on_select="rerun",
        selection_mode="single-row",
        alt=say("Sentences that fail"),
    )
    for at in chosen["selection"]["rows"][:1]:
        if at < len(found):
            _sentence(report, language, layer, failed=found[at], keep=keep)
    csv_button(
        table,
        f"sentences that fail · {report.name} · {language} · layer {layer}",
        f"failures-{language}-{layer}.csv",
        key="failures-csv",
    )


def _sentence(
    report: LayersShown, language: str, layer: int, *, failed: dict[str, Any], keep: Keep | None = None
) -> None:
    """A sentence that was chosen among those that fail: the same in other languages."""
    for name, text in list(report.line_in(failed["line"], but=language).items())[:_MOST_OTHERS]:
        st.html(f'<p dir="auto"><small>{escape(named(name))}</small> {escape(text)}</p>')
    made = partial(case_of_sentence, report, language, layer, failed=failed)
    keeping(keep, made, say("Keep this sentence"), key="sentence")


def _table(report: LayersShown, rows: Sequence[Row]) -> None:
    told = [
        {
            "language": named(row.language),
            "script": written(row.script),
            "last layer": float(row.scores[-1]),
            "best layer": report.layers[int(row.scores.argmax())],
            "max": float(row.scores.max()),
            "mean": float(row.scores.mean()),
            "subwords a word": row.told.get("fertility"),
            "token parity": row.told.get("parity"),
            "unknown characters": row.told.get("unknown_share"),
            "n": row.told.get("n"),
        }
        for row in rows
    ]
    table = pa.Table.from_pylist(told)
    shares = {
        name: st.column_config.NumberColumn(format="percent")
        for name in ("last layer", "max", "mean", "unknown characters")
    }
    with st.expander(say("All {n:,} languages", n=len(rows))):
        st.dataframe(table, hide_index=True, column_config=shares, alt=say("Languages with their scores and tokens"))
        csv_button(table, f"MEXA by language · {report.name}", f"{report.name}.csv", key="layers-csv")


def measure_panel() -> None:
    """Measure a model on a set that needs no file, or on one's own sentences."""
    if read_only():
        return
    with st.expander(say("Measure a model")), shown_errors():
        note(
            say(
                "Any transformers encoder or decoder in safetensors, every layer of it. <i>sentences</i> are short ones"
                " in {n} languages (of our own writing, not checked by native speakers); <i>phrases</i> are dates,"
                " measures, spans of time and names from Unicode CLDR in some 160 languages; your own sentences are a"
                " table with a column for each language, a file for each, or a TMX.",
                n=len(own_sentences().languages),
            )
        )
        model = st.text_input(say("Folder or name of the model"), key="layers-model", max_chars=400).strip()
        left, middle, right = st.columns(3)
        which = left.selectbox(say("Sentences"), [*SETS, MINE], key="layers-set", format_func=set_said)
        pool = middle.selectbox(say("Pooling"), POOLS, POOLS.index("weighted"), key="layers-pool")
        prefix = right.text_input(say("Prefix"), key="layers-prefix", max_chars=60, placeholder="query: ")
        files = [str(one.path) for one in pick_files(say("Sentences"), "layers-files")] if which == MINE else [which]
        left, middle, right = st.columns(3)
        pivot = left.text_input(say("Pivot"), "en" if which in SETS else "eng", key="layers-pivot", max_chars=40)
        languages = middle.text_input(say("Languages, by commas"), key="layers-languages", max_chars=2_000)
        limit = right.number_input(say("Sentences of each"), 2, 2_000, 100, key="layers-limit")
        copied = st.toggle(say("Take copied Latin letters and digits out of other scripts"), key="layers-copied")
        also = st.multiselect(
            say("Other measures"),
            SENTENCE_MEASURES.names,
            key="layers-also",
            placeholder=say("Choose options"),
            format_func=lambda one: say(SENTENCE_MEASURES[one].title),
        )
        index = st.toggle(say("Interlingua index: do sentences lie by meaning or by language"), key="layers-index")
        name = st.text_input(say("Name of the report"), "my-model", key="layers-name", max_chars=64).strip()
        if not model or not files:
            note(say("Name a model.") if files else say("Name a model, and give sentences."))
            return
        asked = command(
            "mexa",
            files,
            model=model_name(model),
            pool=pool,
            prefix=prefix or None,
            pivot=pivot.strip() or "eng",
            languages=languages.strip() or None,
            limit=int(limit),
            without_copied=copied,
            also=",".join(also) or None,
            interlingua=index,
            keep=name,
        )
        told = say("Some 5 to 10 seconds a language and hundred sentences; it goes on where it was when it is stopped.")
        if offer(key_of("mexa", asked), asked, told, label=say("Measure")):
            state.turn_to("report", name)
