"""Resident memory of the server process, against a Streamlit app that writes one word.

Aim: ≤ 350 MB once the home page stands; no torch, no umap until a page needs them. Read again after
Neighbors and Map were visited. MB are 10^6 bytes. The libraries are those with native code mapped
into the process (umap has none of its own and shows as numba, which it imports).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil

from benchmarks.apps import HELLO_DRAWN, HOME_DRAWN, chromium, free_port, hello_command, our_command, served, visitor
from benchmarks.measure import Entry, Spread, take_turns

AIM = 350.0
WATCHED = ("torch", "llvmlite", "numba", "gensim", "sklearn", "scipy", "faiss", "pandas", "pyarrow", "matplotlib")
SETTLE_MS = 1500


def run(quick: bool = False) -> Iterator[Entry]:
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:

        def ours() -> list[tuple[float, str]]:
            port = free_port()
            with served(our_command(port), port) as (server, address), visitor(browser) as page:
                seen = []
                for path, drawn in (("", HOME_DRAWN), ("/Neighbors", ".lists"), ("/Map", ".lm[data-drawn]")):
                    page.goto(address + path)
                    page.locator(drawn).first.wait_for(state="visible")
                    page.wait_for_timeout(SETTLE_MS)
                    seen.append(state(server.pid))
                return seen

        def hello() -> tuple[float, str]:
            port = free_port()
            with served(hello_command(port, Path(folder)), port) as (server, address), visitor(browser) as page:
                page.goto(address)
                page.locator(HELLO_DRAWN).first.wait_for(state="visible")
                page.wait_for_timeout(SETTLE_MS)
                return state(server.pid)

        seen = take_turns(1 if quick else 3, ours=ours, hello=hello)
    peer = [megabytes for megabytes, _ in seen["hello"]]
    for at, what in enumerate(("home page", "then Neighbors", "then Map")):
        resident = [visit[at][0] for visit in seen["ours"]]
        aim = {"aim": f"≤ {AIM:.0f} MB", "met": Spread.of(resident).median <= AIM} if at == 0 else {}
        yield Entry(
            "memory",
            f"resident, {what}",
            "MB",
            resident,
            peer,
            "hello app",
            **aim,
            note=f"loaded: {seen['ours'][-1][at][1]}",
        )


def state(pid: int) -> tuple[float, str]:
    """Resident megabytes of a process and its children, and which watched libraries it maps."""
    process = psutil.Process(pid)
    family = [process, *process.children(recursive=True)]
    mapped = [Path(m.path).parts for one in family for m in one.memory_maps() if "site-packages" in m.path]
    found = [name for name in WATCHED if any(part.split(".")[0] == name for parts in mapped for part in parts)]
    return sum(one.memory_info().rss for one in family) / 1e6, ", ".join(found) or "none"
