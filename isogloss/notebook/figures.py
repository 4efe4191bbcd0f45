"""A figure as a case keeps it: its value, what stood beside it, and where in a command's JSON it is found again; and
what became of the figures of a case when one thing was varied.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, TypeAlias

from isogloss.errors import InvalidValue, NotFound
from isogloss.figure import Figure, Null

Value: TypeAlias = float | int | str | bool | None
BESIDE = ("low", "high", "n", "null_p95")
LONGEST_NAME, LONGEST_VALUE, LONGEST_POINTER = 200, 400, 1_000
MOST_VARIATIONS = 100
_MOST_WHOLE = 2**63
_DIGITS = 6


@dataclass(frozen=True, kw_only=True)
class KeptFigure:
    """value: a number, a verdict in a word, or None where there was none. low, high: the 95 % interval. null_p95: what
    95 % of chance lies below. pointer: where the value stands in the JSON of the command (RFC 6901); beside: the same
    for what stands beside it, by name.

    Raises InvalidValue for what is too long, and for numbers that JSON has no word for.

    >>> KeptFigure(name="distance", value=0.25, low=0.2, high=0.3, n=40, pointer="/words/0/distance").figure
    0.25 (0.20 to 0.30), n = 40
    """

    name: str
    value: Value
    pointer: str = ""
    low: float | None = None
    high: float | None = None
    n: int | None = None
    null_p95: float | None = None
    beside: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for told, longest in ((self.name, LONGEST_NAME), (self.pointer, LONGEST_POINTER)):
            if not isinstance(told, str) or len(told) > longest:
                raise InvalidValue(
                    f"a figure's name or pointer is {str(told)[:40]!r}", f"give at most {longest} letters"
                )
        if isinstance(self.value, str) and len(self.value) > LONGEST_VALUE:
            raise InvalidValue(f"a figure's value has {len(self.value):,} letters", f"give at most {LONGEST_VALUE}")
        for one in (self.value, self.low, self.high, self.n, self.null_p95):
            if not _sound(one):
                raise InvalidValue(
                    f"the figure {self.name[:40]!r} is {str(one)[:40]!r}", "give a number, a word or null"
                )
        if any(isinstance(one, str | bool) for one in (self.low, self.high, self.n, self.null_p95)):
            raise InvalidValue(f"what stands beside {self.name[:40]!r} is no number", "give numbers or null")
        for key, pointer in self.beside.items():
            if key not in BESIDE or not isinstance(pointer, str) or len(pointer) > LONGEST_POINTER:
                raise InvalidValue(f"{str(key)[:40]!r} stands beside a figure", f"choose from {', '.join(BESIDE)}")

    @property
    def figure(self) -> Figure:
        """As the engine's figure; a verdict in words has no value."""
        number = float(self.value) if isinstance(self.value, int | float) else math.nan
        null = None if self.null_p95 is None else Null(p95=self.null_p95)
        return Figure(value=number, n=self.n or 0, low=self.low, high=self.high, null=null)

    def as_json(self) -> dict[str, Any]:
        """Without what there is none of."""
        told = {one.name: getattr(self, one.name) for one in fields(self)} | {"beside": dict(self.beside)}
        return {
            key: value for key, value in told.items() if key in ("name", "value", "pointer") or value not in (None, {})
        }

    def again(self, output: Any) -> KeptFigure:
        """The same figure in another output of the command. Raises NotFound where it is not there."""
        more = {key: found_at(output, pointer) for key, pointer in self.beside.items()}
        return KeptFigure(
            name=self.name,
            value=scalar(found_at(output, self.pointer)),
            pointer=self.pointer,
            beside=self.beside,
            **more,
        )

    def differs(self, other: KeptFigure) -> bool:
        """Whether any number of the two is not the same to the sixth decimal, the last that commands print."""
        return any(not same(getattr(self, key), getattr(other, key)) for key in ("value", *self.beside))


@dataclass(frozen=True)
class Variation:
    """what: is varied, in words. stands: whether the finding does; None where it cannot be computed so. why: it cannot.
    figures: those of the variation.
    """

    what: str
    command: tuple[str, ...]
    stands: bool | None
    figures: tuple[KeptFigure, ...] = ()
    why: str = ""


@dataclass(frozen=True)
class Survival:
    """The variations of a case, and how its finding was held against them (`rule`)."""

    id: str
    title: str
    rule: str
    variations: tuple[Variation, ...]

    @property
    def computed(self) -> int:
        """Variations that could be computed."""
        return sum(one.stands is not None for one in self.variations)

    @property
    def stood(self) -> int:
        return sum(one.stands is True for one in self.variations)

    def sentence(self) -> str:
        """
        >>> Survival("", "peace", "", (Variation("k 5", (), True), Variation("k 15", (), False))).sentence()
        'peace: 1 of 2'
        """
        left = len(self.variations) - self.computed
        return f"{self.title}: {self.stood} of {self.computed}" + (f"; {left} cannot be computed" if left else "")

    def as_json(self) -> dict[str, Any]:
        rows = [
            {
                "what": one.what,
                "command": list(one.command),
                "stands": one.stands,
                "why": one.why,
                "figures": {figure.name: figure.value for figure in one.figures},
            }
            for one in self.variations
        ]
        told = {"id": self.id, "title": self.title, "rule": self.rule, "stood": self.stood, "computed": self.computed}
        return told | {"variations": rows}

    @classmethod
    def of_json(cls, told: Any) -> Survival:
        """As a case keeps it: of the figures their names and values. Raises InvalidValue.

        >>> one = Survival("", "peace", "the rule", (Variation("k 5", ("neighbors",), True),))
        >>> Survival.of_json(one.as_json()) == one
        True
        """
        try:
            rows = [
                Variation(
                    str(one["what"])[:LONGEST_VALUE],
                    tuple(map(str, one["command"])),
                    None if one["stands"] is None else bool(one["stands"]),
                    tuple(KeptFigure(name=name, value=scalar(value)) for name, value in one["figures"].items()),
                    str(one["why"])[:LONGEST_POINTER],
                )
                for one in told["variations"][:MOST_VARIATIONS]
            ]
            return cls(str(told["id"])[:32], str(told["title"]), str(told["rule"])[:LONGEST_POINTER], tuple(rows))
        except (LookupError, TypeError, ValueError, AttributeError, NotFound) as error:
            raise InvalidValue(
                f"what a case survives cannot be read ({str(error)[:60]})", "take it as it was exported"
            ) from error


def kept(name: str, output: Any, pointer: str, **beside: str) -> KeptFigure | None:
    """The figure of a name from a command's output; None where the output has none there."""
    told = {key: at for key, at in beside.items() if at and _number_at(output, at) is not None}
    try:
        more: dict[str, Any] = {key: _number_at(output, at) for key, at in told.items()}
        value = scalar(found_at(output, pointer))
    except NotFound:
        return None
    return None if value is None else KeptFigure(name=name, value=value, pointer=pointer, beside=told, **more)


def found_at(output: Any, pointer: str) -> Any:
    """What stands at a JSON pointer. Raises NotFound.

    >>> found_at({"a/b": [{"x": 1}]}, "/a~1b/0/x")
    1
    """
    found = output
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        try:
            found = found[int(key)] if isinstance(found, list) and key.isascii() and key.isdigit() else found[key]
        except (KeyError, IndexError, TypeError, ValueError):
            raise NotFound(
                f"the output has nothing at {pointer[:80]!r}", lever="look at what the command prints"
            ) from None
    return found


def pointed(*parts: str | int) -> str:
    """
    >>> pointed("results", "a/b", 0)
    '/results/a~1b/0'
    """
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in parts)


def same(one: Any, other: Any) -> bool:
    """Whether two values are equal: whole numbers and words exactly, others to the sixth decimal.

    >>> same(0.1234567, 0.1234568), same(0.123456, 0.123457), same(3, 4), same("moved", "noise")
    (True, False, False, False)
    """
    if isinstance(one, bool) or isinstance(other, bool) or not isinstance(one, int | float):
        return type(one) is type(other) and bool(one == other)
    if not isinstance(other, int | float):
        return False
    if isinstance(one, int) and isinstance(other, int):
        return one == other
    return math.isclose(one, other, rel_tol=1e-12, abs_tol=0.5 * 10**-_DIGITS)


def scalar(value: Any) -> Value:
    """A value of JSON as a figure keeps it. Raises NotFound for lists and objects."""
    if value is None or (isinstance(value, str | bool | int | float) and _sound(value)):
        return value if not isinstance(value, str) else value[:LONGEST_VALUE]
    raise NotFound(f"no figure stands there but {str(value)[:40]!r}", lever="point at a number or a word")


def _number_at(output: Any, pointer: str) -> float | int | None:
    try:
        found = found_at(output, pointer)
    except NotFound:
        return None
    return found if isinstance(found, int | float) and not isinstance(found, bool) and _sound(found) else None


def _sound(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, int):
        return abs(value) < _MOST_WHOLE
    return value is None or isinstance(value, str)
