"""A corpus: documents read from a table, sliced and counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from isogloss.corpora.documents import open_documents
from isogloss.corpora.lines import line_documents, lines_are, spread
from isogloss.corpora.recipe import Recipe, Slice
from isogloss.corpora.tokens import Tokenizer, TokenStream
from isogloss.errors import InvalidValue
from isogloss.progress import Progress, silent
from isogloss.tables.columns import find_column, is_text
from isogloss.tables.dates import Dated, dated, value_text
from isogloss.tables.read import TableRead
from isogloss.text.tally import LISTED, Tally


@dataclass(frozen=True)
class SlicedCorpus:
    """stream: all documents in one token stream. slice_of, author_of, panel_of: per document.

    slice_of: −1 for no slice; author_of: −1 for no author. panel_of: the value of the recipe's panel
    column as a number, −1 for none; None without such a column. lines: what its lines were taken for, one of LINES.
    read: rows of the corpus = documents here + skipped by reason (its table is empty).
    """

    stream: TokenStream
    slice_of: npt.NDArray[np.int64]
    author_of: npt.NDArray[np.int64]
    n_slices: int
    panel_of: npt.NDArray[np.int64] | None = None
    lines: str = "none"
    read: TableRead = field(default_factory=lambda: TableRead(pa.table({}), Tally()))

    @property
    def document_of(self) -> npt.NDArray[np.int64]:
        """Document of each token, shape (n_tokens,)."""
        return np.repeat(np.arange(len(self.slice_of)), np.diff(self.stream.starts))

    def tokens(self, documents: npt.NDArray[np.bool_]) -> npt.NDArray[np.int32]:
        """The ids of these documents (bool, one for each) in their order, −1 at sentence ends."""
        inside = np.repeat(documents, np.diff(self.stream.starts))
        return np.asarray(self.stream.ids[inside], dtype=np.int32)

    @property
    def panel(self) -> npt.NDArray[np.bool_]:
        """Documents of those who speak in every slice, bool (n_documents,); none without a panel column."""
        if self.panel_of is None:
            return np.zeros(len(self.slice_of), dtype=bool)
        everywhere = set.intersection(*(set(self.panel_of[self.slice_of == i].tolist()) for i in range(self.n_slices)))
        return np.isin(self.panel_of, sorted(everywhere - {-1}))


@dataclass(frozen=True)
class Counts:
    """What was counted per item of one slice, each array of shape (n_items,); capital_share may be NaN."""

    count: npt.NDArray[np.int64]
    per_million: npt.NDArray[np.float64]
    documents: npt.NDArray[np.int64]
    authors: npt.NDArray[np.int64] | None
    capital_share: npt.NDArray[np.float64]


def read_corpus(recipe: Recipe, progress: Progress = silent) -> SlicedCorpus:
    """Read, slice and tokenise the corpus of a recipe.

    A column is found by its name, else by the only one of that name in other case or within objects. Raises
    InvalidValue for a missing column, a slice without documents, documents in two slices, or a column that cannot be
    sliced by ranges.
    """
    found = open_documents(recipe.corpus, part=recipe.part)
    table, tally, told = found.table, found.read, dict(found.told)
    panel = recipe.replicates.panel
    where = recipe.where[0] if recipe.where else None
    named: dict[str, str] = {}
    for asked in filter(None, (recipe.text, recipe.slice_by, recipe.author, panel, where)):
        named[asked] = find_column(table.column_names, asked, file=recipe.corpus.name)
        if named[asked] != asked:
            told["columns"] = ", ".join(f"{one!r} is {name!r}" for one, name in named.items() if name != one)
    texts, by = table[named[recipe.text]], table[named[recipe.slice_by]]
    if not is_text(texts.type):
        raise InvalidValue(
            f"the column {recipe.text!r} of {recipe.corpus.name} holds {texts.type}", "name a column of text"
        )
    lines = recipe.lines or lines_are(spread(texts))
    if lines == "documents":
        table = line_documents(table, named[recipe.text])
        texts, by = table[named[recipe.text]], table[named[recipe.slice_by]]
    slice_of = assign_slices(by, recipe.slices)
    require_apart(by, recipe.slices, slice_of)
    kept = None if recipe.where is None else assign_slices(table[named[recipe.where[0]]], (recipe.where[1],)) >= 0
    blank = np.asarray(pc.equal(pc.utf8_trim_whitespace(texts.fill_null("")), ""))
    count_rows(tally, by, recipe.slices, kept=kept, blank=blank, slice_of=slice_of)
    if how := how_dated(by, recipe.slices):
        told["dates"] = how
    slice_of[blank if kept is None else blank | ~kept] = -1
    for index, one in enumerate(recipe.slices):
        if not (slice_of == index).any():
            raise InvalidValue(
                f"slice {one.name!r} holds no document ({tally.sentence()})", f"correct its range of {recipe.slice_by}"
            )
    author_of = _numbered(table[named[recipe.author]]) if recipe.author else np.full(len(table), -1, dtype=np.int64)
    panel_of = _numbered(table[named[panel]]) if panel else None
    chosen = np.flatnonzero(slice_of >= 0)
    tokenizer = Tokenizer(recipe.tokens, lines=lines == "sentences")
    for done, row in enumerate(chosen):
        tokenizer.add(texts[int(row)].as_py() or "")
        if done % 200 == 0:
            progress("tokenising", done / len(chosen))
    progress("resolving words", 1.0)
    panel_of = None if panel_of is None else panel_of[chosen]
    return SlicedCorpus(
        tokenizer.resolve(),
        slice_of[chosen],
        author_of[chosen],
        len(recipe.slices),
        panel_of,
        lines,
        replace(found, table=table.slice(0, 0), told=told),
    )


def count_rows(
    tally: Tally,
    by: pa.ChunkedArray,
    slices: tuple[Slice, ...],
    *,
    kept: npt.NDArray[np.bool_] | None,
    blank: npt.NDArray[np.bool_] | None,
    slice_of: npt.NDArray[np.int64],
) -> None:
    """Why rows are no documents: not asked for, without a text, without a date, in no slice; counted into a tally."""
    left = np.ones(len(by), dtype=bool)
    undated = undated_rows(by, slices)
    reasons = {"left_out_by_where": None if kept is None else ~kept, "without_a_text": blank, "undated": undated}
    for reason, mask in (reasons | {"in_no_slice": slice_of < 0}).items():
        if mask is None:
            continue
        rows = np.flatnonzero(left & mask)
        left &= ~mask
        if len(rows):
            tally.skip(reason, n=len(rows))
            seen = dict.fromkeys(str(by[int(row)].as_py())[:60] for row in rows[:LISTED])
            if reason in ("undated", "in_no_slice"):
                tally.listed[reason] = [one if one.strip() and one != "None" else "empty" for one in seen]
    tally.read = int(left.sum())


def _numbered(column: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    """A number for each different value, −1 for null."""
    names = column.combine_chunks().dictionary_encode()
    return names.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)  # type: ignore[no-any-return]


def assign_slices(column: pa.ChunkedArray, slices: tuple[Slice, ...]) -> npt.NDArray[np.int64]:
    """The slice of each row, −1 for none; a row in two slices goes to the first (see `require_apart`).

    A range holds the rows that lie in it wholly: a date by its year where the bounds are years, a decade with its ten.

    >>> assign_slices(pa.chunked_array([[1946, 1970, 2030]]), (Slice("a", 1940, 1969), Slice("b", 1970, 1989))).tolist()
    [0, 1, -1]
    >>> assign_slices(pa.chunked_array([["1946-05-01", "c. 1950", "1940s"]]), (Slice("a", 1940, 1969),)).tolist()
    [0, -1, 0]
    """
    out = np.full(len(column), -1, dtype=np.int64)
    for index, mask in enumerate(_masks(column, slices)):
        out[mask & (out < 0)] = index
    return out


def require_apart(column: pa.ChunkedArray, slices: tuple[Slice, ...], slice_of: npt.NDArray[np.int64]) -> None:
    """Raises InvalidValue where rows lie in two slices, naming both and what they share: each document goes to one.

    A document in two spaces would make them alike for no other reason, and its halves would not be apart.
    """
    for index, mask in enumerate(_masks(column, slices)):
        twice = np.flatnonzero(mask & (slice_of != index))
        if len(twice):
            first, second = slices[slice_of[twice[0]]], slices[index]
            shared = list(dict.fromkeys(str(column[int(row)].as_py())[:40] for row in twice[:LISTED]))
            named = ", ".join(shared[:4]) + (", …" if len(shared) > 4 else "")
            both = f"{first.name!r} and {second.name!r}"
            raise InvalidValue(
                f"the slices {both} overlap: {len(twice):,} documents lie in both ({named})",
                "end one before the other begins",
            )


def _masks(column: pa.ChunkedArray, slices: tuple[Slice, ...]) -> Iterator[npt.NDArray[np.bool_]]:
    """The rows of each slice. Raises InvalidValue for ranges of a column without a date or number."""
    ranges = [one for one in slices if not one.values]
    found = dated(column, _bounds(slices)) if ranges else None
    if ranges and found is None:
        first = next((str(value)[:40] for value in column.to_pylist() if value is not None and str(value).strip()), "")
        if column.null_count == len(column) or not first:
            found = Dated(np.full(len(column), np.nan), np.full(len(column), np.nan))
        else:
            raise InvalidValue(
                f"a value to slice by is not a number or date (the first is {first!r})", "slice by `values` instead"
            )
    known = column.to_pylist() if len(ranges) < len(slices) else []
    names = np.array([value_text(value) for value in known]) if known else np.array([], dtype=str)
    plain = np.array([str(value) for value in known]) if known else names
    for one in slices:
        if one.values:
            yield np.isin(names, one.values) | np.isin(plain, one.values)
        elif found is not None and one.low is not None and one.high is not None:
            yield found.within(one.low, one.high)


def _bounds(slices: tuple[Slice, ...]) -> list[float]:
    return [value for one in slices for value in (one.low, one.high) if value is not None]


def undated_rows(column: pa.ChunkedArray, slices: tuple[Slice, ...]) -> npt.NDArray[np.bool_] | None:
    """Rows without a date or number where slices are ranges, bool (n,); None where they are values."""
    if any(one.values for one in slices):
        return None
    found = dated(column, _bounds(slices))
    return np.ones(len(column), dtype=bool) if found is None else found.undated


def how_dated(column: pa.ChunkedArray, slices: tuple[Slice, ...]) -> str:
    """How the dates of a column were read, where that had to be decided."""
    found = None if any(one.values for one in slices) else dated(column, _bounds(slices))
    return found.told if found else ""


def count(corpus: SlicedCorpus, documents: npt.NDArray[np.bool_]) -> Counts:
    """Count every item of the stream within these documents (bool, one for each)."""
    n = len(corpus.stream.items)
    inside = np.repeat(documents, np.diff(corpus.stream.starts)) & (corpus.stream.ids >= 0)
    ids = corpus.stream.ids[inside].astype(np.int64)
    document = corpus.document_of[inside]
    counts = np.bincount(ids, minlength=n)
    mid = corpus.stream.mid[inside]
    in_mid = np.bincount(ids[mid], minlength=n)
    capitals = np.bincount(ids[mid & corpus.stream.capital[inside]], minlength=n)
    authors = None
    if (corpus.author_of >= 0).any():
        authors = _distinct(ids, corpus.author_of[document], n)
    return Counts(
        count=counts,
        per_million=counts * 1e6 / max(len(ids), 1),
        documents=_distinct(ids, document, n),
        authors=authors,
        capital_share=np.where(in_mid > 0, capitals / np.maximum(in_mid, 1), np.nan),
    )


def _distinct(ids: npt.NDArray[np.int64], groups: npt.NDArray[np.int64], n: int) -> npt.NDArray[np.int64]:
    """How many different groups each id stands in."""
    known = groups >= 0
    width = int(groups.max(initial=0)) + 1
    pairs = np.unique(ids[known] * width + groups[known])
    return np.bincount(pairs // width, minlength=n)
