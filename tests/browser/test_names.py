"""What a browser asks for when names are full of addresses: the server alone."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Page, expect

from isogloss.workspace.store import Workspace
from tests.hostile.names.named import NAME, save_named
from tests.hostile.names.payloads import PAYLOADS
from tests.hostile.serving.started import Started


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    home = tmp_path_factory.mktemp("home")
    save_named(Workspace(home), PAYLOADS[:6])
    with Started(home) as started:
        yield started


def test_no_name_makes_the_browser_call_out(server: Started, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for place, words in (
        ("Map", PAYLOADS[0]),
        ("Scripts", PAYLOADS[1]),
        ("Neighbors", PAYLOADS[2]),
        ("Drift", PAYLOADS[3]),
    ):
        page.goto(f"http://127.0.0.1:{server.port}/{place}?collection={NAME}&item={quote(words)}")
        expect(page.locator(".iso-lead").first).to_be_visible()
        page.wait_for_timeout(1_000)
        if place == "Drift":
            page.get_by_test_id("stDataFrame").first.hover()
            tools = page.get_by_test_id("stElementToolbarButton")
            expect(tools.filter(has=page.get_by_label("Search")).first).to_be_visible()
            csv = page.get_by_test_id("stElementToolbar").get_by_label(
                "Download as CSV"
            )  # formulas would stay formulas
            assert csv.count() > 0
            assert not any(one.is_visible() for one in csv.all())
    hosts = {urlsplit(url).netloc for url in asked if urlsplit(url).scheme not in ("data", "blob")}
    assert hosts == {f"127.0.0.1:{server.port}"}
