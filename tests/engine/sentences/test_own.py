"""Our own short sentences: a set that needs no file."""

from __future__ import annotations

import unicodedata

from isogloss.sentences.sets import parallel_of
from isogloss.text.script import script_of


def test_every_cell_is_a_sentence_of_its_own_in_the_letters_of_its_language() -> None:
    found = parallel_of(["sentences"])
    assert "not checked by native speakers" in found.note
    assert len(found) >= 30
    assert len(found.languages) >= 24
    assert len({found.script(one) for one in found.languages}) >= 12
    for language, lines in found.texts.items():
        assert len(set(lines)) == len(found), language
        for line in lines:
            assert line
            assert unicodedata.is_normalized("NFC", line)
            assert line == " ".join(line.split())
            assert not any(letter.isdigit() for letter in line)
            assert script_of(line) in {found.script(language), "Hani", "Jpan"}, line


def test_a_language_is_found_by_two_letters_and_by_three() -> None:
    found = parallel_of(["sentences"])
    assert [found.find(one) for one in ("eng", "deu", "zho", "amh", "en")] == ["en", "de", "zh", "am", "en"]
