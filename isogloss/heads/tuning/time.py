"""How long the teaching of a model will take, before it begins."""

from __future__ import annotations

from isogloss.heads.recipe import TeachRecipe
from isogloss.tables.table import take_table
from isogloss.text.nested import read_json

_OPERATIONS = 4e10  # a second on one core, seen with e5-small and single words
_TOKENS = 6  # a text
_DEEP = 12 * 384 * 384 * 12  # of a model whose settings say nothing


def seconds_of(recipe: TeachRecipe) -> float:
    """Texts × tokens × two operations a parameter of the layers, and four more for those that are taught: for pairs,
    control and each smaller share, and what is encoded to judge each. Raises InvalidValue.
    """
    asked, training = recipe.model, recipe.training
    known, every = _pairs(recipe)
    arms = 2 + sum(training.constraints)
    layers, each = _size(recipe)
    taught = layers if asked.train == "all" else min(asked.layers, layers)
    back = 1 if asked.method == "lora" else 2  # through the layers, and for their own weights
    learnt = 2 * known * (1 - training.test - training.development) * asked.epochs * arms * (layers + back * taught)
    judged = every * (training.test + training.development) * (4 + 2 * len(training.constraints)) * layers
    return (learnt + judged) * _TOKENS * 2 * each / _OPERATIONS


def _pairs(recipe: TeachRecipe) -> tuple[int, int]:
    """Of languages that are not held out, and all."""
    asked, held = recipe.pairs, set(recipe.training.held_out_languages)
    if not asked.file:
        return 0, 0
    table = take_table(recipe.file(asked.file)).table
    if {asked.source, asked.target} <= set(table.column_names):
        named = [
            table[one].to_pylist() if one in table.column_names else [one] * table.num_rows
            for one in (asked.source_language, asked.target_language)
        ]
        return sum(not held & set(both) for both in zip(*named, strict=True)), table.num_rows
    wide, left = len(table.column_names), len(set(table.column_names) - held)
    return table.num_rows * left * (left - 1) // 2, table.num_rows * wide * (wide - 1) // 2


def _size(recipe: TeachRecipe) -> tuple[int, float]:
    """Layers, and parameters in each."""
    found = sorted(recipe.folder.rglob("config.json"), key=lambda one: len(one.parts))
    try:
        told = read_json(found[0].read_bytes()) if found else {}
        width, inner = int(told["hidden_size"]), int(told["intermediate_size"])
        return int(told["num_hidden_layers"]), 4 * width**2 + 2 * width * inner
    except (OSError, ValueError, KeyError, TypeError):
        return 12, _DEEP / 12
