"""Placeholders: {device}, {{x}}, ${x}, %{x}, {% tag %}, printf's (%s, %1$s, %(name)s), and messages of ICU."""

from __future__ import annotations

import re

from isogloss.rewriting.span import plain_key
from isogloss.rewriting.spans._base import BySign
from isogloss.rewriting.spans._icu import icu_key

_NAME = r"[\w.$@#/\-\[\]]"
_FORMS = (
    re.compile(rf"\{{\{{\{{?\s*{_NAME}[^{{}}\n]{{0,200}}\}}\}}\}}?"),
    re.compile(r"\{%-?[^{}\n]{1,200}?%\}"),
    re.compile(rf"[$%]\{{{_NAME}[^{{}}\n]{{0,100}}\}}"),
    re.compile(rf"\{{\s*(?:{_NAME}{{0,100}})(?:![rsa])?(?::[^{{}},\n\"]{{0,40}})?\s*\}}"),
)
_BRACED, _SIGNED = (_FORMS[0], _FORMS[1], _FORMS[3]), _FORMS[2:3]
# a per cent sign after a digit is one; a blank is no flag, or "100 % der" would hold one
_PRINTF = re.compile(
    r"%(?:\d{1,3}\$|\([^()\s%]{1,60}\))?[-+#0]{0,3}(?:\d{1,3}|\*)?(?:\.(?:\d{1,3}|\*))?(?:hh|h|ll|l|L|q|z|j|t)?"
    r"[diouxXeEfFgGaAcCsSpnrb@]"
)
_BLANKS = re.compile(r"\s+")


class Placeholder(BySign):
    name, title, signs = "placeholder", "Placeholders", "{$%"

    def match(self, text: str, at: int) -> tuple[int, str | None] | None:
        """
        >>> Placeholder().match("{{ x }}", 0), Placeholder().match("%1$s", 0), Placeholder().match("50%in", 2)
        ((7, '{{x}}'), (4, '%1$s'), None)
        """
        for form in _BRACED if text[at] == "{" else _SIGNED:
            if found := form.match(text, at):
                return found.end(), plain_key(_BLANKS.sub("", found[0]))
        if text[at] == "{":
            return icu_key(text, at)
        if text[at] == "%":
            if text.startswith("%%", at):
                return at + 2, None
            found = _PRINTF.match(text, at)
            if found and not (at and text[at - 1].isdigit()):
                return found.end(), found[0]
        return None


member = Placeholder()
