"""JSON files of strings: two, the source's and the translated one, matched by nested keys."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from isogloss.errors import InvalidValue
from isogloss.rewriting.file import NOWHERE, PairsFile, Ranges
from isogloss.rewriting.reading._cutting import Gathered
from isogloss.rewriting.reading._json import Member, cut_members, members
from isogloss.tables.bounded import read_bytes


class Strings:
    name, title, files, rows = "strings", "JSON strings", 2, "texts of the target"

    def claims(self, heads: Sequence[bytes], names: Sequence[str]) -> bool:
        return all(
            head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"{", b"["))
            and (name.endswith((".json", ".arb")) or not name.endswith((".jsonl", ".ndjson", ".txt")))
            for head, name in zip(heads, names, strict=True)
        )

    def read(self, paths: Sequence[Path], *, source: str, target: str) -> PairsFile:
        """Only the target's file is written without what is dropped. Raises InvalidValue."""
        first, second = (_members(path) for path in paths)
        texts = {one.path: one.value for one in first if isinstance(one.value, str)}
        gathered = Gathered(("key",))
        seen = set()
        for number, one in enumerate((one for one in second if isinstance(one.value, str)), 1):
            key = ".".join(one.path)
            seen.add(one.path)
            if one.path not in texts:
                gathered.tally.skip("without_a_source", key)
                continue
            place = (one.start, one.end)
            gathered.take(number, (texts[one.path], one.value), (0, 0), place, told={"key": key}, example=key)
        for path in texts:
            if path not in seen:
                gathered.tally.skip("without_a_translation", ".".join(path))
        found = gathered.file(paths[1].stem, self.name, paths)
        return PairsFile(found.pairs, found.kind, found.paths, (NOWHERE, found.ranges[1]))

    def without(self, path: Path, ranges: Ranges, dropped: Sequence[int]) -> bytes:
        """ranges: in characters."""
        data = read_bytes(path)
        text = data.decode("utf-8")
        starts = set(ranges[list(dropped), 0].tolist())
        return cut_members(text, members(text), starts).encode("utf-8")


def _members(path: Path) -> list[Member]:
    try:
        return members(read_bytes(path).decode("utf-8"))
    except UnicodeError as error:
        raise InvalidValue(f"{path.name} is not UTF-8", "save it as UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise InvalidValue(f"{path.name} is no JSON ({str(error)[:120]})", "correct it") from error


member = Strings()
