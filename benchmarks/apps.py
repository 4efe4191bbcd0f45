"""The two apps that are compared in Chromium: ours, and the least that Streamlit can be."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
HELLO = 'import streamlit as st\n\nst.write("hello")\n'
HOME_DRAWN, HELLO_DRAWN = ".cards button", "text=hello"
WAIT_MS = 120_000
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def our_command(port: int) -> list[str]:
    return [sys.executable, "-m", "isogloss", "serve", "--headless", "--port", str(port)]


def hello_command(port: int, folder: Path) -> list[str]:
    """Runs from the repository root too, hence under the same .streamlit/config.toml."""
    script = folder / "hello.py"
    script.write_text(HELLO, encoding="utf-8")
    return [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(script),
        "--server.port",
        str(port),
        "--server.headless",
        "true",
    ]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(command: list[str], port: int, root: Path = ROOT) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """The process and its address, once something listens there."""
    server = subprocess.Popen(command, cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                if server.poll() is not None:
                    raise SystemExit(f"{' '.join(command)} ended with {server.returncode} before it listened") from None
                time.sleep(0.005)
        yield server, f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


@contextmanager
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        raise SystemExit("no Chromium was found: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def visitor(browser: Browser) -> Iterator[Page]:
    """A page with an empty cache."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    try:
        page = context.new_page()
        page.set_default_timeout(WAIT_MS)
        yield page
    finally:
        context.close()
