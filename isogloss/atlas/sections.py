"""Whether sections hold together: who lies nearest, against sections dealt at random."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from isogloss.atlas.titles import Titles
from isogloss.errors import InvalidValue
from isogloss.figure import Figure
from isogloss.linear import unit_rows
from isogloss.progress import Progress, silent
from isogloss.resampling import Shuffle, adjust, mean_interval, null_of
from isogloss.types import Floats, Mask, Rows, Vectors

K, MOST_K, DRAWS = 5, 50, 200
BESIDE = 3  # titles without which the mean of a section says nothing
NULL = "sections dealt at random to the titles of their catalogue, each keeping its size"
_PURITY = "share of the k nearest titles (cosine) that share a section with it, mean over titles; titles resampled"
_OWN = "share of the k nearest titles of its members that are in it too; titles resampled"
_PLACED = "share of titles nearer to a section of theirs, without them, than to any other, by the mean of its titles"


@dataclass(frozen=True)
class Section:
    """purity: of its members, NaN for fewer than four. q: of its p among all sections (Benjamini–Hochberg)."""

    name: str
    n: int
    purity: Figure
    q: float

    @property
    def holds(self) -> bool:
        """Whether its members lie together by more than chance, at q < .05."""
        return self.q < 0.05


@dataclass(frozen=True)
class Misfiled:
    """A title nearer to another section of its catalogue than to any of its own, by the means and by the neighbors.

    margin: cosine to the mean of the other less that to the mean of its own without it, more than 0. n, n_other: titles
    of the two, without it, at least three. near, near_own: how many of its k nearest are in the other, and in its own.
    """

    title: str
    section: str
    other: str
    margin: float
    n: int
    n_other: int
    near: int
    near_own: int
    link: str


@dataclass(frozen=True)
class Purity:
    """overall: all titles; its null deals the sections anew. placed: titles nearest to a section of their own."""

    k: int
    overall: Figure
    placed: Figure
    sections: tuple[Section, ...]
    misfiled: tuple[Misfiled, ...]


def purity_of(
    titles: Titles, vectors: Vectors, *, k: int = K, seed: int = 0, draws: int = DRAWS, progress: Progress = silent
) -> Purity:
    """vectors: (n_titles, dim). Neighbors are sought among all titles of all catalogues.

    The null deals what is known of a title (all its sections together) to another title of the same catalogue, `draws`
    times: that catalogues lie apart is no finding about sections. p = (1 + #{draw ≥ value}) / (1 + draws). Raises
    InvalidValue for a k out of bounds, and where all titles share one section.
    """
    n = len(titles)
    if not 1 <= k <= MOST_K:
        raise InvalidValue(f"k is {k}", f"choose k between 1 and {MOST_K}")
    if bool(titles.held.all(axis=0).any()) and titles.held.shape[1] == 1:
        raise InvalidValue("all titles are in one section", "give a list with headings")
    k = min(k, n - 1)
    unit, rng = unit_rows(np.asarray(vectors, dtype=np.float32)), np.random.default_rng(seed)
    near = nearest(unit, k)
    overall, own = _shares(titles.held, near)
    near_means = centroid_cosines(titles.held, unit)
    placed = _placed(titles.held, near_means)
    null_all, null_own, null_placed = [], np.empty((draws, titles.held.shape[1])), []
    shuffle, rows = Shuffle(np.unique(titles.listed, axis=0, return_inverse=True)[1].reshape(-1)), np.arange(n)
    for draw in range(draws):
        dealt = titles.held[shuffle(rows, rng)]
        one, each = _shares(dealt, near)
        null_all.append(float(one.mean()))
        null_own[draw] = _means(each, dealt)
        null_placed.append(float(np.nanmean(_placed(dealt, centroid_cosines(dealt, unit)))))
        progress("dealing sections at random", (draw + 1) / draws)
    figures = [_section(titles, at, own, null_own[:, at], rng) for at in range(titles.held.shape[1])]
    q = adjust(np.array([one.null.p if one.null else np.nan for one in figures]))
    sections = tuple(
        Section(name, int(n_), one, float(value))
        for name, n_, one, value in zip(titles.sections, titles.held.sum(axis=0), figures, q, strict=True)
    )
    asked = placed[np.isfinite(placed)]
    return Purity(
        k,
        _figure(overall, null_all, _PURITY, rng),
        _figure(asked, null_placed, _PLACED, rng),
        tuple(sorted(sections, key=lambda one: (-np.nan_to_num(one.purity.value, nan=-1.0), -one.n))),
        _misfiled(titles, near_means, near),
    )


def nearest(unit: Vectors, k: int) -> Rows:
    """Rows of the k nearest other rows, best first, (n, k); ties by the lower row. unit: rows of length 1.

    >>> nearest(np.float32([[1, 0], [1, 0.1], [0, 1]]), 1).tolist()
    [[1], [0], [1]]
    """
    found = np.empty((len(unit), k), dtype=np.int64)
    for at in range(0, len(unit), 1024):
        cosines = unit[at : at + 1024] @ unit.T
        own = np.arange(len(cosines))
        cosines[own, at + own] = -np.inf
        found[at : at + 1024] = np.argsort(-cosines, axis=1, kind="stable")[:, :k]
    return found


def centroid_cosines(held: Mask, unit: Vectors) -> Floats:
    """Cosine of every title to the mean of every section, itself left out, (n, n_sections); NaN where it is alone."""
    member = held.astype(np.float32)
    sums = member.T @ unit
    dots = (unit @ sums.T).astype(np.float64)
    lengths = (unit**2).sum(axis=1, dtype=np.float64)[:, None]
    squares = (sums.astype(np.float64) ** 2).sum(axis=1)[None, :] - member * (2 * dots - lengths)
    others = held.sum(axis=0)[None, :] - held
    length = np.sqrt(np.maximum(squares, 0.0))
    known = (others > 0) & (length > 1e-6)
    return np.where(known, (dots - member * lengths) / np.where(known, length, 1.0), np.nan)


def _shares(held: Mask, near: Rows) -> tuple[Floats, Floats]:
    """By title the share of neighbors that share a section with it; by title and section the share that are in it."""
    member = held.astype(np.float32)
    inside = np.zeros(member.shape, dtype=np.float32)
    overlap = np.zeros(len(held))
    for column in near.T:
        inside += member[column]
        overlap += (held[column] & held).any(axis=1)
    k = max(near.shape[1], 1)
    return overlap / k, np.asarray(inside / k, dtype=np.float64)


def _means(shares: Floats, held: Mask) -> Floats:
    """Of each section over its members; NaN of fewer than two."""
    n = held.sum(axis=0)
    return np.where(n > 1, (shares * held).sum(axis=0) / np.maximum(n, 1), np.nan)


def _placed(held: Mask, cosines: Floats) -> Floats:
    """1 where a section of a title's own is the nearest, 0 where another is; NaN where it is alone in all its own."""
    own = np.where(held & np.isfinite(cosines), cosines, -np.inf).max(axis=1)
    other = np.where(~held & np.isfinite(cosines), cosines, -np.inf).max(axis=1)
    return np.where(np.isfinite(own), (own >= other).astype(np.float64), np.nan)


def _figure(values: Floats, draws: list[float], how: str, rng: np.random.Generator) -> Figure:
    value = float(values.mean()) if len(values) else float("nan")
    low, high = mean_interval(values, 1_000, rng)
    return Figure(
        value=value, n=len(values), better="more", low=low, high=high, null=null_of(draws, value, NULL), how=how
    )


def _section(titles: Titles, at: int, own: Floats, draws: Floats, rng: np.random.Generator) -> Figure:
    members = titles.held[:, at]
    if members.sum() <= BESIDE:
        return Figure(value=float("nan"), n=int(members.sum()), better="more", how=_OWN)
    return _figure(own[members, at], [float(one) for one in draws], _OWN, rng)


def _misfiled(titles: Titles, cosines: Floats, near: Rows) -> tuple[Misfiled, ...]:
    """Largest margin first. A title all of whose sections are small cannot be told."""
    beside = titles.held.sum(axis=0)[None, :] - titles.held
    told = np.isfinite(cosines) & (beside >= BESIDE)
    found = []
    for row in range(len(titles)):
        own = np.flatnonzero(titles.held[row] & told[row])
        same = np.isin(titles.of, titles.of[titles.held[row]])
        others = np.flatnonzero(~titles.held[row] & same & told[row])
        if not len(own) or not len(others):
            continue
        mine, other = own[np.argmax(cosines[row, own])], others[np.argmax(cosines[row, others])]
        margin = float(cosines[row, other] - cosines[row, mine])
        in_own, in_other = int(titles.held[near[row], mine].sum()), int(titles.held[near[row], other].sum())
        if margin > 0 and in_other > in_own:
            found.append(
                Misfiled(
                    titles.entries[row].title,
                    titles.sections[mine],
                    titles.sections[other],
                    margin,
                    int(beside[row, mine]),
                    int(beside[row, other]),
                    in_other,
                    in_own,
                    titles.entries[row].link,
                )
            )
    return tuple(sorted(found, key=lambda one: -one.margin))
