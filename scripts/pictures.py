"""Pictures of every page at three sizes, into docs/pictures: `python -m scripts.pictures [FOLDER]`.

It starts the app as scripts/run does and draws each page with Chromium; pictures are reduced to 256 colours.
"""

from __future__ import annotations

import io
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
SIZES = {"1440x900": (1440, 900), "1280x720": (1280, 720), "390x844": (390, 844)}
PAGES = {
    "home": "",
    "neighbors": "Neighbors?item=climate",
    "map": "Map?item=climate",
    "drift": "Drift?item=climate",
    "words": "Drift?item=climate, artificial, inclusion, terrorism, peace",
    "scripts": "Scripts",
    "align": "Align",
    "sentences": "Sentences",
    "pairs": "Pairs",
    "vocabulary": "Vocabulary",
    "teach": "Teach",
    "imbalance": "Imbalance",
    "notebook": "Notebook",
    "stories": "Stories",
    "atlas": "Atlas",
    "data": "Data",
    "stage": "Drift?present=true",
}
FLAGS = ["--no-sandbox", "--disable-gpu", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
STILL = """() => document.querySelectorAll('*').length + ':' +
  !!document.querySelector('[data-testid=stStatusWidget],[data-testid=stSkeleton],[data-testid=stAppSkeleton]')"""


def still(page: Page, limit: float = 90) -> None:
    """Wait until nothing runs and nothing was added for a second and a half."""
    end, last, since = time.time() + limit, "", time.time()
    while time.time() < end:
        now = str(page.evaluate(STILL))
        if now != last or now.endswith("true"):
            last, since = now, time.time()
        elif time.time() - since > 1.5:
            return
        time.sleep(0.1)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "isogloss", "serve", "--headless", "--port", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        while True:
            try:
                urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).close()
                break
            except OSError:
                time.sleep(0.2)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            for size, (width, height) in SIZES.items():
                context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
                for name, path in PAGES.items():
                    page = context.new_page()
                    page.goto(f"{address}/{path}")
                    still(page)
                    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(256)
                    picture.save(folder / f"{name}-{size}.png", optimize=True)
                    page.close()
                context.close()
            browser.close()
    finally:
        server.terminate()
        server.wait(10)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures")
