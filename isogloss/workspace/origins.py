"""Which names a server of this machine answers to, and from which pages it may be asked.

The wall before the app and the verbs over HTTP hold `Host` and `Origin` against this.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

Address = tuple[str, int | None]  # a name in lower case, and the port, None where none is told

LOCAL = ("127.0.0.1", "localhost", "::1")
_USUAL = {"http": 80, "https": 443, "ws": 80, "wss": 443}


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
