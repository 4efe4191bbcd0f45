"""Files by which a lesson is judged besides its pairs: two texts and a score, or lines in several languages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from isogloss.errors import InvalidValue
from isogloss.heads.pairs import Split
from isogloss.heads.recipe import TeachRecipe
from isogloss.heads.sides import Sides
from isogloss.tables.columns import find_column, is_number, text_of
from isogloss.tables.table import take_table
from isogloss.text.normalize import nfc
from isogloss.text.tally import Tally
from isogloss.types import Floats, Mask, Vectors

Key = tuple[str, str]  # a language, empty where none is said, and a text
Known = Callable[[Sequence[Key]], tuple[Vectors, Mask]]  # rows of texts, and which of them there are


@dataclass(frozen=True, eq=False)
class ScoredTexts:
    """one, two: texts of a pair. scores: people's, (n,). codes: the language of each, numbered as in languages. seen:
    pairs with a text that stands in a pair which is trained on.
    """

    one: tuple[Key, ...]
    two: tuple[Key, ...]
    scores: Floats
    codes: Floats
    languages: tuple[str, ...]
    seen: int
    read: Tally


@dataclass(frozen=True, eq=False)
class Lines:
    """by: language → lines, row by row the same in all; empty where one lacks it. pivot: where they are looked for."""

    by: Mapping[str, tuple[str, ...]]
    pivot: str
    read: Tally


@dataclass(frozen=True, eq=False)
class Judges:
    """What there is to judge by. separation: whether it is measured how far languages lie apart; banks: how far all
    of them together lie from the pivot, which is the other bank. back: whether items of the pivot look for theirs.
    """

    scored: Mapping[str, ScoredTexts] = field(default_factory=dict)
    lines: Lines | None = None
    separation: bool = False
    banks: bool = False
    back: bool = False

    def __bool__(self) -> bool:
        return bool(self.scored or self.lines or self.separation or self.banks or self.back)

    @property
    def texts(self) -> str:
        """All of them as one text: part of what results are kept by."""
        keys = [key for one in self.scored.values() for key in (*one.one, *one.two)]
        lines = [(name, line) for name, some in (self.lines.by if self.lines else {}).items() for line in some]
        return "\x1f".join(f"{language}\x1e{text}" for language, text in (*keys, *lines))


def read_judges(recipe: TeachRecipe, sides: Sides, split: Split, known: Known) -> Judges:
    """known: which texts have a vector. Raises InvalidValue where a file has none of use."""
    asked, trained = recipe.measures, _trained(sides, split)
    scored = {
        name: _scored(recipe.file(file), known, trained)
        for name, file in (("similarity", asked.similarity), ("sts", asked.sts))
        if file
    }
    lines = read_lines(recipe.file(asked.retrieval), split.pivot, known) if asked.retrieval else None
    return Judges(scored, lines, asked.separation)


def _trained(sides: Sides, split: Split) -> set[str]:
    return {
        sides.languages[name].items[row]
        for key, rows in split.train.items()
        for i, name in enumerate(key)
        for row in np.unique(rows[:, i]).tolist()
    }


def _scored(path: Path, known: Known, trained: set[str]) -> ScoredTexts:
    table, tally = take_table(path).table, Tally()
    names: list[str] = list(table.column_names)
    score = find_column(names, "score", file=path.name)
    language = next((name for name in names if name.casefold() == "language"), None)
    texts = [n for n in names if n not in (score, language) and not is_number(table.schema.field(n).type)]
    if len(texts) < 2:
        raise InvalidValue(f"{path.name} has the columns {', '.join(names)[:120]}", "give two texts and a score")
    said = table[language].to_pylist() if language else [""] * table.num_rows
    rows: list[tuple[str, str, str, float]] = []
    for lang, a, b, value in zip(
        said, table[texts[0]].to_pylist(), table[texts[1]].to_pylist(), table[score].to_pylist(), strict=True
    ):
        pair, name = [nfc((text_of(one) or "").strip()) for one in (a, b)], nfc((text_of(lang) or "").strip())
        number = _number(value)
        if not all(pair) or number is None:
            tally.skip("blank")
        else:
            rows.append((name, pair[0], pair[1], number))
    keys: tuple[list[Key], list[Key]] = ([(name, a) for name, a, _, _ in rows], [(name, b) for name, _, b, _ in rows])
    has = known(keys[0])[1] & known(keys[1])[1] if rows else np.zeros(0, dtype=bool)
    tally.skip("without_a_vector", n=int((~has).sum()))
    kept = [row for row, ok in zip(rows, has.tolist(), strict=True) if ok]
    tally.read = len(kept)
    if len(kept) < 3:
        raise InvalidValue(f"{path.name} has {len(kept)} pairs of use ({tally.sentence()})", "give texts with vectors")
    languages = tuple(dict.fromkeys(name for name, *_ in kept))
    return ScoredTexts(
        tuple((name, a) for name, a, _, _ in kept),
        tuple((name, b) for name, _, b, _ in kept),
        np.array([value for *_, value in kept], dtype=np.float64),
        np.array([languages.index(name) for name, *_ in kept], dtype=np.float64),
        languages,
        sum(a in trained or b in trained for _, a, b, _ in kept),
        tally,
    )


def read_lines(path: Path, pivot: str, known: Known) -> Lines:
    """Columns a language, one of them the pivot. Raises InvalidValue where no line of both has a vector."""
    table, tally = take_table(path).table, Tally()
    names: list[str] = list(table.column_names)
    if pivot not in names or len(names) < 2:
        raise InvalidValue(
            f"{path.name} has the columns {', '.join(names)[:120]}",
            f"give a column a language, one of them {pivot[:40]}",
        )
    by = {}
    for name in names:
        lines = [nfc((text_of(one) or "").strip()) for one in table[name].to_pylist()]
        has = known([(name, line) for line in lines])[1]
        by[name] = tuple(line if ok and line else "" for line, ok in zip(lines, has.tolist(), strict=True))
        tally.read += sum(map(bool, by[name]))
        tally.skip("without_a_vector", n=len(lines) - sum(map(bool, by[name])))
    if not any(a and b for name in names if name != pivot for a, b in zip(by[name], by[pivot], strict=True)):
        raise InvalidValue(f"{path.name} has no line of use ({tally.sentence()})", "give lines with vectors")
    return Lines(by, pivot, tally)


def _number(value: object) -> float | None:
    try:
        found = float(str(value))
    except ValueError:
        return None
    return found if np.isfinite(found) else None
