"""Recipes of TOML: what is not known, of another kind or out of bounds is told."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from isogloss.errors import InvalidValue
from isogloss.text.settings import find_beside, open_recipe, settings


@dataclass(frozen=True)
class Asked:
    name: str = "a"
    n: int = 1
    rate: float = 0.5
    deep: bool = False
    shares: tuple[float, ...] = (0.1,)


def _read(table: dict[str, object]) -> Asked:
    return settings(Asked, table, where="[t]", bounds={"n": (0, 9), "shares": (0.0, 1.0)})


def test_values_become_what_their_defaults_are() -> None:
    assert _read({"rate": 2, "shares": [1, 0.5], "deep": True}) == Asked(rate=2.0, shares=(1.0, 0.5), deep=True)


@pytest.mark.parametrize(
    ("table", "match"),
    [
        ({"m": 1}, "key 'm'"),
        ({"n": True}, "n is True"),
        ({"n": 1.0}, "n is 1.0"),
        ({"n": 10}, "from 0 to 9"),
        ({"rate": float("inf")}, "rate is inf"),
        ({"deep": 1}, "yes or no"),
        ({"shares": 0.5}, "give a list"),
        ({"shares": [2]}, "shares is 2"),
        ({"shares": ["x"]}, "shares is 'x'"),
        ({"name": {"a": 1}}, "name is {'a': 1}"),
    ],
)
def test_other_values_are_refused(table: dict[str, object], match: str) -> None:
    with pytest.raises(InvalidValue, match=match):
        _read(table)


def test_a_recipe_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "r.toml"
    with pytest.raises(InvalidValue, match="cannot be read"):
        open_recipe(path, ("a",))
    for data, match in ((b"\xff", "not TOML"), (b"a = ", "not TOML"), (b"[b]\n", r"table \[b\]")):
        path.write_bytes(data)
        with pytest.raises(InvalidValue, match=match):
            open_recipe(path, ("a",))
    path.write_text("name = 'x'\n[a]\nb = 1\n")
    assert open_recipe(path, ("a", "c")) == {"": {"name": "x"}, "a": {"b": 1}, "c": {}}
    with pytest.raises(InvalidValue, match="looked at"):
        find_beside(path, "none.csv", tmp_path / "data")
