"""isogloss vocabulary."""

from __future__ import annotations

from isogloss.cli.command import Command
from isogloss.cli.grouped import Grouped
from isogloss.family import Family


class Vocabulary(Grouped):
    help = "the words of a model: what its tokenizer knows, the model with fewer of them, and with new ones"
    actions: Family[Command] = Family(
        "action of vocabulary", "isogloss.cli.vocabulary", first=("report", "trim", "grow")
    )


member = Vocabulary()
