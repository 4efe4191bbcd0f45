"""κ, α and AC1 against scikit-learn and the published examples; what cannot be known is said."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from isogloss.errors import InvalidValue
from isogloss.notebook.coding.agreement import Agreement, agreement, agreement_of

# Krippendorff 2011, four observers and twelve units; also `cac.raw4raters` of Gwet's irrCAC
KRIPPENDORFF = (
    (1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None),
    (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3),
    (None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None),
    (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None),
)
UNITS = list(zip(*KRIPPENDORFF, strict=True))


def of_counts(table: list[list[int]]) -> Agreement:
    rows = [(i, j) for i, row in enumerate(table) for j, n in enumerate(row) for _ in range(n)]
    return agreement_of(rows)


def test_alpha_of_krippendorffs_example() -> None:
    assert agreement_of(UNITS).alpha.value == pytest.approx(0.743, abs=5e-4)
    assert agreement_of(UNITS, metric="ordinal").alpha.value == pytest.approx(0.815, abs=5e-4)


def test_ac1_of_gwets_examples() -> None:
    assert agreement_of(UNITS).ac1.value == pytest.approx(0.77544, abs=5e-6)  # codes are missing
    found = of_counts([[13, 0, 0], [0, 20, 7], [0, 4, 56]])  # irrCAC's cont3x3abstractors
    assert found.kappa.value == pytest.approx(0.7964094, abs=5e-8)
    assert found.ac1.value == pytest.approx(0.8493305, abs=5e-8)
    assert found.alpha.value == pytest.approx(0.7972585, abs=5e-7)
    assert (found.n, found.agreed, found.matrix[1].tolist()) == (100, 89, [0, 20, 7])


@pytest.mark.parametrize("seed", range(20))
def test_kappa_is_that_of_scikit_learn_on_the_cases_that_both_coded(seed: int) -> None:
    rng = np.random.default_rng(seed)
    k, n = int(rng.integers(2, 7)), int(rng.integers(20, 80))
    a = rng.integers(k, size=n)
    b = np.where(rng.random(n) < 0.5, a, rng.integers(k, size=n))
    gone = rng.random((n, 2)) < 0.2
    first = {f"c{i}": f"k{code}" for i, code in enumerate(a) if not gone[i, 0]}
    second = {f"c{i}": f"k{code}" for i, code in enumerate(b) if not gone[i, 1]}
    both = ~gone.any(axis=1)
    found = agreement(first, second)
    assert found.kappa.value == pytest.approx(cohen_kappa_score(a[both], b[both]), abs=1e-12)
    assert found.n == both.sum()
    for figure in (found.kappa, found.alpha, found.ac1):
        assert figure.interval is not None
        assert figure.interval[0] <= figure.value <= figure.interval[1]


def test_intervals_narrow_with_the_number_of_cases() -> None:
    few, many = (of_counts([[4 * m, m], [m, 4 * m]]) for m in (5, 100))
    for name in ("kappa", "alpha", "ac1"):
        narrow, wide = (getattr(one, name).interval for one in (many, few))
        assert narrow[1] - narrow[0] < 0.4 * (wide[1] - wide[0])


def test_what_is_not_defined_says_why() -> None:
    same = agreement({"a": "x", "b": "x"}, {"a": "x", "b": "x"})
    apart = agreement({"a": "x"}, {"b": "y"})
    nothing = agreement({}, {})
    assert set(same.unknown()) == set(apart.unknown()) == set(nothing.unknown()) == {"kappa", "alpha", "ac1"}
    assert all("all 2 cases were given the one code 'x'" in why for why in same.unknown().values())
    assert all(
        "no case has codes of two coders" in why for why in [*apart.unknown().values(), *nothing.unknown().values()]
    )
    assert (same.agreed, same.n, apart.n) == (2, 2, 0)
    wider = agreement({"a": "x", "b": "x"}, {"a": "x", "b": "x"}, categories=("x", "y"))
    assert (wider.ac1.value, wider.kappa.known) == (1.0, False)  # where another code could have been given
    assert "it is of two coders" in agreement_of(UNITS).kappa.how


def test_rows_and_codes_that_fit_nothing_are_refused() -> None:
    with pytest.raises(InvalidValue, match="rows hold 1, 2 codes"):
        agreement_of([(1, 2), (1,)])
    with pytest.raises(InvalidValue, match="'z' is no category"):
        agreement_of([("x", "z")], categories=("x", "y"))
