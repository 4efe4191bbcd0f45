"""A lesson as a collection: what was tested, before and after, for the maps that turn into each other."""

from __future__ import annotations

from collections import Counter

import pyarrow as pa

from isogloss.errors import InvalidValue
from isogloss.heads.beyond.judged import tested
from isogloss.heads.teach import Lesson
from isogloss.spaces.collection import Collection
from isogloss.spaces.space import Space

BEFORE, AFTER = "before", "after"


def collection_of(lesson: Lesson, name: str) -> Collection:
    """Spaces `before` and `after` of the tested items of all languages and of the pivot, with a column `language`;
    `after` alone where two banks share no space before. An item that several languages have is told by its language.
    Raises InvalidValue where [measures] did not ask for separation, whose vectors these are.
    """
    kept = "banks" if lesson.judges.banks else "separation"
    if kept not in lesson.after.values:
        raise InvalidValue("the vectors before and after were not kept", "set separation = true in [measures]")
    named = [(language, lesson.items[language][row]) for language, rows, _ in tested(lesson.split) for row in rows]
    often = Counter(item for _, item in dict.fromkeys(named))
    first: dict[str, int] = {}
    for at, (language, item) in enumerate(named):  # a word of several translations is tested once for each
        first.setdefault(item if often[item] == 1 else f"{item} ({language})", at)
    rows, items = list(first.values()), tuple(first)
    columns = pa.table({"language": [named[at][0] for at in rows]})
    spaces = tuple(
        Space(space, items, values[kept][rows], columns)
        for space, values in ((BEFORE, lesson.values), (AFTER, lesson.after.values))
        if kept in values
    )
    return Collection(name, spaces, f"{lesson.recipe.name}, {' and '.join(one.name for one in spaces)}")
