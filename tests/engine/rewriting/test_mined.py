"""Mined pairs: each planted fault is named, clean ones are not; margins against a plain loop; numbers by value."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.errors import InvalidValue
from isogloss.progress import Progress, silent
from isogloss.rewriting.mining.margins import margins
from isogloss.rewriting.mining.values import readings, unmatched
from isogloss.rewriting.pairs import Pairs
from isogloss.rewriting.profile import PROFILES
from isogloss.types import Vectors

N = 120


class Bags:
    """Words of either language have one vector by their number: `s7` and `t7` mean the same."""

    name, dim = "bags", 64

    def pieces(self, text: str) -> list[str]:
        return text.split()

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> Vectors:
        out = np.zeros((len(texts), self.dim), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in text.casefold().split():
                meaning = word.lstrip("stST")
                out[row] += np.random.default_rng(sum(map(ord, meaning)) * 1009 + len(meaning)).normal(size=self.dim)
        return out


def letters(number: int) -> str:
    return "".join(chr(ord("a") + int(digit)) for digit in f"{number:03}")


def clean() -> tuple[list[str], list[str]]:
    rng = np.random.default_rng(0)
    rows = [[letters(int(i)) for i in rng.choice(1000, size=6, replace=False)] for _ in range(N)]
    return [" ".join("s" + w for w in row) for row in rows], [" ".join("t" + w for w in row) for row in rows]


def test_every_planted_fault_is_named_and_nothing_else() -> None:
    source, target = clean()
    source[10], target[10] = source[3], target[3]  # duplicate
    target[20] = source[20].upper() + "."  # copy
    source[30], target[30] = source[30] + " 1,500", target[30] + " 1600"
    source[31], target[31] = source[31] + " 1,500", target[31] + " 1.500"  # the same number
    target[40] = target[40].split()[0]
    for row in range(50, 55):
        target[row] = target[50]  # five texts with one
    found = PROFILES["mined"].check(Pairs("m", source, target), encoder=Bags())
    kinds = {(one.row, one.kind) for one in found.failures}
    planted = {(10, "duplicate"), (20, "copy"), (30, "number_differs"), (40, "length_ratio")}
    planted |= {(row, "hub") for row in range(50, 55)}
    assert kinds == planted
    assert found.extra["would_drop"]["hub"] == 5
    assert found.extra["would_drop_in_all"] == 9
    assert found.extra["would_keep"] == N - 9
    assert found.figures["suspicious"].value == pytest.approx(9 / N)
    assert found.said.startswith("9 of 120 pairs are suspicious, most for hub (5)")


def test_what_is_alike_by_shared_words_alone_is_named() -> None:
    source, target = clean()
    names = " ".join("x" + letters(i) for i in range(900, 912))  # twelve names that both sides copy
    other = target[7]
    source[60], target[60] = f"{source[60]} {names}", f"{other} {names}"
    found = PROFILES["mined"].check(Pairs("m", source, target), encoder=Bags())
    assert found.rows["similarity"][60] > 0.5
    assert (60, "high_margin_low_similarity") in {(one.row, one.kind) for one in found.failures}


def test_margins_are_those_of_a_plain_loop() -> None:
    rng = np.random.default_rng(2)
    a, b = (rng.normal(size=(30, 8)).astype(np.float32) for _ in range(2))
    found = margins(([str(i) for i in range(30)], [str(i) for i in range(30)]), a, b)
    for i in (0, 7, 29):
        cos = lambda x, y: float(x @ y / np.linalg.norm(x) / np.linalg.norm(y))  # noqa: E731
        there = np.mean(sorted(cos(a[i], y) for y in b)[-4:])
        back = np.mean(sorted(cos(x, b[i]) for x in a)[-4:])
        assert found.margin[i] == pytest.approx(cos(a[i], b[i]) / ((there + back) / 2), rel=1e-4)
    assert found.near.sum() == 30 * 4


def test_given_columns_are_taken_and_no_encoder_is_needed() -> None:
    source, target = clean()
    margin, score = ["1.1"] * N, ["0.8"] * N
    margin[5], score[5] = "1.4", "0.2"
    score[6] = ""
    found = PROFILES["mined"].check(Pairs("m", source, target, {"margin": margin, "score": score}))
    assert [(one.row, one.kind) for one in found.failures] == [(5, "high_margin_low_similarity")]
    assert found.figures["similarity"].n == N - 1
    with pytest.raises(InvalidValue, match=r"row 1 of the column score is 'good'"):
        PROFILES["mined"].check(Pairs("m", source, target, {"margin": margin, "score": ["good"] * N}))
    with pytest.raises(InvalidValue, match="name a model"):
        PROFILES["mined"].check(Pairs("m", source, target, {"margin": margin}))


@pytest.mark.parametrize(
    ("source", "target", "lost", "added"),
    [
        ("१२ men", "12 Männer", [], []),
        ("1 234,5 km", "1,234.5 km", [], []),
        ("0.50 and 3", "0,5 und 3", [], []),
        ("3 3", "3", ["3"], []),
        ("1'000'000", "1,000,000", [], []),
        ("2020-01-05", "05.01.2020", [], []),
        ("none", "7", [], ["7"]),
    ],
)
def test_numbers_compare_by_value(source: str, target: str, lost: list[str], added: list[str]) -> None:
    assert unmatched(source.replace("1 234", "1\u00a0234"), target) == (lost, added)


@given(st.integers(0, 10**12))
def test_a_number_written_in_groups_or_other_digits_is_the_same(number: int) -> None:
    grouped = f"{number:,}"
    for written in (grouped, grouped.replace(",", "."), grouped.replace(",", "\u202f"), str(number)):
        assert readings(written) & readings(str(number))
        arabic = written.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
        assert readings(arabic) == readings(written)
