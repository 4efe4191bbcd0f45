"""Names from people where Streamlit reads Markdown: every sign stands for itself.

Labels of widgets, buttons, expanders and links, options of pills, captions and helps are read as Markdown, which can
make the reader's browser fetch pictures. `plain` escapes; `as_written` says whether it has to: options of pills that
are bound to the address stand there as they are, so a name that would have to be escaped is offered in a box, which
reads none.
"""

from __future__ import annotations

import re

LONGEST = 60
_JOINER = "\u2060"  # breaks what is looked for after signs were unescaped: shortcodes, addresses, arrows
_UNSEEN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")  # controls, and turns of direction
_FOUND_LATE = re.compile(r"[:@]|[wW]{3}(?=\.)|[<>~-](?=[->=])")
_SIGNS = re.compile(r"([!-/:-@\[-`{-~])")
_READ = re.compile(
    r"[\\`*~\[\]<>!$:|#@^{}\n\r\x00-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]|--|[wW]{3}\.|&(?=[#\w])"
    r"|(?<![^\W_])_|_(?![^\W_])"  # between two letters it is one of them
    r"|^\s*([-+]|\d+[.)])(\s|$)|^\s*[-=]+\s*$"
)


def plain(text: object, longest: int = LONGEST) -> str:
    """A name as a label, which reads Markdown: on one line, at most `longest` characters before it is escaped.

    >>> plain("*a*"), plain("a.csv")
    ('\\\\*a\\\\*', 'a.csv')
    >>> plain("a\\n\\n# b")
    'a \\\\# b'
    """
    line = " ".join(_UNSEEN.sub("", str(text)).split())[:longest]
    if as_written(line):
        return line
    return _SIGNS.sub(r"\\\1", _FOUND_LATE.sub(lambda found: found[0] + _JOINER, line))


def as_written(name: str) -> bool:
    """Whether Markdown shows a name as it is written.

    >>> as_written("1946-1969"), as_written("a_b"), as_written("*a*"), as_written("_a_")
    (True, True, False, False)
    """
    return not _READ.search(name)
