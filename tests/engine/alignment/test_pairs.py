"""Dictionaries as people have them: separators, notes, several targets; what cannot be used is counted."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.alignment.anchors.dictionary import Dictionary, as_spelt, read_dictionary
from isogloss.alignment.anchors.pairs import read_pairs
from isogloss.cli.main import main
from isogloss.errors import InvalidValue
from tests.kit.spaces import make_space

PAIRS = [(f"word{i}", f"mot{i}é") for i in range(12)]


def lines(between: str, before: str = "", after: str = "") -> str:
    return "\n".join(f"{before}{a}{between}{b}{after}" for a, b in PAIRS) + "\n"


FILES: dict[str, tuple[str, bytes, str]] = {  # name of the file, bytes, part of what is said
    "tab": ("d.txt", lines("\t").encode(), ""),
    "space": ("d.txt", lines(" ").encode(), ""),
    "bars": ("d.txt", lines(" ||| ").encode(), "'|||'"),
    "equals": ("d.txt", lines(" = ").encode(), "'='"),
    "colons": ("d.dict", lines(" :: ").encode(), "'::'"),
    "wide space": ("d.txt", lines("\u3000").encode(), "wide space"),
    "no-break space": ("d.txt", lines("\u00a0").encode(), ""),
    "comma": ("d.txt", lines(",").encode(), "','"),
    "csv": ("d.csv", ("en,fr\n" + lines(",")).encode(), "','"),
    "semicolon": ("d.csv", ("source;target\n" + lines(";")).encode(), "';'"),
    "quoted": ("d.txt", lines('"\t"', '"', '"').encode(), ""),
    "notes": ("d.txt", lines(" {n}\t", after=" {m}").encode(), "brackets"),
    "score": ("d.txt", lines(" ", after=" 0.87").encode(), "column 3 of numbers"),
    "score first": ("d.txt", lines(" ", "0.87 ").encode(), "column 1 of numbers"),
    "score behind a tab": ("d.txt", lines("\t", after="\t0.5").encode(), "column 3 of numbers"),
    "old line ends": ("d.txt", lines("\t").replace("\n", "\r").encode(), ""),
    "CRLF": ("d.txt", lines("\t").replace("\n", "\r\n").encode(), ""),
    "UTF-16": ("d.txt", lines("\t").encode("utf-16"), "utf-16"),
    "Latin 1": ("d.txt", lines("\t").encode("latin-1"), "cp1252"),
    "decomposed": ("d.txt", lines("\t").replace("é", "e\u0301").encode(), ""),
    "blank lines": ("d.txt", lines("\t").replace("\n", "\n\n").encode(), ""),
    "comment": ("d.txt", ("# English to French\n" + lines("\t")).encode(), "1 comment"),
    "no target": ("d.txt", (lines("\t") + "lonely\t\n").encode(), "1 no target"),
}


@pytest.mark.parametrize("kind", FILES)
def test_every_way_to_write_pairs(tmp_path: Path, kind: str) -> None:
    name, data, said = FILES[kind]
    (tmp_path / name).write_bytes(data)
    found = read_dictionary(tmp_path / name)
    assert found.pairs == tuple(PAIRS)
    assert said in "; ".join(found.said)


@pytest.mark.parametrize("between", [", ", "/", "; ", "\t"])
def test_several_targets_are_pairs_of_their_own(tmp_path: Path, between: str) -> None:
    (tmp_path / "d.txt").write_text("".join(f"{a}\t{b}{between}{b}s\n" for a, b in PAIRS))
    found = read_pairs(tmp_path / "d.txt")
    assert found.pairs == tuple(pair for a, b in PAIRS for pair in ((a, b), (a, f"{b}s")))
    assert "several targets" in found.said[-1]


def test_words_of_several_parts_are_never_cut(tmp_path: Path) -> None:
    path = tmp_path / "d.txt"
    path.write_text("".join(f"the {a} le {b}\n" for a, b in PAIRS))
    with pytest.raises(
        InvalidValue, match=r"12 of 12 rows .* \(several words: line 1: the word0 le mot0é.*write a tab"
    ):
        read_dictionary(path)
    path.write_text("New York\tNew York\nand/or\tet/ou\n" + lines("\t"))
    assert ("New York", "New York") in read_dictionary(path).pairs
    assert ("and/or", "et/ou") in read_dictionary(path).pairs
    path.write_text("# #\n#1 premier\nde de\n" + lines(" "))
    assert read_dictionary(path).pairs[:3] == (("#", "#"), ("#1", "premier"), ("de", "de"))


def test_columns_are_taken_as_they_are_named(tmp_path: Path) -> None:
    path = tmp_path / "d.tsv"
    path.write_text("".join(f"{i}\t{b}\tnote\t{a}\n" for i, (a, b) in enumerate(PAIRS)))
    assert read_dictionary(path, columns=(4, 2)).pairs == tuple(PAIRS)
    assert read_dictionary(path).pairs[0] == ("mot0é", "note")


def test_a_dictionary_the_wrong_way_round_is_noticed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(0)
    source, target = (make_space(n, [p[i] for p in PAIRS], rng.normal(size=(12, 4))) for i, n in enumerate(("s", "t")))
    turned = Dictionary(tuple((b, a) for a, b in PAIRS))
    (said,) = as_spelt(turned, source, target).said
    assert "0 pairs are covered, 12 when it is turned" in said
    assert as_spelt(Dictionary(tuple(PAIRS)), source, target).said == ()
    for space, i in ((source, 0), (target, 1)):
        text = "".join(f"{p[i]} {' '.join(map(str, row))}\n" for p, row in zip(PAIRS, space.vectors, strict=True))
        (tmp_path / f"{space.name}.vec").write_text(text)
    (tmp_path / "d.txt").write_text("".join(f"{b}\t{a}\n" for a, b in PAIRS))
    command = ["align", str(tmp_path / "s.vec"), str(tmp_path / "t.vec"), "--share", "0.5", "--json"]
    assert main([*command, "--train", f"columns:2:1:{tmp_path / 'd.txt'}"]) == 0
    assert json.loads(capsys.readouterr().out)["dictionaries"]["train"]["said"] == []
    assert main([*command, "--train", str(tmp_path / "d.txt")]) == 2


def test_words_are_sought_in_the_one_normal_form() -> None:
    rng = np.random.default_rng(0)
    source, target = (make_space(n, ["finance", "sea"], rng.normal(size=(2, 3))) for n in "st")
    for case in ("lower", "exact"):
        assert as_spelt(Dictionary((("ﬁnance", "ﬁnance"),)), source, target, case=case).pairs == (
            ("finance", "finance"),
        )


@given(
    st.lists(st.sampled_from(["pair", "again", "lonely", "blank", "comment"]), max_size=40),
    st.sampled_from(["\t", " ||| ", " = ", ","]),
)
def test_lines_in_are_lines_read_or_skipped(
    tmp_path_factory: pytest.TempPathFactory, kinds: list[str], between: str
) -> None:
    make = {"again": f"first{between}premier", "lonely": f"x{between}", "blank": " ", "comment": "# a note of words"}
    body = [make.get(kind, f"a{i}{between}b{i}") for i, kind in enumerate(kinds)]
    path = tmp_path_factory.mktemp("pairs") / "d.txt"
    path.write_text("\n".join([f"first{between}premier", *(f"w{i}{between}v{i}" for i in range(400)), *body]))
    if kinds.count("lonely") > 5:
        return
    found = read_pairs(path)
    assert found.read.read == 401 + kinds.count("pair")
    assert found.read.total == 401 + len(kinds) - kinds.count("blank")


@given(st.binary(max_size=200))
def test_no_bytes_end_in_another_error(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "d.txt"
    path.write_bytes(data)
    try:
        read_dictionary(path)
    except InvalidValue as error:
        assert error.lever  # noqa: PT017
