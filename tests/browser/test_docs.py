"""The docs site in a browser: axe-core finds nothing in either look, and no page asks anything of anywhere."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from isogloss.workspace.store import Workspace
from scripts.site import build

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
PAGES = ("index", "gallery", "wrong", "reference/commands")


@pytest.fixture(scope="module")
def site(scripts_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(Workspace(scripts_folder.parents[1]), tmp_path_factory.mktemp("site"))


@pytest.mark.parametrize("look", ["light", "dark"])
def test_it_can_be_read_by_all_and_reaches_for_nothing(look: str, site: Path, chromium: Browser) -> None:
    page = chromium.new_context(color_scheme=look).new_page()  # type: ignore[arg-type]
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    for name in PAGES:
        page.goto((site / f"{name}.html").as_uri())
        page.evaluate(AXE)
        found = page.evaluate(f"axe.run(document, {{runOnly: {{type: 'tag', values: {json.dumps(TAGS)}}}}})")
        assert len(found["passes"]) > 5
        assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found["violations"]] == [], name
    assert [one for one in asked if not one.startswith(("file:", "data:", "blob:"))] == []
