"""A rule decides for every token whether it is put into another script."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from isogloss.errors import InvalidValue
from isogloss.rewriting.words.arabic import transliterated
from isogloss.rewriting.words.tokens import LABELS, Tokenised
from isogloss.text.matches import closest
from isogloss.text.script import script_of

ETYMOLOGY = "etymology"
KINDS = (ETYMOLOGY, "script", "language")
ALL, NONE = "all", "none"


@dataclass(frozen=True)
class Rule:
    """kind: `all`, `none`, or what is asked of a token: etymology, script, language. values: that say yes."""

    kind: str
    values: tuple[str, ...] = ()


def rule(text: str) -> Rule:
    """`etymology=Arabic,Symbol`, `script=Latn`, `language=mt,ar` (a column of tokens), `all` or `none`.

    Raises InvalidValue.

    >>> rule("etymology=Arabic, Symbol")
    Rule(kind='etymology', values=('Arabic', 'Symbol'))
    >>> rule("origin=Arabic")
    Traceback (most recent call last):
    isogloss.errors.InvalidValue: the rule is 'origin=Arabic': give etymology=…, script=…, language=…, all or none
    """
    told = text.strip()
    if told in (ALL, NONE):
        return Rule(told)
    kind, _, values = told.partition("=")
    named = tuple(one.strip() for one in values.split(",") if one.strip())
    if kind.strip() not in KINDS or not named:
        raise InvalidValue(f"the rule is {text[:60]!r}", "give etymology=…, script=…, language=…, all or none")
    return Rule(kind.strip(), named)


def decided(
    given: Tokenised, asked: Rule, origin: Callable[[Sequence[str]], Sequence[str]] | None = None
) -> list[list[bool]]:
    """Yes or no for each token of each sentence. origin: labels of tokens, where no column says them.

    Raises InvalidValue where what the rule asks is not known, or none of its values is there.
    """
    if asked.kind in (ALL, NONE):
        return [[asked.kind == ALL] * len(row) for row in given.sentences]
    if asked.kind == "script":
        known: Sequence[Sequence[str]] = [[script_of(token) for token in row] for row in given.sentences]
        return [[one in asked.values for one in row] for row in known]
    if asked.kind == ETYMOLOGY:
        column = given.labels()
        if column is None and origin is None:
            raise InvalidValue("no column says where tokens come from", f"add a column {' or '.join(LABELS[:2])}")
        known = column if column is not None else [origin(row) if origin else [] for row in given.sentences]
    elif asked.kind in given.columns:
        known = given.columns[asked.kind]
    else:
        raise InvalidValue(f"the tokens have no column {asked.kind}", "give a table token, language, or another rule")
    there = {label for row in known for label in row}
    if there and not there & set(asked.values) and column_known(given, asked):
        near = ", ".join(closest(asked.values[0], sorted(there)) or sorted(there)[:8])
        raise InvalidValue(f"no token has the {asked.kind} {', '.join(asked.values)[:60]!r}", f"there are {near}")
    return [[one in asked.values for one in row] for row in known]


def column_known(given: Tokenised, asked: Rule) -> bool:
    """Whether a column, rather than a model, says what the rule asks: then a value that is nowhere is a mistake."""
    return asked.kind in given.columns or (asked.kind == ETYMOLOGY and given.labels() is not None)


def versions(tokens: Sequence[str], yes: Sequence[bool]) -> dict[str, str]:
    """raw: as they are; all: everything in Arabic letters; conditional: where the rule says yes. Tokens by blanks.

    >>> versions(["Il-", "speed"], [True, False])
    {'raw': 'Il- speed', 'all': 'ال سبد', 'conditional': 'ال speed'}
    """
    made = [transliterated(token) for token in tokens]
    return {
        "raw": " ".join(tokens),
        "all": " ".join(made),
        "conditional": " ".join(new if put else old for new, old, put in zip(made, tokens, yes, strict=True)),
    }
