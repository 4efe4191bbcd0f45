"""A stock Firefox by WebDriver BiDi, which it speaks itself: opened, sized, asked, typed into and photographed."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

# As in Chromium: two cores draw what a graphics card would, and nothing is asked of the network but the app.
_PREFERENCES = {"ui.prefersReducedMotion": 1, "datareporting.policy.dataSubmissionEnabled": False}
_PREFERENCES |= {"browser.shell.checkDefaultBrowser": False, "app.normandy.enabled": False}
_PREFERENCES |= {"network.captive-portal-service.enabled": False, "network.connectivity-service.enabled": False}
_PREFERENCES |= {"browser.safebrowsing.update.enabled": False, "extensions.update.enabled": False}


def firefox_path() -> str | None:
    """Where Debian's or another stock Firefox lies; None where there is none."""
    return shutil.which("firefox-esr") or shutil.which("firefox")


class Firefox:
    """One window of it. An answer that is an error raises RuntimeError with what Firefox said."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket, self._sent = socket, 0
        self.call("session.new", capabilities={})
        # one of its own: what it opens with never has the focus, and may not go to every address
        self._window = str(self.call("browsingContext.create", type="window")["context"])

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """The result of a command of WebDriver BiDi."""
        self._sent += 1
        self._socket.send(json.dumps({"id": self._sent, "method": method, "params": params}))
        while True:
            told = json.loads(self._socket.recv(60))
            if told.get("id") == self._sent:
                if told["type"] == "error":
                    raise RuntimeError(f"{method}: {told['error']}: {told['message']}")
                return dict(told["result"])

    def resize(self, width: int, height: int) -> None:
        """The size of the page in CSS pixels."""
        self.call("browsingContext.setViewport", context=self._window, viewport={"width": width, "height": height})

    def goto(self, address: str) -> None:
        self.call("browsingContext.navigate", context=self._window, url=address, wait="interactive")

    def evaluate(self, expression: str) -> Any:
        """The value of an expression of JavaScript, through JSON; a promise is awaited."""
        told = self.call(
            "script.evaluate",
            expression=f"(async () => JSON.stringify(await ({expression})) ?? 'null')()",
            target={"context": self._window},
            awaitPromise=True,
        )
        if told["type"] != "success":
            raise RuntimeError(f"{expression}: {told['exceptionDetails']['text']}")
        return json.loads(told["result"]["value"])

    def wait(self, expression: str, seconds: float = 30) -> None:
        """Until an expression is true. Raises TimeoutError with the text of the page."""
        end = time.monotonic() + seconds
        while not self.evaluate(f"!!({expression})"):
            if time.monotonic() > end:
                raise TimeoutError(f"{expression}: {self.evaluate('document.body.innerText.slice(0, 600)')}")
            time.sleep(0.1)

    def press(self, *keys: str) -> None:
        """Keys one after another, as WebDriver writes them (`\\ue004` is Tab)."""
        actions = [{"type": way, "value": key} for key in keys for way in ("keyDown", "keyUp")]
        source = {"type": "key", "id": "keys", "actions": actions}
        self.call("input.performActions", context=self._window, actions=[source])

    def screenshot(self, path: Path) -> None:
        told = self.call("browsingContext.captureScreenshot", context=self._window)
        path.write_bytes(base64.b64decode(told["data"]))


@contextmanager
def firefox(program: str) -> Iterator[Firefox]:
    """A Firefox without a screen, with a profile of its own that is thrown away."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        profile = Path(home) / "profile"
        profile.mkdir()
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in _PREFERENCES.items()]
        (profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
        started = subprocess.Popen(
            [program, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port=0"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=os.environ | {"HOME": home},
            text=True,
        )
        assert started.stderr is not None
        try:
            said = []
            for line in started.stderr:
                said.append(line)
                if found := re.search(r"listening on (ws://\S+)", line):
                    break
            else:
                raise RuntimeError(f"{program} ended before it listened: {''.join(said)[-600:]}")
            with connect(found[1] + "/session", max_size=None, compression=None) as socket:
                yield Firefox(socket)
        finally:
            started.terminate()
            started.wait(20)
            started.stderr.close()
