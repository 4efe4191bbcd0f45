"""What formats have in common: what is cut, and pairs as they are gathered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from isogloss.rewriting.file import NOWHERE, PairsFile, Ranges, as_ranges, cut_out
from isogloss.rewriting.pairs import Pairs
from isogloss.tables.bounded import read_bytes
from isogloss.text.tally import Tally


class Cutting:
    """A format whose files are written by cutting bytes out."""

    def without(self, path: Path, ranges: Ranges, dropped: Sequence[int]) -> bytes:
        return cut_out(read_bytes(path), ranges, dropped)


class Gathered:
    """Pairs one after another, those with an empty side counted."""

    def __init__(self, columns: Sequence[str] = ()) -> None:
        self.source: list[str] = []
        self.target: list[str] = []
        self.rows: list[int] = []
        self.columns: dict[str, list[str]] = {name: [] for name in columns}
        self.ranges: tuple[list[tuple[int, int]], list[tuple[int, int]]] = ([], [])
        self.tally = Tally()

    def take(
        self,
        row: int,
        texts: tuple[str | None, str | None],
        *places: tuple[int, int],
        told: Mapping[str, str] | None = None,
        example: str = "",
    ) -> bool:
        """One pair; whether both texts are there. places: its bytes in each file."""
        source, target = texts
        if not (source or "").strip() or not (target or "").strip():
            self.tally.skip("without_a_translation" if (source or "").strip() else "blank", example or f"{row:,}")
            return False
        self.source.append(_sound(str(source)))
        self.target.append(_sound(str(target)))
        self.rows.append(row)
        for name, values in self.columns.items():
            values.append((told or {}).get(name, ""))
        for some, place in zip(self.ranges, places, strict=False):
            some.append(place)
        self.tally.read += 1
        return True

    def file(self, name: str, kind: str, paths: Sequence[Path], told: dict[str, str] | None = None) -> PairsFile:
        columns = {name: values for name, values in self.columns.items() if any(values)}
        pairs = Pairs(name, self.source, self.target, columns, self.rows, self.tally)
        ranges = tuple(
            as_ranges(some) if len(some) == len(self.rows) else NOWHERE for some in self.ranges[: len(paths)]
        )
        return PairsFile(pairs, kind, tuple(paths), ranges, told or {})


def _sound(text: str) -> str:
    """Lone surrogates, which nothing can write, as what stands for a letter that is none."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
