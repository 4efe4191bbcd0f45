"""Parts of Streamlit's frontend from memory, and the document of our pages: each is what lies on disk, and nothing else
is answered.
"""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import pytest
from streamlit import file_util

from components.serving.frontend import Frontend
from components.serving.opening import FIRST
from tests.kit.loops import awaited

ROOT = Path(__file__).resolve().parents[3]
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
        ("/", {"method": "HEAD"}),
        ("/", {"method": "POST"}),
        ("/", {"root_path": "/below"}),
        ("/Nothing", {}),
        ("/Neighbors/", {}),
        ("/_stcore/health", {}),
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


def test_a_page_begins_with_streamlits_document_its_parts_and_our_style() -> None:
    frontend, place = Frontend(_beyond), Path(file_util.get_static_dir())
    status, headers, body = asked(frontend, "/")
    assert (status, headers[b"content-type"], headers[b"cache-control"]) == (
        200,
        b"text/html; charset=utf-8",
        b"no-cache",
    )
    assert headers[b"content-length"] == str(len(body)).encode()
    pages = [f"/{one.stem.partition('_')[2]}" for one in ROOT.glob("pages/*.py")]
    assert len(pages) > 10
    assert all(asked(frontend, page) == (status, headers, body) for page in pages)
    page, own = body.decode(), (place / "index.html").read_text()
    named = re.findall(r'<link rel="modulepreload" crossorigin href="\./(static/js/[^"]*)">', page)
    assert len(named) == len(set(named))
    assert all((place / one).is_file() for one in named)
    for part in FIRST:  # Streamlit still calls them so
        assert sum(Path(one).name.startswith(f"{part}.") for one in named) == 1
    before = set(re.findall(r"static/js/[\w.-]+\.js", own))
    given = set(named) | before
    for one in set(named) - before:  # nothing is left that a browser would learn of only then
        assert {f"static/js/{needed}" for needed in re.findall(r'from"\./([^"]+)"', (place / one).read_text())} <= given
    style = f"<style>{(ROOT / 'components' / 'shell' / 'frame.css').read_text('utf-8')}</style>"
    assert page.index('id="root"') < page.index(style)
    for more in (style, *(f'<link rel="modulepreload" crossorigin href="./{one}">' for one in set(named) - before)):
        page = page.replace(more, "")
    assert page == own


def test_a_document_of_another_version_has_what_it_names(tmp_path: Path) -> None:
    scripts = tmp_path / "static" / "js"
    scripts.mkdir(parents=True)
    (tmp_path / "index.html").write_text("<head></head><body></body>")
    (scripts / "Html.1.js").write_text('import{a}from"./b.2.js";import"./gone.3.js"')
    (scripts / "b.2.js").write_text('import{c}from"./Html.1.js"')
    body = asked(Frontend(_beyond, tmp_path), "/Drift")[2].decode()
    link = '<link rel="modulepreload" crossorigin href="./static/js/{}">'
    assert body.startswith(f"<head>{link.format('Html.1.js')}{link.format('b.2.js')}</head><body><style>")
