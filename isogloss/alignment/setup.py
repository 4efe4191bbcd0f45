"""What is to be aligned, by names: what a page or a file asks for, and the trial that it stands for."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from isogloss.alignment.align import METHODS
from isogloss.alignment.anchors import UNSUPERVISED, Dictionary, identical, read_dictionary, split
from isogloss.alignment.diagnostics import leave_one_out, suspicious
from isogloss.alignment.lexicon import as_spelt, lexicon
from isogloss.alignment.methods.method import Parameters
from isogloss.alignment.preprocess import DEFAULT, Preprocessing
from isogloss.alignment.trial import Trial
from isogloss.errors import InvalidValue
from isogloss.spaces.space import Space

LIMIT = 200_000
_COLUMNS = re.compile(r"columns:(\d{1,3}):(\d{1,3}):(.+)", re.DOTALL)
Open = Callable[[str], Space]


@dataclass(frozen=True)
class Setup:
    """source, target: COLLECTION/SPACE. anchors, test: as `anchors_of` takes them; without `test`, `share` of the
    anchors' sources are held out, by the seed. limit: the most frequent items of each space that take part.
    leave_out: train without the anchors that look wrong under a map of all the others.
    """

    source: str
    target: str
    anchors: str
    test: str = ""
    share: float = 0.25
    limit: int = LIMIT
    leave_out: bool = False
    steps: tuple[str, ...] = DEFAULT
    parameters: Parameters = field(default_factory=Parameters)

    def text(self) -> str:
        return json.dumps(asdict(self), sort_keys=True)

    def trial(self, open_space: Open) -> Trial:
        """Raises InvalidValue or NotFound."""
        source, target = first(open_space(self.source), self.limit), first(open_space(self.target), self.limit)
        if (source.name, source.fingerprint) == (target.name, target.fingerprint):
            raise InvalidValue("source and target are one space", "choose two")
        anchors = as_spelt(anchors_of(self.anchors, source, target), source, target)
        if self.test:
            train, test = anchors, as_spelt(anchors_of(self.test, source, target), source, target)
        else:
            train, test = self._held_out(anchors, source, target)
        if self.leave_out:
            train = without_suspicious(train, source, target, self.steps)
        return Trial(source, target, train, test, self.steps, self.parameters)

    def _held_out(self, anchors: Dictionary, source: Space, target: Space) -> tuple[Dictionary, Dictionary]:
        if self.anchors == "unsupervised":
            raise InvalidValue("without anchors there are no test words", "choose words to test on")
        held = {a for a, b in anchors.pairs if a in source and b in target}
        if len(held) < 4:
            raise InvalidValue(
                f"{len(held)} of {len(anchors.targets):,} anchors are in both spaces",
                "check the languages, which side is the source, and the case of the words",
            )
        return split(anchors, self.share, self.parameters.seed)


def without_suspicious(train: Dictionary, source: Space, target: Space, steps: tuple[str, ...] = DEFAULT) -> Dictionary:
    """The pairs that both spaces hold, less those whose leave-one-out residual is suspicious. Raises InvalidValue."""
    held = Dictionary(tuple(p for p in train.pairs if p[0] in source and p[1] in target), train.name)
    a, b = held.rows(source, target)
    if len(a) < 20:
        return train
    sides = [
        Preprocessing.learnt(space.vectors, steps)[0].apply(space.vectors[rows])
        for space, rows in ((source, a), (target, b))
    ]
    wrong = suspicious(leave_one_out(*sides))
    return Dictionary(tuple(p for p, bad in zip(held.pairs, wrong, strict=True) if not bad), train.name)


def read_setup(text: str) -> Setup:
    """What `text` gave. Raises InvalidValue."""
    try:
        raw: dict[str, Any] = json.loads(text)
        parameters = Parameters(**raw.pop("parameters", {}))
        steps = tuple(raw.pop("steps", DEFAULT))
        return Setup(**raw, steps=steps, parameters=parameters)
    except (ValueError, TypeError, AttributeError) as error:
        raise InvalidValue(
            f"the setup cannot be read ({str(error)[:120]})", f"give {', '.join(f.name for f in fields(Setup))} as JSON"
        ) from error


def first(space: Space, limit: int) -> Space:
    """The first `limit` items of a space, with their columns."""
    if len(space) <= limit:
        return space
    columns = space.columns.slice(0, limit) if space.columns.num_columns else space.columns
    return Space(space.name, tuple(space.items[:limit]), space.vectors[:limit], columns, space.metadata)


def anchors_of(named: str, source: Space, target: Space) -> Dictionary:
    """Anchors by name: a file of pairs, `identical`, `unsupervised` (none at all), or `lexicon:en:fr`;
    `columns:2:1:FILE` names the columns of a file. Raises InvalidValue, NotFound."""
    if named == "unsupervised":
        return UNSUPERVISED
    if named == "identical":
        return identical(source, target)
    if named.startswith("lexicon:"):
        one, between, other = named.removeprefix("lexicon:").partition(":")
        if not between:
            raise InvalidValue(f"the lexicon was asked for {named[8:60]!r}", "give two languages, as lexicon:en:fr")
        return lexicon(one, other)
    if found := _COLUMNS.fullmatch(named):
        return read_dictionary(Path(found[3]), columns=(int(found[1]), int(found[2])))
    return read_dictionary(Path(named))


def check_methods(methods: tuple[str, ...]) -> tuple[str, ...]:
    """Methods that there are. Raises InvalidValue."""
    for method in methods:
        if method not in METHODS:
            raise InvalidValue(f"there is no method {method[:40]!r}", f"choose from {', '.join(METHODS)}")
    return methods
