"""What goes on while the server lives: what was left behind is swept, and visits end with the server.

What this needs is imported by the thread that makes ready, while the browser is fetching the frontend.
"""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from functools import partial
from typing import Any

import streamlit as st
from streamlit import cli_util, runtime
from streamlit.web.server import server_util

from components.log.lines import tell_crashes
from components.serving.walk import PAGES, walk
from isogloss.errors import IsoglossError
from isogloss.workspace.access import read_only, visitors

EVERY = 600.0  # seconds
_PATIENCE = 15.0  # seconds that the first visitors wait at most for what is made for all
_QUICK = 0.0005  # seconds, a tenth of the usual: a browser that fetches the frontend does not wait for what is loaded
_COLLECT = 15.0  # seconds: how long what a visitor left behind may stay


Life = Callable[[Any], AbstractAsyncContextManager[None]]


def tended(prepare: Callable[[], None]) -> Life:
    """What Streamlit calls with the app. prepare: makes ready what is seen first, beside the first requests."""
    return asynccontextmanager(partial(_tended, prepare))


async def _tended(prepare: Callable[[], None], app: Any) -> AsyncIterator[None]:
    """Around the life of the server. SIGTERM and Ctrl-C end it in order; what a kill leaves, the next start sweeps."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(_QUICK)
    gc.disable()  # until all is loaded: little of that is garbage, and it would be looked through a hundred times
    tell_crashes()
    if not st.get_option("server.headless"):
        address = server_util.get_url(st.get_option("browser.serverAddress"))
        asyncio.get_running_loop().call_soon(cli_util.open_browser, address)
    ready = asyncio.create_task(_make_ready(prepare, usual))
    tending = [ready, *(asyncio.create_task(one) for one in (_tidy(), _sweep(ready)))]
    if visitors():  # many come at once, above all to a server that starts again: each would wait for all of them
        await asyncio.wait({ready}, timeout=_PATIENCE)
    try:
        yield
    finally:
        for one in tending:
            one.cancel()
        await asyncio.gather(*tending, return_exceptions=True)
        await asyncio.to_thread(_end_all)


async def _make_ready(prepare: Callable[[], None], usual: float) -> None:
    """While the browser is still on its way; what fails here is said by the page. usual: seconds that a thread may go
    on while others wait.
    """
    try:
        with suppress(IsoglossError, OSError):
            await asyncio.to_thread(prepare)
        if visitors():
            await asyncio.gather(walk(PAGES), return_exceptions=True)
        await asyncio.to_thread(gc.collect)
        gc.freeze()  # what is loaded by now stays: nobody looks through it again
    finally:
        gc.enable()
        sys.setswitchinterval(usual)


async def _sweep(ready: asyncio.Task[None]) -> None:
    await asyncio.wait({ready})
    await _again(EVERY, sweep_all)


async def _tidy() -> None:
    while True:
        await asyncio.sleep(_COLLECT)
        forget_left()
        await asyncio.to_thread(gc.collect)


def forget_left() -> None:
    """Streamlit keeps the session of a visitor who left for a while (`server.disconnectedSessionTTL`), and then until
    somebody else leaves: with all that it holds. On the event loop.
    """
    manager = getattr(runtime.get_instance(), "_session_mgr", None)
    kept = getattr(getattr(manager, "_session_storage", None), "_cache", ())
    len(kept)  # a cache of limited time lets go of what is too old when it is counted


async def _again(seconds: float, do: Callable[[], object]) -> None:
    while True:
        await asyncio.to_thread(do)
        await asyncio.sleep(seconds)


def _end_all() -> None:
    from components.shell.visit import end_visits

    end_visits()


def sweep_all() -> None:
    """Folders of visits whose server is dead, and what killed writers left in the workspace."""
    from components.shell.visit import sweep_visits
    from isogloss.workspace.folders import sweep_below
    from isogloss.workspace.store import Workspace

    sweep_visits()
    if not read_only():
        sweep_below(Workspace().root)
