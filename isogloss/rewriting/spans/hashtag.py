"""Hashtags in any script."""

from __future__ import annotations

import regex

from isogloss.rewriting.span import plain_key
from isogloss.rewriting.spans._base import BySign

_TAG = regex.compile(r"(?<![\w&/#])#(?=[\w\p{M}]*\p{L})[\w\p{M}\u200c\u200d]+")


class Hashtag(BySign):
    name, title, signs = "hashtag", "Hashtags", "#"

    def match(self, text: str, at: int) -> tuple[int, str | None] | None:
        """
        >>> Hashtag().match("#हिन्दी!", 0)[0], Hashtag().match("#12", 0)
        (7, None)
        """
        found = _TAG.match(text, at)
        return (found.end(), plain_key(found[0].casefold())) if found else None


member = Hashtag()
