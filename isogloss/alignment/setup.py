"""What is to be aligned, by names: what a page or a file asks for, and the trial that it stands for."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field, fields
from pathlib import Path
from typing import Any, TypeAlias

from isogloss.alignment.anchors.checked import without_suspicious
from isogloss.alignment.anchors.dictionary import CASES, Dictionary, as_spelt, split
from isogloss.alignment.anchors.source import AnchorSource
from isogloss.alignment.learning import Learning
from isogloss.alignment.method import parameter_names, seed_of
from isogloss.alignment.preprocess import DEFAULT
from isogloss.alignment.trial import Trial
from isogloss.errors import InvalidValue
from isogloss.spaces.reference import Reference
from isogloss.spaces.space import Space
from isogloss.text.nested import read_json

LIMIT = 200_000
Place: TypeAlias = Reference | Path  # a space of a collection, or a file of vectors
Open = Callable[[Place], Space]


@dataclass(frozen=True)
class Setup:
    """source, target: where the spaces are. anchors, test: where pairs come from; without `test`, `share` of the
    anchors' sources are held out, by the seed. limit: the most frequent items of each space that take part.
    leave_out: train without the anchors that look wrong under a map of all the others. learning: what methods are
    given. case: `lower` takes dictionary words in lower case where a space has only that, `exact` as they are written.
    """

    source: Place
    target: Place
    _: KW_ONLY
    anchors: AnchorSource
    test: AnchorSource | None = None
    share: float = 0.25
    limit: int = LIMIT
    leave_out: bool = False
    learning: Learning = field(default_factory=Learning)
    case: str = CASES[0]

    def text(self) -> str:
        """As a file; `read_setup` takes it back."""
        told = {
            "source": str(self.source),
            "target": str(self.target),
            "anchors": self.anchors.spelling,
            "test": self.test.spelling if self.test else "",
            "share": self.share,
            "limit": self.limit,
            "leave_out": self.leave_out,
            "steps": self.learning.steps,
            "parameters": {**self.learning.given, "seed": self.learning.seed},
        }
        if self.case != CASES[0]:
            told["case"] = self.case
        return json.dumps(told, sort_keys=True)

    def trial(self, open_space: Open) -> Trial:
        """Raises InvalidValue or NotFound."""
        source, target = (first(open_space(place), self.limit) for place in (self.source, self.target))
        if (source.name, source.fingerprint) == (target.name, target.fingerprint):
            raise InvalidValue("source and target are one space", "choose two")
        train = as_spelt(self.anchors.dictionary(source, target), source, target, case=self.case)
        spelt = {"train": train}
        if self.test:
            test = spelt["test"] = as_spelt(self.test.dictionary(source, target), source, target, case=self.case)
        else:
            train, test = self._held_out(train, source, target)
        if self.leave_out:
            train = without_suspicious(source, target, train, steps=self.learning.steps)
        return Trial(source, target, train, test=test, learning=self.learning, spelt=spelt)

    def _held_out(self, anchors: Dictionary, source: Space, target: Space) -> tuple[Dictionary, Dictionary]:
        if self.anchors.kind == "unsupervised":
            raise InvalidValue("without anchors there are no test words", "choose words to test on")
        held = {a for a, b in anchors.pairs if a in source and b in target}
        if len(held) < 4:
            raise InvalidValue(
                f"{len(held)} of {len(anchors.targets):,} anchors are in both spaces",
                "check the languages, which side is the source, and the case of the words",
            )
        return split(anchors, self.share, seed=self.learning.seed)


def read_setup(text: str, place: Callable[[str], Place] = Reference.parse) -> Setup:
    """What `Setup.text` gave. place: which space or file a name stands for. Raises InvalidValue."""
    try:
        raw: dict[str, Any] = read_json(text)
        given = dict(raw.pop("parameters", {}))
        seed, steps = seed_of(given.pop("seed", 0)), tuple(raw.pop("steps", DEFAULT))
        _check(raw, steps, given)
        if unknown := [name for name in given if name not in parameter_names()]:
            raise ValueError(f"there is no parameter {unknown[0][:40]!r}")
        raw |= {name: place(str(raw[name])) for name in ("source", "target") if name in raw}
        raw |= {name: AnchorSource.spelt(str(raw[name])) for name in ("anchors", "test") if raw.get(name)}
        raw["test"] = raw.get("test") or None
        return Setup(**raw, learning=Learning(steps, given, seed))
    except (ValueError, TypeError, AttributeError) as error:
        names = [*(f.name for f in fields(Setup) if f.name != "learning"), "steps", "parameters"]
        raise InvalidValue(
            f"the setup cannot be read ({str(error)[:120]})", f"give {', '.join(names)} as JSON"
        ) from error


def _check(raw: Mapping[str, Any], steps: tuple[Any, ...], given: Mapping[str, Any]) -> None:
    """Raises ValueError for a value of another kind, or beyond what it can be."""
    share, limit = raw.get("share", 0.25), raw.get("limit", LIMIT)
    known = {
        "share": type(share) in (int, float) and 0 < share < 1,
        "limit": type(limit) is int and 0 < limit < 1 << 31,
        "leave_out": isinstance(raw.get("leave_out", False), bool),
        "case": isinstance(raw.get("case", ""), str),
        "steps": all(isinstance(one, str) for one in steps),
        "parameters": all(isinstance(one, str | int | float) for one in given.values()),
    }
    if odd := [name for name, right in known.items() if not right]:
        raise ValueError(f"{odd[0]} is {str(raw.get(odd[0], given or steps))[:40]}")


def first(space: Space, limit: int) -> Space:
    """The first `limit` items of a space, with their columns."""
    if len(space) <= limit:
        return space
    columns = space.columns.slice(0, limit) if space.columns.num_columns else space.columns
    return Space(space.name, tuple(space.items[:limit]), space.vectors[:limit], columns, space.metadata)
