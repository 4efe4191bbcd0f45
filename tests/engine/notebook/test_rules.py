"""Rules: what they are true of, what they refuse, and that nothing in them is ever run."""

from __future__ import annotations

import argparse
import datetime
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.cli.keeping import rule as command
from isogloss.errors import InvalidValue, IsoglossError
from isogloss.notebook.queries.grammar import LONGEST, named, spelt
from isogloss.notebook.rules import Rule, applied, apply, errors_of, missing, rate

ROWS = [
    {
        "script": "Latn",
        "target script": "Latn",
        "rank": 1,
        "q": 0.01,
        "hubness": 4.0,
        "count": 150,
        "seen": True,
        "when": datetime.date(1990, 1, 2),
    },
    {
        "script": "Cyrl",
        "target script": "Latn",
        "rank": 12,
        "q": 0.20,
        "hubness": None,
        "count": 900,
        "seen": False,
        "when": datetime.date(2001, 5, 6),
    },
    {
        "script": "日本",
        "target script": None,
        "rank": 40,
        "q": 0.04,
        "hubness": 2.0,
        "count": 20,
        "seen": None,
        "when": None,
    },
    {
        "script": "it's",
        "target script": "Latn",
        "rank": -3,
        "q": None,
        "hubness": 3.5,
        "count": 199,
        "seen": True,
        "when": datetime.date(2010, 1, 1),
    },
]
TABLE = pa.Table.from_pylist(ROWS)


@pytest.mark.parametrize(
    ("rule", "rows"),
    [
        ("script ≠ target script and rank > 10", [1]),
        ("script != target_script AND rank > 10", [1]),
        ("script <> `target script`", [1, 3]),
        ("hubness > 3", [0, 3]),
        ("q < .05 and count < 200", [0, 2]),
        ("not hubness > 3", [2]),  # of the second nothing is known
        ("hubness > 3 or rank >= 12", [0, 1, 2, 3]),
        ("hubness > 3 and rank < 0 or script = '日本'", [2, 3]),
        ("(hubness > 3 or script = '日本') and rank ≤ 1", [0, 3]),
        ("script in ('Latn', \"Cyrl\", “日本”)", [0, 1, 2]),
        ("script not in ('Latn')", [1, 2, 3]),
        ("not script in ('Latn') and rank in (12, 40.0)", [1, 2]),
        (r"script = 'it\'s'", [3]),
        ('script = "it\'s"', [3]),
        ("0 < rank <= 12", [0, 1]),
        ("rank = −3", [3]),
        ("rank>-4 and rank<1e0", [3]),
        ("seen = true", [0, 3]),
        ("seen ≠ TRUE", [1]),
        ("when >= '2001'", [1, 3]),
        ("rank > q", [0, 1, 2]),
        ("Script == 'Latn'", [0]),
    ],
)
def test_what_a_rule_is_true_of(rule: str, rows: list[int]) -> None:
    assert np.flatnonzero(apply(Rule(rule), TABLE)).tolist() == rows
    assert Rule.from_json(json.loads(json.dumps(Rule(rule, "a group").as_json()))) == Rule(rule, "a group")


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("", "it ends at letter 1: there should be a column"),
        ("rank", "there should be an operator"),
        ("rank > ", "it ends at letter 8"),
        ("rank > 10 )", r"'\)' at letter 11: there should be and, or, or the end"),
        ("(rank > 10", "there should be a closing parenthesis"),
        ("rank > 10 and", "it ends"),
        ("rnak > 10", "no column 'rnak': nearest are rank"),
        ("script = Cyrl", "no column 'Cyrl'.*texts stand in quotation marks"),
        ("script > 10", "'script' is a text and '10.0' is a number"),
        ("rank = 'ten'", "'rank' is a number and 'ten' is a text"),
        ("1 < 2", "compares two values"),
        ("script in (Latn)", "lists 'Latn'"),
        ("script in 'Latn'", "a list in parentheses"),
        ("script in ()", "there should be a column, a number or a text"),
        ("rank > 10; drop", "cannot be read at '; drop'"),
        ("__import__('os').system('x')", "cannot be read at '.system|cannot be read at \""),
        ("rank.__class__ = 1", "no column 'rank.__class__'"),
        ("script = 'open", "cannot be read at"),
        ("(" * 30 + "rank > 1" + ")" * 30, "nested deeper than 20"),
        ("not " * 30 + "rank > 1", "nested deeper than 20"),
        ("a" * (LONGEST + 1), "has 2,001 letters"),
        ("q<1 or " * 201 + "q<1", "more than 200 comparisons"),
    ],
)
def test_what_is_no_rule_is_refused_with_its_place(rule: str, told: str) -> None:
    with pytest.raises(InvalidValue, match=told):
        apply(Rule(rule), TABLE)


@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from(["rank", "script", "'x'", "1", "(", ")", "and", "or", "not", "in", ",", "=", "<", "`q`"]),
        max_size=12,
    ).map(" ".join)
)
def test_any_text_is_a_rule_or_one_error(text: str) -> None:
    try:
        found = applied(Rule(text), TABLE)
    except IsoglossError:
        return
    assert not (found.mask & found.unknown).any()


@given(
    st.text(min_size=1, max_size=20).filter(lambda name: "`" not in name),
    st.text(max_size=20),
    st.floats(allow_nan=False, allow_infinity=False),
)
def test_what_is_written_is_read_again(column: str, text: str, value: float) -> None:
    table = pa.table({column: pa.array([text, text + "x"], pa.string()) if text.isprintable() else [value, math.inf]})
    rule = f"{named(column)} = {spelt(text if text.isprintable() else value)}"
    assert apply(Rule(rule), table).tolist() == [bool(text) or not text.isprintable(), False]


def test_it_is_asked_of_other_data_and_says_what_they_lack() -> None:
    rule = Rule("script ≠ target script and q < .05")
    other = pa.table({"script": ["Latn", "Cyrl"], "target-script": ["Cyrl", "Cyrl"], "q": [0.01, 0.01]})
    assert apply(rule, other).tolist() == [True, False]
    assert missing(rule, other) == []
    assert missing(rule, other.drop_columns(["q"])) == ["q"]
    with pytest.raises(InvalidValue, match="the data have no column 'q'"):
        apply(rule, other.drop_columns(["q"]))


def test_its_rate_has_an_interval_and_a_shuffled_null() -> None:
    rng = np.random.default_rng(0)
    table = pa.table({"x": rng.integers(0, 10, 2000)})
    errors = rng.random(2000) < np.where(np.array(table["x"]) == 3, 0.5, 0.1)
    found = rate(Rule("x = 3"), table, errors)
    mask = np.array(table["x"]) == 3
    assert found.value == errors[mask].mean()
    assert found.null is not None
    assert (found.null.mean, found.null.p) == (pytest.approx(errors.mean(), abs=0.005), pytest.approx(1 / 2001))
    none = rate(Rule("x = 4"), table, errors)
    assert none.null is not None
    assert none.low is not None
    assert none.high is not None
    assert none.null.p > 0.05
    assert none.low < 0.1 < none.high
    assert "true of no row" in rate(Rule("x > 99"), table, errors).how


@pytest.mark.parametrize(
    "values", [[1, 0, None], [True, False, None], ["yes", "No", ""], ["1", "0", None], [1.0, 0.0, math.nan]]
)
def test_columns_of_errors(values: list[Any]) -> None:
    found = errors_of(pa.table({"wrong": values, "x": [1, 2, 3]}), "wrong")
    assert (found.mask.tolist(), found.unknown, found.table["x"].to_pylist()) == ([True, False], 1, [1, 2])


@pytest.mark.parametrize("values", [[1, 2], ["maybe", "no"], [None, None]])
def test_columns_that_tell_no_errors(values: list[Any]) -> None:
    with pytest.raises(InvalidValue, match=r"the column 'wrong' (holds|is empty)"):
        errors_of(pa.table({"wrong": values}), "wrong")


def test_the_command(tmp_path: Path) -> None:
    path = tmp_path / "errors.jsonl"
    path.write_text(
        "".join(json.dumps({"script": "Cyrl" if i % 2 else None, "wrong": int(i % 4 == 1)}) + "\n" for i in range(40))
    )
    parser = argparse.ArgumentParser()
    command.member.arguments(parser)
    report = command.member.run(parser.parse_args(["script = 'Cyrl'", str(path), "--errors", "wrong"]))
    assert report is not None
    assert set(report.value) == {"rule", "n", "of", "unknown", "rate", "low", "high", "null_p95", "p"}
    assert (report.value["n"], report.value["of"], report.value["unknown"], report.value["rate"]) == (20, 40, 20, 0.5)
    assert "20 rows lack a value that it asks for" in "\n".join(report.lines)
