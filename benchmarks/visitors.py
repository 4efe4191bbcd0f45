"""Many visitors at once: sessions over a raw websocket that look at Neighbors, Map and Drift, one word after the other.

Each session asks for the next page as soon as the last one is whole; what is measured is the time of a page, from the
question to the end of its script. Loopback, bounded in sessions and seconds. Peer: a minimal Streamlit script under the
same sessions. Aims: 20 reruns a second on two cores, p95 of 40 sessions ≤ 2 s.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect

from benchmarks.apps import free_port, hello_command, our_command, served
from benchmarks.demo import demo, words
from benchmarks.measure import Entry, Spread

PAGES = ("Neighbors", "Map", "Drift")


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


def run(quick: bool = False) -> Iterator[Entry]:
    span = 10.0 if quick else 180.0
    known = words(demo(), 200, everywhere=True)
    for sessions in (5,) if quick else (1, 20, 40):
        found = {}
        with tempfile.TemporaryDirectory() as folder:
            for name, pages, vocabulary in (("ours", PAGES, known), ("hello", ("",), ())):
                port = free_port()
                command = our_command(port) if name == "ours" else hello_command(port, Path(folder))
                with served(command, port) as (server, address):
                    asyncio.run(visit(address, 2, 5.0, pages, vocabulary))  # warm
                    before = psutil.Process(server.pid).memory_info().rss
                    found[name] = asyncio.run(visit(address, sessions, span, pages, vocabulary))
                    grown = (psutil.Process(server.pid).memory_info().rss - before) / 1e6
        ours, peer = found["ours"], found["hello"]
        p95 = sorted(ours)[int(0.95 * (len(ours) - 1))]
        rate = len(ours) / span
        yield Entry(
            "visitors",
            f"{sessions} sessions over Neighbors, Map and Drift, {span:.0f} s",
            "s",
            ours,
            peer,
            "minimal script",
            aim="p95 ≤ 2 s and 20 pages a second" if sessions > 1 else "",
            met=p95 <= 2 and rate >= 20 if sessions > 1 else None,
            note=f"p95 {p95:.2f} s, {rate:.1f} pages a second, {Spread.of(ours).most:.2f} s at most, {grown:+.0f} MB",
        )
