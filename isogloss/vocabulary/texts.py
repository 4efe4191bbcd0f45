"""Texts in groups: by a column of a table, such as their language, else by their script."""

from __future__ import annotations

from pathlib import Path

from isogloss.encoders.texts import take_texts, text_column
from isogloss.errors import InvalidValue
from isogloss.tables.columns import find_column, text_of
from isogloss.tables.table import take_table
from isogloss.text.normalize import nfc
from isogloss.text.tally import Tally
from isogloss.vocabulary.known import by_script

Groups = dict[str, list[str]]


def grouped_texts(path: Path, column: str | None = None, *, by: str | None = None) -> tuple[Groups, Tally]:
    """Distinct texts of a file by group, and what was skipped. column: of the texts. by: of the groups; without it,
    texts are told apart by their script. Raises InvalidValue, NotFound.
    """
    if not by:
        found = take_texts(path, column)
        return by_script(found.texts), found.read
    read = take_table(path)
    table, tally = read.table, read.read
    name = find_column(table.column_names, by, file=path.name)
    texts = text_column(table.drop_columns([name]), path, column)
    tally.read = 0
    groups: dict[str, dict[str, None]] = {}
    for number, (group, value) in enumerate(zip(table[name].to_pylist(), table[texts].to_pylist(), strict=True), 1):
        text, called = nfc((text_of(value) or "").strip()), (text_of(group) or "").strip()
        if not text or not called:
            tally.skip("blank" if not text else "no_group", f"row {number:,}")
        elif text in groups.get(called, {}):
            tally.skip("duplicate", text)
        else:
            groups.setdefault(called, {})[text] = None
            tally.read += 1
    if not groups:
        raise InvalidValue(f"{path.name} holds no text ({tally.sentence()})", "give at least one line")
    return {group: list(members) for group, members in groups.items()}, tally


def chosen(groups: Groups, names: list[str]) -> Groups:
    """Some of the groups, or all where none is named. Raises InvalidValue."""
    if missing := [name for name in names if name not in groups]:
        raise InvalidValue(f"there are no texts of {missing[0][:40]!r}", f"choose from {', '.join(list(groups)[:30])}")
    return {name: groups[name] for name in names} if names else groups


def together(groups: Groups) -> list[str]:
    """Distinct texts of all groups, in order."""
    return list(dict.fromkeys(text for texts in groups.values() for text in texts))
