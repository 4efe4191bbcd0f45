"""Bringing one's own: upload, look, import, find the neighbors, read lines in context, delete and undo."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from playwright.sync_api import Page, expect

from isogloss.formats.writing import export_space
from isogloss.spaces.space import Space
from tests.kit.collections import HOSTILE

ITEMS = ("cat", "Köln", "Москва", "東京", "القاهرة", "दिल्ली", *HOSTILE, "\u202eevil\u202c")


def vectors(folder: Path, seed: int) -> Space:
    return Space("s", ITEMS, np.random.default_rng(seed).normal(size=(len(ITEMS), 8)).astype(np.float32))


def test_hostile_files_become_a_collection_and_no_script_runs(page: Page, app: str, tmp_path: Path) -> None:
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    for seed, name in ((0, "1900-1949"), (1, "1950-1999")):
        export_space(vectors(tmp_path, seed), "parquet", tmp_path / f"<img src=x onerror=alert(2)> {name}.parquet")
    page.goto(app + "/Data")
    page.locator("input[type=file]").set_input_files([str(p) for p in sorted(tmp_path.iterdir())])
    expect(page.get_by_text("about 13 items, 8 dimensions")).to_have_count(2)
    expect(page.get_by_role("heading", name="<img src=x onerror=alert(2)> 1900-1949.parquet")).to_be_visible()
    expect(page.get_by_role("textbox", name="Period").first).to_have_value("1900-1949")
    page.get_by_role("textbox", name="Collection").fill("hostile")
    page.get_by_text("These spaces are aligned").click()
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("13 items of 8 dimensions are there now").first).to_be_visible()
    page.get_by_role("link", name="Its neighbors").click()
    expect(page).to_have_url(re.compile(r"Neighbors\?.*collection=hostile"))
    for item in (HOSTILE[0], HOSTILE[1], HOSTILE[2], HOSTILE[3], ITEMS[-1]):
        page.goto(app + "/Neighbors?" + _query(item))
        expect(page.locator(".iso-lead")).to_contain_text(item[:40])
        page.goto(app + "/Drift?" + _query(item))
        expect(page.locator(".iso-lead")).to_be_visible()
    page.goto(app + "/Data?do=Your+collections")
    expect(page.get_by_role("heading", name="hostile")).to_be_visible()
    page.wait_for_timeout(500)
    assert dialogs == []
    assert page.locator("img[src=x]").count() == 0
    assert page.locator("a[href^=javascript]").count() == 0


def _query(item: str) -> str:
    from urllib.parse import urlencode

    return urlencode({"collection": "hostile", "item": item})


def test_texts_become_spaces_with_lines_in_context(page: Page, app: str, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    words = np.array([f"word{c}" for c in "abcdefghijklmnopqrstuvwxyz"])
    texts = [" ".join(rng.choice(words, 400)) + ". The peace of <b all." for _ in range(40)]
    table = pa.table({"text": texts, "year": [1900 + i for i in range(40)], "author": ["me", "you"] * 20})
    pq.write_table(table, tmp_path / "letters.parquet")
    page.goto(app + "/Data?do=Build+from+texts")
    page.locator("input[type=file]").set_input_files(str(tmp_path / "letters.parquet"))
    expect(page.get_by_text("40 documents. In each slice")).to_be_visible(timeout=60_000)
    slices = page.get_by_role("textbox", name="Slices")
    slices.fill("1900-1919, 1920-1939")
    slices.press("Enter")
    expect(page.get_by_text(re.compile("words in 2 slices"))).to_be_visible(timeout=60_000)
    page.get_by_text("Training", exact=True).click()
    for name, value in (("Dimensions", "10"), ("Fewest uses to keep it", "5"), ("Fewest uses to train a word", "5")):
        box = page.get_by_role("spinbutton", name=name)
        box.fill(value)
        box.press("Enter")
    page.get_by_role("button", name="Build", exact=True).click()
    expect(page.get_by_text("letters is there now.")).to_be_visible(timeout=120_000)
    page.goto(app + "/Neighbors?collection=letters&item=peace&lines=true")
    expect(page.get_by_text("20 uses in 20 passages").first).to_be_visible(timeout=60_000)
    expect(page.locator(".iso-uses li").first).to_contain_text("The peace of <b all.")
    page.goto(app + "/Data?do=Your+collections")
    delete = page.locator(".st-key-delete-letters button")
    page.locator("details").filter(has=delete).locator("summary").click()
    delete.click()
    expect(page.get_by_text("letters was deleted")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Undo").first.click()
    expect(page.get_by_role("heading", name="letters")).to_be_visible(timeout=60_000)
