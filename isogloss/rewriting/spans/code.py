"""Code: between fences (three backticks or tildes at the start of a line), or in a line between backticks."""

from __future__ import annotations

import re

from isogloss.rewriting.span import plain_key
from isogloss.rewriting.spans._base import MOST, BySign

_FENCE = re.compile(r"(`{3,}|~{3,})([^`\n]*)\n")
_INLINE = re.compile(rf"(`+)(?!`)(.{{1,{MOST}}}?)(?<!`)\1(?!`)", re.DOTALL)


class Code(BySign):
    name, title, signs = "code", "Code", "`~"

    def match(self, text: str, at: int) -> tuple[int, str | None] | None:
        """A fence that nothing closes goes on to the end of the text (CommonMark).

        >>> Code().match("`a`", 0)
        (3, 'a')
        """
        fence = _FENCE.match(text, at)
        if fence and not text[text.rfind("\n", 0, at) + 1 : at].strip():
            closing = re.compile(rf"^[ \t]*{fence[1]}{fence[1][0]}*[ \t]*$", re.MULTILINE).search(text, fence.end())
            body = text[fence.end() : closing.start() if closing else len(text)]
            lines = "\n".join(map(str.rstrip, body.rstrip().split("\n")))
            return closing.end() if closing else len(text), plain_key(f"{fence[2].strip()}\n{lines}")
        if text[at] == "~":
            return None
        if inline := _INLINE.match(text, at):
            return inline.end(), plain_key(inline[2])
        return at + len(text[at:]) - len(text[at:].lstrip("`")), None


member = Code()
