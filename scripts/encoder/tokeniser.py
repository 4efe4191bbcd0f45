"""The tokeniser: a Unigram of 48,000 subwords, English weighted up, and texts as ids, some in sampled segmentations."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import numpy as np
import pyarrow as pa
import sentencepiece
from corpus import NORMALIZER
from tokenizers import Tokenizer, models, pre_tokenizers

from isogloss.encoders.contrastive import Bags

SIZE = 48_000
VIEWS = 3  # the first is the best segmentation, the others are sampled
_MOST = 6_000  # texts of one language that the tokeniser learns from


def train(table: pa.Table, evaluated: list[str], prefix: Path) -> sentencepiece.SentencePieceProcessor:
    rng = np.random.default_rng(0)
    by_language: dict[str, list[str]] = defaultdict(list)
    for language, text in zip(table["language"].to_pylist(), table["text"].to_pylist(), strict=True):
        by_language[language].append(text)
    texts: list[str] = []
    for language, some in sorted(by_language.items()):
        chosen = [some[i] for i in rng.permutation(len(some))[:_MOST]]
        texts += chosen * (2 if language in evaluated else 1)
    texts += by_language["eng"] * 5
    english = sorted({e for e in table["english"].to_pylist() if e})
    texts += [english[i] for i in rng.permutation(len(english))[: int(0.7 * len(english))]]
    romanized = [
        r
        for r, t, s in zip(*(table[c].to_pylist() for c in ("romanized", "text", "source")), strict=True)
        if r != t and s == "ntrex"
    ]
    texts += [romanized[i] for i in rng.permutation(len(romanized))[:40_000]]
    texts = [texts[i] for i in rng.permutation(len(texts))]
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(texts),
        model_prefix=str(prefix),
        vocab_size=SIZE,
        model_type="unigram",
        character_coverage=0.9997,
        normalization_rule_name="identity",
        add_dummy_prefix=True,
        split_by_number=False,
        split_by_unicode_script=False,
        max_sentence_length=8000,
        unk_id=0,
        bos_id=-1,
        eos_id=-1,
        pad_id=-1,
        num_threads=2,
        max_sentencepiece_length=14,
    )
    return sentencepiece.SentencePieceProcessor(model_file=f"{prefix}.model")


def export(trained: sentencepiece.SentencePieceProcessor, path: Path) -> None:
    """The same segmentation for the `tokenizers` library."""
    pieces = [(trained.id_to_piece(i), trained.get_score(i)) for i in range(trained.get_piece_size())]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=0, byte_fallback=False))
    tokenizer.normalizer = NORMALIZER
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.WhitespaceSplit(),
            pre_tokenizers.Punctuation(),
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=False),
        ]
    )
    tokenizer.save(str(path), pretty=False)


def views(trained: sentencepiece.SentencePieceProcessor, texts: list[str]) -> list[Bags]:
    """The texts as ids, VIEWS times; sampled segmentations make the pieces of a word agree with the whole."""
    found = []
    for view in range(VIEWS):
        more = {} if view == 0 else {"enable_sampling": True, "alpha": 0.3, "nbest_size": -1}
        ids = trained.encode(texts, **more)
        flat = np.fromiter((i for one in ids for i in one), np.int32)
        found.append(Bags(flat, np.cumsum([0, *map(len, ids)], dtype=np.int64)))
    return found
