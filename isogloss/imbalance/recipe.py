"""What a grid of clones is made from: a TOML recipe, read and checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from isogloss.errors import InvalidValue
from isogloss.text.settings import find_beside, named, open_recipe, read_tables
from isogloss.workspace.access import data_folder


@dataclass(frozen=True)
class CorpusAsked:
    """file: anything a corpus can be. text: its column. vocabulary: the commonest words that are kept."""

    file: str = ""
    text: str = "text"
    vocabulary: int = 3_000


@dataclass(frozen=True)
class GridAsked:
    """shares: of the sentences that are the clone's (0.1: nine to one). anchors: shares of the words that both
    languages have in common. tokens: sizes. seeds: each point is drawn and trained with each.
    """

    shares: tuple[float, ...] = (0.5, 0.3, 0.1)
    anchors: tuple[float, ...] = (0.0, 0.1, 0.3)
    tokens: tuple[int, ...] = (200_000,)
    seeds: tuple[int, ...] = (1, 2, 3)


@dataclass(frozen=True)
class TrainingAsked:
    """Of word2vec (CBOW, negative sampling). min_count: uses in either language of a word that is tested."""

    dim: int = 50
    window: int = 5
    negative: int = 10
    epochs: int = 5
    alpha: float = 0.025
    sample: float = 1e-3
    min_count: int = 10


@dataclass(frozen=True)
class TransformerAsked:
    """A small transformer on the same grid, which fills in masked words. epochs: 0 trains none. length: words of a
    sentence, longer ones are cut. mask: share of the words that are to be filled in.
    """

    epochs: int = 0
    layers: int = 2
    dim: int = 128
    heads: int = 4
    length: int = 24
    batch: int = 64
    rate: float = 1e-3
    mask: float = 0.15


@dataclass(frozen=True)
class CloneAsked:
    """How a word of the clone is written: prefix + word + suffix."""

    prefix: str = ""
    suffix: str = "′"


_BOUNDS: dict[str, tuple[float, float]] = {
    "vocabulary": (10, 1_000_000),
    "shares": (0.001, 0.999),
    "anchors": (0.0, 0.99),
    "tokens": (1_000, 2_000_000_000),
    "seeds": (0, 2**31 - 1),
    "dim": (2, 2_000),
    "window": (1, 100),
    "negative": (1, 100),
    "epochs": (1, 1_000),
    "alpha": (1e-6, 1.0),
    "sample": (1e-9, 1.0),
    "min_count": (1, 1_000_000),
}
_SMALL: dict[str, tuple[float, float]] = {
    "epochs": (0, 1_000),
    "layers": (1, 12),
    "heads": (1, 64),
    "dim": (8, 1_024),
    "length": (2, 512),
    "batch": (1, 4_096),
    "rate": (1e-7, 1.0),
    "mask": (0.01, 0.9),
}
MOST_POINTS = 10_000


@dataclass(frozen=True)
class ImbalanceRecipe:
    """name: what the result is kept under. path: of the recipe."""

    name: str
    path: Path
    corpus: CorpusAsked = field(default_factory=CorpusAsked)
    grid: GridAsked = field(default_factory=GridAsked)
    training: TrainingAsked = field(default_factory=TrainingAsked)
    transformer: TransformerAsked = field(default_factory=TransformerAsked)
    clone: CloneAsked = field(default_factory=CloneAsked)

    @property
    def file(self) -> Path:
        """Of the corpus. Raises InvalidValue."""
        return find_beside(self.path, self.corpus.file, data_folder())


_KINDS = {
    "corpus": CorpusAsked,
    "grid": GridAsked,
    "training": TrainingAsked,
    "transformer": TransformerAsked,
    "clone": CloneAsked,
}


def read_imbalance(path: Path) -> ImbalanceRecipe:
    """Raises InvalidValue with the key, the value received and the lever."""
    raw = open_recipe(path, tuple(_KINDS))
    name = named(raw, path)
    where, own = f"recipe {path.name}: ", {"transformer": _SMALL}
    recipe = ImbalanceRecipe(name, path, **read_tables(raw, _KINDS, where=where, bounds=_BOUNDS, own=own))
    transformer = recipe.transformer
    if not recipe.corpus.file:
        raise InvalidValue(f"recipe {path.name}: [corpus] names no file", "give corpus.file")
    if not recipe.clone.prefix and not recipe.clone.suffix:
        raise InvalidValue(f"recipe {path.name}: the clone is written like the words", "give a prefix or a suffix")
    if transformer.dim % transformer.heads:
        raise InvalidValue(
            f"recipe {path.name}: {transformer.dim} dimensions are not divided by {transformer.heads} heads",
            "give transformer.dim as a multiple of transformer.heads",
        )
    points = 1
    for what in ("shares", "anchors", "tokens", "seeds"):
        values = getattr(recipe.grid, what)
        if not values or len(set(values)) != len(values):
            raise InvalidValue(f"recipe {path.name}: grid.{what} is {list(values)!r}"[:160], "give distinct values")
        points *= len(values)
    if points > MOST_POINTS:
        raise InvalidValue(f"recipe {path.name}: {points:,} trainings were asked for", f"ask for {MOST_POINTS:,}")
    return recipe
