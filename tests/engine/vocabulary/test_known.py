"""What a tokenizer knows, against counts by hand; and the command, its figures and its errors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from isogloss.cli.main import main
from isogloss.sentences.given.own import own_sentences
from isogloss.vocabulary.known import beside, knows
from isogloss.vocabulary.model import open_model
from isogloss.vocabulary.subwords import Subwords

FIGURE = {"value", "n", "low", "high", "null"}


def of_words(*words: str) -> Subwords:
    """A tokenizer of words and letters, WordPiece without pieces that go on."""
    vocab = {token: i for i, token in enumerate(["[UNK]", *words])}
    state: dict[str, Any] = {
        "model": {
            "type": "WordPiece",
            "vocab": vocab,
            "unk_token": "[UNK]",
            "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100,
        },
        "pre_tokenizer": {"type": "Whitespace"},
        "added_tokens": [],
    }
    return Subwords(state, "words")


def test_counts_are_those_by_hand() -> None:
    told = of_words("dog", "##s", "big", "кот")
    found = knows(told, {"en": ["big dogs", "dogs zzz"], "ru": ["кот"]})
    english, russian = found.groups
    assert (english.fertility.value, english.fertility.n) == (6 / 4, 2)
    assert english.unknown.value == 3 / 14
    assert (english.used, english.used_share, english.script) == (4, 4 / 5, "Latn")
    assert (russian.fertility.value, russian.unknown.value, russian.script) == (1, 0, "Cyrl")
    assert (found.used, found.tokens, found.scripts) == (5, 5, {"Latn": 4, "Cyrl": 1})
    (one, _) = beside(told, of_words("dogs", "big", "кот"), {"en": ["big dogs", "dogs zzz"], "ru": ["кот"]})
    assert one.saved.value == 2 / 4
    assert one.unknown.value == 0


def test_bytes_are_read_as_letters() -> None:
    from tests.kit.tokenizers_ import tokenizer

    told = Subwords(json.loads(tokenizer("bpe").to_str()), "x")
    assert {"Latn", "Cyrl"} <= set(told.by_script())
    assert told.surface("Ġthe") == "the"
    assert told.surface(told.split("ж")[-1]) in ("ж", "")


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert main(["vocabulary", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.long
def test_the_command_prints_figures_with_the_promised_keys(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ISOGLOSS_HOME", str(tmp_path))
    table = tmp_path / "mine.csv"
    texts = own_sentences().texts
    table.write_text(
        "text,lang\n" + "".join(f'"{t}",{name}\n' for name in ("en", "ru") for t in texts[name]), encoding="utf-8"
    )
    told = answer(capsys, "report", "translated", str(table), "--by", "lang", "--against", "before")
    assert [one["group"] for one in told["groups"]] == ["en", "ru"]
    assert all(set(one[key]) == FIGURE for one in told["groups"] for key in ("fertility", "unknown", "used_share"))
    direct = knows(open_model().subwords, {"en": texts["en"]}).groups[0]
    assert told["groups"][0]["fertility"]["value"] == pytest.approx(direct.fertility.value, abs=1e-6)
    assert all(one["saved"]["value"] == 0 for one in told["beside"])  # the stages share their tokenizer
    assert told["read"]["read"] == 64
    trimmed = answer(capsys, "trim", "translated", "sentences", "--languages", "en", "--top", "50", "--dry")
    assert set(trimmed["coverage"]) == FIGURE
    assert trimmed["tokens"] == {"before": 48_000, "after": 51 + trimmed["kept"]["needed"]}
    assert trimmed["out"] is None
    (tmp_path / "words.txt").write_text("peacekeeping\nwater\nzzzqx\n")
    words = str(tmp_path / "words.txt")
    grown = answer(capsys, "grow", "translated", words, "--from", "un-debates/2007-2024", "--dry", "--hidden", "50")
    assert all(set(one[key]) == FIGURE for one in grown["left_out"] for key in ("ofa", "mean", "random", "gain"))
    assert all(
        sum(p["weight"] for p in one["parts"]) == pytest.approx(1, abs=1e-5) for one in grown["words"] if one["parts"]
    )
    assert grown["ranks"][-1]["error"] == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["report", "translated", "no-such.txt"], "is not a file"),
        (["report", "pyproject.toml", "sentences"], "is no JSON"),
        (["report", "translated", "sentences", "--languages", "xx"], "xx"),
        (["trim", "translated", "sentences"], "no folder is named"),
        (["trim", "translated", "sentences", "--dry", "--held-share", "2"], "a held-out share of 2"),
        (["trim", "translated", "sentences", "--dry", "--keep-script", "Klin"], "no token is in the script"),
        (["grow", "translated", "README.md", "--from", "un-debates/2007-2024", "--dry", "--tau", "0"], "tau is 0"),
        (["grow", "translated", "README.md", "--from", "no-such/space", "--dry"], "no-such"),
    ],
)
def test_what_cannot_be_used_is_one_line(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ISOGLOSS_HOME", str(tmp_path))
    assert main(["vocabulary", *arguments]) == 2
    told = [line for line in capsys.readouterr().err.splitlines() if "%" not in line]
    assert len(told) == 1
    assert said in told[0]
