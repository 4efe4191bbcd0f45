"""Every catalogue holds what its language must: all sentences, all plural forms, the fields and markup of the"
" source."""

from __future__ import annotations

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from isogloss.interface.catalogue import catalogue, path_of, unfit
from isogloss.interface.languages import ENGLISH, LANGUAGES
from scripts.catalogues import made, text_of, untranslated

CODES = [code for code in LANGUAGES if code != ENGLISH]
# Which form a number takes (Unicode CLDR): numbers of one letter share a form, of different letters do not.
FORMS = {"de": "abaaaaaa", "es": "abaaaaaa", "fr": "bbaaaaaa", "zh": "aaaaaaaa", "ar": "aotffmma"}
NUMBERS = (0, 1, 2, 3, 10, 11, 99, 100)


def read(code: str) -> Catalog:
    with path_of(code).open("rb") as file:
        return read_po(file, locale=code)


@pytest.mark.parametrize("code", CODES)
def test_it_is_whole_and_fit(code: str) -> None:
    found = read(code)
    assert len(found) > 600
    assert untranslated(found) == []
    assert [one.id for one in found if one.id and (one.fuzzy or unfit(one.id, one.string))] == []
    counted = [one for one in found if one.id and not isinstance(one.id, str)]
    assert counted
    assert all(len(one.string) == found.num_plurals for one in counted)


@pytest.mark.parametrize("code", CODES)
def test_numbers_take_the_forms_that_the_language_has(code: str) -> None:
    found = read(code)
    assert found.num_plurals == {"zh": 1, "ar": 6}.get(code, 2)
    told = catalogue(code)
    seen = [told.ngettext("{n:,} use", "{n:,} uses", n) for n in NUMBERS]
    assert all("{n:,}" in text for text in seen)
    if code in FORMS:  # in Hindi the word is the same for one and for many
        texts = dict(zip(FORMS[code], seen, strict=True))
        assert [texts[letter] for letter in FORMS[code]] == seen
        assert len(set(texts.values())) == len(texts)


def test_they_are_what_the_code_says() -> None:
    for path, one in made().items():
        assert path.read_bytes() == text_of(one), f"{path.name}: python -m scripts.catalogues"
