"""Native against romanised: exactly 0 for a romaniser that changes nothing, both values always, what people wrote."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from isogloss.cli.main import main
from isogloss.encoders.layers import Tokens
from isogloss.errors import InvalidValue, NotFound
from isogloss.sentences.kept import ROMANISED, KeptRuns
from isogloss.sentences.romanised import Written, romanised_gap, written_of
from isogloss.types import Vectors
from isogloss.workspace.store import Workspace

ENGLISH = ("water", "house", "moon", "bread", "road")
NATIVE = ("вода", "дом", "луна", "хлеб", "дорога")
FIGURE = {"value", "n", "low", "high"}


def encode(texts: Sequence[str]) -> Vectors:
    """A model that knows both scripts but no romanisation: a text that it does not know is zero."""
    out = np.zeros((len(texts), 5), dtype=np.float32)
    for row, text in enumerate(texts):
        for known in (ENGLISH, NATIVE):
            if text in known:
                out[row, known.index(text)] = 1
    return out


def tokens(texts: Sequence[str]) -> Tokens:
    ones = np.ones(len(texts), dtype=np.int64)
    return Tokens(ones, ones, ones, 0 * ones)


def test_a_romaniser_that_changes_nothing_gives_exactly_zero() -> None:
    rng = np.random.default_rng(3)
    noise = {text: rng.normal(size=5).astype(np.float32) for text in (*ENGLISH, *NATIVE)}
    found = romanised_gap(
        Written("rus", NATIVE, ENGLISH), lambda t: np.array([noise[x] for x in t]), tokens, romaniser=lambda text: text
    )
    gap = found.gap["uroman"]
    assert (gap.value, gap.low, gap.high) == (0.0, 0.0, 0.0)
    assert found.precision["native"].value == found.precision["uroman"].value


def test_what_the_model_does_not_know_is_not_found_however_alike_it_is() -> None:
    human = ("voda", "", "water", "house", "")
    found = romanised_gap(Written("rus", NATIVE, ENGLISH, human), encode, tokens)
    assert (found.precision["native"].value, found.precision["uroman"].value) == (1.0, 0.0)
    assert (found.precision["human"].value, found.precision["human"].n) == (0.0, 3)
    assert (found.gap["uroman"].value, found.gap["human"].value, found.gap["human"].n) == (1.0, 1.0, 3)


def test_english_lines_that_are_equal_are_one() -> None:
    twice = Written("rus", ("вода", "вода", "дом"), ("water", "water", "house"))
    assert romanised_gap(twice, encode, tokens).precision["native"].value == 1.0


def test_tables_say_what_they_have(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table({"language": ["ru"] * 5, "native": NATIVE, "romanised": [*"abcd", None]}), path)
    alone = written_of([path])
    assert (alone.pivot, alone.languages[0].pivot, alone.languages[0].human[:2]) == ("native", NATIVE, ("a", "b"))
    wide = {"language": ["ru"] * 5, "text": NATIVE, "english": [*ENGLISH[:4], ""], "Romanized": [""] * 5}
    pq.write_table(pa.table(wide), path)
    given = written_of([path])
    assert (given.pivot, given.languages[0].human, dict(given.read.skipped)) == ("eng", (), {"blank": 1})
    both = {"language": ["eng"] * 5 + ["ru"] * 5, "line": [*range(5)] * 2, "text": ENGLISH + NATIVE}
    pq.write_table(pa.table(both | {"romanised": [""] * 5 + ["x"] * 5}), path)
    lined = written_of([path], limit=4)
    assert (lined.languages[0].pivot, [one.language for one in lined.languages]) == (ENGLISH[:4], ["ru"])
    with pytest.raises(InvalidValue, match="no language 'hi'"):
        written_of([path], languages=["hi"])
    pq.write_table(pa.table(both), path)
    assert written_of([path]).languages[0].texts == NATIVE
    with pytest.raises(NotFound):
        written_of([tmp_path / "none.csv"])


def test_latin_letters_are_left_out_by_name_unless_they_are_asked_for() -> None:
    found = written_of(["sentences"])
    assert found.left_out["de"] == "written in Latin letters"
    assert {"hi", "am", "ja"} <= {one.language for one in found.languages}
    assert [one.language for one in written_of(["sentences"], languages=["deu"]).languages] == ["de"]


def test_the_command_gives_both_values_with_intervals_and_keeps_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = ["--workspace", str(tmp_path), "--json"]
    asked = ["romanised-gap", "sentences", "--languages", "hi,ru", "--keep", "mine", *home]
    assert main(asked) == 0
    told = json.loads(capsys.readouterr().out)
    for one in told["languages"]:
        assert all(set(one[key]) == FIGURE for key in ("native", "uroman", "gap"))
        assert one["gap"]["value"] == pytest.approx(one["native"]["value"] - one["uroman"]["value"], abs=1e-5)
        assert one["native"]["value"] > one["uroman"]["value"]
        assert set(one["fertility"]) == set(one["unknown_share"]) == {"native", "uroman"}
    assert KeptRuns(Workspace(tmp_path), ROMANISED).open("mine") == told
