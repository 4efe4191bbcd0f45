"""Addresses: http, https, ftp, and those that begin with www."""

from __future__ import annotations

from collections.abc import Iterable

import regex

from isogloss.rewriting.span import plain_key
from isogloss.rewriting.spans._base import ByMark

# Letters beyond ASCII belong to it only where a part begins with them: in Chinese nothing stands between it and a word.
_URL = regex.compile(
    r"(?:(?<![A-Za-z])(?:https?|ftp)://|(?<![A-Za-z0-9.])www\.)"
    r"(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]|\$?\{\{?[\w.]{0,60}\}?\}|(?<=[/=_#&\-])[^\W\x00-\x7f][\w\p{M}]*)+"
)
_BRACKETS = {")": "(", "]": "["}


class Url(ByMark):
    name, title, marks = "url", "Addresses", ("://", "www.")

    def find(self, text: str) -> Iterable[tuple[int, int, str]]:
        """Signs at the end that close a sentence are no part of it.

        >>> list(Url().find("(see https://a.org/b_(c)).")), list(Url().find("访问https://a.org获取"))
        ([(5, 24, 'https://a.org/b_(c)')], [(2, 15, 'https://a.org')])
        """
        for one in _URL.finditer(text):
            found = one[0]
            while found and (
                found[-1] in ".,;:!?'*_$"
                or (found[-1] in _BRACKETS and found.count(found[-1]) > found.count(_BRACKETS[found[-1]]))
            ):
                found = found[:-1]
            yield one.start(), one.start() + len(found), plain_key(found)


member = Url()
