"""The slice finder: silent on shuffled errors, finds what is planted, and its rules are what it says."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pytest

from isogloss.cli.keeping import find_slices as command
from isogloss.errors import InvalidValue
from isogloss.notebook.queries.conditions import conditions_of
from isogloss.notebook.rules import Rule, applied, apply
from isogloss.notebook.slices import LEVEL, find_slices
from isogloss.text.tally import Tally
from isogloss.types import Mask
from tests.kit.tiers import cases


def a_table(seed: int, n: int = 1200) -> pa.Table:
    rng = np.random.default_rng(seed)
    return pa.table(
        {
            "id": [f"c{i}" for i in range(n)],
            "script": rng.choice(["Latn", "Cyrl", "Arab", "Deva"], n, p=[0.5, 0.3, 0.15, 0.05]),
            "part of speech": rng.choice(["noun", "verb", "name"], n),
            "rank": rng.integers(1, 51, n),
            "hubness": np.where(rng.random(n) < 0.05, np.nan, rng.gamma(2.0, 1.0, n)),
            "shared": rng.random(n) < 0.4,
        }
    )


def planted(table: pa.Table, rule: str, seed: int, base: float = 0.08, more: float = 0.45) -> Mask:
    rng = np.random.default_rng(seed)
    return rng.random(table.num_rows) < np.where(apply(Rule(rule), table), more, base)


def test_shuffled_errors_make_no_slice() -> None:
    n = cases(200, 10)
    found = 0
    for seed in range(n):
        table = a_table(seed, 600)
        errors = np.random.default_rng(10_000 + seed).permutation(planted(table, "script = 'Cyrl'", seed))
        within = "script" if seed % 2 else ""
        found += bool(find_slices(table, errors, within=within).found)
    assert found <= max(1, 0.05 * n)


@pytest.mark.parametrize(
    "rule",
    ["script = 'Arab'", "rank > 40", "`part of speech` = 'name' and script = 'Cyrl'", "hubness > 3 and shared = true"],
)
def test_a_planted_rule_is_found(rule: str) -> None:
    table = a_table(1)
    found = find_slices(table, planted(table, rule, 2))
    truth, best = apply(Rule(rule), table), apply(found.found[0].rule, table)
    assert (truth & best).sum() / (truth | best).sum() > 0.75
    assert len(found.found) <= 3  # the many rules that overlap it say nothing beyond it
    one = found.found[0]
    assert one.rule.text == rule or " and " in rule  # no second condition that adds nothing
    assert one.figure.value > 0.3 > one.rest
    assert one.q < LEVEL


def test_two_planted_rules_are_both_found() -> None:
    table = a_table(3, 3000)
    errors = planted(table, "script = 'Arab'", 4) | planted(table, "rank > 40", 5, base=0.0)
    assert {"script = 'Arab'", "rank > 40"} <= {one.rule.text for one in find_slices(table, errors).found}


def test_what_a_stratum_explains_is_not_found_again() -> None:
    rng = np.random.default_rng(0)
    table = a_table(5, 3000)
    like = np.where(rng.random(3000) < 0.9, table["script"].to_numpy(zero_copy_only=False), "Latn").tolist()
    table = table.append_column("language", pa.array(like))
    errors = planted(table, "script = 'Cyrl'", 6)
    assert find_slices(table, errors, columns=["language"]).found
    assert not find_slices(table, errors, columns=["language"], within="script").found


def test_every_condition_is_the_rule_that_it_says() -> None:
    table = a_table(7).append_column("odd 'x\\", pa.array(["it's", 'a "b"', "日本\\", ""] * 300))
    table = table.append_column("few", pa.array(np.tile([0.1, 1 / 3, 1e-7, 12345678.5], 300)))
    found, masks = conditions_of(table, table.column_names, support=10, tally=Tally())
    assert {condition.place for condition in found} == set(range(1, 8))
    for condition, mask in zip(found, masks, strict=True):
        assert apply(Rule(condition.text), table).tolist() == mask.tolist(), condition.text


def test_the_exact_p_is_that_of_permutations() -> None:
    table = a_table(8, 200)
    errors = planted(table, "script = 'Arab'", 9)
    mask = apply(Rule("script = 'Arab'"), table)
    rng = np.random.default_rng(0)
    strata = np.array(table["part of speech"].to_pylist())
    for within in ("", "part of speech"):
        found = find_slices(table, errors, columns=["script"], within=within)
        (one,) = [one for one in found.found if one.rule.text == "script = 'Arab'"]
        observed, more = (mask & errors).sum(), 0
        for _ in range(4000):
            shuffled = errors.copy()
            for group in set(strata) if within else {None}:
                at = np.flatnonzero(strata == group) if within else np.arange(len(errors))
                shuffled[at] = rng.permutation(errors[at])
            more += (mask & shuffled).sum() >= observed
        assert one.figure.null is not None
        assert abs(one.figure.null.p - more / 4000) < 0.01


def test_what_is_left_out_is_told() -> None:
    table = a_table(9)
    found = find_slices(table, planted(table, "rank > 40", 1))
    assert found.tally.left_out == {"id": "most rows have a value of their own"}
    assert "rules tried (each of at least 12 rows)" in found.sentence()
    with pytest.raises(InvalidValue, match="0 of 1,200 rows are errors"):
        find_slices(table, np.zeros(1200, dtype=bool))
    with pytest.raises(InvalidValue, match="there is no column 'x'"):
        find_slices(table, apply(Rule("rank > 40"), table), within="x")


def test_the_command(tmp_path: Path) -> None:
    table = a_table(10)
    errors = planted(table, "script = 'Arab'", 11)
    path = tmp_path / "errors.csv"
    pyarrow.csv.write_csv(table.append_column("wrong", pa.array(errors.astype(np.int8))), path)
    parser = argparse.ArgumentParser()
    command.member.arguments(parser)
    report = command.member.run(parser.parse_args([str(path), "--errors", "wrong"]))
    assert report is not None
    first = json.loads(json.dumps(report.value))[0]
    assert set(first) == {"rule", "n", "rate", "low", "high", "q_value"}
    mask = applied(Rule(first["rule"]), table).mask
    assert first["rule"] == "script = 'Arab'"
    assert (first["n"], first["rate"]) == (mask.sum(), pytest.approx((mask & errors).sum() / mask.sum(), abs=1e-6))
    assert "rules tried" in "\n".join(report.lines)
