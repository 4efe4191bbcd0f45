"""What a kind of view is: which command gives its figures, and where they stand in its output."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from isogloss.errors import InvalidValue
from isogloss.family import Family
from isogloss.notebook.figures import KeptFigure, kept
from isogloss.notebook.view import View
from isogloss.workspace.store import FIRST, Workspace, read_header


@dataclass(frozen=True)
class Method:
    """How figures come about: the formula, in one line, and where it is from."""

    formula: str
    source: str


@dataclass(frozen=True)
class Ground:
    """The collection of a view: its name, those of its spaces, the fingerprint of each, whether they share coordinates
    and whether they have an order.
    """

    collection: str
    names: tuple[str, ...]
    fingerprints: Mapping[str, str]
    aligned: bool
    ordered: bool

    def pair(self, view: View) -> tuple[str, str]:
        """Two spaces as the pages take them: the first and the last, unless the address names others."""
        source, target = (view.get(key) for key in ("from", "to"))
        source = source if source in self.names and len(self.names) > 2 else self.names[0]
        target = target if target in self.names and len(self.names) > 2 else self.names[-1]
        if source != target:
            return source, target
        at = self.names.index(source)
        return (source, self.names[at + 1]) if at + 1 < len(self.names) else (self.names[at - 1], source)


def ground_of(workspace: Workspace, view: View, opens: str = FIRST) -> Ground:
    """What a view stands on. Raises NotFound, StoreError."""
    name = view.get("collection") or opens
    header = read_header(workspace.folder(name))
    spaces = header["spaces"]
    return Ground(
        name,
        tuple(str(one["name"]) for one in spaces),
        {str(one["name"]): str(one.get("fingerprint", "")) for one in spaces},
        header["alignment"]["method"] != "none" or len(spaces) == 1,
        bool(header.get("ordered")),
    )


class Kind(ABC):
    """The views of one page. page: its name in the address. grounded: whether it stands on one collection. opens: the
    collection that it opens on."""

    page: str
    grounded = True
    opens = FIRST

    @abstractmethod
    def command(self, view: View, ground: Ground | None) -> tuple[str, ...]:
        """The arguments of the command that gives the figures. Raises InvalidValue for a view that none gives."""

    @abstractmethod
    def pointers(self, output: Any, view: View) -> Mapping[str, Mapping[str, str]]:
        """Name of each figure → where its `value`, `low`, `high`, `n` and `null_p95` stand in the output."""

    @abstractmethod
    def method(self, command: Sequence[str]) -> Method:
        """How the command comes to its figures."""

    def neighbors(self, output: Any) -> dict[str, tuple[str, ...]]:
        """Space → items that the output lists, nearest first."""
        return {}

    def title(self, view: View) -> str:
        """A name for a case of the view."""
        return " · ".join(filter(None, (view.get("item"), self.page)))

    def seeds(self, command: Sequence[str]) -> dict[str, int]:
        """What the command seeds, by name."""
        return {}

    def variations(self, command: Sequence[str], output: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
        """What is varied, in words, and the command that does so. output: of the command as it is."""
        yield from ()

    def stands(self, before: Any, after: Any) -> bool:
        """Whether the finding of one output stands in that of a variation."""
        return False

    def figures(self, output: Any, view: View) -> tuple[KeptFigure, ...]:
        """The figures of the view from the output of its command."""
        found = []
        for name, told in self.pointers(output, view).items():
            beside = {key: at for key, at in told.items() if key != "value"}
            if (one := kept(name, output, told["value"], **beside)) is not None:
                found.append(one)
        return tuple(found)


KINDS: Family[Kind] = Family(
    "page of cases",
    "isogloss.notebook.kinds",
    first=("neighbors", "map", "drift", "scripts", "align", "pairs", "atlas"),
)


def kind_of(page: str) -> Kind:
    """Raises InvalidValue for a page whose views are not kept."""
    for name in KINDS:
        if KINDS[name].page == page:
            return KINDS[name]
    pages = ", ".join(KINDS[name].page for name in KINDS)
    raise InvalidValue(f"views of the page {page[:40]!r} have no figures to keep", f"keep one of {pages}")
