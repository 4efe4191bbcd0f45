"""A corpus: documents read from a table, sliced and counted."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from isogloss.corpora.lines import line_documents, lines_are, spread
from isogloss.corpora.recipe import Recipe, Slice
from isogloss.corpora.streamed import stream_documents
from isogloss.corpora.tokens import Tokenizer, TokenStream
from isogloss.errors import InvalidValue
from isogloss.progress import Progress, silent
from isogloss.tables.columns import find_column, is_text
from isogloss.tables.dates import Dated, dated, value_text
from isogloss.tables.read import TableRead
from isogloss.text.tally import LISTED, Tally
from isogloss.workspace.folders import scratch_folder

_PAIRS = 1 << 22  # of items and authors that are held before they are put together


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
        found = [
            self.stream.ids[self.stream.starts[first] : self.stream.starts[last]][
                np.repeat(documents[first:last], np.diff(self.stream.starts[first : last + 1]))
            ]
            for first, last in self.stream.blocks()
        ]
        return np.concatenate(found or [np.zeros(0, dtype=np.int32)]).astype(np.int32, copy=False)

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
    with scratch_folder() as folder:
        spool = folder / "rows.arrow"
        return _sliced(recipe, stream_documents(recipe.corpus, spool, part=recipe.part, progress=progress), progress)


def _sliced(recipe: Recipe, found: TableRead, progress: Progress) -> SlicedCorpus:
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
    placed = place(by, recipe.slices)
    placed.require_apart(by, recipe.slices)
    slice_of = placed.of.copy()
    kept = None if recipe.where is None else assign_slices(table[named[recipe.where[0]]], (recipe.where[1],)) >= 0
    blank = np.concatenate([_blank(some) for some in texts.chunks] or [np.zeros(0, dtype=bool)])
    count_rows(tally, by, placed, kept=kept, blank=blank)
    if placed.told:
        told["dates"] = placed.told
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
    rows = table.schema.empty_table()
    found = replace(found, table=rows, told=told)
    del table, texts, by, blank, placed  # the texts are not needed beside what they become
    return SlicedCorpus(
        tokenizer.resolve(),
        slice_of[chosen],
        author_of[chosen],
        len(recipe.slices),
        panel_of,
        lines,
        found,
    )


def _blank(texts: pa.Array) -> npt.NDArray[np.bool_]:
    return np.asarray(pc.equal(pc.utf8_trim_whitespace(texts.fill_null("")), ""))


def count_rows(
    tally: Tally,
    by: pa.ChunkedArray,
    placed: Placed,
    *,
    kept: npt.NDArray[np.bool_] | None,
    blank: npt.NDArray[np.bool_] | None,
) -> None:
    """Why rows are no documents: not asked for, without a text, without a date, in no slice; counted into a tally."""
    left = np.ones(len(by), dtype=bool)
    reasons = {"left_out_by_where": None if kept is None else ~kept, "without_a_text": blank, "undated": placed.undated}
    for reason, mask in (reasons | {"in_no_slice": placed.of < 0}).items():
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


@dataclass(frozen=True)
class Placed:
    """Rows by slices. of: the slice of each, int64 (n,), −1 for none, the first of two. undated: rows without a date or
    number, bool (n,), none where slices are values. told: how dates were read, where that had to be decided.
    """

    of: npt.NDArray[np.int64]
    undated: npt.NDArray[np.bool_]
    told: str = ""
    shared: tuple[int, int, tuple[int, ...]] | None = None

    def require_apart(self, column: pa.ChunkedArray, slices: tuple[Slice, ...]) -> None:
        """Raises InvalidValue where rows lie in two slices, naming both and what they share: a document goes to one.

        A document in two spaces would make them alike for no other reason, and its halves would not be apart.
        """
        if self.shared is None:
            return
        first, second, rows = self.shared
        both = f"{slices[first].name!r} and {slices[second].name!r}"
        named = list(dict.fromkeys(str(column[row].as_py())[:40] for row in rows[:LISTED]))
        shown = ", ".join(named[:4]) + (", …" if len(named) > 4 else "")
        raise InvalidValue(
            f"the slices {both} overlap: {len(rows):,} documents lie in both ({shown})",
            "end one before the other begins",
        )


def assign_slices(column: pa.ChunkedArray, slices: tuple[Slice, ...]) -> npt.NDArray[np.int64]:
    """The slice of each row, −1 for none; a row in two slices goes to the first (see `Placed.require_apart`).

    >>> assign_slices(pa.chunked_array([[1946, 1970, 2030]]), (Slice("a", 1940, 1969), Slice("b", 1970, 1989))).tolist()
    [0, 1, -1]
    >>> assign_slices(pa.chunked_array([["1946-05-01", "c. 1950", "1940s"]]), (Slice("a", 1940, 1969),)).tolist()
    [0, -1, 0]
    """
    return place(column, slices).of


def place(column: pa.ChunkedArray, slices: tuple[Slice, ...]) -> Placed:
    """Rows by slices. A range holds the rows that lie in it wholly: a date by its year where bounds are years, a decade
    with its ten. Raises InvalidValue for ranges of a column without a date or number.
    """
    ranges = [one for one in slices if not one.values]
    found = _dated(column, ranges) if ranges else None
    known = column.to_pylist() if len(ranges) < len(slices) else []
    names, plain = np.array(list(map(value_text, known))), np.array(list(map(str, known)))
    out = np.full(len(column), -1, dtype=np.int64)
    shared: tuple[int, int, tuple[int, ...]] | None = None
    for index, one in enumerate(slices):
        if one.values:
            mask = np.isin(names, one.values) | np.isin(plain, one.values)
        elif found is not None and one.low is not None and one.high is not None:
            mask = found.within(one.low, one.high)
        else:
            continue
        twice = np.flatnonzero(mask & (out >= 0))
        if len(twice) and shared is None:
            first = int(out[twice[0]])
            shared = first, index, tuple(twice[out[twice] == first].tolist())
        out[mask & (out < 0)] = index
    every = found is not None and len(ranges) == len(slices)
    undated = found.undated if found is not None and every else np.zeros(len(column), dtype=bool)
    return Placed(out, undated, found.told if found else "", shared)


def _dated(column: pa.ChunkedArray, ranges: list[Slice]) -> Dated:
    found = dated(column, [value for one in ranges for value in (one.low, one.high) if value is not None])
    if found is None:
        first = next((str(value)[:40] for value in column.to_pylist() if value is not None and str(value).strip()), "")
        if first:
            raise InvalidValue(
                f"a value to slice by is not a number or date (the first is {first!r})", "slice by `values` instead"
            )
        found = Dated(np.full(len(column), np.nan), np.full(len(column), np.nan))
    return found


def count(corpus: SlicedCorpus, documents: npt.NDArray[np.bool_]) -> Counts:
    """Count every item of the stream within these documents (bool, one for each), some million tokens at a time."""
    stream, n = corpus.stream, len(corpus.stream.items)
    counts, in_documents, in_mid, capitals = (np.zeros(n, dtype=np.int64) for _ in range(4))
    named = bool((corpus.author_of >= 0).any())
    width = int(corpus.author_of.max(initial=0)) + 1
    said = [np.zeros(0, dtype=np.int64)]  # item × author, each pair once in each part
    for first, last in stream.blocks():
        within = documents[first:last]
        if not within.any():
            continue
        at = slice(int(stream.starts[first]), int(stream.starts[last]))
        lengths = np.diff(stream.starts[first : last + 1])
        inside = np.repeat(within, lengths) & (stream.ids[at] >= 0)
        ids, mid = stream.ids[at][inside].astype(np.int64), stream.mid[at][inside]
        document = np.repeat(np.arange(last - first), lengths)[inside]
        counts += np.bincount(ids, minlength=n)
        in_mid += np.bincount(ids[mid], minlength=n)
        capitals += np.bincount(ids[mid & stream.capital[at][inside]], minlength=n)
        in_documents += np.bincount(np.unique(ids * (last - first) + document) // (last - first), minlength=n)
        if named:
            author = corpus.author_of[first:last][document]
            said.append(np.unique((ids * width + author)[author >= 0]))
            if sum(map(len, said[1:])) > _PAIRS + len(said[0]):
                said = [np.unique(np.concatenate(said))]
    return Counts(
        count=counts,
        per_million=counts * 1e6 / max(int(counts.sum()), 1),
        documents=in_documents,
        authors=np.bincount(np.unique(np.concatenate(said)) // width, minlength=n) if named else None,
        capital_share=np.where(in_mid > 0, capitals / np.maximum(in_mid, 1), np.nan),
    )
