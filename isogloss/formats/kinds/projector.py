"""TensorFlow's Embedding Projector: numbers between tabs, and a table of names beside them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from isogloss.formats.chosen import Candidate, Chosen
from isogloss.formats.collected import Block
from isogloss.formats.format import Format
from isogloss.formats.text import decimals, expected_lines, one_cell, read_text
from isogloss.formats.vocabulary import read_names
from isogloss.spaces.space import Space
from isogloss.tables.opened import opened


def _rows(path: Path, chosen: Chosen) -> int:
    """How many lines hold numbers."""
    with opened(path, chosen.part) as file:
        return sum(1 for line in file if line.strip())


class Projector(Format):
    name = "projector"
    title = "TensorFlow Projector (two .tsv)"
    help = "one file of numbers between tabs, another of items and what is known of them"
    words = {"Projector": ""}  # noqa: RUF012
    endings = (".tsv",)
    written = (".tsv", ".metadata.tsv")
    paired = True

    def expected(self, path: Path) -> int | None:
        return expected_lines(path)

    def read(self, path: Path, vocabulary: Path | None, chosen: Chosen) -> Iterator[Block]:
        assert vocabulary is not None
        return read_text(path, read_names(vocabulary, _rows(path, chosen), chosen), part=chosen.part)

    def candidates(self, path: Path, vocabulary: Path | None, chosen: Chosen) -> tuple[Candidate, ...]:
        return () if vocabulary is None else read_names(vocabulary, _rows(path, chosen), chosen).candidates

    def write(self, space: Space, out: Path) -> None:
        """OUT, and OUT.metadata.tsv, with a header where the items have further columns."""
        with open(out, "w", encoding="utf-8", newline="\n") as file:
            for row in space.vectors:
                file.write(decimals(row, "\t") + "\n")
        names = ["item", *space.columns.column_names] if space.columns.num_columns else []
        columns = [list(space.items), *(space.columns[n].to_pylist() for n in names[1:])]
        with open(out.with_suffix(".metadata.tsv"), "w", encoding="utf-8", newline="\n") as file:
            if names:
                file.write("\t".join(map(one_cell, names)) + "\n")
            for values in zip(*columns, strict=True):
                file.write("\t".join(map(one_cell, values)) + "\n")


member = Projector()
