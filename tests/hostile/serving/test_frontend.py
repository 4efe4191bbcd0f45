"""Parts of Streamlit's frontend from memory: each is what lies on disk, and nothing else is answered."""

from __future__ import annotations

from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import pytest
from streamlit import file_util

from components.serving.frontend import Frontend
from tests.kit.loops import awaited

Message = MutableMapping[str, Any]


async def _beyond(scope: Message, receive: object, send: Any) -> None:
    await send({"type": "http.response.start", "status": 299, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def asked(
    frontend: Frontend, path: str, *, method: str = "GET", **more: object
) -> tuple[int, dict[bytes, bytes], bytes]:
    """Status (299 where the app was asked), headers and body."""
    told: list[Message] = []

    async def send(message: Message) -> None:
        told.append(message)

    async def receive() -> Message:
        return {}

    scope = {"type": "http", "path": path, "method": method, "headers": [], "root_path": "", **more}
    awaited(frontend(scope, receive, send))
    return told[0]["status"], dict(told[0]["headers"]), told[1]["body"]


def test_every_part_is_what_lies_on_disk() -> None:
    frontend, place = Frontend(_beyond), Path(file_util.get_static_dir())
    files = [one for one in (place / "static").rglob("*") if one.is_file()]
    assert len(files) > 100
    for one in files:
        path = f"/{one.relative_to(place).as_posix()}"
        for _ in range(2):  # read, then kept
            status, headers, body = asked(frontend, path)
            if status == 299:
                assert one.stat().st_size > 1 << 20
                break
            assert body == one.read_bytes()
            assert headers[b"content-length"] == str(len(body)).encode()
            assert headers[b"cache-control"].startswith(b"public, immutable")
    kinds = {
        end: asked(frontend, next(f"/{one.relative_to(place).as_posix()}" for one in files if one.suffix == end))
        for end in (".css", ".woff2")
    }
    assert {end: told[1][b"content-type"] for end, told in kinds.items()} == {
        ".css": b"text/css",
        ".woff2": b"font/woff2",
    }


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("/", {}),
        ("/index.html", {}),
        ("/static/js/../../index.html", {}),
        ("/static/js/secret.js", {}),
        ("/static/js/one.js", {"method": "HEAD"}),
        ("/static/js/one.js", {"method": "POST"}),
        ("/static/js/one.js", {"headers": [(b"range", b"bytes=0-1")]}),
        ("/static/js/one.js", {"root_path": "/below"}),
    ],
)
def test_all_else_is_the_apps(path: str, more: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "static" / "js").mkdir(parents=True)
    (tmp_path / "index.html").write_text("page")
    (tmp_path / "static" / "js" / "one.js").write_text("one")
    frontend = Frontend(_beyond, tmp_path)
    assert asked(frontend, "/static/js/one.js")[::2] == (200, b"one")
    (tmp_path / "static" / "js" / "secret.js").write_text("put there later")
    assert asked(frontend, path, **more)[0] == 299
