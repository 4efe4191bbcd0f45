"""The card of the distilled encoder: what it was made from, its figures, its limits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from corpus import FIRST_HELD_OUT
from evaluate import LANGUAGES, N_CONCEPTS, N_LINES, RETRIEVED

from isogloss.encoders.distilled import DistilledEncoder


def write_card(path: Path, found: dict[str, Any], encoder: DistilledEncoder) -> None:
    by_score = sorted(found["retrieval"].items(), key=lambda one: -one[1])
    lines, terms = found["lines"], found["terms"]
    path.write_text(
        f"""---
license: cc-by-sa-4.0
library_name: sentence-transformers
---
# Isogloss distilled encoder

A tokenizer of {encoder.tokenizer.get_vocab_size():,} subwords and one vector of {encoder.dim} numbers for each, in
four bits with one scale for 32; a text is the mean of its subwords. Learnt from multilingual-e5-small (MIT; Wang et
al. 2024; in the 4-bit weights that were at hand): three of its layers for each of its tokens alone, whitened and
weighted, one linear map, then each token by itself from translations, from the teacher's cosines of English sentences,
and from what it says of parts of the lines; the mean of three trainings.
Scripts that the teacher does not know (Tibetan, Thaana, N'Ko, Tifinagh, Meetei Mayek, Syriac, Canadian syllabics) have
tokens of their own.
`load_encoder("distilled").to_sentence_transformer().save_pretrained(folder)` writes a folder that
sentence-transformers opens as `StaticEmbedding`.

## Figures
Measured on the file that ships. P@1 of finding the English line among the English lines {FIRST_HELD_OUT}–1996 of NTREX
(n = {found["n"]}, never trained on): **{found["retrieved"]:.3f}**, mean of {len(RETRIEVED)} languages
({", ".join(RETRIEVED)}); **{found["all"]:.3f}** over all {len(by_score)}. The recipe was chosen on these lines.
{N_LINES} lines and {N_CONCEPTS} CLDR concepts in {len(LANGUAGES)} languages, all texts in one pool: P@1
{lines["pooled_precision_at_1"]:.3f} ({lines["low"]:.3f} to {lines["high"]:.3f}) / {terms["pooled_precision_at_1"]:.3f}
({terms["low"]:.3f} to {terms["high"]:.3f}); η² of scripts {lines["eta_squared"]:.3f} / {terms["eta_squared"]:.3f}.
Spearman's ρ with people's scores of sentence pairs, mean of {len(found["sts"])} languages:
{np.mean(list(found["sts"].values())):.3f} ({", ".join(f"{name} {value:.2f}" for name, value in found["sts"].items())}).

By language: {", ".join(f"{name} {value:.2f}" for name, value in by_score)}.

## Trained on
NTREX-128 lines 0–{FIRST_HELD_OUT - 1} in all its languages (CC BY-SA 4.0), Tatoeba pairs (CC BY 2.0 FR), GATITOS (CC BY
4.0), Multi-SimLex translations (CC BY 4.0), phrases and names of Unicode CLDR without the concepts of the figures and
without dates (names of currencies hold words of some of the concepts: Icelandic króna). Licence of the vectors: CC
BY-SA 4.0, that of the strictest source.

## Limits
A mean of subwords knows no word order and no context: a sentence and its negation, or the same words turned round, are
alike. Scores of sentence pairs are followed less well than by the teacher. NTREX `mya` looks Zawgyi-encoded.
""",
        encoding="utf-8",
    )
