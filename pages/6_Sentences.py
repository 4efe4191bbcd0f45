"""Sentences: whether a model is aligned across languages and scripts, layer by layer, and which sentences say no."""

from components.notebook.keep import keep_made
from components.parts.spoken import say
from components.sentences.forms import measure_run
from components.sentences.panel import measure_panel, pick_measure, pick_report, pick_rows, pick_side, shown
from components.sentences.retrieval import shown_retrieval
from components.sentences.romanised import shown_romanised
from components.sentences.runs import VIEWS, empty, pick_run, pick_view
from components.sentences.sts import pick_language, shown_sts
from components.shell.bar import drawer, quiet_bar
from components.shell.frame import frame, lead, note, shown_errors
from components.shell.jobs import others_after
from components.shell.pickers import show_dropped
from isogloss.sentences.kept import RETRIEVAL, STS

with frame("Sentences"), others_after():
    quiet_bar("Sentences")
    kind = VIEWS[pick_view()]
    report = other = run = None
    with drawer(), shown_errors():
        if kind:
            name, run = pick_run(kind)
            if run is not None and kind == STS:
                language = pick_language(run)
        else:
            report, other = pick_report()
            if report is not None:
                side = pick_side(other)
                rows, layer = pick_rows(report, other, side=side)
                measure = pick_measure(report, other)
    show_dropped()
    with shown_errors():
        if run is not None and kind == RETRIEVAL:
            shown_retrieval(name, run, keep=keep_made)
        elif run is not None and kind == STS:
            shown_sts(name, run, language, keep=keep_made)
        elif run is not None:
            shown_romanised(name, run, keep=keep_made)
        elif kind:
            empty(kind)
        elif report is not None:
            shown(report, other, rows, layer, measure=measure, side=side, keep=keep_made)
        else:
            lead(say("Is a model aligned across languages and scripts, layer by layer?"))
            note(say("No model has been measured yet: measure one below."))
    measure_run(kind) if kind else measure_panel()
