"""Teaching a head on frozen vectors: language pairs drawn ∝ p^.5, Adam, and a stop by the development set."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from isogloss.errors import needs
from isogloss.heads import losses
from isogloss.heads.head import Head
from isogloss.heads.pairs import By
from isogloss.heads.recipe import HeadAsked, Training
from isogloss.heads.ridge import ridge_map
from isogloss.progress import Progress, silent
from isogloss.threads import one_torch_thread
from isogloss.types import Floats, Rows, Vectors

Tensor = Any  # of torch, which is imported only when it is used

_RANK = 32
_STRENGTHS = (1e-4, 1e-2, 0.1, 1.0, 10.0)
_SURE = 3.0  # standard errors by which the development set must be better than at the start: epochs are many
Score = Callable[[Head], Floats]  # 1/rank of each of its pairs; more is better


@dataclass(frozen=True, eq=False)
class Course:
    """epoch: the best one on the development set (0: as it began). history: the development set's MRR before and after
    each epoch, (epochs + 1,); of ridge by λ. An epoch is taken only where that is better than at the start by three
    standard errors.
    """

    epoch: int
    history: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Taught(Course):
    """head: of that epoch."""

    head: Head


class Chosen:
    """The best so far on the development set, and the start until something is better than it by more than noise.

    start: 1/rank of every development pair, None where nothing can be said of it.
    """

    def __init__(self, start: Floats | None) -> None:
        self._start, self.at = start, 0
        self.history: list[float] = [] if start is None else [float(start.mean())]
        self._value = self.history[0] if self.history else -math.inf

    def take(self, values: Floats, at: int) -> bool:
        """Whether this is the best until now."""
        self.history.append(float(values.mean()))
        sure = True
        if self._start is not None:
            more = values - self._start
            sure = bool(more.mean() > _SURE * more.std() / math.sqrt(len(more)))
        better = sure and self.history[-1] > self._value
        if better:
            self.at, self._value = at, self.history[-1]
        return better


class _Best:
    """The head that is chosen."""

    def __init__(self, start: Head | None, score: Score) -> None:
        self._score, self.head = score, start
        self._chosen = Chosen(None if start is None else score(start))

    @property
    def history(self) -> list[float]:
        return self._chosen.history

    def take(self, head: Head, at: int) -> None:
        if self._chosen.take(self._score(head), at):
            self.head = head

    def found(self) -> Taught:
        assert self.head is not None
        return Taught(epoch=self._chosen.at, history=tuple(self.history), head=self.head)


def language_shares(pairs: By, balance: float) -> tuple[list[tuple[str, str]], Floats]:
    """How often each pair of languages is drawn, ∝ p^balance of its share p of the pairs.

    >>> language_shares({("a", "b"): np.zeros((90, 2)), ("a", "c"): np.zeros((10, 2))}, 0.5)[1].round(2).tolist()
    [0.75, 0.25]
    """
    keys = sorted(pairs)
    shares = np.array([len(pairs[key]) for key in keys], dtype=np.float64) ** balance
    return keys, shares / shares.sum()


def shuffled(pairs: By, seed: int) -> By:
    """The control: within every two languages the partners are dealt anew."""
    rng = np.random.default_rng([seed, 1])
    return {key: np.column_stack([rows[:, 0], rng.permutation(rows[:, 1])]) for key, rows in sorted(pairs.items())}


def some_of(pairs: By, share: float, seed: int) -> By:
    """A share of the pairs of every two languages, at least one."""
    rng = np.random.default_rng([seed, 2])
    return {
        key: rows[np.sort(rng.permutation(len(rows))[: max(1, round(share * len(rows)))])]
        for key, rows in sorted(pairs.items())
    }


def teach_ridge(vectors: Mapping[str, Vectors], pairs: By, *, pivot: str, strength: float, score: Score) -> Taught:
    """All other languages into the pivot's space. strength: as a share of the mean squared length of a direction;
    0: the best of five on the development set. Pairs without the pivot are of no use here.
    """
    x, z = [], []
    for (a, b), rows in sorted(pairs.items()):
        if a != b and pivot in (a, b):
            one, two = rows[:, ::-1].T if a == pivot else rows.T
            x.append(vectors[b if a == pivot else a][one])
            z.append(vectors[pivot][two])
    source, target = np.concatenate(x).astype(np.float64), np.concatenate(z)
    mean = float((source**2).sum() / source.shape[1])
    same = source.shape[1] == target.shape[1]
    best = _Best(Head("linear", {"W": np.eye(source.shape[1], dtype=np.float32)}) if same else None, score)
    for number, one in enumerate((strength,) if strength else _STRENGTHS, 1):
        weights = {"W": ridge_map(source, target, one * mean).astype(np.float32)}
        best.take(Head("linear", weights, {"strength": one * mean}), number)
    return best.found()


def teach_head(
    vectors: Mapping[str, Vectors],
    pairs: By,
    *,
    asked: HeadAsked,
    training: Training,
    score: Score,
    progress: Progress = silent,
) -> Taught:
    """vectors: by language, unit rows of one dim. score: of a head, on the development set.

    The same seed gives the same head, bit for bit, on one machine. Stops when `patience` epochs brought nothing.
    """
    with needs("encoders"):
        import torch
    loss = {"nt-xent": losses.nt_xent, "ranking": losses.ranking, "transliteration": losses.translit_contrast}[
        training.loss
    ]
    with one_torch_thread():
        weights = _begun(asked, next(iter(vectors.values())).shape[1], training.seed)
        optimizer = torch.optim.Adam(list(weights.values()), lr=training.rate)
        batches = Batches(pairs, training)
        x = {name: torch.from_numpy(np.ascontiguousarray(one)) for name, one in vectors.items()}
        best = _Best(_head(asked.kind, weights), score)
        for epoch in range(1, training.epochs + 1):
            for _ in range(batches.steps):
                (a, b), rows = batches.draw()
                optimizer.zero_grad()
                one, two = (_mapped(asked.kind, weights, x[name][rows[:, i]]) for i, name in enumerate((a, b)))
                loss(one, two).backward()
                optimizer.step()
            best.take(_head(asked.kind, weights), epoch)
            progress(f"teaching, development MRR {best.history[-1]:.3f}", epoch / training.epochs, best.history[-1])
            if epoch - int(np.argmax(best.history)) >= training.patience:
                break
    return best.found()


class Batches:
    """Pairs of two languages at a time, each pair once before any comes again."""

    def __init__(self, pairs: By, training: Training) -> None:
        self._pairs, self._rng = pairs, np.random.default_rng([training.seed, 3])
        self._keys, self._shares = language_shares(pairs, training.balance)
        self._size = training.batch
        self._left: dict[tuple[str, str], Rows] = {}
        total = sum(map(len, pairs.values()))
        self.steps = max(1, math.ceil(total / training.batch))

    def draw(self) -> tuple[tuple[str, str], Rows]:
        key = self._keys[int(self._rng.choice(len(self._keys), p=self._shares))]
        left = self._left.get(key, np.empty((0, 2), np.int64))
        if len(left) < min(self._size, len(self._pairs[key])):
            left = self._rng.permutation(self._pairs[key])
        self._left[key] = left[self._size :]
        return key, left[: self._size]


def _begun(asked: HeadAsked, dim: int, seed: int) -> dict[str, Any]:
    """Weights with which the head changes nothing."""
    import torch

    made = torch.Generator().manual_seed(seed)
    if asked.kind == "linear":
        weights = {"W": torch.eye(dim)}
    else:
        width = asked.width or (_RANK if asked.kind == "low-rank" else 2 * dim)
        weights = {"A": torch.randn(dim, width, generator=made) / math.sqrt(dim), "B": torch.zeros(width, dim)}
        if asked.kind == "two-layer":
            weights |= {"a": torch.zeros(width), "b": torch.zeros(dim)}
    return {name: one.requires_grad_() for name, one in weights.items()}


def _mapped(kind: str, w: Mapping[str, Tensor], x: Tensor) -> Tensor:
    """What `Head.apply` does, with gradients."""
    if kind == "linear":
        return x @ w["W"]
    if kind == "low-rank":
        return x + x @ w["A"] @ w["B"]
    return x + (x @ w["A"] + w["a"]).relu() @ w["B"] + w["b"]


def _head(kind: str, weights: Mapping[str, Tensor]) -> Head:
    return Head(kind, {name: one.detach().numpy().copy() for name, one in weights.items()})
