"""Every text of a page, told by what reads it: Markdown, HTML, Plotly, or nobody."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block

from tests.hostile.names.payloads import MARK

# What Streamlit's front end shows as it is, or does not show. Whatever is not named here is taken for Markdown.
_AS_IT_IS = {"id", "key", "alt", "placeholder", "query_string", "page", "page_script_hash", "default", "value"}
_AS_IT_IS |= {"code_text", "form_id", "json", "url", "raw_values", "string_value", "element_id", "scriptPath", "name"}
_AS_IT_IS |= {"query_param_key", "selection_id", "user_key", "set_value", "raw_value", "url_path_name", "icon"}
_PLAIN_OPTIONS = {"selectbox", "multiselect"}
_OURS = {"style", "p", "bdi", "b", "i", "code", "div", "dl", "dt", "dd", "h2", "h3", "ul", "li", "span", "small"}
_ESCAPED = re.compile(r"\\[!-/:-@\[-`{-~]")
_LIVE = re.compile(
    r"[\\`*\[\]<>!$|~^{}#]|(?<!\w)_|_(?!\w)|&[#\w]|:[\w+/-]|@\w|www\.|--|[\u202a-\u202e\u2066-\u2069\n\x00\x1b]|->|<-|>="
)


def texts_of(at: AppTest) -> Iterator[tuple[str, str]]:
    """(what reads it, text) of every text of a page that holds MARK."""
    for node in _nodes(at._tree):
        proto = getattr(node, "proto", None)
        if proto is None or not hasattr(proto, "DESCRIPTOR"):
            continue
        kind = str(node.type)
        for field, text in _strings(proto):
            if MARK not in text:
                continue
            if kind == "html":
                yield "html", text
            elif kind == "plotly_chart" and field == "spec":
                yield from (("plotly", one) for one in _plotly(json.loads(text), ""))
            elif field == "columns":
                yield from (("markdown", one) for one in _helps(json.loads(text)) if MARK in one)
            elif field not in _AS_IT_IS and not (field == "options" and kind in _PLAIN_OPTIONS):
                yield f"markdown ({kind}.{field})", text


def fault(reader: str, text: str) -> str | None:
    """What is wrong with a text for its reader; None where every sign of it stands for itself."""
    if reader == "html":
        seen = _Tags()
        seen.feed(text)
        return seen.fault
    if reader == "plotly":
        return f"Plotly reads {text!r}" if "<" in re.sub(r"</?(br|b|extra)>", "", text) else None
    found = _LIVE.search(_ESCAPED.sub("", text))
    return f"{reader} reads {found[0]!r} in {text!r}" if found else None


def _nodes(block: Block) -> Iterator[Any]:
    for _, child in sorted(block.children.items()):
        yield child
        if isinstance(child, Block):
            yield from _nodes(child)


def _strings(proto: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """(field, text) of every string inside a message; of a list of messages the list's own name."""
    for field, value in proto.ListFields():
        many = value if field.is_repeated else [value]
        for one in many:
            if field.type == field.TYPE_STRING:
                yield ("options" if name == "options" else field.name), one
            elif field.type == field.TYPE_MESSAGE and hasattr(one, "ListFields"):
                yield from _strings(one, field.name)


def _plotly(value: Any, at: str) -> Iterator[str]:
    if isinstance(value, dict):
        for key, one in value.items():
            if key not in ("customdata", "template", "meta"):
                yield from _plotly(one, key)
    elif isinstance(value, list):
        for one in value:
            yield from _plotly(one, at)
    elif isinstance(value, str) and MARK in value:
        yield value


def _helps(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, one in value.items():
            if key == "help" and isinstance(one, str):
                yield one
            yield from _helps(one)


class _Tags(HTMLParser):
    """Finds markup that is not ours, and names inside of it."""

    fault: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _OURS or any(MARK in (value or "") or key.startswith("on") for key, value in attrs):
            self.fault = f"HTML holds {self.get_starttag_text()!r}"

    def handle_comment(self, data: str) -> None:
        self.fault = f"HTML holds the comment {data!r}"
