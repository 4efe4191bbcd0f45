"""What a page shows, as lines of words: sentences, tables, widgets with their keys and options, links, figures."""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block, Node

from components.maps.pack import whole
from isogloss import __version__

ROWS, MOST, FEW, LONG = 15, 8, 3, 160
_HIDDEN = re.compile(r"<(style|script)\b.*?</\1>", re.DOTALL)
_SHORTENED = ("component: ", "figure: ", "selectbox: {'key': 'collection-")
_TAG = re.compile(r"<[^>]*>")
_SAID = (
    "label",
    "page",
    "query_string",
    "query_param_key",
    "default",
    "min",
    "max",
    "step",
    "placeholder",
    "help",
    "disabled",
    "type",
    "text",
    "icon",
)


def lines_of(at: AppTest) -> list[str]:
    """A line for each thing on a page, in the order of the page."""
    address = ["address: " + _json({k: at.query_params[k] for k in at.query_params})]
    return address + [line for line in _walk(at._tree) if line]


def beyond(plain: list[str], here: list[str]) -> dict[str, Any]:
    """What a page shows under an address and not by itself, of tables and pictures the beginning, and how much of
    what it shows no more.
    """
    new, rows = [], 0
    for line in (line for line in here if line not in plain):
        rows = rows + 1 if line.startswith("row: ") else 0
        if rows <= FEW:
            new.append(line[:LONG] if line.startswith(_SHORTENED) else line)
    return {"new": new, "gone": Counter(line.partition(":")[0] for line in plain if line not in here)}


def keys_of(at: AppTest) -> list[str]:
    """The keys of the address to which widgets are bound."""
    nodes = (getattr(node, "proto", None) for node in _nodes(at._tree))
    return sorted({key for proto in nodes if (key := getattr(proto, "query_param_key", ""))})


def _nodes(block: Block) -> Iterator[Node]:
    for _, child in sorted(block.children.items()):
        yield child
        if isinstance(child, Block):
            yield from _nodes(child)


def _walk(block: Block) -> Iterator[str]:
    for node in _nodes(block):
        if isinstance(node, Block):
            label = getattr(node, "label", "")
            yield f"{node.type}: {label}" if label else ""
        else:
            yield from _told(node)


def _told(node: Any) -> Iterator[str]:
    kind, proto = node.type, node.proto
    if kind == "html":
        if text := _plain(proto.body):
            yield f"html: {text}"
    elif kind == "arrow_data_frame" or (hasattr(proto, "arrow_data") and kind == "dataframe"):
        yield from _table(node, proto)
    elif kind == "plotly_chart":
        yield f"figure: {proto.alt} " + _json(_figure(json.loads(proto.spec)))
    elif kind == "bidi_component":
        yield from _component(proto)
    elif kind == "page_link":
        yield f"page_link: {proto.label} {proto.icon} → {proto.page}?{proto.query_string} {proto.help}".rstrip()
    elif hasattr(proto, "label"):
        yield f"{kind}: " + _json(_widget(node, proto))
    else:
        value = getattr(node, "value", "")
        yield f"{kind}: {value if isinstance(value, str) else ''}".strip()


def _json(value: Any) -> str:
    """JSON that holds no quotation marks, which would all be written twice."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str).replace('"', "'")


def _plain(body: str) -> str:
    return " ".join(html.unescape(_TAG.sub(" ", _HIDDEN.sub(" ", body))).split())


def _widget(node: Any, proto: Any) -> dict[str, Any]:
    """Label, key, options and value of a widget, and what else is said of it."""
    found: dict[str, Any] = {}
    for name in _SAID:
        value = getattr(proto, name, None)
        if value not in (None, "", 0, False) and not isinstance(value, bytes):
            found[name] = (
                [_scalar(v) for v in value]
                if hasattr(value, "__len__") and not isinstance(value, str)
                else _scalar(value)
            )
    if getattr(proto, "options", ()):
        found["options"] = _short([getattr(o, "content", o) for o in proto.options])
    if key := getattr(node, "key", None):
        found["key"] = key
    if node.type not in ("page_link", "download_button", "button", "file_uploader", "link_button"):
        value = getattr(node, "value", None)
        found["value"] = value if isinstance(value, str | int | float | bool | list | tuple) else str(value)
    return found


def _scalar(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool) else str(value)


def _short(value: Any) -> Any:
    """Long lists by their beginning and their length; long texts likewise."""
    if isinstance(value, dict):
        return {key: _short(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_short(v) for v in value[:MOST]] + ([f"… {len(value)} in all"] if len(value) > MOST else [])
    if isinstance(value, float):
        return float(f"{value:.5g}")
    return value


def _table(node: Any, proto: Any) -> Iterator[str]:
    frame = node.value
    yield f"table: {getattr(proto, 'alt', '')} {len(frame)} rows, columns " + _json(list(map(str, frame.columns)))
    for row in frame.head(ROWS).itertuples(index=False):
        yield "row: " + " | ".join(_cell(cell) for cell in row)


def _cell(cell: Any) -> str:
    if isinstance(cell, float) or type(cell).__name__.startswith("float"):
        return f"{float(cell):.4f}"
    if hasattr(cell, "__len__") and not isinstance(cell, str):
        return json.dumps(
            _short([float(v) if hasattr(v, "item") else v for v in cell]), ensure_ascii=False, default=str
        )
    return str(cell)


def _figure(spec: dict[str, Any]) -> dict[str, Any]:
    """Kinds, names and sizes of the traces; every text of the layout."""
    traces = [
        {k: trace[k] for k in ("type", "name", "mode", "hovertemplate") if k in trace} | {"n": _length(trace)}
        for trace in spec.get("data", ())
    ]
    return {"traces": _short(traces), "texts": _short(list(_texts(spec.get("layout", {}), "")))}


def _length(trace: dict[str, Any]) -> Any:
    for name in ("x", "y", "z", "values"):
        held = trace.get(name)
        if isinstance(held, list):
            return len(held)
        if isinstance(held, dict):
            return [held.get("dtype"), len(held.get("bdata", ""))]
    return 0


def _texts(value: Any, at: str) -> Iterator[str]:
    if isinstance(value, dict):
        for key, one in value.items():
            if key != "template":
                yield from _texts(one, key if key in ("xaxis", "yaxis") else at)
            if key == "text" and isinstance(one, str):
                yield f"{at} {one}".strip()
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one, at)


def _component(proto: Any) -> Iterator[str]:
    name = proto.component_name
    data = proto.json or proto.mixed.json
    blobs = [len(blob.data) for blob in proto.mixed.arrow_blobs.values()] if proto.WhichOneof("data") == "mixed" else []
    told = _json(_short(json.loads(data))) if data else ""
    told = str(told).replace(f"Isogloss {__version__}.", "Isogloss .")  # the next version is no other page
    yield f"component: {name} {told} {f'{len(whole(proto.bytes))} bytes' if proto.bytes else ''} {blobs or ''}".rstrip()
