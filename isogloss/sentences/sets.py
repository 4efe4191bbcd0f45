"""Which parallel sentences are meant: a set that needs no file, or files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from isogloss.sentences.given.own import NAME as OWN
from isogloss.sentences.given.own import own_sentences
from isogloss.sentences.given.phrases import NAME as PHRASES
from isogloss.sentences.given.phrases import phrases
from isogloss.sentences.parallel import ParallelSet, read_parallel

SETS: dict[str, Callable[[], ParallelSet]] = {OWN: own_sentences, PHRASES: phrases}


def parallel_of(asked: Sequence[str | Path], *, edition: str | None = None) -> ParallelSet:
    """A set by its name, where no file is called so, or the files. Raises InvalidValue, NotFound.

    >>> parallel_of(["phrases"]).name
    'phrases'
    """
    if len(asked) == 1 and str(asked[0]) in SETS and not Path(asked[0]).exists():
        return SETS[str(asked[0])]()
    return read_parallel([Path(one) for one in asked], edition=edition)
