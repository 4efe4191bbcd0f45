"""Is a model aligned across languages, layer by layer: MEXA of a set of sentences, by language and layer."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from isogloss.encoders.layers import LayeredModel, Pooling, Tokens, encode_layers
from isogloss.errors import InvalidValue
from isogloss.figure import Figure
from isogloss.progress import Progress, part_of, silent
from isogloss.sentences.interlingua import MOST, interlingua
from isogloss.sentences.measure import SENTENCE_MEASURES
from isogloss.sentences.mexa import Mexa, chance, mexa
from isogloss.sentences.parallel import ParallelSet, without_copied
from isogloss.types import Vectors
from isogloss.workspace.derived import DerivedStore
from isogloss.workspace.folders import scratch_folder

_Stored = npt.NDArray[np.float16]
LIMIT = 100  # sentences, as the authors take


@dataclass(frozen=True, eq=False)
class LanguageLayers:
    """One language beside the pivot. lines: numbers of the sentences both hold. layers: layer → what was found.
    parity: tokens of its lines ÷ tokens of the pivot's. tokens: what the tokenizer made of its lines. also: layer →
    other measures by name.
    """

    language: str
    script: str
    lines: tuple[int, ...]
    layers: Mapping[int, Mexa]
    tokens: Tokens
    parity: float
    also: Mapping[int, Mapping[str, Figure]] = field(default_factory=dict)

    @property
    def scores(self) -> npt.NDArray[np.float64]:
        """MEXA by layer."""
        return np.array([float(found.wins.mean()) for found in self.layers.values()])


@dataclass(frozen=True, eq=False)
class LayeredReport:
    """model, pivot, pooling: what was asked. languages: in the order that they were asked. left_out: language → why.
    interlingua: layer → its index over the pivot and all languages, where it was asked for.
    """

    model: str
    pivot: str
    pooling: Pooling
    n: int
    languages: tuple[LanguageLayers, ...]
    left_out: Mapping[str, str] = field(default_factory=dict)
    copied: bool = True
    note: str = ""
    interlingua: Mapping[int, Figure] = field(default_factory=dict)

    def as_json(self, *, seed: int = 0) -> dict[str, Any]:
        """With the keys of `isogloss mexa --json`."""
        told = {"model": self.model, "pivot": self.pivot, "n": self.n, "chance": round(chance(self.n), 6)}
        return told | {
            "pool": self.pooling.pool,
            "prefix": self.pooling.prefix,
            "copied": self.copied,
            "languages": [_language(one, seed) for one in self.languages],
            "left_out": dict(self.left_out),
            **({"note": self.note} if self.note else {}),
            **({"interlingua": self._interlingua()} if self.interlingua else {}),
        }

    def _interlingua(self) -> list[dict[str, Any]]:
        return [{"layer": layer, **figure_json(one)} for layer, one in self.interlingua.items()]


def figure_json(one: Figure) -> dict[str, Any]:
    """A measure beside MEXA as it is printed; what is not known is null."""
    low, high = one.interval or (None, None)
    null = None if one.null is None else one.null.p95
    told = {"value": one.value, "n": one.n, "low": low, "high": high, "null_p95": null}
    return {
        key: value
        if isinstance(value, int)
        else round(value, 6)
        if value is not None and math.isfinite(value)
        else None
        for key, value in told.items()
    }


def _language(one: LanguageLayers, seed: int) -> dict[str, Any]:
    rows = []
    for layer, found in one.layers.items():
        figure = found.figure(seed=seed)
        low, high = figure.interval or (figure.value, figure.value)
        rows.append(
            {
                "layer": layer,
                "mexa": round(figure.value, 6),
                "low": round(low, 6),
                "high": round(high, 6),
                "precision_forward": round(found.precision().value, 6),
                "precision_backward": round(found.precision(back=True).value, 6),
                "ties": found.ties,
                **{name: figure_json(measured) for name, measured in one.also.get(layer, {}).items()},
            }
        )
    return {
        "language": one.language,
        "script": one.script,
        "n": len(one.lines),
        "fertility": round(one.tokens.fertility, 4),
        "unknown_share": round(one.tokens.unknown_share, 4),
        "parity": round(one.parity, 4),
        "layers": rows,
        "mean": round(float(one.scores.mean()), 6),
        "max": round(float(one.scores.max()), 6),
    }


@dataclass(frozen=True)
class Scope:
    """What is compared. pivot: the language that the others are held against. languages, layers: which (default: all).
    limit: the first lines that both hold. copied: whether Latin letters and digits stay in lines of other scripts:
    names and numbers that are copied there are found by themselves and fake an alignment. also: measures beside MEXA.
    interlingua: whether its index is measured.
    """

    pivot: str = "eng"
    languages: tuple[str, ...] = ()
    layers: tuple[int, ...] = ()
    limit: int = LIMIT
    copied: bool = True
    also: tuple[str, ...] = ()
    interlingua: bool = False

    def __post_init__(self) -> None:
        for name in self.also:
            _ = SENTENCE_MEASURES[name]  # raises NotFound with the names there are
        if self.limit < 2:
            raise InvalidValue(f"{self.limit} sentences were asked for", "give 2 or more")


def measure_layers(
    sentences: ParallelSet,
    model: LayeredModel,
    scope: Scope,
    *,
    pooling: Pooling | None = None,
    store: DerivedStore | None = None,
    progress: Progress = silent,
) -> LayeredReport:
    """MEXA of every language against the pivot in every layer.

    Layer 0 are the embeddings. Every layer comes from one pass over the texts, which are kept in the store by content,
    model and pooling. By default all languages but the pivot and its varieties (eng-GB of eng). A language with less
    than two lines in common is left out, and said. Raises NotFound, InvalidValue.
    """
    chosen = list(dict.fromkeys(scope.layers)) or list(range(model.n_layers))
    if wrong := [layer for layer in chosen if not 0 <= layer < model.n_layers]:
        raise InvalidValue(f"the model has no layer {wrong[0]}", f"choose 0 to {model.n_layers - 1}")
    pivot = sentences.find(scope.pivot)
    named = [sentences.find(one) for one in scope.languages]
    asked = named or [one for one in sentences.languages if base(one) != base(pivot)]
    pooling, store = pooling or Pooling(), store or DerivedStore()
    if scope.interlingua and not store.folders:
        with scratch_folder() as folder:  # every layer is read a second time
            store = DerivedStore(folder)
            return measure_layers(sentences, model, scope, pooling=pooling, store=store, progress=progress)
    found, left_out, pooled = [], {}, []
    of_pivot: dict[tuple[str, ...], npt.NDArray[np.float16]] = {}
    for number, language in enumerate(asked):
        lines, first, second = sentences.pairs(pivot, language, limit=scope.limit)
        if len(lines) < 2:
            left_out[language] = f"{len(lines)} lines in common with {pivot}"
            continue
        script = sentences.script(language)
        if not scope.copied and script != "Latn":
            second = [without_copied(line) for line in second]
        report = part_of(progress, number / len(asked), (number + 1) / len(asked), prefix=f"{language}: ")
        key = tuple(first)
        if key not in of_pivot:
            of_pivot[key] = encode_layers(model, first, pooling, store, progress=report)
        theirs = encode_layers(model, second, pooling, store, progress=report)
        each = {layer: mexa(_full(of_pivot[key][layer]), _full(theirs[layer])) for layer in chosen}
        tokens = model.tokens(second)
        parity = float(tokens.tokens.sum() / max(int(model.tokens(first).tokens.sum()), 1))
        also = _also(scope, of_pivot[key], theirs, chosen)
        found.append(LanguageLayers(language, script, tuple(lines), each, tokens, parity, also))
        if scope.interlingua:
            pooled.append((lines, first, second))
    if not found:
        raise InvalidValue(f"no language has two lines in common with {pivot}", "give sentences that are aligned")
    n = max(len(one.lines) for one in found)
    index = _index(pooled, chosen, lambda texts: encode_layers(model, texts, pooling, store)) if pooled else {}
    return LayeredReport(model.name, pivot, pooling, n, tuple(found), left_out, scope.copied, sentences.note, index)


def _also(scope: Scope, first: _Stored, second: _Stored, layers: Sequence[int]) -> dict[int, dict[str, Figure]]:
    """Layer → measures that were asked for."""
    if not scope.also:
        return {}
    return {
        layer: {name: SENTENCE_MEASURES[name].of(_full(first[layer]), _full(second[layer])) for name in scope.also}
        for layer in layers
    }


def _index(
    pooled: Sequence[tuple[list[int], list[str], list[str]]],
    layers: Sequence[int],
    encoded: Callable[[list[str]], _Stored],
) -> dict[int, Figure]:
    """Layer → interlingua index over the lines that the pivot and all languages hold. Raises InvalidValue.

    pooled: of each language the numbers of lines, the pivot's and its own. encoded: their layers, (n_layers, n_lines,
    dim), read once more language by language, of which only the lines that are compared stay in memory.
    """
    common = sorted(set(pooled[0][0]).intersection(*(lines for lines, _, _ in pooled)))
    if len(common) < 2:
        raise InvalidValue(f"the languages have {len(common)} lines in common", "name fewer languages")
    compared = common[: max(2, MOST // (len(pooled) + 1))]
    sides = []
    for number, (lines, first, second) in enumerate(pooled):
        at = np.ix_(np.array(layers), np.searchsorted(np.array(lines), compared))
        sides += [encoded(texts)[at] for texts in ([second] if number else [first, second])]
    return {layer: interlingua(_full(np.stack([side[at] for side in sides]))) for at, layer in enumerate(layers)}


def base(language: str) -> str:
    """A language without script, region or variety.

    >>> base("srp-Latn"), base("eng_Latn")
    ('srp', 'eng')
    """
    return language.replace("_", "-").partition("-")[0]


def _full(stored: npt.NDArray[Any]) -> Vectors:
    return np.asarray(stored, dtype=np.float32)
