"""Catalogues: what of a file gets in, and what stays English."""

from __future__ import annotations

from pathlib import Path

import pytest

from isogloss.interface.catalogue import catalogue, faults, read_catalogue
from isogloss.interface.languages import LANGUAGES, language_of

_HEAD = (
    'msgid ""\nmsgstr "Language: de\\nPlural-Forms: nplurals=2; plural=(n != 1);\\n'
    'Content-Type: text/plain; charset=utf-8\\n"\n\n'
)


def written(tmp_path: Path, source: str, translated: str, *, fuzzy: bool = False) -> Path:
    path = tmp_path / "one.po"
    mark = "#, fuzzy\n" if fuzzy else ""
    path.write_text(f'{_HEAD}{mark}msgid "{source}"\nmsgstr "{translated}"\n', encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("source", "translated"),
    [
        ("{n:,} words", "Wörter"),  # missing
        ("{n:,} words", "{n} Wörter"),  # another format
        ("words", "{n} Wörter"),  # more
        ("{word} moved", "{word.__class__} moved"),
        ("{word} moved", "{0} bewegte sich"),
        ("{word} moved", "{word!r} bewegte sich"),
        ("{word} moved", "{word bewegte sich"),  # no format at all
        ("{word} moved", "<img src=x>{word} bewegte sich"),
        ("<b>{word}</b> moved", "{word} bewegte sich"),
        ("moved", "bewegt\\x1b"),
        ("moved", "bewegt\\u202e"),
    ],
)
def test_an_unfit_translation_never_reaches_the_screen(tmp_path: Path, source: str, translated: str) -> None:
    text = translated.encode().decode("unicode_escape") if "\\" in translated else translated
    assert faults(source, text)
    assert read_catalogue(written(tmp_path, source, text)).gettext(source) == source


def test_a_fit_one_does_and_a_fuzzy_or_empty_one_does_not(tmp_path: Path) -> None:
    assert read_catalogue(written(tmp_path, "{n:,} words", "{n:,} Wörter")).gettext("{n:,} words") == "{n:,} Wörter"
    assert read_catalogue(written(tmp_path, "a", "b", fuzzy=True)).gettext("a") == "a"
    assert read_catalogue(written(tmp_path, "a", "")).gettext("a") == "a"


def test_a_plural_form_of_other_fields_takes_the_whole_message_back(tmp_path: Path) -> None:
    path = tmp_path / "one.po"
    forms = 'msgid "{n} word"\nmsgid_plural "{n} words"\nmsgstr[0] "Wort"\nmsgstr[1] "{n} Wörter"\n'
    path.write_text(_HEAD + forms, encoding="utf-8")
    assert read_catalogue(path).ngettext("{n} word", "{n} words", 2) == "{n} words"


def test_english_and_unknown_languages_need_no_catalogue() -> None:
    assert catalogue("en").gettext("words") == catalogue("tlh").gettext("words") == "words"
    assert catalogue("de") is catalogue("de")  # read once


@pytest.mark.parametrize(
    ("locale", "code"), [("ar-EG", "ar"), ("zh-Hant-TW", "zh"), ("EN_us", "en"), ("../de", ""), ("", ""), ("d", "")]
)
def test_a_locale_names_a_language_or_none(locale: str, code: str) -> None:
    assert language_of(locale) == code
    assert not code or code in LANGUAGES
