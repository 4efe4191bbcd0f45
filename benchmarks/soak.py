"""Many visitors for long: raw sessions over all pages, with files brought, work begun and cancelled, tabs closed.

Two processes behind HAProxy for visitors. Halfway one of them is killed and started again: whoever was in it comes
back. Every file holds words that only its visitor knows; what any other is sent is searched for them. Peer: the first
half, before the kill. Aims: no error, no word of another, p95 of a page ≤ 2 s, memory flat after the first minutes
(less than 1 MB a minute in the last half, from a minute after the kill, since who was in it fills a fresh process), and
a minute after all have left no more than 20 handles above those before the first came.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote
from urllib.request import Request, urlopen

import numpy as np
import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from benchmarks.apps import ROOT, our_command, served
from benchmarks.demo import demo, words
from benchmarks.measure import Entry, Spread
from benchmarks.visitors import HAPROXY, before_two, p95, slope

PAGES = (
    *("Neighbors", "Map", "Drift", "Align", "Sentences", "Pairs", "Vocabulary", "Teach", "Imbalance"),
    *("Notebook", "Stories", "Atlas", "Data", "Scripts", ""),
)
OF_A_WORD = {"Neighbors", "Map", "Drift"}
MOST_SLOPE, MOST_LEFT = 1.0, 20  # MB a minute; handles
_MARK = re.compile(rb"zq(\d+)qz")


@dataclass
class Told:
    """What all sessions found. pages: when each page ended, after how many seconds, and which."""

    pages: list[tuple[float, float, str]] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    back: list[float] = field(default_factory=list)


class Visitor:
    """One who opens pages, brings files, begins work and stops it, closes the tab and comes again."""

    def __init__(self, number: int, address: str, vocabulary: Sequence[str], told: Told) -> None:
        self.number, self.address, self.vocabulary, self.told = number, address, vocabulary, told
        self.rng = random.Random(number)
        self.socket: ClientConnection | None = None
        self.cookie = self.token = self.session = ""
        self.states: dict[str, bytes] = {}  # widgets that keep a value, as protocol buffers
        self.lost = 0.0

    async def until(self, end: float) -> None:
        """Ways through the pages, until then."""
        while time.monotonic() < end:
            try:
                if self.socket is None:
                    await self.come()
                await self.act()
            except (WebSocketException, OSError, TimeoutError):
                self.lost = self.lost or time.monotonic()
                self.socket = None
                await asyncio.sleep(0.5)
        await self.leave()

    async def come(self) -> None:
        """A tab: whoever was answered stays with the process that answered, by its cookie."""
        asked = Request(self.address + "/_stcore/health", headers={"Cookie": self.cookie} if self.cookie else {})
        answer = await asyncio.to_thread(urlopen, asked, timeout=30)
        self.keep(answer.headers.get_all("Set-Cookie") or [])
        host = self.address.removeprefix("http://")
        self.socket = await connect(
            f"ws://{host}/_stcore/stream",
            origin=self.address,  # type: ignore[arg-type]
            subprotocols=["streamlit"],  # type: ignore[list-item]
            additional_headers={"Cookie": self.cookie},
            max_size=None,
        )
        if self.socket.response is not None:
            self.keep(self.socket.response.headers.get_all("Set-Cookie"))
        self.states = {}
        if self.lost:
            await self.page("")
            self.told.back.append(time.monotonic() - self.lost)
            self.lost = 0.0

    def keep(self, given: Sequence[str]) -> None:
        """The cookies that an answer sets, as a browser does."""
        known = dict(one.split("=", 1) for one in self.cookie.split("; ") if one)
        known |= dict(one.partition(";")[0].split("=", 1) for one in given)
        self.cookie = "; ".join(f"{name}={value}" for name, value in known.items())
        self.token = known.get("_streamlit_xsrf", "")

    async def leave(self) -> None:
        if self.socket is not None:
            await self.socket.close()
        self.socket = None

    async def act(self) -> None:
        dice = self.rng.random()
        if dice < 0.02:
            await self.leave()
            self.cookie = ""  # another comes
            self.told.done["tabs closed"] += 1
        elif dice < 0.05:
            await self.bring()
        else:
            name = self.rng.choice(PAGES)
            await self.page(name, f"item={quote(self.rng.choice(self.vocabulary))}" if name in OF_A_WORD else "")
            await asyncio.sleep(self.rng.uniform(0.5, 4))  # it is read

    async def bring(self) -> None:
        """A file of one's own, imported or given up; then its words."""
        found = await self.page("Data")
        elements = [one.delta.new_element for one in found]
        places = [one.file_uploader.id for one in elements if one.HasField("file_uploader")]
        if not places:
            return
        rng = np.random.default_rng(self.number)
        rows = [f"zq{self.number}qz{i} " + " ".join(f"{v:.3f}" for v in rng.normal(size=8)) for i in range(200)]
        data = ("\n".join(rows) + "\n").encode()
        asked = BackMsg()
        asked.file_urls_request.request_id = f"r{self.number}"
        asked.file_urls_request.file_names.append(f"own{self.number}.vec")
        asked.file_urls_request.session_id = self.session
        await self.send(asked)
        urls = (await self.answer("file_urls_response")).file_urls_response.file_urls[0]
        put = Request(self.address + urls.upload_url, data, {"Cookie": self.cookie}, method="PUT")
        boundary = "zq"
        put.data = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="f"; filename="own.vec"\r\n\r\n'.encode()
            + data
            + f"\r\n--{boundary}--\r\n".encode()
        )
        put.add_header("X-Xsrftoken", self.token.strip('"'))
        put.add_header("Content-Type", f"multipart/form-data; boundary={boundary}")
        await asyncio.to_thread(lambda: urlopen(put, timeout=60).close())
        state = BackMsg().rerun_script.widget_states.widgets.add()
        state.id = places[0]
        info = state.file_uploader_state_value.uploaded_file_info.add()
        info.name, info.size, info.file_id = f"own{self.number}.vec", len(data), urls.file_id
        info.file_urls.CopyFrom(urls)
        self.states = {state.id: state.SerializeToString()}
        found = await self.page("Data")
        self.told.done["files brought"] += 1
        if (start := _button(found, "Import")) is None:
            if any("are there now" in one.delta.new_element.html.body for one in found):  # brought in this visit before
                self.told.done["brought again"] += 1
            else:
                self.told.errors["no way to import what was brought"] += 1
            return
        found = await self.page("Data", press=start)
        self.told.done["imports begun"] += 1
        give_up = self.rng.random() < 0.3
        for _ in range(180):  # a line may be before it
            stop = _button(found, "Cancel")
            if stop is None:
                break
            if give_up:
                found = await self.page("Data", press=stop)
                self.told.done["imports cancelled"] += 1
                break
            await asyncio.sleep(1)
            found = await self.page("Data")
        self.states = {}
        if not give_up:
            await self.page("Neighbors", f"collection=own&item=zq{self.number}qz1")

    async def page(self, name: str, query: str = "", *, press: str = "") -> list[ForwardMsg]:
        """Run a page, perhaps with a button pressed; its messages."""
        asked = BackMsg()
        asked.rerun_script.page_name, asked.rerun_script.query_string = name, query
        for one in self.states.values():
            asked.rerun_script.widget_states.widgets.add().ParseFromString(one)
        if press:
            state = asked.rerun_script.widget_states.widgets.add()
            state.id, state.trigger_value = press, True
        begun = time.monotonic()
        await self.send(asked)
        found: list[ForwardMsg] = []
        while True:
            message = await self.message()
            found.append(message)
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self.session = message.new_session.initialize.session_id or self.session
            elif kind == "delta":
                self.look(name, message)
            elif kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                break
        now = time.monotonic()
        self.told.pages.append((now, now - begun, name or "Home"))
        return found

    def look(self, name: str, message: ForwardMsg) -> None:
        element = message.delta.new_element
        if element.HasField("exception"):
            self.told.errors[f"{name}: {element.exception.message[:100]}"] += 1
        elif element.HasField("html") and 'role="alert"' in element.html.body:
            self.told.errors[f"{name}: {re.sub('<[^>]+>', ' ', element.html.body)[:120].strip()}"] += 1

    async def send(self, asked: BackMsg) -> None:
        assert self.socket is not None
        await self.socket.send(asked.SerializeToString())

    async def message(self) -> ForwardMsg:
        assert self.socket is not None
        data = await asyncio.wait_for(self.socket.recv(), 120)
        raw = data if isinstance(data, bytes) else data.encode()
        if any(int(mark) != self.number for mark in _MARK.findall(raw)):
            self.told.errors["a word of another"] += 1
        return ForwardMsg.FromString(raw)

    async def answer(self, kind: str) -> ForwardMsg:
        while True:
            message = await self.message()
            if message.WhichOneof("type") == kind:
                return message


def _button(found: Sequence[ForwardMsg], label: str) -> str | None:
    """The last button whose label begins so."""
    told = [one.delta.new_element.button for one in found if one.delta.new_element.HasField("button")]
    return next((one.id for one in reversed(told) if one.label.startswith(label)), None)


class Behind:
    """Two processes behind HAProxy, one of which can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.front, self.ports, self.proxy = before_two(folder)
        self.address = f"http://localhost:{self.front}"
        self.environment = os.environ | {"ISOGLOSS_VISITORS": "1", "ISOGLOSS_HOME": str(folder / "home")}
        self.running = [self.start(port) for port in self.ports]

    def start(self, port: int) -> subprocess.Popen[bytes]:
        command = [*our_command(port), "--host-name", f"localhost:{self.front}"]
        quiet = subprocess.DEVNULL
        return subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=quiet, stderr=quiet)

    def kill(self) -> None:
        """The first process, and start it again."""
        self.running[0].kill()
        self.running[0].wait()
        self.running[0] = self.start(self.ports[0])

    def held(self) -> tuple[float, int]:
        """MB and handles of both together."""
        every = [psutil.Process(one.pid) for one in self.running]
        return sum(one.memory_info().rss for one in every) / 1e6, sum(one.num_fds() for one in every)

    def end(self) -> None:
        for one in self.running:
            one.terminate()
        for one in self.running:
            one.wait(20)


async def soak(behind: Behind, sessions: int, span: float) -> tuple[Told, list[tuple[float, float, int]], float]:
    """What the sessions found; seconds, MB and handles along the way; when the process was killed."""
    told, held, begun = Told(), [], time.monotonic()
    vocabulary = words(demo(), 500, everywhere=True)
    visitors = [Visitor(i, behind.address, vocabulary, told) for i in range(sessions)]
    going = [asyncio.create_task(one.until(begun + span)) for one in visitors]
    killed = 0.0
    while not all(task.done() for task in going):
        await asyncio.sleep(min(5.0, span / 20))
        if not killed and time.monotonic() - begun > span / 2:
            await asyncio.to_thread(behind.kill)
            killed = time.monotonic()
        with_handles = behind.held()
        held.append((time.monotonic() - begun, *with_handles))
    await asyncio.gather(*going)
    return told, held, killed


def run(quick: bool = False) -> Iterator[Entry]:
    if not HAPROXY:
        raise SystemExit("no HAProxy was found: apt-get install haproxy")
    sessions, span = (6, 40.0) if quick else (50, 600.0)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        behind = Behind(folder)
        try:
            with served(behind.proxy, behind.front):
                time.sleep(20)  # a server for visitors walks through its pages first
                empty = behind.held()
                told, held, killed = asyncio.run(soak(behind, sessions, span))
                time.sleep(20 if quick else 60)
                after = behind.held()
        finally:
            behind.end()
    before = [seconds for at, seconds, _ in told.pages if at < killed]
    later = [seconds for at, seconds, _ in told.pages if at > killed + 15]
    slowest = sorted(told.pages, key=lambda one: -one[1])[:5]
    settled = min(60.0, span / 8)  # the process that was killed starts anew, and fills
    grown = slope([(at, mb) for at, mb, _ in held if at > span / 2 + settled])
    pages = sorted({name for *_, name in told.pages})
    of_each = {one: Spread.of([seconds for _, seconds, name in told.pages if name == one]).median for one in pages}
    yield Entry(
        "soak",
        f"{sessions} sessions over all pages, {span:.0f} s, after a kill in the middle",
        "s",
        later,
        before,
        "before the kill",
        aim=f"no error, p95 ≤ 2 s, < {MOST_SLOPE:g} MB a minute, handles back within {MOST_LEFT}",
        met=not told.errors
        and max(p95(before), p95(later)) <= 2
        and grown < MOST_SLOPE
        and after[1] <= empty[1] + MOST_LEFT,
        note="; ".join(
            (
                f"p95 {p95(before):.2f} s before, {p95(later):.2f} after",
                f"{len(told.pages) / span:.1f} pages a second",
                "median " + ", ".join(f"{one} {of_each[one]:.2f}" for one in sorted(pages, key=of_each.__getitem__)),
                "slowest: " + ", ".join(f"{name} {seconds:.1f} s" for _, seconds, name in slowest),
                ", ".join(f"{n:,} {what}" for what, n in sorted(told.done.items())) or "nothing done",
                f"{len(told.back)} came back after {max(told.back, default=0):.1f} s at most",
                ", ".join(f"{n} × {what}" for what, n in told.errors.most_common(6)) or "no error",
                f"memory {held[0][1]:.0f} → {held[-1][1]:.0f} MB, {grown:+.1f} MB a minute in the last half",
                f"{after[0]:.0f} MB after all had left",
                f"handles {empty[1]} before, {max(n for *_, n in held)} at most, then {after[1]}",
            )
        ),
    )
