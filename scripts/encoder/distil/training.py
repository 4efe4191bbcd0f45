"""From the teacher's token vectors to the student's: one map for all tokens, then each token by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np
from texts import Translations

from isogloss.encoders.contrastive import Bags, TokenTrainer, bag_means, info_nce
from isogloss.linear import unit_rows
from isogloss.types import Floats, Rows, Vectors

if TYPE_CHECKING:
    from spans import Spans

DIM, SCALE, WEIGHT = 128, 20.0, 1e-5
MAP_STEPS, STEPS, LAST = 400, 1_250, 250  # of the last steps, the teacher's cosines are followed as numbers
MAP_RATE, RATE = 1e-3, 2e-3
TRAININGS = 3  # the mean of their tokens is taken
LINES, DRAWN = 800, {"words": 400, "sentences": 300, "phrases": 150}
NAMED, NAMES, TOLD = 4, 400, 1.0  # languages of a step, phrases of each, told from each other; how much that counts
CLUSTERED, NEAR, PULL = 800, 10.0, 1.0  # texts of a step among their neighbors; how much more a near pair counts
BROKEN = 0.3  # share of the tokens of pairs and of parts of lines that fall into two
PARTS = 3.0  # how much it counts what the teacher says of parts of lines
SHARP = 0.02  # temperature of the teacher's cosines among neighbors
UNRELATED = 0.76  # mean cosine of the teacher's vectors of two texts that have nothing to do with each other
# Languages whose scripts the teacher does not know, that it learnt least of, or whose words have most forms, are drawn
# three times as often.
SELDOM = """dzo div bod shi mya orm tir amh ckb-Arab tgk-Cyrl som ibo hau yor wol fuc ven tsn xho zul nde mri smo ton
fij tah hmn kin nya sna lao khm uig bak snd-Arab pus ewe mlg
arb kor tam heb""".split()
Say = Callable[[str], None]


def start(tokens: Vectors, log_probability: Floats) -> Vectors:
    """Each layer centred, whitened by principal components, weighted a / (a + p) (Arora 2017), side by side:
    (n_tokens, n_layers · 384), those that the teacher does not have as zeros.
    """
    log_p = log_probability[: len(tokens)]
    p = np.exp(np.where(log_p < 0, log_p, -30.0)).astype(np.float32)
    found = np.zeros((len(log_probability), tokens.shape[1] * tokens.shape[2]), dtype=np.float32)
    for layer in range(tokens.shape[1]):
        centred = tokens[:, layer] - tokens[4:, layer].mean(axis=0)
        values, axes = np.linalg.eigh(centred[4:].T @ centred[4:] / len(centred))
        values, axes = values[::-1], axes[:, ::-1]
        rows = centred @ axes / np.sqrt(np.maximum(values, values[0] * 1e-3)) * (WEIGHT / (WEIGHT + p))[:, None]
        here = slice(layer * tokens.shape[2], (layer + 1) * tokens.shape[2])
        found[: len(tokens), here] = rows / np.linalg.norm(rows, axis=1).mean()
    return found


class Adam:
    """Steps of one matrix (Kingma 2015), the second moment over some hundred of them."""

    def __init__(self) -> None:
        self.first = self.second = np.float32(0)
        self.steps = 0

    def __call__(self, gradient: Vectors, rate: float) -> Vectors:
        self.steps += 1
        self.first = 0.9 * self.first + 0.1 * gradient
        self.second = 0.99 * self.second + 0.01 * gradient**2
        first, second = self.first / (1 - 0.9**self.steps), self.second / (1 - 0.99**self.steps)
        return np.asarray(rate * first / (np.sqrt(second) + 1e-8), dtype=np.float32)


class Batches:
    """Pairs by chance: lines of NTREX in two languages, half of them with English; texts beside their English."""

    def __init__(self, given: Translations, bags: Bags, seed: int = 0, halves: Rows | None = None) -> None:
        """halves: (n_tokens, 2), the two tokens that a token falls into, or -1."""
        self.given, self.all, self.rng = given, bags, np.random.default_rng(seed)
        self.halves = halves
        self.english = given.languages.index("eng")
        share = np.array([3.0 if language in SELDOM else 1.0 for language in given.languages])
        self.share = share / share.sum()

    def take(self, texts: Rows, bags: Bags | None = None) -> Bags:
        """Of the texts of training, or of others."""
        bags = bags or self.all
        first, last = bags.offsets[texts], bags.offsets[texts + 1]
        offsets = np.concatenate([[0], np.cumsum(last - first)]).astype(np.int64)
        at = np.arange(offsets[-1]) - np.repeat(offsets[:-1] - first, last - first)
        return Bags(bags.ids[at], offsets)

    def broken(self, bags: Bags) -> Bags:
        """Some tokens fall into two, so that also those are learnt which the texts have only inside of longer ones."""
        if self.halves is None or not BROKEN:
            return bags
        cut = (self.rng.random(len(bags.ids)) < BROKEN) & (self.halves[bags.ids, 0] >= 0)
        times = 1 + cut
        ids = np.repeat(bags.ids, times)
        first = (np.cumsum(times) - times)[cut]
        ids[first], ids[first + 1] = self.halves[bags.ids[cut]].T
        return Bags(ids, np.concatenate([[0], np.cumsum(times)])[bags.offsets].astype(np.int64))

    def pairs(self) -> tuple[Bags, Bags]:
        lines = self.rng.permutation(len(self.given.lines))[:LINES]
        one = self.rng.choice(len(self.share), LINES, p=self.share)
        two = np.where(self.rng.random(LINES) < 0.5, self.english, self.rng.integers(0, len(self.share), LINES))
        a, b = self.given.lines[lines, one], self.given.lines[lines, two]
        good = (a >= 0) & (b >= 0) & (one != two)
        first, second = [a[good]], [b[good]]
        for kind, n in DRAWN.items():
            drawn = self.rng.integers(0, len(self.given.source[kind]), n)
            _, kept = np.unique(self.given.english[kind][drawn], return_index=True)
            first.append(self.given.source[kind][drawn[kept]])
            second.append(self.given.english[kind][drawn[kept]])
        return self.broken(self.take(np.concatenate(first))), self.broken(self.take(np.concatenate(second)))

    def names(self) -> Iterator[tuple[Bags, Bags]]:
        """Phrases of one language beside their English, for some languages: what is nearest to a name by mistake is
        most often another name in its own language (Russia, Russian), and only such a batch has them side by side.
        """
        for at in self.rng.integers(0, len(self.given.names), NAMED).tolist():
            low, high = self.given.names[at]
            drawn = low + self.rng.permutation(high - low)[:NAMES]
            english = self.given.english["phrases"][drawn]
            _, kept = np.unique(english, return_index=True)
            yield self.take(self.given.source["phrases"][drawn[kept]]), self.take(english[kept])


class Clusters:
    """Sentences among those that the teacher has near them, half of them in another language."""

    def __init__(self, batches: Batches, english: Rows, taught: Vectors, near: Rows) -> None:
        """english: numbers of the sentences, (n,). taught: their vectors, (n, 384). near: (n, 33), itself first."""
        self.batches, self.english, self.taught, self.near = batches, english, taught, near
        source, its = batches.given.source["sentences"], batches.given.english["sentences"]
        order = np.argsort(its, kind="stable")
        self.source, sorted_ = source[order], its[order]
        self.low, self.high = (np.searchsorted(sorted_, english, side=side) for side in ("left", "right"))

    def draw(self) -> tuple[Bags, Bags, Vectors]:
        rng = self.batches.rng
        middle = rng.choice(len(self.english), CLUSTERED // 16)
        around = self.near[middle][:, 1:].ravel()
        drawn = np.unique(np.concatenate([middle, rng.permutation(around)[: CLUSTERED - len(middle)]]))
        own = self.english[drawn]
        of = self.low[drawn] + (rng.random(len(drawn)) * (self.high - self.low)[drawn]).astype(np.int64)
        foreign = np.where(self.high[drawn] > self.low[drawn], self.source[np.minimum(of, len(self.source) - 1)], own)
        here = np.where(rng.random(len(drawn)) < 0.5, own, foreign)
        return self.batches.take(here), self.batches.take(own), self.taught[drawn]


def taught_choice(x: Vectors, y: Vectors, taught: Vectors, sharp: float = SHARP) -> tuple[Vectors, Vectors]:
    """Gradients by x and y of the cross entropy between softmax(SCALE · cosines) and softmax(teacher's / sharp), over
    rows and over columns: among its neighbors, a text is to be told from them as surely as the teacher tells it.
    """
    lengths = [np.maximum(np.linalg.norm(side, axis=1, keepdims=True), 1e-8) for side in (x, y)]
    u, v = x / lengths[0], y / lengths[1]
    chosen, wanted = np.float32(SCALE) * (u @ v.T), taught @ taught.T / np.float32(sharp)
    by = (_softmax(chosen) - _softmax(wanted) + (_softmax(chosen.T) - _softmax(wanted)).T) * np.float32(
        SCALE / 2 / len(x)
    )
    return _by_rows(by @ v, u, lengths[0]), _by_rows(by.T @ u, v, lengths[1])


def _softmax(rows: Vectors) -> Vectors:
    found = np.exp(rows - rows.max(axis=1, keepdims=True))
    return np.asarray(found / found.sum(axis=1, keepdims=True), dtype=np.float32)


def _by_rows(gradient: Vectors, unit: Vectors, length: Vectors) -> Vectors:
    """The gradient by rows of any length from that by their unit vectors."""
    return np.asarray((gradient - (gradient * unit).sum(axis=1, keepdims=True) * unit) / length, dtype=np.float32)


def taught_similarity(x: Vectors, y: Vectors, taught: Vectors) -> tuple[Vectors, Vectors]:
    """Gradients by x and y of the squared differences of their cosines from the teacher's, 0 where that finds no
    relation, 1 where it finds the same; near pairs count more.
    """
    n = len(x)
    lengths = [np.maximum(np.linalg.norm(side, axis=1, keepdims=True), 1e-8) for side in (x, y)]
    u, v = x / lengths[0], y / lengths[1]
    wanted = np.maximum((taught @ taught.T - UNRELATED) / (1 - UNRELATED), 0)
    apart = (u @ v.T - wanted) * (1 + NEAR * (wanted > 0.35))
    apart[np.arange(n), np.arange(n)] = 0
    by = np.asarray(apart * (2 * PULL / n), dtype=np.float32)
    return _by_rows(by @ v, u, lengths[0]), _by_rows(by.T @ u, v, lengths[1])


def mapped(vectors: Vectors, batches: Batches, say: Say) -> Vectors:
    """One linear map for all tokens, also those that no text of training holds: (n_tokens, DIM)."""
    turn = np.eye(vectors.shape[1], DIM, dtype=np.float32)
    adam = Adam()
    for step in range(MAP_STEPS):
        source, target = (bag_means(vectors, side) for side in batches.pairs())
        loss, gx, gy = info_nce(source @ turn, target @ turn, SCALE, among=True)
        gradient = source.T @ gx + target.T @ gy
        turn -= adam(gradient, MAP_RATE * min(1, (step + 1) / 50) * (1 - step / MAP_STEPS))
        if (step + 1) % 100 == 0:
            say(f"map {step + 1}: {loss:.3f}")
    return np.ascontiguousarray(vectors @ turn)


def with_new_tokens(vectors: Vectors, n_known: int, batches: Batches) -> Vectors:
    """Tokens that the teacher does not have begin as the mean of the English of the texts that hold them."""
    given, known = batches.given, vectors.copy()
    total, count = np.zeros(vectors.shape), np.zeros(len(vectors))
    others = [i for i in range(len(given.languages)) if i != batches.english]
    source = np.concatenate([*(given.lines[:, i] for i in others), *given.source.values()])
    english = np.concatenate([*(given.lines[:, batches.english] for _ in others), *given.english.values()])
    both = np.flatnonzero((source >= 0) & (english >= 0))
    for at in range(0, len(both), 100_000):
        here = both[at : at + 100_000]
        bags = batches.take(source[here])
        new = bags.ids >= n_known
        if new.any():
            means = unit_rows(bag_means(known, batches.take(english[here])))
            own = np.repeat(np.arange(len(bags)), np.diff(bags.offsets))
            np.add.at(total, bags.ids[new], means[own[new]])
            np.add.at(count, bags.ids[new], 1)
    found = count > 0
    mean = total[found].sum(axis=0) / count[found].sum()
    rows = unit_rows((total[found] / count[found][:, None] - mean).astype(np.float32))
    length = float(np.linalg.norm(vectors[4:n_known], axis=1).mean())
    known[found] = rows * length * np.minimum(1, 30 / (count[found] + 30))[:, None]
    return known


def trained(start: Vectors, batches: Batches, clusters: Clusters, spans: Spans, seed: int, say: Say) -> Vectors:
    """Each token by itself: pairs pulled together, sentences told from their neighbors, then as near as the teacher
    has them; parts of lines beside what the teacher says of them.
    """
    vectors, batches.rng = start.copy(), np.random.default_rng(1 + seed)
    trainer = TokenTrainer(vectors)
    spans.fit(vectors)
    for step in range(STEPS):
        source, target = batches.pairs()
        loss, gx, gy = info_nce(bag_means(vectors, source), bag_means(vectors, target), SCALE, among=True)
        here, there, taught = clusters.draw()
        follow = taught_choice if step < STEPS - LAST else taught_similarity
        cx, cy = follow(bag_means(vectors, here), bag_means(vectors, there), taught)
        left = 1 - step / STEPS if step < STEPS - LAST else 0.5 * (STEPS - step) / LAST
        left = max(0.01, left)
        rate = RATE * min(1.0, (step + 1) / 100) * left
        parts = [(source, gx), (target, gy), (here, cx), (there, cy)]
        for own, english in batches.names():
            _, ox, oy = info_nce(bag_means(vectors, own), bag_means(vectors, english), SCALE, among=True)
            parts += [(own, ox * np.float32(TOLD / NAMED)), (english, oy * np.float32(TOLD / NAMED))]
        part, px = spans.follow(vectors, left)
        parts.append((part, px * np.float32(PARTS)))
        trainer.descend(parts, rate)
        if (step + 1) % 100 == 0:
            say(f"tokens {step + 1:,}: {loss:.3f}")
    return trainer.vectors
