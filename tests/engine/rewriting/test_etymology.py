"""Where words come from: ten-fold by sentence, kept without pickle; the golden sentence; rules; points."""

from __future__ import annotations

import json
import os
import re
import unicodedata
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

import isogloss.rewriting.words.etymology as words
from isogloss.cli.main import main
from isogloss.encoders.encoder import open_encoder
from isogloss.errors import InvalidValue, StoreError
from isogloss.rewriting.words.arabic import transliterated
from isogloss.rewriting.words.distances import distances
from isogloss.rewriting.words.etymology import Etymologist, folds, ten_fold, train
from isogloss.rewriting.words.kept import SHARED, open_etymologist, train_kept
from isogloss.rewriting.words.points import by_script, points
from isogloss.rewriting.words.rules import decided, rule, versions
from isogloss.rewriting.words.tokens import Tokenised, read_tokens, tokens_of
from isogloss.text.normalize import nfc
from isogloss.workspace.store import Workspace

DATA = Path(os.environ.get("ISOGLOSS_DATA") or Path(__file__).resolve().parents[4] / "shared" / "data")
TRANSLATED = "maltese_translations.parquet"
METHODS = DATA.parent / "METHODS.md"
SAID = re.search(
    r"golden sentence.*?tokens `(.+?)`, labels (.+?); conditional.*?: `(.+?)`",
    METHODS.read_text(encoding="utf-8") if METHODS.is_file() else "",
)
GOLDEN, ORIGIN, PRINTED = (SAID.group(1).split(), SAID.group(2).split(", "), SAID.group(3)) if SAID else ([], [], "")
needs_methods = pytest.mark.skipif(not SAID, reason="needs METHODS.md beside the data")


def planted(n: int = 40) -> tuple[list[list[str]], list[list[str]]]:
    """Words whose first letter is their label, six a sentence; every sentence is another."""
    rng = np.random.default_rng(0)
    sentences, labels = [], []
    for _ in range(n):
        kinds = ["A" if x else "B" for x in rng.integers(0, 2, size=6)]
        sentences.append([("q" if kind == "A" else "v") + "".join(rng.choice([*"aeioulmnrst"], 4)) for kind in kinds])
        labels.append(kinds)
    return sentences, labels


def annotated(path: Path) -> Path:
    sentences, labels = planted()
    rows = [
        (i, t, x) for i, (ts, xs) in enumerate(zip(sentences, labels, strict=True)) for t, x in zip(ts, xs, strict=True)
    ]
    ids, tokens, origins = zip(*rows, strict=True)
    pq.write_table(pa.table({"id": ids, "token": tokens, "etymology": origins}), path)
    return path


def test_no_token_of_a_test_sentence_is_trained_on(monkeypatch: pytest.MonkeyPatch) -> None:
    sentences, labels = planted()
    sentences[39], labels[39] = sentences[0], labels[0]  # equal to one of another fold
    trained: list[set[str]] = []

    def watched(tokens: list[str], known: list[str]) -> Etymologist:
        trained.append(set(tokens))
        return train(tokens, known)

    monkeypatch.setattr(words, "train", watched)
    found = ten_fold(sentences, labels)
    fold = folds(40)
    own = [set(one) for one in sentences]
    for k, seen in enumerate(trained):
        others = set().union(
            *(
                own[i]
                for i in range(40)
                if fold[i] != k and sentences[i] not in [sentences[j] for j in np.flatnonzero(fold == k)]
            )
        )
        assert seen == others
    assert not trained[0] & (own[0] - set().union(*own[4:39]))
    assert found.card()["accuracy"].value == 1.0  # the first letter says it
    assert found.card()["majority"].value < 0.7
    assert np.bincount(fold).tolist() == [4] * 10
    with pytest.raises(InvalidValue, match="9 sentences"):
        ten_fold(sentences[:9], labels[:9])


@needs_methods
@pytest.mark.skipif(not (DATA / SHARED).is_file(), reason="needs the data in ISOGLOSS_DATA")
@pytest.mark.long
def test_the_annotated_maltese_is_learned_and_the_golden_sentence_comes_out_as_printed(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ISOGLOSS_DATA", str(DATA))
    path = tmp_path / "s.txt"
    path.write_text(" ".join(GOLDEN) + "\n", encoding="utf-8")
    assert main(["transliterate", str(path), "--when", "etymology=Arabic,Symbol", "--json"]) == 0
    value = json.loads(capsys.readouterr().out)
    assert value["rows"][0]["conditional"] == PRINTED
    card = value["etymologist"]
    assert card["accuracy"]["value"] >= 0.95
    assert card["macro_f1"]["value"] == pytest.approx(0.894, abs=0.01)  # ../shared/METHODS.md §8
    assert card["majority"]["value"] == pytest.approx(0.604, abs=0.001)
    assert card["lookup"]["value"] == pytest.approx(0.872, abs=0.005)
    assert (card["tokens"], card["sentences"]) == (9683, 439)
    assert main(["etymology", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["rows"][0]["labels"] == ORIGIN
    assert sorted(one.name for one in (workspace.root / "etymology").iterdir()) == ["maltese.json", "maltese.npz"]


@needs_methods
def test_the_golden_sentence_by_its_labels() -> None:
    given = Tokenised([GOLDEN], {"etymology": [ORIGIN]})
    yes = decided(given, rule("etymology=Arabic,Symbol"))
    found = versions(GOLDEN, yes[0])
    assert found["conditional"] == PRINTED
    assert found["raw"] == " ".join(GOLDEN)
    assert versions(GOLDEN, decided(given, rule("none"))[0])["conditional"] == found["raw"]
    assert versions(GOLDEN, decided(given, rule("all"))[0])["conditional"] == found["all"]
    assert "2022" in found["all"]


def test_rules_ask_columns_scripts_and_say_what_is_not_there() -> None:
    given = Tokenised([["il-", "дом", "dog"]], {"language": [["mt", "ru", "en"]]})
    assert decided(given, rule("script=Latn")) == [[True, False, True]]
    assert decided(given, rule("language=mt,ru")) == [[True, True, False]]
    assert decided(given, rule("etymology=Arabic"), lambda tokens: ["Arabic"] * len(tokens)) == [[True] * 3]
    for text, why in (("language=mlt", "no token has the language"), ("etymology=Arabic", "where tokens come from")):
        with pytest.raises(InvalidValue, match=why):
            decided(given, rule(text))
    for text in ("", "script=", "when=x", "etymology"):
        with pytest.raises(InvalidValue, match="the rule is"):
            rule(text)


@given(st.text(max_size=12))
def test_transliteration_leaves_no_latin_letter_of_maltese_and_what_has_none_alone(text: str) -> None:
    found = transliterated(text)
    if not any("LATIN" in unicodedata.name(sign, "") for sign in text):
        assert found == text
    plain = transliterated("".join(sign for sign in text.lower() if sign in "abċdefġghħijklmnopqrstuvwxżz'"))
    assert not any("a" <= sign <= "z" for sign in plain)


def test_a_model_is_kept_and_what_is_damaged_is_said(workspace: Workspace, tmp_path: Path) -> None:
    made = train_kept(annotated(tmp_path / "a.parquet"), workspace)
    again = open_etymologist(workspace)
    some = ["qalb", "vapur", "", "qqq'"]
    assert again.model(some) == made.model(some)
    assert again.model(["qalb", "vapur"]) == ["A", "B"]
    assert np.allclose(again.model.scores(some), made.model.scores(some), atol=1e-5)
    assert dict(again.card) == json.loads(json.dumps(made.card))
    folder = workspace.root / "etymology"
    np.savez(folder / "maltese.npz", weights=2 * made.model.weights, bias=made.model.bias)  # of another training
    with pytest.raises(StoreError, match="two trainings"):
        open_etymologist(workspace)
    (folder / "maltese.npz").write_bytes(b"no")
    with pytest.raises(StoreError, match="train it again"):
        open_etymologist(workspace)
    (folder / "maltese.json").write_text("[" * 99, encoding="utf-8")
    with pytest.raises(StoreError, match="train it again"):
        open_etymologist(workspace)


def test_the_command_trains_labels_finds_points_and_says_what_is_missing(
    workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ISOGLOSS_DATA", raising=False)
    path = tmp_path / "s.txt"
    path.write_text("the дом is big\nplain words only\na ноутbook here\n", encoding="utf-8")
    assert main(["etymology", str(path)]) == 2
    assert "--train ANNOTATED" in capsys.readouterr().err
    assert main(["etymology", "--train", str(annotated(tmp_path / "a.parquet")), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["card"]["accuracy"]["value"] == 1.0
    assert main(["etymology", str(path), "--points", "script", "--json"]) == 0
    value = json.loads(capsys.readouterr().out)
    assert (value["points"], value["mixed"], value["sentences_with_points"], len(value["rows"])) == (4, 1, 2, 3)
    assert main(["etymology", str(path), "--points", "script", "--only", "mixed", "--json"]) == 0
    assert [row["row"] for row in json.loads(capsys.readouterr().out)["rows"]] == [3]
    (tmp_path / "l.csv").write_text("word,language\nthe,en\nbig,en\nis,en\nдом,ru\n", encoding="utf-8")
    assert main(["etymology", str(path), "--points", "lists", "--lists", str(tmp_path / "l.csv"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["rows"][0]["points"] == [1, 2]
    assert main(["etymology", str(path), "--only", "mixed"]) == 2
    assert main(["etymology"]) == 2


def test_versions_have_distances_where_other_languages_are_given(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "t.csv"
    path.write_text("text,arabic,english\nqalb,قلب,heart\nktieb,كتاب,book\n", encoding="utf-8")
    assert main(["transliterate", str(path), "--when", "all", "--model", "shipped", "--json"]) == 0
    value = json.loads(capsys.readouterr().out)
    assert value["distances"]["all"]["arabic"]["value"] == pytest.approx(0.0, abs=1e-5)  # they are written so
    assert value["distances"]["conditional"] == value["distances"]["all"]
    assert value["distances"]["raw"]["arabic"]["value"] > 0.01
    path.write_text("text,other\nqalb,x\nktieb,y\n", encoding="utf-8")
    assert main(["transliterate", str(path), "--when", "all", "--model", "shipped"]) == 2
    assert "no column of another language" in capsys.readouterr().err


@pytest.mark.skipif(not (DATA / TRANSLATED).is_file(), reason="needs the data in ISOGLOSS_DATA")
def test_words_of_arabic_origin_come_nearer_to_arabic_and_others_go_away_from_italian() -> None:
    """The reason for a rule: words that the annotation names, with their translations."""
    origin = dict(
        zip(*(pq.read_table(DATA / SHARED)[name].to_pylist() for name in ("token", "category_merged")), strict=True)
    )
    columns = (pq.read_table(DATA / TRANSLATED)[name].to_pylist() for name in ("maltese", "language", "translation"))
    meant: dict[str, dict[str, str]] = {}
    for word, language, text in zip(*columns, strict=True):
        meant.setdefault(word, {}).setdefault(language, text)
    encoder = open_encoder()
    for label, language, nearer in (("Arabic", "ar", True), ("Non-Arabic", "it", False)):
        some = [one for one in meant if origin.get(one) == label and len(one) > 3 and meant[one].get(language)][:500]
        made = {"raw": some, "all": [transliterated(one) for one in some]}
        found = distances(
            made, {language: [meant[one][language] for one in some]}, lambda texts: encoder.encode(list(texts))
        )
        raw, put = found["raw"][language], found["all"][language]
        assert raw.interval is not None
        assert (put.value < raw.interval[0]) if nearer else (put.value > raw.interval[1])


def test_tables_of_tokens_keep_their_sentences(tmp_path: Path) -> None:
    path = tmp_path / "t.tsv"
    path.write_text("sentence\ttoken\tlanguage\n1\til-\tmt\n2\tdog\ten\n1\tkelb\tmt\n2\t\ten\n", encoding="utf-8")
    found = read_tokens(path)
    assert found.sentences == [["il-", "kelb"], ["dog"]]
    assert found.columns == {"language": [["mt", "mt"], ["en"]]}
    assert found.read.skipped == {"blank": 1}
    assert points(found.columns["language"][0]).at == ()


@given(st.lists(st.sampled_from(["the", "дом", "ноутbook", "7", "!", "東京カナ"]), max_size=8))
def test_points_lie_between_tokens_of_different_languages(tokens: list[str]) -> None:
    languages = by_script(tokens)
    found = points(languages)
    known = [i for i, one in enumerate(languages) if one not in ("neutral", "")]
    assert list(found.at) == [j for i, j in pairwise(known) if languages[i] != languages[j]]
    assert list(found.mixed) == [i for i, token in enumerate(tokens) if token == "ноутbook"]


@given(st.text(max_size=30))
def test_tokens_lose_nothing_but_blanks(text: str) -> None:
    assert "".join(tokens_of(text)) == regex.sub(r"\s", "", nfc(text))
