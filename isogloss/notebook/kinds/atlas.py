"""Atlas: whether the sections of catalogues that ship hold together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from isogloss.errors import InvalidValue
from isogloss.notebook.commands import changed, spelt
from isogloss.notebook.figures import pointed
from isogloss.notebook.kind import Ground, Kind, Method
from isogloss.notebook.view import View

ALL, MINE = "all that ship", "my own"
LEVELS = {"whole paths": 0, "first headings": 1, "two headings": 2, "three headings": 3}
OPENING, K, MOST_K = "two headings", 5, 20
_SHIPPED = ("multilingual-llm", "alignment-with-people")
_SEEDS = (1, 2)
_KEYS = ("value", "n", "low", "high")


class Atlas(Kind):
    page = "Atlas"
    grounded = False

    def command(self, view: View, ground: Ground | None) -> tuple[str, ...]:
        """The section and the title of a view choose among what the command prints. Raises InvalidValue for a list of
        one's own, which no command names again.
        """
        if view.get("catalogue") == MINE:
            raise InvalidValue("a list of one's own is shown", "choose a catalogue that ships")
        given = [view.get("catalogue")] if view.get("catalogue") in _SHIPPED else []
        told = view.get("k")
        k = int(told) if len(told) < 3 and told.isdecimal() and 1 <= int(told) <= MOST_K else K
        return spelt("atlas", given, k=k, depth=LEVELS.get(view.get("level"), LEVELS[OPENING]), seed=0)

    def pointers(self, output: Any, view: View) -> Mapping[str, Mapping[str, str]]:
        found = {}
        for key, name in (("purity", "purity"), ("placed", "nearest to their own")):
            found[name] = {one: pointed(key, one) for one in _KEYS} | {"null_p95": pointed(key, "null", "p95")}
        for key, name in (("misfiled", "misfiled"), ("missing", "missing neighbors")):
            found[name] = {"value": pointed(key, "n")}
        return found

    def method(self, command: Sequence[str]) -> Method:
        return Method(
            "purity: share of the k nearest titles (cosine) that share a section, mean over titles; p = (1 + #{dealt ≥"
            " it}) / (1 + 200)",
            "k-NN purity; null: sections dealt anew to the titles of each catalogue; titles resampled for the interval",
        )

    def title(self, view: View) -> str:
        return " · ".join(filter(None, (view.get("section"), view.get("catalogue"), self.page)))

    def seeds(self, command: Sequence[str]) -> dict[str, int]:
        return {"interval and null": 0}

    def variations(self, command: Sequence[str], output: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
        for seed in _SEEDS:
            yield f"seed {seed}", changed(command, seed=seed)
        for k in (3, 10):
            yield f"k {k}", changed(command, k=k)

    def stands(self, before: Any, after: Any) -> bool:
        """Purity is above its null in both, or in neither."""
        return bool((before["purity"]["null"]["p"] < 0.05) == (after["purity"]["null"]["p"] < 0.05))


member = Atlas()
