"""Every profile of pairs: what it says of the sets that ship, of a copy, and of nothing."""

from __future__ import annotations

import math

import pytest

from isogloss.encoders.static import load_encoder
from isogloss.errors import IsoglossError
from isogloss.rewriting.given.demos import DEMOS, demo_of, groups_of
from isogloss.rewriting.pairs import Pairs
from isogloss.rewriting.profile import PROFILES, Checked


def checked(name: str, pairs: Pairs, by: str | None = None) -> Checked:
    encoder = load_encoder() if PROFILES[name].encodes else None
    return PROFILES[name].check(pairs, by=by, encoder=encoder)


@pytest.mark.parametrize("name", list(PROFILES))
def test_figures_stand_on_pairs_that_there_are(name: str) -> None:
    one, pairs = PROFILES[name], demo_of(name)
    assert one.name == name
    assert one.title
    assert one.help
    assert not one.help.endswith(".")
    by = groups_of(pairs.name)
    found = checked(name, pairs, by)
    assert found.figures
    assert set(found.by) == set(pairs.columns[by])
    for figure in found.figures.values():
        assert 0 <= figure.n <= len(pairs) or figure.n <= sum(map(len, pairs.source))
        if figure.interval is not None and figure.known:
            assert figure.interval[0] - 1e-9 <= figure.value <= figure.interval[1] + 1e-9
    for failure in found.failures:
        assert 0 <= failure.row < len(pairs)
        assert " " not in failure.kind
    assert all(len(values) == len(pairs) for values in found.rows.values())
    assert checked(name, pairs, by).figures == found.figures  # the same for the same seed


@pytest.mark.parametrize("name", list(PROFILES))
def test_few_pairs_and_none_are_said_and_give_no_traceback(name: str) -> None:
    for n in (0, 1, 2):
        pairs = Pairs("few", ["One <H>line</H> here."] * n, ["Eine <H>Zeile</H> hier."] * n)
        try:
            found = checked(name, pairs)
        except IsoglossError:
            continue
        assert all(math.isnan(one.value) or one.n > 0 for one in found.figures.values())


def test_sets_that_need_no_file_have_their_groups_and_their_key() -> None:
    for name, pairs in DEMOS.items():
        assert pairs().name == name
        assert groups_of(name) in pairs().columns
