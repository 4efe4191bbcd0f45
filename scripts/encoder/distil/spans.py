"""Parts of the lines in every language beside what the teacher says of each: it tells a line's words apart where the
pairs of whole lines cannot."""

from __future__ import annotations

import numpy as np
from texts import Translations
from training import SCALE, SELDOM, Adam, Batches, taught_choice

from isogloss.encoders.contrastive import Bags, bag_means
from isogloss.linear import unit_rows
from isogloss.types import Rows, Vectors

DRAWN, TOGETHER, RATE, SEED = 1_600, 16, 1e-3, 7  # of a step; of one line; of the head
LEAST_FOUND = 0.3  # share of a language's parts that the teacher has nearest to their English line
_WORDS, _CHARACTERS = (2, 8), (5, 24)


def spans(given: Translations) -> tuple[list[str], Rows]:
    """Two to eight neighboring words of every line, once in each language, twice in those that are seldom learnt well;
    characters where it has few spaces; last the English lines whole. Also (n, 2) column and line of each.
    """
    rng = np.random.default_rng(SEED)
    columns = [c for c, code in enumerate(given.languages) for _ in range(1 + (code in SELDOM))]
    at = [(c, i) for c in columns for i in range(len(given.lines)) if given.lines[i, c] >= 0]
    texts = [_part(given.texts[given.lines[i, c]], rng) for c, i in at]
    english = given.languages.index("eng")
    whole = [(english, i) for i in range(len(given.lines)) if given.lines[i, english] >= 0]
    return texts + [given.texts[given.lines[i, c]] for c, i in whole], np.array(at + whole)


def _part(text: str, rng: np.random.Generator) -> str:
    words = text.split()
    if len(words) < max(4, len(text) / 12):
        n = int(rng.integers(_CHARACTERS[0], min(_CHARACTERS[1] + 1, max(_CHARACTERS[0] + 1, len(text)))))
        at = int(rng.integers(0, max(1, len(text) - n + 1)))
        return text[at : at + n].strip()
    n = int(rng.integers(_WORDS[0], min(_WORDS[1] + 1, len(words))))
    at = int(rng.integers(0, len(words) - n + 1))
    return " ".join(words[at : at + n])


def understood(given: Translations, at: Rows, taught: Vectors) -> Rows:
    """Numbers of the parts in languages that the teacher reads."""
    whole = np.flatnonzero(at[:, 0] == given.languages.index("eng"))
    whole = whole[len(whole) // 2 :]
    english = unit_rows(taught[whole] - taught[whole].mean(axis=0))
    parts = np.arange(len(at) - len(whole))
    found = np.zeros(len(given.languages))
    for column in range(len(given.languages)):
        here = parts[at[parts, 0] == column]
        nearest = np.argmax((taught[here] - taught[here].mean(axis=0)) @ english.T, axis=1)
        found[column] = (at[whole[nearest], 1] == at[here, 1]).mean()
    return parts[found[at[parts, 0]] >= LEAST_FOUND]


class Spans:
    """Parts of lines, several of one line side by side, and a linear map from the teacher's vectors to the student's
    that is learnt with them.

    bags: of the parts. lines: of each, (n,). taught: the teacher's vectors, (n, 384).
    """

    def __init__(self, batches: Batches, bags: Bags, lines: Rows, taught: Vectors) -> None:
        self.batches, self.bags, self.taught = batches, bags, unit_rows(taught - taught.mean(axis=0))
        full = np.flatnonzero(np.diff(bags.offsets))
        order = full[np.argsort(lines[full], kind="stable")]
        self.of_line = np.split(order, np.flatnonzero(np.diff(lines[order])) + 1)
        self.head, self.adam = np.zeros((0, 0), np.float32), Adam()

    def fit(self, vectors: Vectors) -> None:
        """Begin with the map that is best by least squares."""
        some = self.batches.rng.permutation(np.concatenate(self.of_line))[:20_000]
        x, y = unit_rows(bag_means(vectors, self.batches.take(some, self.bags))), self.taught[some]
        self.head = np.linalg.solve(y.T @ y + 10 * np.eye(y.shape[1], dtype=np.float32), y.T @ x).astype(np.float32)
        self.adam = Adam()

    def follow(self, vectors: Vectors, left: float) -> tuple[Bags, Vectors]:
        """Some parts and the gradient by their means; the map takes its own step. left: share of the rate."""
        rng = self.batches.rng
        lines = rng.permutation(len(self.of_line))[: DRAWN // TOGETHER]
        drawn = np.sort(np.concatenate([rng.permutation(self.of_line[i])[:TOGETHER] for i in lines]))
        bags, taught = self.batches.broken(self.batches.take(drawn, self.bags)), self.taught[drawn]
        gx, gy = taught_choice(bag_means(vectors, bags), taught @ self.head, taught, 1 / SCALE)
        self.head -= self.adam(taught.T @ gy, RATE * left)
        return bags, gx
