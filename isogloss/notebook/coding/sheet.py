"""One HTML file for one coder: works without network, by keyboard, and knows nothing of other coders."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from isogloss.errors import InvalidValue
from isogloss.notebook.coding.blind import Blinded, blinded
from isogloss.notebook.coding.taxonomy import Taxonomy

FORMAT = 1
MOST_CASES = 5_000
_LONGEST = 80
_PLACE = Path(__file__).parent
_FIRST = ("title", "item", "items", "word", "source", "target", "text")


@dataclass(frozen=True)
class Sheet:
    """html: the whole file. draw: the key under which it keeps its state. blind: what it does not show."""

    html: str
    draw: str
    blind: Blinded


def sheet(
    rows: Sequence[Mapping[str, Any]], coder: str, *, taxonomy: Taxonomy | None = None, hide: Iterable[str] = ()
) -> Sheet:
    """A sheet of cases, in their order. coder: the name that its JSON gets. hide: columns left out besides those that
    tell the system.

    Raises InvalidValue for no case, too many, ids that are missing or come twice, and a name that is blank or long.
    """
    named = " ".join(coder.split())
    if not named or len(named) > _LONGEST:
        raise InvalidValue(f"the coder is called {named[:_LONGEST]!r}", f"give a name of 1 to {_LONGEST} letters")
    if not 1 <= len(rows) <= MOST_CASES:
        raise InvalidValue(f"a sheet of {len(rows):,} cases", f"draw between 1 and {MOST_CASES:,}")
    ids = [str(row.get("id") or "") for row in rows]
    if not all(ids) or len(set(ids)) < len(ids):
        wrong = next(one for i, one in enumerate(ids) if not one or one in ids[:i])
        raise InvalidValue(f"the id {wrong[:_LONGEST]!r} is empty or stands in several rows", "draw the cases first")
    blind = blinded(rows, hide=hide)
    draw = draw_of(rows)
    data = {
        "format": FORMAT,
        "coder": named,
        "draw": draw,
        "taxonomy": (taxonomy or Taxonomy.default()).as_json(),
        "cases": [_case(row) for row in blind.rows],
    }
    return Sheet(_page(data, f"{named}: {len(rows):,} cases"), draw, blind)


def draw_of(rows: Sequence[Mapping[str, Any]]) -> str:
    """The key of the draw that all rows come from; else one made of their ids."""
    keys = {str(row.get("draw") or "") for row in rows}
    if len(keys) == 1 and (key := keys.pop()):
        return key[:_LONGEST]
    return hashlib.sha256(json.dumps([str(row.get("id")) for row in rows]).encode()).hexdigest()[:12]


def _case(row: Mapping[str, Any]) -> dict[str, Any]:
    """id, title, and parts: a heading with lines of text each."""
    first = next((name for name in _FIRST if isinstance(row.get(name), str) and row[name].strip()), "")
    title = row[first] if first else str(row["id"])
    parts = []
    for name, value in row.items():
        if name in ("id", first) or value in (None, "", [], {}):
            continue
        if name == "neighbors" and isinstance(value, dict):
            parts += [[str(space), [" · ".join(map(_line, _list(items)))]] for space, items in value.items()]
        else:
            parts.append([name, [line for line in map(_line, _list(value)) if line]])
    return {"id": str(row["id"]), "title": title, "parts": parts}


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _line(value: Any) -> str:
    """A value as one line: a figure with its interval and n, objects by their names."""
    if isinstance(value, dict):
        if "name" in value and "value" in value:
            told = f"{value['name']}: {_line(value['value'])}"
            if value.get("low") is not None and value.get("high") is not None:
                told += f" ({_line(value['low'])} to {_line(value['high'])})"
            return told + (f", n = {_line(value['n'])}" if value.get("n") else "")
        return ", ".join(f"{key}: {_line(one)}" for key, one in value.items() if one not in (None, "", [], {}))
    if isinstance(value, list | tuple):
        return " ".join(filter(None, map(_line, value)))
    return f"{value:.3g}" if isinstance(value, float) else "" if value is None else str(value)


def _page(data: Mapping[str, Any], title: str) -> str:
    script, style, frame = ((_PLACE / f"sheet.{kind}").read_text(encoding="utf-8") for kind in ("js", "css", "html"))
    policy = (
        f"default-src 'none'; script-src '{_digest(script)}'; style-src '{_digest(style)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    text = json.dumps(data, ensure_ascii=True).replace("<", "\\u003c")
    filled = {"POLICY": escape(policy), "TITLE": escape(title), "STYLE": style, "DATA": text, "SCRIPT": script}
    pieces = frame.split("@@")  # text and names by turns: what is put in is never looked at again
    return "".join(filled[piece] if i % 2 else piece for i, piece in enumerate(pieces))


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
