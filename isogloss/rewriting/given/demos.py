"""The sets of pairs that need no file, by name, and which one shows what a profile is for."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from isogloss.rewriting.given import instructions, marked
from isogloss.rewriting.pairs import Pairs

DEMOS: Mapping[str, Callable[[], Pairs]] = {
    instructions.NAME: lambda: instructions.instructions().pairs,
    marked.NAME: marked.marked_pairs,
}
_NOTES = {instructions.NAME: instructions.NOTE, marked.NAME: f"{marked.NOTE[0].upper()}{marked.NOTE[1:]}."}
_GROUPS = {instructions.NAME: "group", marked.NAME: "language"}


def demo_of(profile: str) -> Pairs:
    """What the page opens on.

    >>> demo_of("markers").name, demo_of("protected").name
    ('marked', 'instructions')
    """
    return DEMOS[marked.NAME if profile == "markers" else instructions.NAME]()


def groups_of(name: str) -> str:
    """The column that a set is first shown by."""
    return _GROUPS[name]


def note_of(name: str) -> str:
    """What is to be said of a set."""
    return _NOTES[name]
