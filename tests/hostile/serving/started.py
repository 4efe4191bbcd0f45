"""A server that was really started, and sessions in it without a browser."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

ROOT = Path(__file__).resolve().parents[3]
_HANDSHAKE = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version": "13",
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Started:
    """`isogloss serve` (or another command) on a port of its own; it is there when this is made.

    before: what stands before the command, as strace. command: {port} is the port.
    """

    def __init__(
        self, home: Path, environment: Mapping[str, str] | None = None, *, command: str = "", before: Sequence[str] = ()
    ) -> None:
        self.port = free_port()
        self.environment = os.environ | {"ISOGLOSS_HOME": str(home)} | dict(environment or {})
        given = (command or "-m isogloss serve --headless --port {port}").format(port=self.port).split()
        self.process = subprocess.Popen(
            [*before, sys.executable, *given],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=self.environment,
            start_new_session=True,
        )
        for _ in range(1_200):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                break
            except OSError:
                assert self.process.poll() is None, self.said()
                time.sleep(0.05)
        while self.asked("/_stcore/health")[0] != 200:
            time.sleep(0.05)

    def __enter__(self) -> Started:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop(signal.SIGKILL)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> str:
        """Send a signal to it and to what it started; what it said."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, how)
        return self.said()

    def said(self) -> str:
        out = self.process.stdout
        if out is None or out.closed:
            return ""
        found = self.process.communicate(timeout=60)[0].decode()
        out.close()
        return found

    def asked(
        self, path: str, method: str = "GET", body: bytes | None = None, **headers: str
    ) -> tuple[int, bytes, Mapping[str, str]]:
        """Status, body and headers of an answer; `Host` and others are given by their names."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, {key.replace("_", "-"): value for key, value in headers.items()})
            answer = connection.getresponse()
            return answer.status, answer.read(), dict(answer.getheaders())
        finally:
            connection.close()

    def shaken(self, **headers: str) -> int:
        """The status of a websocket handshake: 101 where it is accepted."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            given = _HANDSHAKE | {key.replace("_", "-"): value for key, value in headers.items()}
            connection.request("GET", "/_stcore/stream", headers=given)
            return connection.getresponse().status
        finally:
            connection.close()

    def visit(self) -> Session:
        return Session(self.port)


class Session:
    """A visitor: a page is run when it is asked for, and ends with its messages."""

    def __init__(self, port: int) -> None:
        address = f"127.0.0.1:{port}"
        self._open = ExitStack()
        self.socket: ClientConnection = self._open.enter_context(
            connect(
                f"ws://{address}/_stcore/stream", origin=f"http://{address}", subprotocols=["streamlit"], max_size=None
            )
        )
        self.id = ""

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def run(self, page: str = "", query: str = "") -> list[Any]:
        """The messages of one run of a page."""
        asked = BackMsg()
        asked.rerun_script.query_string = query
        asked.rerun_script.page_name = page
        self.socket.send(asked.SerializeToString())
        found = []
        while True:
            message = ForwardMsg()
            message.ParseFromString(self.socket.recv(timeout=120))
            found.append(message)
            if message.WhichOneof("type") == "new_session":
                self.id = message.new_session.initialize.session_id
            if message.WhichOneof("type") == "script_finished":
                return found


def html_of(messages: list[Any]) -> str:
    """Everything that a run wrote as HTML."""
    return "\n".join(m.delta.new_element.html.body for m in messages if m.delta.new_element.HasField("html"))
