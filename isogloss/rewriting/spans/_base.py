"""What types of spans have in common: how they are found, and tags with their attributes."""

from __future__ import annotations

import re
from collections.abc import Iterable

MOST = 5_000  # characters of a span that is looked for between two signs
TAG = re.compile(
    r"<(?P<slash>/?)(?P<name>[A-Za-z_][\w:.-]*+)"
    r"(?P<attributes>(?:\s++[\w:@.-]++(?:\s*+=\s*+(?:\"[^\"<]*+\"|'[^'<]*+'|[^\s\"'<>=`]++))?)*+)\s*+(?P<alone>/?)>"
)
_ATTRIBUTE = re.compile(r"([\w:@.-]+)(?:\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'<>=`]+))?")
_READ = ("alt", "title", "placeholder", "aria-label", "label", "summary", "content", "lang", "dir", "xml:lang")
HTML = frozenset(
    "a abbr address article aside audio b bdi bdo big blockquote body br button caption center cite code col colgroup"
    " data dd del details dfn dialog div dl dt em embed fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6"
    " head header hgroup hr html i iframe img input ins kbd label legend li link main map mark menu meta meter nav"
    " noscript object ol optgroup option output p param picture pre progress q rp rt ruby s samp script section select"
    " small source span strike strong style sub summary sup svg table tbody td template textarea tfoot th thead time"
    " title tr track tt u ul var video wbr".split()
)


class BySign:
    """A type that is found by the character it begins with."""

    marks: tuple[str, ...] = ()
    follows: frozenset[str] = frozenset()

    def find(self, text: str) -> Iterable[tuple[int, int, str]]:
        return ()


class ByMark:
    """A type that is found beforehand, in texts that hold one of its marks."""

    signs = ""
    follows: frozenset[str] = frozenset()

    def match(self, text: str, at: int) -> tuple[int, str | None] | None:
        return None


def attributes_key(attributes: str) -> str:
    """Attributes in the order of their names; those that are read by people without their values.

    >>> attributes_key(' title="x" href=\\'a\\'')
    'href=a title'
    """
    found = []
    for name, value in _ATTRIBUTE.findall(attributes):
        read = name.lower() in _READ or not value
        found.append(name if read else f"{name}={value.strip(chr(34) + chr(39))}")
    return " ".join(sorted(found))
