"""Drift against a gold list of changed words."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from isogloss.drift.gold import evaluate, read_gold
from isogloss.drift.ranking import Ranking
from isogloss.errors import InvalidValue
from isogloss.figure import Figure


class Gold:
    name = "gold"
    title = "gold list"
    help = "Spearman's ρ with a graded list; accuracy and average precision of a binary one."
    subject = "a ranking of drift"
    against = "a gold list: word → number, or the path of one"

    def claims(self, subject: object) -> bool:
        return isinstance(subject, Ranking)

    def __call__(
        self, subject: Ranking, against: Mapping[str, float] | str | Path | None = None, *, seed: int = 0
    ) -> dict[str, Figure]:
        if against is None:
            raise InvalidValue("a ranking was given without a gold list", f"give {self.against}")
        gold = read_gold(against) if isinstance(against, str | Path) else against
        found = evaluate(subject, gold, seed=seed)
        return {
            "spearman": found.spearman,
            "accuracy": found.accuracy,
            "average_precision": found.average_precision,
        }


member = Gold()
