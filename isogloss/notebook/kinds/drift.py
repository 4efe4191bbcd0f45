"""Drift: how far a word moved between two spaces; without a word, how many did."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from isogloss.notebook.commands import changed, options_of, spelt
from isogloss.notebook.figures import pointed
from isogloss.notebook.kind import Ground, Kind, Method
from isogloss.notebook.view import View

MEASURES = ("cosine", "local", "jaccard", "gonen")
ALIGNED = "cosine"  # the one that asks for shared coordinates
_K = {"local": 25, "jaccard": 25, "gonen": 1_000}
_FORMULAS = {
    "cosine": ("distance = 1 − cos(w_A, w_B)", "Hamilton et al. 2016, global"),
    "local": (
        "distance = 1 − cos of the two vectors of similarities to the k nearest items of either space",
        "Hamilton et al. 2016, local neighborhood",
    ),
    "jaccard": ("distance = 1 − |N_A ∩ N_B| / |N_A ∪ N_B| of the k nearest items", "Jaccard 1912"),
    "gonen": ("distance = 1 − |N_A ∩ N_B| / k of the k nearest items of more than 100 uses", "Gonen et al. 2020"),
}
_COUNTED = ("n_shared", "n_significant", "n_undecided")
_NAMES = {"n_shared": "words compared", "n_significant": "words that moved", "n_undecided": "words not decided"}


class Drift(Kind):
    page = "Drift"

    def command(self, view: View, ground: Ground | None) -> tuple[str, ...]:
        assert ground
        usable = MEASURES if ground.aligned else tuple(one for one in MEASURES if one != ALIGNED)
        measure, uses = view.get("measure"), view.get("uses")
        in_order = view.get("order") == "true" and ground.ordered and len(ground.names) > 2
        source, target = (ground.names[0], ground.names[-1]) if in_order else ground.pair(view)
        item = view.get("item").strip()
        return spelt(
            "drift",
            [ground.collection],
            source=source,
            target=target,
            measure=measure if measure in usable else usable[0],
            min_count=int(uses) if uses.isascii() and uses.isdigit() and 0 < int(uses[:8]) <= 1_000_000 else None,
            panel=view.get("same") == "true",
            in_order=in_order,
            item=item or None,
            top=None if item else 10,
        )

    def pointers(self, output: Any, view: View) -> Mapping[str, Mapping[str, str]]:
        if not view.get("item").strip():
            return {_NAMES[one]: {"value": pointed(one)} for one in _COUNTED}
        at = {key: pointed("words", 0, key) for key in ("distance", "verdict", "p_value", "q_value", "null_p95")}
        interval = {"low": pointed("words", 0, "ci", 0), "high": pointed("words", 0, "ci", 1)}
        return {
            "distance": {"value": at["distance"], "null_p95": at["null_p95"], **interval},
            "verdict": {"value": at["verdict"]},
            "p": {"value": at["p_value"]},
            "q": {"value": at["q_value"], "n": "/n_shared"},
            "measures that say moved": {
                "value": pointed("words", 0, "agree", "moved"),
                "n": pointed("words", 0, "agree", "tested"),
            },
            "uses in the source": {"value": pointed("words", 0, "count_source")},
            "uses in the target": {"value": pointed("words", 0, "count_target")},
        }

    def method(self, command: Sequence[str]) -> Method:
        formula, source = _FORMULAS.get(options_of(command).get("measure", ALIGNED), _FORMULAS[ALIGNED])
        tested = "p: share of the replicates' distances of words as frequent that reach it; q over all words tested"
        return Method(f"{formula}; {tested}", f"{source}; q: Benjamini & Hochberg 1995")

    def neighbors(self, output: Any) -> dict[str, tuple[str, ...]]:
        words = output.get("words", []) if isinstance(output, dict) else []
        return {"most changed": tuple(one["item"] for one in words)} if len(words) > 1 else {}

    def variations(self, command: Sequence[str], output: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
        told = options_of(command)
        own = told.get("measure", MEASURES[0])
        for measure in MEASURES:
            if measure != own:
                yield f"measure {measure}", changed(command, measure=measure, k=None)
        if own in _K:
            k = int(told.get("k", _K[own]))
            for other in (max(1, k - k // 2), k + max(1, k // 2)):
                yield f"k {other:,}", changed(command, k=other)
        if "panel" in told:
            yield "all speakers", changed(command, panel=None)
        else:
            yield "the same speakers only", changed(command, panel=True)
        least = int(told.get("min-count", 0))
        yield f"words of {least + 100} uses or more", changed(command, min_count=least + 100)

    def stands(self, before: Any, after: Any) -> bool:
        """The word has the same verdict; without a word, most of those that were shown are still among the first."""
        if len(before["words"]) == 1:
            return bool(before["words"][0]["verdict"] == after["words"][0]["verdict"])
        one, other = ({word["item"] for word in told["words"]} for told in (before, after))
        return 2 * len(one & other) >= len(one)


member = Drift()
