"""Sheets: one file that holds the cases as text, not which system produced them."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.errors import InvalidValue
from isogloss.notebook.coding.sheet import sheet
from tests.hostile.names.payloads import PAYLOADS

CASE = {
    "id": "c1",
    "title": "neutrality",
    "system": "secret-engine",
    "model_name": "xlm-secret",
    "figures": [
        {"name": "cosine distance", "value": 0.1234, "low": 0.1, "high": 0.2, "n": 907, "modelPath": "/m/secret"}
    ],
    "neighbors": {"1946–1969": ["نظام", "non-alignment"], "2007–2024": ["碳", "कार्बन"]},
    "lines": ["a line", {"left": "x", "match": "y", "right": "z"}],
    "comment": "somebody thinks it is a hub",
    "tags": ["hub-tag"],
    "how": "random",
    "stratum": "secret-stratum",
    "probability": 0.25,
    "draw": "abc",
    "fingerprints": {"xlm-secret": "f"},
    "view": {"page": "Drift", "parameters": {"model": "xlm-secret"}},
}


def data_of(html: str) -> dict[str, Any]:
    (found,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', html, re.S)
    return json.loads(found)


def test_it_shows_the_evidence_and_neither_system_nor_codes() -> None:
    found = sheet([CASE], "Ada")
    for hidden in ("secret", "somebody thinks", "hub-tag", "0.25", "Drift"):
        assert hidden not in found.html
    left = {
        "system",
        "model_name",
        "modelPath",
        "comment",
        "tags",
        "how",
        "stratum",
        "probability",
        "draw",
        "view",
        "fingerprints",
    }
    assert set(found.blind.left_out) == left
    assert found.draw == data_of(found.html)["draw"] == "abc"
    (case,) = data_of(found.html)["cases"]
    assert case["parts"] == [
        ["figures", ["cosine distance: 0.123 (0.1 to 0.2), n = 907"]],
        ["1946–1969", ["نظام · non-alignment"]],
        ["2007–2024", ["碳 · कार्बन"]],
        ["lines", ["a line", "left: x, match: y, right: z"]],
    ]


def test_what_else_is_to_be_hidden_and_what_tells_the_system_all_the_same() -> None:
    found = sheet([CASE | {"period": "late"}, CASE | {"id": "c2", "title": "of Secret-Engine"}], "Ada", hide=["Period"])
    assert "period" in found.blind.left_out
    assert found.blind.named == ("c2",)


def test_the_policy_lets_its_own_script_run_and_nothing_else() -> None:
    html = sheet([CASE], "Ada").html
    (policy,) = re.findall(r'Content-Security-Policy" content="(.*?)"', html)
    assert policy.startswith("default-src &#x27;none&#x27;")
    assert "http" not in policy
    script = html.rpartition("<script>")[2].partition("</script>")[0]
    style = html.partition("<style>")[2].partition("</style>")[0]
    for part in (script, style):
        assert base64.b64encode(hashlib.sha256(part.encode()).digest()).decode() in policy
    assert "innerHTML" not in script
    assert not re.search(r"(src|href)=", html)


@given(
    st.lists(
        st.one_of(st.sampled_from(PAYLOADS), st.text(st.characters(exclude_categories=("Cs",)))), min_size=4, max_size=4
    )
)
def test_any_text_comes_out_as_it_went_in(texts: list[str]) -> None:
    one, two, three, name = texts
    title = one if one.strip() else "t"
    html = sheet(
        [{"id": "a", "title": title, "lines": [two or "-", "</script><script>"], "q@@DATA@@": three or "-"}],
        f"A {name[:60]}",
    ).html
    assert html.count("<script") == 2
    assert html.count("</script>") == 2
    (case,) = data_of(html)["cases"]
    assert case["title"] == title
    assert case["parts"] == [["lines", [two or "-", "</script><script>"]], ["q@@DATA@@", [three or "-"]]]


@pytest.mark.parametrize(
    ("rows", "coder", "told"),
    [
        ([], "Ada", "a sheet of 0 cases"),
        ([CASE], " ", "the coder is called ''"),
        ([CASE, CASE], "Ada", "the id 'c1' is empty or stands in several rows"),
        ([{"title": "x"}], "Ada", "the id '' is empty"),
    ],
)
def test_sheets_that_cannot_be_made(rows: list[Any], coder: str, told: str) -> None:
    with pytest.raises(InvalidValue, match=told):
        sheet(rows, coder)
