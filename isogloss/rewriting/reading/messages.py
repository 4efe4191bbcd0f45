"""JSON lines of chat messages: a conversation a line, or a line with two versions of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from isogloss.errors import InvalidValue, NotFound
from isogloss.rewriting.file import PairsFile
from isogloss.rewriting.reading._cutting import Cutting, Gathered
from isogloss.rewriting.reading.lines import placed_lines
from isogloss.tables.bounded import read_bytes
from isogloss.tables.encodings import head_text
from isogloss.text.matches import closest
from isogloss.text.nested import read_json

_ASKS, _ANSWERS = ("user", "human", "prompter"), ("assistant", "gpt", "model", "bot")


class Messages(Cutting):
    name, title, files, rows = "messages", "JSON lines of messages", 1, "lines"

    def claims(self, heads: Sequence[bytes], names: Sequence[str]) -> bool:
        line = next((one for one in head_text(heads[0]).split("\n") if one.strip()), "")
        try:
            return bool(_conversations(read_json(line)))
        except ValueError:
            return '"messages"' in line[:200] and '"role"' in line[:400]

    def read(self, paths: Sequence[Path], *, source: str, target: str) -> PairsFile:
        """Of one conversation each message of the user's and the answer to it are a pair, of two versions each message
        and its other one. A dropped pair takes its whole line with it. Raises InvalidValue, NotFound.
        """
        path = paths[0]
        gathered = Gathered(("role", "turn"))
        others: list[dict[str, str]] = []
        names: tuple[str, str] | None = None
        for number, (line, place) in enumerate(placed_lines(read_bytes(path)), 1):
            where = f"line {number:,}"
            try:
                one = read_json(line) if line.strip() else None
            except ValueError:
                gathered.tally.skip("row_that_is_no_json", where)
                continue
            here = _conversations(one)
            if not isinstance(one, dict) or not here:
                gathered.tally.skip("row_without_messages" if line.strip() else "blank_row", where)
                continue
            names = names or _columns(list(here), source, target, path.name)
            found = _pairs(here.get(names[0], []), here.get(names[1], []), same=names[0] == names[1])
            if found is None:
                gathered.tally.skip("turns_that_differ", where)
                continue
            for turn, (role, texts) in enumerate(found, 1):
                told = {"role": role, "turn": str(turn)}
                if gathered.take(number, texts, place, told=told, example=where):
                    others.append({k: str(v) for k, v in one.items() if isinstance(v, str | int | float)})
        gathered.tally.refuse_above(path.name, {"row_that_is_no_json": "give one object a line"})
        for name in dict.fromkeys(name for row in others for name in row):
            gathered.columns[name] = [row.get(name, "") for row in others]
        told = {"source": names[0], "target": names[1]} if names and names[0] != names[1] else {}
        return gathered.file(path.stem, self.name, paths, told)


def _conversations(row: Any) -> dict[str, list[Mapping[str, Any]]]:
    """Key → messages, of the keys that hold some."""
    if not isinstance(row, dict):
        return {}
    return {
        key: value
        for key, value in row.items()
        if isinstance(value, list) and value and all(isinstance(one, dict) and _role(one) for one in value)
    }


def _role(message: Mapping[str, Any]) -> str:
    return str(message.get("role") or message.get("from") or "")


def _text(message: Mapping[str, Any]) -> str:
    content = message.get("content", message.get("value"))
    if isinstance(content, list):  # parts, of which texts are read
        content = "\n".join(str(one["text"]) for one in content if isinstance(one, dict) and "text" in one)
    return content if isinstance(content, str) else ""


def _columns(names: list[str], source: str, target: str, file: str) -> tuple[str, str]:
    for asked in filter(None, (source, target)):
        if asked not in names:
            raise NotFound(f"{file} has no messages {asked[:40]!r}", closest(asked, names) or names)
    if len(names) == 1:
        return names[0], names[0]
    first = source or next((one for one in names if one != target), "")
    second = target or next((one for one in names if one != first), "")
    if len(names) > 2 and not (source and target):
        raise InvalidValue(f"{file} has the messages {', '.join(names)[:120]}", "name the source and the target")
    return first, second


def _pairs(
    first: Sequence[Mapping[str, Any]], second: Sequence[Mapping[str, Any]], *, same: bool
) -> list[tuple[str, tuple[str, str]]] | None:
    """(role, both texts) of each pair; None where two versions have different turns."""
    if same:
        return [
            (_role(one), (_text(one), _text(two)))
            for one, two in zip(first, first[1:], strict=False)  # noqa: RUF007
            if _role(one).lower() in _ASKS and _role(two).lower() in _ANSWERS
        ]
    if [_role(one) for one in first] != [_role(one) for one in second]:
        return None
    return [(_role(one), (_text(one), _text(two))) for one, two in zip(first, second, strict=True)]


member = Messages()
