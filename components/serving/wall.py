"""What comes before the app: only its own names may be asked for, only from its own pages, and only what it offers.

A page on any web site can make a browser ask 127.0.0.1, and by a name that resolves there (DNS rebinding) even read
the answers. The browser cannot lie about two headers: `Host`, the name it asked for, and `Origin`, the page it asks
from. What names another host, or comes from a page of another one, is refused with 403 before Streamlit sees it;
Streamlit would let every page of this machine in, and ask an address service outside who it is itself.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from components.serving.uploads import on_its_way, refusal
from isogloss.workspace.access import host_names, metrics_open, read_only

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Address = tuple[str, int | None]  # a name in lower case, and the port, None where none is told

LOCAL = ("127.0.0.1", "localhost", "::1")
_USUAL = {"http": 80, "https": 443, "ws": 80, "wss": 443}
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


def is_own(hosts: list[str], origins: list[str], scheme: str, told: Iterable[str]) -> bool:
    """Whether a request names this server, and comes from one of its own pages or from no page.

    told: names beside those of the loopback, each perhaps with a port. A page is the server's own where it has one of
    the names and the port that was asked for; a name that was told may have its scheme's port, or the one told, as
    a proxy in front of the server has.

    >>> is_own(["localhost:8501"], ["http://127.0.0.1:8501"], "http", ())
    True
    >>> is_own(["localhost:8501"], ["http://localhost:9000"], "http", ())
    False
    >>> is_own(["viz.example.org"], ["https://viz.example.org"], "http", ["viz.example.org"])
    True
    """
    names = [found for one in told if (found := address(one)) is not None]
    if len(hosts) != 1 or len(origins) > 1:
        return False
    host = address(hosts[0])
    if host is None or not (host[0] in LOCAL or any(_is_named(host, name) for name in names)):
        return False
    if not origins:
        return True
    page = urlsplit(origins[0])
    origin = address(page.netloc) if page.scheme in _USUAL and not (page.path or page.query or page.fragment) else None
    if origin is None:
        return False
    port = origin[1] or _USUAL[page.scheme]
    if any(origin[0] == name and port == (told_port or _USUAL[page.scheme]) for name, told_port in names):
        return True
    known = origin[0] in LOCAL or any(origin[0] == name for name, _ in names)
    return known and port == (host[1] or _USUAL[scheme])


def _is_named(host: Address, name: Address) -> bool:
    return host[0] == name[0] and (name[1] is None or host[1] in (None, name[1]))


def address(text: str) -> Address | None:
    """Name and port of `name`, `name:port`, `[::1]:port`; None for anything else.

    >>> address("LOCALHOST.:8501"), address("[::1]"), address("::1"), address("a@b"), address("a:b")
    (('localhost', 8501), ('::1', None), ('::1', None), None, None)
    """
    text = f"[{text}]" if text.count(":") > 1 and not text.startswith("[") else text
    try:
        found = urlsplit(f"//{text}")
        port = found.port
    except ValueError:
        return None
    if not found.hostname or found.netloc != text or "@" in text or not text.isascii() or text.strip() != text:
        return None
    return found.hostname.lower().removesuffix("."), port


def _values(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name]


def _known(scope: Scope) -> Scope:
    """Without the origin, which has been looked at: where it is not the very host, Streamlit would ask outside."""
    if scope["type"] != "websocket":
        return scope
    return {**scope, "headers": [(key, value) for key, value in scope["headers"] if key.lower() != b"origin"]}


async def _refuse(scope: Scope, send: Send, status: int, why: str) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": why[:100]})  # before it is accepted: a 403
        return
    body = f"{why}\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
