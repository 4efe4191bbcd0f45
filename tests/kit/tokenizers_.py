"""Tiny tokenizers of every kind, trained on our own sentences, and a tiny model with random weights for each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from isogloss.sentences.given.own import own_sentences

KINDS = ("unigram", "bpe", "bpe-letters", "wordpiece")
MARKS = ["<s>", "<pad>", "</s>", "<unk>"]


def lines(*languages: str) -> list[str]:
    texts = own_sentences().texts
    return [line for name in languages or ("en", "de", "ru") for line in texts[name]]


def tokenizer(kind: str, size: int = 400) -> Any:
    """Of the `tokenizers` library, with marks around a text and `<mask>` as the last token."""
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

    if kind == "unigram":
        made = Tokenizer(models.Unigram())
        made.pre_tokenizer = pre_tokenizers.Metaspace()
        trainer: Any = trainers.UnigramTrainer(vocab_size=size, special_tokens=MARKS, unk_token="<unk>")
    elif kind == "bpe":
        made = Tokenizer(models.BPE())
        made.pre_tokenizer, made.decoder = pre_tokenizers.ByteLevel(), decoders.ByteLevel()
        trainer = trainers.BpeTrainer(
            vocab_size=size + 200,
            special_tokens=MARKS,
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        )
    elif kind == "bpe-letters":
        made = Tokenizer(models.BPE(unk_token="<unk>", end_of_word_suffix="</w>"))
        made.pre_tokenizer = pre_tokenizers.Whitespace()
        trainer = trainers.BpeTrainer(
            vocab_size=size, special_tokens=MARKS, end_of_word_suffix="</w>", show_progress=False
        )
    else:
        made = Tokenizer(models.WordPiece(unk_token="<unk>"))
        made.normalizer, made.pre_tokenizer = normalizers.Lowercase(), pre_tokenizers.Whitespace()
        trainer = trainers.WordPieceTrainer(vocab_size=size, special_tokens=MARKS, show_progress=False)
    made.train_from_iterator(lines(), trainer)
    made.add_special_tokens(["<mask>"])
    made.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", made.token_to_id("<s>")), ("</s>", made.token_to_id("</s>"))]
    )
    return made


def model(kind: str, folder: Path) -> Path:
    """A folder that sentence-transformers opens: two layers, random weights, a head of a language model."""
    import torch
    import transformers
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer

    made = tokenizer(kind)
    size = made.get_vocab_size()
    config = transformers.RobertaConfig(
        vocab_size=size + 3,  # rows that no token has, as in real models
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=80,
        pad_token_id=1,
        bos_token_id=0,
        eos_token_id=2,
    )
    torch.manual_seed(0)
    inner = folder / "inner"
    transformers.RobertaForMaskedLM(config).save_pretrained(inner)
    transformers.PreTrainedTokenizerFast(
        tokenizer_object=made,
        bos_token="<s>",
        eos_token="</s>",
        unk_token="<unk>",
        pad_token="<pad>",
        mask_token="<mask>",
        model_max_length=64,
    ).save_pretrained(inner)
    whole = SentenceTransformer(modules=[Transformer(str(inner)), Pooling(16)], device="cpu")
    out = folder / kind
    whole.save_pretrained(str(out), create_model_card=False)
    return out
