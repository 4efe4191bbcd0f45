"""Links that ever existed open; what a newer one asks for is said."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qsl

import numpy as np
import pytest

from components.shell.lenses import lenses
from isogloss.errors import InvalidValue
from isogloss.notebook.view import View
from tests.kit.pages import html_of, visit
from tests.kit.tiers import TIER, cases

LINKS = [
    line
    for line in Path(__file__).with_name("links.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
_SOME = [link for link in LINKS if TIER == "soak" or not link.startswith("Scripts")]  # its figures take long
SHOWN = [_SOME[i] for i in sorted(np.random.default_rng(5).permutation(len(_SOME))[: cases(10 * 12)])]
if TIER == "soak":
    SHOWN = LINKS
pytestmark = pytest.mark.usefixtures("principal_maps")


@pytest.mark.parametrize("link", SHOWN)
def test_a_link_of_earlier_opens(link: str) -> None:
    title, _, query = link.partition("?")
    at = visit(lenses()[title].page if title else "app.py", **dict(parse_qsl(query, keep_blank_values=True)))
    assert not at.exception
    assert "reads version" not in html_of(at)


@pytest.mark.parametrize("version", ["2", "<img src=x>", "9" * 50])
def test_a_newer_link_is_said_and_the_nearest_view_opens(version: str) -> None:
    at = visit("pages/1_Neighbors.py", v=version, item="peace", sorted_by="moons")
    said = re.sub(r"<style>.*?</style>", "", html_of(at), flags=re.DOTALL)
    assert "this Isogloss reads version 1" in said
    assert "peace" in said
    assert "<img" not in said
    with pytest.raises(InvalidValue, match="reads version 1"):
        View.of_link(f"/Neighbors?item=peace&v={version}")


def test_links_are_written_with_their_version_and_read_back_without() -> None:
    view = View.of("Drift", {"item": "a&b", "v": "1"})
    assert view.link == "/Drift?v=1&item=a%26b"
    assert View.of_link(view.link) == view
    assert View.of_link("/Drift?item=a%26b") == view


BROKEN = (
    ("pages/1_Neighbors.py", {"item": "peace", "criterion": "nearness", "k": "4000"}, "peace"),
    ("pages/2_Map.py", {"item": "peace", "spaces": "1815-1848", "layout": "oval"}, "peace"),
    ("pages/3_Drift.py", {"item": "climate", "measure": "furlongs", "from": "1815-1848", "show": "none"}, "climate"),
    ("pages/5_Align.py", {"retrieval": "GUESS", "word": "zyzzyva", "direction": "up"}, "test words first among"),
    ("pages/14_Atlas.py", {"level": "five headings", "catalogue": "the moon"}, "papers"),
)


@pytest.mark.parametrize(("page", "address", "opens"), BROKEN, ids=lambda one: str(one)[:20])
def test_what_a_broken_link_cannot_give_is_said_and_the_nearest_view_opens(
    page: str, address: dict[str, str], opens: str
) -> None:
    at = visit(page, **address)
    said = " ".join(one.value for one in at.caption)
    for key in set(address) - {"item"}:
        assert f"value for {key} could not be used" in said
    text = re.sub(r"<style>.*?</style>", "", html_of(at), flags=re.DOTALL)
    assert opens in text
    assert "iso-error" not in text
