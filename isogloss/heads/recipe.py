"""What a head, or a model, is taught from: a TOML recipe, read and checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from isogloss.errors import InvalidValue
from isogloss.heads.head import KINDS
from isogloss.text.settings import find_beside, named, open_recipe, read_tables
from isogloss.workspace.access import data_folder

LOSSES = {
    "nt-xent": "NT-Xent of cosines, τ = 0.07 (BabelBERT)",
    "ranking": "in-batch ranking of 20·cosine (IndicSBERT)",
    "transliteration": "half of NT-Xent of raw dot products, τ = 1 (TransliCo)",
    "ridge": "least squares into the pivot's space, in closed form (mBLIP's projection)",
}
TRAINS = {
    "last": "the last layers of the model",
    "all": "every layer of the model, its table of words excepted",
}
METHODS = {
    "layers": "the layers themselves",
    "lora": "low-rank adapters on every linear map of these, merged at the end (LoRA)",
}


SIDES = ("texts", "others")  # whose heads [unpaired] teaches


@dataclass(frozen=True)
class VectorsAsked:
    """One of: file (a table with item, language and vector columns; .npz with items, languages and vectors; .npy, and
    the table `items` beside it); collection, and its spaces; encoder with a table of words. prefix: before each word.
    """

    file: str = ""
    items: str = ""
    collection: str = ""
    spaces: tuple[str, ...] = ()
    encoder: str = ""
    words: str = ""
    prefix: str = ""


@dataclass(frozen=True)
class PairsAsked:
    """file: a table with a column a language, or with source and target (their columns, or the names given here).

    source_language, target_language: a column, else the language itself. column: of the vectors' own table instead:
    items with the same value there belong together.
    """

    file: str = ""
    column: str = ""
    source: str = "source"
    target: str = "target"
    source_language: str = "source_language"
    target_language: str = "target_language"


@dataclass(frozen=True)
class HeadAsked:
    """kind: of KINDS. width: of the hidden layer, or the rank; 0 is twice the dim, or 32."""

    kind: str = "linear"
    width: int = 0


@dataclass(frozen=True)
class ModelAsked:
    """folder: of a sentence-transformers model, which itself is taught instead of a head. train: of TRAINS. layers: how
    many are the last. method: of METHODS; rank: of the adapters. rate, epochs: of this training; batch, patience, loss
    and the rest are those of [training].
    """

    folder: str = ""
    train: str = "last"
    layers: int = 2
    method: str = "layers"
    rank: int = 8
    rate: float = 5e-5
    epochs: int = 1


@dataclass(frozen=True)
class UnpairedAsked:
    """Two heads over banks that are not paired (uCLIP). texts, others: files of vectors by two encoders, as those of
    [vectors]; text_items, other_items: their names where they are .npy. pivot: the language whose items, in both files,
    are the bridge; what else a file holds is a bank, of languages in the one, of one name (such as image) in the other.

    out: dimensions of the space they share. rate, epochs: of this training; [pairs] are tested, and never trained on.
    The heads are those of SIDES. Of [measures] there are retrieval, whose lines have the others' name as a column and
    are in no bank, and separation, which is that of the two banks.
    """

    texts: str = ""
    others: str = ""
    text_items: str = ""
    other_items: str = ""
    pivot: str = "en"
    out: int = 512
    rate: float = 1e-3
    epochs: int = 10


@dataclass(frozen=True)
class MeasuresAsked:
    """What the lesson is judged by besides its own pairs. similarity, sts: tables of two texts and a score, with a
    language where they have one. retrieval: a column a language, line by line. separation: of the tested items.
    """

    similarity: str = ""
    sts: str = ""
    retrieval: str = ""
    separation: bool = False


@dataclass(frozen=True)
class Training:
    """loss: of LOSSES. strength: λ of ridge as a share of the mean squared length of a direction, 0 chosen on the
    development set. test, development: shares of the pivot's items. held_out_languages: of which no pair is trained on.
    constraints: shares of the training pairs that are tried besides all. balance: language pairs are drawn ∝ p^balance.
    """

    loss: str = "nt-xent"
    epochs: int = 20
    patience: int = 4
    batch: int = 256
    rate: float = 1e-4
    strength: float = 0.0
    balance: float = 0.5
    seed: int = 0
    test: float = 0.25
    development: float = 0.1
    pivot: str = ""
    held_out_languages: tuple[str, ...] = ()
    constraints: tuple[float, ...] = (0.1, 0.3)


_BOUNDS: dict[str, tuple[float, float]] = {
    "width": (0, 65_536),
    "layers": (1, 1_000),
    "out": (2, 65_536),
    "rank": (1, 4_096),
    "epochs": (1, 10_000),
    "patience": (1, 10_000),
    "batch": (2, 65_536),
    "rate": (1e-9, 10.0),
    "strength": (0.0, 1e9),
    "balance": (0.0, 1.0),
    "seed": (0, 2**32 - 1),
    "test": (0.01, 0.9),
    "development": (0.01, 0.9),
    "constraints": (1e-6, 0.999),
}


@dataclass(frozen=True)
class TeachRecipe:
    """name: the head's. path: of the recipe, beside which its files lie."""

    name: str
    path: Path
    vectors: VectorsAsked = field(default_factory=VectorsAsked)
    pairs: PairsAsked = field(default_factory=PairsAsked)
    head: HeadAsked = field(default_factory=HeadAsked)
    model: ModelAsked = field(default_factory=ModelAsked)
    unpaired: UnpairedAsked = field(default_factory=UnpairedAsked)
    measures: MeasuresAsked = field(default_factory=MeasuresAsked)
    training: Training = field(default_factory=Training)

    @property
    def folder(self) -> Path:
        """Of the model that is taught. Raises InvalidValue."""
        return self.file(self.model.folder)

    def file(self, name: str) -> Path:
        """A file that it names. Raises InvalidValue."""
        return find_beside(self.path, name, data_folder())


_KINDS = {
    "vectors": VectorsAsked,
    "pairs": PairsAsked,
    "head": HeadAsked,
    "model": ModelAsked,
    "unpaired": UnpairedAsked,
    "measures": MeasuresAsked,
    "training": Training,
}


def read_teach(path: Path) -> TeachRecipe:
    """Raises InvalidValue with the key, the value received and the lever."""
    raw = open_recipe(path, tuple(_KINDS))
    name = named(raw, path)
    recipe = TeachRecipe(name, path, **read_tables(raw, _KINDS, where=f"recipe {path.name}: ", bounds=_BOUNDS))
    _check(recipe)
    return recipe


def _check(recipe: TeachRecipe) -> None:
    where, asked, training, model = f"recipe {recipe.path.name}", recipe.vectors, recipe.training, recipe.model
    if recipe.unpaired != UnpairedAsked():
        _check_unpaired(recipe, where)
        return
    ways = [bool(asked.file), bool(asked.collection), bool(asked.words)]
    if sum(ways) != 1:
        raise InvalidValue(
            f"{where}: [vectors] names {'nothing' if not any(ways) else 'several things'}",
            "give one of file, collection, or encoder and words",
        )
    if bool(recipe.pairs.file) == bool(recipe.pairs.column):
        raise InvalidValue(
            f"{where}: [pairs] names {'both' if recipe.pairs.file else 'nothing'}", "give file or column"
        )
    if recipe.head.kind not in KINDS:
        raise InvalidValue(f"{where}: head.kind is {recipe.head.kind[:40]!r}", f"choose from {', '.join(KINDS)}")
    if training.loss not in LOSSES:
        raise InvalidValue(f"{where}: training.loss is {training.loss[:40]!r}", f"choose from {', '.join(LOSSES)}")
    if training.loss == "ridge" and recipe.head.kind != "linear":
        raise InvalidValue(f"{where}: ridge gives a linear head, not {recipe.head.kind}", "leave head.kind out")
    if model.folder:
        _check_model(recipe, where)
    if training.test + training.development >= 0.95:
        raise InvalidValue(
            f"{where}: {training.test:g} are tested and {training.development:g} developed on", "leave some to train on"
        )


def _check_unpaired(recipe: TeachRecipe, where: str) -> None:
    asked = recipe.unpaired
    if not asked.texts or not asked.others:
        raise InvalidValue(
            f"{where}: [unpaired] names {'one file' if asked.texts or asked.others else 'nothing'}",
            "give texts and others",
        )
    for name, table, empty in (
        ("vectors", recipe.vectors, VectorsAsked()),
        ("head", recipe.head, HeadAsked()),
        ("model", recipe.model, ModelAsked()),
    ):
        if table != empty:
            raise InvalidValue(f"{where}: it names [unpaired] and [{name}]", f"leave out [{name}]")
    for name, judged in (("similarity", recipe.measures.similarity), ("sts", recipe.measures.sts)):
        if judged:
            raise InvalidValue(
                f"{where}: measures.{name} scores two texts, and two heads are taught to bring texts to others",
                f"leave out {name}: retrieval and separation of the two banks can be measured",
            )
    if not recipe.pairs.file:
        raise InvalidValue(f"{where}: [pairs] names no file", "give pairs of texts and others, to be tested by")


def _check_model(recipe: TeachRecipe, where: str) -> None:
    asked = recipe.model
    if asked.train not in TRAINS:
        raise InvalidValue(f"{where}: model.train is {asked.train[:40]!r}", f"choose from {', '.join(TRAINS)}")
    if asked.method not in METHODS:
        raise InvalidValue(f"{where}: model.method is {asked.method[:40]!r}", f"choose from {', '.join(METHODS)}")
    if not recipe.vectors.words or recipe.vectors.encoder:
        named = "an encoder" if recipe.vectors.encoder else "no words"
        raise InvalidValue(
            f"{where}: the model is taught, and [vectors] names {named}",
            "give vectors.words alone: the model encodes them",
        )
    if recipe.head != HeadAsked():
        raise InvalidValue(f"{where}: it names a head and a model", "leave out [head] or [model]")
    if recipe.training.loss == "ridge":
        raise InvalidValue(f"{where}: ridge teaches no model", "choose nt-xent, ranking or transliteration")
