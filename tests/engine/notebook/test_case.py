"""Cases survive every file, whatever was written in them; what is no case is one error."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.errors import InvalidValue
from isogloss.notebook.case import Case
from isogloss.notebook.figures import KeptFigure, Survival, Variation
from isogloss.notebook.files import FORMATS, read_jsonl, take_in, to_csv, to_jsonl, to_prov
from isogloss.notebook.ledger import Ledger
from isogloss.notebook.view import View

NASTY = (
    "=1+1",
    "<script>alert(1)</script>",
    "\\end{table}",
    "привет\n世界",
    "🏳️‍🌈\u202e",
    "\ud800",
    "a|b`*_[x](y)",
    "\x00\r\n",
)
texts = st.one_of(st.sampled_from(NASTY), st.text(st.characters(exclude_categories=()), max_size=20))
words = texts.filter(bool)
figures = st.builds(
    KeptFigure,
    name=texts,
    value=st.one_of(
        st.none(), st.booleans(), texts, st.integers(-(2**62), 2**62), st.floats(allow_nan=False, allow_infinity=False)
    ),
    low=st.none() | st.floats(-1, 1),
    n=st.none() | st.integers(0, 99),
    pointer=texts,
    beside=st.dictionaries(st.sampled_from(["low", "n"]), texts, max_size=2),
)
survivals = st.builds(
    Survival,
    st.just("a" * 32),
    texts,
    texts,
    st.lists(
        st.builds(
            Variation,
            texts,
            st.lists(texts, max_size=2).map(tuple),
            st.none() | st.booleans(),
            texts.map(lambda name: (KeptFigure(name=name, value=0.5),)),
            texts,
        ),
        max_size=2,
    ).map(tuple),
)
cases = st.builds(
    Case,
    st.builds(
        View.of,
        st.sampled_from(["Drift", "Map"]),
        st.dictionaries(texts, texts | st.lists(words, min_size=2, max_size=3), max_size=3),
    ),
    title=texts,
    comment=texts,
    tags=st.lists(words, max_size=3).map(tuple),
    command=st.lists(texts, max_size=4).map(tuple),
    figures=st.lists(figures, max_size=3).map(tuple),
    neighbors=st.dictionaries(texts, st.lists(texts, max_size=3).map(tuple), max_size=2),
    lines=st.lists(texts, max_size=2).map(tuple),
    how=st.sampled_from(["picked", "rule"]),
    rule=texts,
    probability=st.none() | st.floats(0.01, 1),
    seeds=st.dictionaries(texts, st.integers(0, 9), max_size=2),
    survival=st.none() | survivals,
    fingerprints=st.dictionaries(texts, texts, max_size=2),
)


@given(st.lists(cases, max_size=3))
def test_every_text_comes_back(kept: list[Case]) -> None:
    ledger = Ledger(None)
    ledger.keep_all(kept)
    assert ledger.cases(sort="oldest") == sorted(kept, key=lambda case: case.created) or len(kept) > 1
    assert {case.id: case for case in ledger.cases()} == {case.id: case for case in kept}
    assert read_jsonl(to_jsonl(kept).encode())[0] == kept
    for _, _, write in FORMATS.values():
        write(kept).encode("utf-8", "replace")
    json.loads(to_prov(kept))
    assert "<script" not in FORMATS["html"][2](kept)
    assert View.of_link("http://x:1" + View("Drift", (("item", ("a&b=ü",)),)).link).get("item") == "a&b=ü"


def test_a_table_begins_no_formula() -> None:
    rows = to_csv([Case(View("Drift"), title="@cmd", comment="\t=1", tags=("-1+2",))]).splitlines()
    assert "'@cmd" in rows[1]
    assert "'-1+2" in to_csv([Case(View("Drift"), tags=("-1+2",))])


@pytest.mark.parametrize(
    "wrong",
    [
        {"format": 7},
        {"id": "../../etc/passwd"},
        {"created": "yesterday"},
        {"how": "guessed"},
        {"how": "random"},
        {"probability": 0},
        {"probability": float("nan")},
        {"tags": ["a"] * 51},
        {"tags": [1]},
        {"comment": "x" * 20_001},
        {"lines": ["x" * 2_000_000]},
        {"figures": [{"name": "a", "value": []}]},
        {"figures": [{"name": "a", "value": float("inf")}]},
        {"figures": [{"name": "a", "value": 1, "low": "0"}]},
        {"figures": [{"name": "a", "value": 1, "how": "x"}]},
        {"figures": [7]},
        {"view": {"page": "../x"}},
        {"view": {"page": "Drift", "parameters": {"item": 1}}},
        {"view": 1},
        {"neighbors": {"a": "b"}},
        {"seeds": {"a": "b"}},
        {"fingerprints": {"a": 1}},
        {"title": None},
        {"command": "serve"},
    ],
    ids=str,
)
def test_what_is_no_case_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidValue):
        Case.of_text(json.dumps(Case(View("Drift")).as_json() | wrong))


def test_import_counts_what_it_skips_and_is_one_step(tmp_path: Path) -> None:
    ledger, kept = Ledger(None), [Case(View("Drift"), title=str(number)) for number in range(200)]
    ledger.keep(kept[0])
    file = tmp_path / "cases.jsonl"
    file.write_text(to_jsonl(kept) + "{}\n\n" + to_jsonl(kept[:1]), encoding="utf-8")
    tally = take_in(ledger, file)
    assert (tally.read, tally.skipped) == (199, {"no_case": 1, "repeated_case": 1, "case_that_is_there": 1})
    assert ledger.count() == 200
    assert ledger.undo() == "import 199 cases"
    assert ledger.cases() == [kept[0]]
    file.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(InvalidValue, match="jsonl"):
        take_in(ledger, file)


def test_the_report_holds_no_markup_of_users() -> None:
    one = Case(View("Drift"), title="<b onclick=x>", comment="</p><iframe>", tags=("<i>",), neighbors={"<s>": ("<u>",)})
    html = FORMATS["html"][2]([replace(one, figures=(KeptFigure(name="<em>", value="<q>"),), lines=("<a>",))])
    for tag in ("<b ", "<iframe", "<i>", "<s>", "<u>", "<em>", "<q>", "<a>", "<script"):
        assert tag not in html
    assert "default-src 'none'" in html
    assert r"\{" in FORMATS["tex"][2]([replace(one, title="{")])
    assert "\\<b onclick" in FORMATS["md"][2]([one])
