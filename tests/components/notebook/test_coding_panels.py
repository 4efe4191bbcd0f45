"""The panels of coding and of rules, as a person uses them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from isogloss.notebook.coding.taxonomy import Taxonomy
from tests.kit.pages import html_of

CODING = """
from components.notebook.coding import coding

rows = [{"id": f"c{i}", "title": f"<b>word {i}</b>", "script": "Latn" if i % 4 else "Cyrl"} for i in range(40)]
coding([row | {"system": "s"} for row in rows])
"""
RULES = """
from components.notebook.rules import rules_panel

rules_panel()
"""


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ISOGLOSS_HOME", str(tmp_path / "home"))


def opened(script: str) -> AppTest:
    at = AppTest.from_string(script, default_timeout=120).run()
    assert not at.exception, [one.value for one in at.exception]
    return at


def saved(coder: str, codes: dict[str, str]) -> bytes:
    listed = [{"id": case, "code": code, "note": ""} for case, code in codes.items()]
    told = {"format": 1, "coder": coder, "draw": "d", "taxonomy": Taxonomy.default().as_json(), "codes": listed}
    return json.dumps(told).encode()


def test_two_coders_are_compared_and_what_differs_is_decided() -> None:
    at = opened(CODING)
    at.number_input(key="coding-n").set_value(40).run()
    at.text_input(key="coding-first").set_value("Ada").run()
    assert "Not in it: system, how, draw, probability, stratum." in html_of(at)
    ids = [f"c{i}" for i in range(40)]
    first = {case: "hub" if i % 2 else "ocr" for i, case in enumerate(ids)}
    second = first | {"c0": "hub", "c1": "<img src=x>"}
    files = [
        ("a.json", saved("Ada", first), "application/json"),
        ("b.json", saved("<b>Bo", second), "application/json"),
    ]
    at.file_uploader(key="coding-results").set_value(files).run()
    assert not at.exception
    told = html_of(at)
    assert "40 cases were coded by both, 38 alike." in told
    assert "&lt;b&gt;Bo: 40 read" in told
    assert "<img" not in told
    assert "<b>word" not in told
    matrix = at.dataframe[0].value
    assert matrix.iloc[:, 1:].to_numpy().sum() == 40
    at.selectbox(key="coding-decide-c0").set_value("hub").run()
    assert not at.exception
    assert "39 read" in html_of(at)


def test_a_rule_has_its_rate_and_slices_are_proposed() -> None:
    rng = np.random.default_rng(0)
    scripts = rng.choice(["Latn", "Cyrl"], 600)
    wrong = rng.random(600) < np.where(scripts == "Cyrl", 0.4, 0.1)
    text = "script,rank,wrong\n" + "".join(
        f"{s},{i % 50},{int(w)}\n" for i, (s, w) in enumerate(zip(scripts, wrong, strict=True))
    )
    at = opened(RULES)
    at.file_uploader(key="rules-file").set_value(("t.csv", text.encode(), "text/csv")).run()
    assert not at.exception
    chosen = next(one for one in at.selectbox if one.label == "Which are errors")
    chosen.set_value("wrong").run()
    assert at.dataframe[-1].value["rule"][0] == "script = 'Cyrl'"
    at.text_input(key="rules-rule").set_value("rank > 10 and skript = 'x'").run()
    assert "no column &#x27;skript&#x27;.</p><p>Nearest are script" in html_of(at)
    assert at.dataframe[-1].value["rule"][0] == "script = 'Cyrl'"
    at.text_input(key="rules-rule").set_value("script = 'Cyrl'").run()
    assert f"Errors among them: <b>{wrong[scripts == 'Cyrl'].mean():.2f}" in html_of(at)
