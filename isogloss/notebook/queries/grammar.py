"""The grammar of rules: a small parser that never evaluates anything.

    rule       = all ("or" all)*
    all        = one ("and" one)*
    one        = "not" one | "(" rule ")" | comparison
    comparison = value (operator value)+ | value ["not"] "in" "(" literal ("," literal)* ")"
    operator   = "=" "==" "!=" "≠" "<>" "<" "<=" "≤" ">" ">=" "≥"
    value      = column | literal

A column is a name (letters, digits, `_`, `.`; several words may stand beside each other) or anything in backquotes; a
literal is a number, a text in quotation marks, `true` or `false`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal as OneOf

from isogloss.errors import InvalidValue

LONGEST, DEEPEST, MOST_PARTS = 2_000, 20, 200
Operator = OneOf["=", "≠", "<", "≤", ">", "≥"]
_SPELT: dict[str, Operator] = {
    **dict.fromkeys(("=", "=="), "="),
    **dict.fromkeys(("≠", "!=", "<>"), "≠"),
    **dict.fromkeys(("≤", "<="), "≤"),
    **dict.fromkeys(("≥", ">="), "≥"),
    "<": "<",
    ">": ">",
}
_TOKEN = re.compile(
    r"""\s*(?:
    (?P<number>[+\-−]?(?:\d+\.?\d*|\.\d+)(?:[eE][+\-]?\d+)?)(?![\w.])
    |(?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|“[^”]*”|‘[^’]*’)
    |(?P<quoted>`[^`]+`)
    |(?P<name>[^\W\d][\w.]*)
    |(?P<operator>==|!=|<>|<=|>=|[=≠<≤>≥])
    |(?P<mark>[(),])
    )""",
    re.VERBOSE | re.DOTALL,
)
_WORDS = ("and", "or", "not", "in")
_PLAIN = re.compile(r"[^\W\d][\w.]*")


@dataclass(frozen=True)
class Column:
    name: str


@dataclass(frozen=True)
class Literal:
    value: float | str | bool


@dataclass(frozen=True)
class Compare:
    left: Column | Literal
    operator: Operator
    right: Column | Literal


@dataclass(frozen=True)
class Within:
    column: Column
    values: tuple[float | str | bool, ...]


@dataclass(frozen=True)
class Not:
    part: Node


@dataclass(frozen=True)
class Every:
    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Either:
    parts: tuple[Node, ...]


Node = Compare | Within | Not | Every | Either


def parsed(text: str) -> Node:
    """The tree of a rule. Raises InvalidValue with the place where it goes wrong.

    >>> parsed("q < .05 and not script in ('Latn', 'Cyrl')").parts[0]
    Compare(left=Column(name='q'), operator='<', right=Literal(value=0.05))
    """
    if len(text) > LONGEST:
        raise InvalidValue(f"the rule has {len(text):,} letters", f"write at most {LONGEST:,}")
    reader = _Reader(text, list(_tokens(text)))
    tree = reader.either(0)
    if reader.kind != "end":
        raise reader.wrong("and, or, or the end")
    return tree


def columns_of(node: Node) -> dict[str, None]:
    """Names of columns, in order."""
    if isinstance(node, Every | Either):
        return {name: None for part in node.parts for name in columns_of(part)}
    if isinstance(node, Not):
        return columns_of(node.part)
    if isinstance(node, Within):
        return {node.column.name: None}
    return {side.name: None for side in (node.left, node.right) if isinstance(side, Column)}


def named(column: str) -> str:
    """A column as a rule writes it.

    >>> named("rank"), named("target script"), named("in")
    ('rank', '`target script`', '`in`')
    """
    plain = _PLAIN.fullmatch(column) and column.casefold() not in (*_WORDS, "true", "false")
    return column if plain else "`" + column.replace("`", "'") + "`"


def spelt(value: float | str | bool) -> str:
    """A literal as a rule writes it.

    >>> spelt("it's"), spelt(0.05), spelt(3.0), spelt(True)
    ("'it\\\\'s'", '0.05', '3', 'true')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    at: int


def _tokens(text: str) -> Iterator[_Token]:
    at, end = 0, len(text.rstrip())
    while at < end:
        found = _TOKEN.match(text, at)
        if not found or found.lastgroup is None:
            start = at + len(text[at:]) - len(text[at:].lstrip())
            raise InvalidValue(
                f"the rule cannot be read at {text[start : start + 20]!r} (letter {start + 1})",
                "compare columns with values, as in: script = 'Cyrl' and rank > 10; odd names stand in backquotes",
            )
        kind, told = found.lastgroup, found[found.lastgroup]
        if kind == "name" and told.casefold() in _WORDS:
            kind, told = "word", told.casefold()
        yield _Token(kind, told, found.start(found.lastgroup))
        at = found.end()


class _Reader:
    """Tokens, one after another. parts: comparisons so far."""

    def __init__(self, text: str, tokens: list[_Token]) -> None:
        self._tokens = [*tokens, _Token("end", "", len(text))]
        self._place = self._parts = 0

    @property
    def kind(self) -> str:
        return self._tokens[self._place].kind

    def _take(self) -> _Token:
        self._place += 1
        return self._tokens[self._place - 1]

    def _is(self, *texts: str) -> bool:
        one = self._tokens[self._place]
        return one.kind in ("word", "mark") and one.text in texts

    def wrong(self, wanted: str) -> InvalidValue:
        one = self._tokens[self._place]
        got = repr(one.text[:20]) if one.text else "it ends"
        return InvalidValue(f"the rule: {got} at letter {one.at + 1}", f"there should be {wanted}")

    def either(self, depth: int) -> Node:
        parts = [self._both(depth)]
        while self._is("or"):
            self._take()
            parts.append(self._both(depth))
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _both(self, depth: int) -> Node:
        parts = [self._one(depth)]
        while self._is("and"):
            self._take()
            parts.append(self._one(depth))
        return parts[0] if len(parts) == 1 else Every(tuple(parts))

    def _one(self, depth: int) -> Node:
        if depth > DEEPEST:
            raise InvalidValue(f"the rule is nested deeper than {DEEPEST}", "write it flatter")
        if self._is("not"):
            self._take()
            return Not(self._one(depth + 1))
        if self._is("("):
            self._take()
            inner = self.either(depth + 1)
            self._close()
            return inner
        return self._comparison()

    def _close(self) -> None:
        if not self._is(")"):
            raise self.wrong("a closing parenthesis")
        self._take()

    def _comparison(self) -> Node:
        self._parts += 1
        if self._parts > MOST_PARTS:
            raise InvalidValue(f"the rule has more than {MOST_PARTS} comparisons", "use `in (…)`, or two rules")
        left = self._value()
        if self._is("not", "in"):
            return self._within(left)
        if self.kind != "operator":
            raise self.wrong("an operator (= ≠ < ≤ > ≥) or `in`")
        found: list[Node] = []
        while self.kind == "operator":
            operator = _SPELT[self._take().text]
            right = self._value()
            if isinstance(left, Literal) and isinstance(right, Literal):
                raise InvalidValue("the rule compares two values", "compare a column; texts stand in quotation marks")
            found.append(Compare(left, operator, right))
            left = right
        return found[0] if len(found) == 1 else Every(tuple(found))

    def _within(self, left: Column | Literal) -> Node:
        negated = self._is("not")
        if negated:
            self._take()
        if not self._is("in") or not isinstance(left, Column):
            raise self.wrong("`in` after the name of a column")
        self._take()
        if not self._is("("):
            raise self.wrong("a list in parentheses")
        values: list[float | str | bool] = []
        while not values or self._is(","):
            self._take()
            one = self._value()
            if isinstance(one, Column):
                raise InvalidValue(f"the rule lists {one.name[:40]!r}", "texts in a list stand in quotation marks")
            values.append(one.value)
        self._close()
        found = Within(left, tuple(values))
        return Not(found) if negated else found

    def _value(self) -> Column | Literal:
        if self.kind == "number":
            return Literal(float(self._take().text.replace("−", "-")))
        if self.kind == "text":
            told = self._take().text
            return Literal(re.sub(r"\\(.)", r"\1", told[1:-1], flags=re.DOTALL) if told[0] in "'\"" else told[1:-1])
        if self.kind == "quoted":
            return Column(self._take().text[1:-1])
        if self.kind != "name":
            raise self.wrong("a column, a number or a text in quotation marks")
        words = [self._take().text]
        while self.kind == "name":
            words.append(self._take().text)
        if len(words) == 1 and words[0].casefold() in ("true", "false"):
            return Literal(words[0].casefold() == "true")
        return Column(" ".join(words))
