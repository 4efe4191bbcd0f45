"""Vocabulary: the words of a model: what it knows, the model with fewer of them, and with new ones."""

from components.parts.spoken import say
from components.shell.bar import drawer, quiet_bar
from components.shell.frame import frame, shown_errors
from components.shell.jobs import others_after
from components.shell.pickers import show_dropped
from components.vocabulary.knows import shown_knows
from components.vocabulary.nursery import pick_nursery, shown_nursery
from components.vocabulary.pick import pick, pick_model, pick_view
from components.vocabulary.trimming import pick_trim, shown_trim

with frame("Vocabulary"), others_after():
    quiet_bar("Vocabulary")
    view = pick_view()
    with shown_errors():
        with drawer():
            picked = pick()
            if view == "Knows":
                second = pick_model(say("A second one beside it"), "vocabulary-second")
            elif view == "Trim":
                names, choice = pick_trim(picked)
            else:
                asked = pick_nursery(picked)
        show_dropped()
        if view == "Knows":
            shown_knows(picked, second)
        elif view == "Trim":
            shown_trim(picked, names, choice)
        else:
            shown_nursery(picked, asked)
