"""What the lines of a text are, sentences, documents or nothing, and whether its words are cut already."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import regex

from isogloss.corpora.scan import ENDS, forms_in

LINES = ("sentences", "documents", "none")
_LOOKED = 400  # documents
_LONGEST = 20_000  # characters of each
_RARE = 200  # words to a sentence end: fewer ends than this, and the text marks none
_LONG = 100  # words to a line: longer ones are paragraphs
_RUN = regex.compile(r"[\p{Han}\p{Hiragana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]+")


def lines_are(texts: Iterable[str | None]) -> str:
    """What the lines of some texts are: `sentences` where they have neither stops nor blank lines, else `none`.

    >>> lines_are(["the ship sails\\nthe captain sings\\na storm comes"]), lines_are(["One. Two.\\nThree. Four."])
    ('sentences', 'none')
    """
    documents = lines = blank = words = ends = 0
    for text in islice(filter(None, texts), _LOOKED):
        written = [line for line in text[:_LONGEST].splitlines() if line.strip()]
        documents, lines = documents + 1, lines + len(written)
        blank += max(0, len(text[:_LONGEST].strip().splitlines()) - len(written))
        found = forms_in("\n".join(written), "words")
        marks = sum(form[0] in ENDS["words"] for form in found)
        ends, words = ends + marks, words + len(found) - marks
    marked = ends * _RARE > words or blank * 20 > lines
    return "sentences" if lines >= 2 * documents > 0 and words <= _LONG * lines and not marked else "none"


def is_cut(texts: Iterable[str | None]) -> bool:
    """Whether words stand apart in a script that writes none apart: 经济 发展, or whether they are tagged: attack_nn.

    >>> is_cut(["今天 我们 讨论 经济 发展 的 问题"]), is_cut(["今天我们讨论经济发展的问题。"]), is_cut(["a word"])
    (True, False, False)
    """
    runs = letters = spaced = tokens = tagged = 0
    for text in islice(filter(None, texts), _LOOKED):
        part = text[:_LONGEST]
        found = _RUN.findall(part)
        runs, letters = runs + len(found), letters + sum(map(len, found))
        spaced += len(regex.findall(r"(?<=[\p{Han}\p{Hiragana}\p{Thai}]) +(?=[\p{Han}\p{Hiragana}\p{Thai}])", part))
        cut = part.split()
        tokens, tagged = tokens + len(cut), tagged + sum("_" in token.strip("_") for token in cut)
    return (runs >= 3 and spaced * 2 >= runs and letters <= 4 * runs) or (tokens >= 20 and tagged * 2 >= tokens)


def line_documents(table: pa.Table, column: str) -> pa.Table:
    """Every line that is not blank as a row of its own; its other columns are those of its row.

    >>> line_documents(pa.table({"year": [1, 2], "text": ["a\\n\\nb", "c"]}), "text").to_pylist()
    [{'year': 1, 'text': 'a'}, {'year': 1, 'text': 'b'}, {'year': 2, 'text': 'c'}]
    """
    texts = table[column].combine_chunks().cast(pa.large_string()).fill_null("")
    split = pc.split_pattern_regex(texts, "\r\n|\n|\r|\u2028|\u2029")
    rows, values = pc.list_parent_indices(split), pc.list_flatten(split)
    kept = pc.match_substring_regex(values, r"\S")
    out = table.take(rows.filter(kept))
    return out.set_column(out.column_names.index(column), column, values.filter(kept))


def spread(column: pa.ChunkedArray) -> list[str | None]:
    """Some texts, from all over a column, that tell what all of them look like."""
    rows = np.linspace(0, max(len(column) - 1, 0), min(len(column), _LOOKED)).astype(np.int64)
    return [column[int(row)].as_py() for row in rows]
