"""Many visitors at once: sessions over a raw websocket that look at Neighbors, Map and Drift, one word after the other.

Each session asks for the next page as soon as the last one is whole; what is measured is the time of a page, from the
question to the end of its script. Loopback, bounded in sessions and seconds. Peer: 0.6.0 from the history under the
same sessions; ours in one process and, where HAProxy is installed, in two. Aims: 20 reruns a second on two cores, p95
of 40 sessions ≤ 2 s, at most twice that beside two jobs of others (maps of the demo in 3-D, one after the other, at the
priority of jobs).
"""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect

from benchmarks.apps import ROOT, free_port, our_command, served
from benchmarks.demo import demo, words
from benchmarks.measure import Entry, Spread
from benchmarks.waits import taken

PAGES = ("Neighbors", "Map", "Drift")
HAPROXY = shutil.which("haproxy") or shutil.which("haproxy", path="/usr/sbin")


async def session(address: str, pages: Sequence[tuple[str, str]], until: float, seconds: list[float]) -> None:
    """One visitor: pages by name and word, again and again. Raises SystemExit where a page fails."""
    host = address.removeprefix("http://")
    async with connect(
        f"ws://{host}/_stcore/stream",
        origin=address,
        subprotocols=["streamlit"],
        max_size=None,  # type: ignore[arg-type, list-item]
    ) as socket:
        at = 0
        while time.monotonic() < until:
            name, word = pages[at % len(pages)]
            ask = BackMsg()
            ask.rerun_script.page_name = name
            ask.rerun_script.query_string = f"item={quote(word)}" if word else ""
            begun = time.monotonic()
            await socket.send(ask.SerializeToString())
            async for data in socket:
                found = ForwardMsg.FromString(data if isinstance(data, bytes) else data.encode())
                if found.WhichOneof("type") == "delta" and found.delta.new_element.WhichOneof("type") == "exception":
                    raise SystemExit(f"{name} of {word!r}: {found.delta.new_element.exception.message[:200]}")
                if found.WhichOneof("type") == "script_finished":
                    break
            seconds.append(time.monotonic() - begun)
            at += 1


async def visit(
    address: str, sessions: int, span: float, pages: Sequence[str], vocabulary: Sequence[str]
) -> list[float]:
    """The seconds of every page that so many sessions saw in `span` seconds."""
    seconds: list[float] = []
    rng = random.Random(0)
    ways = [[(name, rng.choice(vocabulary) if vocabulary else "") for name in pages * 20] for _ in range(sessions)]
    await asyncio.gather(*(session(address, way, time.monotonic() + span, seconds) for way in ways))
    return seconds


@contextmanager
def one(root: Path = ROOT) -> Iterator[tuple[list[int], str]]:
    """One process of a tree: its number, and the address."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        "app.py",
        "--server.headless",
        "true",
        "--server.port",
        str(port),
    ]
    with served(command, port, root) as (server, address):
        yield [server.pid], address


def before_two(folder: Path) -> tuple[int, list[int], list[str]]:
    """`deploy/haproxy.cfg` for free ports: that of the proxy, those of two processes, and the proxy's command."""
    front, *ports = (free_port() for _ in range(3))
    text = (ROOT / "deploy" / "haproxy.cfg").read_text("utf-8").replace("Host isogloss.example.org", "Host localhost")
    for old, new in zip((8080, 8501, 8502), (front, *ports), strict=True):
        text = text.replace(f"127.0.0.1:{old}", f"127.0.0.1:{new}")
    (folder / "haproxy.cfg").write_text(text, "utf-8")
    return front, ports, [str(HAPROXY), "-db", "-f", str(folder / "haproxy.cfg")]


@contextmanager
def two(folder: Path) -> Iterator[tuple[list[int], str]]:
    """Two processes behind `deploy/haproxy.cfg`, which keeps each visitor in one of them."""
    front, ports, proxy = before_two(folder)
    with ExitStack() as stack:
        found = [
            stack.enter_context(served([*our_command(port), "--host-name", f"localhost:{front}"], port))[0]
            for port in ports
        ]
        stack.enter_context(served(proxy, front))
        inside = [child.pid for server in found for child in psutil.Process(server.pid).children()]
        yield inside or [server.pid for server in found], f"http://localhost:{front}"


_JOBS = """
import os, subprocess, sys, tempfile
os.nice(10)
while True:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "isogloss", "layout", "un-debates", "--dimensions", "3", "--json",
                        "--workspace", folder], stdout=subprocess.DEVNULL, check=True)
"""


@contextmanager
def jobs(many: int) -> Iterator[None]:
    """So many jobs of others, as long as it lasts."""
    running = [subprocess.Popen([sys.executable, "-c", _JOBS], cwd=ROOT, start_new_session=True) for _ in range(many)]
    try:
        time.sleep(5)
        yield
        assert all(one.poll() is None for one in running)
    finally:
        for one in running:
            os.killpg(one.pid, signal.SIGKILL)
            one.wait()


def slope(held: Sequence[tuple[float, float]]) -> float:
    """MB a minute, of (seconds, MB) along the way, fitted by least squares; NaN for fewer than three."""
    return float(np.polyfit(*zip(*((at / 60, mb) for at, mb in held), strict=True), 1)[0]) if len(held) > 2 else np.nan


async def watched(
    processes: Sequence[int], visiting: Coroutine[Any, Any, list[float]], every: float
) -> tuple[list[float], list[tuple[float, float]]]:
    """What the sessions saw, and the memory of the server's processes along the way: seconds, MB."""
    held: list[tuple[float, float]] = []
    going, begun = asyncio.create_task(visiting), time.monotonic()
    while not going.done():
        await asyncio.wait([going], timeout=every)
        held.append((time.monotonic() - begun, sum(psutil.Process(one).memory_info().rss for one in processes) / 1e6))
    return await going, held


def p95(seconds: Sequence[float]) -> float:
    return sorted(seconds)[int(0.95 * (len(seconds) - 1))]


def run(quick: bool = False) -> Iterator[Entry]:
    span = 10.0 if quick else 180.0
    known = words(demo(), 200, everywhere=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        earlier = taken(folder / "0.6.0")
        sides = {"0.6.0": lambda: one(earlier), "one process": one}
        if HAPROXY:
            sides["two processes behind HAProxy"] = lambda: two(folder)
        for sessions in (5,) if quick else (20, 40):
            found, memory, beside = {}, {}, {}
            for side, serve in sides.items():
                with serve() as (processes, address):
                    for first in (1, 12):  # warm; a cold 0.6.0 shows an error to some of twelve who come at once
                        asyncio.run(visit(address, first, 12.0, PAGES, known))
                    visiting = visit(address, sessions, span, PAGES, known)
                    found[side], memory[side] = asyncio.run(watched(processes, visiting, span / 90))
                    if side != "0.6.0":
                        with jobs(2):
                            beside[side] = asyncio.run(visit(address, sessions, span / 3, PAGES, known))
            peer = found.pop("0.6.0")
            for side, ours in found.items():
                rate = len(ours) / span
                half = [one for one in memory[side] if one[0] > span / 2]
                yield Entry(
                    "visitors",
                    f"{sessions} sessions over Neighbors, Map and Drift, {span:.0f} s, {side}",
                    "s",
                    ours,
                    peer,
                    "0.6.0",
                    aim="p95 ≤ 2 s and 20 pages a second",
                    met=p95(ours) <= 2 and rate >= 20,
                    note=f"p95 {p95(ours):.2f} s, {rate:.1f} pages a second (0.6.0: {len(peer) / span:.1f}),"
                    f" {Spread.of(ours).most:.2f} s at most, {memory[side][0][1]:.0f} → {memory[side][-1][1]:.0f} MB,"
                    f" {slope(half):+.1f} MB a minute in the last half",
                )
                yield Entry(
                    "visitors",
                    f"{sessions} sessions beside two jobs of others, {side}",
                    "s",
                    beside[side],
                    ours,
                    "without jobs",
                    aim="p95 at most twice that without jobs",
                    met=p95(beside[side]) <= 2 * p95(ours),
                    note=f"p95 {p95(beside[side]):.2f} s against {p95(ours):.2f}",
                )
