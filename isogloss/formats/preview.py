"""What a file of vectors seems to be, before anything long starts: its format, first rows, and guesses from its
name.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from isogloss.errors import InvalidValue, IsoglossError
from isogloss.formats.chosen import Candidate, Chosen
from isogloss.formats.collected import LEVERS
from isogloss.formats.format import FORMATS
from isogloss.formats.reading import READY, recognise
from isogloss.outside.looking import look
from isogloss.tables.opened import inner_name
from isogloss.text.script import NONE, script_of
from isogloss.text.tally import Tally

_ROWS, _NUMBERS = 8, 4
_PERIOD = re.compile(r"(?<!\d)(1\d{3}|20\d{2})(s?)(?!\d)(?:\s*[-–_]\s*(1\d{3}|20\d{2})(?!\d))?")


@dataclass(frozen=True)
class Guess:
    """BCP 47 language, ISO 15924 script, period in years; "" where the name or the items say nothing."""

    language: str = ""
    script: str = ""
    period: str = ""


@dataclass(frozen=True)
class Preview:
    """format: a name of FORMATS. rows: first items, each with its first numbers. expected: items there will be, if
    known. candidates: the columns or tensors to choose from, each with its first values. said: what else is
    to be known: a header that is wrong, rows that are skipped.
    """

    format: str
    dim: int
    rows: tuple[tuple[str, tuple[float, ...]], ...]
    expected: int | None
    guess: Guess
    candidates: tuple[Candidate, ...] = ()
    said: tuple[str, ...] = ()


def preview(
    path: Path,
    *,
    name: str = "",
    format: str | None = None,
    vocabulary: Path | None = None,
    asked: Chosen | None = None,
) -> Preview:
    """Look at the beginning of a file. name: what its owner calls it. asked: its columns, tensor or part.

    Raises InvalidValue, NotFound.
    """
    asked = asked or Chosen()
    format = format or recognise(path, vocabulary, part=asked.part)
    chosen = FORMATS[format]
    if chosen.items is not None:
        items, dim = chosen.items(path)
        shown = tuple((item, ()) for item in items[:_ROWS])
        return Preview(format, dim, shown, len(items), guess(name or path.name, items[:1_000]))
    if chosen.paired and vocabulary is None:
        raise InvalidValue(f"{name or path.name} holds no names", "add a file with one item a line")
    block = next(chosen.read(path, vocabulary, asked), None) if chosen.read is not None else None
    if block is None:
        raise InvalidValue(f"{name or path.name} holds no vectors", "check that the file is whole")
    tally = Tally(read=len(block.items))
    if block.tally:
        tally.add(block.tally)
    tally.refuse_above(name or path.name, LEVERS)
    numbers = block.vectors[:_ROWS, :_NUMBERS].tolist()
    shown = tuple(zip(block.items, map(tuple, numbers), strict=False))
    n = expected_items(path, format=format, vocabulary=vocabulary)
    found = guess(name or path.name, block.items[:1_000])
    said = (*block.said, *([f"of its first rows {tally.sentence()}"] if tally.total > tally.read else []))
    return Preview(
        format, int(block.vectors.shape[1]), shown, n, found, chosen.candidates(path, vocabulary, asked), said
    )


def look_at(path: Path, **asked: Any) -> Preview:
    """`preview` in a process beside this one; the arguments are its own."""
    return look(preview, path, kinds=(Preview, Guess, Candidate), quick=True, warm=READY, **asked)


def candidates(
    path: Path, *, format: str | None = None, vocabulary: Path | None = None, asked: Chosen
) -> tuple[Candidate, ...]:
    """What there is to choose of a file, as its format has it. Raises InvalidValue, NotFound."""
    known = format or recognise(path, vocabulary, part=asked.part)
    return FORMATS[known].candidates(path, vocabulary, asked)


def look_for_candidates(path: Path, **asked: Any) -> tuple[Candidate, ...]:
    """`candidates` in a process beside this one; the arguments are its own."""
    return look(candidates, path, kinds=(Candidate,), quick=True, warm=READY, **asked)


def expected_items(path: Path, *, format: str | None = None, vocabulary: Path | None = None) -> int | None:
    """How many items a file seems to hold, as its format tells; None where it does not, or the file is damaged."""
    try:
        return FORMATS[format or recognise(path, vocabulary)].expected(path)
    except (IsoglossError, OSError, ValueError, ImportError, TypeError):
        return None


def guess(name: str, items: list[str]) -> Guess:
    """Language and period from a file's name, the script from its items.

    >>> guess("cc.en.300.vec", ["the", "of"]), guess("novels_fra_1840-1879.vec", [])
    (Guess(language='en', script='Latn', period=''), Guess(language='fr', script='', period='1840-1879'))
    """
    found = _PERIOD.search(name)
    period = "" if found is None else f"{found[1]}-{found[3]}" if found[3] else found[1] + found[2]
    parts = re.split(r"[^a-z]+", inner_name(Path(name)))
    language = next((code for part in parts if (code := _languages().get(part))), "")
    scripts = Counter(script_of(item) for item in items)
    scripts.pop(NONE, None)
    return Guess(language, scripts.most_common(1)[0][0] if scripts else "", period)


@lru_cache(maxsize=1)
def _languages() -> dict[str, str]:
    """Codes of two and three letters and English names, each with its BCP 47 code."""
    from babel import Locale
    from babel.core import get_global

    names = Locale("en").languages
    found = {name.lower(): code for code, name in names.items() if len(code) in (2, 3)}
    found |= {alias: code for alias, code in get_global("language_aliases").items() if code in names}
    found |= {code: code for code in names if len(code) == 2 and code.isalpha()}
    return {
        k: v for k, v in found.items() if k not in ("bin", "cc", "my", "no", "new", "all", "is", "as", "to", "or", "so")
    }
