r"""LaTeX: between dollars, in \( \) and \[ \], environments, and commands with arguments."""

from __future__ import annotations

import re

from isogloss.rewriting.span import plain_key
from isogloss.rewriting.spans._base import MOST, BySign

_ARGUMENT = r"\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*+\})*+\})*+\}"
_FORMS = (
    re.compile(rf"\$\$(?!\$).{{1,{MOST}}}?\$\$", re.DOTALL),
    re.compile(rf"\\\[.{{1,{MOST}}}?\\\]", re.DOTALL),
    re.compile(rf"\\\(.{{1,{MOST}}}?\\\)", re.DOTALL),
    re.compile(rf"\\begin\{{(\w{{1,40}}\*?)\}}.{{0,{MOST}}}?\\end\{{\1\}}", re.DOTALL),
    re.compile(rf"\\[A-Za-z]{{2,40}}(?:\[[^\]\n]{{0,200}}\])?(?:{_ARGUMENT})++"),
)
_AFTER_DOLLAR, _AFTER_SLASH = _FORMS[:1], _FORMS[1:]
# as pandoc reads it; ${x} opens none, and the sign of %1$s belongs to that
_LINE = re.compile(rf"\$(?![\s$]|\{{[\w.]*\}})((?:%\d{{1,3}}\$|[^$\\\n]|\\.){{1,{MOST}}}+)(?<!\s)\$(?!\d)")
_MATHS = re.compile(r"[\\^_=+*/<>|{}-]|^[A-Za-z]{1,2}(?:['(].*)?$")
_BLANKS = re.compile(r"\s+")


class Latex(BySign):
    name, title, signs = "latex", "LaTeX", "$\\"

    def match(self, text: str, at: int) -> tuple[int, str | None] | None:
        r"""Two prices are no formula.

        >>> Latex().match("$x^2$", 0), Latex().match("$5 and $6", 0)
        ((5, '$x^2$'), None)
        """
        for form in _AFTER_DOLLAR if text[at] == "$" else _AFTER_SLASH:
            if found := form.match(text, at):
                return found.end(), plain_key(_BLANKS.sub(" ", found[0]))
        found = _LINE.match(text, at) if text[at] == "$" else None
        if found and _MATHS.search(found[1]):
            return found.end(), plain_key(_BLANKS.sub(" ", found[0]))
        return None


member = Latex()
