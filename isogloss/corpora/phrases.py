"""An item or a phrase as it is asked of the index of a collection's texts, and where it stands in one of them."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
import regex

from isogloss.corpora.forms import TokenRules
from isogloss.corpora.scan import ENDS, forms_in, matches_in, prepared
from isogloss.text.normalize import lowered, normal_form, search_key

_LONGEST_ITEM = 400
_MOST_WAYS = 64  # sequences of items that one phrase may be
_RUN = regex.compile(r"[\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]+")  # no spaces between words: a word is within a token


def name_of(number: int) -> str:
    """An item's word in the full-text index: letters and digits alone.

    >>> name_of(35), name_of(36)
    ('z', '10')
    """
    return np.base_repr(number, 36).lower()


def folded(item: str) -> str:
    """Under what an item is found that is written otherwise: without case, accents and hyphens."""
    return search_key(item).replace("-", "")


def literal_pattern(item: str) -> regex.Pattern[str]:
    """What finds an item in a text that is not indexed, taken literally, in any case; a hyphen is also a space or
    nothing.

    It stands whole: between letters, marks or hyphens it is another word, except in scripts that write no spaces.

    >>> [m[0] for m in literal_pattern("co-op").finditer("Co-op, co op, coop, coops, co-ops")]
    ['Co-op', 'co op', 'coop']
    >>> literal_pattern("国").findall("中国人")
    ['国']
    """
    item = normal_form(item)
    literal = r"[-\s]?".join(regex.escape(part) for part in item.split("-"))
    free = rf"[\p{{Han}}\p{{Hiragana}}\p{{Katakana}}{_RUN.pattern[1:-2]}]"
    before = "" if regex.match(free, item[:1]) else r"(?<![\p{L}\p{M}\p{N}]-?)"
    after = "" if regex.match(free, item[-1:]) else r"(?!-?[\p{L}\p{M}\p{N}])"
    return regex.compile(before + literal + after, regex.IGNORECASE | regex.V1)


@dataclass(frozen=True)
class Step:
    """A word of a question: the items that it may be, or, where a rule leaves it out, the form itself."""

    items: frozenset[int]
    form: str


class Question:
    """What is asked, in the terms of one index; empty where nothing of it is in the texts.

    ways: the sequences of words that it may be: an item itself, the two words that were merged into it, or, for what is
    no item, the words of a phrase. counted: item → how often one of its uses is a use of what was asked; None for a
    phrase.
    """

    def __init__(self, base: sqlite3.Connection, rules: TokenRules, asked: str) -> None:
        self._base, self._rules = base, rules
        self.ways: list[list[Step]] = []
        self.counted: dict[int, int] | None = {}
        self._literal: regex.Pattern[str] | None = None
        asked = normal_form(asked).strip() if rules.compatibility else asked.strip()
        if not asked or len(asked) > _LONGEST_ITEM:
            return
        if items := self._items(asked):
            self.counted = dict.fromkeys(items, 1)
            self.ways = [[Step(frozenset(items), asked)], *self._merged(asked)]
            return
        steps = self._steps(asked)
        if len(steps) == 1 and steps[0].items:
            self.counted, self.ways = dict.fromkeys(steps[0].items, 1), [steps]
        elif len(steps) > 1 and any(step.items for step in steps):
            self.counted, self.ways = None, [steps]
        elif within := self._within(asked):
            self.counted, self.ways = within, [[Step(frozenset(within), asked)]]
            self._literal = regex.compile(regex.escape(asked))

    def __bool__(self) -> bool:
        return bool(self.ways)

    def _items(self, item: str) -> list[int]:
        return [n for (n,) in self._base.execute("SELECT id FROM items WHERE item = ?", (item,))]

    def _merged(self, item: str) -> list[list[Step]]:
        pairs = [form.split(" ") for form, to in self._rules.variants.items() if to == item and " " in form]
        return [steps for pair in pairs if all(steps := [self._step(word) for word in pair])]

    def _steps(self, asked: str) -> list[Step]:
        _, scanned = prepared(asked, defaultdict(Counter), split=self._rules.split)
        split = self._rules.split
        steps = [self._step(form) for form in forms_in(scanned, split) if form[0] not in ENDS[split]]
        known = all(step.items or self._left_out(step.form) for step in steps)
        return steps if known else []

    def _step(self, form: str) -> Step:
        """The items of a written form: exactly, then in lower case, then however it is written."""
        word = lowered(form) if self._rules.lower else form
        for one in dict.fromkeys((form, word)):
            if found := self._items(one):
                return Step(frozenset(found), form)
        held = self._base.execute("SELECT item FROM forms WHERE form = ? ORDER BY place", (form,)).fetchall()
        if len(held) == 1 and held[0][0] is not None:
            return Step(frozenset({held[0][0]}), form)
        key = folded(form)
        rows = self._base.execute("SELECT id FROM items WHERE key = ?", (key,)) if key else ()
        return Step(frozenset(n for (n,) in rows), form)

    def _left_out(self, form: str) -> bool:
        return self._base.execute("SELECT 1 FROM forms WHERE form = ? AND item IS NULL", (form,)).fetchone() is not None

    def _within(self, asked: str) -> dict[int, int]:
        if not _RUN.fullmatch(asked):
            return {}
        rows = self._base.execute("SELECT id, item FROM items WHERE instr(item, ?) LIMIT 2000", (asked,))
        return {number: item.count(asked) for number, item in rows}

    def query(self) -> str:
        """The question to the full-text index: names of items alone, never what was typed."""
        found = []
        for steps in self.ways:
            known = [sorted(step.items) for step in steps if step.items]
            for way in list(product(*known))[:_MOST_WAYS] if len(known) > 1 else [(n,) for n in known[0]]:
                if len(known) == len(steps):
                    found.append('"' + " ".join(map(name_of, way)) + '"')
                else:  # what is left out between them is no position of the index
                    found.append("(" + " AND ".join(f'"{name_of(n)}"' for n in way) + ")")
        return " OR ".join(dict.fromkeys(found))

    def hits(self, text: str) -> Iterator[tuple[int, int]]:
        """Where it stands in a text that is shown, as (begin, end)."""
        if self._literal:
            yield from (found.span() for found in self._literal.finditer(text))
            return
        for steps, likely in self._likely:
            if likely.search(text):
                yield from self._found(list(matches_in(text, self._rules.split)), steps)

    def _found(self, words: list[tuple[str, int, int]], steps: list[Step]) -> Iterator[tuple[int, int]]:
        at, n = 0, len(steps)
        while at + n <= len(words):
            here = words[at : at + n]
            if all(self._is(form, step) for (form, _, _), step in zip(here, steps, strict=True)):
                yield here[0][1], here[-1][2]
                at += n
            else:
                at += 1

    def _is(self, form: str, step: Step) -> bool:
        if not step.items:
            return bool(form) and form.lower() == step.form.lower()
        return not step.items.isdisjoint(self._known.get(form, frozenset()))

    @cached_property
    def _likely(self) -> Sequence[tuple[list[Step], regex.Pattern[str]]]:
        """For each way what tells quickly that a text does not hold it: its words' forms near each other."""
        found = []
        for steps in self.ways:
            forms = [[f for f, items in self._known.items() if items & step.items] or [step.form] for step in steps]
            parts = ["(?:" + "|".join(regex.escape(f) for f in sorted(some)) + ")" for some in forms]
            flags = regex.V1 | regex.DOTALL | (0 if all(step.items for step in steps) else regex.IGNORECASE)
            found.append((steps, regex.compile(r"[^\p{L}]{0,40}?".join(parts), flags)))
        return found

    @cached_property
    def _known(self) -> Mapping[str, frozenset[int]]:
        """Written form → its items, of those that are asked for."""
        of: dict[str, set[int]] = defaultdict(set)
        for number in frozenset().union(*(step.items for steps in self.ways for step in steps)):
            for (form,) in self._base.execute("SELECT form FROM forms WHERE item = ?", (number,)):
                of[form].add(number)
        return {form: frozenset(items) for form, items in of.items()}
