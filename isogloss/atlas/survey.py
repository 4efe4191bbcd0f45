"""Catalogues held against the map of their titles: purity, what seems misfiled, what seems missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from isogloss.atlas.across import Across, across
from isogloss.atlas.entry import Catalogue
from isogloss.atlas.sections import DRAWS, K, Purity, purity_of
from isogloss.atlas.titles import Titles, space_of, titles_of
from isogloss.encoders.encoder import Encoder
from isogloss.encoders.kept import encode_kept
from isogloss.progress import Progress, part_of, silent
from isogloss.spaces.space import Space
from isogloss.workspace.derived import DerivedStore

DEPTH = 2  # headings: finer sections of most lists hold too few titles to tell


@dataclass(frozen=True, eq=False)
class Survey:
    """What was found of some catalogues. space: their titles with vectors and columns."""

    catalogues: tuple[Catalogue, ...]
    titles: Titles
    space: Space
    purity: Purity
    across: Across

    @property
    def said(self) -> str:
        """The finding in a sentence. It claims nothing that chance gives too."""
        one, placed = self.purity.overall, self.purity.placed
        null = one.null
        chance = f"{null.mean * self.purity.k:.1f}" if null else "–"
        near = f"{one.value * self.purity.k:.1f} of a paper's nearest {self.purity.k} share its section"
        if null is None or not null.p < 0.05:
            return f"Sections cannot be told from sections dealt at random: {near}, chance {chance}"
        own = f"{placed.value:.0%} lie nearest to their own" if placed.known else ""
        return f"Sections hold together: {near}, chance {chance}" + (f"; {own}" if own else "")


def survey(
    catalogues: Sequence[Catalogue],
    encoder: Encoder,
    store: DerivedStore,
    *,
    k: int = K,
    depth: int = DEPTH,
    seed: int = 0,
    draws: int = DRAWS,
    progress: Progress = silent,
) -> Survey:
    """Titles encoded once, then measured. Raises what `titles_of` and `purity_of` do."""
    titles = titles_of(catalogues, depth=depth)
    vectors, _ = encode_kept(encoder, titles.items, store, progress=part_of(progress, 0.0, 0.3))
    purity = purity_of(titles, vectors, k=k, seed=seed, draws=draws, progress=part_of(progress, 0.3, 1.0))
    space = space_of(titles, vectors, encoder=encoder.name)
    return Survey(tuple(catalogues), titles, space, purity, across(titles, vectors, k=purity.k))
