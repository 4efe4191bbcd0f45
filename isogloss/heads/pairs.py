"""Pairs of items of two languages, and which of them are trained on, developed on, and tested."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
import pyarrow as pa

from isogloss.errors import InvalidValue
from isogloss.heads.recipe import TeachRecipe, Training
from isogloss.heads.sides import Sides
from isogloss.tables.columns import find_column, text_of
from isogloss.tables.table import take_table
from isogloss.text.normalize import nfc
from isogloss.text.tally import Tally
from isogloss.types import Rows

By = Mapping[tuple[str, str], Rows]  # two languages → rows of the one and of the other, (n, 2)


@dataclass(frozen=True, eq=False)
class Split:
    """train: all pairs of languages that are not held out, none of whose items stands in a pair of the other two.

    development, test: language → pairs of it and the pivot, (n, 2); test has the held-out languages too.
    dropped: pairs that touch what is held out and are neither trained on nor tested, by reason.
    """

    pivot: str
    train: By
    development: Mapping[str, Rows]
    test: Mapping[str, Rows]
    held_out: tuple[str, ...]
    dropped: Tally = field(default_factory=Tally)

    @property
    def constraints(self) -> int:
        return sum(map(len, self.train.values()))


def read_pairs(recipe: TeachRecipe, sides: Sides) -> tuple[By, Tally]:
    """Pairs by languages, distinct. Raises InvalidValue where none is left."""
    tally = Tally()
    found: dict[tuple[str, str], dict[tuple[int, int], None]] = defaultdict(dict)
    rows = {language: side.rows for language, side in sides.languages.items()}
    named = _from_column(recipe, sides) if recipe.pairs.column else _from_file(recipe, sides)
    for (a, x), (b, y) in named:
        if not x or not y:
            tally.skip("blank")
        elif a not in rows or b not in rows:
            tally.skip("of_a_language_without_vectors", a if a not in rows else b)
        elif x not in rows[a] or y not in rows[b]:
            tally.skip("without_a_vector", x if x not in rows[a] else y)
        elif (a, x) == (b, y):
            tally.skip("of_an_item_and_itself", x)
        else:
            one, two = (rows[a][x], rows[b][y]) if a <= b else (rows[b][y], rows[a][x])
            key = (a, b) if a <= b else (b, a)
            if (one, two) in found[key]:
                tally.skip("duplicate", f"{x} – {y}")
            else:
                found[key][one, two] = None
                tally.read += 1
    if not tally.read:
        raise InvalidValue(
            f"no pair is left ({tally.sentence()}); vectors are of {', '.join(list(rows)[:12])}",
            "give pairs of items that have vectors",
        )
    return {key: np.array(list(some), dtype=np.int64) for key, some in found.items() if some}, tally


def _from_column(recipe: TeachRecipe, sides: Sides) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    column = recipe.pairs.column
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for language, side in sides.languages.items():
        if column not in side.columns:
            known = ", ".join(side.columns) or "none"
            raise InvalidValue(f"the vectors have no column {column[:40]!r}", f"there are: {known}")
        for item, value in zip(side.items, side.columns[column], strict=True):
            if value:
                groups[value].append((language, item))
    for some in groups.values():
        yield from combinations(some, 2)


def _from_file(recipe: TeachRecipe, sides: Sides) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    asked, path = recipe.pairs, recipe.file(recipe.pairs.file)
    table = take_table(path).table
    columns: list[str] = list(table.column_names)
    lower = {name.casefold() for name in columns}
    if {asked.source.casefold(), asked.target.casefold()} <= lower:
        one, two = (_texts(table[find_column(columns, name, file=path.name)]) for name in (asked.source, asked.target))
        languages = [
            _texts(table[find_column(columns, name, file=path.name)]) if name.casefold() in lower else [name] * len(one)
            for name in (asked.source_language, asked.target_language)
        ]
        for name, some in zip((asked.source_language, asked.target_language), languages, strict=True):
            if name.casefold() not in lower and some and name not in sides.languages:
                raise InvalidValue(
                    f"{path.name} has no column {name[:40]!r}, and no vectors are of such a language",
                    "name a column or a language as pairs.source_language and pairs.target_language",
                )
        yield from zip(zip(languages[0], one, strict=True), zip(languages[1], two, strict=True), strict=True)
        return
    wide = [name for name in columns if name in sides.languages]
    if len(wide) < 2:
        raise InvalidValue(
            f"{path.name} has the columns {', '.join(columns)[:120]}; vectors are of"
            f" {', '.join(list(sides.languages)[:12])}",
            "give a column a language, or source and target",
        )
    for a, b in combinations(wide, 2):
        yield from zip(((a, x) for x in _texts(table[a])), ((b, y) for y in _texts(table[b])), strict=True)


def _texts(column: pa.ChunkedArray) -> list[str]:
    return [nfc((text_of(one) or "").strip()) for one in column.to_pylist()]


def pivot_of(pairs: By, asked: str = "") -> str:
    """The language that is named, else the one of most pairs with others. Raises InvalidValue."""
    found: Counter[str] = Counter()
    for (a, b), rows in sorted(pairs.items()):
        if a != b:
            found.update({a: len(rows), b: len(rows)})
    if not found:
        raise InvalidValue("all pairs are within one language", "add pairs of two, to be tested by")
    if asked and asked not in found:
        raise InvalidValue(f"the pivot {asked[:40]!r} is in no pair", f"choose from {', '.join(found)}")
    return asked or found.most_common(1)[0][0]


def split_pairs(pairs: By, training: Training) -> Split:
    """The pivot's items are dealt by the seed: tested, developed on, trained on; no item of a pair that is tested or
    developed on, in any language, is in a pair that is trained on. Raises InvalidValue where a part is empty.
    """
    pivot, held = pivot_of(pairs, training.pivot), tuple(dict.fromkeys(training.held_out_languages))
    languages = {one for key in pairs for one in key}
    if wrong := [one for one in held if one not in languages or one == pivot]:
        raise InvalidValue(
            f"the language {wrong[0][:40]!r} cannot be held out",
            f"choose from {', '.join(sorted(languages - {pivot}))}",
        )
    oriented = dict(_oriented(pairs, pivot))
    items = np.unique(np.concatenate([rows[:, 1] for rows in oriented.values()]))
    dealt = np.random.default_rng(training.seed).permutation(items)
    n_test, n_dev = max(1, round(training.test * len(items))), max(1, round(training.development * len(items)))
    tested, developed = dealt[:n_test], dealt[n_test : n_test + n_dev]
    test = {name: rows[np.isin(rows[:, 1], tested)] for name, rows in oriented.items()}
    development = {n: rows[np.isin(rows[:, 1], developed)] for n, rows in oriented.items() if n not in held}
    closed = _closed((tested, developed), (test, development), pivot)
    train: dict[tuple[str, str], Rows] = {}
    dropped = Tally()
    for key, rows in sorted(pairs.items()):
        if set(key) & set(held):
            dropped.skip("of_a_language_that_is_held_out", n=sum(not _is_tested(key, row, pivot, test) for row in rows))
            continue
        free = np.ones(len(rows), dtype=bool)
        for side, language in enumerate(key):
            free &= ~np.isin(rows[:, side], closed.get(language, np.empty(0, np.int64)))
        if free.any():
            train[key] = rows[free]
        spent = sum(len(part[other]) for part in (test, development) if (other := _other(key, pivot)) in part)
        if (left := int((~free).sum()) - spent) > 0:
            dropped.skip("sharing_an_item_with_what_is_tested", n=left)
    test = {name: rows for name, rows in test.items() if len(rows)}
    development = {name: rows for name, rows in development.items() if len(rows)}
    for what, there in (("train on", train), ("develop on", development), ("test", test)):
        if not there:
            raise InvalidValue(f"no pair is left to {what}", "give more pairs, or change the shares of training")
    if missing := [one for one in held if one not in test]:
        raise InvalidValue(f"no pair of {missing[0][:40]!r} and {pivot} is left to test", "raise training.test")
    return Split(pivot, train, development, test, held, dropped)


def _oriented(pairs: By, pivot: str) -> Iterator[tuple[str, Rows]]:
    """Language → rows of it and of the pivot."""
    for (a, b), rows in sorted(pairs.items()):
        if a != b and pivot in (a, b):
            yield (b, rows[:, ::-1]) if a == pivot else (a, rows)


def _other(key: tuple[str, str], pivot: str) -> str:
    return "" if pivot not in key or key[0] == key[1] else key[1] if key[0] == pivot else key[0]


def _is_tested(key: tuple[str, str], row: Rows, pivot: str, test: Mapping[str, Rows]) -> bool:
    other = _other(key, pivot)
    if not other or other not in test:
        return False
    return bool(np.isin(row[0 if key[0] == pivot else 1], test[other][:, 1]))


def _closed(pivots: Iterable[Rows], parts: Iterable[Mapping[str, Rows]], pivot: str) -> dict[str, Rows]:
    """Language → its items that no training may see."""
    found: dict[str, list[Rows]] = {pivot: list(pivots)}
    for part in parts:
        for language, rows in part.items():
            found.setdefault(language, []).append(rows[:, 0])
    return {language: np.unique(np.concatenate(some)) for language, some in found.items()}
