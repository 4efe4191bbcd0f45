"""A tokenizer as its file says: its tokens by id, and what it makes of texts."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from isogloss.errors import InvalidValue
from isogloss.text.nested import read_json
from isogloss.text.script import script_of

KINDS = ("Unigram", "BPE", "WordPiece", "WordLevel")
_BATCH = 2048
_LEVER = "give a tokenizer.json, or a folder that holds one; `save_pretrained` of transformers writes it"
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Lines:
    """What a tokenizer makes of n texts. ids: of each. words: stretches between spaces, (n,). characters,
    unknown: other than spaces, and those of them that it does not know, (n,).
    """

    ids: list[list[int]]
    words: Counts
    characters: Counts
    unknown: Counts

    @cached_property
    def tokens(self) -> Counts:
        """Subwords in each text, without marks, (n,)."""
        return np.array([len(one) for one in self.ids], dtype=np.int64)


class Subwords:
    """state: what tokenizer.json holds. tokens: by id; an id that nothing has is "". Raises InvalidValue."""

    def __init__(self, state: Mapping[str, Any], name: str) -> None:
        from tokenizers import Tokenizer

        self.state, self.name = state, name
        self.kind = _kind(state, name)
        try:
            self._tokenizer = Tokenizer.from_str(json.dumps(state))
            self._tokenizer.no_truncation()
            self._tokenizer.no_padding()
            known = self._tokenizer.get_vocab(with_added_tokens=True)
        except Exception as error:  # the library raises one kind for all
            raise InvalidValue(f"{name[:80]} holds no tokenizer ({str(error)[:120]})", _LEVER) from error
        if not known:
            raise InvalidValue(f"the tokenizer of {name[:80]} has no token", _LEVER)
        self.tokens = [""] * (max(known.values()) + 1)
        for token, at in known.items():
            self.tokens[at] = token
        self.ids: Mapping[str, int] = known
        self.added = tuple(int(one["id"]) for one in state.get("added_tokens") or [])
        self.unknown = self._unknown()

    def __len__(self) -> int:
        """How many tokens there are."""
        return len(self.ids)

    def _unknown(self) -> int | None:
        model = self.state["model"]
        if self.kind == "Unigram":
            found = model.get("unk_id")
            return None if found is None else int(found)
        return self.ids.get(model.get("unk_token") or "")

    @cached_property
    def in_bytes(self) -> bool:
        """Whether a letter that it has no token for is spelled in bytes (byte-level BPE, or byte fallback)."""
        return bool(self.state["model"].get("byte_fallback")) or self.byte_level

    @cached_property
    def byte_level(self) -> bool:
        return any(_types(self.state.get(part), "ByteLevel") for part in ("pre_tokenizer", "normalizer", "decoder"))

    def read(self, texts: Sequence[str]) -> Lines:
        """Every text, without marks such as [CLS]."""
        ids: list[list[int]] = []
        rows: list[tuple[int, int, int]] = []
        for text, found in zip(texts, self._encoded(texts), strict=True):
            ids.append(found.ids)
            words = text.split()
            rows.append((len(words), sum(map(len, words)), self._lost(text, found)))
        told = np.array(rows, dtype=np.int64).reshape(-1, 3).T
        return Lines(ids, *told)

    def _lost(self, text: str, found: Any) -> int:
        """Characters of a text under `<unk>`; where the tokenizer has none, those that no token stands for."""
        if self.unknown is not None:
            if self.unknown not in found.ids:
                return 0
            spans = [span for i, span in zip(found.ids, found.offsets, strict=True) if i == self.unknown]
            return len("".join("".join(text[a:b] for a, b in spans).split()))
        if self.in_bytes:
            return 0
        held = np.zeros(len(text), dtype=bool)
        for a, b in found.offsets:
            held[a:b] = True
        return sum(not held[i] and not letter.isspace() for i, letter in enumerate(text))

    def _encoded(self, texts: Sequence[str]) -> Iterator[Any]:
        for at in range(0, len(texts), _BATCH):
            yield from self._tokenizer.encode_batch(list(texts[at : at + _BATCH]), add_special_tokens=False)

    def split(self, text: str) -> list[str]:
        """The tokens of one text."""
        return [self.tokens[i] for i in self._tokenizer.encode(text, add_special_tokens=False).ids]

    def surface(self, token: str) -> str:
        """A token as one reads it: without the sign of a word's beginning, bytes as the letters they spell.

        Bytes that are no whole letter give "".
        """
        if self.byte_level:
            try:
                return bytes(_BYTES[letter] for letter in token).decode("utf-8").strip()
            except (KeyError, UnicodeDecodeError):
                return "" if all(letter in _BYTES for letter in token) else token
        if token.startswith("<0x") and token.endswith(">"):
            return ""
        end = self.state["model"].get("end_of_word_suffix") or ""
        start = self.state["model"].get("continuing_subword_prefix") or ""
        bare = token.removesuffix(end) if end else token
        return (bare.removeprefix(start) if start else bare).strip("▁ ")

    def begins(self, token: str) -> bool:
        """Whether a token stands at the beginning of a word."""
        if self.byte_level:
            return token.startswith("Ġ")
        prefix = self.state["model"].get("continuing_subword_prefix") or ""
        return not token.startswith(prefix) if prefix else token.startswith("▁")

    @cached_property
    def scripts(self) -> list[str]:
        """Of each token, ISO 15924; `Zyyy` of digits, signs, marks and parts of letters."""
        marks = set(self.added)
        return [script_of("" if i in marks else self.surface(token)) for i, token in enumerate(self.tokens)]

    def by_script(self) -> dict[str, int]:
        """Tokens of the table by script, the most first."""
        found = Counter(script for script, token in zip(self.scripts, self.tokens, strict=True) if token)
        return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))


def read_subwords(data: bytes, name: str) -> Subwords:
    """A tokenizer from the bytes of tokenizer.json. Raises InvalidValue."""
    try:
        state = read_json(data)
    except ValueError as error:
        raise InvalidValue(f"{name[:80]} is no JSON ({str(error)[:80]})", _LEVER) from error
    return Subwords(state if isinstance(state, dict) else {}, name)


def _kind(state: Mapping[str, Any], name: str) -> str:
    model = state.get("model")
    if not isinstance(model, dict) or "vocab" not in model:
        raise InvalidValue(f"{name[:80]} holds no tokenizer", _LEVER)
    kind = model.get("type")
    if kind is None:  # older files: the library tells them by their fields
        kind = "BPE" if "merges" in model else "Unigram" if isinstance(model["vocab"], list) else "WordPiece"
    if kind not in KINDS:
        raise InvalidValue(
            f"the tokenizer of {name[:80]} is of the kind {str(kind)[:40]!r}", f"give {', '.join(KINDS)}"
        )
    return str(kind)


def _types(part: Any, kind: str) -> bool:
    """Whether a part of a tokenizer is of a kind, or holds one."""
    if isinstance(part, dict):
        return part.get("type") == kind or any(_types(one, kind) for one in part.values() if isinstance(one, list))
    return isinstance(part, list) and any(_types(one, kind) for one in part)


def _byte_letters() -> dict[str, int]:
    """The letter that byte-level tokenizers write for each byte (Radford 2019), the other way round."""
    shown = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [byte for byte in range(256) if byte not in shown]
    return {chr(byte): byte for byte in shown} | {chr(256 + i): byte for i, byte in enumerate(hidden)}


_BYTES = _byte_letters()
ALPHABET = frozenset(_BYTES)
