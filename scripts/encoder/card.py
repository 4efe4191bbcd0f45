"""The model card: what the encoder was trained on, its figures, its limits."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
from corpus import FIRST_HELD_OUT, NTREX
from evaluate import LANGUAGES, N_CONCEPTS, N_LINES, RETRIEVED

from isogloss.encoders.static import STAGES


def write_card(path: Path, dim: int, figures: pa.Table, by_language: dict[str, float]) -> None:
    rows = figures.to_pylist()
    body = "\n".join(
        f"| {r['stage']} | {r['eta_squared_lines']:.3f} / {r['eta_squared_terms']:.3f} | {r['purity_at_10_lines']:.3f}"
        f" / {r['purity_at_10_terms']:.3f} | {r['pooled_precision_at_1_lines']:.3f} /"
        f" {r['pooled_precision_at_1_terms']:.3f} | {r['serbian_lines']:.3f} / {r['serbian_terms']:.3f} |"
        f" {r['english']:.3f} |"
        for r in rows
    )
    last = next(r for r in rows if r["stage"] == STAGES[-1])
    retrieved = ", ".join(f"{name} {value:.2f}" for name, value in sorted(by_language.items(), key=lambda kv: -kv[1]))
    path.write_text(
        f"""---
license: cc-by-sa-4.0
library_name: sentence-transformers
---
# Isogloss static encoder

A tokeniser (Unigram, 48,000 subwords, NFKC, lower case) and one vector of {dim} numbers for each subword; a text is
the mean of its subwords. Three stages of the same model ship: **before** (skip-gram, no signal across languages),
**transliterated** (texts pulled to their romanisation), **translated** (that, mixed with translations). The control
(each text pulled to itself with other subwords dropped, no transliteration) ships as figures only. Vectors are
int8 with one scale a row; `isogloss.encoders.static.load_encoder(stage).to_sentence_transformer()` unpacks a stage
into a standard `StaticEmbedding`.

## Figures
Measured on the shipped vectors by `scripts/encoder/evaluate.py`: {N_LINES} NTREX lines of 1500–1996 (never trained on)
and {N_CONCEPTS} CLDR concepts in {len(LANGUAGES)} languages, lines / terms. η² and purity@10 by script (chance
{rows[0]["chance_lines"]:.2f}); pooled P@1 among all texts of all languages; the Serbian pair Cyrillic → Latin on the
{rows[0]["n_serbian"]} held-out Cyrillic lines against their own letter-for-letter Latin, and on the terms;
English: P@1 among the English lines 1500–1996, mean of {len(RETRIEVED)} languages. The number of dimensions
and how far the lengths of token vectors are evened out were chosen on 150 other lines of 1500–1996 and 200
other concepts.

| stage | η² | purity@10 | pooled P@1 | Serbian pair P@1 | English |
|---|---|---|---|---|---|
{body}

95 % intervals of the last shipped stage's pooled P@1, bootstrapped over the lines and over the concepts:
{last["low_lines"]:.3f}–{last["high_lines"]:.3f} /
{last["low_terms"]:.3f}–{last["high_terms"]:.3f}. Its English retrieval by language: {retrieved}.

## Trained on
NTREX-128 lines 0–{FIRST_HELD_OUT - 1} in {len(NTREX)} languages and variants (CC BY-SA 4.0),
Tatoeba pairs (CC BY 2.0 FR),
GATITOS (CC BY 4.0), Multi-SimLex translations (CC BY 4.0), and a dictionary mined from the same parallel lines
(`scripts/encoder/lexicon.py`). Romanisation by uroman. NTREX `mya` looks Zawgyi-encoded and was left out.
Licence of the vectors: CC BY-SA 4.0, that of the strictest source.

## Limits
A mean of subwords knows no word order and no context. Words that are rare in news and in the word lists are
near only by their sound. Script and language are confounded everywhere but in the Serbian pair.
""",
        encoding="utf-8",
    )
