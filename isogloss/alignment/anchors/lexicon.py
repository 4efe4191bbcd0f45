"""The shipped lexicon: single words of English and of 173 languages (GATITOS); two others meet through English."""

from __future__ import annotations

from functools import cache

from isogloss.alignment.anchors.dictionary import Dictionary
from isogloss.errors import NotFound
from isogloss.places import ASSETS
from isogloss.text.matches import closest

PATH = ASSETS / "lexicon.parquet"


@cache
def languages() -> tuple[str, ...]:
    """BCP 47 codes of the languages, English among them, sorted.

    >>> {"en", "fr", "hi"} <= set(languages())
    True
    """
    import pyarrow.parquet as pq

    found = pq.read_table(PATH, columns=["language"])["language"].unique().to_pylist()
    return tuple(sorted({"en", *map(str, found)}))


@cache
def _pairs(language: str) -> tuple[tuple[str, str], ...]:
    """(English, translation) of one language."""
    import pyarrow.parquet as pq

    table = pq.read_table(PATH, filters=[("language", "=", language)])
    return tuple(zip(table["english"].to_pylist(), table["translation"].to_pylist(), strict=True))


def lexicon(source: str, target: str) -> Dictionary:
    """Pairs of two languages by their codes; of two that are not English, the pairs that share an English word.

    Raises NotFound, naming the nearest codes.

    >>> ("peace", "paix") in lexicon("en", "fr").pairs
    True
    """
    for code in (source, target):
        if code not in languages():
            raise NotFound(f"the lexicon has no language {code[:40]!r}", closest(code, languages()) or ["en", "fr"])
    name = f"lexicon {source}–{target}"
    if "en" in (source, target):
        pairs = _pairs(target if source == "en" else source)
        found = pairs if source == "en" else tuple((theirs, english) for english, theirs in pairs)
    else:
        through: dict[str, list[str]] = {}
        for english, theirs in _pairs(target):
            through.setdefault(english, []).append(theirs)
        found = tuple((ours, theirs) for english, ours in _pairs(source) for theirs in through.get(english, ()))
    return Dictionary(tuple(dict.fromkeys(found)), name)
