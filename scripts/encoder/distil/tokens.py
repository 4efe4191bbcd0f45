"""The teacher's tokenizer with tokens of their own for the scripts that it does not know."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

from isogloss.types import Rows

# Of each script that the teacher reads as unknown: first word of its characters' Unicode names → tokens added at most.
SIZES = {
    "TIBETAN": 5000,
    "THAANA": 6000,
    "NKO": 1200,
    "CANADIAN": 1200,
    "MEETEI": 1200,
    "TIFINAGH": 1000,
    "SYRIAC": 1000,
}
_OTHERS = ("CHEROKEE", "CYRILLIC", "LATIN", "ARABIC", "OL")  # single characters of these are added as they are
_LONGEST, _LEAST = 12, 2


def extended(teacher: Path, rows: int, texts: Sequence[str]) -> Tokenizer:
    """rows: of the teacher's table; new tokens come after it. texts: where they are learnt from."""
    whole = json.loads((teacher / "tokenizer.json").read_text(encoding="utf-8"))
    normalizer = Tokenizer.from_file(str(teacher / "tokenizer.json")).normalizer
    vocabulary = whole["model"]["vocab"]
    known = set("".join(piece for piece, _ in vocabulary))

    def script(character: str) -> str | None:
        if character in known or character.isspace():
            return None
        name = unicodedata.name(character, "").split(" ")[0]
        return name if name in SIZES or name in _OTHERS else None

    by_script: dict[str, list[str]] = defaultdict(list)
    characters: Counter[str] = Counter()
    for text in map(normalizer.normalize_str, texts):
        if found := Counter(name for name in map(script, text) if name):
            by_script[found.most_common(1)[0][0]].append(text)
            characters.update(one for one in text if script(one))
    have, more = {piece for piece, _ in vocabulary}, []
    for name, size in SIZES.items():
        for piece, score in _learnt(by_script[name], size):
            if piece not in have and any(script(one) for one in piece):
                have.add(piece)
                more.append([piece, score])
    least = min((score for _, score in more), default=-10.0) - 1
    more += [[one, least] for one, n in sorted(characters.items()) if n >= _LEAST and one not in have]
    padding = [[f"<extra{i}>", -99.0] for i in range(rows - len(vocabulary))]
    whole["model"]["vocab"] = vocabulary + padding + more
    whole |= {"post_processor": None, "truncation": None, "padding": None}
    return Tokenizer.from_str(json.dumps(whole, ensure_ascii=False))


def _learnt(texts: Sequence[str], size: int) -> list[tuple[str, float]]:
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    trainer: Any = trainers.UnigramTrainer(
        vocab_size=size, show_progress=False, max_piece_length=_LONGEST, unk_token="<unk>", special_tokens=["<unk>"]
    )
    tokenizer.train_from_iterator(texts, trainer)
    return [(piece, float(score)) for piece, score in json.loads(tokenizer.to_str())["model"]["vocab"]]


def scores(tokenizer: Tokenizer) -> list[float]:
    """Log probability of each token, 0 of the special ones."""
    return [score for _, score in json.loads(tokenizer.to_str())["model"]["vocab"]]


def halves(tokenizer: Tokenizer) -> Rows:
    """(n_tokens, 2): the two tokens of highest probability that a token falls into, -1 where there are none; a bare
    mark of a word's beginning is none.
    """
    pieces = json.loads(tokenizer.to_str())["model"]["vocab"]
    at = {piece: i for i, (piece, score) in reversed([*enumerate(pieces)]) if -99 < score < 0}
    found = -np.ones((len(pieces), 2), dtype=np.int64)
    for i, (piece, score) in enumerate(pieces):
        cuts = [(piece[:n], piece[n:]) for n in range(1 + piece.startswith("▁"), len(piece))] if score < 0 else []
        both = [(at[a], at[b]) for a, b in cuts if a in at and b in at]
        if both:
            found[i] = max(both, key=lambda two: pieces[two[0]][1] + pieces[two[1]][1])
    return found


def words_of(text: str) -> int:
    return len(re.findall(r"\w+", text))
