"""JSON: objects, and lists of texts or objects; kept where it parses, with the same keys and shape.

Texts in it may be translated, what is protected in them is kept; numbers and truth values stay as they are.
"""

from __future__ import annotations

import json
import re
from typing import Any

from isogloss.rewriting.span import inner_keys, plain_key
from isogloss.rewriting.spans._base import BySign
from isogloss.rewriting.spans._icu import balanced

_OPENS = re.compile(r'\{\s*"|\[\s*["\[{]')
_NAMES = re.compile(r'"((?:[^"\\\n]|\\.)*+)"\s*:')
_DEEP = re.compile(r"\[(?:\s*+\[){64,}+")  # no JSON that anybody wrote
_DECODER = json.JSONDecoder()


class Json(BySign):
    name, title, signs = "json", "JSON", "{["

    def match(self, text: str, at: int) -> tuple[int, str | None] | None:
        """Broken JSON goes on to where its braces close, else to the end of its paragraph; its keys tell it apart.

        >>> Json().match('{"a": [1, "x"]}', 0) == Json().match('{"a": [1, "y"]}', 0)
        True
        """
        if not (opens := _OPENS.match(text, at)):
            return None
        if deep := _DEEP.match(text, at):
            return deep.end(), None
        try:
            value, end = _DECODER.raw_decode(text, at)
            return end, plain_key(json.dumps(_shape(value), sort_keys=True, ensure_ascii=False))
        except (ValueError, RecursionError):
            if opens[0][0] == "[":
                return None
        end = balanced(text, at, until="\n\n")
        return end, plain_key(f"broken: {' '.join(_NAMES.findall(text[at:end]))}")


def _shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _shape(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_shape(one) for one in value]
    return ["text", *inner_keys(value)] if isinstance(value, str) else value


member = Json()
