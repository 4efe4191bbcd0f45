"""Concepts of CLDR as terms in many scripts: what is shipped of them, their forms, pairs of scripts, the commands."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from isogloss.cli.main import main
from isogloss.encoders.static import STAGES, load_encoder
from isogloss.errors import NotFound
from isogloss.maps.layout import LayoutParameters
from isogloss.maps.linked import find_maps
from isogloss.nearest.exact import nearest_outside, self_neighbors
from isogloss.separation.concept_card import concept_forms, concept_of
from isogloss.separation.concepts import (
    Term,
    cldr_terms,
    digest_of,
    locale_names,
    romanize_terms,
    shipped_romanized,
    shipped_terms,
)
from isogloss.separation.pair import compare_pair
from isogloss.separation.placed import nearest_concepts
from isogloss.spaces.collection import Collection
from isogloss.spaces.space import Space
from isogloss.text.script import script_of
from isogloss.workspace.derived import DerivedStore
from isogloss.workspace.store import Workspace, read_collection
from tests.kit.commands import run

SCRIPTS = {"sr_Cyrl", "sr_Latn", "en", "ru", "el", "he", "ar", "ur", "hi", "bn", "ta", "th", "ka", "ko"}


@pytest.fixture(scope="module")
def every_term() -> list[Term]:
    return cldr_terms()


@pytest.mark.long
def test_the_terms_that_are_shipped_are_those_that_babel_gives(
    every_term: list[Term], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shipped_terms() == every_term, "babel's terms have changed: python -m scripts.terms assets/terms.parquet"
    monkeypatch.setattr("isogloss.separation.concepts.version", lambda name: "1.0")
    assert shipped_terms() is None


def test_the_romanizations_that_are_shipped_are_those_of_the_terms(every_term: list[Term]) -> None:
    shipped = shipped_romanized(digest_of(every_term))
    assert shipped is not None, "CLDR's terms have changed: python -m scripts.romanized assets/romanized.parquet"
    assert len(shipped) == len(every_term)
    assert shipped[::97] == romanize_terms(every_term[::97])
    assert shipped_romanized(digest_of(every_term[1:])) is None


@pytest.fixture(scope="module")
def forms(every_term: list[Term]) -> Space:
    """Fourteen locales of CLDR's terms in the last stage."""
    terms = [t for t in every_term if t.locale in SCRIPTS]
    columns = pa.table(
        {k: [getattr(t, k) for t in terms] for k in ("concept", "text", "locale", "language", "script", "kind")}
    )
    items = tuple(f"{t.text} · {t.locale} · {t.concept}" for t in terms)
    return Space(STAGES[-1], items, load_encoder().encode([t.text for t in terms]), columns)


def test_terms_are_in_the_script_they_say(forms: Space) -> None:
    assert len(set(forms.column("locale"))) >= 12
    assert {"Latn", "Cyrl", "Grek", "Hebr", "Arab", "Deva", "Beng", "Taml", "Thai", "Geor", "Kore"} <= set(
        forms.column("script")
    )
    for text, script in list(zip(forms.column("text"), forms.column("script"), strict=True))[::37]:
        assert script_of(text) == script


def test_a_locale_is_not_answered_with_the_names_of_another() -> None:
    """babel's own tables are: what was asked first stays in dictionaries that all locales share."""
    from babel import Locale

    before = locale_names("af"), locale_names("ko")
    assert Locale.parse("he").months["stand-alone"]["wide"][1] == "ינואר"
    assert (locale_names("af"), locale_names("ko")) == before
    assert before[0]["month", "1"] == "Januarie"
    assert before[1]["weekday", "0"] == "월요일"
    assert ("weekday", "0") not in locale_names("mzn")  # it names none, and CLDR's placeholder is not a name


@pytest.mark.long
def test_the_shipped_maps_are_those_of_the_collection_that_is_made(scripts_folder: Path) -> None:
    collection, store = read_collection(scripts_folder), Workspace().derived("scripts")
    assert find_maps(
        collection, collection.names, "matched", parameters=LayoutParameters(), store=DerivedStore(*store.folders[1:])
    )


def test_a_concept_in_all_its_forms(forms: Space) -> None:
    item = next(i for i in forms.items if i.startswith("Greece"))
    concept = concept_of(forms, item)
    assert concept == "territory:GR"
    found = concept_forms(forms, concept)
    assert len(found) >= 12
    assert any(form.found for form in found)
    for form in found:
        assert form.found == (concept_of(forms, form.nearest) == concept)
        assert 0 <= form.centre <= 2
    with pytest.raises(NotFound):
        concept_forms(forms, "territory:ZZZ")


@pytest.mark.parametrize("k", [1, 3, 10])
def test_stored_lists_of_neighbors_give_the_forms_that_a_search_gives(k: int) -> None:
    """Texts that are spelt alike, concepts that share a text, equal vectors: ties, and lists that do not reach far."""
    rng = np.random.default_rng(5)
    texts = [f"t{n}" for n in rng.integers(0, 60, 240)]
    of_text = {text: np.add(rng.integers(-1, 2, 3), [0.1, 0, 0]) for text in texts}
    columns = pa.table({"concept": [f"c{n}" for n in rng.integers(0, 12, 240)], "text": texts})
    space = Space("s", tuple(map(str, range(240))), np.float32([of_text[text] for text in texts]), columns)
    near = self_neighbors(space, k)[0]
    for n in range(12):
        asked, listed = ({f.item: f for f in concept_forms(space, f"c{n}", near=lists)} for lists in (None, near))
        assert asked.keys() == listed.keys()
        for item, form in asked.items():
            assert listed[item].found == form.found
            assert listed[item].similarity == pytest.approx(form.similarity, abs=1e-6)


@pytest.mark.parametrize("concepts", [["a", "a", None, "b", ""], [1, 1, None, 2, 3]])
def test_an_item_without_a_concept_is_no_form_of_one(concepts: list[object]) -> None:
    vectors = np.array([[1, 0], [1, 0.1], [1, 0.05], [0, 1], [0, 2]], dtype=np.float32)
    columns = pa.table({"concept": concepts, "text": ["x", "X", "y", "z", "w"]})
    space = Space("s", ("i", "j", "k", "l", "m"), vectors, columns)
    assert concept_of(space, "k") == ""
    forms = concept_forms(space, str(concepts[0]))
    assert [(form.item, form.nearest, form.found) for form in forms] == [("i", "k", False), ("j", "k", False)]
    assert forms[0].similarity == pytest.approx(1 / np.hypot(1, 0.05))
    for nothing in ("", "None"):
        with pytest.raises(NotFound):
            concept_forms(space, nothing)


def test_the_nearest_of_another_kind_is_that_of_a_loop() -> None:
    rng = np.random.default_rng(0)
    space = Space("s", tuple(map(str, range(300))), rng.standard_normal((300, 5)).astype(np.float32))
    kinds, rows = rng.integers(0, 40, 300), np.arange(0, 300, 7)
    more = rng.integers(0, 3, 300)
    (found, cosine), (other, _) = nearest_outside(space, rows, kinds, more)
    for row, near, value, beyond in zip(rows.tolist(), found.tolist(), cosine.tolist(), other.tolist(), strict=True):
        all_of = space.unit @ space.unit[row]
        all_of[kinds == kinds[row]] = -np.inf
        assert near == all_of.argmax()
        assert value == pytest.approx(float(all_of.max()), abs=1e-6)
        all_of[more == more[row]] = -np.inf
        assert beyond == all_of.argmax()
    ((none, unknown),) = nearest_outside(space, rows, np.zeros(300, dtype=np.int64))
    assert none.tolist() == [-1] * len(rows)
    assert np.isnan(unknown).all()


def test_what_lies_no_nearer_than_another_concept_is_no_find() -> None:
    """A vector of characters that nobody knows is that of all such texts."""
    vectors = np.array([[1, 0], [1, 0], [1, 0], [0, 1], [0.1, 1]], dtype=np.float32)
    columns = pa.table({"concept": ["a", "a", "b", "c", "c"], "text": ["x", "y", "z", "v", "w"]})
    space = Space("s", tuple("ijklm"), vectors, columns)
    assert [(form.item, form.nearest, form.found) for form in concept_forms(space, "a")] == [
        ("i", "k", False),
        ("j", "k", False),
    ]
    assert all(form.found for form in concept_forms(space, "c"))


def test_a_text_is_romanized_where_the_space_does_not_say_how() -> None:
    columns = pa.table({"concept": ["a"] * 3, "text": ["да", "нет", "x"], "romanized": ["dah", None, None]})
    space = Space("s", tuple("ijk"), np.eye(3, dtype=np.float32), columns)
    assert {form.item: form.romanized for form in concept_forms(space, "a")} == {"i": "dah", "j": "net", "k": "x"}


def test_a_typed_name_is_found_among_the_concepts(forms: Space) -> None:
    near = nearest_concepts(forms, load_encoder().encode(["Portugal"])[0], 3)
    assert near[0].concept == "territory:PT"
    assert len({one.concept for one in near}) == 3


def test_a_pair_of_scripts(forms: Space) -> None:
    pair = compare_pair(forms, "Grek", "Geor")
    assert pair.n_shared > 200
    there = pair.a_finds_b
    assert 0 <= there.low <= there.value <= there.high <= 1
    assert all(item in forms for item in (*pair.at_a, *pair.at_b))
    with pytest.raises(NotFound):
        compare_pair(forms, "Grek", "Xxxx")


def test_the_scripts_and_angles_commands_have_their_keys(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], forms: Space
) -> None:
    keep = [i for i, locale in enumerate(forms.column("locale")) if locale in ("ru", "el", "ka")]
    small = Space("s", tuple(forms.items[i] for i in keep), forms.vectors[keep], forms.columns.take(keep))
    Workspace(tmp_path).save(Collection("three", (small,)))
    found = run(capsys, "scripts", "three", "--remove", "lsar", "--workspace", str(tmp_path), "--json")
    figures = {"eta_squared", "pooled_precision_at_1", "paired_precision_at_1", "probe", "purity_at_10", "silhouette"}
    assert set(found) == {"space", "by", "groups", "null", "ci", "removal"} | figures
    assert found["removal"] == "lsar"
    assert set(found["null"]) == set(found["ci"]) == figures
    assert set(found["null"]["probe"]) == {"mean", "p95", "p_value"}
    assert [set(g) for g in found["groups"]] == [{"name", "n"}] * 3
    angles = run(capsys, "angles", "three", "--by", "language", "--workspace", str(tmp_path), "--json")
    assert set(angles) == {"groups", "mean_angle"}
    assert len(angles["mean_angle"]) == len(angles["groups"]) == 3
    assert angles["mean_angle"][0][0] == 0
    assert main(["scripts", "three", "--remove", "lsar", "--rank", "9", "--workspace", str(tmp_path)]) == 2
    assert "choose 0 to 2" in capsys.readouterr().err
