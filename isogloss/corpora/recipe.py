"""A recipe: the TOML file that describes the build of a collection from a corpus."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeGuard, TypeVar

from isogloss.corpora.forms import TokenRules
from isogloss.corpora.lines import LINES
from isogloss.corpora.scan import SPLITS
from isogloss.errors import InvalidValue
from isogloss.tables.dates import bound
from isogloss.text.nested import read_toml, settings_text
from isogloss.workspace.access import data_folder

T = TypeVar("T")


@dataclass(frozen=True)
class Slice:
    """One space to be: rows whose slicing column lies in [low, high], or equals one of `values`."""

    name: str
    low: float | None = None
    high: float | None = None
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class TrainingParameters:
    """CADE's parameters; the defaults are those of its authors (Bianchi et al. 2020), with a per-slice min_count.

    ship_count: items kept in a stored space occur at least this often in its slice.
    method: `cade`, or `procrustes`, the baseline: each slice trained alone and turned onto the one before it.
    """

    dim: int = 100
    window: int = 5
    negative: int = 10
    alpha: float = 0.025
    compass_epochs: int = 5
    slice_epochs: int = 5
    min_count: int = 20
    ship_count: int = 50
    sample: float = 1e-3
    seed: int = 1
    method: str = "cade"


METHODS = ("cade", "procrustes")
MOST = {  # of what a training may be asked
    "dim": 10_000,
    "window": 1_000,
    "negative": 1_000,
    "alpha": 1_000,
    "compass_epochs": 10_000,
    "slice_epochs": 10_000,
    "seed": 2**32 - 1,
}
MOST_HALVES = 1_000
_LONGEST = 120


@dataclass(frozen=True)
class Replicates:
    """Trainings on random halves of every slice: the noise that drift is held against.

    author, document: how many times every slice is split into halves, by author or by document. usual: as many
    by document as `usual_replicates` gives, once the documents are counted; of a recipe that says nothing of them.
    panel: a column of the corpus; drift is then also measured among those of its values that stand in
    every slice, with panel_author and panel_document splits of its own.
    """

    author: int = 0
    document: int = 0
    panel: str = ""
    panel_author: int = 0
    panel_document: int = 0
    usual: bool = False

    def __bool__(self) -> bool:
        return self.author + self.document > 0


HALVES = 12  # one changed word alone reaches q < .05 from 10 on: its p is at least 1 / (2 · halves · words)
LEAST_DOCUMENTS = 40  # of each slice: a half has 20


def usual_replicates(documents: Sequence[int]) -> Replicates:
    """Halves by document where nobody says, from the documents of each slice; none where a slice has too few.

    >>> usual_replicates([233, 80]).document, usual_replicates([233, 8]).document, usual_replicates([233]).document
    (12, 0, 0)
    """
    enough = len(documents) > 1 and min(documents) >= LEAST_DOCUMENTS
    return Replicates(document=HALVES if enough else 0)


@dataclass(frozen=True)
class Recipe:
    """Everything that decides a build; the same recipe and seed give the same vectors.

    where: a column and the range or values of it that rows must have to be read at all. part: the split of a folder of
    `datasets`, or the file of a .zip, where the corpus holds several.
    lines: what a line of text is, one of LINES; empty: as the text looks.
    """

    name: str
    title: str
    corpus: Path
    text: str
    slice_by: str
    slices: tuple[Slice, ...]
    author: str | None = None
    where: tuple[str, Slice] | None = None
    lines: str = ""
    ordered: bool = True
    tokens: TokenRules = field(default_factory=TokenRules)
    training: TrainingParameters = field(default_factory=TrainingParameters)
    replicates: Replicates = field(default_factory=Replicates)
    metadata: Mapping[str, Any] = field(default_factory=dict)
    part: str | None = None


def read_recipe(path: str | Path) -> Recipe:
    """Read and check a recipe. Raises InvalidValue with the key, the value received and the lever.

    A relative corpus file is looked for beside the recipe, then under ISOGLOSS_DATA.
    """
    path = Path(path)
    try:
        raw = read_toml(settings_text(path))
    except FileNotFoundError:
        raise InvalidValue(f"there is no recipe {str(path)!r}", "name a TOML file") from None
    except (OSError, ValueError) as error:
        raise InvalidValue(f"recipe {path.name} cannot be read ({error})", "write it as TOML in UTF-8") from None
    reader = _Reader(path.name, raw)
    collection, corpus = reader.table("collection"), reader.table("corpus")
    tokens, training = reader.table("tokens", {}), reader.table("training", {})
    reader.only("", raw, ("collection", "corpus", "slices", "tokens", "training", "replicates"))
    reader.only("corpus", corpus, ("file", "part", "text", "slice_by", "author", "where", "lines"))
    entries = raw.get("slices")
    if not isinstance(entries, list) or not entries:
        raise InvalidValue(f"recipe {path.name} has slices = {entries!r}", "add at least one [[slices]] table")
    slices = tuple(_slice(path.name, entry) for entry in entries)
    if len({one.name for one in slices}) < len(slices):
        raise InvalidValue(
            f"recipe {path.name} has slices named {[one.name for one in slices]}", "give each its own name"
        )
    how, replicates = _fields(path.name, "training", TrainingParameters, training), _replicates(path.name, reader)
    if how.method not in METHODS:
        raise InvalidValue(f"recipe {path.name}: training.method is {how.method!r}", f"choose {' or '.join(METHODS)}")
    if replicates and how.method != "cade":
        raise InvalidValue(
            f"recipe {path.name} asks for replicates of slices that are trained alone",
            "they need one compass: training.method = 'cade'",
        )
    rules = _fields(path.name, "tokens", TokenRules, tokens)
    asked: list[tuple[str, Any, tuple[str, ...]]] = [("tokens.split", rules.split, SPLITS)]
    asked += [("corpus.lines", corpus["lines"], LINES)] if "lines" in corpus else []
    for key, value, known in asked:
        if value not in known:
            raise InvalidValue(f"recipe {path.name}: {key} is {value!r}", f"choose {' or '.join(known)}")
    return Recipe(
        name=reader.text(collection, "collection", "name"),
        title=str(collection.get("title", collection["name"])),
        corpus=_find(path, reader.text(corpus, "corpus", "file")),
        text=reader.text(corpus, "corpus", "text"),
        slice_by=reader.text(corpus, "corpus", "slice_by"),
        author=reader.text(corpus, "corpus", "author") if "author" in corpus else None,
        where=_where(path.name, reader, corpus),
        lines=corpus.get("lines", ""),
        ordered=bool(collection.get("ordered", True)),
        slices=slices,
        tokens=rules,
        training=how,
        replicates=replicates,
        part=reader.text(corpus, "corpus", "part") if "part" in corpus else None,
        metadata={k: _plain(v) for k, v in collection.items() if k not in ("name", "title", "ordered")},
    )


def _where(recipe: str, reader: _Reader, corpus: Mapping[str, Any]) -> tuple[str, Slice] | None:
    if "where" not in corpus:
        return None
    table = corpus["where"]
    if not isinstance(table, dict):
        raise InvalidValue(f"recipe {recipe}: corpus.where is {table!r}", "make it a table [corpus.where]")
    reader.only("corpus.where", table, ("column", "from", "to", "values"))
    return reader.text(table, "corpus.where", "column"), _slice(recipe, table | {"name": "corpus.where"})


def _replicates(recipe: str, reader: _Reader) -> Replicates:
    if "replicates" not in reader.raw:
        method = reader.table("training", {}).get("method", TrainingParameters.method)
        return Replicates(usual=method == TrainingParameters.method)
    found = _fields(recipe, "replicates", Replicates, reader.table("replicates"))
    if (found.author or found.panel_author) and "author" not in reader.table("corpus"):
        raise InvalidValue(
            f"recipe {recipe} splits by author and names no author column", "add corpus.author or split by document"
        )
    if found.panel and not found.panel_author + found.panel_document:
        raise InvalidValue(
            f"recipe {recipe}: replicates.panel is {found.panel!r} without splits of its own",
            "add panel_author or panel_document",
        )
    return found


class _Reader:
    def __init__(self, recipe: str, raw: Mapping[str, Any]) -> None:
        self.recipe, self.raw = recipe, raw

    def table(self, key: str, default: dict[str, Any] | None = None) -> dict[str, Any]:
        value = self.raw.get(key, default)
        if not isinstance(value, dict):
            raise InvalidValue(f"recipe {self.recipe} has no table [{key}]", f"add a [{key}] table")
        return value

    def only(self, name: str, table: Mapping[str, Any], known: tuple[str, ...]) -> None:
        for key in table:
            if key not in known:
                where = f"[{name}] has the key" if name else "there is the table"
                raise InvalidValue(f"recipe {self.recipe}: {where} {key!r}", f"known are {', '.join(known)}")

    def text(self, table: Mapping[str, Any], name: str, key: str) -> str:
        value = table.get(key)
        if not isinstance(value, str) or not value:
            raise InvalidValue(f"recipe {self.recipe}: {name}.{key} is {value!r}", "give a text that is not empty")
        return value


def _is_number(value: Any) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _shown(value: Any) -> str:
    """A value as people wrote it, shortened; a number of thousands of digits has no text."""
    try:
        found = repr(value)
    except ValueError:
        return "a number of thousands of digits"
    return found if len(found) <= _LONGEST else found[:_LONGEST] + " …"


def _plain(value: Any) -> Any:
    """TOML's dates and times as text; the rest as JSON can hold it."""
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_plain(entry) for entry in value]
    return value if isinstance(value, str | int | float | bool) else str(value)


def _fields(recipe: str, table: str, kind: type[T], raw: Mapping[str, Any]) -> T:
    """A dataclass from a table, each value checked against the type of its default."""
    defaults = kind()
    values: dict[str, Any] = {}
    for key, value in raw.items():
        default = getattr(defaults, key, None)
        if key not in getattr(kind, "__dataclass_fields__", {}):
            known = ", ".join(kind.__dataclass_fields__)  # type: ignore[attr-defined]
            raise InvalidValue(f"recipe {recipe}: [{table}] has the key {key!r}", f"known are {known}")
        if isinstance(default, frozenset) and isinstance(value, list):
            value = frozenset(map(str, value))
        elif isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if not isinstance(value, type(default)) or isinstance(value, bool) != isinstance(default, bool):
            raise InvalidValue(
                f"recipe {recipe}: {table}.{key} is {_shown(value)}", f"give a {type(default).__name__}, as {default!r}"
            )
        if _is_number(value) and not (0 if key == "seed" or kind is Replicates else 1e-9) <= value < math.inf:
            raise InvalidValue(f"recipe {recipe}: {table}.{key} is {_shown(value)}", "give a positive number")
        most = MOST_HALVES if kind is Replicates else MOST.get(key, 2**31 - 1)
        if _is_number(value) and value > most:
            raise InvalidValue(f"recipe {recipe}: {table}.{key} is {_shown(value)}", f"give at most {most:,}")
        if isinstance(value, dict):
            for form, canonical in value.items():
                if not isinstance(canonical, str) or len(form.split(" ")) > 2:
                    raise InvalidValue(
                        f"recipe {recipe}: {table}.{key} maps {form!r} to {canonical!r}",
                        "map one or two words to a text",
                    )
        values[key] = value
    return kind(**values)


def _slice(recipe: str, entry: Any) -> Slice:
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
        raise InvalidValue(f"recipe {recipe}: a slice is {entry!r}", 'give it a name, as name = "1946-1969"')
    if "values" in entry:
        if not isinstance(entry["values"], list) or not entry["values"]:
            raise InvalidValue(
                f"recipe {recipe}: slice {entry['name']!r} has values = {entry['values']!r}",
                'give a list, as ["FRA", "GBR"]',
            )
        return Slice(entry["name"], values=tuple(map(str, entry["values"])))
    low, high = bound(entry.get("from"), end=False), bound(entry.get("to"), end=True)
    if not _is_number(low) or not _is_number(high) or not low <= high:
        raise InvalidValue(
            f"recipe {recipe}: slice {entry['name']!r} goes from {entry.get('from')!r} to {entry.get('to')!r}",
            "give numbers or dates (1946, 1990-03) `from` and `to`, both included, or `values`",
        )
    return Slice(entry["name"], low=low, high=high)


def _find(recipe: Path, name: str) -> Path:
    places = [recipe.parent / name]
    if data := data_folder():
        places.append(data / name)
    for place in places:
        if place.exists():
            return place
    tried = ", ".join(str(p) for p in places)
    raise InvalidValue(
        f"recipe {recipe.name}: the corpus {name!r} is not there (looked at {tried})",
        "correct corpus.file or set ISOGLOSS_DATA to its folder",
    )
