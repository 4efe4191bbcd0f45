"""The linked maps of the Map page against st.plotly_chart of the same points, in Chromium with software rendering.

First draw: from navigation, in a new browser context and with warm caches on the server, to the points painted (ours:
the stage has drawn them and the GPU's queue is empty; peer: every chart has its WebGL layers and its drag layer, and
two frames have passed). Selection: from the mouse button's release after a box over a map to the number of points,
which Python computed, standing on the page. Points are synthetic: 50 clusters in 8 dimensions, two of which are the
map. A million points come with level of detail, against 50,000 of ours. Aims: the million's first draw ≤ 2 × that of
50,000; a rerun ≤ 2 kB beyond what the page costs without its bytes of points (printed whole). Hover, from the mouse
event to the highlight drawn, and one frame of a morph, drawn and finished, are in the notes.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
from playwright.sync_api import Browser, Page

from benchmarks.apps import chromium, free_port, our_command, served, visitor
from benchmarks.measure import Entry, Spread, take_turns
from isogloss.maps.layout import LayoutParameters, layout_key
from isogloss.spaces.collection import Alignment, Collection
from isogloss.spaces.space import Space
from isogloss.workspace.store import Workspace

SIZES = [(20_000, 1), (20_000, 2), (100_000, 1), (100_000, 2), (100_000, 4)]
LARGE, SMALL = 1_000_000, 50_000
AIM = 2.0
STAGE = "document.querySelector('.lm').stage"
PEER = """
import sys
import numpy as np
import plotly.graph_objects as go
import streamlit as st

st.set_page_config(layout="wide")
n, maps = int(st.query_params["n"]), int(st.query_params["maps"])
columns = st.columns(2 if maps > 1 else 1)
picked = 0
for m in range(maps):
    places = np.load(f"{sys.argv[1]}/{n}-{m}.npy")
    figure = go.Figure(go.Scattergl(x=places[:, 0], y=places[:, 1], mode="markers", marker={"size": 3}))
    figure.update_layout(dragmode="select", height=320 if maps > 1 else 640, showlegend=False)
    with columns[m % len(columns)]:
        event = st.plotly_chart(figure, key=f"map{m}", on_select="rerun", selection_mode=["box", "lasso"])
    picked += len(event["selection"]["points"])
st.html(f'<p class="picked">{picked}</p>')
"""
OURS_PICKED = (
    "() => [...document.querySelectorAll('.iso-note')].some(n => /^[1-9][0-9,]* points selected/.test(n.textContent))"
)
PEER_PICKED = "() => Number(document.querySelector('.picked')?.textContent) > 0"
PEER_DRAWN = """(maps) => { const all = [...document.querySelectorAll('.js-plotly-plot')];
    return all.length === maps && all.every(
        p => p.querySelector('.gl-canvas-context') && p.querySelector('.nsewdrag') && p._fullData?.length); }"""
FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
FINISH = (
    f"() => {{ const g = {STAGE}.points.gl; g && g.readPixels(0, 0, 1, 1, g.RGBA, g.UNSIGNED_BYTE, new"
    " Uint8Array(4)); }"
)
MORPH = f"""() => {{ const s = {STAGE}, out = [], g = s.points.gl, pixel = new Uint8Array(4);
    for (let i = 1; i <= 9; i++) {{ const start = performance.now(); s.t = i / 10; s.blend(); s.drawAll();
        g.readPixels(0, 0, 1, 1, g.RGBA, g.UNSIGNED_BYTE, pixel); out.push(performance.now() - start); }}
    return out; }}"""


def run(quick: bool = False) -> Iterator[Entry]:
    sizes = [(5_000, 1), (5_000, 2)] if quick else SIZES
    repeats = 2 if quick else 3
    with tempfile.TemporaryDirectory() as home, chromium() as browser:
        folder = Path(home)
        (folder / "peer.py").write_text(PEER, encoding="utf-8")
        for n, maps in sizes:
            make(folder, n, maps)
        if not quick:
            make(folder, SMALL, 1)
            make(folder, LARGE, 1)
        ours, peer = free_port(), free_port()
        peer_command = [
            sys.executable,
            "-m",
            "streamlit",
            "run",
            str(folder / "peer.py"),
            "--server.port",
            str(peer),
            "--server.headless",
            "true",
            "--",
            str(folder),
        ]
        command = [*our_command(ours), "--workspace", str(folder)]
        with served(command, ours) as (_, a), served(peer_command, peer) as (_, b):
            for n, maps in sizes:
                yield from compare(browser, a, b, n, maps, repeats)
            if not quick:
                yield large(browser, a, repeats)


def make(folder: Path, n: int, maps: int) -> None:
    """A collection of `maps` spaces with n items each, its layouts stored."""
    rng = np.random.default_rng(n)
    centres = rng.normal(size=(50, 8)) * 4
    which = rng.integers(50, size=n)
    spaces = []
    for m in range(maps):
        vectors = (centres[which] + rng.normal(size=(n, 8))).astype(np.float16).astype(np.float32)
        np.save(folder / f"{n}-{m}.npy", vectors[:, :2])
        items = tuple(f"w{i}" for i in range(n))
        spaces.append(Space(f"s{m}", items, vectors, pa.table({"count": np.arange(n, 0, -1)})))
    workspace = Workspace(folder)
    workspace.save(Collection(name(n, maps), tuple(spaces), alignment=Alignment("declared")))
    for space in workspace.open(name(n, maps)).spaces:
        layout = {"coordinates": space.vectors[:, :2].copy(), "kept": np.full(n, 5, np.int8), "k": np.array(10)}
        workspace.derived(name(n, maps)).put(layout_key([space], LayoutParameters()), layout)


def name(n: int, maps: int) -> str:
    return f"bench-{n}-{maps}"


def compare(browser: Browser, a: str, b: str, n: int, maps: int, repeats: int) -> Iterator[Entry]:
    what = f"{n:,} points × {maps}"
    ours_at = f"{a}/Map?collection={name(n, maps)}&layout=matched"
    peer_at = f"{b}/?n={n}&maps={maps}"

    def visit(draw: Callable[[Page], float], box: Callable[[Page], float]) -> dict[str, float]:
        with visitor(browser) as page:
            frames: list[int] = []
            page.on("websocket", lambda s: s.on("framereceived", lambda f: frames.append(len(f))))
            found = {"draw": draw(page)}
            page.wait_for_timeout(1_500)
            before = sum(frames)
            found["box"] = box(page)
            page.wait_for_timeout(500)
            found["bytes"] = sum(frames) - before
            return found

    def ours() -> dict[str, float]:
        return visit(lambda p: drawn(p, ours_at), boxed)

    def peer() -> dict[str, float]:
        return visit(lambda p: peer_drawn(p, peer_at, maps), peer_boxed)

    take_turns(1, ours=ours, peer=peer)
    done = take_turns(repeats, ours=ours, peer=peer)
    with visitor(browser) as page:
        drawn(page, ours_at)
        hover = hovers(page)
        morph = []
        if maps > 1:
            drawn(page, ours_at + "&view=in+sequence")
            morph = page.evaluate(MORPH)
    note = f"hover {statistics.median(hover):.1f} ms" + (
        f", morph frame {statistics.median(morph):.0f} ms" if morph else ""
    )
    notes = {
        "draw": note,
        "box": "",
        "bytes": "ours lists the selected points in a table, the peer prints their number",
    }
    for key, title, unit in (
        ("draw", "first draw", "s"),
        ("box", "selection with its round trip", "s"),
        ("bytes", "bytes received for it", "B"),
    ):
        mine, theirs = ([one[key] for one in done[who]] for who in ("ours", "peer"))
        yield Entry("maps", f"{what}, {title}", unit, mine, theirs, "st.plotly_chart", note=notes[key])


def drawn(page: Page, address: str) -> float:
    start = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.locator(".lm[data-drawn]").wait_for(state="attached")
    page.evaluate(FRAMES)
    page.evaluate(FINISH)
    return time.perf_counter() - start


def peer_drawn(page: Page, address: str, maps: int) -> float:
    start = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_function(PEER_DRAWN, arg=maps)
    page.evaluate(FRAMES)
    return time.perf_counter() - start


def boxed(page: Page) -> float:
    page.locator(".lm-tool[data-tool=box]").click()
    corner = page.locator(".lm-stage").bounding_box()
    assert corner is not None
    first = page.evaluate(f"() => {{ const p = {STAGE}.panels[0]; return [p.w, p.h]; }}")
    return dragged(page, corner["x"], corner["y"], *first, OURS_PICKED)


def peer_boxed(page: Page) -> float:
    corner = page.locator(".nsewdrag").first.bounding_box()
    assert corner is not None
    return dragged(page, corner["x"], corner["y"], corner["width"], corner["height"], PEER_PICKED)


def dragged(page: Page, x: float, y: float, w: float, h: float, picked: str) -> float:
    page.mouse.move(x + 0.42 * w, y + 0.42 * h)
    page.mouse.down()
    page.mouse.move(x + 0.58 * w, y + 0.58 * h, steps=5)
    if page.evaluate(picked):
        raise SystemExit("points were selected before the button was released")
    start = time.perf_counter()
    page.mouse.up()
    page.wait_for_function(picked)
    return time.perf_counter() - start


def hovers(page: Page) -> list[float]:
    """Milliseconds from the mouse event to the highlight drawn, for 20 points of the first map."""
    page.evaluate(
        f"() => {{ const s = {STAGE}; s.taken = []; s.box.addEventListener('pointermove', () => {{ s.since ="
        " performance.now(); }, true); const overlay = s.overlay.bind(s); s.overlay = () => { overlay();"
        " s.taken.push(performance.now() - s.since); }; }"
    )
    corner = page.locator(".lm-stage").bounding_box()
    assert corner is not None
    rows = page.evaluate(
        f"() => {{ const s = {STAGE}, p = s.panels[0], l = p.layers[0]; return [...Array(20).keys()].map(i =>"
        " s.place(p, l, Math.floor(i * l.n / 20))); }"
    )
    for x, y in rows:
        page.mouse.move(corner["x"] + x, corner["y"] + y)
        page.evaluate(FRAMES)
    return [float(v) for v in page.evaluate(f"() => {STAGE}.taken")] or [float("nan")]


def large(browser: Browser, address: str, repeats: int) -> Entry:
    def first(n: int) -> Callable[[], float]:
        def once() -> float:
            with visitor(browser) as page:
                return drawn(page, f"{address}/Map?collection={name(n, 1)}&layout=matched")

        return once

    take_turns(1, large=first(LARGE), small=first(SMALL))
    done = take_turns(repeats, large=first(LARGE), small=first(SMALL))
    ratio = Spread.of(done["large"]).median / Spread.of(done["small"]).median
    return Entry(
        "maps",
        f"{LARGE:,} points with level of detail, first draw",
        "s",
        done["large"],
        done["small"],
        f"our {SMALL:,} points",
        aim=f"≤ {AIM} ×",
        met=ratio <= AIM,
    )
