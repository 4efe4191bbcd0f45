"""A corpus: documents read from a table, sliced and counted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from isogloss.corpora.documents import read_documents
from isogloss.corpora.lines import line_documents, lines_are, spread
from isogloss.corpora.recipe import Recipe, Slice
from isogloss.corpora.tokens import Tokenizer, TokenStream
from isogloss.errors import InvalidValue
from isogloss.progress import Progress, silent


@dataclass(frozen=True)
class SlicedCorpus:
    """stream: all documents in one token stream. slice_of, author_of, panel_of: per document.

    slice_of: −1 for no slice; author_of: −1 for no author. panel_of: the value of the recipe's panel
    column as a number, −1 for none; None without such a column. lines: what its lines were taken for, one of LINES.
    """

    stream: TokenStream
    slice_of: npt.NDArray[np.int64]
    author_of: npt.NDArray[np.int64]
    n_slices: int
    panel_of: npt.NDArray[np.int64] | None = None
    lines: str = "none"

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

    Raises InvalidValue for a missing column, a slice without documents, or a column that cannot be
    sliced by number.
    """
    table = read_documents(recipe.corpus)
    panel = recipe.replicates.panel
    wanted = [recipe.text, recipe.slice_by] + ([recipe.author] if recipe.author else []) + ([panel] if panel else [])
    wanted += [recipe.where[0]] if recipe.where else []
    for column in wanted:
        if column not in table.column_names:
            raise InvalidValue(
                f"{recipe.corpus.name} has no column {column!r}", f"its columns are {', '.join(table.column_names)}"
            )
    kind = table.schema.field(recipe.text).type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)):
        raise InvalidValue(f"the column {recipe.text!r} of {recipe.corpus.name} holds {kind}", "name a column of text")
    lines = recipe.lines or lines_are(spread(table[recipe.text]))
    if lines == "documents":
        table = line_documents(table, recipe.text)
    slice_of = assign_slices(table[recipe.slice_by], recipe.slices)
    if recipe.where:
        slice_of[assign_slices(table[recipe.where[0]], (recipe.where[1],)) < 0] = -1
    for index, one in enumerate(recipe.slices):
        if not (slice_of == index).any():
            raise InvalidValue(f"slice {one.name!r} holds no document", f"correct its range of {recipe.slice_by}")
    author_of = _numbered(table[recipe.author]) if recipe.author else np.full(len(table), -1, dtype=np.int64)
    panel_of = _numbered(table[panel]) if panel else None
    chosen = np.flatnonzero(slice_of >= 0)
    tokenizer = Tokenizer(recipe.tokens, lines=lines == "sentences")
    for done, row in enumerate(chosen):
        tokenizer.add(table[recipe.text][int(row)].as_py() or "")
        if done % 200 == 0:
            progress("tokenising", done / len(chosen))
    progress("resolving words", 1.0)
    panel_of = None if panel_of is None else panel_of[chosen]
    return SlicedCorpus(tokenizer.resolve(), slice_of[chosen], author_of[chosen], len(recipe.slices), panel_of, lines)


def _numbered(column: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    """A number for each different value, −1 for null."""
    names = column.combine_chunks().dictionary_encode()
    return names.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)  # type: ignore[no-any-return]


def assign_slices(column: pa.ChunkedArray, slices: tuple[Slice, ...]) -> npt.NDArray[np.int64]:
    """The slice of each row, −1 for none; a row in two slices goes to the first.

    >>> assign_slices(pa.chunked_array([[1946, 1970, 2030]]), (Slice("a", 1940, 1969), Slice("b", 1970, 1989))).tolist()
    [0, 1, -1]
    """
    out = np.full(len(column), -1, dtype=np.int64)
    for index, one in enumerate(slices):
        if one.values:
            mask = np.array([str(value) in one.values for value in column.to_pylist()])
        else:
            try:
                numbers = column.cast(pa.float64()).to_numpy()
            except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
                raise InvalidValue(
                    f"a value to slice by is not a number ({error})", "slice by `values` instead"
                ) from None
            mask = (numbers >= one.low) & (numbers <= one.high)
        out[mask & (out < 0)] = index
    return out


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
