"""Bilingual lexicon induction: how often the nearest targets of a mapped source are its gold translations."""

from __future__ import annotations

from typing import Any

from isogloss.alignment.fit import Fit
from isogloss.alignment.trial import DIRECTIONS
from isogloss.errors import InvalidValue
from isogloss.figure import Figure


class Bli:
    name = "bli"
    title = "lexicon induction"
    help = "P@1, P@5, P@10, MRR and coverage of an alignment's test words."
    subject = "an alignment that was tested"
    against = ""

    def claims(self, subject: object) -> bool:
        return isinstance(subject, Fit)

    def __call__(
        self,
        subject: Fit,
        against: Any = None,
        *,
        retrieval: str = "csls",
        direction: str = DIRECTIONS[0],
        oov: str = "dropped",
    ) -> dict[str, Figure]:
        """retrieval: nn, csls or isf. direction: which side asks. oov: `dropped` or `wrong`."""
        if not subject.outcome.found:
            raise InvalidValue("nothing was tested", "give test=0.2 or a dictionary")
        found = subject.outcome.found.get(direction, {})
        if retrieval not in found:
            raise InvalidValue(
                f"there is no {retrieval[:40]!r} from {direction[:40]!r}",
                f"choose from {', '.join(next(iter(subject.outcome.found.values())))} and {', '.join(DIRECTIONS)}",
            )
        return found[retrieval].figures(oov)


member = Bli()
