"""Where a word comes from, by its letters: character n-grams and logistic regression, tested by whole sentences."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from isogloss.errors import InvalidValue
from isogloss.figure import Figure
from isogloss.progress import Progress, silent
from isogloss.resampling import statistic_interval
from isogloss.types import Matrix, Rows

LONGEST = 5  # characters of an n-gram, from 1
C = 20.0  # inverse strength of the penalty
FOLDS = 10
_DRAWS = 500
_START, _END = "\x02", "\x03"
_STEPS = 1_000


@dataclass(frozen=True, eq=False)
class Etymologist:
    """labels: in order. grams: n-gram → its row of weights. weights: (n_grams, n_labels). bias: (n_labels,)."""

    labels: tuple[str, ...]
    grams: dict[str, int]
    weights: Matrix
    bias: npt.NDArray[np.float64]

    def scores(self, tokens: Sequence[str]) -> Matrix:
        """Probability of each label, (n, n_labels): softmax of the summed weights of a token's different n-grams."""
        out = np.tile(self.bias, (len(tokens), 1))
        for row, token in enumerate(tokens):
            at = [self.grams[gram] for gram in set(grams_of(token)) if gram in self.grams]
            if at:
                out[row] += self.weights[at].sum(axis=0)
        out = np.exp(out - out.max(axis=1, keepdims=True)) if len(out) else out
        return np.asarray(out / out.sum(axis=1, keepdims=True)) if len(out) else out

    def __call__(self, tokens: Sequence[str]) -> list[str]:
        """The label of each token."""
        return [self.labels[i] for i in self.scores(tokens).argmax(axis=1).tolist()]


def grams_of(token: str) -> Iterator[str]:
    """Character 1–5-grams of a token with a sign at either end.

    >>> sorted(gram.strip(chr(2) + chr(3)) for gram in grams_of("ta'") if len(gram) == 5)
    ["ta'"]
    """
    whole = f"{_START}{token}{_END}"
    for n in range(1, LONGEST + 1):
        for at in range(len(whole) - n + 1):
            yield whole[at : at + n]


def train(tokens: Sequence[str], labels: Sequence[str]) -> Etymologist:
    """Multinomial logistic regression with an L2 penalty (C = 20) on which n-grams a token has. tokens that are alike
    count as often as they are there. Raises InvalidValue of fewer than two labels.
    """
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    names = tuple(sorted(set(labels)))
    if len(names) < 2:
        raise InvalidValue(f"the tokens have {len(names)} label", "give tokens of two labels or more")
    counted = Counter(zip(tokens, labels, strict=True))
    grams: dict[str, int] = {}
    places: list[int] = []
    ends = [0]
    for token, _ in counted:
        places += {grams.setdefault(gram, len(grams)) for gram in grams_of(token)}
        ends.append(len(places))
    found = csr_matrix((np.ones(len(places)), places, ends), shape=(len(counted), len(grams)))
    model = LogisticRegression(C=C, max_iter=_STEPS, tol=1e-3)
    model.fit(found, [label for _, label in counted], sample_weight=list(counted.values()))
    weights = np.asarray(model.coef_, dtype=np.float64).T
    bias = np.asarray(model.intercept_, dtype=np.float64)
    if len(names) == 2:  # of two labels it has the weights of the second alone
        weights, bias = np.hstack([0 * weights, weights]), np.concatenate([0 * bias, bias])
    return Etymologist(names, grams, weights, bias)


def folds(n: int, k: int = FOLDS) -> Rows:
    """The fold of each of n sentences, 0 … k − 1: sentences that follow each other stay together, as those of one text
    do.

    >>> folds(5, 2).tolist()
    [0, 0, 0, 1, 1]
    """
    return np.asarray(np.arange(n) * k // max(n, 1))


@dataclass(frozen=True, eq=False)
class Tested:
    """What ten-fold by sentence gave: labels given and found of every token, and the sentence of each."""

    given: Sequence[str]
    found: Sequence[str]
    looked_up: Sequence[str]
    majority: Sequence[str]
    sentence: Rows

    def card(self, *, seed: int = 0) -> dict[str, Figure]:
        """accuracy, macro_f1, majority and lookup; intervals: sentences resampled."""
        right = np.array([a == b for a, b in zip(self.given, self.found, strict=True)], dtype=np.float64)
        looked = np.array([a == b for a, b in zip(self.given, self.looked_up, strict=True)], dtype=np.float64)
        most = np.array([a == b for a, b in zip(self.given, self.majority, strict=True)], dtype=np.float64)
        n = len(right)
        sentences = int(self.sentence.max(initial=-1)) + 1
        each = np.bincount(self.sentence, minlength=sentences).astype(np.float64)

        def figure(hits: npt.NDArray[np.float64], how: str) -> Figure:
            sums = np.bincount(self.sentence, hits, minlength=sentences)
            ends = statistic_interval(
                lambda rows: float(sums[rows].sum() / each[rows].sum()),
                sentences,
                _DRAWS,
                rng=np.random.default_rng(seed),
            )
            low, high = ends or (math.nan, math.nan)
            return Figure(value=float(hits.mean()), n=n, better="more", low=low, high=high, how=how)

        return {
            "accuracy": figure(right, "share of tokens labelled as annotated, ten-fold by blocks of sentences"),
            "macro_f1": Figure(value=self.macro_f1(), n=n, better="more", how="mean F1 over labels"),
            "majority": figure(most, "the same where every token has the most frequent label"),
            "lookup": figure(
                looked, "the same by the label that the lower-cased token had most often, else the majority"
            ),
        }

    def macro_f1(self) -> float:
        found = []
        for label in sorted(set(self.given)):
            both = sum(a == b == label for a, b in zip(self.given, self.found, strict=True))
            either = sum(a == label for a in self.given) + sum(b == label for b in self.found)
            found.append(2 * both / either)
        return float(np.mean(found)) if found else math.nan


def ten_fold(
    sentences: Sequence[Sequence[str]], labels: Sequence[Sequence[str]], *, progress: Progress = silent
) -> Tested:
    """Ten-fold by sentence, in blocks: no token of a test sentence is trained on, nor a sentence that is equal to one.

    Raises InvalidValue of too few sentences.
    """
    n = len(sentences)
    if n < FOLDS:
        raise InvalidValue(f"{n} sentences are annotated", f"give {FOLDS} or more, with a column id of sentences")
    fold = folds(n)
    found: list[list[str]] = [[] for _ in range(n)]
    looked: list[list[str]] = [[] for _ in range(n)]
    most: list[list[str]] = [[] for _ in range(n)]
    for k in range(FOLDS):
        held = {tuple(sentences[i]) for i in range(n) if fold[i] == k}
        rows = [i for i in range(n) if tuple(sentences[i]) not in held]
        tokens = [token for i in rows for token in sentences[i]]
        known = [label for i in rows for label in labels[i]]
        model = train(tokens, known)
        common = Counter(known).most_common(1)[0][0]
        seen: dict[str, Counter[str]] = {}
        for token, label in zip(tokens, known, strict=True):
            seen.setdefault(token.lower(), Counter())[label] += 1
        for i in np.flatnonzero(fold == k).tolist():
            found[i] = model(sentences[i])
            looked[i] = [seen[t.lower()].most_common(1)[0][0] if t.lower() in seen else common for t in sentences[i]]
            most[i] = [common] * len(sentences[i])
        progress("testing by sentences", (k + 1) / FOLDS)
    given = [label for row in labels for label in row]
    at = np.repeat(np.arange(n), [len(one) for one in sentences])
    flat: Any = [[label for row in part for label in row] for part in (found, looked, most)]
    return Tested(given, flat[0], flat[1], flat[2], at)
