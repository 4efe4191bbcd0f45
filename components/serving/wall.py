"""What comes before the app: only its own names may be asked for, only from its own pages, and only what it offers.

A page on any web site can make a browser ask 127.0.0.1, and by a name that resolves there (DNS rebinding) even read
the answers. The browser cannot lie about two headers: `Host`, the name it asked for, and `Origin`, the page it asks
from. What names another host, or comes from a page of another one, is refused with 403 before Streamlit sees it;
Streamlit would let every page of this machine in, and ask an address service outside who it is itself.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from components.log.lines import tell
from components.serving.uploads import on_its_way, refusal
from isogloss.workspace.access import host_names, metrics_open, read_only
from isogloss.workspace.origins import is_own

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_METRICS, _UPLOADS = "/_stcore/metrics", "/_stcore/upload_file"


class Wall:
    """An ASGI application around the app; what it refuses never reaches it."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        hosts, origins = (_values(scope, name) for name in (b"host", b"origin"))
        if not is_own(hosts, origins, scope.get("scheme", "http"), host_names()):
            await _refuse(
                scope, send, 403, "this name or this origin is not one of the server's: serve --host-name NAME"
            )
        elif scope["path"].rstrip("/").endswith(_METRICS) and not metrics_open():
            await _refuse(scope, send, 404, "not offered here")
        elif _UPLOADS in scope["path"] and read_only():
            await _refuse(scope, send, 403, "this server is read-only")
        elif _UPLOADS in scope["path"] and scope.get("method") in ("PUT", "POST"):
            await self._bring(scope, receive, send)
        else:
            await self.app(_known(scope), receive, send)

    async def _bring(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take a file where there is room for it, by its visitor and in all."""
        session = scope["path"].partition(_UPLOADS)[2].strip("/").partition("/")[0]
        length = "".join(_values(scope, b"content-length"))
        size = int(length) if length.isdecimal() and len(length) < 16 else None
        if (refused := refusal(session, size)) is not None:
            await _refuse(scope, send, *refused)
            return
        with on_its_way(session, size or 0):
            await self.app(_known(scope), receive, send)


def _values(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name]


def _known(scope: Scope) -> Scope:
    """Without the origin, which has been looked at: where it is not the very host, Streamlit would ask outside."""
    if scope["type"] != "websocket":
        return scope
    return {**scope, "headers": [(key, value) for key, value in scope["headers"] if key.lower() != b"origin"]}


async def _refuse(scope: Scope, send: Send, status: int, why: str) -> None:
    tell("refused", status=status, kind=scope["type"], why=why)
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": why[:100]})  # before it is accepted: a 403
        return
    body = f"{why}\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
