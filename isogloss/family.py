"""Families: the members of a folder, by name; one new file makes a new member."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from typing import TypeVar, cast

from isogloss.errors import InvalidValue

T = TypeVar("T")


class Family(Mapping[str, T]):
    """The members of one folder or of several, by name; a member is imported when it is first asked for.

    A member's module is named like the member (a hyphen in the name is an underscore in the file's, and one after the
    name keeps it apart from a word of the language) and says at its end what the member is: `member = Cosine()`.
    Modules whose name begins with an underscore hold what members have in common.

    kind: what a member is called in an error. packages: dotted names of the folders. first: names in the order that
    they are shown; members that it does not name follow by name. last: those that take what no other claims, in the
    order that they are `asked`.

    >>> CRITERIA = Family("criterion", "isogloss.nearest.criteria", first=("cosine", "csls"))
    >>> CRITERIA.names
    ('cosine', 'csls', 'isf')
    >>> CRITERIA["cosin"]
    Traceback (most recent call last):
    isogloss.errors.InvalidValue: there is no criterion 'cosin': choose from cosine, csls, isf
    """

    def __init__(self, kind: str, *packages: str, first: Sequence[str] = (), last: Sequence[str] = ()) -> None:
        self.kind, self._packages, self._first, self._last = kind, packages, tuple(first), tuple(last)
        self._members: dict[str, T] = {}

    @cached_property
    def _modules(self) -> dict[str, str]:
        """Name → dotted name of its module, in order; nothing is imported but the folders themselves."""
        found = {}
        for package in self._packages:
            spec = find_spec(package)
            for module in iter_modules(spec.submodule_search_locations if spec else []):
                if not module.name.startswith("_"):
                    found[module.name.rstrip("_").replace("_", "-")] = f"{package}.{module.name}"
        order = [name for name in self._first if name in found]
        return {name: found[name] for name in [*order, *sorted(set(found) - set(order))]}

    @property
    def names(self) -> tuple[str, ...]:
        """Of all members, in order; imports none of them."""
        return tuple(self._modules)

    @cached_property
    def asked(self) -> tuple[str, ...]:
        """The names in the order that members are asked whether something is theirs."""
        return (*(name for name in self if name not in self._last), *(name for name in self._last if name in self))

    def __getitem__(self, name: str) -> T:
        """Raises InvalidValue, with the names to choose from."""
        if name not in self._members:
            if name not in self._modules:
                raise InvalidValue(f"there is no {self.kind} {name[:40]!r}", f"choose from {', '.join(self.names)}")
            self._members[name] = cast(T, import_module(self._modules[name]).member)
        return self._members[name]

    def __contains__(self, name: object) -> bool:
        return name in self._modules

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __len__(self) -> int:
        return len(self._modules)
