"""What a result is worth, in figures: the family of evaluators."""

from __future__ import annotations

from typing import Any, Protocol

from isogloss.errors import InvalidValue
from isogloss.family import Family
from isogloss.figure import Figure


class Evaluator(Protocol):
    """A member of the family. subject: what it is asked of, in words. against: what it is held against, in words, or ""
    for nothing.
    """

    name: str
    title: str
    help: str
    subject: str
    against: str

    def claims(self, subject: object) -> bool:
        """Whether it is for such a subject."""

    def __call__(self, subject: Any, against: Any = None, **options: Any) -> dict[str, Figure]:
        """Figures by name. Raises InvalidValue."""


EVALUATORS: Family[Evaluator] = Family("evaluator", "isogloss.evaluators.kinds", first=("bli", "gold", "groups", "gap"))


def evaluate(subject: object, against: object = None, **options: Any) -> dict[str, Figure]:
    """What a result is worth, by whichever evaluator is for it.

    subject: an alignment that was tested (`align`), a ranking (`measure_drift`) with a gold list, a space with groups,
    an encoder with parallel lines. against: the gold list or lines, in memory or a path. options: the evaluator's own.
    Raises InvalidValue, naming the subjects that there are.

    >>> from isogloss.spaces.space import Space
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> space = Space.of(["a", "b", "α", "β"] * 1, rng.normal(size=(4, 3)), concept=["1", "2", "1", "2"])
    >>> sorted(evaluate(space, by="script"))[:2]
    ['eta_squared', 'paired_precision_at_1']
    """
    for name in EVALUATORS:
        if EVALUATORS[name].claims(subject):
            return EVALUATORS[name](subject, against, **options)
    subjects = ", ".join(EVALUATORS[name].subject for name in EVALUATORS)
    raise InvalidValue(f"a {type(subject).__name__} cannot be evaluated", f"give one of: {subjects}")
