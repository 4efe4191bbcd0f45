"""What a verb takes: one table, from which its JSON Schema is written and what is given is read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from isogloss.errors import InvalidValue

LONGEST = 200  # letters of a text


@dataclass(frozen=True, kw_only=True)
class Argument:
    """One argument of a verb. kind: of its value. choices, pattern: of a text. least, most: of a whole number, both
    included. default: of what need not be given, None where the command has its own.
    """

    name: str
    help: str
    kind: Literal["text", "whole", "flag"] = "text"
    required: bool = False
    choices: tuple[str, ...] = ()
    pattern: str = ""
    least: int = 0
    most: int = 0
    default: str | int | bool | None = None

    def schema(self) -> dict[str, Any]:
        """As JSON Schema (draft 2020-12)."""
        told: dict[str, Any] = {"description": self.help}
        if self.kind == "text":
            told |= {"type": "string", "minLength": 1, "maxLength": LONGEST}
            if self.choices:
                told = {"description": self.help, "type": "string", "enum": list(self.choices)}
            elif self.pattern:
                told["pattern"] = f"^(?:{self.pattern})$"
        elif self.kind == "whole":
            told |= {"type": "integer", "minimum": self.least, "maximum": self.most}
        else:
            told["type"] = "boolean"
        return told if self.default is None else told | {"default": self.default}

    def read(self, value: Any) -> str | int | bool:
        """The value, as text of an address or as JSON has it. Raises InvalidValue.

        >>> Argument(name="k", help="", kind="whole", least=3, most=50).read("51")
        Traceback (most recent call last):
        isogloss.errors.InvalidValue: k is 51: give a whole number from 3 to 50
        """
        if self.kind == "flag":
            if value in (True, False) and isinstance(value, bool):
                return value
            if value in ("true", "false"):
                return bool(value == "true")
            raise InvalidValue(f"{self.name} is {_short(value)}", "give true or false")
        if self.kind == "whole":
            number = int(value) if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,9}", value) else value
            if isinstance(number, bool) or not isinstance(number, int) or not self.least <= number <= self.most:
                lever = f"give a whole number from {self.least:,} to {self.most:,}"
                raise InvalidValue(f"{self.name} is {_short(number)}", lever)
            return number
        if not isinstance(value, str) or not value.strip() or "\0" in value:
            raise InvalidValue(f"{self.name} is {_short(value)}", "give a text")
        if len(value) > LONGEST:
            raise InvalidValue(f"{self.name} has {len(value):,} letters", f"give at most {LONGEST}")
        if self.choices and value not in self.choices:
            raise InvalidValue(f"{self.name} is {_short(value)}", f"choose from {', '.join(self.choices)}")
        if self.pattern and not re.fullmatch(self.pattern, value):
            raise InvalidValue(f"{self.name} is {_short(value)}", self.help)
        return value


def schema(arguments: Sequence[Argument]) -> dict[str, Any]:
    """Of an object that holds the arguments of a verb and nothing else."""
    return {
        "type": "object",
        "properties": {one.name: one.schema() for one in arguments},
        "required": [one.name for one in arguments if one.required],
        "additionalProperties": False,
    }


def read(arguments: Sequence[Argument], given: Any) -> dict[str, Any]:
    """What is given, checked, with the defaults. Raises InvalidValue."""
    known = {one.name: one for one in arguments}
    names = ", ".join(known) or "none"
    if not isinstance(given, Mapping):
        raise InvalidValue(f"the arguments are {_short(given)}", f"give an object of {names}")
    if strange := [key for key in given if key not in known]:
        raise InvalidValue(f"there is no argument {_short(strange[0])}", f"choose from {names}")
    told = {}
    for name, one in known.items():
        if given.get(name) is not None:
            told[name] = one.read(given[name])
        elif one.required:
            raise InvalidValue(f"{name} is missing", f"give {name}: {one.help}")
        elif one.default is not None:
            told[name] = one.default
    return told


def _short(value: Any) -> str:
    return repr(value) if isinstance(value, int | float) and abs(value) < 1e12 else repr(str(value)[:40])
