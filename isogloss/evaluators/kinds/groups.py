"""How far the scripts or languages of a space lie apart."""

from __future__ import annotations

from typing import Any

from isogloss.figure import Figure
from isogloss.separation.report import measure_separation
from isogloss.spaces.space import Space


class Groups:
    name = "groups"
    title = "separation of groups"
    help = "η², pooled and paired P@1, probe, purity and silhouette of a space's groups."
    subject = "a space"
    against = ""

    def claims(self, subject: object) -> bool:
        return isinstance(subject, Space)

    def __call__(self, subject: Space, against: Any = None, **options: Any) -> dict[str, Figure]:
        """options: those of `measure_separation`."""
        return dict(measure_separation(subject, **options).figures)


member = Groups()
