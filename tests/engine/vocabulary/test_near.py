"""Neighbors and sentences before and after trimming."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from isogloss.errors import InvalidValue
from isogloss.linear import unit_rows
from isogloss.vocabulary.folder import read_report, write_report
from isogloss.vocabulary.growing.grow import table_of
from isogloss.vocabulary.kept import Choice
from isogloss.vocabulary.model import open_model
from isogloss.vocabulary.near import Table
from isogloss.vocabulary.trim import Plan, plan, split
from isogloss.vocabulary.vectors import moved_of, moved_static
from tests.kit.tokenizers_ import lines


@pytest.fixture(scope="module")
def made() -> Plan:
    texts, held = split(lines("en", "de", "ru"))
    return plan(open_model("translated"), texts, held, Choice(scripts=("Latn",)))


@pytest.fixture(scope="module")
def table() -> Table:
    model = open_model("translated")
    return Table(model.subwords, table_of(model))


def test_neighbors_are_those_of_brute_force_before_and_after(made: Plan, table: Table) -> None:
    word = next(w for w, i in zip(table.words, table.ids, strict=True) if w in ("water", "book", "house"))
    found = table.beside(made, word)
    ids = table.subwords.read([word]).ids[0]
    unit = unit_rows(table.vectors[table.ids])
    scores = unit @ unit_rows(table.vectors[ids].mean(axis=0, keepdims=True))[0]
    order = [i for i in np.argsort(-scores) if table.words[i] != word]
    kept = set(made.kept.ids.tolist())
    assert [item for item, _ in found.before] == [table.words[i] for i in order[:10]]
    after = [i for i in order if table.ids[i] in kept][:10]
    if found.cut[0] == found.cut[1]:
        assert [item for item, _ in found.after] == [table.words[i] for i in after]
        assert found.cosine == 1
    assert found.stays == sum(table.ids[i] in kept for i in order[:10])
    with pytest.raises(InvalidValue, match="has no token"):
        table.beside(made, " ")


def test_kept_neighbors_are_all_where_nothing_goes_and_counted_where_something_does(made: Plan, table: Table) -> None:
    texts, held = split(lines("en"))
    whole = plan(open_model("translated"), texts, held, Choice(top=1, scripts=tuple(table.subwords.by_script())))
    assert table.kept_neighbors(whole).value == 1
    found = table.kept_neighbors(made)
    assert found.null is not None
    assert found.low is not None
    assert found.null.mean < found.low < found.value < 1
    assert found.n == 200


def test_sentences_cut_as_before_are_equal_and_others_moved_and_come_back_from_the_report(
    made: Plan, tmp_path: Path
) -> None:
    held = split(lines("en", "de", "ru"))[1]
    found = moved_static(made, "translated", held)
    assert found.identical.value == 1
    assert found.identical.n + found.cosine.n == len(held) == len(found.texts)
    assert found.cosine.value < 1
    assert [one.text for one in found.texts if not one.is_cut_as_before] == list(made.found.changed)
    assert all(one.cosine == pytest.approx(1) for one in found.texts if one.is_cut_as_before)
    same = sum(one.nearest[0] == one.nearest[1] for one in found.texts)
    assert found.neighbor.value == pytest.approx(same / len(held))
    from isogloss.cli.vocabulary.trim import _vectors

    write_report(tmp_path, {"vectors": json.loads(json.dumps(_vectors(found)))})
    told = read_report(tmp_path)
    assert told is not None
    back = moved_of(told["vectors"])
    assert (back.cosine.value, back.texts[0].nearest) == (
        pytest.approx(found.cosine.value, abs=1e-4),
        found.texts[0].nearest,
    )
    with pytest.raises(InvalidValue, match="says nothing of vectors"):
        moved_of({"identical": 3})
    (tmp_path / "trimmed.json").write_text("{")
    assert read_report(tmp_path) is None
