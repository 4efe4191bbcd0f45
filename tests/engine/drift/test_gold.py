"""Gold lists: reading them, and the figures against their definitions and a peer's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr
from sklearn.metrics import average_precision_score

from isogloss.drift.gold import average_precision, evaluate, read_gold, spearman
from isogloss.drift.ranking import Ranking
from isogloss.errors import InvalidValue


def ranking(distances: list[float], q: list[float] | None = None) -> Ranking:
    n, nan = len(distances), np.full(len(distances), np.nan)
    return Ranking(
        measure="cosine",
        items=tuple(f"w{i}" for i in range(n)),
        distance=np.array(distances),
        low=nan,
        high=nan,
        p=nan,
        q=np.array(q) if q else nan,
        null_low=nan,
        null_high=nan,
        null_n=np.zeros(n, dtype=np.int64),
        unusual=nan,
        count_source=None,
        count_target=None,
    )


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=3, max_size=40))
def test_spearman_equals_scipys(pairs: list[tuple[int, int]]) -> None:
    a, b = (np.array(v, dtype=float) for v in zip(*pairs, strict=True))
    found = spearman(a, b)
    if np.ptp(a) == 0 or np.ptp(b) == 0:
        assert found is None
    else:
        assert found == pytest.approx(spearmanr(a, b).statistic, abs=1e-9)


@given(st.lists(st.tuples(st.integers(0, 8), st.booleans()), min_size=1, max_size=40))
def test_average_precision_equals_scikit_learns(pairs: list[tuple[int, bool]]) -> None:
    distance, changed = np.array([d for d, _ in pairs], dtype=float), np.array([c for _, c in pairs])
    found = average_precision(distance, changed)
    assert (found is None) == (not changed.any())
    if found is not None:
        assert found == pytest.approx(average_precision_score(changed, distance))


def test_words_with_a_part_of_speech_and_words_that_are_missing(tmp_path: Path) -> None:
    file = tmp_path / "gold.txt"
    file.write_text("\ufeffw0_nn\t1\nw1 0\n\nabsent_vb\t1\nw3\t0\n", encoding="utf-8")
    gold = read_gold(file)
    assert gold == {"w0_nn": 1, "w1": 0, "absent_vb": 1, "w3": 0}
    found = evaluate(ranking([0.9, 0.2, 0.3, 0.1], [0.01, 0.9, 0.9, 0.01]), gold)
    assert (found.n_gold, found.n_covered) == (4, 3)
    assert found.accuracy.value == pytest.approx(2 / 3)
    assert found.average_precision.value == 1.0
    assert (found.spearman.n, found.spearman.better) == (3, "more")
    assert found.spearman.interval is None  # three words say nothing of an interval


def test_without_a_test_or_a_binary_gold_there_is_no_accuracy() -> None:
    distances = np.linspace(0, 1, 30).tolist()
    graded = evaluate(ranking(distances, [0.01] * 30), {f"w{i}": i / 30 for i in range(30)})
    assert [f.known for f in (graded.accuracy, graded.average_precision)] == [False, False]
    assert graded.spearman.value == pytest.approx(1.0)
    binary = evaluate(ranking(distances), {f"w{i}": float(i > 15) for i in range(30)})
    assert not binary.accuracy.known
    assert binary.average_precision.value == 1.0
    nothing = evaluate(ranking(distances, [0.01] * 30), {"nothing": 1.0})
    assert not any(f.known for f in (nothing.spearman, nothing.accuracy, nothing.average_precision))


def test_the_interval_holds_the_figure_and_narrows_with_words() -> None:
    rng = np.random.default_rng(0)
    widths = []
    for n in (20, 200):
        truth = rng.random(n)
        found = evaluate(
            ranking((truth + 0.5 * rng.random(n)).tolist()), {f"w{i}": float(t) for i, t in enumerate(truth)}
        )
        assert found.spearman.interval is not None
        low, high = found.spearman.interval
        assert low < found.spearman.value < high
        widths.append(high - low)
    assert widths[1] < widths[0] / 2


def test_the_interval_is_that_of_the_draws_written_out() -> None:
    rng = np.random.default_rng(3)
    truth = (rng.random(25) > 0.6).astype(float)
    distance = truth * 0.3 + rng.random(25)
    found = evaluate(ranking(distance.tolist(), rng.random(25).tolist()), {f"w{i}": t for i, t in enumerate(truth)})
    draws = np.random.default_rng(0)
    values = [spearmanr(distance[s], truth[s]).statistic for s in (draws.integers(25, size=25) for _ in range(2000))]
    assert found.spearman.interval == pytest.approx(tuple(np.quantile(values, [0.025, 0.975])), abs=1e-9)
    for one in (found.accuracy, found.average_precision):
        assert one.interval is not None
        assert one.interval[0] < one.value < one.interval[1]


@pytest.mark.parametrize(
    ("text", "fact"),
    [("a\tb\n", "line 1"), ("a 1\na 2\n", "line 2"), ("a nan\n", "line 1"), ("", "no word")],
)
def test_a_broken_gold_file_names_the_line(tmp_path: Path, text: str, fact: str) -> None:
    file = tmp_path / "gold.txt"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidValue, match=fact):
        read_gold(file)


def test_no_gold_file_and_no_text_file(tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match="cannot be read"):
        read_gold(tmp_path / "none.txt")
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00\x81")
    with pytest.raises(InvalidValue, match="cannot be read"):
        read_gold(tmp_path / "binary")


@pytest.mark.parametrize(
    "text",
    [
        "word\tchange\tscore\nW0\tnoun\t1\nw1\tverb\t0\n",
        "W0;noun;1\nw1;verb;0\n",
        "W0 noun 1\nw1 verb 0\n",
        '"W0",1\n"w1",0\n',
    ],
)
def test_the_first_of_several_columns_is_the_word_and_case_is_folded(tmp_path: Path, text: str) -> None:
    file = tmp_path / "gold.tsv"
    file.write_text(text, encoding="utf-8")
    gold = read_gold(file)
    assert gold == {"W0": 1, "w1": 0}
    found = evaluate(ranking([0.9, 0.2], [0.01, 0.9]), gold)
    assert (found.n_covered, found.lowered) == (2, ("W0",))
    assert found.accuracy.value == 1.0
    assert evaluate(ranking([0.9, 0.2]), {"W0_nn": 1.0, "w1": 0.0}).lowered == ("W0_nn",)


def test_what_a_gold_list_holds_in_vain_is_counted_by_reason(tmp_path: Path) -> None:
    file = tmp_path / "gold.txt"
    file.write_text("word\tscore\nw0\t1\nw0\t1\nw1\tmany\nlonely\nW1\t0\nabsent\t1\nw2\t0\n", encoding="utf-8")
    gold = read_gold(file)
    assert dict(gold) == {"w0": 1, "W1": 0, "absent": 1, "w2": 0}
    assert gold.tally.as_json()["skipped"] == {
        "header": 1,
        "repeated_word": 1,
        "line_without_a_word_and_a_number": 2,
    }
    assert gold.tally.listed["line_without_a_word_and_a_number"] == ["line 4", "line 5"]
    assert gold.tally.total == 8
    found = evaluate(ranking([0.9, 0.2, np.nan]), gold)
    assert found.tally.skipped == {"not_in_both_spaces": 1, "without_a_distance": 1}
    assert found.tally.listed["not_in_both_spaces"] == ["absent"]
    assert found.tally.read == found.n_covered == 2


def test_a_file_of_which_most_cannot_be_used_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "gold.txt"
    file.write_text("a\t1\n" + "".join(f"b{i}\tx\n" for i in range(9)), encoding="utf-8")
    with pytest.raises(InvalidValue, match="9 of 10 rows cannot be used"):
        read_gold(file)


def test_a_gold_list_is_no_corpus(tmp_path: Path) -> None:
    with (tmp_path / "g.txt").open("wb") as out:
        out.truncate(65 * 10**6)
    with pytest.raises(InvalidValue, match="at most"):
        read_gold(tmp_path / "g.txt")
