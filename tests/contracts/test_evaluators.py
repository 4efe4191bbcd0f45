"""What every evaluator promises, and that one new file is an evaluator."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import isogloss as iso
from isogloss.encoders.static import load_encoder
from isogloss.errors import InvalidValue
from isogloss.evaluators.evaluator import EVALUATORS, evaluate
from isogloss.figure import Figure
from isogloss.separation.gap import Line
from tests.kit.collections import scripts_collection
from tests.kit.copied import copied_tree, run_in
from tests.kit.pairs import turned

NEW = """
from isogloss.figure import Figure
from isogloss.spaces.collection import Collection


class Size:
    name, title, help = "size", "size", "how many items."
    subject, against = "a collection", ""

    def claims(self, subject):
        return isinstance(subject, Collection)

    def __call__(self, subject, against=None):
        n = sum(map(len, subject.spaces))
        return {"items": Figure(value=n, n=len(subject), better="more", how="items of all spaces")}


member = Size()
"""


def subjects() -> dict[str, tuple[object, object]]:
    """Something that each is for, and what it is held against."""
    un = iso.open("un-debates")
    ranking = iso.measure_drift(un, "1946-1969", "2007-2024", min_count=500)
    gold = {item: float(row % 2 == 0) for row, item in enumerate(ranking.items[:40])}
    source, target, pairs = turned()
    lines = [Line("rus", r, e, r) for r, e in (("добрый день", "good day"), ("море", "the sea"), ("вино", "wine"))]
    return {
        "bli": (iso.align(source, target, anchors=pairs, test=0.25), None),
        "gold": (ranking, gold),
        "groups": (scripts_collection().spaces[0], None),
        "gap": (load_encoder(), lines),
    }


@pytest.fixture(scope="module")
def known() -> dict[str, tuple[object, object]]:
    return subjects()


def test_each_member_has_a_subject_here(known: dict[str, tuple[object, object]]) -> None:
    assert tuple(known) == EVALUATORS.names


@pytest.mark.parametrize("name", EVALUATORS.names)
def test_it_is_for_its_subject_alone_and_answers_in_figures(name: str, known: dict[str, tuple[object, object]]) -> None:
    one = EVALUATORS[name]
    assert one.name == name
    assert one.title
    assert one.help.endswith(".")
    assert [other for other, (subject, _) in known.items() if one.claims(subject)] == [name]
    found = evaluate(*known[name])
    assert found
    for figure in found.values():
        assert isinstance(figure, Figure)
        assert figure.better in ("more", "less", "neither")
        assert figure.how
        assert not figure.known or figure.n > 0
        if figure.interval is not None and figure.known:
            assert figure.interval[0] <= figure.value + 1e-9
            assert figure.value <= figure.interval[1] + 1e-9


@pytest.mark.parametrize("name", ["gold", "gap"])
def test_what_it_is_held_against_has_to_be_given(name: str, known: dict[str, tuple[object, object]]) -> None:
    with pytest.raises(InvalidValue, match="without"):
        evaluate(known[name][0])


def test_other_things_are_refused_with_the_subjects_that_there_are() -> None:
    with pytest.raises(InvalidValue, match="a ndarray cannot be evaluated: give one of: an alignment"):
        evaluate(np.eye(2))


def test_a_new_file_is_an_evaluator(tmp_path: Path) -> None:
    root = copied_tree(tmp_path)
    (root / "isogloss" / "evaluators" / "kinds" / "size.py").write_text(NEW, encoding="utf-8")
    code = "import json, isogloss as iso; print(json.dumps(iso.evaluate(iso.open('un-debates'))['items'].value))"
    done = run_in(root, "-c", code, home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == 26480
