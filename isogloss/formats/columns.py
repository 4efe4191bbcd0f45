"""Which columns of a table are items and vectors: by their names, whatever their case, else by what stands in them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from isogloss.errors import InvalidValue
from isogloss.formats.chosen import Candidate, Chosen, one_of, shown
from isogloss.tables.columns import is_text

VECTOR_NAMES = ("vector", "vectors", "embedding", "embeddings", "emb", "features", "vec", "values")
ITEM_NAMES = (
    "item word words token tokens text term lemma form sentence phrase label name title entity content document"
    " documents"
).split()
WIDE = "one column a dimension"
_IDS = re.compile(r"(?:^|[_\W])(?:id|ids|uuid|key|index|idx|nr|no)$|(?<=[a-z])I[dD]s?$|^column \d+$", re.IGNORECASE)
_NUMBERED = re.compile(r"^(.*?)(\d+)$")
_DECIMAL = re.compile(r"^\s*[-+]?\d*\.\d+(?:[eE][-+]?\d+)?(?: \d+)?$")
_VECTOR = re.compile(r"^\s*(?:np\.array|array)?\s*[\[({]*\s*[-+]?(?:\d|\.\d|nan|inf).*[\s,;].*\d", re.IGNORECASE | re.S)
_LEAST = 3  # columns of numbers that are the dimensions of vectors


@dataclass(frozen=True)
class Columns:
    """item: of the items. vectors: the one column of vectors, or one for each dimension. header: whether the names of
    the columns are a row of their own, in a file without a heading.
    """

    item: str
    vectors: tuple[str, ...]
    header: bool = False


def choose_columns(table: pa.Table, chosen: Chosen, *, file: str) -> Columns:
    """The columns of a table from its first rows. Raises InvalidValue naming the columns there are."""
    vectors = vector_columns(table)
    header = _is_row(table)
    if chosen.vector:
        name = one_of(chosen.vector, list(vectors), file=file, what="column of vectors", option="--vector-column")
    else:
        name = _proposed(list(vectors), table, file)
    columns = vectors[name]
    items = item_columns(table, columns)
    if chosen.item:
        item = one_of(chosen.item, items, file=file, what="column", option="--item-column")
    elif not items:
        raise InvalidValue(
            f"{file} has no column of items ({', '.join(table.column_names)[:200]})", "name one: --item-column NAME"
        )
    else:
        item = items[0]
    return Columns(item, columns, header)


def candidates(table: pa.Table, chosen: Columns) -> tuple[Candidate, ...]:
    """Everything that could be items or vectors, with first values, in the order in which it would be proposed."""
    found = []
    for name, columns in vector_columns(table).items():
        rows = [[table[c][row].as_py() for c in columns] for row in range(min(len(table), 3))]
        values = [row[0] if len(columns) == 1 else row for row in rows]
        found.append(Candidate("vector", name, shown(values), columns == chosen.vectors))
    for name in item_columns(table, chosen.vectors):
        values = table[name].slice(0, 3).to_pylist()
        found.append(Candidate("item", name, shown(values), name == chosen.item))
    return tuple(found)


def vector_columns(table: pa.Table) -> dict[str, tuple[str, ...]]:
    """What can be vectors, by name: columns of lists, of bytes, of text that is numbers; and all dimensions as one."""
    found: dict[str, tuple[str, ...]] = {name: (name,) for name in table.column_names if _holds_vectors(table[name])}
    if wide := _dimensions(table):
        found[WIDE] = wide
    order = {name: i for i, name in enumerate(VECTOR_NAMES)}
    return dict(sorted(found.items(), key=lambda one: _rank(one[0], order)))


def _rank(name: str, order: dict[str, int]) -> tuple[int, int]:
    plain = name.rpartition(".")[2].casefold()
    if plain in order:
        return 0, order[plain]
    if any(part in plain for part in ("embedding", "vector", "emb")):
        return 1, 0
    return (3 if name == WIDE else 2), 0


def _proposed(names: Sequence[str], table: pa.Table, file: str) -> str:
    if not names:
        raise InvalidValue(
            f"{file} has no column of vectors among {', '.join(table.column_names)[:200]}", "name it `vector`"
        )
    order = {name: i for i, name in enumerate(VECTOR_NAMES)}
    best = [name for name in names if _rank(name, order) == _rank(names[0], order)]
    if len(best) > 1:
        raise InvalidValue(
            f"{file} has {len(best)} columns of vectors: {', '.join(best)[:200]}", "name one: --vector-column NAME"
        )
    return names[0]


def item_columns(table: pa.Table, vectors: tuple[str, ...]) -> list[str]:
    """What can be items, the likeliest first: by its name, then texts, most different first, then ids and numbers."""
    names = [name for name in table.column_names if name not in vectors]
    known = {name: i for i, name in enumerate(ITEM_NAMES)}

    def rank(name: str) -> tuple[int, float]:
        column, plain = table[name], name.rpartition(".")[2].casefold().strip()
        kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
        text = is_text(kind)
        if text and plain in known:
            return 0, known[plain]
        values = column.slice(0, 1_000).to_pylist()
        different = len({str(v) for v in values}) / max(len(values), 1)
        if text and not _IDS.search(name):
            return 1, -different
        if text:
            return 2, -different
        return 3, -different if pa.types.is_integer(kind) else 1

    plain = [name for name in names if is_plain(table[name].type)]
    return sorted(plain, key=rank)


def is_plain(kind: pa.DataType) -> bool:
    """Whether a value of this kind can name an item."""
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(is_text(kind) or pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_temporal(kind))


def _first(column: pa.ChunkedArray) -> Any:
    return next((v for v in column.slice(0, 200).to_pylist() if v is not None), None)


def _holds_vectors(column: pa.ChunkedArray) -> bool:
    kind = column.type
    if is_list(kind):
        inner = kind.value_type
        return bool(is_number(inner) or (is_list(inner) and is_number(inner.value_type)) or pa.types.is_null(inner))
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        value = _first(column)
        return isinstance(value, bytes) and len(value) >= 8 and len(value) % 4 == 0
    if pa.types.is_struct(kind):
        return sum(is_list(field.type) and is_number(field.type.value_type) for field in kind) == 1
    value = _first(column)
    return is_text(kind) and isinstance(value, str) and bool(_VECTOR.match(value)) and not value[:1].isalpha()


def _dimensions(table: pa.Table) -> tuple[str, ...]:
    """Columns of numbers that are numbered (0 1 2, d0 d1 d2, dim_1 …); else all columns of decimals but one."""
    numbers = [name for name in table.column_names if is_number(table[name].type)]
    groups: dict[str, list[tuple[int, str]]] = {}
    for name in numbers:
        if (match := _NUMBERED.match(name)) and not _DECIMAL.match(name):
            groups.setdefault(match[1], []).append((int(match[2]), name))
    best = max(groups.values(), key=len, default=[])
    if len(best) >= _LEAST and sorted(n for n, _ in best) == list(range(min(best)[0], min(best)[0] + len(best))):
        return tuple(name for _, name in sorted(best))
    decimals = [name for name in numbers if pa.types.is_floating(table[name].type)]
    return tuple(decimals) if len(decimals) >= _LEAST and len(decimals) == len(table.column_names) - 1 else ()


def _is_row(table: pa.Table) -> bool:
    """Whether the heading is the first row: names that are decimals over columns of numbers."""
    numbers = [name for name in table.column_names if is_number(table[name].type)]
    return len(numbers) >= _LEAST and all(_DECIMAL.match(name) for name in numbers)


def is_list(kind: pa.DataType) -> bool:
    """Whether a column holds lists."""
    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind))


def is_number(kind: pa.DataType) -> bool:
    """Whether a column holds numbers."""
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))
