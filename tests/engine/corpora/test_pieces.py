"""Texts cut beside: the same index wherever a batch was cut, also where no process can begin, and none is left."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from isogloss.corpora import pieces
from isogloss.corpora.forms import TokenRules
from isogloss.corpora.passages import Passages
from isogloss.errors import Cancelled
from tests.engine.corpora.test_passages import TEXTS, made

RULES = TokenRules({"co-operation": "cooperation", "peace treaty": "peace-treaty"}, drop=frozenset({"all"}))
SOME = (*TEXTS, "War. " * 900, "", "“Été”, État; U.S. of A. 2nd\n\nA", "中国。" * 500)


TABLES = ("spaces", "documents", "passages", "items", "forms", "words_data", "words_idx", "words_config")


def index(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    folder.mkdir()
    workspace, path, _ = made(folder, SOME, RULES)
    found = Passages(workspace, "c")
    found.attach(workspace, path)
    with closing(sqlite3.connect(found.path)) as base:
        return {name: base.execute(f"SELECT * FROM {name}").fetchall() for name in TABLES}


@pytest.fixture
def beside(monkeypatch: pytest.MonkeyPatch) -> list[pieces._Beside]:
    """Two processes for any text, a batch for almost every one."""
    began = list[pieces._Beside]()
    first = pieces._Beside.__init__

    def kept(self: pieces._Beside, rules: TokenRules, *, lines: bool) -> None:
        first(self, rules, lines=lines)
        began.append(self)

    monkeypatch.setattr(pieces._Beside, "__init__", kept)
    monkeypatch.setattr(pieces, "LEAST", 0)
    monkeypatch.setattr(pieces, "BATCH", 100)
    monkeypatch.setattr(pieces, "_cores", lambda: 2)
    return began


def test_the_index_is_the_same_wherever_texts_were_cut(
    tmp_path: Path, beside: list[pieces._Beside], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = index(tmp_path / "beside")
    assert [one.n_cut for one in beside] == [4, 4]
    monkeypatch.setattr(sys, "executable", "false")  # it begins, and ends at once
    ended = index(tmp_path / "ended")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "none"))
    none = index(tmp_path / "none")
    assert [one.n_cut for one in beside[2:]] == [0, 0, 0, 0]
    monkeypatch.setattr(pieces, "_cores", lambda: 1)
    monkeypatch.setattr(pieces, "BATCH", 1 << 20)
    here = index(tmp_path / "here")
    assert len(beside) == 6
    assert len(found["passages"]) == 26
    assert found == ended == none == here


def test_what_is_stopped_leaves_no_process(tmp_path: Path, beside: list[pieces._Beside]) -> None:
    workspace, path, _ = made(tmp_path, SOME)

    def stop(_: str, share: float, number: float | None = None, /) -> None:
        if number == 4:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        Passages(workspace, "c").attach(workspace, path, progress=stop)
    assert len(beside) == 2
    assert all(one.process is None for one in beside)
    assert not Passages(workspace, "c").attached


def test_an_error_of_a_text_is_raised(beside: list[pieces._Beside], monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> list[tuple[int, int]]:
        raise ValueError("a text")

    monkeypatch.setattr(sys, "executable", "false")
    monkeypatch.setattr(pieces, "passages", fails)
    with pytest.raises(ValueError, match="a text"):
        list(pieces.cut_each(pa.chunked_array([["a b"] * 90]), np.arange(90).tolist(), RULES))
    assert all(one.process is None for one in beside)


def test_a_process_ends_with_whoever_is_killed() -> None:
    code = (
        "import time; from isogloss.corpora.forms import TokenRules; from isogloss.corpora.pieces import _Beside\n"
        "one = _Beside(TokenRules(), lines=False); one.cut(['a b']).result(); print(one.process.pid, flush=True)\n"
        "time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as owner:
        assert owner.stdout is not None
        child = int(owner.stdout.readline())
        os.kill(child, 0)
        owner.kill()
        owner.wait()
    deadline = time.monotonic() + 20
    while running(child):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def running(pid: int) -> bool:
    state = Path(f"/proc/{pid}/stat")
    return state.exists() and state.read_text().rpartition(")")[2].split()[0] != "Z"
