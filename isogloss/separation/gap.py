"""MuRIL's gap: how much worse a text is found in its romanisation than in its own script."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
import numpy.typing as npt

from isogloss.encoders.encoder import Encoder
from isogloss.errors import InvalidValue, reason_of
from isogloss.figure import Figure
from isogloss.linear import unit_rows
from isogloss.outside.looking import look
from isogloss.resampling import mean_interval
from isogloss.tables.bounded import read_bytes
from isogloss.tables.content import TABLES
from isogloss.tables.encodings import decoded
from isogloss.tables.table import kind_of, read_table
from isogloss.text.normalize import nfc
from isogloss.text.romanize import romanize
from isogloss.text.script import script_of
from isogloss.types import Vectors

_DRAWS = 1000
_HOW = "share of texts whose nearest English line, among those of the language, is theirs"
_GAP = "P@1 in the own script less P@1 romanized, the same texts resampled"
_MOST_BYTES = 64 * 2**20
_NEEDED = ("language", "text", "english")
Hits = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Line:
    """A text, its English, and where it is given its romanisation."""

    language: str
    text: str
    english: str
    romanized: str


@dataclass(frozen=True)
class Gap:
    """Of one language: P@1 native and romanized into the English lines of all its texts, and their difference.

    gap: native − romanized, in −1 … 1, with its 95 % interval; above 0 the native script is found better. unk_share:
    of subwords. subwords_per_word: of the native texts.
    """

    language: str
    script: str
    n: int
    precision_at_1_native: Figure
    precision_at_1_romanized: Figure
    gap: Figure
    unk_share: float
    subwords_per_word: float


def read_lines(path: Path) -> list[Line]:
    """Texts from a file with the columns language, text, english and optionally romanized, in any order.

    Lines of cells between tabs, named in the first line, in which a quotation mark is a letter like any other (at most
    64 MiB); or a table that `read_table` reads. Packed or not. Raises InvalidValue, naming the line or the row.
    """
    try:
        with open(path, "rb"):
            pass
    except OSError as error:
        raise InvalidValue(f"{path} cannot be read ({reason_of(error)})", "name a readable TSV file") from error
    rows = _between_tabs(path) or _of_table(path)
    _, names = next(rows)
    found = []
    for where, cells in rows:
        if len(cells) != len(names):
            raise InvalidValue(
                f"{where} has {len(cells)} columns, expected {len(names)}", "separate columns by one tab"
            )
        one = dict(zip(names, map(nfc, map(str.strip, cells)), strict=True))
        if not one["text"] or not one["english"]:
            raise InvalidValue(f"{where} has an empty text", "fill or delete the line")
        found.append(
            Line(one["language"] or "und", one["text"], one["english"], one.get("romanized") or romanize(one["text"]))
        )
    if not found:
        raise InvalidValue(f"{path.name} has no line below its header", "give at least one line")
    return found


def take_lines(path: Path) -> list[Line]:
    """`read_lines` in a process beside this one."""
    return look(read_lines, path, kinds=(Line,))


def _between_tabs(path: Path) -> Iterator[tuple[str, list[str]]] | None:
    """Where each line stands and its cells, the columns' names first; None for a table of another kind."""
    other = kind_of(path) in TABLES and kind_of(path) != ".tsv"
    if kind_of(path) == ".parquet":
        return None
    raw = decoded(read_bytes(path, most=None if other else _MOST_BYTES))
    if raw.odd and not other:
        raise InvalidValue(f"line {raw.odd[0]:,} of {path.name} is not UTF-8", "convert it to UTF-8")
    rows = raw.text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    names = [cell.strip().lower() for cell in rows[0].split("\t")]
    if other and not set(_NEEDED) <= set(names):
        return None
    head = (f"line 1 of {path.name}", _checked(names, f"line 1 of {path.name}"))
    cells = (
        (f"line {number:,} of {path.name}", row.split("\t")) for number, row in enumerate(rows[1:], 2) if row.strip()
    )
    return chain([head], cells)


def _of_table(path: Path) -> Iterator[tuple[str, list[str]]]:
    table = read_table(path).table
    yield path.name, _checked([name.strip().lower() for name in table.column_names], path.name)
    for number, values in enumerate(zip(*(column.to_pylist() for column in table.columns), strict=True), 1):
        yield f"row {number:,} of {path.name}", ["" if value is None else str(value) for value in values]


def _checked(names: list[str], where: str) -> list[str]:
    missing = [name for name in _NEEDED if name not in names]
    if missing:
        raise InvalidValue(f"{where} names {names!r} and lacks {missing!r}", "begin with: language, text, english")
    return names


def transliteration_gaps(lines: Sequence[Line], encoder: Encoder, *, seed: int = 0) -> list[Gap]:
    """One row for each language, the largest gap first; the pool of a language is its own distinct English lines.

    An identity romaniser gives a gap of exactly 0. Intervals: percentile bootstrap over lines.
    """
    found = []
    rng = np.random.default_rng(seed)
    for language in sorted({line.language for line in lines}):
        own = [line for line in lines if line.language == language]
        pool = sorted({line.english for line in own})
        place = {text: i for i, text in enumerate(pool)}
        gold = np.array([place[line.english] for line in own])
        english = encoder.encode(pool)
        native = _hits(encoder.encode([line.text for line in own]), english, gold)
        romanized = _hits(encoder.encode([line.romanized for line in own]), english, gold)
        difference = native - romanized
        low, high = mean_interval(difference, _DRAWS, rng)
        pieces = [encoder.pieces(line.text) for line in own]
        n_pieces = sum(map(len, pieces))
        unknown = sum(piece in ("<unk>", "[UNK]") for one in pieces for piece in one)
        words = sum(max(len(line.text.split()), 1) for line in own)
        found.append(
            Gap(
                language,
                script_of(" ".join(line.text for line in own)),
                len(own),
                Figure(value=float(native.mean()), n=len(own), better="more", how=_HOW),
                Figure(value=float(romanized.mean()), n=len(own), better="more", how=_HOW),
                Figure(value=float(difference.mean()), n=len(own), better="less", low=low, high=high, how=_GAP),
                unknown / n_pieces if n_pieces else 0.0,
                n_pieces / words,
            )
        )
    return sorted(found, key=lambda gap: (-gap.gap.value, gap.language))


def _hits(queries: Vectors, pool: Vectors, gold: npt.NDArray[np.int64]) -> Hits:
    similarity = unit_rows(queries) @ unit_rows(pool).T
    return np.asarray(np.argmax(similarity, axis=1) == gold, dtype=np.float64)
