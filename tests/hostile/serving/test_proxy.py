"""Two processes behind the proxy of `deploy/`: every visitor stays in one, and both have visitors."""

from __future__ import annotations

import http.client
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from email.message import Message
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from tests.hostile.serving.started import ROOT, Started, free_port

HAPROXY = shutil.which("haproxy") or shutil.which("haproxy", path="/usr/sbin")
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(HAPROXY is None, reason="HAProxy is not installed (apt-get install haproxy)"),
]


@dataclass(frozen=True)
class Behind:
    """The ports of the proxy and of the two processes, and these."""

    port: int
    processes: tuple[Started, Started]


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory, scripts_folder: Path) -> Iterator[Behind]:
    """Two processes behind the proxy."""
    folder, port = tmp_path_factory.mktemp("proxy"), free_port()
    shutil.copytree(scripts_folder, folder / "home" / "collections" / "scripts")
    given = {"ISOGLOSS_VISITORS": "1", "ISOGLOSS_HOST_NAMES": f"isogloss.example.org:{port}"}
    with Started(folder / "home", given) as one, Started(folder / "home", given) as other:
        text = (ROOT / "deploy" / "haproxy.cfg").read_text("utf-8")
        for old, new in ((8080, port), (8501, one.port), (8502, other.port)):
            text = text.replace(f"127.0.0.1:{old}", f"127.0.0.1:{new}")
        (folder / "haproxy.cfg").write_text(f"{text}  http-response set-header X-Process %si:%sp\n", "utf-8")
        command = [str(HAPROXY), "-db", "-f", str(folder / "haproxy.cfg")]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            until = time.monotonic() + 20
            while time.monotonic() < until:
                try:
                    asked(port)
                    break
                except OSError:
                    time.sleep(0.1)
            yield Behind(port, (one, other))
        finally:
            process.terminate()
            process.wait(20)


@pytest.fixture
def proxy(behind: Behind) -> int:
    """The port of the proxy."""
    return behind.port


def asked(port: int, path: str = "/_stcore/health", *, cookie: str = "", host: str = "") -> tuple[int, Message]:
    """Status and headers of an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        headers = {"Host": host or f"isogloss.example.org:{port}"} | ({"Cookie": cookie} if cookie else {})
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.headers
    finally:
        connection.close()


def held(answer: Message) -> str:
    """The cookie of an answer that says who gave it."""
    return next(one for one in answer.get_all("Set-Cookie", []) if one.startswith("isogloss=")).partition(";")[0]


def test_a_visitor_stays_in_one_process_and_both_have_visitors(proxy: int) -> None:
    seen = []
    for _ in range(12):
        status, first = asked(proxy, "/")
        assert status == 200
        later = (asked(proxy, path, cookie=held(first))[1] for path in ("/_stcore/health", "/", "/Neighbors"))
        seen.append({one["X-Process"] for one in (first, *later)})
    assert all(len(one) == 1 for one in seen)
    assert len(set.union(*seen)) == 2


def test_pages_come_through(proxy: int) -> None:
    own = f"isogloss.example.org:{proxy}"
    with (
        socket.create_connection(("127.0.0.1", proxy)) as raw,
        connect(
            f"ws://{own}/_stcore/stream",
            sock=raw,
            origin=f"http://{own}",  # type: ignore[arg-type]
            subprotocols=["streamlit"],  # type: ignore[list-item]
            max_size=None,
        ) as visit,
    ):
        asked_for = BackMsg()
        asked_for.rerun_script.query_string = "item=climate"
        asked_for.rerun_script.page_name = "Neighbors"
        visit.send(asked_for.SerializeToString())
        html = ""
        message = ForwardMsg()
        while message.WhichOneof("type") != "script_finished":
            message.ParseFromString(visit.recv(timeout=120))  # type: ignore[arg-type]
            html += message.delta.new_element.html.body if message.WhichOneof("type") == "delta" else ""
    assert "climate" in html


def test_other_names_are_refused_behind_it_too(proxy: int) -> None:
    assert asked(proxy, "/", host="evil.example.org")[0] == 403


def test_newcomers_come_to_the_process_with_the_fewest_open_pages(behind: Behind) -> None:
    """Where one process took the visitors of another in, those who come next fill the other."""
    own, one = f"isogloss.example.org:{behind.port}", behind.processes[0].port
    answers = (asked(behind.port)[1] for _ in range(60))
    cookie = held(next(answer for answer in answers if answer["X-Process"] == f"127.0.0.1:{one}"))
    with ExitStack() as open_pages:
        for _ in range(3):
            raw = open_pages.enter_context(socket.create_connection(("127.0.0.1", behind.port)))
            open_pages.enter_context(
                connect(
                    f"ws://{own}/_stcore/stream",
                    sock=raw,
                    origin=f"http://{own}",  # type: ignore[arg-type]
                    subprotocols=["streamlit"],  # type: ignore[list-item]
                    additional_headers={"Cookie": cookie},
                )
            )
        came = {asked(behind.port)[1]["X-Process"] for _ in range(6)}
    assert came == {f"127.0.0.1:{behind.processes[1].port}"}


def test_where_one_is_gone_the_other_stands_in_and_keeps_who_came(behind: Behind) -> None:
    """Else a visitor whose page is in one would bring files to the other once that is back."""
    one, other = (f"127.0.0.1:{process.port}" for process in behind.processes)
    answers = (asked(behind.port)[1] for _ in range(60))
    first = next(answer for answer in answers if answer["X-Process"] == one)
    behind.processes[0].process.kill()
    behind.processes[0].process.wait()
    status, moved = asked(behind.port, cookie=held(first))
    assert status == 200
    assert moved["X-Process"].split(", ")[-1] == other
    assert held(moved) != held(first)
    with socket.create_server(("127.0.0.1", behind.processes[0].port)):  # it is back
        later = asked(behind.port, cookie=held(moved))[1]
        assert later["X-Process"] == other
        assert not any(one.startswith("isogloss=") for one in later.get_all("Set-Cookie", []))
