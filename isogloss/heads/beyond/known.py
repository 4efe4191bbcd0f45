"""Vectors of texts that a lesson is judged by: looked up among its own, or encoded as its words were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from isogloss.encoders.encoder import open_encoder
from isogloss.encoders.kept import encode_kept
from isogloss.heads.beyond.asked import Key, Known
from isogloss.heads.recipe import TeachRecipe
from isogloss.heads.sides import Sides
from isogloss.types import Mask, Vectors
from isogloss.workspace.store import Workspace


def known_of(recipe: TeachRecipe, sides: Sides, workspace: Workspace, pivot: str) -> Known:
    """By the encoder of [vectors], else by the items that have vectors; a text of no language is looked for in the
    pivot first.
    """
    if recipe.vectors.words:
        return _encoding(recipe, workspace)
    return _looking(sides, pivot)


def _encoding(recipe: TeachRecipe, workspace: Workspace) -> Known:
    encoder, prefix = open_encoder(recipe.vectors.encoder), recipe.vectors.prefix

    def known(keys: Sequence[Key]) -> tuple[Vectors, Mask]:
        texts = [prefix + text for _, text in keys]
        each = {text: i for i, text in enumerate(dict.fromkeys(texts))}
        vectors, _ = encode_kept(encoder, list(each), workspace.derived("encoded"))
        return vectors[[each[text] for text in texts]], np.array([bool(text) for _, text in keys], dtype=bool)

    return known


def _looking(sides: Sides, pivot: str) -> Known:
    rows: Mapping[str, Mapping[str, int]] = {name: side.rows for name, side in sides.languages.items()}
    order = [pivot, *(name for name in rows if name != pivot)]
    dim = next(iter(sides.languages.values())).vectors.shape[1]

    def known(keys: Sequence[Key]) -> tuple[Vectors, Mask]:
        out, has = np.zeros((len(keys), dim), np.float32), np.zeros(len(keys), dtype=bool)
        for i, (language, text) in enumerate(keys):
            for name in [language] if language else order:
                if text in rows.get(name, {}):
                    out[i], has[i] = sides.languages[name].vectors[rows[name][text]], True
                    break
        return out, has

    return known
