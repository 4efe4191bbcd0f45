"""Anchors that look wrong: those that lie far from their partner when all the others are aligned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from isogloss.alignment.anchors.dictionary import Dictionary
from isogloss.alignment.diagnostics import leave_one_out, suspicious
from isogloss.alignment.preprocess import DEFAULT, Preprocessing
from isogloss.spaces.space import Space
from isogloss.types import Floats, Mask, Rows

FEW = 20  # anchors: of fewer nothing is told
# A share of suspicious anchors that is worth a warning; blurred copies without any have .003 (of 300 dimensions) to
# .007 (of 50). Identical strings are of one language, where fewer are wrong.
_MANY, _MANY_IDENTICAL, _FEWEST = 0.02, 0.008, 5


@dataclass(frozen=True, eq=False)
class Checked:
    """Of the anchors that both spaces hold, (n,) each: rows, leave-one-out residuals, and which look wrong."""

    a: Rows
    b: Rows
    residual: Floats
    wrong: Mask

    def __len__(self) -> int:
        return len(self.a)

    @property
    def n_wrong(self) -> int:
        return int(self.wrong.sum())

    @property
    def share_wrong(self) -> float:
        return self.n_wrong / len(self)

    @property
    def worst(self) -> Rows:
        """Positions among the anchors, what lies farthest from its partner first: those that look wrong lead."""
        return np.argsort(-self.residual)

    def too_many(self, *, identical: bool = False) -> bool:
        """Whether more look wrong than would by chance. identical: the anchors are spelt alike."""
        return self.n_wrong > max(_FEWEST, (_MANY_IDENTICAL if identical else _MANY) * len(self))


def checked(source: Space, target: Space, anchors: Dictionary, *, steps: tuple[str, ...] = DEFAULT) -> Checked | None:
    """None of fewer than 20 anchors. steps: of the preprocessing. Raises InvalidValue."""
    a, b = anchors.rows(source, target)
    if len(a) < FEW:
        return None
    sides = (
        Preprocessing.learnt(space.vectors, steps)[0].apply(space.vectors[rows])
        for space, rows in ((source, a), (target, b))
    )
    residual = leave_one_out(*sides)
    return Checked(a, b, residual, suspicious(residual))


def without_suspicious(
    source: Space, target: Space, train: Dictionary, *, steps: tuple[str, ...] = DEFAULT
) -> Dictionary:
    """The pairs that both spaces hold, less those that look wrong; all where they are too few. Raises InvalidValue."""
    found = checked(source, target, train, steps=steps)
    if found is None:
        return train
    held = [pair for pair in train.pairs if pair[0] in source and pair[1] in target]
    return Dictionary(tuple(pair for pair, bad in zip(held, found.wrong, strict=True) if not bad), train.name)
