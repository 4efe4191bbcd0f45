"""A recipe as TOML, for people who chose it on a page and want to keep it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from isogloss.corpora.forms import TokenRules
from isogloss.corpora.recipe import Recipe, Replicates, Slice, TrainingParameters
from isogloss.tables.dates import spelt


def recipe_text(recipe: Recipe) -> str:
    """TOML that `read_recipe` reads as the same recipe; what is at its default is left out.

    >>> from pathlib import Path
    >>> print(recipe_text(Recipe("a", "A", Path("a.parquet"), "text", "year", (Slice("old", 1900, 1950),))), end="")
    [collection]
    name = "a"
    title = "A"
    ordered = true
    <BLANKLINE>
    [corpus]
    file = "a.parquet"
    text = "text"
    slice_by = "year"
    <BLANKLINE>
    [[slices]]
    name = "old"
    from = 1900
    to = 1950
    <BLANKLINE>
    [replicates]
    document = 0
    """
    head = {"name": recipe.name, "title": recipe.title, "ordered": recipe.ordered, **recipe.metadata}
    corpus: dict[str, Any] = {"file": str(recipe.corpus)} | ({"part": recipe.part} if recipe.part else {})
    corpus |= {"text": recipe.text, "slice_by": recipe.slice_by}
    if recipe.author:
        corpus["author"] = recipe.author
    if recipe.lines:
        corpus["lines"] = recipe.lines
    if recipe.where:
        column, one = recipe.where
        corpus["where"] = {"column": column} | {k: v for k, v in _slice(one).items() if k != "name"}
    parts = [_table("[collection]", head), _table("[corpus]", corpus)]
    parts += [_table("[[slices]]", _slice(one)) for one in recipe.slices]
    for name, value, default in (
        ("tokens", recipe.tokens, TokenRules()),
        ("training", recipe.training, TrainingParameters()),
        ("replicates", recipe.replicates, Replicates(usual=recipe.training.method == "cade")),
    ):
        known = asdict(default)
        changed = {k: v for k, v in asdict(value).items() if v != known[k]}
        if name == "replicates" and value != default:
            changed = {k: v for k, v in changed.items() if v} or {"document": 0}
        if changed:
            parts.append(_table(f"[{name}]", changed))
    return "\n".join(parts)


def variants_text(variants: Mapping[str, str]) -> str:
    """Spellings to merge, as a recipe has them.

    >>> print(variants_text({"goverment": "government"}))
    [tokens.variants]
    goverment = "government"
    <BLANKLINE>
    """
    return _table("[tokens.variants]", variants)


def _slice(one: Slice) -> dict[str, Any]:
    if one.values:
        return {"name": one.name, "values": list(one.values)}
    low, high = float(one.low or 0), float(one.high or 0)  # both are there where values are not
    return {"name": one.name, "from": spelt(low, end=False), "to": spelt(high, end=True)}


def _table(head: str, values: Mapping[str, Any]) -> str:
    return "\n".join([head, *(f"{_key(k)} = {_value(v)}" for k, v in values.items()), ""])


def _key(name: str) -> str:
    return name if name.isidentifier() and name.isascii() else _value(name)


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list | tuple | set | frozenset):
        every = sorted(value) if isinstance(value, set | frozenset) else value
        return "[" + ", ".join(map(_value, every)) + "]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")  # JSON's escapes are TOML's
    return json.dumps(value)
