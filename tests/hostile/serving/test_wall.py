"""No page of another host, port or name reaches the app, by any route; and nothing of it looks outside."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from components.serving.wall import Wall, is_own
from isogloss.cli.main import main
from isogloss.places import ROOT
from tests.hostile.serving.started import Started, html_of

PAGES = sorted(path.stem.partition("_")[2] for path in (ROOT / "pages").glob("*.py"))
WATCH = """
import os, socket
_local = ("127.", "localhost", "::1", "0.0.0.0", "::")
def _tell(what, where):
    host = where[0] if isinstance(where, tuple) else where
    if host is not None and not str(host).startswith(_local) and not str(host).startswith("/"):
        with open(os.environ["WATCHED"], "a") as out:
            out.write(f"{what} {host}\\n")
_connect, _getaddrinfo = socket.socket.connect, socket.getaddrinfo
class Watched(socket.socket):
    def connect(self, address):
        _tell("connect", address)
        return super().connect(address)
    def sendto(self, data, *rest):
        _tell("sendto", rest[-1])
        return super().sendto(data, *rest)
def getaddrinfo(host, *rest, **more):
    _tell("lookup", host)
    return _getaddrinfo(host, *rest, **more)
socket.socket, socket.getaddrinfo = Watched, getaddrinfo
"""


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("watched") / "sockets"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, watched: Path, scripts_folder: Path) -> Iterator[Started]:
    """A started server whose sockets are watched; its collection of Scripts is made already."""
    home = tmp_path_factory.mktemp("home")
    shutil.copytree(scripts_folder, home / "collections" / scripts_folder.name)
    with Started(home, watching(watched)) as started:
        yield started


def watching(watched: Path) -> dict[str, str]:
    """The environment in which every socket to elsewhere is written down."""
    (watched.parent / "sitecustomize.py").write_text(WATCH)
    return {
        "PYTHONPATH": os.pathsep.join([str(watched.parent), os.environ.get("PYTHONPATH", "")]),
        "WATCHED": str(watched),
    }


def foreign(port: int) -> list[dict[str, str]]:
    """Headers of twenty requests that do not come from a page of ours, or do not ask for us."""
    here = f"127.0.0.1:{port}"
    origins = [
        "http://evil.example",
        f"http://evil.example:{port}",
        "https://evil.example",
        "http://localhost:3000",
        "http://127.0.0.1:1",
        "http://127.0.0.1",
        "https://127.0.0.1",
        f"http://127.0.0.1.evil.example:{port}",
        f"http://localhost.evil.example:{port}",
        f"http://evil.example@127.0.0.1:{port}",
        f"ftp://127.0.0.1:{port}",
        f"http://0.0.0.0:{port}",
        f"http://192.168.1.1:{port}",
        "https://share.streamlit.io",
        "null",
        "file://",
    ]
    hosts = [f"evil.example:{port}", "127.0.0.1.evil.example", f"a@127.0.0.1:{port}", f"0.0.0.0:{port}"]
    return [{"Host": here, "Origin": one} for one in origins] + [{"Host": h, "Origin": f"http://{h}"} for h in hosts]


@pytest.mark.long
def test_twenty_foreign_handshakes_are_refused_and_nobody_is_asked_who_we_are(server: Started, watched: Path) -> None:
    assert len(foreign(server.port)) == 20
    assert [server.shaken(**headers) for headers in foreign(server.port)] == [403] * 20
    for name in ("127.0.0.1", "localhost", "[::1]"):
        assert server.shaken(Host=f"{name}:{server.port}", Origin=f"http://{name}:{server.port}") == 101
    assert server.shaken(Origin=f"http://[::1]:{server.port}") == 101  # Streamlit itself would ask outside about it
    with server.visit() as visitor:
        assert "iso-lead" in html_of(visitor.run())
        for page in PAGES:
            shown = html_of(visitor.run(page))
            assert "iso-lead" in shown, page
            assert 'role="alert"' not in shown, page
    assert not watched.exists(), watched.read_text()
    asks = "import socket\ntry: socket.getaddrinfo('who.invalid', 80)\nexcept OSError: pass"
    subprocess.run([sys.executable, "-c", asks], env=server.environment, check=True)
    assert watched.read_text() == "lookup who.invalid\n"  # the watch does watch


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/Map"),
        ("GET", "/_stcore/health"),
        ("GET", "/_stcore/host-config"),
        ("GET", "/_stcore/metrics"),
        ("PUT", "/_stcore/upload_file/session/file"),
        ("OPTIONS", "/_stcore/upload_file/session/file"),
        ("DELETE", "/_stcore/upload_file/session/file"),
        ("POST", "/_stcore/agent/interact"),
        ("GET", "/media/0123456789.csv"),
        ("GET", "/component/a/b.js"),
        ("GET", "/_stcore/bidi-components/isogloss.linked_maps/linked_maps.js"),
        ("GET", "/static/js/index.js"),
    ],
)
def test_every_route_is_behind_the_wall(server: Started, method: str, path: str) -> None:
    for headers in (
        {"Host": f"evil.example:{server.port}"},
        {"Origin": "http://evil.example"},
        {"Origin": "http://localhost:1"},
        {"Origin": "null"},
    ):
        status, body, told = server.asked(path, method, **headers)
        assert status == 403
        assert "Access-Control-Allow-Origin" not in told
        assert b"--host-name" in body


def test_figures_of_the_server_are_closed(server: Started) -> None:
    for path in ("/_stcore/metrics", "/_stcore/metrics/", "/_stcore/%6detrics", "/_stcore/metrics?families=x"):
        assert server.asked(path)[0] == 404


def test_no_page_elsewhere_steers_the_app_in_a_frame(server: Started) -> None:
    assert b'"allowedOrigins":[]' in server.asked("/_stcore/host-config")[1]


@pytest.mark.long
def test_the_wall_stands_without_our_command_too(tmp_path: Path) -> None:
    """Nor does it look for its own addresses where it listens on all of them."""
    command = "-m streamlit run app.py --server.headless true --server.address 0.0.0.0 --server.port {port}"
    with Started(tmp_path, watching(tmp_path / "sockets"), command=command) as started:
        assert started.shaken(Origin="http://evil.example") == 403
        assert started.asked("/", Host="evil.example")[0] == 403
        with started.visit() as visitor:
            assert "iso-lead" in html_of(visitor.run())
    assert not (tmp_path / "sockets").exists(), (tmp_path / "sockets").read_text()


@pytest.mark.long
def test_secrets_of_a_host_of_apps_open_the_wall_for_its_name(tmp_path: Path) -> None:
    """As deploy/streamlit-cloud.md says: variables stand in a file that Streamlit reads as it starts."""
    told = (ROOT / "deploy" / "streamlit-cloud.md").read_text(encoding="utf-8").partition("```toml\n")[2]
    told = told.replace('VISITORS = "1"', 'VISITORS = "0"')  # no walk before the first is let in
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "secrets.toml").write_text(told.partition("```")[0], encoding="utf-8")
    command = "-m streamlit run app.py --server.headless true --server.port {port}"
    with Started(tmp_path / "home", {"HOME": str(tmp_path)}, command=command) as started:
        name = "name.streamlit.app"
        assert started.asked("/", Host=name)[0] == 200
        assert started.shaken(Host=name, Origin=f"https://{name}") == 101
        assert started.asked("/", Host="other.streamlit.app")[0] == 403
        assert started.shaken(Host=name, Origin="https://share.streamlit.io") == 403


@pytest.mark.parametrize(
    ("hosts", "origin", "own"),
    [
        (["viz.example.org"], "https://viz.example.org", True),
        (["viz.example.org"], "http://viz.example.org", True),
        (["127.0.0.1:8501"], "https://viz.example.org", True),  # a proxy that does not pass the name on
        (["VIZ.example.org."], "https://viz.example.org:443", True),
        (["viz.example.org:8443"], "https://viz.example.org:8443", True),
        (["viz.example.org"], "https://viz.example.org:8443", False),
        (["viz.example.org"], "https://other.example.org", False),
        (["viz.example.org"], "http://localhost:8501", False),
        (["other.example.org"], "https://viz.example.org", False),
        (["10.0.0.5:8501"], "http://10.0.0.5:8501", True),
        (["10.0.0.5:9000"], "http://10.0.0.5:9000", False),
        (["localhost"], "http://localhost", True),
        (["localhost"], "https://localhost", False),
        (["[::1]:8501"], "http://localhost:8501", True),
        (["localhost:8501"], None, True),
        (["viz.example.org", "viz.example.org"], None, False),
        ([], None, False),
        ([""], None, False),
        (["localhost:99999"], None, False),
        (["localhost:8501/x"], None, False),
        (["lоcalhost:8501"], None, False),  # a Cyrillic letter
    ],
)
def test_names_that_serve_was_told_are_hosts_and_origins(hosts: list[str], origin: str | None, own: bool) -> None:
    told = ["viz.example.org", "10.0.0.5:8501"]
    assert is_own(hosts, [origin] if origin else [], "http", told) is own


def through(path: str, method: str = "GET", kind: str = "http") -> int | None:
    """The status that the wall gives, None where it lets a request through."""
    sent: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        sent.append({"status": None})

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": kind,
        "path": path,
        "method": method,
        "headers": [(b"host", b"localhost"), (b"content-length", b"3")],
        "scheme": "http",
    }
    coroutine = Wall(app)(scope, None, send)  # type: ignore[arg-type]
    with contextlib.suppress(StopIteration):  # nothing in it waits
        coroutine.send(None)  # type: ignore[attr-defined]
    found: int | None = sent[0]["status"]
    return found


def test_what_is_closed_is_opened_by_who_runs_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    upload = "/_stcore/upload_file/session/file"
    for path in (upload, f"/base{upload}"):
        assert through(path, "PUT") is None
    assert through("/base/_stcore/metrics") == 404
    monkeypatch.setenv("ISOGLOSS_METRICS", "1")
    assert through("/_stcore/metrics") is None
    monkeypatch.setenv("ISOGLOSS_READONLY", "1")
    for path in (upload, f"/base{upload}"):
        for method in ("PUT", "POST", "DELETE"):
            assert through(path, method) == 403
    assert through("/media/x.csv") is None


def test_serve_passes_its_names_on(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    seen: list[dict[str, str]] = []
    monkeypatch.setattr(os, "execve", lambda program, given, environment: seen.append(environment))
    monkeypatch.setattr(os, "chdir", lambda folder: None)
    monkeypatch.setattr("subprocess.run", lambda *given, **more: pytest.fail("not on this system"))
    if sys.platform != "win32":
        with pytest.raises(BaseException):  # noqa: B017, PT011 - execve came back
            main(["serve", "--host-name", "viz.example.org", "--host-name", "[fe80::1]:8501"])
        assert seen[0]["ISOGLOSS_HOST_NAMES"] == "viz.example.org [fe80::1]:8501"
    assert main(["serve", "--host-name", "https://viz.example.org/"]) == 2
    assert "host name 'https://viz.example.org/'" in capsys.readouterr().err
