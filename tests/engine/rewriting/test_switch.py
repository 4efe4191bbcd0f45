"""Switching: variants counted exactly, inverted exactly, nothing moved by an empty switch; the demo and the command."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.cli.main import main
from isogloss.errors import InvalidValue, NotFound
from isogloss.rewriting.given.marked import marked_pairs
from isogloss.rewriting.given.switched import given_entities, given_sentences
from isogloss.rewriting.profile import PROFILES
from isogloss.rewriting.switching.effect import effects, random_words
from isogloss.rewriting.switching.entities import Entities, entities_of, sentence
from isogloss.rewriting.switching.variants import Switching, switched_back, variants
from isogloss.types import Vectors

WORDS = ("moon", "sea", "new york", "tea")
LANGUAGES = ("de", "fr", "zh-CN")
TABLES = st.lists(
    st.tuples(st.sampled_from(WORDS), st.sampled_from(LANGUAGES), st.sampled_from(["Ä", "b c", "月 <", "x"])),
    max_size=30,
)
SENTENCES = st.lists(st.sampled_from([*WORDS, "[[moon]]", "<E>tea</E>", "and", "😀", "Sea"]), min_size=1, max_size=7)


def letters(texts: Sequence[str]) -> Vectors:
    out = np.zeros((len(texts), 64), dtype=np.float32)
    for row, text in enumerate(texts):
        for sign in text:
            out[row, ord(sign) % 64] += 1
    return out


@given(TABLES, SENTENCES)
def test_variants_are_the_product_over_the_intersection_and_give_their_source_back(
    rows: list[tuple[str, str, str]], words: list[str]
) -> None:
    table = entities_of(rows)
    one = sentence(" ".join(words), table)
    made, tally = variants([one], table, Switching(LANGUAGES))
    labels = {(e, l): {x for a, b, x in rows if (a, b) == (e, l)} for e in WORDS for l in LANGUAGES}  # noqa: E741
    asked = 0
    if one.spans:
        for language in LANGUAGES:
            asked += int(np.prod([len(labels.get((name.casefold(), language), ())) for name in one.entities]))
    assert len(made) == asked
    assert tally.total == 1
    for variant in made:
        assert switched_back(variant.text, variant.language, one.entities) == one.plain
        assert variant.text.replace(f"<{variant.language}>", "").replace(f"</{variant.language}>", "") == variant.plain
        assert [variant.plain[a:b] for a, b in variant.at] == list(variant.labels)
    plain, _ = variants([one], table, Switching(LANGUAGES, format="plain"))
    assert [variant.text for variant in plain] == [variant.plain for variant in made]


def test_an_empty_switch_moves_nothing_at_all() -> None:
    table = entities_of([("moon", "xx", "moon"), ("sea", "xx", "sea")])
    some = [sentence(text, table) for text in ("the moon is up", "a sea and a moon", "sea air")]
    made, _ = variants(some, table, Switching(("xx",)))
    (found,) = effects(some, made, encode=letters)
    assert found.figures["displacement"].value == 0.0
    assert found.figures["displacement"].interval == (0.0, 0.0)
    assert found.figures["p_at_1"].value == 1.0
    assert found.script == "Latn"


def test_halves_languages_drawn_and_reasons() -> None:
    table = entities_of([(e, l, e[0] + l) for e in ("moon", "sea") for l in ("a", "b", "c", "d", "e", "f")])  # noqa: E741
    some = [sentence(text, table) for text in ("the moon over a calm sea", "no such thing", "[[mars]] and the moon")]
    made, tally = variants(some, table, Switching(table.languages, most=5, seed=3))
    assert len({one.language for one in made}) == len(made) == 5
    assert tally.skipped == {"without_an_entity": 1, "entity_not_in_the_table": 1}
    assert made == variants(some, table, Switching(table.languages, most=5, seed=3))[0]
    first, skipped = variants(some, table, Switching(("a",), order="english-first"))
    assert [one.text for one in first] == ["the moon over a calm <a>sa</a>"]
    assert skipped.skipped == {"without_an_entity": 1, "without_an_entity_in_that_half": 1}
    second, _ = variants(some, table, Switching(("a",), order="english-second"))
    assert [one.text for one in second] == ["the <a>ma</a> over a calm sea"]
    held = [sentence("<a> moon", table)]
    assert variants(held, table, Switching(("a",)))[1].skipped == {"holds_the_tag_itself": 1}
    with pytest.raises(InvalidValue, match="cannot be a tag"):
        Switching(("x y",))


def test_random_words_are_as_long_and_no_entity() -> None:
    table = entities_of([("moon", "de", "Mond")])
    one = sentence("the moon over town is a fine thing", table)
    (made,), _ = variants([one], table, Switching(("de",)))
    assert {random_words(one, made, seed=seed) for seed in range(20)} == {
        "the moon Mond town is a fine thing",
        "the moon over Mond is a fine thing",
        "the moon over town is a Mond thing",
    }
    alone = sentence("moon", table)
    (made,), _ = variants([alone], table, Switching(("de",)))
    assert random_words(alone, made) is None


def test_the_demo_has_what_it_says(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    table = given_entities()
    some = [sentence(text, table) for text in given_sentences()]
    assert sum(not one.spans for one in some) == 2
    assert len(set(given_sentences())) == 60
    pairs = marked_pairs()
    planted = {(row, kind) for row, kind in enumerate(pairs.columns["planted"]) if kind}
    found = PROFILES["markers"].check(pairs, by="language")
    assert {(one.row, one.kind) for one in found.failures} == planted  # precision and recall 1
    assert len(planted) == len(found.failures) == 17
    assert len(set(pairs.columns["id"])) == 30
    assert main(["switch", "switched", "--languages", "de,hi", "--json"]) == 0
    value = json.loads(capsys.readouterr().out)
    assert value["n"] == 60
    assert value["variants"] == len(value["rows"]) == sum(one["variants"] for one in value["languages"])
    assert {one["script"] for one in value["languages"]} == {"Latn", "Deva"}
    assert "not checked by native speakers" in value["note"]


def test_tables_are_wide_or_long_and_what_is_missing_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "t.csv").write_text("entity,de,fr\nmoon,Mond,lune\nsea,,mer\n", encoding="utf-8")
    (tmp_path / "l.csv").write_text(
        "language,entity,label\nde,moon,Mond\nfr,moon,lune\nfr,moon,Lune\nfr,sea,mer\n", encoding="utf-8"
    )
    (tmp_path / "s.txt").write_text("The moon.\nMoon and sea.\n", encoding="utf-8")
    counts = []
    for name in ("t.csv", "l.csv"):
        assert main(["switch", str(tmp_path / "s.txt"), "--entities", str(tmp_path / name), "--json"]) == 0
        counts.append(json.loads(capsys.readouterr().out)["variants"])
    assert counts == [3, 5]
    assert main(["switch", str(tmp_path / "s.txt"), "--entities", str(tmp_path / "t.csv"), "--languages", "fra"]) == 2
    assert "no language 'fra'" in capsys.readouterr().err
    assert main(["switch", str(tmp_path / "s.txt")]) == 2
    assert "--entities TABLE" in capsys.readouterr().err
    with pytest.raises(NotFound):
        Entities({}, ("de",)).find(["en"])
