"""What goes on while the server lives: what was left behind is swept, and visits end with the server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import streamlit as st
from streamlit import cli_util
from streamlit.web.server import server_util

from components.shell.visit import end_visits, sweep_visits
from isogloss.workspace.access import read_only
from isogloss.workspace.folders import sweep_below
from isogloss.workspace.store import Workspace

EVERY = 600.0  # seconds


@asynccontextmanager
async def tended(app: Any) -> AsyncIterator[None]:
    """Around the life of the server. SIGTERM and Ctrl-C end it in order; what a kill leaves, the next start sweeps."""
    if not st.get_option("server.headless"):
        address = server_util.get_url(st.get_option("browser.serverAddress"))
        asyncio.get_running_loop().call_soon(cli_util.open_browser, address)
    sweeping = asyncio.create_task(_sweep_again_and_again())
    try:
        yield
    finally:
        sweeping.cancel()
        with suppress(asyncio.CancelledError):
            await sweeping
        await asyncio.to_thread(end_visits)


async def _sweep_again_and_again() -> None:
    while True:
        await asyncio.to_thread(sweep_all)
        await asyncio.sleep(EVERY)


def sweep_all() -> None:
    """Folders of visits whose server is dead, and what killed writers left in the workspace."""
    sweep_visits()
    if not read_only():
        sweep_below(Workspace().root)
