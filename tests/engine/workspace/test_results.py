"""Results are kept by name, one's own before what is shipped; damaged ones say so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from isogloss.errors import InvalidValue, NotFound, StoreError
from isogloss.workspace.results import Results
from isogloss.workspace.store import Workspace


def _check(told: Any) -> None:
    float(told["n"])


def test_what_is_kept_is_read_again_and_nothing_else(tmp_path: Path) -> None:
    shipped = tmp_path / "shipped"
    shipped.mkdir()
    (shipped / "one.json").write_text('{"n": 1}')
    results = Results(Workspace(tmp_path / "w"), "things", _check, shipped=shipped)
    assert results.open("one") == {"n": 1}
    results.save("one", {"n": 2})
    assert results.open("one") == {"n": 2}
    assert list(results.files()) == ["one"]
    with pytest.raises(NotFound):
        results.open("../one")
    with pytest.raises(InvalidValue, match="cannot be called"):
        results.save("../one", {"n": 2})
    for text in ("{", "[]", '{"n": "x"}', "{}", "[" * 80, "null"):
        (results.root / "two.json").write_text(text)
        with pytest.raises(StoreError, match="two"):
            results.open("two")
