"""VecMap, self-learning."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from isogloss.alignment.method import Fitted, Method, Problem, parameter
from isogloss.alignment.methods import _shared
from isogloss.alignment.methods._self_learning import Schedule, learn, learn_unsupervised
from isogloss.alignment.methods.vecmap import Vecmap
from isogloss.progress import Progress, silent


@dataclass(frozen=True)
class VecmapSelf(Method):
    """VecMap's self-learning from the anchors as a seed, or from none at all; then its supervised steps on what it
    found.

    frequent: items of each side that may enter the dictionary. neighbors: k of CSLS. keep: share of similarities that
    count at first. patience: rounds without an improvement before more of them do.
    """

    name: ClassVar[str] = "vecmap-self"
    title: ClassVar[str] = "Self-learning"
    described: ClassVar[str] = "VecMap, self-learning"
    unsupervised: ClassVar[bool] = True

    frequent: int = _shared.frequent()
    neighbors: int = _shared.neighbors()
    keep: float = parameter(
        0.1,
        "share of similarities kept at first",
        low=0.01,
        high=1.0,
        step=0.05,
        help="Doubled when nothing improves for as many rounds as below.",
        key="keep-share",
    )
    patience: int = parameter(50, "rounds without improvement", low=1, high=500)

    def fit(self, problem: Problem, *, seed: int = 0, progress: Progress = silent) -> Fitted:
        schedule = Schedule(self.frequent, self.neighbors, self.keep, self.patience, seed=seed)
        if len(problem.a):
            found, about = learn(problem.x, problem.z, problem.a, problem.b, schedule, progress), {}
        else:
            found, agreed = learn_unsupervised(problem.x, problem.z, schedule, progress)
            about = {"two_runs_agree": agreed}
        fitted = Vecmap().fit(replace(problem, a=found.a, b=found.b), seed=seed, progress=progress)
        told = {"rounds": found.rounds, "induced_pairs": len(found.a), "mutual": found.mutual}
        return replace(fitted, about=told | about)


member = VecmapSelf()
