"""Align: how many test words an alignment finds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from isogloss.errors import InvalidValue
from isogloss.notebook.commands import SPACE, changed, options_of, spelt
from isogloss.notebook.figures import pointed
from isogloss.notebook.kind import Ground, Kind, Method
from isogloss.notebook.view import View

TITLES = {
    **{"Procrustes": "procrustes", "Ridge": "ridge", "Refinement": "refine", "RCSLS": "rcsls", "VecMap": "vecmap"},
    "Self-learning": "vecmap-self",
}
RETRIEVALS = ("nn", "csls", "isf")
_ANCHORS = {"identical strings": "identical", "none": "unsupervised"}
_SHOWN = (
    ("P@1", "precision_at_1"),
    ("P@5", "precision_at_5"),
    ("P@10", "precision_at_10"),
    ("coverage", "coverage"),
)
_FITTED = {
    "procrustes": ("argmin ‖XW − Z‖ with WᵀW = I", "Schönemann 1966"),
    "ridge": ("argmin ‖XW − Z‖² + λ‖W‖²", "Hoerl & Kennard 1970"),
    "refine": ("Procrustes again and again on mutual CSLS neighbors", "Conneau et al. 2018"),
    "rcsls": ("the relaxed CSLS loss, by gradient descent from Procrustes", "Joulin et al. 2018"),
    "vecmap": ("whiten, map, re-weight by S^½, de-whiten", "Artetxe et al. 2018"),
    "vecmap-self": ("self-learning from the anchors or none, then VecMap's supervised steps", "Artetxe et al. 2018"),
}
_SOURCES = {"csls": "CSLS: Conneau et al. 2018", "isf": "inverted softmax: Smith et al. 2017"}
_LANGUAGE = re.compile(r"[\w-]{1,20}")
_SET = {"keep-share": "keep"}
_PARAMETERS = ("ridge", "rounds", "frequent", "rate", "iterations", "spectral", "neighbors", "negatives", "patience")


class Align(Kind):
    page = "Align"
    grounded = False

    def command(self, view: View, ground: Ground | None) -> tuple[str, ...]:
        source, target = view.get("source"), view.get("target")
        if not (SPACE.fullmatch(source) and SPACE.fullmatch(target)):
            raise InvalidValue("the view does not name its two spaces", "add source= and target= to its link")
        test = view.get("test", "held out")
        retrieval = view.get("retrieval", "csls").lower()
        methods = [TITLES[one] for one in (*view.all("method"), *view.all("methods")) if one in TITLES]
        steps = view.get("steps").replace(" ", "")
        return spelt(
            "align",
            [source, target],
            train=_anchors(view, view.get("anchors", "lexicon"), "train"),
            test=None if test == "held out" else _anchors(view, test, "test"),
            share=view.get("share") or None if test == "held out" else None,
            method=methods[0] if methods else "procrustes",
            retrieval=retrieval if retrieval in RETRIEVALS else "csls",
            limit=view.get("limit") or None,
            normalize=steps or None,
            seed=view.get("seed") or 0,
            set=_parameters(view) or None,
            case=view.get("case") or None,
            script_filter=view.get("script") == "true",
            leave_out=view.get("clean") == "true",
            no_files=True,
            word=view.get("word") or None,
        )

    def pointers(self, output: Any, view: View) -> Mapping[str, Mapping[str, str]]:
        found: dict[str, Mapping[str, str]] = {**_of_word(output, view)}
        results = output.get("results", []) if isinstance(output, dict) else []
        for at, one in enumerate(results):
            if one.get("oov") != "dropped":
                continue
            way = "back" if one["direction"] == "target-source" else "there"
            for name, key in _SHOWN:
                told = {"value": pointed("results", at, key), "n": pointed("results", at, "n_test")}
                if key == "precision_at_1":
                    told["low"], told["high"] = (pointed("results", at, f"ci_{key}", end) for end in (0, 1))
                found[f"{name}, {way}, {one['retrieval']}"] = told
        return found

    def method(self, command: Sequence[str]) -> Method:
        told = options_of(command)
        formula, source = _FITTED.get(told.get("method", ""), _FITTED["procrustes"])
        found = _SOURCES.get(told.get("retrieval", ""), "")
        return Method(
            f"W: {formula}; P@k: share of the test words of which a translation is among the k nearest of xW; interval:"
            " bootstrap over test words",
            "; ".join(filter(None, (source, found))),
        )

    def neighbors(self, output: Any) -> dict[str, tuple[str, ...]]:
        """Of a test word: what was found, in each direction."""
        rows = output.get("words", []) if isinstance(output, dict) else []
        return {f"{one['word'][:60]}, {_way(one)}": tuple(one["nearest"]) for one in rows if one["nearest"]}

    def title(self, view: View) -> str:
        pair = f"{view.get('source')} → {view.get('target')}"
        return " · ".join(filter(None, (view.get("word")[:200], pair)))[:400]

    def seeds(self, command: Sequence[str]) -> dict[str, int]:
        return {"held-out words and methods": int(options_of(command).get("seed", 0))}

    def variations(self, command: Sequence[str], output: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
        told = options_of(command)
        seed = int(told.get("seed", 0))
        for other in (seed + 1, seed + 2):
            yield f"seed {other}", changed(command, seed=other)
        for retrieval in RETRIEVALS:
            if retrieval != told.get("retrieval"):
                yield f"retrieval {retrieval}", changed(command, retrieval=retrieval)
        if "leave-out" not in told and told.get("train") != "unsupervised":
            yield "without anchors that look wrong", changed(command, leave_out=True)

    def stands(self, before: Any, after: Any) -> bool:
        """P@1 lies within the interval that it had, there and back; of a test word, the same one is found first."""
        if before.get("words"):
            first, now = ([row["nearest"][:1] for row in told.get("words", [])] for told in (before, after))
            return first == now
        one, other = (
            {row["direction"]: row for row in told["results"] if row["oov"] == "dropped"} for told in (before, after)
        )
        return bool(one) and all(
            row["ci_precision_at_1"][0] <= other[way]["precision_at_1"] <= row["ci_precision_at_1"][1]
            for way, row in one.items()
        )


def _of_word(output: Any, view: View) -> dict[str, dict[str, str]]:
    """Of the test word that a view is about, in the direction that it looks."""
    found: dict[str, dict[str, str]] = {}
    back = view.get("direction").endswith(f" → {view.get('source').partition('/')[2]}") and view.get("direction") != ""
    rows = output.get("words", []) if isinstance(output, dict) else []
    ways = {one["direction"] for one in rows}
    for at, one in enumerate(rows):
        if len(ways) > 1 and (one["direction"] == "target-source") != back:
            continue
        where = f"{_way(one)}, {one['retrieval']}"
        found[f"rank of the gold, {where}"] = {"value": pointed("words", at, "rank")}
        found[f"first found, {where}"] = {"value": pointed("words", at, "nearest", 0)}
        found[f"reason, {where}"] = {"value": pointed("words", at, "reason")}
        found[f"cosine of the first and the gold, {where}"] = {"value": pointed("words", at, "similarity")}
    return found


def _way(row: Mapping[str, Any]) -> str:
    return "back" if row["direction"] == "target-source" else "there"


def _anchors(view: View, kind: str, key: str) -> str:
    if kind in _ANCHORS:
        return _ANCHORS[kind]
    if kind != "lexicon":
        raise InvalidValue(f"its words come from {kind[:40]!r}", "keep one with a lexicon or identical strings")
    codes = [view.get(f"{key}-{end}") for end in ("from", "to")]
    if not all(map(_LANGUAGE.fullmatch, codes)):
        raise InvalidValue(
            "the link does not name the languages of its lexicon", f"add {key}-from=en and {key}-to=fr to it"
        )
    return f"lexicon:{codes[0]}:{codes[1]}"


def _parameters(view: View) -> list[str]:
    keys = {**{key: key for key in _PARAMETERS}, **_SET}
    return [f"{name}={_plain(view.get(key))}" for key, name in keys.items() if view.get(key)]


def _plain(value: str) -> str:
    return {"true": "True", "false": "False"}.get(value, value)


member = Align()
