"""Ways to bring two spaces into shared coordinates from anchors: each states what it minimises."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt

from isogloss.alignment.anchors import Dictionary, split
from isogloss.alignment.diagnostics import eigenvalue_divergence, leave_one_out, relational_similarity, suspicious
from isogloss.alignment.learnt import Mapping as LearntMap
from isogloss.alignment.learnt import Side
from isogloss.alignment.methods.self_learning import Schedule, learn, learn_unsupervised
from isogloss.alignment.preprocess import DEFAULT, Preprocessing
from isogloss.errors import InvalidValue
from isogloss.linear import orthogonal
from isogloss.nearest.csls import K, csls_neighbors
from isogloss.nearest.exact import unit_rows
from isogloss.progress import Progress, silent
from isogloss.spaces.space import Space

Matrix = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
_HELD_OUT = 0.1
_FEW = 20


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


@dataclass(frozen=True)
class Parameters:
    """ridge: λ. refine: rounds at most, and how many of the most frequent items may become anchors. rcsls: its learning
    rate, iterations (its authors' program with `niter` 10 takes 11), neighbors and negatives, and whether singular
    values are clipped to [0, 1] (spectral). keep: share of similarities that count when self-learning begins.
    patience: rounds of it without an improvement before more of them do.
    """

    ridge: float = 1.0
    rounds: int = 5
    frequent: int = 20_000
    rate: float = 1.0
    iterations: int = 11
    neighbors: int = K
    negatives: int = 200_000
    spectral: bool = False
    keep: float = 0.1
    patience: int = 50
    seed: int = 0

    def of(self, method: str) -> dict[str, Any]:
        """Those that a method depends on (all draw held-out anchors by the seed).

        >>> Parameters().of("ridge")
        {'ridge': 1.0, 'seed': 0}
        """
        return {name: value for name, value in asdict(self).items() if name in ("seed", *_USED.get(method, ()))}


def parameters_of(given: Sequence[str]) -> Parameters:
    """Parameters from NAME=VALUE, the others as they are by default. Raises InvalidValue.

    >>> parameters_of(["rate=25", "spectral=true"]).rate
    25.0
    """
    kinds = {name: type(value) for name, value in asdict(Parameters()).items()}
    found: dict[str, Any] = {}
    for one in given:
        name, _, value = one.partition("=")
        if name not in kinds:
            raise InvalidValue(f"there is no parameter {name[:40]!r}", f"choose from {', '.join(kinds)}")
        try:
            found[name] = _SWITCH[value.lower()] if kinds[name] is bool else kinds[name](value)
        except (KeyError, ValueError) as error:
            raise InvalidValue(
                f"{name} is {value[:40]!r}", f"give a value like {getattr(Parameters(), name)}"
            ) from error
    return Parameters(**found)


_SWITCH = {"true": True, "false": False, "1": True, "0": False}
_USED: Mapping[str, tuple[str, ...]] = {
    "ridge": ("ridge",),
    "refine": ("rounds", "frequent"),
    "rcsls": ("rate", "iterations", "neighbors", "negatives", "spectral"),
    "vecmap-self": ("frequent", "neighbors", "keep", "patience"),
}


@dataclass(frozen=True, eq=False)
class Fitted:
    """left, right: what rows of either side are multiplied by. about: what else the method found out."""

    left: Matrix
    right: Matrix
    about: Mapping[str, Any] = field(default_factory=dict)


def procrustes(problem: Problem, p: Parameters, progress: Progress) -> Fitted:
    """argmin ‖XW − Z‖_F with WᵀW = I (Schönemann 1966); the target stays."""
    return Fitted(orthogonal(*problem.anchors), np.eye(problem.z.shape[1]))


def ridge(problem: Problem, p: Parameters, progress: Progress) -> Fitted:
    """argmin ‖XW − Z‖² + λ‖W‖²: W = (XᵀX + λI)⁻¹XᵀZ."""
    x, z = problem.anchors
    solved = np.asarray(np.linalg.solve(x.T @ x + p.ridge * np.eye(x.shape[1]), x.T @ z), dtype=np.float64)
    return Fitted(solved, np.eye(z.shape[1]))


def refine(problem: Problem, p: Parameters, progress: Progress) -> Fitted:
    """Procrustes again and again, on mutual CSLS neighbors among the most frequent items (Conneau et al. 2018).

    How many rounds is chosen on a tenth of the training anchors that are held out for it, never on a test dictionary.
    """
    drawn = np.random.default_rng(p.seed).permutation(len(problem.a))
    held, kept = np.split(drawn, [max(1, round(_HELD_OUT * len(drawn)))])
    trial = replace(problem, a=problem.a[kept], b=problem.b[kept])
    scores = []
    for round_, w in enumerate(_rounds(trial, p)):
        mapped, gold = problem.x[problem.a[held]] @ w, problem.z[problem.b[held]]
        scores.append(
            float((unit_rows(mapped.astype(np.float32)) * unit_rows(gold.astype(np.float32))).sum(axis=1).mean())
        )
        progress(
            f"refining, mean cosine of held-out anchors {scores[-1]:.4f}", (round_ + 1) / (2 * p.rounds + 2), scores[-1]
        )
    best = int(np.argmax(scores))
    progress("refining on all anchors", 0.5)
    *_, last = islice(_rounds(problem, p), best + 1)
    return Fitted(last, np.eye(problem.z.shape[1]), {"rounds": best})


def _rounds(problem: Problem, p: Parameters) -> Iterator[Matrix]:
    """The map of the anchors, then of the mutual neighbors under it, and so on."""
    w = orthogonal(*problem.anchors)
    yield w
    x, z = problem.x[: p.frequent], problem.z[: p.frequent]
    for _ in range(p.rounds):
        mapped = (x @ w).astype(np.float32)
        there = csls_neighbors(mapped, z.astype(np.float32), 1)[0][:, 0]
        back = csls_neighbors(z.astype(np.float32), mapped, 1)[0][:, 0]
        mutual = np.flatnonzero(back[there] == np.arange(len(x)))
        if len(mutual) < x.shape[1]:
            return
        w = orthogonal(x[mutual], z[there[mutual]])
        yield w


def rcsls(problem: Problem, p: Parameters, progress: Progress) -> Fitted:
    """The relaxed CSLS loss by gradient descent from Procrustes (Joulin et al. 2018); the best iterate by training
    loss.

    −(1/n) Σ_i [2 x_iW·z_i − (1/k) Σ_{z ∈ N(x_iW)} x_iW·z − (1/k) Σ_{x ∈ N(z_i)} xW·z_i]. The rate is halved when the
    loss rises.
    """
    w = orthogonal(*problem.anchors)
    loss, slope = rcsls_loss(problem, w, p.neighbors, p.negatives)
    best, least, rate = w, loss, p.rate
    for step in range(p.iterations):
        progress(f"relaxed CSLS, training loss {least:.4f}", step / p.iterations, least)
        moved = w - rate * slope
        if p.spectral:
            u, s, v = np.linalg.svd(moved)
            moved = u @ np.diag(np.clip(s, 0, 1)) @ v
        new, new_slope = rcsls_loss(problem, moved, p.neighbors, p.negatives)
        if new > loss:
            rate /= 2
            if rate < 1e-4:
                break
            continue
        w, loss, slope = moved, new, new_slope
        if loss < least:
            best, least = w, loss
    return Fitted(best, np.eye(problem.z.shape[1]))


def rcsls_loss(problem: Problem, w: Matrix, k: int = K, negatives: int = 200_000) -> tuple[float, Matrix]:
    """The relaxed CSLS loss of a map and its gradient (the neighborhoods held fixed), float64 (dim, dim)."""
    import faiss

    x, z = problem.anchors
    every_x, every_z = problem.x[:negatives], problem.z[:negatives]
    mapped = (every_x @ w).astype(np.float32)
    k_z, k_x = min(k, len(every_z)), min(k, len(every_x))
    near_z = faiss.knn((x @ w).astype(np.float32), every_z.astype(np.float32), k_z, metric=faiss.METRIC_INNER_PRODUCT)[
        1
    ]
    near_x = faiss.knn(z.astype(np.float32), mapped, k_x, metric=faiss.METRIC_INNER_PRODUCT)[1]
    mean_z, mean_x = every_z[near_z].mean(axis=1), every_x[near_x].mean(axis=1)
    n = len(x)
    gain = 2 * ((x @ w) * z).sum() - ((x @ w) * mean_z).sum() - ((mean_x @ w) * z).sum()
    slope = 2 * x.T @ z - x.T @ mean_z - mean_x.T @ z
    return float(-gain / n), -slope / n


def vecmap(problem: Problem, p: Parameters, progress: Progress) -> Fitted:
    """VecMap's supervised steps (Artetxe et al. 2018): whiten, map, re-weight by S^½, de-whiten; both sides move."""
    x, z = problem.anchors
    white_x, white_z = _whitening(x), _whitening(z)
    u, s, vt = np.linalg.svd((x @ white_x).T @ (z @ white_z))
    weight = np.diag(np.sqrt(s))
    back_x, back_z = u.T @ np.linalg.inv(white_x) @ u, vt @ np.linalg.inv(white_z) @ vt.T
    return Fitted(white_x @ u @ weight @ back_x, white_z @ vt.T @ weight @ back_z)


def vecmap_self(problem: Problem, p: Parameters, progress: Progress) -> Fitted:
    """VecMap's self-learning from the anchors as a seed, or from none at all; then its supervised steps on what it
    found.
    """
    schedule = Schedule(frequent=p.frequent, neighbors=p.neighbors, keep=p.keep, patience=p.patience, seed=p.seed)
    if len(problem.a):
        found, about = learn(problem.x, problem.z, problem.a, problem.b, schedule, progress), {}
    else:
        found, agreed = learn_unsupervised(problem.x, problem.z, schedule, progress)
        about = {"two_runs_agree": agreed}
    fitted = vecmap(replace(problem, a=found.a, b=found.b), p, progress)
    told = {"rounds": found.rounds, "induced_pairs": len(found.a), "mutual": found.mutual}
    return replace(fitted, about=told | about)


def _whitening(rows: Matrix) -> Matrix:
    """V diag(1/s) Vᵀ of the singular values of the rows: it makes their cross-products the identity."""
    _, s, vt = np.linalg.svd(rows, full_matrices=False)
    if len(s) < rows.shape[1] or s[-1] < 1e-10 * s[0]:
        raise InvalidValue(
            f"{len(rows):,} anchors span fewer than the {rows.shape[1]} dimensions", "add anchors, or use procrustes"
        )
    return np.asarray(vt.T @ np.diag(1 / s) @ vt)


METHODS: dict[str, Callable[[Problem, Parameters, Progress], Fitted]] = {
    "procrustes": procrustes,
    "ridge": ridge,
    "refine": refine,
    "rcsls": rcsls,
    "vecmap": vecmap,
    "vecmap-self": vecmap_self,
}


def align(
    source: Space,
    target: Space,
    train: Dictionary,
    method: str = "procrustes",
    parameters: Parameters | None = None,
    steps: tuple[str, ...] = DEFAULT,
    progress: Progress = silent,
) -> tuple[LearntMap, dict[str, Any]]:
    """Learn a map from training anchors; the map and what is known of it before anything is tested.

    Diagnostics: n_train, held_out_precision_at_1 (NN, of a tenth of the anchors, under a map of the others), residual
    (mean ‖xW − z‖ of the anchors), suspicious (anchors whose leave-one-out residual lies more than 3 scaled median
    absolute deviations above the median), relational_similarity, eigenvalue_divergence (see
    `isogloss.alignment.diagnostics`; of 20 anchors or more), orthogonality (‖WᵀW − I‖_F), singular_values (least, greatest). Raises InvalidValue.
    """
    if method not in METHODS:
        raise InvalidValue(f"there is no method {method[:40]!r}", f"choose from {', '.join(METHODS)}")
    if source.dim != target.dim:
        raise InvalidValue(f"the spaces have {source.dim} and {target.dim} dimensions", "give two of the same number")
    p = parameters or Parameters()
    from threadpoolctl import threadpool_limits

    (pre_x, x), (pre_z, z) = Preprocessing.learnt(source.vectors, steps), Preprocessing.learnt(target.vectors, steps)
    a, b = train.rows(source, target)
    if len(a) < 2 and not (method == "vecmap-self" and not len(train)):
        raise InvalidValue(
            f"{len(a)} of {len(train):,} training pairs are in both spaces",
            "check which side is the source, and the case of the words",
        )
    fit, problem = METHODS[method], Problem(x, z, a, b)
    fitted = fit(problem, p, progress)
    told = {"n_train": len(a), "steps": list(steps), "train": train.name} | p.of(method)
    mapping = LearntMap(method, Side(pre_x, fitted.left), Side(pre_z, fitted.right), told)
    with threadpool_limits(1, "blas"):  # many small decompositions: threads of BLAS would wait for each other
        return mapping, _diagnostics(problem, fitted, train, source, target, p) | dict(fitted.about)


def _diagnostics(
    problem: Problem, fitted: Fitted, train: Dictionary, source: Space, target: Space, p: Parameters
) -> dict[str, Any]:
    import faiss

    if not len(problem.a):
        return {"n_train": 0}
    left, right = fitted.left, fitted.right
    x, z = problem.anchors
    residual = np.linalg.norm(x @ left - z @ right, axis=1)
    values = np.linalg.svd(left, compute_uv=False)
    held = None
    if len(train.targets) >= 20:
        kept, test = split(train, _HELD_OUT, p.seed)
        (a, b), (c, d) = kept.rows(source, target), test.rows(source, target)
        if len(a) and len(c):
            w = orthogonal(problem.x[a], problem.z[b])
            u, v = unit_rows((problem.x[c] @ w).astype(np.float32)), unit_rows(problem.z.astype(np.float32))
            gold: dict[int, set[int]] = {}
            for row, other in zip(c.tolist(), d.tolist(), strict=True):
                gold.setdefault(row, set()).add(other)
            found = faiss.knn(u, v, 1, metric=faiss.METRIC_INNER_PRODUCT)[1][:, 0]
            held = float(np.mean([int(f) in gold[row] for row, f in zip(c.tolist(), found, strict=True)]))
    alike: dict[str, Any] = {"suspicious": None, "relational_similarity": None, "eigenvalue_divergence": None}
    if len(x) >= _FEW:
        relation, divergence = relational_similarity(x, z), eigenvalue_divergence(x, z)
        alike = {
            "suspicious": int(suspicious(leave_one_out(x, z)).sum()),
            "relational_similarity": asdict(relation),
            "eigenvalue_divergence": asdict(divergence),
        }
    return {
        "n_train": len(x),
        "held_out_precision_at_1": held,
        "residual": float(residual.mean()),
        **alike,
        "orthogonality": float(np.linalg.norm(left.T @ left - np.eye(len(left)))),
        "singular_values": [float(values.min()), float(values.max())],
    }
