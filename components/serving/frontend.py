"""The parts of Streamlit's own frontend, and the document that names them: a browser asks for some hundred of them
before it draws anything.

Streamlit reads each from disk in a thread at each request, more than half of what a first page costs the server. Their
names hold a digest of what they are: they are read once here, and answered from memory.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from functools import cached_property
from mimetypes import guess_type
from pathlib import Path
from typing import Any

from streamlit import file_util

from components.serving.opening import document
from components.serving.walk import PAGES, address

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_LARGEST = 1 << 20  # bytes of a part that is kept
_FOR_EVER = b"public, immutable, max-age=31536000"  # as Streamlit has it
_SCRIPT = "application/javascript"  # what the system knows of .js differs


class Frontend:
    """An ASGI application around the app, which gets what is no such part, or is asked for otherwise than whole.

    folder: of Streamlit's `index.html`, for another than the one that is installed.
    """

    def __init__(self, app: App, folder: str | Path | None = None) -> None:
        self.app, self._folder = app, Path(folder or file_util.get_static_dir())
        self._kept: dict[str, bytes] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        whole = scope["type"] == "http" and scope["method"] == "GET" and not scope.get("root_path")
        if whole and scope["path"] in self._pages:
            await _answer(send, document(self._folder), b"text/html; charset=utf-8", b"no-cache")
            return
        part = self._parts.get(scope["path"]) if whole else None
        if part is None or any(name == b"range" for name, _ in scope["headers"]):
            await self.app(scope, receive, send)
            return
        body = self._kept.get(scope["path"])
        if body is None:
            body = self._kept[scope["path"]] = part.read_bytes()
        kind = _SCRIPT if part.suffix == ".js" else guess_type(part.name)[0] or "application/octet-stream"
        await _answer(send, body, kind.encode(), _FOR_EVER)

    @cached_property
    def _parts(self) -> dict[str, Path]:
        """All that may be asked for, by path: nothing that somebody asks is looked for on disk."""
        found = (one for one in (self._folder / "static").rglob("*") if one.is_file())
        return {f"/{one.relative_to(self._folder).as_posix()}": one for one in found if one.stat().st_size <= _LARGEST}

    @cached_property
    def _pages(self) -> set[str]:
        """The addresses of our pages."""
        return {"/", *(f"/{address(page)}" for page in PAGES)}


async def _answer(send: Send, body: bytes, kind: bytes, keep: bytes) -> None:
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode()), (b"cache-control", keep)]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
