"""What every removal promises."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from isogloss.cli.answers.scripts import member as command
from isogloss.separation.measures import eta_squared
from isogloss.separation.removal import REMOVALS, Codes, fit_removal
from isogloss.types import Vectors
from isogloss.workspace.store import Workspace
from tests.kit.collections import scripts_collection
from tests.kit.copied import copied_tree, run_in
from tests.kit.pages import visit


def apart(offset: float = 4.0) -> tuple[Vectors, Codes]:
    """Three groups of 80 rows, each moved along a direction of its own."""
    rng = np.random.default_rng(0)
    codes = np.repeat(np.arange(3), 80)
    x = rng.normal(size=(240, 12)) + offset * np.eye(12)[codes]
    return x.astype(np.float32), codes


@pytest.fixture(params=REMOVALS.names)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_it_says_what_it_is(name: str) -> None:
    one = REMOVALS[name]
    assert one.name == name
    assert one.title
    assert one.help.endswith(".")


def test_rows_keep_their_shape_and_groups_come_no_farther_apart(name: str) -> None:
    x, codes = apart()
    out = fit_removal(name, x, codes, n_groups=3).apply(x, codes)
    assert out.shape == x.shape
    assert out.dtype == np.float32
    assert eta_squared(out, codes) <= eta_squared(x, codes) + 1e-6
    if name != "none":
        assert eta_squared(out, codes) < 0.5 * eta_squared(x, codes)


def test_what_was_fitted_on_one_half_holds_on_the_other(name: str) -> None:
    x, codes = apart()
    half = np.arange(240) % 2 == 0
    out = fit_removal(name, x[half], codes[half], n_groups=3).apply(x[~half], codes[~half])
    assert eta_squared(out, codes[~half]) <= eta_squared(x[~half], codes[~half]) + 1e-6


def test_the_rows_that_came_in_stay_as_they_were(name: str) -> None:
    x, codes = apart()
    before = x.copy()
    fit_removal(name, x, codes, n_groups=3).apply(x, codes)
    assert np.array_equal(x, before)


def test_ranks_lie_in_their_bounds(name: str) -> None:
    ranks = REMOVALS[name].ranks(3, 12, 240)
    if ranks is None:
        return
    assert 0 <= ranks.own <= ranks.most
    assert ranks.offered <= ranks.most
    x, codes = apart()
    assert np.array_equal(fit_removal(name, x, codes, n_groups=3, rank=0).apply(x, codes), x)


@pytest.mark.long
def test_the_command_and_the_page_offer_all() -> None:
    import argparse

    parser = argparse.ArgumentParser()
    command.arguments(parser)
    action = next(a for a in parser._actions if a.dest == "remove")
    assert tuple(action.choices or ()) == REMOVALS.names
    at = visit("pages/4_Scripts.py", collection="scripts", stage="before")
    pills = next(one for one in at.get("button_group") if one.key == "removal")
    assert list(pills.options) == list(REMOVALS.names)


NEW = """
from isogloss.separation.removal import Fitting, Ranks, Removal


class Mirror:
    name = "mirror"
    title = "mirror"
    help = "takes nothing, for a test."

    def ranks(self, n_groups: int, dim: int, n: int) -> Ranks | None:
        return Ranks(1, 2, 2, "two directions")

    def fit(self, on: Fitting, rank: int) -> Removal:
        return Removal(self.name, rank, None, (), on.seen)


member = Mirror()
"""
LOOK = """
import json
from tests.kit.pages import visit
at = visit("pages/4_Scripts.py", collection="small", removal="mirror")
pills = next(one for one in at.get("button_group") if one.key == "removal")
print(json.dumps({"options": list(pills.options), "help": pills.proto.help, "ranks": [s.key for s in at.slider]}))
"""


@pytest.mark.long
def test_a_new_file_is_a_removal(tmp_path: Path) -> None:
    root = copied_tree(tmp_path)
    (root / "isogloss" / "separation" / "removals" / "mirror.py").write_text(NEW, encoding="utf-8")
    Workspace(tmp_path).save(replace(scripts_collection(), name="small"))
    command_line = ("-m", "isogloss", "scripts", "small", "--remove", "mirror", "--json")
    told = run_in(root, *command_line, home=tmp_path)
    assert json.loads(told.stdout)["removal"] == "mirror"
    wrong = run_in(root, *command_line, "--rank", "3", home=tmp_path)
    assert (wrong.returncode, wrong.stderr) == (2, "error: rank is 3 with two directions: choose 0 to 2\n")
    page = run_in(root, "-c", LOOK, home=tmp_path)
    assert page.returncode == 0, page.stderr
    seen = json.loads(page.stdout.splitlines()[-1])
    assert seen["options"] == [*REMOVALS.names, "mirror"]
    assert "mirror: takes nothing" in seen["help"]
    assert "rank-mirror" in seen["ranks"]
