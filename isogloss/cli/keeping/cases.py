"""isogloss cases."""

from __future__ import annotations

from isogloss.cli.command import Command
from isogloss.cli.grouped import Grouped
from isogloss.family import Family


class Cases(Grouped):
    help = "the notebook: cases kept with their evidence, checked again, taken in and out"
    actions: Family[Command] = Family(
        "action of cases",
        "isogloss.cli.cases",
        first="list show keep verify survives export import draw agree".split(),
    )


member = Cases()
