"""What every measure of drift keeps, and that one new file is a measure for the command line, the page and builds."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from components.drift.sentences import measures_help
from isogloss.cli.main import main
from isogloss.drift.distances import Shared, distances, measured
from isogloss.drift.measure import MEASURES, usable
from isogloss.drift.pair import Pair
from isogloss.drift.ranking import measure_drift
from isogloss.errors import NotAligned
from isogloss.spaces.collection import Collection
from isogloss.spaces.space import Space
from tests.kit.copied import copied_tree, run_in
from tests.kit.pages import visit
from tests.kit.spaces import make_space

EVERY = pytest.mark.parametrize("name", MEASURES.names)
N = 80


def two_spaces(dims: tuple[int, int] = (6, 6)) -> tuple[Space, Space]:
    """Of the same items in another order, each with one of its own; all used often."""
    rng = np.random.default_rng(0)
    base = rng.normal(size=(N, max(dims)))
    order = rng.permutation(N)
    a = make_space("a", [f"w{i}" for i in range(N)] + ["only-a"], rng.normal(size=(N + 1, dims[0])), [200] * (N + 1))
    moved = (base + 0.5 * rng.normal(size=base.shape))[:, : dims[1]]
    b = make_space("b", [*(f"w{i}" for i in order), "only-b"], np.vstack([moved[order], moved[:1]]), [150] * (N + 1))
    return a, b


@EVERY
def test_it_says_what_it_is(name: str) -> None:
    one = MEASURES[name]
    assert one.name == name
    assert one.title
    assert one.help.endswith(".")
    low, high = one.range
    assert low == 0 < high
    assert all(one.default_k(n) >= 0 for n in (0, 1, 2, 30, 100_000))


@EVERY
def test_distances_lie_in_its_range(name: str) -> None:
    a, b = two_spaces()
    found = distances(Shared(a, b), MEASURES[name])
    assert (found.shape, found.dtype) == ((N,), np.float32)
    low, high = MEASURES[name].range
    assert (found >= low).all()
    assert (found <= high).all()
    assert found.max() > 0.01
    opposite = Space("c", a.items, -a.vectors, a.columns)  # the farthest that a vector can turn
    far = distances(Shared(a, opposite), MEASURES[name])
    assert (far[np.isfinite(far)] <= high + 1e-6).all()  # float32


@EVERY
def test_nothing_moves_between_a_space_and_itself(name: str) -> None:
    a, _ = two_spaces()
    assert np.abs(distances(Shared(a, a), MEASURES[name])).max() < 1e-6


@EVERY
@pytest.mark.parametrize("k", [None, 3])
def test_either_direction_says_the_same(name: str, k: int | None) -> None:
    a, b = two_spaces()
    one, other = Shared(a, b), Shared(b, a)
    there = dict(zip(one.items, distances(one, MEASURES[name], k=k), strict=True))
    back = dict(zip(other.items, distances(other, MEASURES[name], k=k), strict=True))
    assert [back[item] for item in there] == pytest.approx(list(there.values()), abs=1e-5)


@EVERY
def test_it_needs_shared_coordinates_or_does_not(name: str) -> None:
    one = MEASURES[name]
    spaces = two_spaces((6, 4))
    for pair in (Shared(*spaces).pair(), Shared(*two_spaces()).pair(aligned=False)):
        found = pair.distances(one, max(1, one.default_k(N)))
        assert np.isnan(found).all() == one.needs_alignment
    assert (one in usable(aligned=False)) != one.needs_alignment
    apart = Collection("apart", spaces)
    if one.needs_alignment:
        with pytest.raises(NotAligned, match=name):
            measure_drift(apart, "a", "b", measure=name)
    else:
        assert np.isfinite(measure_drift(apart, "a", "b", measure=name).distance).all()


@EVERY
def test_what_has_nothing_to_be_compared_with_is_unknown(name: str) -> None:
    a, b = two_spaces()
    empty = Shared(a, Space("c", ("x", "y"), np.eye(2, 6, dtype=np.float32)))
    assert distances(empty, MEASURES[name]).shape == (0,)
    few = Shared(a, Space("c", a.items[:1], b.vectors[:1], a.columns.slice(0, 1)))
    found = distances(few, MEASURES[name])
    assert found.shape == (1,)
    assert np.isfinite(found).all() or np.isnan(found).all()
    never = Pair(a.unit, a.unit, np.zeros(len(a), dtype=bool))
    assert not np.isinf(measured(never)[name]).any()


@EVERY
def test_the_command_line_offers_it(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["drift", "--help"])
    told = capsys.readouterr().out
    assert name in told[told.index("--measure {") :].partition("}")[0]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> AppTest:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ISOGLOSS_HOME", str(tmp_path_factory.mktemp("home")))
        return visit("pages/3_Drift.py")


@EVERY
def test_the_page_offers_it_with_its_help(name: str, page: AppTest) -> None:
    box = page.selectbox(key="measure")
    assert name in box.options
    assert f"{name}: {MEASURES[name].help}" in box.help
    assert box.help == measures_help()


THROWN_AWAY = """
import numpy as np
from isogloss.drift.measure import Measure
class Turned(Measure):
    name = "turned-length"
    title = "half the turned length"
    help = "half the length of the way between the two unit vectors."
    needs_alignment = True
    def distances(self, pair, k):
        return np.linalg.norm(pair.source - pair.target, axis=1) / 2
member = Turned()
"""

PAGE = """
import json, sys
from tests.kit.pages import html_of, visit
at = visit("pages/3_Drift.py", measure="turned-length", item="climate")
box = at.selectbox(key="measure")
rows = next(t.value.to_dict("records") for t in at.dataframe if "verdict" in t.value.columns and len(t.value) < 9)
print(json.dumps({"options": box.options, "value": box.value, "help": box.help, "html": html_of(at), "rows": rows}))
"""

BUILT = """
import json
from pathlib import Path
import sys
import numpy as np
from isogloss.corpora.recipe import Replicates
from isogloss.training.build import build
from isogloss.drift.ranking import measure_drift
from tests.kit.corpora import Generator, recipe
rng = np.random.default_rng(2)
tables = [Generator(words=120, topics=8, seed=2).documents(250, name, rng) for name in "ab"]
one = recipe(tables, Path(sys.argv[1]), Replicates(author=3), dim=8, slice_epochs=2, ship_count=25)
controls = build(one, workers=1).collection
found = measure_drift(controls, "a", "b", measure="turned-length")
print(json.dumps({"measures": controls.controls.measures, "tested": int(found.tested.sum())}))
"""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tree with one file more."""
    root = copied_tree(tmp_path_factory.mktemp("copied"))
    (root / "isogloss" / "drift" / "measures" / "turned_length.py").write_text(THROWN_AWAY, encoding="utf-8")
    return root


@pytest.mark.long
def test_a_new_file_is_a_measure_of_the_command_line(tree: Path, tmp_path: Path) -> None:
    pair = ["un-debates", "--source", "1946-1969", "--target", "2007-2024"]
    asked = ["-m", "isogloss", "drift", *pair, "--measure", "turned-length", "--top", "2"]
    done = run_in(tree, *asked, "--json", home=tmp_path)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["measure"] == "turned-length"
    assert told["n_significant"] is None  # the controls that ship are older
    assert [word["significant"] for word in told["words"]] == [None, None]
    assert 0 < told["words"][0]["distance"] <= 1
    again = run_in(tree, *asked, home=tmp_path)
    assert "nothing was tested" in again.stdout
    kept = list((tmp_path / "derived").rglob("drift-*.npz"))
    assert len(kept) == 1
    four = run_in(tree, "-m", "isogloss", "drift", *pair, "--top", "2", "--json", home=tmp_path)
    assert json.loads(four.stdout)["n_significant"] == 2857


@pytest.mark.long
def test_a_new_file_is_a_measure_of_the_page_and_what_ships_is_not_tested_by_it(tree: Path, tmp_path: Path) -> None:
    done = run_in(tree, "-c", PAGE, home=tmp_path)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["options"] == [*MEASURES.names, "turned-length"]
    assert told["value"] == "turned-length"
    assert "turned-length: half the length" in told["help"]
    assert "older than the measure" in told["html"]
    assert "All four measures agree" in told["html"]
    verdicts = {row["measure"]: row["verdict"] for row in told["rows"]}
    assert verdicts["half the turned length"] == "not tested"
    assert verdicts[MEASURES["cosine"].title] == "moved"


@pytest.mark.long
def test_a_new_file_is_a_measure_of_what_is_built_from_then_on(tree: Path, tmp_path: Path) -> None:
    done = run_in(tree, "-c", BUILT, str(tmp_path), home=tmp_path)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["measures"] == [*MEASURES.names, "turned-length"]
    assert told["tested"] > 20
