"""Addresses of electronic mail."""

from __future__ import annotations

import re
from collections.abc import Iterable

from isogloss.rewriting.spans._base import ByMark

_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9_%+-]++(?:\.[A-Za-z0-9_%+-]++)*@[A-Za-z0-9-]++(?:\.[A-Za-z0-9-]++)++"
)


class Email(ByMark):
    name, title, marks = "email", "E-mail", ("@",)

    def find(self, text: str) -> Iterable[tuple[int, int, str]]:
        """
        >>> list(Email().find("to me@a.org."))
        [(3, 11, 'me@a.org')]
        """
        return ((one.start(), one.end(), one[0]) for one in _EMAIL.finditer(text))


member = Email()
