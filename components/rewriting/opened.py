"""The pairs that the page is open on."""

from __future__ import annotations

from dataclasses import dataclass

from isogloss.rewriting.file import PairsFile
from isogloss.rewriting.pairs import Pairs


@dataclass(frozen=True)
class Opened:
    """key: what the pairs are known by in a session. file: None of the demo. name: what their owner calls them.

    source, target: columns or languages that were named.
    """

    pairs: Pairs
    key: tuple[str, ...]
    file: PairsFile | None = None
    name: str = ""
    source: str = ""
    target: str = ""

    @property
    def called(self) -> str:
        return self.name or self.pairs.name
