"""One table of verbs, two faces: what is answered, what is refused, and that noise is offered as no finding."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import anyio
import jsonschema
import numpy as np
import pyarrow as pa
import pytest

from isogloss.cli.asked import asking
from isogloss.cli.verbs.kinds.drift import NOTHING
from isogloss.cli.verbs.over_http import LARGEST, application
from isogloss.cli.verbs.verb import VERBS, Busy, Turn
from isogloss.corpora.recipe import Replicates
from isogloss.errors import InvalidValue, IsoglossError, NotFound
from isogloss.notebook.view import View
from isogloss.spaces.collection import Alignment, Collection
from isogloss.spaces.space import Space
from isogloss.training.build import build
from isogloss.workspace.store import Workspace
from tests.kit.corpora import Generator, recipe

UN = {"collection": "un-debates"}
PAIR = UN | {"source": "1946-1969", "target": "2007-2024"}
ASKED: list[tuple[str, dict[str, Any]]] = [
    ("collections", {}),
    ("neighbors", UN | {"item": "climate", "k": 3}),
    ("neighbors", UN | {"item": "war - peace"}),
    ("drift", PAIR | {"top": 3}),
    ("drift", PAIR | {"item": "neutrality"}),
    (
        "align",
        {"source": "un-debates/1946-1969", "target": "un-debates/1970-1989", "anchors": "identical", "limit": 600},
    ),
]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """With what is shipped."""
    return Workspace(tmp_path / "home")


@pytest.mark.long
@pytest.mark.parametrize(("name", "given"), ASKED, ids=[f"{name}{len(given)}" for name, given in ASKED])
def test_an_answer_carries_its_evidence(name: str, given: dict[str, Any], workspace: Workspace) -> None:
    require_evidence(name, given, workspace)


def require_evidence(name: str, given: dict[str, Any], workspace: Workspace) -> None:
    told = VERBS[name].ask(given, workspace)
    jsonschema.validate(given, VERBS[name].schema())
    assert told["figures"]
    for one in told["figures"]:
        assert {"name", "value", "n", "interval", "null"} <= set(one)
        assert one["n"] > 0
        assert (one["interval"] and one["null"] is not None) or one["why"]
    view = View.of_link(told["link"])
    assert view.page
    command = shlex.split(told["command"])[3:]
    again = asking(workspace)(command)
    timeless = [{key: value for key, value in one.items() if key != "seconds"} for one in map(dict, _objects(again))]
    assert timeless == [{k: v for k, v in one.items() if k != "seconds"} for one in _objects(told["result"])]
    json.dumps(told, allow_nan=False)


def _objects(output: Any) -> list[Any]:
    return output if isinstance(output, list) else [output]


def test_the_page_of_the_link_would_run_the_same_command(workspace: Workspace) -> None:
    from isogloss.notebook.kind import ground_of, kind_of

    told = VERBS["drift"].ask(PAIR | {"item": "neutrality"}, workspace)
    view = View.of_link(told["link"])
    command = kind_of(view.page).command(view, ground_of(workspace, view))
    assert set(command) == set(shlex.split(told["command"])[3:])


WRONG: list[tuple[str, Any, str]] = [
    ("neighbors", {}, "collection"),
    ("neighbors", UN | {"item": "peace", "k": 51}, "from 3 to 50"),
    ("neighbors", UN | {"item": "peace", "k": True}, "from 3 to 50"),
    ("neighbors", UN | {"item": "a" * 201}, "201 letters"),
    ("neighbors", UN | {"item": "peace", "space": "1066"}, "no space '1066'"),
    ("neighbors", UN | {"item": "peace", "save": "x"}, "no argument 'save'"),
    ("neighbors", {"collection": "../etc", "item": "peace"}, "collection is"),
    ("neighbors", [1], "arguments are"),
    ("drift", PAIR | {"top": 0}, "from 1 to 50"),
    ("drift", PAIR | {"measure": "euclid"}, "choose from"),
    ("align", {"source": "/etc/passwd", "target": "a/b", "anchors": "identical"}, "source is"),
    ("align", {"source": "un-debates/1946-1969", "target": "un-debates/x", "anchors": "/etc/passwd"}, "anchors is"),
]


@pytest.mark.parametrize(("name", "given", "fact"), WRONG, ids=range(len(WRONG)))
def test_what_cannot_be_asked_is_told(name: str, given: Any, fact: str, workspace: Workspace) -> None:
    with pytest.raises(InvalidValue) as told:
        VERBS[name].ask(given, workspace)
    assert fact in str(told.value)
    assert told.value.lever


def test_a_collection_that_is_not_there_is_not_found(workspace: Workspace) -> None:
    with pytest.raises(NotFound):
        VERBS["neighbors"].ask({"collection": "nowhere", "item": "x"}, workspace)


def test_few_wait() -> None:
    turn = Turn(1)
    with turn.taken(), pytest.raises(Busy), turn.taken():
        pass
    with turn.taken():
        pass


@pytest.fixture(scope="module")
def halves(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A corpus split at random: both slices are drawn by one law. Beside it, two spaces of no common meaning, and one
    whose labels are drawn by lot.
    """
    folder = tmp_path_factory.mktemp("halves")
    generator, rng = Generator(words=120, topics=8, seed=4), np.random.default_rng(4)
    tables = [generator.documents(150, name, rng) for name in "ab"]
    split = recipe(tables, folder, Replicates(author=2, document=2), dim=8, slice_epochs=2, ship_count=25)
    found = build(split, workers=1)
    workspace = Workspace(folder / "home")
    workspace.save(found.collection)
    words = tuple(f"w{i}" for i in range(400))
    apart = [Space(name, words, rng.normal(size=(400, 20)).astype(np.float32)) for name in ("one", "two")]
    workspace.save(Collection("unrelated", tuple(apart)))
    lot = rng.integers(2, size=400)
    labels = pa.table({"script": np.array(["Latn", "Cyrl"])[lot].tolist()})
    workspace.save(Collection("shuffled", (Space("all", words, apart[0].vectors, labels),)))
    moved = apart[0].vectors + np.outer(lot, np.full(20, 3, dtype=np.float32))
    workspace.save(Collection("apart", (Space("all", words, moved, labels),)))
    return workspace


@pytest.mark.long
def test_two_random_halves_are_no_finding(halves: Workspace) -> None:
    told = VERBS["drift"].ask({"collection": "planted", "source": "a", "target": "b", "top": 50}, halves)
    assert told["findings"] == []
    assert NOTHING in told["says"]
    assert all(one["null"] is not None for one in told["figures"])


@pytest.mark.long
def test_unrelated_spaces_and_shuffled_labels_are_no_finding(halves: Workspace) -> None:
    asked = {"source": "unrelated/one", "target": "unrelated/two", "anchors": "identical"}
    told = VERBS["align"].ask(asked, halves)
    assert (told["findings"], told["says"]) == ([], "nothing to tell from guessing")
    told = VERBS["separation"].ask({"collection": "shuffled"}, halves)
    assert told["findings"] == []
    assert "nothing to tell" in told["says"]
    require_evidence("separation", {"collection": "shuffled"}, halves)


@pytest.mark.long
def test_groups_that_lie_apart_are_a_finding(halves: Workspace) -> None:
    told = VERBS["separation"].ask({"collection": "apart"}, halves)
    assert len(told["findings"]) == 1
    (n,) = {one["n"] for one in told["figures"]}
    assert 0 < n < sum(one["n"] for one in told["result"]["groups"])  # the half on which nothing was fitted


def test_what_was_not_tested_says_so(workspace: Workspace) -> None:
    space = Space("one", ("a", "b", "c"), np.eye(3, dtype=np.float32))
    other = Space("two", ("a", "b", "c"), np.eye(3, dtype=np.float32)[::-1].copy())
    workspace.save(Collection("bare", (space, other), alignment=Alignment("declared")))
    told = VERBS["drift"].ask({"collection": "bare", "source": "one", "target": "two"}, workspace)
    assert told["findings"] == []
    assert "nothing was tested" in told["says"]


def on_its_own(talk: Callable[[], Awaitable[None]]) -> None:
    """In a thread of its own: a browser driven in the same process has an event loop running in the main one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(anyio.run, talk).result()


@pytest.mark.long
def test_tools_of_the_protocol(workspace: Workspace) -> None:
    from mcp import Client

    from isogloss.cli.verbs.over_mcp import server

    async def talk() -> None:
        async with Client(server(workspace)) as client:
            tools = (await client.list_tools()).tools
            assert [one.name for one in tools] == list(VERBS)
            assert all(one.annotations and one.annotations.read_only_hint for one in tools)
            assert tools[1].input_schema == VERBS["neighbors"].schema()
            found = await client.call_tool("drift", PAIR | {"item": "neutrality"})
            assert not found.is_error
            assert found.structured_content == VERBS["drift"].ask(PAIR | {"item": "neutrality"}, workspace)
            wrong = await client.call_tool("neighbors", UN | {"item": "peace", "space": "1066"})
            assert wrong.is_error
            assert set(wrong.structured_content or {}) == {"fact", "lever"}
            assert (await client.call_tool("delete", {})).is_error

    on_its_own(talk)


@pytest.mark.long
def test_over_stdin_and_stdout(tmp_path: Path) -> None:
    from mcp import Client, StdioServerParameters

    started = StdioServerParameters(
        command=sys.executable, args=["-m", "isogloss", "mcp", "--workspace", str(tmp_path)], cwd=str(Path.cwd())
    )

    async def talk() -> None:
        async with Client(started) as client:
            found = await client.call_tool("neighbors", UN | {"item": "climate", "k": 3})
            assert (found.structured_content or {})["result"]["item"] == "climate"

    on_its_own(talk)


def _client(workspace: Workspace) -> Any:
    from starlette.testclient import TestClient

    return TestClient(application(workspace), base_url="http://127.0.0.1:8502")


def test_over_http(workspace: Workspace) -> None:
    client = _client(workspace)
    told = client.get("/").json()
    assert [one["name"] for one in told["verbs"]] == list(VERBS)
    assert client.get("/health").text == "ok"
    asked = PAIR | {"top": 2, "same_speakers": False}
    by_post = client.post("/v1/drift", json=asked).json()
    by_get = client.get("/v1/drift", params=PAIR | {"top": "2", "same_speakers": "false"}).json()
    assert by_post == by_get == VERBS["drift"].ask(asked, workspace)


def test_what_http_refuses(workspace: Workspace) -> None:
    client = _client(workspace)
    asked = UN | {"item": "peace"}
    for answer, status in (
        (client.get("/v1/neighbors", params={"collection": "nowhere", "item": "x"}), 404),
        (client.get("/v1/delete"), 404),
        (client.get("/v2/x/y"), 404),
        (client.put("/v1/neighbors"), 405),
        (client.get("/v1/neighbors", params=[*asked.items(), ("item", "war")]), 400),
        (client.post("/v1/neighbors", content=json.dumps(asked)), 400),
        (client.post("/v1/neighbors", content="{", headers={"content-type": "application/json"}), 400),
        (client.post("/v1/neighbors", content="[" * 9_000, headers={"content-type": "application/json"}), 400),
        (client.post("/v1/neighbors", json=asked | {"item": "x" * LARGEST}), 400),
        (client.get("/", headers={"host": "evil.example"}), 403),
        (client.get("/", headers={"origin": "http://evil.example"}), 403),
        (client.get("/", headers={"origin": "http://127.0.0.1:9000"}), 403),
    ):
        assert answer.status_code == status, (answer.url, answer.text)
        assert set(answer.json()) == {"fact", "lever"}
    assert client.get("/", headers={"origin": "http://localhost:8502"}).status_code == 200


def test_nothing_reaches_a_client_but_its_kind_of_error(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Any:
        raise IsoglossError("x", "y")

    monkeypatch.setattr(VERBS["collections"], "ask", broken, raising=False)
    assert _client(workspace).get("/v1/collections").json() == {"fact": "x", "lever": "y"}
