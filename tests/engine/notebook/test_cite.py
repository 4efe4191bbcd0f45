"""A view cited: in words and for BibTeX, whatever its words hold."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isogloss.errors import InvalidValue
from isogloss.notebook.cite import Citation
from isogloss.notebook.view import View
from isogloss.workspace.access import base_url
from tests.kit.tiers import cases

ON = date(2026, 1, 2)
PRINTS = {"a": "0123456789abcdef", "b": "0123456789abcdef"}


def test_where_others_reach_the_server_the_link_is_cited_and_else_the_command() -> None:
    view, command = View.of("Drift", {"item": "peace"}), ("drift", "x", "--item=peace", "--json")
    here = Citation(view, "peace · Drift", "UN_1", PRINTS, command, on=ON)
    assert here.text.endswith("python -m isogloss drift x --item=peace --json")
    assert "UN_1 (fingerprints 0123456789ab)" in here.text
    assert "url =" not in here.bibtex
    assert r"UN\_1" in here.bibtex
    there = Citation(view, "peace · Drift", "UN_1", PRINTS, command, "https://v.example.org", ON)
    assert there.text.endswith("https://v.example.org/Drift?v=1&item=peace")
    assert "url = {https://v.example.org/Drift?v=1&item=peace}" in there.bibtex


@given(st.text(max_size=80), st.text(max_size=40))
@settings(max_examples=cases(500, least=20), deadline=None)
def test_braces_of_an_entry_pair_off(word: str, collection: str) -> None:
    one = Citation(View.of("Drift", {"item": word}), f"{word} · Drift", collection, PRINTS, ("drift", word), on=ON)
    depth = 0
    for letter in one.bibtex:
        depth += (letter == "{") - (letter == "}")
        assert depth >= 0
    assert depth == 0
    assert one.bibtex.count("@misc{") == 1
    assert re.match(r"@misc\{[a-z0-9-]+,\n", one.bibtex)
    assert not re.search(r"(?<!\\)[%$#&]", one.bibtex)
    assert "\n" not in one.text


@pytest.mark.parametrize(
    "told", ["v.example.org", "javascript:alert(1)", "https://x/?a=1", "https://x y", "https://x/}"]
)
def test_an_address_that_is_none_is_said(told: str) -> None:
    with pytest.raises(InvalidValue, match="ISOGLOSS_BASE_URL"):
        base_url({"ISOGLOSS_BASE_URL": told})
    assert base_url({}) == ""
    assert base_url({"ISOGLOSS_BASE_URL": "http://10.0.0.5:8501/"}) == "http://10.0.0.5:8501"
