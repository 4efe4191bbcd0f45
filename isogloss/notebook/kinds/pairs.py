"""Pairs: what became of texts that were rewritten, of the sets that need no file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from isogloss.notebook.commands import WORD, changed, options_of, spelt
from isogloss.notebook.figures import pointed
from isogloss.notebook.kind import Ground, Kind, Method
from isogloss.notebook.view import View

PROFILES = ("protected", "rewrite", "markers", "mined", "free")
_OF_MARKERS = "marked"
_SEEDS = (1, 2)
TASKS = {"Switch": "switch", "Etymology": "etymology", "Consistency": "consistency"}
ORDERS, FORMS = ("all", "english-first", "english-second"), ("tags", "plain")
WORDS, ONLY = ("origin", "script"), ("switched", "mixed")
_METHODS = {
    "protected": ("kept: |S ∩ T| / |S| of the spans of a type, S the source's, T the target's", "multisets by type"),
    "rewrite": ("R̄ = ‖mean of (b − a) / ‖b − a‖‖ over the pairs (a, b)", "signs flipped within pairs for the null"),
    "markers": ("share of pairs whose markers are those of the source, well formed", "tags by kind"),
    "mined": (
        "margin: cos(x, y) / ½ (mean cos of x to its 4 nearest + of y to its 4 nearest)",
        "Artetxe & Schwenk 2019, ratio",
    ),
    "switch": (
        "1 − cos of a sentence and its variant, beside the same with other words, as long, switched",
        "EntityCS: languages that all entities of a sentence have; P@1 of the original",
    ),
    "etymology": ("a token whose language differs from that of the one before that has one", "origins as annotated"),
    "consistency": (
        "CLC: mean over items of the mean cosine of their vectors; CSS: the same with mixed words",
        "NeoBabel; null: vectors of other items",
    ),
    "free": ("lengths, likeness of letters, share of letters in the target's script", "means over the pairs"),
}


class Pairs(Kind):
    page = "Pairs"
    grounded = False

    def command(self, view: View, ground: Ground | None) -> tuple[str, ...]:
        if view.get("task") in TASKS:
            return _task(TASKS[view.get("task")], view)
        profile = view.get("profile")
        profile = profile if profile in PROFILES else PROFILES[0]
        by = view.get("by")
        given = _OF_MARKERS if profile == "markers" else "instructions"
        return spelt(
            "pairs", [given], profile=profile, by=by if by and by != "none" and WORD.fullmatch(by) else None, seed=0
        )

    def pointers(self, output: Any, view: View) -> Mapping[str, Mapping[str, str]]:
        if "figures" not in output:
            return _of_task(output)
        return {
            name.replace("_", " "): {
                key: pointed("figures", name, key) for key in ("value", "n", "low", "high") if one.get(key) is not None
            }
            for name, one in output["figures"].items()
            if one.get("value") is not None
        }

    def method(self, command: Sequence[str]) -> Method:
        told = _METHODS["free"] if command[0] == "pairs" else _METHODS[command[0]]
        formula, source = _METHODS.get(options_of(command).get("profile", ""), told)
        return Method(formula, f"{source}; intervals by bootstrap or Wilson 1927")

    def title(self, view: View) -> str:
        return " · ".join(filter(None, (view.get("task") or view.get("profile"), self.page)))

    def seeds(self, command: Sequence[str]) -> dict[str, int]:
        return {"intervals and nulls": int(options_of(command).get("seed", 0))}

    def variations(self, command: Sequence[str], output: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
        for seed in _SEEDS:
            yield f"seed {seed}", changed(command, seed=seed)

    def stands(self, before: Any, after: Any) -> bool:
        """The same pairs have failed, in the same ways; variants, tokens and items are the same."""
        same = next((one for one in ("failures", "rows", "items") if one in before), "")
        return bool(before.get(same) == after.get(same))


def _task(name: str, view: View) -> tuple[str, ...]:
    """The command of a task on the set of our own."""

    def one(key: str, of: Sequence[str]) -> str | None:
        return view.get(key) if view.get(key) in of else None

    if name == "switch":
        order, form = one("order", ORDERS) or ORDERS[0], one("form", FORMS) or FORMS[0]
        return spelt(name, ["switched"], order=order, format=form, model="shipped", seed=0)
    if name == "etymology":
        return spelt(name, ["maltese"], points=one("words", WORDS) or WORDS[0], only=one("only", ONLY), seed=0)
    pivot = view.get("pivot")
    return spelt(name, ["items"], pivot=pivot if WORD.fullmatch(pivot) else "en", seed=0)


def _of_task(output: Any) -> dict[str, dict[str, str]]:
    """Figures of switch by language, of consistency by reference, of etymology the counts."""
    found: dict[str, dict[str, str]] = {}

    def add(name: str, one: Any, *at: str | int) -> None:
        if isinstance(one, dict) and one.get("value") is not None:
            found[name] = {key: pointed(*at, key) for key in ("value", "n", "low", "high") if one.get(key) is not None}

    for i, row in enumerate(output["languages"]) if isinstance(output.get("languages"), list) else ():
        for key in ("displacement", "random_word", "p_at_1"):
            add(f"{key.replace('_', ' ')}, {row['language']}", row.get(key), "languages", i, key)
    for name, one in output.get("clc", {}).items():
        add(f"CLC, {name.replace('_', ' ')}", one, "clc", name)
    for kind, both in output.get("css", {}).items():
        for name, one in both.items():
            add(f"CSS {kind}, {name.replace('_', ' ')}", one, "css", kind, name)
    for key in ("points", "mixed", "sentences_with_points"):
        if key in output:
            found[key.replace("_", " ")] = {"value": pointed(key)}
    return found


member = Pairs()
