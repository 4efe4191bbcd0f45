"""The figures of the card of the distilled encoder: held-out lines, held-out terms, scored pairs, speed."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from corpus import DATA, FIRST_HELD_OUT
from evaluate import RETRIEVED, figures, held_out_lines, held_out_terms, precision_at_1
from scipy.stats import spearmanr

from isogloss.encoders.static import StaticEncoder
from isogloss.linear import unit_rows


def measured(encoder: StaticEncoder) -> dict[str, Any]:
    """retrieval: language → P@1 of its lines to the English ones. terms, lines: as of the other stages. sts: language →
    Spearman. seconds: for 10,000 English lines of Tatoeba.
    """
    table = pq.read_table(DATA / "parallel_ntrex.parquet")
    held: dict[str, dict[int, str]] = {}
    for language, line, edition, text in zip(
        *(table[c].to_pylist() for c in ("language", "line", "edition", "text")), strict=True
    ):
        if line >= FIRST_HELD_OUT and edition != "ref-2":
            held.setdefault(language, {})[line] = text
    english = held["eng"]
    pool = encoder.encode([english[n] for n in sorted(english)])
    found = {
        language: precision_at_1(encoder.encode([texts[n] for n in sorted(texts)]), pool)
        for language, texts in sorted(held.items())
        if not language.startswith("eng") and len(texts) == len(english)
    }
    scored = pq.read_table(DATA / "sts_benchmark.parquet")
    column = next(name for name in scored.column_names if name.startswith("lang"))
    by: dict[str, list[tuple[str, str, float]]] = {}
    for row in zip(*(scored[c].to_pylist() for c in (column, "sentence1", "sentence2", "score")), strict=True):
        by.setdefault(row[0], []).append(row[1:])
    sts = {}
    for language, rows in sorted(by.items()):
        one, two = (unit_rows(encoder.encode([row[i] for row in rows])) for i in (0, 1))
        sts[language] = float(spearmanr((one * two).sum(axis=1), [row[2] for row in rows]).statistic)
    texts = pq.read_table(DATA / "parallel_tatoeba.parquet", columns=["english"])["english"].to_pylist()[:10_000]
    encoder.encode(texts[:10])
    began = time.perf_counter()
    encoder.encode(texts)
    return {
        "retrieval": found,
        "retrieved": float(np.mean([found[language] for language in RETRIEVED])),
        "all": float(np.mean(list(found.values()))),
        "n": len(english),
        "lines": figures(encoder, held_out_lines()),
        "terms": figures(encoder, held_out_terms()),
        "sts": sts,
        "seconds": time.perf_counter() - began,
    }
