"""isogloss story."""

from __future__ import annotations

from isogloss.cli.command import Command
from isogloss.cli.grouped import Grouped
from isogloss.family import Family


class Stories(Grouped):
    help = "findings in order: whether their figures still hold, and a talk in one file"
    actions: Family[Command] = Family("action of story", "isogloss.cli.story", first=("check", "export"))


member = Stories()
