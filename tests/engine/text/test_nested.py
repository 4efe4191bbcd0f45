"""How deep JSON and TOML may be nested, wherever the brackets stand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.text import nested
from isogloss.text.nested import DEEPEST, read_json, read_toml, require_shallow, settings_text


def depth_of(value: object) -> int:
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return 1 + max(map(depth_of, inner), default=0)
    return 0


texts = st.text(st.sampled_from('[]{}"\\ab:,é\n'), max_size=12)
values = st.recursive(
    texts | st.integers(), lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4)
)


@given(values, st.integers(3, 40))
def test_brackets_are_counted_as_json_has_them(value: object, piece: int):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nested, "_PIECE", piece)
        for ascii_only in (True, False):
            assert nested._depth(json.dumps(value, ensure_ascii=ascii_only).encode()) == depth_of(value)


@pytest.mark.parametrize("deep", [DEEPEST, DEEPEST + 1, 900, 100_000])
def test_the_deepest_is_64(deep: int):
    for text in ("[" * deep + "]" * deep, '{"a":' * deep + "1" + "}" * deep):
        for given_ in (text, text.encode()):
            if deep <= DEEPEST:
                assert depth_of(read_json(given_)) == deep
            else:
                with pytest.raises(ValueError, match="deeper than 64"):
                    read_json(given_)


def test_brackets_in_texts_are_letters():
    value = ["[" * 500, '\\"{' * 200, {"{" * 90: "]" * 90}]
    assert read_json(json.dumps(value)) == value
    require_shallow("[" * 64)
    with pytest.raises(ValueError, match="deeper"):
        require_shallow('["]]]]", ' * 70)


def test_toml_is_bounded_in_depth_length_and_numbers():
    assert read_toml("a = [[1], {b = 2}]") == {"a": [[1], {"b": 2}]}
    for text in (f"a = {'[' * 5_000}", f"a = {'[' * 70}{']' * 70}", ".".join("a" * 70) + " = 1"):
        with pytest.raises(ValueError, match=r"nested deeper|TOML|Invalid|Unclosed"):
            read_toml(text)
    with pytest.raises(ValueError, match="more than 64 bits"):
        read_toml(f"a = 0x{'f' * 4_000}")
    with pytest.raises(ValueError, match="more than 4,194,304 characters"):
        read_toml("#" * (1 << 23))


def test_no_more_of_settings_is_read_than_they_may_have(tmp_path: Path) -> None:
    file = tmp_path / "recipe.toml"
    file.write_bytes(b"a = 1\n")
    assert settings_text(file) == "a = 1\n"
    with file.open("r+b") as out:
        out.truncate(1 << 40)  # of which nothing is stored
    with pytest.raises(ValueError, match="more than"):
        settings_text(file)
