"""What makes a neighbor near: the family of retrieval criteria."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from isogloss.family import Family
from isogloss.types import Rows, Vectors


@dataclass(frozen=True, eq=False)
class About:
    """What a criterion may ask besides the cosines; None where nobody asked.

    r_query: mean cosine of each query to its k nearest targets, (n,). r_target: of each target to its k nearest
    sources, (m,). mass_target: 1/β · log Σ_sources exp(β·cos) of each target, (m,).
    """

    r_query: Vectors | None = None
    r_target: Vectors | None = None
    mass_target: Vectors | None = None

    def part(self, rows: Rows) -> About:
        """Of some of the queries."""
        return About(None if self.r_query is None else self.r_query[rows], self.r_target, self.mass_target)


class Criterion(Protocol):
    """A member of the family.

    retrieval: its short name among the retrievals that tests compare. title: in tables. help: one line.
    needs: fields of `About`. lookup: whether it is offered for single queries, which know no other sources.
    """

    name: str
    retrieval: str
    title: str
    help: str
    needs: Sequence[str]
    lookup: bool

    def score(self, cosine: Vectors, about: About) -> Vectors:
        """Of each query and target, (n, m); higher is closer. cosine: (n, m)."""


CRITERIA: Family[Criterion] = Family("criterion", "isogloss.nearest.criteria", first=("cosine", "csls", "isf"))


def lookup_criteria() -> list[str]:
    """Names of the criteria that single queries may be answered by."""
    return [name for name in CRITERIA if CRITERIA[name].lookup]


def retrievals() -> dict[str, Criterion]:
    """Short name → criterion, of all."""
    return {CRITERIA[name].retrieval: CRITERIA[name] for name in CRITERIA}
