"""The coder's sheet in Chromium with the network cut: by keyboard alone, in every script, names as text."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from isogloss.notebook.coding.coded import read_coded
from isogloss.notebook.coding.sheet import sheet
from tests.hostile.names.payloads import PAYLOADS

SCRIPTS = ("نظام عالمي", "気候変動", "जलवायु परिवर्तन")
OWN = (Path(__file__).resolve().parents[1] / "kit" / "accessible.js").read_text(encoding="utf-8")
AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]


def written(folder: Path, rows: list[dict[str, Any]], coder: str = "Ada") -> str:
    path = folder / "sheet.html"
    path.write_text(sheet(rows, coder).html, encoding="utf-8")
    return path.as_uri()


def asked(page: Page) -> list[str]:
    """Beyond the file itself and the blob that is saved."""
    return [one for one in page.told if not one.startswith(("file://", "blob:"))]  # type: ignore[attr-defined]


def saved(page: Page, folder: Path) -> Path:
    with page.expect_download() as download:
        page.keyboard.press("s")
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_cases_are_coded_by_keyboard_alone_and_kept(offline: Page, tmp_path: Path) -> None:
    page = offline
    rows = [
        {"id": f"c{i}", "title": title, "neighbors": {"late": [title, "carbon"]}} for i, title in enumerate(SCRIPTS)
    ]
    address = written(tmp_path, rows)
    page.goto(address)
    title = page.locator("#title")
    expect(title).to_have_text(SCRIPTS[0])
    assert page.evaluate("getComputedStyle(document.getElementById('title')).direction") == "rtl"
    page.keyboard.press("1")
    expect(page.locator("button[aria-pressed=true]")).to_have_text("1 real change")
    page.keyboard.press("j")
    expect(title).to_have_text(SCRIPTS[1])
    assert page.evaluate("getComputedStyle(document.getElementById('title')).direction") == "ltr"
    page.keyboard.press("2")
    page.keyboard.press("3")  # another in its place
    page.keyboard.press("n")
    page.keyboard.type("j 1 ملاحظة")  # letters of a note are no keys
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight")
    expect(title).to_have_text(SCRIPTS[2])
    page.keyboard.press("q")
    page.keyboard.press("q")  # taken back
    page.keyboard.press("k")
    expect(page.locator("#note")).to_have_value("j 1 ملاحظة")
    expect(page.locator("#count")).to_have_text("2 of 3 coded")
    page.reload()
    expect(title).to_have_text(SCRIPTS[1])
    expect(page.locator("#count")).to_have_text("2 of 3 coded")
    page.evaluate("localStorage.clear()")  # refused to files, or late
    page.reload()
    expect(title).to_have_text(SCRIPTS[1])
    expect(page.locator("#count")).to_have_text("2 of 3 coded")
    page.keyboard.press("u")
    expect(title).to_have_text(SCRIPTS[2])
    path = saved(page, tmp_path)
    value = json.loads(path.read_text(encoding="utf-8"))
    assert set(value) == {"format", "coder", "draw", "taxonomy", "codes"}
    found = read_coded(path)
    assert (found.coder, found.codes) == ("Ada", {"c0": "real-change", "c1": "frequency-artefact"})
    assert found.notes == {"c1": "j 1 ملاحظة"}
    assert asked(page) == []


def test_every_control_is_reached_seen_and_large_enough(offline: Page, tmp_path: Path) -> None:
    page = offline
    page.goto(written(tmp_path, [{"id": "a", "title": "t", "lines": ["x"]}, {"id": "b", "title": "u"}]))
    names = [one.inner_text() for one in page.get_by_role("button").all()]
    reached = []
    for _ in range(len(names) + 1):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent || document.activeElement.id"))
        assert page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)") >= 2
    assert {*names, "note"} <= set(reached)
    page.keyboard.press("1")
    page.evaluate(AXE)
    page.evaluate(OWN)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found = page.evaluate(f"axe.run(document, {{runOnly: {{type: 'tag', values: {json.dumps(TAGS)}}}}})")
        assert len(found["passes"]) > 5
        assert [one["id"] for one in found["violations"]] == []
        assert page.evaluate("accessible.faint(4.5)") == []
        assert page.evaluate("accessible.small(24)") == []
    assert asked(page) == []


def test_what_somebody_wrote_is_text(offline: Page, tmp_path: Path) -> None:
    page = offline
    every = list(dict.fromkeys(PAYLOADS))
    rows = [
        {"id": text, "title": text, "lines": every[i::8], text: text, "neighbors": {text: every[i::8]}}
        for i, text in enumerate(every[:8])
    ]
    page.goto(written(tmp_path, rows, coder=PAYLOADS[5]))
    for row in rows:
        assert page.locator("#title").evaluate("e => e.textContent") == row["title"]
        assert page.locator("#parts :not(h3, p)").count() == 0
        assert set(row["lines"]) <= set(page.locator("#parts p").evaluate_all("all => all.map(e => e.textContent)"))
        page.keyboard.press("1")
        page.keyboard.press("j")
    found = read_coded(saved(page, tmp_path))
    assert found.codes == {row["id"]: "real-change" for row in rows}
    assert page.locator("script").count() == 2
    assert page.locator("img, svg, iframe, a, link, object").count() == 0
    assert asked(page) == []
    html = (tmp_path / "sheet.html").read_text(encoding="utf-8")
    assert re.search(r"default-src &#x27;none&#x27;", html)
