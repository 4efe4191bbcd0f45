"""A space by the name of its collection and its own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Reference:
    """
    >>> Reference.parse("novels-en/English")
    Reference(collection='novels-en', space='English')
    >>> str(Reference("novels-en", "English"))
    'novels-en/English'
    """

    collection: str
    space: str

    def __str__(self) -> str:
        return f"{self.collection}/{self.space}"

    @classmethod
    def parse(cls, text: str) -> Reference:
        """COLLECTION/SPACE; the name of a space may hold a slash, that of a collection does not."""
        collection, _, space = text.partition("/")
        return cls(collection, space)
