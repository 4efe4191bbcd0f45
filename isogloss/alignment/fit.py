"""Two spaces aligned in one call, and what came of it: for notebooks and scripts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from isogloss.alignment.anchors.dictionary import CASES, UNSUPERVISED, Dictionary, Pair, as_spelt, split
from isogloss.alignment.anchors.source import AnchorSource
from isogloss.alignment.diagnostics import divergence_of, relation_of
from isogloss.alignment.learning import Learning
from isogloss.alignment.learnt import Mapping as LearntMap
from isogloss.alignment.method import METHODS, Value, check_names
from isogloss.alignment.outcomes import aligned_pair, table
from isogloss.alignment.trial import DIRECTIONS, Outcome, Trial, learn, run
from isogloss.errors import InvalidValue
from isogloss.figure import Figure
from isogloss.progress import Progress, silent
from isogloss.shown import html_table
from isogloss.spaces.collection import Collection
from isogloss.spaces.space import Space

if TYPE_CHECKING:
    import pyarrow as pa

Anchors: TypeAlias = Dictionary | AnchorSource | Mapping[str, str] | Iterable[Pair] | str | Path | None


@dataclass(frozen=True, eq=False)
class Fit:
    """An alignment that was learnt, and what the test words say of it.

    trial: the spaces, the pairs that were learnt from and tested on. outcome: as commands and pages keep it.
    """

    trial: Trial
    outcome: Outcome

    @property
    def mapping(self) -> LearntMap:
        """Both maps, with `save`."""
        return self.outcome.mapping

    @cached_property
    def diagnostics(self) -> Mapping[str, Any]:
        """What is known without test words (see `learn_mapping`); likeness of the spaces as figures."""
        told = dict(self.outcome.diagnostics)
        ways = {"relational_similarity": relation_of, "eigenvalue_divergence": divergence_of}
        return told | {name: way(told[name]) for name, way in ways.items() if told.get(name)}

    def precision(self, *, direction: str = DIRECTIONS[0], oov: str = "dropped") -> dict[str, Figure]:
        """P@1 by retrieval, nn, csls and isf. direction: `source-target` or `target-source`. oov: test words that are
        not covered are `dropped` or counted `wrong`.

        Raises InvalidValue, also where nothing was held out to test on.
        """
        if direction not in DIRECTIONS:
            raise InvalidValue(f"there is no direction {direction[:40]!r}", f"choose from {', '.join(DIRECTIONS)}")
        if not self.outcome.found:
            raise InvalidValue("nothing was tested", "give test=0.2 or a dictionary")
        some = self.outcome.found[direction]
        return {retrieval: found.figures(oov)["precision_at_1"] for retrieval, found in some.items()}

    def table(self) -> pa.Table:
        """A row for each direction and retrieval, words that are not covered left out: P@1 with its interval, P@5,
        P@10, MRR, n, coverage; none where nothing was tested.
        """
        import pyarrow as pa

        rows = [row for row in table(self.outcome) if row.pop("oov") == "dropped"]
        for row in rows:
            row["low"], row["high"] = row.pop("ci_precision_at_1")
        return pa.Table.from_pylist([{name: row[name] for name in _COLUMNS} for row in rows])

    def collection(self, name: str, *, title: str = "", languages: tuple[str, str] = ("", "")) -> Collection:
        """Both spaces in shared coordinates. languages: their codes, where they are known."""
        return aligned_pair(self.trial, self.outcome, name, title=title or name, languages=languages)

    def __repr__(self) -> str:
        source, target = self.trial.source.name, self.trial.target.name
        n = self.outcome.diagnostics["n_train"]
        return f"<{source} → {target} by {self.mapping.method}: {n:,} training pairs>\n{self._reached()}"

    def _reached(self) -> str:
        if not self.outcome.found:
            return "not tested: give test=0.2 or a dictionary"
        return f"P@1 by CSLS, of covered test words: {self.precision()['csls']!r}"

    def _repr_html_(self) -> str:
        first, second = repr(self).splitlines()
        return html_table(self.table(), f"{first.strip('<>')}. {second}")


_COLUMNS = "direction retrieval precision_at_1 low high precision_at_5 precision_at_10 mrr n_test coverage".split()


def align(
    source: Space,
    target: Space,
    *,
    anchors: Anchors,
    test: float | Anchors = None,
    method: str = "procrustes",
    seed: int = 0,
    case: str = CASES[0],
    progress: Progress = silent,
    **parameters: Value,
) -> Fit:
    """Learn to bring two spaces into shared coordinates, then look the test words up.

    anchors: what belongs together: a Dictionary, pairs, a mapping, the path of a file of pairs, `identical` for items
    spelt alike, None for none at all (with vecmap-self). test: the same, or the share of the anchors' sources that are
    held out, by the seed; None tests nothing. method: a name of METHODS. parameters: the method's own, `rounds=3`.
    case: `lower` takes words in lower case where their space has only that, `exact` as they are written. Raises
    InvalidValue, NotFound.
    """
    METHODS[method]
    check_names(list(parameters), method)
    train, how = _pairs(anchors, source, target, case=case), Learning(given=parameters, seed=seed)
    if test is None:
        trial = Trial(source, target, train, test=UNSUPERVISED, learning=how)
        return Fit(trial, learn(trial, method, progress=progress))
    if isinstance(test, float | int):
        train, tested = split(train, test, seed=seed)
    else:
        tested = _pairs(test, source, target, case=case)
    trial = Trial(source, target, train, test=tested, learning=how)
    return Fit(trial, run(trial, method, progress=progress))


def _pairs(anchors: Anchors, source: Space, target: Space, *, case: str) -> Dictionary:
    if anchors is None:
        return UNSUPERVISED
    if anchors == "identical":
        anchors = AnchorSource(kind="identical")
    if isinstance(anchors, str | Path):
        anchors = AnchorSource(kind="file", path=Path(anchors))
    if isinstance(anchors, AnchorSource):
        anchors = anchors.dictionary(source, target)
    if not isinstance(anchors, Dictionary):
        anchors = Dictionary.of(anchors)
    return as_spelt(anchors, source, target, case=case)
