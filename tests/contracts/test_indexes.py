"""Every index gives what the exact search gives, or says how often it does not; a published space comes back whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from isogloss.cli.main import main
from isogloss.errors import Cancelled, InvalidValue, NotFound, StoreError
from isogloss.nearest.exact import ExactIndex
from isogloss.nearest.index import INDEXES, Index
from isogloss.nearest.indexes import graph
from isogloss.nearest.neighbors import neighbors
from isogloss.nearest.remote.engine import ENGINES, engine_of
from isogloss.nearest.remote.index import RemoteIndex, connected, linked
from isogloss.nearest.remote.publish import brought, opened, publish, published
from isogloss.nearest.remote.where import conditions
from isogloss.spaces.collection import Alignment, Collection
from isogloss.spaces.space import Space
from isogloss.workspace.derived import DerivedStore
from isogloss.workspace.store import Workspace
from tests.kit.tiers import cases

ODD = ("it's", 'a "b"', "x\\y", "نص", "中文", "हिन्दी", "a\nb", "' OR 1=1 --")
N, DIM, BLOCK = 500, 12, 400  # two blocks, the second one not full
WHERE = {"lancedb": "spaces", "milvus": "spaces.db"}


@pytest.fixture(autouse=True, scope="module")
def blocks() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("isogloss.nearest.remote.publish.BLOCK", BLOCK)
        patch.setattr("isogloss.nearest.remote.publish._SAMPLE", cases(250, least=30))
        yield


def made(seed: int = 0, name: str = "c") -> Collection:
    rng = np.random.default_rng(seed)
    items = ODD + tuple(f"w{i}" for i in range(N - len(ODD)))
    vectors = rng.normal(size=(2, N, DIM)).astype(np.float32)
    columns = pa.table(
        {
            "count": rng.integers(1, 1_000, N),
            "language": ["de", "it's"] * (N // 2),
            'x" or 1': [None if i % 7 == 0 else i / 3 for i in range(N)],
        }
    )
    spaces = (Space("one é", items, vectors[0], columns), Space("two'", items, vectors[1], columns))
    return Collection(name, spaces, "Title", Alignment("declared"))


@pytest.fixture(scope="module", params=list(ENGINES))
def there(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """An address at which the collection is published."""
    uri = str(tmp_path_factory.mktemp(request.param) / WHERE[request.param])
    publish(made(), uri)
    return uri


def indexes(there: str, folder: Path) -> dict[str, Index]:
    space = made()["one é"]
    remote = opened(there, "c", "one é")
    return {
        "exact": ExactIndex(space),
        "graph": graph.build_index(space, DerivedStore(folder)),
        "remote, its vectors here": RemoteIndex(remote._table, remote.told, space),
        "remote, its vectors there": remote,
    }


def test_every_kind_is_held_by_this_contract() -> None:
    assert set(INDEXES) == {"exact", "graph", "remote"}


def test_an_index_gives_exact_similarities_and_the_recall_it_says(there: str, tmp_path: Path) -> None:
    space = made()["one é"]
    rows = np.random.default_rng(5).choice(N, cases(400, least=40), replace=False)
    truth, similarity = ExactIndex(space).search(space.rows(rows), 10)
    for name, index in indexes(there, tmp_path).items():
        found, near = index.search(space.rows(rows) * 3, 10)
        assert found.shape == near.shape == (len(rows), 10), name
        assert (np.diff(near) <= 1e-6).all(), name
        cosine = np.einsum("nkd,nd->nk", space.unit[found], space.unit[rows])
        np.testing.assert_allclose(near, cosine, atol=1e-5, err_msg=name)
        recall = np.mean([len(set(a) & set(b)) / 10 for a, b in zip(found, truth, strict=True)])
        assert recall >= (1.0 if "graph" not in name else 0.95), name
        assert ("measured on" in index.kind) == (name != "exact"), name
        with pytest.raises(InvalidValue, match="dimensions"):
            index.search(np.ones((1, DIM + 1), dtype=np.float32), 3)
        with pytest.raises(InvalidValue, match="k is 0"):
            index.search(space.rows(rows[:1]), 0)
        assert index.search(space.rows(rows[:1]), 10 * N)[0].shape == (1, N), name
    assert (similarity <= 1 + 1e-6).all()


@pytest.mark.parametrize("criterion", ["cosine", "csls"])
def test_neighbors_read_from_there_are_those_here(there: str, criterion: str) -> None:
    remote = opened(there, "c", "one é")
    for item in (*ODD, "w7"):
        near = neighbors(made(), item, k=5, criterion=criterion, targets=["one é"])["one é"]
        found = remote.neighbors(item, 5, criterion=criterion)
        assert [name for name, _ in found] == [one.item for one in near or []]
        np.testing.assert_allclose([s for _, s in found], [one.similarity for one in near or []], atol=1e-4)
    with pytest.raises(NotFound, match="holds no"):
        remote.neighbors("missing' OR '1'='1")


def test_conditions_hold_for_what_is_found(there: str) -> None:
    remote = opened(there, "c", "one é")
    space = made()["one é"]
    told = ["count >= 500", "language = it's", 'x" or 1 < 700']
    asked = conditions(told, remote.told.columns)
    found = remote.neighbors("w9", 10, where=asked)
    unit = space.unit @ space.unit[space["w9"]]
    columns = [space.columns[name].to_pylist() for name in space.columns.column_names]
    fits = [
        i
        for i, (count, language, x) in enumerate(zip(*columns, strict=True))
        if count >= 500 and language == "it's" and x is not None and x < 700 and i != space["w9"]
    ]
    best = sorted(fits, key=lambda i: -unit[i])[:10]
    assert [name for name, _ in found] == [space.items[i] for i in best]
    hostile = conditions(["language = ' OR 1=1 --"], remote.told.columns)
    assert remote.neighbors("w9", 10, where=hostile) == []
    with pytest.raises(InvalidValue, match="no column"):
        conditions(["1=1 OR count > 0"], remote.told.columns)


def test_what_is_brought_back_is_what_was_sent(there: str) -> None:
    back, sent = brought(there, "c"), made()
    assert back.aligned
    for space in sent.spaces:
        assert back[space.name].items == space.items
        np.testing.assert_array_equal(back[space.name].vectors, space.vectors)
        assert back[space.name].columns.to_pydict() == space.columns.to_pydict()


@pytest.mark.long
@pytest.mark.parametrize("engine", list(ENGINES))
def test_a_stopped_publish_goes_on(engine: str, tmp_path: Path) -> None:
    uri = str(tmp_path / WHERE[engine])

    def stops(what: str, share: float, count: float | None = None, /) -> None:
        if what == "rows sent":
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        publish(made(), uri, progress=stops)
    assert not any(one.whole for one in published(uri))
    with pytest.raises(NotFound):
        opened(uri, "c", "one é")
    sent = publish(made(), uri)
    assert [(one.resumed, one.sent) for one in sent] == [(BLOCK, N - BLOCK), (0, N)]
    assert all(one.told.whole and one.told.recall_at_10 == 1 for one in sent)
    assert [one.sent for one in publish(made(), uri)] == [0, 0]
    with pytest.raises(InvalidValue, match="other rows"):
        publish(made(seed=1), uri)
    publish(made(seed=1), uri, replaces=True)
    np.testing.assert_array_equal(brought(uri, "c").spaces[0].vectors, made(seed=1).spaces[0].vectors)


def test_rows_that_are_not_those_sent_are_not_called_whole(tmp_path: Path) -> None:
    uri = str(tmp_path / "spaces")

    def meddles(what: str, share: float, count: float | None = None, /) -> None:
        if what == "rows sent" and count == N:
            table = connected(uri)._base.open_table(published(uri)[0].table)
            table.update(where="row = 3", values={"item": "other"})

    with pytest.raises(StoreError, match="read back"):
        publish(made(), uri, progress=meddles)


class Short:
    """An engine that proposes fewer than it was asked for, or none at all."""

    def __init__(self, table: Any, kept: int | None) -> None:
        self._table, self._kept = table, kept

    def search(self, *asked: Any, **more: Any) -> Any:
        if self._kept is None:
            raise OSError("gone\nat line 3")
        found = self._table.search(*asked, **more)
        found[:, self._kept :] = -1
        return found

    def __getattr__(self, name: str) -> Any:
        return getattr(self._table, name)


@pytest.mark.parametrize("kept", [0, 4, None])
def test_what_an_engine_does_not_propose_is_found_here_or_said(there: str, kept: int | None) -> None:
    space, remote = made()["one é"], opened(there, "c", "one é")
    table = Short(remote._table, kept)
    found = RemoteIndex(table, remote.told, space).search(space.rows(np.arange(3)), 10)
    np.testing.assert_array_equal(found[0], ExactIndex(space).search(space.rows(np.arange(3)), 10)[0])
    with pytest.raises(StoreError, match=r"fewer than 10|no answer .gone."):
        RemoteIndex(table, remote.told).search(space.rows(np.arange(3)), 10)
    few = RemoteIndex(table, remote.told)
    if kept is None:
        with pytest.raises(StoreError, match=r"no answer .gone."):
            few.neighbors("w9")
    else:
        assert len(few.neighbors("w9")) <= kept


@pytest.mark.parametrize("engine", list(ENGINES))
def test_looking_where_nothing_is_makes_nothing(
    engine: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    uri = tmp_path / WHERE[engine]
    for more in ([], ["--item", "w9"], ["--into", "x"]):
        assert main(["open", str(uri), *more]) == 2
        assert "nothing is published at" in capsys.readouterr().err
    assert not uri.exists()


def test_a_damaged_place_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    uri = tmp_path / "spaces"
    publish(made(), str(uri))
    for path in uri.rglob("*.lance"):
        if path.is_file():
            path.write_bytes(b"no data")
    connected.cache_clear()
    assert main(["open", str(uri), "--item", "w9"]) == 2
    told = capsys.readouterr().err
    assert told.startswith("error: the vector engine gave no answer")
    assert told.count("\n") == 1
    (tmp_path / "no.db").write_bytes(b"no database")
    assert main(["open", str(tmp_path / "no.db")]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_large_space_is_asked_where_it_was_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("isogloss.nearest.indexes.remote.LARGE", 10)
    store, one = DerivedStore(tmp_path / "derived"), made()
    publish(one, str(tmp_path / "spaces"), store=store)
    found = INDEXES["remote"].find(one["one é"], store)
    assert found is not None
    assert found.kind.startswith("LanceDB, flat, recall@10 1.000")
    assert linked(made(seed=1)["one é"], store) is None
    told = next((tmp_path / "derived").glob("remote-*.json"))
    told.write_text(told.read_text().replace(str(tmp_path), "/nowhere"), encoding="utf-8")
    assert linked(one["one é"], store) is None or not Path("/nowhere").exists()


def test_addresses_belong_to_engines_and_hold_no_password() -> None:
    assert engine_of("gs://b/c").name == "lancedb"
    assert engine_of("https://host:19530").name == "milvus"
    for uri in ("ftp://x", "https://me:pw@host"):
        with pytest.raises(InvalidValue):
            engine_of(uri)


def test_the_commands_publish_open_and_bring(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home, uri = tmp_path / "home", str(tmp_path / "spaces")
    Workspace(home).save(made())

    def asked(*words: str) -> Any:
        assert main([*words, "--workspace", str(home), "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    sent = asked("publish", "c", "--to", uri)
    assert [one["recall_at_10"]["value"] for one in sent["spaces"]] == [1.0, 1.0]
    near = asked("open", uri, "--item", "w9", "--space", "one é", "-k", "3", "--where", "count >= 500")
    assert len(near["spaces"]["one é"]) == 3
    assert asked("open", uri, "--into", "again")["spaces"] == {"one é": N, "two'": N}
    assert Workspace(home).open("again")["two'"].items == made()["two'"].items
