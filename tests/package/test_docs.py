"""The docs site: what is made from the code, its gallery opened, and that it reaches for nothing elsewhere."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from components.shell.lenses import lenses
from isogloss.cli.asked import in_force
from isogloss.cli.command import COMMANDS
from isogloss.notebook.commands import require_reading
from isogloss.notebook.view import View
from isogloss.workspace.store import Workspace
from scripts.site import SOURCE, build, cards, command_of, command_reference
from tests.kit.pages import html_of, visit
from tests.kit.tiers import TIER

CARDS = cards()
pytestmark = pytest.mark.usefixtures("principal_maps")


@pytest.fixture(scope="module")
def made(scripts_folder: Path) -> Workspace:
    return Workspace(scripts_folder.parents[1])


@pytest.mark.parametrize("card", CARDS, ids=[card["title"] for card in CARDS])
def test_a_card_is_a_command(card: dict[str, str], made: Workspace) -> None:
    command = command_of(card["link"], made)
    require_reading(command)
    assert in_force(command)
    assert View.of_link(card["link"]).link == card["link"]


_SHOWN = [one for one in CARDS if TIER == "soak" or not one["link"].startswith(("/Scripts", "/Align", "/Map"))]


@pytest.mark.parametrize("card", _SHOWN, ids=[card["title"] for card in _SHOWN])
def test_a_card_opens(card: dict[str, str]) -> None:
    page, _, query = card["link"].lstrip("/").partition("?")
    at = visit(lenses()[page].page, **dict(parse_qsl(query, keep_blank_values=True)))
    assert not at.exception
    assert not at.error
    assert 'role="alert"' not in html_of(at)  # our own errors


def test_every_command_stands_in_the_reference() -> None:
    told = command_reference()
    assert re.findall(r"^## (.+)$", told, re.MULTILINE) == list(COMMANDS.names)


def test_commands_that_the_pages_name_are_there() -> None:
    for file in SOURCE.rglob("*.md"):
        for name in re.findall(r"\bisogloss ([a-z][a-z-]+)\b", file.read_text(encoding="utf-8")):
            assert name in COMMANDS or name == "as", f"{file.name}: {name}"


class Reached(HTMLParser):
    """What a page loads by itself: sources, and links that are no anchors."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if told.get("src"):
            self.found.append(str(told["src"]))
        if tag == "link" and told.get("href") and told.get("rel") not in ("canonical", "next", "prev"):
            self.found.append(str(told["href"]))


@pytest.mark.long
def test_it_is_built_and_loads_nothing_from_elsewhere(made: Workspace, tmp_path: Path) -> None:
    folder = build(made, tmp_path / "site")
    pages = list(folder.rglob("*.html"))
    assert {"index.html", "gallery.html", "wrong.html", "commands.html", "library.html"} <= {one.name for one in pages}
    for page in pages:
        reached = Reached()
        reached.feed(page.read_text(encoding="utf-8"))
        assert reached.found
        assert not [one for one in reached.found if re.match(r"(https?:)?//", one)], page.name
        for one in reached.found:
            if not one.startswith(("data:", "/", "#")):
                assert (page.parent / one.partition("?")[0]).is_file(), (page.name, one)
    for sheet in folder.rglob("*.css"):
        assert not re.search(r"(@import|url\()\s*['\"]?https?:", sheet.read_text(encoding="utf-8")), sheet.name
    assert "measure_drift" in (folder / "reference" / "library.html").read_text(encoding="utf-8")
