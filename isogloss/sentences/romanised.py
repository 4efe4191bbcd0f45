"""Native against romanised: is a sentence found as well in Latin letters as in its own (MuRIL, Khanuja et al. 2021)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from isogloss.encoders.layers import Tokens
from isogloss.errors import InvalidValue
from isogloss.figure import Figure, Null
from isogloss.linear import unit_rows
from isogloss.progress import Progress, silent
from isogloss.resampling import mean_interval, share_interval
from isogloss.sentences.mexa import DRAWS, FOUND
from isogloss.sentences.parallel import ParallelSet
from isogloss.sentences.sets import SETS, parallel_of
from isogloss.tables.columns import text_of
from isogloss.tables.table import content_kind, take_table
from isogloss.text.matches import closest
from isogloss.text.normalize import nfc
from isogloss.text.romanize import romanize
from isogloss.text.script import script_of
from isogloss.text.tally import Tally
from isogloss.types import Vectors

NATIVE, UROMAN, HUMAN = "native", "uroman", "human"
GAP = "P@1 in the own script less P@1 romanised, the same sentences resampled"
OWN = "native"  # the pivot where a table holds no other language: its own script
_TEXT = ("text", "native")
_HUMAN = ("romanized", "romanised")
_ENGLISH = ("english", "eng", "en")
_LINE = ("line", "id", "row", "sentence_id")
Hits = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Written:
    """Sentences of a language: as they are written, in the pivot, and as a person romanised them (nobody: empty)."""

    language: str
    texts: tuple[str, ...]
    pivot: tuple[str, ...]
    human: tuple[str, ...] = ()

    @property
    def script(self) -> str:
        """ISO 15924 code of its letters."""
        return script_of(" ".join(self.texts))


@dataclass(frozen=True)
class WrittenSet:
    """pivot: what the sentences are found in. left_out: language → why. read: what became of the rows of a table."""

    pivot: str
    languages: tuple[Written, ...]
    left_out: dict[str, str] = field(default_factory=dict)
    read: Tally = field(default_factory=Tally)
    note: str = ""


@dataclass(frozen=True, eq=False)
class RomanisedGap:
    """Of one language. precision: native, uroman, and human where it is given: P@1 to the pivot. gap: the same names
    but native: native less romanised, −1 to 1, above 0 where the own script is found better. tokens: by those names.
    """

    written: Written
    precision: dict[str, Figure]
    gap: dict[str, Figure]
    tokens: dict[str, Tokens]


def written_of(
    asked: Sequence[str | Path],
    *,
    pivot: str = "eng",
    languages: Sequence[str] = (),
    limit: int = 100,
    edition: str | None = None,
) -> WrittenSet:
    """Sentences that can be romanised: of a set or of files as `parallel_of` reads them, each language that is not
    written in Latin letters (or those named); or of one table with the columns language, text (or native), and english
    and romanised, either of which may be missing.

    Without a column english the pivot's own rows are taken, line by line; a table that has none of these is asked
    whether the romanised sentence finds the native one: pivot `native`. Raises InvalidValue, NotFound.
    """
    if len(asked) == 1 and (Path(asked[0]).exists() or str(asked[0]) not in SETS):
        path = Path(asked[0])
        if path.is_file() and content_kind(path, None) != "plain" and path.suffix != ".tmx":
            read = take_table(path)
            names = {name.casefold(): name for name in read.table.column_names}
            if "language" in names and any(one in names for one in (*_HUMAN, *_ENGLISH)):
                return _of_table(read.table, names, read.read, pivot, languages, limit)
    found = parallel_of(asked, edition=edition)
    return _of_parallel(found, pivot, languages, limit)


def _of_parallel(found: ParallelSet, pivot: str, languages: Sequence[str], limit: int) -> WrittenSet:
    pivot = found.find(pivot)
    named = [found.find(one) for one in languages]
    rows, left_out = [], {}
    for language in named or [one for one in found.languages if one != pivot]:
        _, first, second = found.pairs(pivot, language, limit=limit)
        if len(second) < 2:
            left_out[language] = f"{len(second)} lines in common with {pivot}"
        elif not named and found.script(language) == "Latn":
            left_out[language] = "written in Latin letters"
        else:
            rows.append(Written(language, tuple(second), tuple(first)))
    return _some(WrittenSet(pivot, tuple(rows), left_out, found.read, found.note))


def _of_table(
    table: pa.Table, names: dict[str, str], tally: Tally, pivot: str, languages: Sequence[str], limit: int
) -> WrittenSet:
    def column(*asked: str) -> list[str] | None:
        name = next((names[one] for one in asked if one in names), None)
        return None if name is None else [nfc((text_of(v) or "").strip()) for v in table[name].to_pylist()]

    texts, spoken, human, english = column(*_TEXT), column("language"), column(*_HUMAN), column(*_ENGLISH)
    if texts is None or spoken is None:
        raise InvalidValue(f"the table has the columns {list(names)[:8]!r}", "add a column `text`")
    lines = column(*_LINE) or [""] * len(texts)
    if english is None:
        of_line = {line: text for line, one, text in zip(lines, spoken, texts, strict=True) if one == pivot and line}
        told = pivot if of_line else OWN
        english = [of_line.get(line, "") for line in lines] if of_line else texts
    else:
        of_line, told = {}, "eng"
    rows: dict[str, list[tuple[str, str, str]]] = {}
    tally.read = 0
    for language, text, other, by_hand in zip(spoken, texts, english, human or [""] * len(texts), strict=True):
        if of_line and language == pivot:
            tally.read += 1
        elif not text or not other or not language:
            tally.skip("blank")
        else:
            rows.setdefault(language, []).append((text, other, by_hand))
            tally.read += 1
    if missing := [one for one in languages if one not in rows]:
        said = ", ".join(closest(missing[0], rows) or list(rows)[:8])
        raise InvalidValue(f"the table has no language {missing[0][:40]!r}", f"choose from {said}")
    found, left_out = [], {}
    for language in languages or rows:
        here = rows[language][:limit]
        first, second, third = (tuple(part) for part in zip(*here, strict=True))
        if len(here) < 2:
            left_out[language] = "a single sentence"
        else:
            found.append(Written(language, first, second, third if any(third) else ()))
    return _some(WrittenSet(told, tuple(found), left_out, tally))


def _some(found: WrittenSet) -> WrittenSet:
    if not found.languages:
        why = "; ".join(f"{one}: {said}" for one, said in list(found.left_out.items())[:3])
        raise InvalidValue(
            f"there is no language to romanise ({why or 'no rows'})", "name languages, or give other sentences"
        )
    return found


def romanised_gap(
    written: Written,
    encode: Callable[[Sequence[str]], Vectors],
    tokens: Callable[[Sequence[str]], Tokens],
    *,
    romaniser: Callable[[str], str] = romanize,
    progress: Progress = silent,
    seed: int = 0,
) -> RomanisedGap:
    """P@1 to the pivot in either spelling, and the difference. encode: texts → (n, dim).

    A sentence is found where its own line is strictly nearer than every other line of the pivot in the language's
    pool; lines that are equal are one. A romaniser that changes nothing gives a gap of exactly 0.
    """
    spelled: dict[str, Sequence[str]] = {NATIVE: written.texts}
    made = []
    for number, text in enumerate(written.texts, 1):
        made.append(romaniser(text))
        progress("romanising", number / len(written.texts))
    spelled[UROMAN] = made
    has = np.array([bool(text) for text in written.human]) if written.human else np.zeros(0, dtype=bool)
    if has.sum() >= 2:
        spelled[HUMAN] = [text for text in written.human if text]
    pool = list(dict.fromkeys(written.pivot))
    place = {text: i for i, text in enumerate(pool)}
    gold = np.array([place[text] for text in written.pivot])
    target = unit_rows(encode(pool))
    hits = {
        name: _hits(unit_rows(encode(texts)), target, gold[has] if name == HUMAN else gold)
        for name, texts in spelled.items()
    }
    same = {name: hits[NATIVE][has] if name == HUMAN else hits[NATIVE] for name in hits}
    return RomanisedGap(
        written,
        {name: _share(found, len(pool), seed) for name, found in hits.items()},
        {name: _gap(same[name], found, seed) for name, found in hits.items() if name != NATIVE},
        {name: tokens(texts) for name, texts in spelled.items()},
    )


def _hits(queries: Vectors, pool: Vectors, gold: npt.NDArray[np.int64]) -> Hits:
    cosines = queries @ pool.T
    rows = np.arange(len(gold))
    own = cosines[rows, gold]
    cosines[rows, gold] = -np.inf
    return np.asarray(own > cosines.max(axis=1, initial=-2.0))


def _share(hits: Hits, pool: int, seed: int) -> Figure:
    share = float(hits.mean())
    low, high = share_interval(share, len(hits), DRAWS, rng=np.random.default_rng(seed))
    null = Null(p95=1 / pool, mean=1 / pool)
    return Figure(value=share, n=len(hits), better="more", low=low, high=high, null=null, how=FOUND)


def _gap(native: Hits, romanised: Hits, seed: int) -> Figure:
    difference = native.astype(np.float64) - romanised
    low, high = mean_interval(difference, DRAWS, np.random.default_rng(seed))
    return Figure(value=float(difference.mean()), n=len(difference), better="less", low=low, high=high, how=GAP)


def told(found: RomanisedGap, shown: Callable[[Figure], dict[str, Any]]) -> dict[str, Any]:
    """One language as the command prints it. shown: a figure as JSON."""
    return {
        "language": found.written.language,
        "script": found.written.script,
        "n": len(found.written.texts),
        **{name: shown(one) for name, one in found.precision.items()},
        **{"gap" if name == UROMAN else f"gap_{name}": shown(one) for name, one in found.gap.items()},
        "fertility": {name: round(one.fertility, 4) for name, one in found.tokens.items()},
        "unknown_share": {name: round(one.unknown_share, 4) for name, one in found.tokens.items()},
    }
