"""Pairs as a localiser meets it: a catalogue with planted faults, its sentence, a kind, a row from right to left, and
the file without what went wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import served
from tests.engine.rewriting.test_file import PO
from tests.kit.patient import choose, settled, taken


@pytest.fixture(scope="module")
def pairs_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("pairs")) as (address, _):
        yield address


def test_what_was_filtered_is_kept_and_opens_again(page: Page, pairs_app: str, tmp_path: Path) -> None:
    planted = PO.replace("افتح %s", "افتح %d").encode("utf-8")
    _bring(page, pairs_app, tmp_path / "a.po", planted)
    expect(page.locator(".iso-lead")).to_contain_text("3 of 4 pairs lost or changed a protected span", timeout=60_000)
    choose(page, "Kind", "changed")
    choose(page, "Type", "placeholder")
    opened = page.locator(".iso-pair p").nth(1)
    expect(opened).to_have_text("افتح %d", timeout=30_000)
    assert opened.evaluate("e => getComputedStyle(e).direction") == "rtl"
    expect(page.locator(".iso-pair mark.changed")).to_have_count(2)
    settled(page)
    page.get_by_role("button", name="Keep this row").click()
    expect(page.get_by_text("Kept: row")).to_be_visible(timeout=30_000)
    settled(page)
    page.get_by_role("button", name="Keep as a group").click()
    expect(page.get_by_text("Kept: kind = 'changed'")).to_be_visible(timeout=30_000)
    settled(page)
    left = taken(page, page.get_by_role("button", name="The file without them")).read_bytes()
    assert left == planted.replace('#: a.c:1\nmsgid "Open %s"\nmsgstr "افتح %d"\n\n'.encode(), b"") != planted
    _bring(page, pairs_app, tmp_path / "b.po", left)
    expect(page.locator(".iso-lead")).to_contain_text("2 of 3 pairs lost or changed a protected span", timeout=60_000)
    page.goto(f"{pairs_app}/Notebook")
    expect(page.get_by_text("a.po").first).to_be_visible(timeout=60_000)


def test_each_task_has_its_finding_and_its_picture(page: Page, pairs_app: str) -> None:
    for task, said in (("Etymology", "The language changes in 5 of 12"), ("Switch", "variants of 60 sentences")):
        page.goto(f"{pairs_app}/Pairs?task={task}")
        expect(page.locator(".iso-lead")).to_contain_text(said, timeout=60_000)
        expect(page.locator(".st-key-picture .js-plotly-plot")).to_be_visible(timeout=30_000)


def _bring(page: Page, app: str, path: Path, data: bytes) -> None:
    """The page anew, with a file."""
    path.write_bytes(data)
    page.goto(f"{app}/Pairs")
    expect(page.locator(".iso-lead")).to_contain_text("33 of 120 pairs", timeout=60_000)
    settled(page)
    page.locator('[data-testid="stFileUploaderDropzone"] input').set_input_files(path)
