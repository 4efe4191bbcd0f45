"""What the Drift page says and draws, from rankings of which everything is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import plotly.graph_objects as go
import pytest

from components.drift.figures import Line, _apart, cloud, scatter, similarity_lines
from components.drift.panel import Choice, verdict_of
from components.drift.sentences import Between, agreement, beside, figures, finding, in_words, verdict
from components.drift.table import ranking_table
from components.parts.numbers import distance, number, probability
from isogloss.drift.filters import part
from isogloss.drift.ranking import Ranking
from isogloss.drift.similarity import Similarities
from isogloss.places import ROOT
from isogloss.spaces.tails import Reach, full_tail
from tests.kit.collections import HOSTILE

EVERY = np.ones(40, dtype=bool)
A_B = Between("a", "b")


def ranking(n: int = 40, measure: str = "cosine", tested: bool = True) -> Ranking:
    """Items w0 … of falling drift: the first ten beyond noise, the first five far beyond."""
    distance = np.linspace(0.8, 0.02, n)
    nan = np.full(n, np.nan)
    q = np.where(np.arange(n) < 10, 0.01, 0.4) if tested else nan
    counts = np.round(np.geomspace(60, 5_000, n)).astype(np.int64)
    return Ranking(
        measure=measure,
        items=tuple(f"w{i}" for i in range(n)),
        distance=distance,
        low=distance - 0.05 if tested else nan,
        high=distance + 0.05 if tested else nan,
        p=q / 2,
        q=q,
        null_low=np.full(n, 0.1) if tested else nan,
        null_high=np.full(n, 0.3) if tested else nan,
        null_n=np.full(n, 900),
        unusual=nan,
        count_source=counts,
        count_target=counts + 1,
    )


def test_parts_of_a_ranking() -> None:
    one = ranking()
    assert part(one, "all", 0.2).all()
    assert part(one, "most changed", 0.75).sum() == (one.distance[:10] >= 0.75).sum()
    undecided = (one.distance > 0.3) & (np.arange(40) >= 10)
    assert part(one, "noise", 0.2).sum() == 30 - undecided.sum()
    np.testing.assert_array_equal(part(one, "not decided", 0.2), undecided)
    surely_small = part(one, "least changed", 0.2)
    assert surely_small.sum() == (one.distance + 0.05 < 0.2).sum()
    assert part(one, "least changed", 0.0).sum() == (one.distance + 0.05 < 0.2).sum()  # the middle of the null is 0.2
    untested = ranking(tested=False)
    assert not any(
        part(untested, show, 0.2).any() for show in ("most changed", "not decided", "least changed", "noise")
    )


def test_verdicts_never_speak_of_what_was_not_tested() -> None:
    one, untested = ranking(), ranking(tested=False)
    assert [verdict_of(one, r, 0.7) for r in (0, 9, 20, 30)] == ["moved", "moved a little", "not decided", "noise"]
    assert verdict_of(untested, 0, 0.0) == "not tested"
    assert "moved between" in verdict(one, "w0", A_B)
    assert "not distinguishable from noise" in verdict(one, "w30", A_B)
    undecided = verdict(one, "w20", A_B)
    assert "beyond 95% of noise" in undecided
    assert "too few replicates to decide" in undecided
    assert "distinguishable" not in undecided
    text = verdict(untested, "w0", A_B) + figures(untested, "w0", A_B) + finding(untested, A_B, least=0.2)
    assert "noise" in text
    assert "moved" not in text
    assert " q " not in text


def test_the_figures_behind_a_verdict_carry_n_interval_and_direction() -> None:
    text = figures(ranking(), "w0", A_B)
    for said in (
        "0.80 (95% interval of sampling 0.75 to 0.85)",
        "rank 1 of 40, larger is farther",
        "below 0.30",
        "900 null",
        "q = .010 over 40 tested",
        "60 uses in a, 61 in b",
    ):
        assert said in text


def test_the_finding_counts_what_it_says() -> None:
    one = ranking()
    text = finding(one, A_B, least=0.7)
    assert text.startswith("10 of 40 items moved farther")
    assert f"{(one.distance[:10] >= 0.7).sum()} of them by 0.7 or more" in text
    assert "among the 12 who" in finding(one, A_B, least=0.2, panel_size=12)
    nothing = replace(one, p=np.full(40, 0.5), q=np.full(40, 0.9))
    assert finding(nothing, A_B, least=0.2).startswith("No single item of 40 can be said to have moved")
    assert "Together" not in finding(nothing, A_B, least=0.2)
    many = replace(nothing, p=np.full(40, 0.04))
    assert "Together they differ: 40 have p < .05, where chance would give 2." in finding(many, A_B, least=0.2)
    assert "lie farther apart" in finding(many, Between("a", "b", True), least=0.2)
    assert "<img" not in finding(replace(one, items=(HOSTILE[0], *one.items[1:])), A_B, least=0.2)


def test_agreement_in_words() -> None:
    yes, no = ranking(), replace(ranking(), q=np.full(40, 0.9))
    names = ("cosine", "local", "jaccard", "gonen")
    assert agreement(dict.fromkeys(names, yes), "w0") == "All four measures agree: it moved (each q < .05)."
    assert "one measure that tested it" in agreement({"cosine": yes}, "w0")
    assert agreement(dict.fromkeys(names, yes), "w30").startswith("All four measures agree: none")
    mixed = dict.fromkeys(names, no) | {"local": yes}
    assert agreement(mixed, "w0") == (
        "The measures disagree: only the local measure moves; cosine, jaccard and gonen do not tell it from noise."
    )
    mixed = dict.fromkeys(names, yes) | {"gonen": no}
    assert "cosine, local and jaccard move; gonen does not" in agreement(mixed, "w0")
    assert agreement(dict.fromkeys(names, ranking(tested=False)), "w0") == ""
    assert agreement({}, "w0") == ""


def test_agreement_counts_the_measures_that_tested_the_word() -> None:
    five = dict.fromkeys(("cosine", "local", "jaccard", "gonen", "other"), ranking())
    assert agreement(five, "w0").startswith("All five measures agree")
    untested = {**five, "other": ranking(tested=False)}
    assert agreement(untested, "w0").startswith("All four measures agree")
    assert agreement({"cosine": ranking(), "other": ranking(tested=False)}, "w0").startswith("The one measure")
    assert (in_words(5), in_words(11)) == ("five", "11")


def test_what_is_older_than_the_measure_is_called_not_tested() -> None:
    older = replace(ranking(tested=False), built_before=True)
    for text in (finding(older, A_B, least=0.0), verdict(older, "w0", A_B)):
        assert "not tested" in text
        assert "older than the measure" in text
    unknown = replace(older, distance=np.full(40, np.nan))
    assert "Nothing is known of the 40 items" in finding(unknown, A_B, least=0.0)


@pytest.mark.parametrize(("value", "said"), [(0.5, "= .500"), (0.0499, "= .050"), (0.0001, "< .001"), (1.0, "= 1.000")])
def test_probabilities(value: float, said: str) -> None:
    assert probability(value) == said


def test_numbers() -> None:
    assert [number(v) for v in (0.0123, 0.456, np.nan)] == ["0.012", "0.46", "–"]


def traces(figure: go.Figure) -> dict[str, go.Scatter]:
    return {t.name: t for t in figure.data if t.mode == "markers"}


def test_the_scatter_shows_every_item_once_and_greys_what_is_left_out() -> None:
    one = ranking()
    shown = EVERY.copy()
    shown[::2] = False
    found = traces(cloud(one, shown, "drift"))
    rows = np.concatenate([t.customdata for t in found.values()])
    assert sorted(rows.tolist()) == list(range(40))
    assert sorted(found["left out"].customdata.tolist()) == list(range(0, 40, 2))
    assert found["moved farther than noise (q < .05)"].customdata.tolist() == [1, 3, 5, 7, 9]
    assert "not tested" in traces(cloud(ranking(tested=False), EVERY, "drift"))


def test_the_null_band_is_the_nulls() -> None:
    one = replace(ranking(), null_high=np.linspace(0.5, 0.2, 40))
    low, high, edge = (t for t in cloud(one, EVERY, "drift").data if t.mode == "lines")
    np.testing.assert_allclose(edge.y, high.y, rtol=1e-6)
    np.testing.assert_allclose(high.y, one.null_high, rtol=1e-6)
    np.testing.assert_allclose(low.y, 0.1, rtol=1e-6)
    assert high.x.tolist() == one.smaller_count.tolist()
    assert not any(t.mode == "lines" for t in cloud(one, EVERY, "deviation", matched=True).data)


def test_labels_are_escaped_shortened_and_the_chosen_one_is_there() -> None:
    one = ranking()
    hostile = replace(one, items=(*HOSTILE, *one.items[len(HOSTILE) :]))
    picture = scatter(hostile, EVERY, "drift", chosen="w39").to_dict()
    texts = [a["text"] for a in picture["layout"]["annotations"]]
    figure = cloud(hostile, EVERY, "drift")
    assert "w39" in texts
    assert "&lt;img src=x onerror=alert(1)&gt;" in texts
    assert all("<" not in t and len(t) < 80 for t in texts)
    hovers = [text for t in traces(figure).values() for text in t.text]
    assert not any("<" in text for text in hovers)


def test_nothing_to_draw_is_no_error() -> None:
    nothing = ranking(0)
    assert scatter(nothing, np.ones(0, dtype=bool), "drift").to_dict()["data"] == []
    one = replace(ranking(), distance=np.full(40, np.nan))
    scatter(one, EVERY, "drift", chosen="w0")


def test_the_table_leaves_out_what_is_unknown() -> None:
    one = ranking()
    table = ranking_table(one, one.order[:3], 0.2)
    assert table["item"].to_pylist() == ["w0", "w1", "w2"]
    assert "against_as_frequent" not in table.column_names
    assert {"low", "high", "noise_95", "p", "q", "uses_source"} <= set(table.column_names)
    untested = ranking_table(ranking(tested=False), one.order[:3], 0.2)
    assert not {"low", "high", "p", "q"} & set(untested.column_names)
    assert ranking_table(one, one.order[:0], 0.2).num_rows == 0


def test_a_choice_over_all_spaces_turns_to_the_step_of_a_word() -> None:
    choice = Choice("a", "c", "cosine", False, 0.2, 0, False, True)
    one = replace(ranking(2), steps=(("a", "b"), ("b", "c")))
    assert (choice.at(one, "w1").source, choice.at(one, "w1").target) == ("b", "c")
    assert choice.at(one, "absent") is choice
    assert choice.at(ranking(2), "w1") is choice


def test_lines_have_whiskers_only_where_they_are_known() -> None:
    bare = similarity_lines(["a", "b"], [Line("x", Similarities((0.1, None), (None, None)), "#000")], True)
    assert "error_y" not in bare.to_dict()["data"][0]
    firm = similarity_lines(["a", "b"], [Line("<b>", Similarities((0.1, 0.2), (0.05, None)), "#000")], False)
    line = firm.to_dict()["data"][0]
    assert line["error_y"]["array"] == [0.05, 0.0]
    assert line["name"] == "&lt;b&gt;"
    go.Figure({"data": [line], "layout": firm.to_dict()["layout"]})  # Plotly finds nothing wrong with it


def test_a_word_is_marked_on_a_cloud_that_is_drawn_once() -> None:
    one = ranking()
    first, second = (scatter(one, EVERY, "drift", chosen=word).to_dict() for word in ("w3", "w30"))
    assert all(a is b for a, b in zip(first["data"][:-1], second["data"][:-1], strict=True))
    assert [picture["data"][-1]["y"] for picture in (first, second)] == [[one.distance[3]], [one.distance[30]]]
    ring = {**second["data"][-1]}
    go.Figure({"data": [ring], "layout": {"annotations": second["layout"]["annotations"]}})
    other = scatter(one, EVERY, "drift", chosen="w3", least=0.1).to_dict()
    assert other["data"][0] is not first["data"][0]


def with_reach(one: Ranking, values: int = 5_000) -> Ranking:
    """The ranking with null distances behind it: noise of .1 at most counts, its 95th percentile .3."""
    tail = full_tail(np.random.default_rng(0).gumbel(size=values), np.zeros(1), np.full(1, 0.3)).thinned()
    reach = Reach({"document": tail}, np.ones(len(one), np.int8), one.null_high, one.smaller_count)
    return replace(one, reach=reach, null_n=np.full(len(one), tail.n))


def test_how_far_a_word_must_move_stands_beside_its_verdict() -> None:
    one = with_reach(ranking())
    assert np.isfinite(one.needed).all()
    assert (one.needed >= one.null_high).all()
    text = figures(one, "w20", A_B)
    assert f"a word of this frequency must move by {number(one.needed[20])} to be told from noise here" in text
    assert "unchanged, it would stay in 95% of cases below 0.30 (5,000 null distances)" in text
    assert ranking_table(one, one.order[:3], 0.2)["needed"].to_pylist() == one.needed[one.order[:3]].tolist()
    hopeless = with_reach(ranking(), values=300)  # p stops at 1/301, and 40 words are tested
    hopeless = replace(hopeless, p=np.full(40, 0.5), q=np.full(40, 0.9))
    assert np.isinf(hopeless.needed).all()
    assert "no drift of a word of this frequency can be told from noise here: too few" in figures(hopeless, "w20", A_B)
    assert "must move" not in figures(ranking(), "w20", A_B)  # what older controls do not hold is not said


def test_the_headline_says_on_how_many_measures_a_word_moved() -> None:
    one = ranking()
    low, high = np.full(40, 1e-6), np.full(40, 0.9)
    several = replace(one, others={"cosine": one.p, "local": low, "jaccard": high, "gonen": high})
    assert (several["w0"].agree, several["w30"].agree) == ((2, 4), (1, 4))
    assert "by more than noise on 2 of 4 measures" in verdict(several, "w0", A_B)
    assert "not distinguishable from noise between" in verdict(several, "w30", A_B)
    assert "(by more than noise on 1 of 4 measures)" in verdict(several, "w30", A_B)
    assert "too few replicates to decide (by more than noise on 1 of 4 measures)" in verdict(several, "w20", A_B)
    assert ranking_table(several, np.array([0, 30]), 0.2)["agree"].to_pylist() == ["2 of 4", "1 of 4"]
    assert "agree" not in ranking_table(ranking(tested=False), np.array([0]), 0.2).column_names
    assert "measures" not in verdict(one, "w0", A_B)  # one alone was tested


def test_what_is_not_decided_is_counted_and_never_called_noise() -> None:
    one = replace(ranking(), p=np.full(40, 0.04), q=np.full(40, 0.9))
    undecided = int((one.distance > 0.3).sum())
    assert one.finding().undecided == undecided
    assert f"Not decided, with too few replicates: {undecided} that lie beyond 95% of noise." in beside(one)
    assert "Not decided" not in finding(one, A_B, least=0.2)
    assert one["w0"].said == "not decided: too few replicates"
    assert one["w39"].said == "not distinguishable from noise"
    assert {t.name for t in cloud(one, EVERY, "drift").data} >= {"not decided: too few replicates"}


def test_too_few_null_distances_are_said_as_that() -> None:
    few = replace(ranking(19, tested=False), too_few=True, null_n=np.full(19, 152))
    for text in (finding(few, A_B, least=0.2), verdict(few, "w0", A_B)):
        assert "19 shared items gave 152 null distances, and a test needs 200" in text
        assert "no replicates" not in text


def test_a_distance_of_nothing_is_written_as_0() -> None:
    assert figures(replace(ranking(), distance=np.zeros(40)), "w0", A_B).startswith("Cosine distance 0 (")
    assert [distance(v) for v in (0.0, -0.0, 1e-4)] == ["0", "0", "0.000"]


@pytest.mark.parametrize("room", [(620.0, 330.0), (255.0, 300.0)])
def test_names_do_not_overlap(room: tuple[float, float]) -> None:
    rng = np.random.default_rng(3)
    names = [(*rng.random(2).tolist(), float(rng.integers(20, 120) * rng.choice([-1, 1])), 16.0) for _ in range(60)]
    placed = _apart(names, room, 60)
    assert placed[0] == 0
    assert 5 < len(placed) < 60
    boxes = []
    for across, up, width, high in (names[i] for i in placed):
        ends = sorted((across * room[0] + np.sign(width) * 5, across * room[0] + np.sign(width) * 5 + width))
        boxes.append((*ends, up * room[1] - 0.75 * high, up * room[1] + 0.75 * high))
    for i, (a, b, low, high) in enumerate(boxes):
        assert not any(a < d and c < b and low < up and down < high for c, d, down, up in boxes[:i])


def test_a_phone_has_fewer_names_and_the_chosen_one() -> None:
    one = ranking()
    spread = np.random.default_rng(0).permutation(one.distance)
    one = replace(one, items=tuple(f"a longer name {i}" for i in range(len(one))), distance=spread, q=np.full(40, 0.01))
    shown = scatter(one, EVERY, "drift", chosen=one.items[-1]).to_dict()["layout"]["annotations"]
    assert shown[0]["text"] == one.items[-1]
    assert (shown[0]["opacity"], shown[0]["xanchor"]) == (1, "right")  # it has the most uses: no room right of it
    assert 0 < sum(a["opacity"] == 1 for a in shown) < len(shown)
    hidden = {a["opacity"] for a in shown} - {1}
    assert (
        f'.annotation[style*="{hidden.pop()}"] {{ display: none; }}'
        in (ROOT / "components/shell/frame.css").read_text()
    )
