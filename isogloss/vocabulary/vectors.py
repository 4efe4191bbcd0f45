"""Sentence vectors before and after: of texts cut as before the same to the bit, of others how far they moved."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from isogloss.encoders.kinds.sentence_transformers import sentence_model
from isogloss.errors import IsoglossError, NotFound
from isogloss.figure import Figure
from isogloss.linear import unit_rows
from isogloss.progress import Progress, silent
from isogloss.resampling import mean_interval
from isogloss.types import Vectors
from isogloss.vocabulary.shares import share

_DRAWS = 1000


@dataclass(frozen=True)
class Moved:
    """identical: of texts cut as before, the share whose vectors are equal to the bit. cosine: of the other texts,
    before to after. neighbor: of all texts, the share whose nearest other text is the same one.
    """

    identical: Figure
    cosine: Figure
    neighbor: Figure


def moved(
    before: Path, after: Path, texts: Sequence[str], *, changed: Collection[str], progress: Progress = silent
) -> Moved:
    """Two folders that sentence-transformers opens, over texts, each encoded alone, as the texts beside one change its
    last bits. changed: those that are cut otherwise. Raises NotFound.
    """
    first, second = _open(before), _open(after)
    one, other = _encoded(first, texts, progress, 0.0), _encoded(second, texts, progress, 0.5)
    other_cut = np.array([text in changed for text in texts], dtype=bool)
    same = [bool((a.view(np.uint8) == b.view(np.uint8)).all()) for a, b in zip(one, other, strict=True)]
    hits = int(np.array(same, dtype=bool)[~other_cut].sum())
    a, b = unit_rows(one), unit_rows(other)
    cosines = (a.astype(np.float64) * b).sum(axis=1)[other_cut]
    low, high = mean_interval(cosines, _DRAWS, np.random.default_rng(0))
    known = len(cosines) > 0
    return Moved(
        share(hits, int((~other_cut).sum()), how="texts with equal vectors / texts cut as before; 95%, Wilson"),
        Figure(
            value=float(cosines.mean()) if known else math.nan,
            n=len(cosines),
            better="more",
            low=low if known else None,
            high=high if known else None,
            how="cosine before to after of texts cut otherwise, mean; 95%, bootstrap over texts",
        ),
        share(_neighbors(a, b), len(texts) if len(texts) > 2 else 0, how="texts whose nearest other text is the same"),
    )


def _neighbors(a: Vectors, b: Vectors) -> int:
    if len(a) < 3:
        return 0
    found = []
    for unit in (a, b):
        cosine = unit @ unit.T
        np.fill_diagonal(cosine, -np.inf)
        found.append(cosine.argmax(axis=1))
    return int((found[0] == found[1]).sum())


def _open(folder: Path) -> Any:
    try:
        return sentence_model(folder)
    except IsoglossError:
        raise
    except Exception as error:  # the library raises many kinds, all meaning that it does not open
        raise NotFound(
            f"sentence-transformers does not open {folder.name[:80]!r} ({type(error).__name__})",
            lever="compare no vectors (--check 0)",
        ) from error


def _encoded(model: Any, texts: Sequence[str], progress: Progress, begin: float) -> Vectors:
    rows = []
    for i, text in enumerate(texts):
        rows.append(np.asarray(model.encode([text], show_progress_bar=False), dtype=np.float32)[0])
        progress("comparing vectors", begin + 0.5 * (i + 1) / len(texts), None)
    return np.array(rows, dtype=np.float32)
