"""Reports of layers that are kept: the shipped ones, and one's own in the workspace, a file each."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from isogloss.errors import InvalidValue
from isogloss.figure import Figure, Null
from isogloss.places import ASSETS
from isogloss.sentences.kept import FOLDER, Files
from isogloss.sentences.measure import SENTENCE_MEASURES
from isogloss.sentences.parallel import ParallelSet, without_copied
from isogloss.workspace.store import Workspace

SHIPPED = ASSETS / "layers"
_MOST_RECENT = 12
_RECENT: dict[tuple[str, int, int, int], LayersShown] = {}
_MOST_LANGUAGES, _MOST_LAYERS, _MOST_TEXTS = 2_000, 200, 2_000_000


@dataclass(frozen=True)
class Row:
    """A language. scores, low, high: MEXA by layer, (n_layers,). told: the other keys of `isogloss mexa --json`.
    also: other measures by layer, by name.
    """

    language: str
    script: str
    scores: npt.NDArray[np.float64]
    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]
    told: Mapping[str, Any]
    also: Mapping[str, tuple[Figure, ...]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class LayersShown:
    """A report as it is looked at. layers: their numbers. told: all that the command printed. interlingua: the index by
    layer, empty where it was not measured.
    """

    name: str
    model: str
    pivot: str
    n: int
    chance: float
    layers: tuple[int, ...]
    rows: tuple[Row, ...]
    told: Mapping[str, Any]
    interlingua: tuple[Figure, ...] = ()

    @property
    def measures(self) -> tuple[str, ...]:
        """Other measures that every language has."""
        return tuple(name for name in SENTENCE_MEASURES.names if all(name in row.also for row in self.rows))

    def at(self, layer: int) -> npt.NDArray[np.float64]:
        """MEXA of every language in a layer."""
        place = self.layers.index(layer)
        return np.array([row.scores[place] for row in self.rows])

    def line_in(self, line: int, *, but: str = "") -> dict[str, str]:
        """A sentence in the languages whose texts the report holds: the pivot's first, and not those of `but`."""
        texts = self.told.get("texts")
        held = texts if isinstance(texts, Mapping) else {}
        order = sorted(held, key=lambda language: (language != self.pivot, language))
        found = {name: held[name].get(str(line), "") for name in order if name != but}
        return {name: text for name, text in found.items() if text}

    @property
    def asked_model(self) -> str:
        """The folder or name that the model was asked for by; empty where the report does not say."""
        asked = self.told.get("asked")
        return str(asked.get("model", "")) if isinstance(asked, Mapping) else ""

    def sentences(self) -> ParallelSet:
        """The sentences that were measured, by their lines, as the model got them. Raises InvalidValue for a report
        of figures only.
        """
        held = self.told.get("texts")
        try:
            by_line = {
                str(one): {int(n): str(text) for n, text in lines.items()} for one, lines in (held or {}).items()
            }
        except (AttributeError, TypeError, ValueError):
            by_line = {}
        numbers = [n for lines in by_line.values() for n in lines]
        if not numbers or min(numbers) < 0 or max(numbers) * len(by_line) > _MOST_TEXTS:
            raise InvalidValue(
                f"the report {self.name!r} holds figures and no sentences", "give the sentences by files"
            )
        scripts = {row.language: row.script for row in self.rows}
        bare = {one for one in by_line if not self.told.get("copied", True) and scripts.get(one, "Latn") != "Latn"}
        texts = {
            one: [
                without_copied(text) if one in bare and text else text
                for text in (lines.get(n, "") for n in range(max(numbers) + 1))
            ]
            for one, lines in by_line.items()
        }
        return ParallelSet(self.name, texts, note=str(self.told.get("note", "")))

    def failures(self, language: str, layer: int) -> list[dict[str, Any]] | None:
        """The sentences that lose, with their texts; None where the report has figures only."""
        told = self.told.get("failures")
        texts = self.told.get("texts")
        if not isinstance(told, Mapping) or not isinstance(texts, Mapping):
            return None
        found = told.get(language, {}).get(str(layer))
        if found is None:
            return None
        own, pivot = texts.get(language, {}), texts.get(self.pivot, {})
        return [
            {
                "line": line,
                "text": own.get(str(line), ""),
                "pivot": pivot.get(str(line), ""),
                "rank": rank,
                "confused with": own.get(str(other), "") or pivot.get(str(other), ""),
                "cosine": cosine,
                "cosine of that": theirs,
            }
            for line, rank, other, cosine, theirs in found
        ]


class LayerReports(Files):
    """The reports at hand of a workspace, the shipped ones first."""

    def __init__(self, workspace: Workspace, shipped: Path = SHIPPED) -> None:
        offered = [workspace.offered / FOLDER] if workspace.offered else []
        super().__init__((shipped, *offered, workspace.root / FOLDER), read_report)

    def open(self, name: str) -> LayersShown:
        """Read once while its file stays as it is: nobody changes a report. Raises NotFound with the nearest names,
        InvalidValue for a file that is no report.
        """
        file = self.files().get(name)
        try:
            told = file.stat() if file else None
        except OSError:
            told = None
        if told is None or file is None:
            return read_report(name, self.read(name))  # says what is wrong
        mark = (str(file), told.st_ino, told.st_mtime_ns, told.st_size)
        if (found := _RECENT.get(mark)) is None:
            found = _RECENT[mark] = read_report(name, self.read(name))
            for old in list(_RECENT)[:-_MOST_RECENT]:
                _RECENT.pop(old, None)
        return found


def read_report(name: str, told: Any) -> LayersShown:
    """What `isogloss mexa --json` printed, checked. Raises InvalidValue, saying what is wrong."""
    try:
        languages = told["languages"]
        if not 0 < len(languages) <= _MOST_LANGUAGES:
            raise ValueError(f"{len(languages)} languages")
        layers = tuple(int(row["layer"]) for row in languages[0]["layers"])
        if not 0 < len(layers) <= _MOST_LAYERS or len(set(layers)) != len(layers):
            raise ValueError(f"{len(layers)} layers")
        rows = tuple(_row(one, layers) for one in languages)
        model, pivot = str(told["model"])[:200], str(told["pivot"])[:80]
        return LayersShown(
            name, model, pivot, int(told["n"]), float(told["chance"]), layers, rows, told, _index(told, layers)
        )
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError) as error:
        raise InvalidValue(
            f"{name!r} is no report of layers ({str(error)[:80]})", "give what `isogloss mexa --json` prints"
        ) from error


def _row(one: Mapping[str, Any], layers: tuple[int, ...]) -> Row:
    given = {int(row["layer"]): row for row in one["layers"]}
    scores, low, high = (np.array([float(given[layer][key]) for layer in layers]) for key in ("mexa", "low", "high"))
    if not all(((column >= 0) & (column <= 1)).all() for column in (scores, low, high)):
        raise ValueError("a score beyond 0 to 1")
    also = {
        name: tuple(_figure(given[layer][name]) for layer in layers)
        for name in SENTENCE_MEASURES.names
        if all(name in given[layer] for layer in layers)
    }
    told = {key: value for key, value in one.items() if key != "layers"}
    for key in ("fertility", "unknown_share", "parity"):
        value = float(one.get(key, math.nan))
        told[key] = value if math.isfinite(value) else None
    return Row(str(one["language"])[:80], str(one["script"])[:20], scores, low, high, told, also)


def _index(told: Mapping[str, Any], layers: tuple[int, ...]) -> tuple[Figure, ...]:
    if "interlingua" not in told:
        return ()
    given = {int(row["layer"]): row for row in told["interlingua"]}
    return tuple(_figure(given[layer]) for layer in layers)


def _figure(one: Mapping[str, Any]) -> Figure:
    """What `figure_json` wrote; what is not known is NaN. Raises ValueError for what is no number."""
    told = {key: None if one[key] is None else float(one[key]) for key in ("value", "low", "high", "null_p95")}
    if not all(number is None or math.isfinite(number) for number in told.values()):
        raise ValueError("a figure that is no number")
    value, null = told["value"], told["null_p95"]
    return Figure(
        value=math.nan if value is None else value,
        n=int(one["n"]),
        low=told["low"],
        high=told["high"],
        null=None if null is None else Null(p95=null),
    )
