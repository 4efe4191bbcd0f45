"""Sentence vectors before and after: of texts cut as before the same to the bit, of others how far they moved."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from isogloss.encoders.kinds.sentence_transformers import sentence_model
from isogloss.encoders.static import StaticEncoder, load_encoder
from isogloss.errors import InvalidValue, IsoglossError, NotFound
from isogloss.figure import Figure
from isogloss.linear import unit_rows
from isogloss.progress import Progress, silent
from isogloss.resampling import mean_interval
from isogloss.types import Rows, Vectors
from isogloss.vocabulary.shares import share
from isogloss.vocabulary.trim import Plan

_DRAWS = 1000


@dataclass(frozen=True)
class Sentence:
    """cosine: of its vector before to that after. nearest: the other text next to it, before and after; empty where
    there are too few.
    """

    text: str
    is_cut_as_before: bool
    cosine: float
    nearest: tuple[str, str]


@dataclass(frozen=True)
class Moved:
    """identical: of texts cut as before, the share whose vectors are equal to the bit. cosine: of the other texts,
    before to after. neighbor: of all texts, the share whose nearest other text is the same one. texts: in their order.
    """

    identical: Figure
    cosine: Figure
    neighbor: Figure
    texts: tuple[Sentence, ...] = ()


def moved(
    before: Path, after: Path, texts: Sequence[str], *, changed: Collection[str], progress: Progress = silent
) -> Moved:
    """Two folders that sentence-transformers opens, over texts, each encoded alone, as the texts beside one change its
    last bits. changed: those that are cut otherwise. Raises NotFound.
    """
    first, second = _open(before), _open(after)
    one, other = _encoded(first, texts, progress, 0.0), _encoded(second, texts, progress, 0.5)
    return _compared(one, other, texts, changed)


def moved_static(made: Plan, stage: str, texts: Sequence[str]) -> Moved:
    """The same of a stage of the shipped encoder, before anything is written: a text is the mean of its rows."""
    from tokenizers import Tokenizer

    before = load_encoder(stage)
    tokenizer = Tokenizer.from_str(json.dumps(made.subwords.state))
    after = StaticEncoder(tokenizer, before.vectors[made.kept.ids], before.name)
    rows = [np.concatenate([model.encode([text]) for text in texts]) for model in (before, after)]
    return _compared(rows[0], rows[1], texts, set(made.found.changed))


def moved_of(told: Mapping[str, Any]) -> Moved:
    """From what `vocabulary trim --json` says of vectors. Raises InvalidValue."""
    try:
        figures = [
            Figure(
                value=math.nan if one["value"] is None else float(one["value"]),
                n=int(one["n"]),
                better="more",
                low=one["low"],
                high=one["high"],
            )
            for one in (told[name] for name in ("identical", "cosine", "neighbor"))
        ]
        texts = tuple(
            Sentence(
                str(one["text"]),
                bool(one["cut_as_before"]),
                float(one["cosine"]),
                (str(one["nearest"]["before"]), str(one["nearest"]["after"])),
            )
            for one in told["texts"]
        )
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidValue(f"the report says nothing of vectors ({error})"[:200], "write the model again") from error
    return Moved(figures[0], figures[1], figures[2], texts)


def _compared(one: Vectors, other: Vectors, texts: Sequence[str], changed: Collection[str]) -> Moved:
    other_cut = np.array([text in changed for text in texts], dtype=bool)
    same = [bool((a.view(np.uint8) == b.view(np.uint8)).all()) for a, b in zip(one, other, strict=True)]
    hits = int(np.array(same, dtype=bool)[~other_cut].sum())
    a, b = unit_rows(one), unit_rows(other)
    every = (a.astype(np.float64) * b).sum(axis=1)
    cosines = every[other_cut]
    near = [_nearest(rows) for rows in (a, b)]
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
        share(
            int((near[0] == near[1]).sum()) if len(texts) > 2 else 0,
            len(texts) if len(texts) > 2 else 0,
            how="texts whose nearest other text is the same",
        ),
        tuple(
            Sentence(text, not is_other, float(value), (texts[i], texts[j]) if len(texts) > 1 else ("", ""))
            for text, is_other, value, i, j in zip(texts, other_cut.tolist(), every, *near, strict=True)
        ),
    )


def _nearest(unit: Vectors) -> Rows:
    """Of each row the other that lies nearest, (n,)."""
    cosine = unit @ unit.T
    np.fill_diagonal(cosine, -np.inf)
    return np.asarray(cosine.argmax(axis=1) if len(unit) else np.empty(0, np.int64))


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
