"""Messages of ICU: an argument with its type, and the variants of plurals and selects, to their arguments."""

from __future__ import annotations

import re

from isogloss.rewriting.span import plain_key

_HEAD = re.compile(
    r"\{\s*([\w.\-]{1,100})\s*,\s*(plural|select|selectordinal|number|date|time|spellout|ordinal|duration|choice)\s*"
)
_STYLE = re.compile(r"(?:,([^{}]{0,200}))?\}")
_OFFSET = re.compile(r"offset:\s*\d{1,9}\s*")
_SELECTOR = re.compile(r"\s*(=\d{1,9}|[\w\-]{1,60})\s*\{")
_INNER = re.compile(r"\{\s*([\w.\-]{0,100})\s*\}")
_BRACE = re.compile(r"[{}]")
_DEEPEST = 16


class _Broken(Exception):
    pass


def icu_key(text: str, at: int) -> tuple[int, str | None] | None:
    """End and key of the argument that begins at a brace; None where there is none.

    The key of a plural holds its name and the arguments in its variants: which variants there are is up to the
    language. That of a select holds its selectors too. One that does not parse goes on to where its braces
    close, else to the end of its line.

    >>> icu_key("{n, plural, one {# file} other {# files of {owner}}}", 0)
    (52, 'n plural {owner}')
    >>> icu_key("{n, plural, one {# file}", 0)
    (24, 'broken: n plural')
    """
    head = _HEAD.match(text, at)
    if head is None:
        return None
    try:
        end, names = _argument(text, at, 0)
        return end, plain_key(names)
    except _Broken:
        return balanced(text, at), plain_key(f"broken: {head[1]} {head[2]}")


def balanced(text: str, at: int, *, until: str = "\n") -> int:
    """Where the brace at a character is closed, or where its line or paragraph ends."""
    end = text.find(until, at)
    end = len(text) if end < 0 else end
    level = 0
    for brace in _BRACE.finditer(text, at, end):
        level += 1 if brace[0] == "{" else -1
        if not level:
            return brace.end()
    return end


def _argument(text: str, at: int, level: int) -> tuple[int, str]:
    head = _HEAD.match(text, at)
    if head is None or level > _DEEPEST:
        raise _Broken
    name, kind = head[1], head[2]
    if kind not in ("plural", "select", "selectordinal"):
        style = _STYLE.match(text, head.end())
        if style is None:
            raise _Broken
        return style.end(), " ".join(f"{name} {kind} {style[1] or ''}".split())
    at = head.end()
    if not text.startswith(",", at):
        raise _Broken
    at += 1
    at += len(text[at:]) - len(text[at:].lstrip()) if text[at : at + 1].isspace() else 0
    if kind != "select" and (offset := _OFFSET.match(text, at)):
        at = offset.end()
    selectors: list[str] = []
    names: set[str] = set()
    while found := _SELECTOR.match(text, at):
        selectors.append(found[1])
        at, inner = _variant(text, found.end(), level + 1)
        names |= inner
    end = at + len(text[at:]) - len(text[at:].lstrip()) if text[at : at + 1].isspace() else at
    if not text.startswith("}", end) or "other" not in selectors or len(set(selectors)) < len(selectors):
        raise _Broken
    told = [name, kind, *(sorted(selectors) if kind == "select" else ()), *sorted(names)]
    return end + 1, " ".join(told)


def _variant(text: str, at: int, level: int) -> tuple[int, set[str]]:
    """The text of a variant up to its closing brace, and the arguments in it. An apostrophe before a brace quotes."""
    names: set[str] = set()
    while at < len(text):
        sign = text[at]
        if sign == "'" and text[at + 1 : at + 2] in ("{", "}"):
            end = text.find("'", at + 2)
            at = len(text) if end < 0 else end + 1
        elif sign == "}":
            return at + 1, names
        elif sign == "{":
            if plain := _INNER.match(text, at):
                names.add(f"{{{plain[1]}}}")
                at = plain.end()
            else:
                at, told = _argument(text, at, level)
                names.add(f"{{{told}}}")
        else:
            at += 1
    raise _Broken
