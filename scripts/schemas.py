"""JSON Schema of what Isogloss writes for others: a collection's header, a case, a story, a link.

    python -m scripts.schemas            # writes docs/schemas/
    python -m scripts.schemas --check    # says whether they are what the code says

Limits and choices are the code's own, taken from it; `tests/engine/workspace/test_schemas.py` holds the files against
what ships, what is written and what the readers refuse.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from isogloss.notebook import case, commands, figures, view
from isogloss.places import ROOT
from isogloss.stories import story
from isogloss.workspace import store

FOLDER = ROOT / "docs" / "schemas"
_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def texts(most: int, **more: Any) -> dict[str, Any]:
    return {"type": "string", "maxLength": most} | more


def listed(items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "array", "items": items} | more


def by_name(values: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": values}


def exactly(needed: dict[str, Any], more: dict[str, Any] | None = None, *, closed: bool = True) -> dict[str, Any]:
    """An object of these keys. more: keys that may be absent. closed: no others."""
    told = {"type": "object", "properties": needed | (more or {}), "required": list(needed)}
    return told | ({"additionalProperties": False} if closed else {})


ANY_TEXT = {"type": "string"}
NAME = texts(64, pattern=f"^{store._NAME.pattern}$")
CHECKSUMS = by_name(
    {
        "type": "object",
        "properties": {"bytes": {"type": "integer", "minimum": 0}, "xxh3": listed(ANY_TEXT)},
        "required": ["bytes", "xxh3"],
    }
)
SPACE = exactly(
    {
        "name": ANY_TEXT,
        "folder": {"type": "string", "pattern": r"^(space-\d{1,6}|compass)$"},
        "items": {"type": "integer", "minimum": 0},
        "dim": {"type": "integer", "minimum": 0},
        "fingerprint": {"type": "string", "pattern": "^[0-9a-f]+$"},
        "metadata": {"type": "object"},
    },
    {"checksums": CHECKSUMS, "subwords": {"type": ["object", "null"]}},
    closed=False,
)
VIEW = exactly(
    {
        "page": texts(40, pattern=rf"^({view._PAGE.pattern})?$"),
        "parameters": {
            "type": "object",
            "maxProperties": view.MOST_KEYS,
            "propertyNames": {"maxLength": view.LONGEST},
            "additionalProperties": {
                "anyOf": [texts(view.LONGEST), listed(texts(view.LONGEST), maxItems=view.MOST_VALUES)]
            },
        },
    }
)
NUMBER = {"type": ["number", "null"]}
FIGURE = exactly(
    {
        "name": texts(figures.LONGEST_NAME),
        "value": {"type": ["number", "string", "boolean", "null"], "maxLength": figures.LONGEST_VALUE},
        "pointer": texts(figures.LONGEST_POINTER),
    },
    {
        **dict.fromkeys(("low", "high", "null_p95"), NUMBER),
        "n": {"type": ["integer", "null"]},
        "beside": {
            "type": "object",
            "properties": {key: texts(figures.LONGEST_POINTER) for key in figures.BESIDE},
            "additionalProperties": False,
        },
    },
)
COMMAND = listed(texts(commands.LONGEST), maxItems=commands.MOST_ARGUMENTS)
EVIDENCE = {
    "view": VIEW,
    "command": COMMAND,
    "figures": listed(FIGURE),
    "neighbors": by_name(listed(ANY_TEXT)),
    "fingerprints": by_name(ANY_TEXT),
}


def collection_schema() -> dict[str, Any]:
    alignment = {
        "method": ANY_TEXT,
        "frozen_max_change": NUMBER,
    }
    return exactly(
        {
            "schema": {"const": store.SCHEMA},
            "name": NAME,
            "title": ANY_TEXT,
            "ordered": {"type": "boolean"},
            "alignment": exactly(alignment, {"diagnostics": {"type": "object"}}),
            "metadata": {"type": "object"},
            "spaces": listed(SPACE, minItems=1),
            "compass": {"anyOf": [SPACE, {"type": "null"}]},
        },
        {"checksums": CHECKSUMS},
        closed=False,
    )


VARIATION = exactly(
    {
        "what": texts(figures.LONGEST_VALUE),
        "command": listed(ANY_TEXT),
        "stands": {"type": ["boolean", "null"]},
        "why": texts(figures.LONGEST_POINTER),
        "figures": by_name({"type": ["number", "string", "boolean", "null"]}),
    }
)
SURVIVAL = exactly(
    {
        **dict.fromkeys(("id", "title", "rule"), ANY_TEXT),
        "stood": {"type": "integer", "minimum": 0},
        "computed": {"type": "integer", "minimum": 0},
        "variations": listed(VARIATION, maxItems=figures.MOST_VARIATIONS),
    }
)


def case_schema() -> dict[str, Any]:
    return exactly(
        {
            "format": {"const": case.FORMAT},
            "id": {"type": "string", "pattern": f"^{case._ID.pattern}$"},
            "created": {"type": "string", "pattern": f"^{case._TIME.pattern}$"},
            "view": VIEW,
        },
        {key: one for key, one in EVIDENCE.items() if key != "view"}
        | {
            "title": texts(case.LONGEST_TITLE),
            "lines": listed(ANY_TEXT),
            "comment": texts(case.LONGEST_COMMENT),
            "tags": listed(texts(case.LONGEST_TAG, minLength=1), maxItems=case.MOST_TAGS),
            "how": {"enum": list(case.HOWS)},
            **dict.fromkeys(("rule", "draw", "stratum", "version"), ANY_TEXT),
            "probability": {"type": ["number", "null"], "exclusiveMinimum": 0, "maximum": 1},
            "seeds": by_name({"type": "integer"}),
            "survival": SURVIVAL,
        },
    )


def story_schema() -> dict[str, Any]:
    beat = exactly(
        {"view": VIEW},
        {key: one for key, one in EVIDENCE.items() if key != "view"}
        | {
            "title": texts(story.LONGEST_TITLE),
            "sentence": texts(story.LONGEST_SENTENCE),
            "notes": texts(story.LONGEST_NOTES),
            "picture": {"type": ["string", "null"], "maxLength": story.LONGEST_PICTURE},
            "case": {"type": ["string", "null"], "pattern": f"^{story._CASE.pattern}$"},
        },
    )
    title = texts(story.LONGEST_TITLE)
    return exactly(
        {"format": {"const": story.FORMAT}, "beats": listed(beat, maxItems=story.MOST_BEATS)},
        {
            "version": title,
            "title": title,
            "subtitle": title,
            "collections": listed(title, maxItems=story.MOST_COLLECTIONS),
        },
    )


def link_schema() -> dict[str, Any]:
    page = r"(/[^/?#]*)*"
    return {
        "description": f"An address of a page; v is the version of links, {view.LINKS}, and absent in older ones",
        "type": "string",
        "maxLength": 10 * view.LONGEST,
        "pattern": rf"^(https?://[^/?#]+)?{page}(\?[^#]*)?$",
        "not": {"pattern": rf"[?&]v=(?!{view.LINKS}(&|$)|&|$)"},
    }


SCHEMAS = {
    "collection": ("The header of a collection on disk, collection.json", collection_schema),
    "case": ("A case of the notebook: one line of a .jsonl export", case_schema),
    "story": ("A story, as it is exported", story_schema),
    "link": ("A link that replays a view", link_schema),
}


def text_of(name: str) -> str:
    title, made = SCHEMAS[name]
    told = {"$schema": _DRAFT, "title": title} | made()
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def main(arguments: list[str]) -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    old = []
    for name in SCHEMAS:
        file: Path = FOLDER / f"{name}.schema.json"
        if not file.is_file() or file.read_text(encoding="utf-8") != text_of(name):
            old.append(file.name)
            if "--check" not in arguments:
                file.write_text(text_of(name), encoding="utf-8")
    if old:
        print(f"{'out of date' if '--check' in arguments else 'written'}: {', '.join(old)}")
    return int(bool(old) and "--check" in arguments)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
