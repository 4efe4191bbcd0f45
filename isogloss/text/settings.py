"""Tables of a TOML recipe into dataclasses: every value against its default's type and its bounds, every key known."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

from isogloss.errors import InvalidValue, reason_of
from isogloss.text.nested import read_toml, settings_text

T = TypeVar("T")
_LONGEST = 80


def open_recipe(path: Path, tables: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """The tables of a recipe, those that are not there empty. Plain values stand in the table "".

    tables: all that may be there. Raises InvalidValue for what cannot be read, is no TOML, or has other tables.
    """
    try:
        raw = read_toml(settings_text(path))
    except OSError as error:
        raise InvalidValue(f"recipe {path.name} cannot be read ({reason_of(error)})", "name a .toml file") from error
    except ValueError as error:  # no UTF-8, no TOML
        raise InvalidValue(f"recipe {path.name} is not TOML ({str(error)[:120]})", "correct it") from error
    found: dict[str, dict[str, Any]] = {name: {} for name in ("", *tables)}
    for key, value in raw.items():
        if not isinstance(value, dict):
            found[""][key] = value
        elif key in tables:
            found[key] = value
        else:
            raise InvalidValue(f"recipe {path.name} has the table [{key[:40]}]", f"known are {', '.join(tables)}")
    return found


def named(raw: Mapping[str, dict[str, Any]], path: Path) -> str:
    """What a recipe calls itself, else its file's name; it is all that may stand outside of tables. Raises
    InvalidValue.
    """
    name = raw[""].pop("name", path.stem.lower())
    if not isinstance(name, str):
        raise InvalidValue(f"recipe {path.name}: name is {name!r}"[:120], "give a text")
    if raw[""]:
        raise InvalidValue(f"recipe {path.name} has the key {next(iter(raw['']))[:40]!r}", "known is name")
    return name


def settings(kind: type[T], table: Mapping[str, Any], *, where: str, bounds: Mapping[str, tuple[float, float]]) -> T:
    """A dataclass, whose fields all have defaults, from a table of TOML; lists become tuples.

    where: said in errors. bounds: field → least and most, of numbers and of each number of a list.
    Raises InvalidValue with the key, the value received and the lever.
    """
    defaults, known = kind(), [one.name for one in fields(kind)]  # type: ignore[arg-type]
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key not in known:
            raise InvalidValue(f"{where} has the key {key[:40]!r}", f"known are {', '.join(known)}")
        values[key] = _as(getattr(defaults, key), value, f"{where}: {key}", bounds.get(key))
    return kind(**values)


def read_tables(
    raw: Mapping[str, Any],
    kinds: Mapping[str, type],
    *,
    where: str,
    bounds: Mapping[str, tuple[float, float]],
    own: Mapping[str, Mapping[str, tuple[float, float]]] | None = None,
) -> dict[str, Any]:
    """The tables of a recipe by name, each as `settings` reads it. own: bounds of one table, before those of all."""
    return {
        name: settings(kind, raw[name], where=f"{where}[{name}]", bounds={**bounds, **(own or {}).get(name, {})})
        for name, kind in kinds.items()
    }


def _as(default: Any, value: Any, where: str, bounds: tuple[float, float] | None) -> Any:
    if isinstance(default, tuple) and isinstance(value, list):
        like = default[0] if default else ""
        return tuple(_as(like, one, where, bounds) for one in value)
    if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if type(value) is not type(default):
        raise InvalidValue(f"{where} is {_shown(value)}", f"give a {_kind(default)}, as {_example(default)}")
    if isinstance(value, int | float) and not isinstance(value, bool):
        low, high = bounds or (-math.inf, math.inf)
        if not (math.isfinite(value) and low <= value <= high):
            raise InvalidValue(f"{where} is {_shown(value)}", f"give a number from {low:g} to {high:g}")
    return value


def _kind(default: Any) -> str:
    return {"str": "text", "int": "whole number", "float": "number", "bool": "yes or no", "tuple": "list"}[
        type(default).__name__
    ]


def _example(default: Any) -> str:
    return _shown(list(default)) if isinstance(default, tuple) else _shown(default)


def _shown(value: Any) -> str:
    try:
        found = repr(value)
    except ValueError:
        return "a number of thousands of digits"
    return found if len(found) <= _LONGEST else found[:_LONGEST] + " …"


def find_beside(recipe: Path, name: str, data: Path | None) -> Path:
    """A file of a recipe: beside it, else in the folder of data. Raises InvalidValue with where was looked."""
    places = [recipe.parent / name, *([data / name] if data else [])]
    for place in places:
        if place.exists():
            return place
    raise InvalidValue(
        f"recipe {recipe.name}: {name[:80]!r} is not there (looked at {', '.join(map(str, places))})",
        "correct its name or set ISOGLOSS_DATA to its folder",
    )
