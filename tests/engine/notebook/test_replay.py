"""A case holds, has changed or misses something; whatever it holds, that is all that happens."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.cli.asked import asking
from isogloss.cli.main import main
from isogloss.errors import InvalidValue
from isogloss.notebook.case import Case
from isogloss.notebook.commands import READING, changed, options_of, parts, require_reading, spelt
from isogloss.notebook.figures import KeptFigure, same
from isogloss.notebook.kind import KINDS
from isogloss.notebook.replay import make_case, verify
from isogloss.notebook.survives import survives
from isogloss.notebook.view import View
from isogloss.spaces.collection import Alignment, Collection
from isogloss.workspace.store import Workspace
from tests.kit.spaces import make_space

WORDS = ["peace", "-ism", "=1+1", "a, b", "wär", "世界", "<b>", "/etc/passwd", *(f"w{i}" for i in range(40))]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    found = Workspace(tmp_path_factory.mktemp("home"))
    found.save(made(0))
    return found


def made(seed: int, names: tuple[str, ...] = ("early/1", "-50--1")) -> Collection:
    base = np.random.default_rng(seed).normal(size=(len(WORDS), 8))
    spaces = [
        make_space(name, WORDS, base + 0.3 * np.random.default_rng(9 + number).normal(size=base.shape))
        for number, name in enumerate(names)
    ]
    return Collection("two", tuple(spaces), alignment=Alignment("declared"), ordered=True)


VIEWS = [
    *(View.of("Neighbors", {"collection": "two", "item": word, "k": "4"}) for word in WORDS[:9]),
    View.of("Neighbors", {"collection": "two", "item": "w1 - w2 + w3", "space": "early/1", "criterion": "csls"}),
    View.of("Map", {"collection": "two", "item": "peace", "spaces": ["-50--1"], "dimensions": "3-D"}),
    View.of("Map", {"collection": "two", "item": "-ism, peace", "layout": "matched"}),
    View.of("Drift", {"collection": "two", "item": "-ism", "measure": "jaccard", "uses": "-5"}),
    View.of("Drift", {"collection": "two", "from": "nowhere"}),
]


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.link[:60])
def test_a_view_is_kept_and_holds(view: View, place: Workspace) -> None:
    case = make_case(view, asking(place), place)
    assert case.figures
    assert "--json" in case.command
    found = verify(Case.of_text(case.text()), asking(place), workspace=place)
    assert (found.verdict, found.why, found.old) == ("holds", "", found.new)
    assert json.loads(json.dumps(found.as_json())) == found.as_json()


def test_what_changed_is_said_from_old_to_new(place: Workspace, tmp_path: Path) -> None:
    case = make_case(VIEWS[0], asking(place), place)
    other = Workspace(tmp_path)
    other.save(made(7))
    found = verify(case, asking(other), workspace=other)
    assert found.verdict == "changed"
    assert found.new
    assert all(found.old[one.name] != found.new[one.name] for one in case.figures)
    assert " → " in found.why
    assert "fingerprint differs" in found.why


def test_what_is_missing_is_named(place: Workspace, tmp_path: Path) -> None:
    case = make_case(VIEWS[0], asking(place), place)
    assert verify(case, asking(Workspace(tmp_path)), workspace=place).why.startswith("there is no collection 'two'")
    gone = replace(case, command=("neighbors", "two", "nobody", "--json"))
    assert verify(gone, asking(place)).verdict == "missing"
    assert "nobody" in verify(gone, asking(place)).why
    lost = replace(case, command=("neighbors", "two", "peace", "--space=third", "--json"))
    assert "third" in verify(lost, asking(place)).why
    assert "no command" in verify(replace(case, command=()), asking(place)).why


@pytest.mark.parametrize(
    "command",
    [
        "delete two --json",
        "serve --json",
        "cases verify --json",
        "neighbors two peace",
        "neighbors two peace --workspace=/tmp --json",
        "neighbors two peace --works=/tmp --json",
        "neighbors two peace --json --workspace /tmp",
        "neighbors ../two peace --json",
        "neighbors two --json",
        "neighbors two a b --json",
        "neighbors two peace --k=1e9 --json",
        "neighbors two peace --k=99999999 --json",
        "scripts two --store=/tmp --json",
        "align two/a two/b --train=identical --json",
        "align /etc/passwd two/b --train=identical --no-files --json",
        "align two/a two/b --train=/etc/passwd --no-files --json",
        "align two/a two/b --train=identical --no-files --into=x --json",
        "align two/a two/b --train=identical --no-files --save=x --json",
        "drift two --source=a --target=b --json -h",
        "drift two --source=a --target=b --json=1",
    ],
)
def test_a_command_that_does_more_than_answer_is_not_run(command: str) -> None:
    def run(asked: object) -> None:
        raise AssertionError(asked)

    case = replace(Case(View("Drift")), command=tuple(command.split()))
    assert verify(case, run).verdict == "missing"
    with pytest.raises(InvalidValue):
        survives(case, run)


tokens = st.one_of(
    st.sampled_from(
        [
            *READING,
            "two",
            "peace",
            "--json",
            "--",
            "--workspace",
            "--workspace=/",
            "-h",
            "--k=3",
            "--k",
            "",
            "-",
            "--in=x",
        ]
    ),
    st.sampled_from(
        ["--source=early/1", "--target=-50--1", "--item=peace", "--measure=jaccard", "--space=x", "@/etc/passwd"]
    ),
    st.text(max_size=8),
)
pointers = st.one_of(
    st.sampled_from(["/results/early~11/0/similarity", "/words/0", "/k", "", "/", "//", "/0"]), st.text(max_size=6)
)


@given(
    st.lists(tokens, max_size=7).map(tuple),
    pointers,
    st.sampled_from(["Drift", "Map", "Nowhere", "Align", "Neighbors"]),
)
def test_whatever_a_case_holds_there_is_a_verdict(command: tuple[str, ...], pointer: str, page: str) -> None:
    place = Workspace(_HOME.root)
    figure = KeptFigure(name="x", value=1.0, pointer=pointer, beside={"low": pointer})
    case = Case(View(page), command=command, figures=(figure,), neighbors={"early/1": ("w1",)})
    found = verify(case, asking(place), workspace=place)
    assert found.verdict in ("changed", "missing")
    assert json.dumps(found.as_json())


class _Home:
    root: Path | None = None


_HOME = _Home()


@pytest.fixture(autouse=True)
def _home(place: Workspace) -> None:
    _HOME.root = place.root


@given(st.sampled_from(["neighbors", "analogy"]), st.text(max_size=9).map(lambda t: t or "x"), st.integers(1, 99))
def test_commands_are_read_as_they_are_spelt(name: str, word: str, k: int) -> None:
    command = spelt(name, ["two", word], k=k, space=word)
    require_reading(command)
    assert (parts(command)[0], options_of(command)["k"]) == (["two", word], str(k))
    other = changed(command, k=k + 1, space=None)
    assert (parts(other)[0], options_of(other)) == (["two", word], {"k": str(k + 1), "json": ""})


def test_numbers_are_held_to_the_last_digit_that_is_printed() -> None:
    assert same(0.1234561, 0.1234564)
    assert not same(0.123456, 0.123457)
    assert not same(1_000_000, 1_000_001)
    assert not same(1, True)
    assert not same(None, 0)
    assert same(None, None)


def test_what_a_case_survives_is_counted(place: Workspace) -> None:
    found = survives(make_case(VIEWS[0], asking(place), place), asking(place))
    assert [one.what for one in found.variations] == ["k 2", "k 6", "criterion csls"]
    assert (found.stood, found.computed) == (3, 3)
    assert found.sentence() == "peace · Neighbors: 3 of 3"
    odd = Case(View("Drift"), command=("neighbors", "two", "peace", "--json"))
    assert survives(odd, asking(place)).computed == 0


def test_from_the_command_line(place: Workspace, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    def cases(*arguments: str) -> object:
        assert main(["cases", *arguments]) == 0
        return json.loads(capsys.readouterr().out)

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ISOGLOSS_HOME", str(place.root))
        kept = cases("keep", "/Neighbors?collection=two&item=-ism&k=4", "--comment=why", "--tag=a", "--tag=b", "--json")
        assert isinstance(kept, dict)
        assert (kept["comment"], kept["tags"], kept["how"]) == ("why", ["a", "b"], "picked")
        assert cases("show", kept["id"][:6], "--json") == kept
        (row,) = cases("list", "--tag=a", "--json")
        assert (row["id"], row["page"]) == (kept["id"], "Neighbors")
        (verdict,) = cases("verify", kept["id"], "--json")
        assert set(verdict) == {"id", "verdict", "old", "new", "why"}
        assert verdict["verdict"] == "holds"
        file = tmp_path / "x.jsonl"
        assert cases("export", str(file), "--format=jsonl", "--json")["cases"] == 1
        assert cases("import", str(file), "--json")["skipped"] == {"case_that_is_there": 1}
        assert main(["cases", "keep", "/Data", "--json"]) == 2
        assert "no figures to keep" in capsys.readouterr().err
        patch.setenv("ISOGLOSS_READONLY", "1")
        assert main(["cases", "keep", "/Drift?collection=two"]) == 2
        assert "read-only" in capsys.readouterr().err


def test_every_page_of_cases_is_named_once() -> None:
    pages = [KINDS[name].page for name in KINDS]
    assert len(set(pages)) == len(pages)
