"""What every alignment method promises; a file in the family's folder is a method everywhere."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError, asdict, fields
from pathlib import Path

import numpy as np
import pytest

from isogloss.alignment.anchors.dictionary import Dictionary, identical, split
from isogloss.alignment.learning import Learning, learn_mapping
from isogloss.alignment.method import METHODS, Problem, declared, parameter_names
from isogloss.cli.main import _parser
from isogloss.formats.writing import export_space
from isogloss.spaces.collection import Alignment, Collection
from isogloss.spaces.space import Space
from isogloss.workspace.store import Workspace
from tests.kit.copied import copied_tree, run_in
from tests.kit.pages import visit
from tests.kit.pairs import DIM, N, precision, turned
from tests.kit.tiers import cases

SHORT = Learning(given={"patience": 3})
KEYS = {
    "procrustes": {"seed": 0},
    "ridge": {"ridge": 1.0, "seed": 0},
    "refine": {"rounds": 5, "frequent": 20_000, "seed": 0},
    "rcsls": {
        "rate": 1.0,
        "iterations": 11,
        "spectral": False,
        "neighbors": 10,
        "negatives": 200_000,
        "seed": 0,
    },
    "vecmap": {"seed": 0},
    "vecmap-self": {"frequent": 20_000, "neighbors": 10, "keep": 0.1, "patience": 50, "seed": 0},
}


@pytest.fixture(params=METHODS.names)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_it_says_what_it_is(name: str) -> None:
    one = METHODS[name]
    assert one.name == name
    assert one.title
    assert one.described
    assert isinstance(one.quick, bool)
    assert len({METHODS[other].title for other in METHODS}) == len(METHODS)


def test_its_parameters_have_titles_and_bounds_and_cannot_be_changed(name: str) -> None:
    one = METHODS[name]
    for field in fields(one):
        told = field.metadata
        assert told["title"]
        if isinstance(field.default, bool):
            continue
        assert told["low"] <= field.default <= told["high"]
        assert type(told["low"]) is type(told["high"]) is type(field.default)
        with pytest.raises(FrozenInstanceError):
            setattr(one, field.name, field.default)


def test_parameters_of_one_name_are_one_parameter() -> None:
    """They have one widget and one value for all methods."""
    for one in declared().values():
        for method in one.methods:
            other = next(field for field in fields(METHODS[method]) if field.name == one.name)
            assert (other.default, dict(other.metadata)) == (one.default, dict(one.field.metadata))


def test_keys_hold_its_own_parameters_and_the_seed(name: str) -> None:
    one = METHODS[name]
    assert one.of(3) == {**asdict(one), "seed": 3}
    assert json.loads(json.dumps(one.of())) == one.of()
    every = {
        field.name: not field.default if isinstance(field.default, bool) else field.metadata["low"]
        for field in fields(one)
    }
    assert one.given({**every, "nobody": 1}).of() == {**every, "seed": 0}
    assert METHODS[name].of() == one.of()


def test_the_keys_of_what_ships_stay() -> None:
    assert {name: METHODS[name].of() for name in KEYS} == KEYS


def test_a_planted_rotation_is_recovered(name: str) -> None:
    source, target, every = turned()
    train, test = split(every, 0.5)
    mapping, diagnostics = learn_mapping(source, target, train, method=name, learning=SHORT)
    assert precision(source, target, mapping, test) == 1.0
    assert precision(target, source, mapping.inverted(), test.reversed()) == 1.0
    assert diagnostics["held_out_precision_at_1"] == 1.0
    if name in ("procrustes", "refine"):
        assert diagnostics["orthogonality"] < 1e-9
        x, z = mapping.source.apply(source.vectors), mapping.target.apply(target.vectors)
        np.testing.assert_allclose(x, z[[target[f"t{i}"] for i in range(N)]], atol=1e-5)


def test_a_space_lies_on_itself(name: str) -> None:
    source, _, _ = turned(2)
    copy = Space("copy", source.items, source.vectors)
    mapping, _ = learn_mapping(source, copy, identical(source, copy), method=name, learning=SHORT)
    x, z = mapping.source.apply(source.vectors), mapping.target.apply(source.vectors)
    cosine = (x * z).sum(axis=1) / np.linalg.norm(x, axis=1) / np.linalg.norm(z, axis=1)
    assert cosine.min() > 0.99
    assert precision(source, copy, mapping, identical(source, copy)) == 1.0


@pytest.mark.long
def test_shuffled_anchors_are_no_better_than_chance(name: str) -> None:
    """For a method that can do without anchors between spaces that have nothing in common: a rotated copy is found
    from any start, now and then from a wrong one too.
    """
    found = []
    for seed in range(cases(20, 2)):
        source, target, every = turned(seed)
        if METHODS[name].unsupervised:
            noise = np.random.default_rng(seed).normal(size=(N, DIM)).astype(np.float32)
            target = Space("target", target.items, noise)
        train, test = split(every, 0.5, seed=seed)
        mixed = np.random.default_rng(seed).permutation(len(train))
        shuffled = Dictionary(tuple((train.pairs[i][0], train.pairs[j][1]) for i, j in enumerate(mixed)))
        mapping, _ = learn_mapping(source, target, shuffled, method=name, learning=SHORT)
        found.append(precision(source, target, mapping, test))
    assert np.mean(found) < 0.05


def test_the_seed_alone_makes_it_repeatable_and_progress_rises(name: str) -> None:
    source, target, every = turned(1, 0.4)
    x, z = source.vectors.astype(np.float64), target.vectors.astype(np.float64)
    problem, shares = Problem(x, z, *every.rows(source, target)), []
    method = SHORT.method(name)

    def note(what: str, share: float, number: float | None = None, /) -> None:
        assert what
        shares.append(share)

    one, two = method.fit(problem, seed=5, progress=note), method.fit(problem, seed=5)
    np.testing.assert_array_equal(one.left, two.left)
    np.testing.assert_array_equal(one.right, two.right)
    assert one.left.shape == one.right.shape == (DIM, DIM)
    assert shares == sorted(shares)
    assert all(0 <= share <= 1 for share in shares)


def test_the_command_line_offers_it_with_its_parameters(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("align", "compare", "draw-alignment"):
        with pytest.raises(SystemExit):
            _parser(command).parse_args([command, "--help"])
        assert f"{name}," in capsys.readouterr().out.replace("}", ",")
    assert {field.name for field in fields(METHODS[name])} <= set(parameter_names())


def test_the_page_offers_each_with_its_parameters() -> None:
    at = visit("pages/5_Align.py", methods="Ridge")
    assert at.button_group(key="methods").options == [METHODS[name].title for name in METHODS]
    for one in declared().values():
        key = one.field.metadata["key"] or one.name
        widgets = at.toggle if isinstance(one.default, bool) else at.number_input
        widget = widgets(key=key)
        assert (widget.label, widget.value) == (one.label, one.default)
        if not isinstance(one.default, bool):
            assert (widget.min, widget.max) == (one.field.metadata["low"], one.field.metadata["high"])


THROWN_AWAY = '''
"""The mean of the offsets."""
from dataclasses import dataclass
from typing import ClassVar
import numpy as np
from isogloss.alignment.method import Fitted, Method, parameter
from isogloss.linear import orthogonal
@dataclass(frozen=True)
class Halfway(Method):
    name: ClassVar[str] = "half-way"
    title: ClassVar[str] = "Halfway"
    described: ClassVar[str] = "half of the way to the target"
    quick: ClassVar[bool] = True
    stretch: float = parameter(2.0, "stretch", low=0.5, high=4.0)
    def fit(self, problem, *, seed=0, progress=None):
        return Fitted(self.stretch * orthogonal(*problem.anchors), problem.still)
member = Halfway()
'''

PAGE = """
import json
from tests.kit.pages import html_of, table_of, visit
at = visit("pages/5_Align.py", methods="Halfway", stretch="3")
told = {"options": at.button_group(key="methods").options, "html": html_of(at)}
widget = at.number_input(key="stretch")
told |= {"label": widget.label, "value": widget.value, "rows": table_of(at, "method")["method"].tolist()}
told["home"] = html_of(visit("app.py"))
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tree with one file more."""
    root = copied_tree(tmp_path_factory.mktemp("copied"))
    (root / "isogloss" / "alignment" / "methods" / "half_way.py").write_text(THROWN_AWAY, encoding="utf-8")
    return root


@pytest.mark.long
def test_a_new_file_is_a_method_of_the_command_line(tree: Path, tmp_path: Path) -> None:
    source, target, every = turned()
    for space in (source, target):
        export_space(space, "word2vec", tmp_path / f"{space.name}.vec")
    (tmp_path / "pairs").write_text("".join(f"{a} {b}\n" for a, b in every.pairs), encoding="utf-8")
    spaces = [str(tmp_path / f"{name}.vec") for name in ("source", "target")]
    asked = ["-m", "isogloss", "align", *spaces, "--train", str(tmp_path / "pairs"), "--method", "half-way"]
    done = run_in(tree, *asked, "--set", "stretch=3", "--json", home=tmp_path)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["diagnostics"]["singular_values"] == pytest.approx([3, 3])
    assert told["results"][0]["precision_at_1"] == 1
    assert "patience, stretch, seed" in " ".join(run_in(tree, *asked[:3], "--help", home=tmp_path).stdout.split())
    setup = {"source": spaces[0], "target": spaces[1], "anchors": str(tmp_path / "pairs"), "parameters": {"stretch": 3}}
    (tmp_path / "setup.json").write_text(json.dumps(setup), encoding="utf-8")
    compare = ["-m", "isogloss", "compare", str(tmp_path / "setup.json"), "--methods", "half-way", "ridge"]
    done = run_in(tree, *compare, home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "alignments").glob("alignment-*.npz"))) == 2


@pytest.mark.long
def test_a_new_file_is_a_method_of_the_page_and_of_home(tree: Path, tmp_path: Path) -> None:
    space, _, _ = turned()
    Workspace(tmp_path).save(Collection("mine", (space,), "Mine", Alignment("half-way")))
    done = run_in(tree, "-c", PAGE, home=tmp_path)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["options"] == [*(METHODS[name].title for name in METHODS), "Halfway"]
    assert (told["label"], told["value"]) == ("Halfway: stretch", 3)
    assert {row.partition(" ")[0] for row in told["rows"]} == {"Halfway"}
    assert "Halfway" in told["html"]
    assert "half of the way to the target" in told["home"]
