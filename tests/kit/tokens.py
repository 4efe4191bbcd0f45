"""Token streams of a few texts."""

from __future__ import annotations

from isogloss.corpora.forms import TokenRules
from isogloss.corpora.tokens import Tokenizer, TokenStream


def stream(*texts: str, **rules: object) -> TokenStream:
    tokenizer = Tokenizer(TokenRules(**rules))  # type: ignore[arg-type]
    for text in texts:
        tokenizer.add(text)
    return tokenizer.resolve()


def words(*texts: str, **rules: object) -> str:
    found = stream(*texts, **rules)
    return " ".join(found.items[i] if i >= 0 else "|" for i in found.ids)
