"""Tags of HTML, and others that stand alone; comments. Entities (`&nbsp;`) are passed over."""

from __future__ import annotations

import re

from isogloss.rewriting.span import plain_key
from isogloss.rewriting.spans._base import MOST, TAG, BySign, attributes_key

_COMMENT = re.compile(rf"<!--.{{0,{MOST}}}?-->", re.DOTALL)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


class Tag(BySign):
    name, title, signs = "tag", "Tags", "<&"

    def match(self, text: str, at: int) -> tuple[int, str | None] | None:
        """
        >>> Tag().match('<br/>', 0), Tag().match("<BR>", 0), Tag().match("</a>", 0), Tag().match("<3", 0)
        ((5, '<br>'), (4, '<br>'), (4, '</a>'), None)
        """
        if text[at] == "&":
            entity = _ENTITY.match(text, at)
            return (entity.end(), None) if entity else None
        if found := TAG.match(text, at):
            attributes = attributes_key(found["attributes"])
            key = f"<{found['slash']}{found['name'].lower()}{' ' if attributes else ''}{attributes}>"
            return found.end(), plain_key(key)
        comment = _COMMENT.match(text, at)
        return (comment.end(), plain_key(comment[0])) if comment else None


member = Tag()
