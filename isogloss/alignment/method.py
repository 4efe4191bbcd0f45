"""What every alignment method takes and gives: the family of methods, and the parameters that they declare."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import Field, asdict, dataclass, field, fields, replace
from typing import Any, ClassVar, Self, TypeAlias, cast

import numpy as np

from isogloss.errors import InvalidValue
from isogloss.family import Family
from isogloss.progress import Progress, silent
from isogloss.types import Matrix, Rows

HELD_OUT = 0.1  # of the anchors, where something is chosen or told before a test
Value: TypeAlias = int | float | bool
Given: TypeAlias = Mapping[str, Value]  # parameters by name, of whatever methods
_SWITCH = {"true": True, "false": False, "1": True, "0": False}
_SEED = "seed"


@dataclass(frozen=True, eq=False)
class Problem:
    """x, z: preprocessed rows of all items, float64. a, b: rows of the anchors, a[i] belongs to b[i]."""

    x: Matrix
    z: Matrix
    a: Rows
    b: Rows

    @property
    def anchors(self) -> tuple[Matrix, Matrix]:
        return self.x[self.a], self.z[self.b]

    @property
    def still(self) -> Matrix:
        """The map of a target that stays as it is."""
        return np.eye(self.z.shape[1])


@dataclass(frozen=True, eq=False)
class Fitted:
    """left, right: what rows of either side are multiplied by. about: what else the method found out."""

    left: Matrix
    right: Matrix
    about: Mapping[str, Any] = field(default_factory=dict)


def parameter(
    default: Value,
    title: str,
    *,
    low: Value | None = None,
    high: Value | None = None,
    step: Value | None = None,
    help: str = "",
    key: str = "",
) -> Any:
    """A field of a method: its default (which says whether it is a whole number, a number or a switch) and its widget.

    title: as it follows the names of the methods that have it, `learning rate`. low, high: bounds, both ends may be
    chosen; a switch has none. key: of its widget in the address, where its name is another's there.
    """
    return field(
        default=default,
        metadata={"title": title, "help": help, "low": low, "high": high, "step": step, "key": key},
    )


@dataclass(frozen=True)
class Method(ABC):
    """A member of the family: a frozen dataclass whose fields are its own parameters, declared with `parameter`.

    name: as commands and keys write it. title: short, of a pill on the page. described: how a collection that was
    aligned by it is told of. quick: whether a page may wait for it. unsupervised: whether it can do without anchors.
    Its module ends with `member = Ridge()`, the method with its defaults; `given` makes one with others. Two methods
    may have a parameter of one name where it is one to choose for both: they declare it alike.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    described: ClassVar[str]
    quick: ClassVar[bool] = False
    unsupervised: ClassVar[bool] = False

    @abstractmethod
    def fit(self, problem: Problem, *, seed: int = 0, progress: Progress = silent) -> Fitted:
        """Learn both maps from the anchors. Raises InvalidValue."""

    def given(self, values: Given) -> Self:
        """With those of the values that are its parameters; others are for other methods.

        >>> METHODS["ridge"].given({"ridge": 2.0, "rounds": 3})
        Ridge(ridge=2.0)
        """
        own = {one.name: one.default for one in fields(self)}
        mine = {name: value for name, value in values.items() if name in own}
        return replace(self, **{n: float(v) if isinstance(own[n], float) else v for n, v in mine.items()})

    def of(self, seed: int = 0) -> dict[str, Any]:
        """All that an outcome depends on besides the data, as keys hold it (all draw held-out anchors by the seed).

        >>> METHODS["ridge"].of()
        {'ridge': 1.0, 'seed': 0}
        """
        return asdict(self) | {_SEED: seed}


METHODS: Family[Method] = Family(
    "method",
    "isogloss.alignment.methods",
    first=("procrustes", "ridge", "refine", "rcsls", "vecmap", "vecmap-self"),
)


@dataclass(frozen=True)
class Declared:
    """A parameter and the methods that have it, in their order."""

    field: Field[Any]
    methods: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.field.name

    @property
    def default(self) -> Value:
        return cast(Value, self.field.default)

    @property
    def label(self) -> str:
        """
        >>> declared()["frequent"].label
        'Refinement and self-learning: most frequent items'
        """
        first, *others = (METHODS[name].title for name in self.methods)
        return f"{' and '.join([first, *map(_inside, others)])}: {self.field.metadata['title']}"


def _inside(title: str) -> str:
    """A title within a sentence: a plain word loses its capital, a name in letters of both sizes keeps its own."""
    return title[:1].lower() + title[1:] if title[1:] == title[1:].lower() else title


def declared() -> dict[str, Declared]:
    """Every parameter that a method has, by name, in the order of the methods.

    >>> list(declared())[:3], declared()["frequent"].methods
    (['ridge', 'rounds', 'frequent'], ('refine', 'vecmap-self'))
    """
    found: dict[str, Declared] = {}
    for name in METHODS:
        for one in fields(METHODS[name]):
            before = found[one.name] if one.name in found else Declared(one, ())
            found[one.name] = replace(before, methods=(*before.methods, name))
    return found


def parameter_names() -> tuple[str, ...]:
    """All that a command line may set: of each method its numbers, then its switches; the seed last."""
    ways = [fields(METHODS[name]) for name in METHODS]
    ordered = (one.name for own in ways for one in sorted(own, key=lambda f: isinstance(f.default, bool)))
    return (*dict.fromkeys(ordered), _SEED)


def read_given(pairs: Sequence[str]) -> tuple[dict[str, Value], int]:
    """Parameters, and the seed, from NAME=VALUE. Raises InvalidValue.

    >>> read_given(["rate=25", "spectral=true"])
    ({'rate': 25.0, 'spectral': True}, 0)
    """
    defaults: dict[str, Value] = {name: one.default for name, one in declared().items()} | {_SEED: 0}
    found: dict[str, Value] = {}
    for one in pairs:
        name, _, value = one.partition("=")
        check_names([name])
        found[name] = _read(name, value, defaults[name])
    return found, seed_of(found.pop(_SEED, 0))


def seed_of(value: object) -> int:
    """A seed, 0 to 2³² − 1. Raises InvalidValue.

    >>> seed_of(-1)
    Traceback (most recent call last):
    isogloss.errors.InvalidValue: the seed is -1: give a whole number from 0 to 4,294,967,295
    """
    if type(value) is not int or not 0 <= value < 1 << 32:
        raise InvalidValue(f"the seed is {str(value)[:40]}", f"give a whole number from 0 to {(1 << 32) - 1:,}")
    return value


def _read(name: str, value: str, default: Value) -> Value:
    try:
        return _SWITCH[value.lower()] if isinstance(default, bool) else type(default)(value)
    except (KeyError, ValueError) as error:
        raise InvalidValue(f"{name} is {value[:40]!r}", f"give a value like {default}") from error


def check_names(names: Sequence[str], method: str = "") -> None:
    """Parameters that there are, or that a method has. Raises InvalidValue."""
    own = tuple(one.name for one in fields(METHODS[method])) if method else parameter_names()
    for name in names:
        if name not in own:
            what = f"{method} has no parameter {name[:40]!r}" if method else f"there is no parameter {name[:40]!r}"
            raise InvalidValue(what, f"choose from {', '.join(own)}" if own else "it has none")
