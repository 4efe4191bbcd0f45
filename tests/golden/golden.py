"""What must stay as it is: values held against a file of JSON, words exactly and numbers nearly.

`ISOGLOSS_GOLDEN=record` writes the file in place of comparing with it.
"""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
RECORDING = os.environ.get("ISOGLOSS_GOLDEN") == "record"
RELATIVE, ABSOLUTE = 1e-3, 1e-4
MOST, SHOWN = 12, 4  # of a long list its beginning is kept, and how long it is

_NUMBER = re.compile(r"(?<![\w.])[-−+]?(?:\d[\d,]*)?\.\d+(?:[eE][-+]?\d+)?(?![\w.]*\d\.)")
_SECONDS = re.compile(r"\b\d[\d,]*(?:\.\d+)? (?:s|min)\b(?: \d+ s\b)?")
_SCALED = re.compile(r"(Metric scaling\b.*?: keeps )\d+%")  # its last step depends on the processor's own arithmetic
_RECEIPT = re.compile(r"~\d{15,}")
_SHORT = re.compile(r"[\[{]\n[^\[\]{}]*\n *[\]}]")
_HEX = re.compile(r"\b[0-9a-f]{12,64}\b")


class Golden:
    """The values of one file, by case; what was recorded is written when its tests are done."""

    def __init__(self, name: str) -> None:
        self.path = HERE / f"{name}.json"
        self.known: dict[str, Any] = json.loads(self.path.read_text("utf-8")) if self.path.is_file() else {}
        self.made: dict[str, Any] = {}

    def check(self, case: str, value: Any, whole: bool = False) -> None:
        """Hold a value against the one of this case; recording, keep it. whole: long lists as they are."""
        self.made[case] = have = json.loads(json.dumps(value if whole else trimmed(value), ensure_ascii=False))
        if RECORDING:
            return
        assert case in self.known, f"{self.path.name} has no case {case!r}: record it with ISOGLOSS_GOLDEN=record"
        found = list(differences(self.known[case], have, case))
        more = f"\n… and {len(found) - 30} more" if len(found) > 30 else ""
        assert not found, f"{self.path.name}: {len(found)} differences\n" + "\n".join(found[:30]) + more

    def close(self) -> None:
        if RECORDING and self.made:
            known = json.loads(self.path.read_text("utf-8")) if self.path.is_file() else {}  # another worker's too
            text = json.dumps(known | self.made, ensure_ascii=False, indent=1, sort_keys=True)
            self.path.write_text(_SHORT.sub(_on_one_line, text) + "\n", encoding="utf-8")


def _on_one_line(found: re.Match[str]) -> str:
    line = " ".join(part.strip() for part in found[0].splitlines())
    return found[0] if len(line) > 100 or json.loads(line) != json.loads(found[0]) else line


def golden_file(name: str) -> Any:
    """A fixture for the values of a file, one for the tests of a module."""

    @pytest.fixture(scope="module")
    def golden() -> Iterator[Golden]:
        held = Golden(name)
        yield held
        held.close()

    return golden


def trimmed(value: Any) -> Any:
    """Long lists by their beginning and their length."""
    if isinstance(value, dict):
        return {str(key): trimmed(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        kept = [trimmed(one) for one in (value if len(value) <= MOST else value[:SHOWN])]
        return kept if len(value) <= MOST else [*kept, f"… {len(value)} in all"]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return float(f"{value:.6g}") if isinstance(value, float) else value


def differences(want: Any, have: Any, at: str) -> Iterator[str]:
    """A line for every place in which two JSON values differ."""
    if type(want) is not type(have):
        yield f"{at}: was {_told(want)}, is {_told(have)}"
    elif isinstance(want, dict):
        for key in sorted(want.keys() | have.keys()):
            if key not in have or key not in want:
                yield f"{at} / {key}: " + (
                    f"was {_told(want[key])}, is gone" if key in want else f"is new: {_told(have[key])}"
                )
            else:
                yield from differences(want[key], have[key], f"{at} / {key}")
    elif isinstance(want, list):
        if len(want) != len(have):
            yield f"{at}: had {len(want)} entries, has {len(have)}"
            yield from (f"{at}: gone is {_told(one)}" for one in want if one not in have)
            yield from (f"{at}: new is {_told(one)}" for one in have if one not in want)
        else:
            for i, (one, other) in enumerate(zip(want, have, strict=True)):
                yield from differences(one, other, f"{at} / {i}")
    elif not (_alike(want, have) if isinstance(want, str) else _close(want, have)):
        yield f"{at}:\n   was {_told(want)}\n   is  {_told(have)}"


def _told(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 400 else f"{text[:400]} …"


def _close(want: Any, have: Any) -> bool:
    if isinstance(want, float):
        return math.isclose(want, have, rel_tol=RELATIVE, abs_tol=ABSOLUTE)
    return bool(want == have)


def _alike(want: str, have: str) -> bool:
    """The words are the same, and so are the numbers: a rounded one may fall to the other side of its last place."""
    if want == have:
        return True
    if _NUMBER.sub("#", want) != _NUMBER.sub("#", have):
        return False
    pairs = zip(_NUMBER.findall(want), _NUMBER.findall(have), strict=True)
    return all(one == other or _near(one, other) for one, other in pairs)


def _near(want: str, have: str) -> bool:
    one, other = (float(text.replace(",", "").replace("−", "-")) for text in (want, have))
    places = [len(text.lower().partition("e")[0].partition(".")[2]) for text in (want, have)]
    last = 1.01 * 10.0 ** -min(places) if "e" not in want.lower() else 0.0
    return math.isclose(one, other, rel_tol=RELATIVE, abs_tol=max(ABSOLUTE, last))


def settled(value: Any, *places: Path, hexes: bool = False, floats: bool = False) -> Any:
    """A value without what changes from run to run: seconds, receipts, the folders of the machine.

    hexes, floats: of what is trained, digests and numbers are left out as well.
    """
    if isinstance(value, dict):
        if "xxh3" in value:
            return "<checksums>"
        return {
            settled(key, *places): "<seconds>"
            if key == "seconds"
            else settled(one, *places, hexes=hexes, floats=floats)
            for key, one in value.items()
        }
    if isinstance(value, list | tuple):
        return [settled(one, *places, hexes=hexes, floats=floats) for one in value]
    if isinstance(value, float) and floats:
        return value and "<number>"  # what is exactly 0 stays so
    if not isinstance(value, str):
        return value
    for place, name in (*((one, "<tmp>") for one in places), (ROOT, "<root>")):
        value = value.replace(str(place.resolve()), name).replace(str(place), name)
    value = _RECEIPT.sub("~<receipt>", _SECONDS.sub("<seconds>", value))
    value = _SCALED.sub(r"\1<share>", value)
    value = _HEX.sub("<hex>", value) if hexes else value
    return _NUMBER.sub("<number>", value) if floats else value
