"""Neighbors: what lies near a word, or near a sum of words, in every space."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from isogloss.errors import InvalidValue
from isogloss.notebook.commands import changed, options_of, spelt
from isogloss.notebook.figures import pointed
from isogloss.notebook.kind import Ground, Kind, Method
from isogloss.notebook.view import View

EACH = "each its own"
CRITERIA = ("cosine", "csls")
K = 10
CSLS, ADDED = "Conneau et al. 2018", "Mikolov et al. 2013"
_SUM = re.compile(r"::|(?:^|\s)[+\-−]\s|[,;،、，]")


class Neighbors(Kind):
    page = "Neighbors"

    def command(self, view: View, ground: Ground | None) -> tuple[str, ...]:
        assert ground
        item, space = view.get("item").strip(), view.get("space", EACH)
        if not item:
            raise InvalidValue("the view names no word", "add item=WORD to its link")
        name = "analogy" if _SUM.search(item) else "neighbors"
        given = {"space": space if space in ground.names else None, "criterion": _known(view.get("criterion"))}
        return spelt(name, [ground.collection, item], k=_count(view.get("k")), **given)

    def pointers(self, output: Any, view: View) -> Mapping[str, Mapping[str, str]]:
        near = self.neighbors(output)
        return {
            f"similarity of the nearest, {space}": {"value": pointed("results", space, 0, "similarity")}
            for space, items in near.items()
            if items
        }

    def method(self, command: Sequence[str]) -> Method:
        cosine = "the k items of the highest cos(q, x) = q·x / (‖q‖ ‖x‖)"
        formula, source = cosine, "exact, or as the line under the lists says"
        if options_of(command).get("criterion") == "csls":
            formula, source = (
                "the k items of the highest 2·cos(q, x) − r(q) − r(x), r: mean cosine of the 10 nearest",
                CSLS,
            )
        if command[0] == "analogy":
            return Method(f"{formula}; q: the sum of the words' unit vectors, each with its sign", f"{ADDED}; {source}")
        return Method(formula, source)

    def neighbors(self, output: Any) -> dict[str, tuple[str, ...]]:
        results = output.get("results", {}) if isinstance(output, dict) else {}
        return {space: tuple(one["item"] for one in near) for space, near in results.items() if near}

    def variations(self, command: Sequence[str], output: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
        told = options_of(command)
        k = int(told.get("k", K))
        for other in sorted({max(1, k - k // 2), k + max(1, k // 2)} - {k}):
            yield f"k {other}", changed(command, k=other)
        for criterion in CRITERIA:
            if criterion != told.get("criterion", CRITERIA[0]):
                yield f"criterion {criterion}", changed(command, criterion=criterion)

    def stands(self, before: Any, after: Any) -> bool:
        """In every space, at least half of the shorter list is in the other."""
        one, other = self.neighbors(before), self.neighbors(after)
        return bool(one) and all(
            2 * len({*items} & {*other.get(space, ())}) >= min(len(items), len(other.get(space, ()))) > 0
            for space, items in one.items()
        )


def _known(criterion: str) -> str | None:
    return criterion if criterion in CRITERIA and criterion != CRITERIA[0] else None


def _count(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and 3 <= int(text[:4]) <= 50 else K


member = Neighbors()
