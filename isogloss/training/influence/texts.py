"""The attached texts of a collection as a corpus again: the documents of its spaces, tokenised by the build's rules."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import numpy as np
import numpy.typing as npt

from isogloss.corpora.concordance import token_rules
from isogloss.corpora.passages import Passages
from isogloss.corpora.tokens import Tokenizer, TokenStream
from isogloss.progress import Progress, silent


@dataclass(frozen=True, eq=False)
class AttachedTexts:
    """stream: the tokens of all documents. space_of: the number of each document's space, int64 (n_documents,), in the
    order of `names`. labels: what each document is called.
    """

    stream: TokenStream
    names: tuple[str, ...]
    space_of: npt.NDArray[np.int64]
    labels: tuple[str, ...]

    def documents(self, space: str) -> npt.NDArray[np.int64]:
        """Numbers of the documents of a space."""
        return np.flatnonzero(self.space_of == self.names.index(space))

    def tokens(self, document: int) -> npt.NDArray[np.int32]:
        """The ids of one document, −1 where a sentence ends."""
        return self.stream.ids[self.stream.starts[document] : self.stream.starts[document + 1]]


def attached_texts(passages: Passages, progress: Progress = silent) -> AttachedTexts:
    """Read and tokenise what was attached. All spaces are read: forms are merged by what stands in all of them.

    Raises StoreError.
    """
    facts = passages.facts()
    rules = facts.get("rules", {})
    tokenizer = Tokenizer(token_rules(rules), lines=rules.get("lines") == "sentences")
    labels, space_of = [], []
    names = tuple(facts["spaces"])
    total = max(int(facts["documents"]), 1)
    for _, rows in groupby(passages.pieces(), key=lambda row: row[1]):
        pieces = list(rows)
        tokenizer.add("".join(text for *_, text in pieces))
        space, _, label, _ = pieces[0]
        space_of.append(names.index(space))
        labels.append(label)
        if len(labels) % 100 == 0:
            progress("reading the texts", len(labels) / total)
    return AttachedTexts(tokenizer.resolve(), names, np.array(space_of, dtype=np.int64), tuple(labels))
