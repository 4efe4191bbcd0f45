"""A model with fewer tokens: what stays, what of held-out text is cut as before, how far the cuts move apart."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from isogloss.errors import InvalidValue
from isogloss.figure import Figure
from isogloss.progress import Progress, silent
from isogloss.text.tally import Tally
from isogloss.vocabulary.card import card_of
from isogloss.vocabulary.folder import sliced, write_folder
from isogloss.vocabulary.kept import Choice, Kept, by_frequency, choose, frequencies
from isogloss.vocabulary.model import Model
from isogloss.vocabulary.rewrite import marks_of, renumbered, rewritten
from isogloss.vocabulary.shares import ratio, share
from isogloss.vocabulary.subwords import Counts, Lines, Subwords

HELD_OUT = 0.1
PREDICTS = (
    "Jensen–Shannon divergence, base 2, from 0 (the same tokens) to 1: in the trials of those who proposed it, it goes"
    " with what a model loses after fine-tuning, with correlations of −.74 to −.95"
)
_COVERAGE = "held-out lines that are cut into the same tokens as before / held-out lines; 95%, Wilson"
_POINTS = 24


@dataclass(frozen=True)
class Point:
    """So many of the most frequent tokens, beside those that always stay. coverage: of held-out lines."""

    tokens: int
    coverage: float
    parameters: int | None


@dataclass(frozen=True)
class Trimmed:
    """tokens, parameters: before and after; parameters are None of a tokenizer alone. coverage: of held-out lines, cut
    as before. changed: lines that are not. fertility: on held-out lines. divergence: between the tokens of held-out
    lines before and after, base 2.
    """

    model: str
    kind: str
    lines: int
    held_out: int
    tokens: tuple[int, int]
    parameters: tuple[int, int] | None
    why: Mapping[str, int]
    asked: Tally
    coverage: Figure
    changed: tuple[str, ...]
    fertility: tuple[Figure, Figure]
    unknown: tuple[Figure, Figure]
    divergence: float
    curve: tuple[Point, ...]

    @property
    def share(self) -> float:
        """Of the parameters that stay."""
        return self.parameters[1] / self.parameters[0] if self.parameters else math.nan


@dataclass(frozen=True)
class Plan:
    """What trimming would do, and what it needs to do it."""

    found: Trimmed
    kept: Kept
    subwords: Subwords


def split(texts: Sequence[str], share: float = HELD_OUT, *, seed: int = 0) -> tuple[list[str], list[str]]:
    """Texts to choose by, and texts held out, drawn without repeats. Raises InvalidValue where either would be empty.

    >>> [len(part) for part in split([str(i) for i in range(50)])]
    [45, 5]
    """
    if not 0 < share < 1:
        raise InvalidValue(f"a held-out share of {share:g} was given", "give one between 0 and 1, or a file held out")
    n = max(1, round(share * len(texts)))
    if n >= len(texts):
        raise InvalidValue(f"there are {len(texts):,} lines", "give more, or a file held out")
    out = set(np.random.default_rng(seed).choice(len(texts), n, replace=False).tolist())
    return [t for i, t in enumerate(texts) if i not in out], [t for i, t in enumerate(texts) if i in out]


def plan(
    model: Model, texts: Sequence[str], held_out: Sequence[str], choice: Choice, *, progress: Progress = silent
) -> Plan:
    """Choose tokens by texts and measure on others. Raises InvalidValue."""
    if not texts or not held_out:
        raise InvalidValue("there is no text", "give lines to choose by, and lines held out")
    old = model.subwords
    progress("reading texts", 0.0, None)
    counts = frequencies(old, old.read(texts).ids)
    progress("choosing tokens", 0.4, None)
    kept = choose(old, counts, choice, always=model.named_ids)
    new = Subwords(rewritten(old, kept.ids), model.name)
    progress("measuring on held-out lines", 0.6, None)
    before, after = old.read(held_out), new.read(held_out)
    same = [_tokens(old, a) == _tokens(new, b) for a, b in zip(before.ids, after.ids, strict=True)]
    tables = model.tables
    found = Trimmed(
        model=model.name,
        kind=old.kind,
        lines=len(texts),
        held_out=len(held_out),
        tokens=(len(old), len(kept.ids)),
        parameters=(tables.parameters, tables.with_rows(len(kept.ids))) if tables else None,
        why=kept.why,
        asked=kept.asked,
        coverage=share(sum(same), len(same), how=_COVERAGE),
        changed=tuple(text for text, is_same in zip(held_out, same, strict=True) if not is_same),
        fertility=(_fertility(before), _fertility(after)),
        unknown=(_unknown(before), _unknown(after)),
        divergence=_between(old, new, before, after),
        curve=curve(model, counts, before, kept_always(model)),
    )
    return Plan(found, kept, new)


def trim(
    model: Model,
    texts: Sequence[str],
    held_out: Sequence[str],
    out: Path,
    *,
    choice: Choice,
    progress: Progress = silent,
) -> tuple[Trimmed, Tally]:
    """Write the model with the tokens chosen. Returns what it is, and which of its files were copied or left out.

    Kept rows are bit-identical. Raises InvalidValue, StoreError.
    """
    with model.lying() as lying:
        made = plan(lying, texts, held_out, choice, progress=progress)
        progress("writing the model", 0.8, None)
        new = renumbered(made.kept.ids, len(lying.subwords.tokens))
        files = write_folder(
            lying,
            out,
            tokenizer=made.subwords.state,
            ids={i: int(new[i]) for i in made.kept.ids.tolist()},
            rows=sliced(made.kept.ids),
            card=card_of(made.found, choice),
        )
    return made.found, files


def kept_always(model: Model) -> list[int]:
    """Tokens that stay whatever the texts, before those that merging needs."""
    return sorted({*marks_of(model.subwords), *model.named_ids})


def curve(model: Model, counts: Counts, held_out: Lines, always: Sequence[int]) -> tuple[Point, ...]:
    """Tokens kept → share of held-out lines cut as before: those of whose tokens the least frequent is among them.

    For BPE it is a lower bound, as merging keeps some more.
    """
    seen = by_frequency(counts)
    rank = np.full(len(counts), len(seen) + 1, dtype=np.int64)  # what was never seen comes with no number of tokens
    rank[seen] = np.arange(1, len(seen) + 1)
    rank[list(always)] = 0
    needs = np.sort([rank[np.array(one, dtype=np.int64)].max(initial=0) for one in held_out.ids])
    sizes = sorted({*np.unique(np.geomspace(1, max(len(seen), 1), _POINTS).round().astype(int)).tolist(), len(seen)})
    found = []
    free = int((rank == 0).sum())
    for size in sizes:
        tokens = free + int((rank[seen[:size]] > 0).sum())
        covered = float(np.searchsorted(needs, size, side="right")) / max(len(needs), 1)
        found.append(Point(tokens, covered, model.tables.with_rows(tokens) if model.tables else None))
    return tuple(found)


def divergence(p: npt.ArrayLike, q: npt.ArrayLike) -> float:
    """Jensen–Shannon divergence of two counts over the same tokens, base 2: 0 for the same, 1 for nothing shared.

    >>> divergence([1, 1], [2, 2]), divergence([1, 0], [0, 3])
    (0.0, 1.0)
    """
    a, b = (np.asarray(one, dtype=np.float64) for one in (p, q))
    if not a.sum() or not b.sum():
        return math.nan
    a, b = a / a.sum(), b / b.sum()
    middle = (a + b) / 2

    def to(one: npt.NDArray[np.float64]) -> float:
        at = one > 0
        return float((one[at] * np.log2(one[at] / middle[at])).sum())

    return min(1.0, max(0.0, (to(a) + to(b)) / 2))


def _between(old: Subwords, new: Subwords, before: Lines, after: Lines) -> float:
    first, second = frequencies(old, before.ids), np.zeros(len(old.tokens), dtype=np.int64)
    for i, n in enumerate(frequencies(new, after.ids)):
        second[old.ids[new.tokens[i]]] += n
    return divergence(first, second)


def _tokens(subwords: Subwords, ids: Sequence[int]) -> list[str]:
    return [subwords.tokens[i] for i in ids]


def _fertility(lines: Lines) -> Figure:
    return ratio(lines.tokens, lines.words, better="less", how="subwords / stretches between spaces; 95% over lines")


def _unknown(lines: Lines) -> Figure:
    return ratio(
        lines.unknown,
        lines.characters,
        is_share=True,
        better="less",
        how="characters under <unk> / characters; 95% over lines",
    )
