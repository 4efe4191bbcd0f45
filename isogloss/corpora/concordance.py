"""A word in its contexts: lines of the corpus that a collection was built from, where it is at hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import regex

from isogloss.corpora.corpus import assign_slices, count_rows, place
from isogloss.corpora.documents import as_named, part_of, take_documents
from isogloss.corpora.forms import TokenRules
from isogloss.corpora.lines import line_documents
from isogloss.corpora.phrases import literal_pattern
from isogloss.corpora.recipe import Recipe, Slice
from isogloss.errors import InvalidValue
from isogloss.spaces.collection import Collection
from isogloss.text.normalize import normal_form
from isogloss.text.tally import Tally
from isogloss.workspace.access import data_folder

WIDTH = 60
FILE = "file"  # the column that names the file of each document, where they were files
_MOST_DOCUMENTS = 400


@dataclass(frozen=True)
class Line:
    """left and right: up to 60 characters of context. where: what the document is sliced by, who speaks."""

    left: str
    word: str
    right: str
    where: str


def corpus_of(collection: Collection) -> Path | None:
    """The corpus of a collection below ISOGLOSS_DATA, by its bare file name; None when it is not there."""
    corpus, data = collection.metadata.get("corpus"), data_folder()
    if not isinstance(corpus, Mapping) or data is None:
        return None
    path = data / Path(str(corpus.get("file", ""))).name
    return path if path.is_file() else None


def read_texts(path: Path, corpus: Mapping[str, Any], tally: Tally | None = None) -> pa.Table:
    """The corpus with a column `_space`: the space that each document went into. Raises InvalidValue.

    tally: takes what was read and skipped.
    """
    try:
        found = take_documents(path, part=part_of(path, corpus.get("part")))
        table = as_named(found.table, corpus, file=path.name)
        if corpus.get("lines") == "documents":
            table = line_documents(table, corpus["text"])
        slices = {one["name"]: Slice(**{**one, "values": tuple(one.get("values", ()))}) for one in corpus["slices"]}
        names = np.array([*slices, ""])
        placed = place(table[corpus["slice_by"]], tuple(slices.values()))
        of = placed.of
        kept = None
        if where := corpus.get("where"):
            asked = Slice("", where.get("low"), where.get("high"), tuple(where.get("values", ())))
            kept = assign_slices(table[where["column"]], (asked,)) >= 0
        if tally is not None:
            tally.add(found.read)
            count_rows(tally, table[corpus["slice_by"]], placed, kept=kept, blank=None)
        of[np.zeros(len(of), dtype=bool) if kept is None else ~kept] = -1
        columns = [corpus[key] for key in ("text", "slice_by", "author") if corpus.get(key)]
        columns += [FILE] if FILE in table.column_names else []
        if not is_text(table.schema.field(corpus["text"]).type) or "_space" in columns:
            raise TypeError(f"its columns are {', '.join(table.column_names)[:200]}")
        return table.select(list(dict.fromkeys(columns))).append_column("_space", pa.array(names[of]))
    except (OSError, pa.ArrowException, KeyError, TypeError) as error:
        raise InvalidValue(
            f"{path.name} cannot be read as the corpus of this collection ({error})",
            "put the file it was built from into ISOGLOSS_DATA",
        ) from None


def is_text(kind: pa.DataType) -> bool:
    """Whether a column holds text."""
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def describe_corpus(recipe: Recipe, *, lines: str = "") -> dict[str, Any]:
    """What a collection remembers of its corpus: the bare file name, its columns and slices, what its lines are and the
    rules of its tokens, never a path.
    """
    kept = ("name", "low", "high", "values")
    slices = [{key: getattr(one, key) for key in kept} | {"values": list(one.values)} for one in recipe.slices]
    out: dict[str, Any] = {
        "file": recipe.corpus.name,
        "text": recipe.text,
        "slice_by": recipe.slice_by,
        "slices": slices,
    }
    if recipe.part:
        out["part"] = recipe.part
    if lines or recipe.lines:
        out["lines"] = lines or recipe.lines
    known = asdict(TokenRules())
    out["tokens"] = {
        key: sorted(value) if isinstance(value, frozenset) else value
        for key, value in asdict(recipe.tokens).items()
        if value != known[key]
    }
    if recipe.author:
        out["author"] = recipe.author
    if recipe.where:
        column, one = recipe.where
        out["where"] = {"column": column, "low": one.low, "high": one.high, "values": list(one.values)}
    return out


def token_rules(corpus: Mapping[str, Any]) -> TokenRules:
    """The rules that a collection remembers; those of a plain recipe where it remembers none."""
    told: dict[str, Any] = {k: frozenset(v) if isinstance(v, list) else v for k, v in corpus.get("tokens", {}).items()}
    return replace(TokenRules(), **told)


def concordance(
    texts: pa.Table, corpus: Mapping[str, Any], item: str, *, space: str, most: int = 8, seed: int = 0
) -> list[Line]:
    """One line from each of some random documents of a space that use a word.

    A hyphen also matches a space or nothing, as tokens are merged. The item is taken literally.
    """
    pattern = literal_pattern(item)
    column = str(corpus["text"])
    longest = max(normal_form(item).split("-"), key=len)
    here = texts.filter(pc.equal(texts["_space"], space))
    holding = here.filter(pc.match_substring(here[column], longest, ignore_case=True))
    lines: list[Line] = []
    for row in np.random.default_rng(seed).permutation(len(holding))[:_MOST_DOCUMENTS].tolist():
        text = normal_form(holding[column][row].as_py() or "")
        found = pattern.search(text)
        if found:
            left, right = text[: found.start()][-WIDTH:], text[found.end() :][:WIDTH]
            where = [str(holding[corpus[key]][row].as_py()) for key in ("slice_by", "author") if corpus.get(key)]
            lines.append(Line(flat(left), found[0], flat(right), ", ".join(dict.fromkeys(where))))
        if len(lines) >= most:
            break
    return lines


def flat(text: str) -> str:
    """White space as single spaces."""
    return str(regex.sub(r"\s+", " ", text))
