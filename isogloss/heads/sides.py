"""Vectors by language: from a table, from numpy's files with their names, from a collection, or by an encoder."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa

from isogloss.encoders.encoder import open_encoder
from isogloss.encoders.kept import encode_kept
from isogloss.errors import InvalidValue
from isogloss.heads.recipe import TeachRecipe
from isogloss.outside.looking import look
from isogloss.progress import Progress, silent
from isogloss.tables.columns import find_column, is_number, text_of
from isogloss.tables.table import read_table
from isogloss.text.normalize import nfc
from isogloss.text.tally import Tally
from isogloss.types import Mask, Vectors
from isogloss.workspace.store import Workspace

_MOST_BYTES = 8 * 2**30


@dataclass(frozen=True, eq=False)
class Side:
    """One language. items: unique. vectors: float32 (n, dim). columns: what a table says besides, by column."""

    items: tuple[str, ...]
    vectors: Vectors
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def rows(self) -> dict[str, int]:
        return {item: row for row, item in enumerate(self.items)}


@dataclass(frozen=True, eq=False)
class Sides:
    """languages: in the order in which they came. read: rows taken, and those that were not by reason."""

    languages: Mapping[str, Side]
    read: Tally
    source: str = ""


@dataclass(frozen=True, eq=False)
class _Rows:
    """As they lie in a file: one language, item and vector a row."""

    items: list[str]
    languages: list[str]
    vectors: Vectors
    columns: dict[str, list[str]]
    tally: Tally


def read_sides(recipe: TeachRecipe, workspace: Workspace, progress: Progress = silent) -> Sides:
    """Raises InvalidValue, NotFound, StoreError."""
    asked = recipe.vectors
    if asked.collection:
        collection = workspace.open(asked.collection)
        spaces = [collection[name] for name in asked.spaces or collection.names]
        sides = {one.name: Side(tuple(one.items), np.asarray(one.vectors, np.float32)) for one in spaces}
        return Sides(sides, Tally(read=sum(map(len, spaces))), asked.collection)
    if asked.words:
        return _encoded(recipe, workspace, progress)
    return read_file(recipe.file(asked.file), recipe.file(asked.items) if asked.items else None)


def read_file(path: Path, names: Path | None = None) -> Sides:
    """Vectors of a file by language. names: a table of names for a .npy. Raises InvalidValue."""
    found: _Rows = look(read_rows, path, kinds=(_Rows, Tally), names=names)
    return _by_language(found, path.name)


def read_rows(path: Path, names: Path | None = None) -> _Rows:
    """The rows of a .npy (with a table of names), a .npz or a table."""
    if path.suffix.lower() in (".npy", ".npz"):
        return _numpy(path, names)
    table = read_table(path).table
    columns = list(table.column_names)
    languages, items = (find_column(columns, one, file=path.name) for one in ("language", "item"))
    rest = [name for name in columns if name not in (languages, items)]
    nested = [name for name in rest if _is_list(table.schema.field(name).type)]
    if nested:
        vectors = _lists(table[nested[0]], path.name)
        used = nested[:1]
    else:
        used = [name for name in rest if is_number(table.schema.field(name).type)]
        if not used:
            raise InvalidValue(f"{path.name} has no column of vectors", "add a column of lists, or one a dimension")
        vectors = np.column_stack([table[name].to_numpy() for name in used]).astype(np.float32)
    others = {name: _texts(table[name]) for name in rest if name not in used}
    return _Rows(_texts(table[items]), _texts(table[languages]), vectors, others, Tally())


def _numpy(path: Path, names: Path | None) -> _Rows:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ValueError("it is too large")
        with open(path, "rb") as file:
            data = np.load(file, allow_pickle=False)
            if isinstance(data, np.ndarray):
                return _named(np.asarray(data), path, names)
            with data:
                missing = [one for one in ("items", "languages", "vectors") if one not in data.files]
                if missing:
                    raise ValueError(f"it lacks {', '.join(missing)}; it holds {', '.join(data.files)[:80]}")
                texts = [[str(one) for one in data[name].ravel()] for name in ("items", "languages")]
                return _Rows(texts[0], texts[1], _matrix(data["vectors"]), {}, Tally())
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, MemoryError) as error:
        raise InvalidValue(
            f"{path.name} holds no vectors ({str(error)[:120]})",
            "save numbers and texts, never objects, with numpy.save",
        ) from error


def _named(vectors: Vectors, path: Path, names: Path | None) -> _Rows:
    if names is None:
        raise InvalidValue(f"{path.name} has no names", "name a table with item and language as vectors.items")
    table = read_table(names).table
    languages, items = (find_column(table.column_names, one, file=names.name) for one in ("language", "item"))
    others = {name: _texts(table[name]) for name in table.column_names if name not in (languages, items)}
    return _Rows(_texts(table[items]), _texts(table[languages]), _matrix(vectors), others, Tally())


def _matrix(vectors: Vectors) -> Vectors:
    if vectors.ndim != 2 or vectors.dtype.kind not in "fiu":
        raise ValueError(f"an array of shape {vectors.shape} and of {vectors.dtype}")
    return np.asarray(vectors, dtype=np.float32)


def _is_list(kind: pa.DataType) -> bool:
    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind))


def _lists(column: pa.ChunkedArray, name: str) -> Vectors:
    rows = column.to_pylist()
    lengths = {len(row) if row is not None else -1 for row in rows}
    if len(lengths) != 1 or -1 in lengths or any(type(x) not in (int, float) for row in rows[:1] for x in row):
        raise InvalidValue(
            f"{name} has vectors of the lengths {sorted(lengths)[:8]}", "give each row one of one length"
        )
    return np.asarray(rows, dtype=np.float32)


def _texts(column: pa.ChunkedArray) -> list[str]:
    return [nfc((text_of(one) or "").strip()) for one in column.to_pylist()]


def _by_language(rows: _Rows, name: str) -> Sides:
    n = len(rows.items)
    if len(rows.languages) != n or len(rows.vectors) != n:
        raise InvalidValue(
            f"{name} has {n:,} items, {len(rows.languages):,} languages and {len(rows.vectors):,} vectors",
            "give one of each a row",
        )
    taken: dict[str, dict[str, int]] = {}
    tally = rows.tally
    finite: Mask = np.asarray(np.isfinite(rows.vectors).all(axis=1))
    for row, (item, language) in enumerate(zip(rows.items, rows.languages, strict=True)):
        if not item or not language:
            tally.skip("blank", f"row {row + 1:,}")
        elif not finite[row] or not rows.vectors[row].any():
            tally.skip("without_a_vector", item)
        elif item in taken.setdefault(language, {}):
            tally.skip("duplicate", f"{language}: {item}")
        else:
            taken[language][item] = row
            tally.read += 1
    sides = {
        language: Side(
            tuple(at),
            rows.vectors[list(at.values())],
            {key: tuple(values[i] for i in at.values()) for key, values in rows.columns.items()},
        )
        for language, at in taken.items()
        if at
    }
    return Sides(sides, tally, name)


def _encoded(recipe: TeachRecipe, workspace: Workspace, progress: Progress) -> Sides:
    """A table of words with item and language, else with a column a language."""
    path = recipe.file(recipe.vectors.words)
    table, tally = read_table(path).table, Tally()
    lower = {name.casefold(): name for name in table.column_names}
    words: dict[str, dict[str, None]] = {}
    if {"item", "language"} <= set(lower):
        for item, language in zip(_texts(table[lower["item"]]), _texts(table[lower["language"]]), strict=True):
            _word(words, language, item, tally)
    else:
        for name in table.column_names:
            for item in _texts(table[name]):
                _word(words, name, item, tally)
    if recipe.model.folder:  # which encodes them anew whenever it has changed
        empty = np.empty((0, 0), np.float32)
        return Sides({name: Side(tuple(some), empty) for name, some in words.items()}, tally, recipe.folder.name)
    encoder = open_encoder(recipe.vectors.encoder)
    texts: Sequence[str] = [recipe.vectors.prefix + item for some in words.values() for item in some]
    vectors, _ = encode_kept(encoder, texts, workspace.derived("encoded"), progress=progress)
    sides, at = {}, 0
    for language, some in words.items():
        sides[language] = Side(tuple(some), vectors[at : at + len(some)])
        at += len(some)
    return Sides(sides, tally, encoder.name)


def _word(words: dict[str, dict[str, None]], language: str, item: str, tally: Tally) -> None:
    if not item or not language:
        tally.skip("blank")
    elif item in words.setdefault(language, {}):
        tally.skip("duplicate")
    else:
        words[language][item] = None
        tally.read += 1
