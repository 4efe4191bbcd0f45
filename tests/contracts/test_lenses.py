"""What every page promises, and that one new file is a page that the others lead to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from components.shell.lenses import GROUPS, lens, lenses
from isogloss.errors import NotFound
from isogloss.places import ROOT
from tests.kit.copied import copied_tree, run_in
from tests.kit.pages import visit

NEW = '''"""Counts: how many items each space has."""

import streamlit as st

from components.shell.bar import bar
from components.shell.frame import frame, lead

with frame("Counts"):
    collection = bar("Counts")
    lead(f"{len(collection)} spaces")
    st.table({space.name: [len(space)] for space in collection.spaces})
'''
LOOK = """
import json, sys
from tests.kit.pages import html_of, visit
links = lambda at: [(one.proto.page, one.proto.label) for one in at.get("page_link")]
home, page = visit("app.py"), visit("pages/6_Counts.py", collection="novels-en")
print(json.dumps({"home": links(home), "page": links(page), "html": html_of(page)}))
"""


def test_every_file_is_a_lens_in_the_order_of_its_group_and_number() -> None:
    files = {f"pages/{path.name}" for path in (ROOT / "pages").glob("*.py")}
    order = [(GROUPS.index(one.group), int(Path(one.page).name.partition("_")[0])) for one in lenses().values()]
    assert {one.page for one in lenses().values()} == files
    assert order == sorted(order)
    with pytest.raises(NotFound, match="no page"):
        lens("Neighbours")


@pytest.mark.parametrize("title", list(lenses()))
def test_it_says_what_it_is_and_stands_in_the_navigation_of_all(title: str) -> None:
    one = lens(title)
    assert one.title == title
    assert one.help.endswith(".")
    assert one.invites
    assert one.its
    links = [link.proto.label for link in visit(one.page).get("page_link")]
    assert links[: 1 + len(lenses())] == ["Isogloss", *lenses()]


@pytest.mark.long
def test_a_new_file_is_a_page_that_the_others_lead_to(tmp_path: Path) -> None:
    root = copied_tree(tmp_path)
    (root / "pages" / "6_Counts.py").write_text(NEW, encoding="utf-8")
    done = run_in(root, "-c", LOOK, home=tmp_path)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    labels = [label for _, label in told["home"]]
    assert labels[:8] == ["Isogloss", "Neighbors", "Map", "Drift", "Scripts", "Counts", "Align", "Sentences"]
    assert "Open Counts" in labels
    assert "Counts" in [label for _, label in told["page"]]
    assert "1 spaces" in told["html"]


def test_every_figure_is_drawn_where_the_stage_makes_its_letters_large() -> None:
    files = [one for part in ("components", "pages") for one in (ROOT / part).rglob("*.py")]
    plain = [one for one in files if "st.plotly_chart(" in one.read_text("utf-8") and one.name != "charts.py"]
    assert plain == []


def test_commands_and_recipes_are_shown_in_one_colour() -> None:
    """Streamlit's colours of code are at 2.8 : 1 on a light page."""
    files = [one for part in ("components", "pages") for one in (ROOT / part).rglob("*.py")]
    told = [
        one.name
        for one in files
        for call in one.read_text("utf-8").split("st.code(")[1:]
        if "language=None" not in call[:200]
    ]
    assert told == []
