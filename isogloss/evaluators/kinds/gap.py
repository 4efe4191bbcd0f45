"""How much worse an encoder finds texts in their romanisation than in their own script."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from isogloss.encoders.encoder import Encoder
from isogloss.errors import InvalidValue
from isogloss.figure import Figure
from isogloss.separation.gap import Line, read_lines, transliteration_gaps


class TransliterationGap:
    name = "gap"
    title = "gap of romanisation"
    help = "P@1 in the own script less P@1 romanized, by language."
    subject = "an encoder"
    against = "parallel lines, or the path of a TSV of them"

    def claims(self, subject: object) -> bool:
        return all(hasattr(subject, name) for name in ("encode", "pieces", "dim"))

    def __call__(
        self, subject: Encoder, against: Sequence[Line] | str | Path | None = None, **options: Any
    ) -> dict[str, Figure]:
        """Language → gap."""
        if against is None:
            raise InvalidValue("an encoder was given without lines", f"give {self.against}")
        lines = read_lines(Path(against)) if isinstance(against, str | Path) else against
        return {one.language: one.gap for one in transliteration_gaps(lines, subject, **options)}


member = TransliterationGap()
