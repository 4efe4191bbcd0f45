"""The app as a visitor meets it: started as scripts/run starts it, driven in Chromium."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from components.maps.data import MapData
from isogloss.maps.layout import LayoutParameters
from isogloss.maps.linked import find_maps
from isogloss.workspace.store import Workspace
from tests.kit.patient import wait_for_one

ROOT = Path(__file__).resolve().parents[2]
expect.set_options(timeout=30_000)
wait_for_one()
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]


# Streamlit opens groups by an animation of half a second until the page's own script is there; a click on what moves
# misses it
STILL = """
const animate = Element.prototype.animate;
Element.prototype.animate = function (frames, options) {
  return animate.call(this, frames, typeof options === "object" ? { ...options, duration: 0 } : 0);
};
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory, scripts_folder: Path) -> Iterator[str]:
    """The address of a running app with the shipped demos and a small collection in four scripts."""
    from tests.kit.collections import save_large_collection, save_scripts_collection

    workspace = tmp_path_factory.mktemp("workspace")
    (workspace / "collections").mkdir()
    (workspace / "collections" / "scripts").symlink_to(scripts_folder)
    save_scripts_collection(workspace)
    save_large_collection(workspace)
    with served(workspace) as (address, _):
        yield address


@contextmanager
def served(workspace: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A server of its own over a workspace: its address and its process, which may be killed meanwhile."""
    port = free_port()
    command = [sys.executable, "-m", "isogloss", "serve", "--headless", "--port", str(port)]
    with tempfile.TemporaryFile() as said:  # a pipe that nobody reads would stop the server when it is full
        server = subprocess.Popen(
            [*command, "--workspace", str(workspace)],
            cwd=ROOT,
            stdout=said,
            stderr=subprocess.STDOUT,
            env=os.environ | {"PYTHONWARNINGS": "default"},
        )
        address = f"http://127.0.0.1:{port}"
        try:
            for _ in range(600):
                try:
                    urllib.request.urlopen(address + "/_stcore/health", timeout=1).close()
                    break
                except OSError:
                    assert server.poll() is None, said.seek(0) or said.read().decode()
                    time.sleep(0.1)
            yield address, server
        finally:
            server.terminate()
            server.wait(20)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.fail("no Chromium was found: install Debian's package `chromium` (apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def window(chromium: Browser) -> Iterator[BrowserContext]:
    """One for all pages: what the server sends once to a visitor is not asked for again."""
    window = chromium.new_context(viewport={"width": 1440, "height": 900})
    yield window
    window.close()


@pytest.fixture
def page(window: BrowserContext, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A fresh page without cookies; a page error fails the test that caused it. Motion is tested with the maps."""
    window.clear_cookies()
    page = window.new_page()
    if not request.path.name.startswith("test_maps"):
        page.emulate_media(reduced_motion="reduce")  # two cores draw what a graphics card would
        page.add_init_script(STILL)
    errors: list[str] = []
    page.on("pageerror", lambda e: errors.append(str(e)))
    page.set_default_timeout(30_000)
    yield page
    for one in window.pages:
        one.close()
    assert not errors, errors


@pytest.fixture
def offline(chromium: Browser) -> Iterator[Page]:
    """A page that has no network; what it asks for, what it says and what goes wrong are in `page.told`."""
    context = chromium.new_context(viewport={"width": 1280, "height": 720}, offline=True, accept_downloads=True)
    page = context.new_page()
    told: list[str] = []
    page.on("request", lambda one: told.append(one.url))
    page.on("pageerror", lambda one: told.append(f"error {one}"))
    page.on("dialog", lambda one: (told.append(f"dialog {one.message}"), one.dismiss()))
    page.on("console", lambda one: told.append(f"console {one.text}"))
    page.told = told  # type: ignore[attr-defined]
    yield page
    context.close()


@pytest.fixture(scope="session")
def demo() -> MapData:
    """The four maps of the shipped demo, as the page draws them."""
    collection = Workspace().open("un-debates")
    store = Workspace().derived("un-debates")
    maps = find_maps(collection, collection.names, "joint", parameters=LayoutParameters(), store=store)
    assert maps is not None
    return MapData(collection, maps, "joint", repr(LayoutParameters()))
