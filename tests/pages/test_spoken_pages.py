"""Pages in other languages: the same figures, each visit its own, and names that look like fields stay names."""

from __future__ import annotations

import re
import threading
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components.parts.labels import written
from components.parts.spoken import say, speak
from isogloss.workspace.store import Workspace
from tests.hostile.names.named import NAME, save_named
from tests.kit.pages import html_of, table_of, visit

LEADS = {
    "app.py": {},
    "pages/1_Neighbors.py": {"item": "climate"},
    "pages/3_Drift.py": {"item": "climate"},
    "pages/14_Atlas.py": {},
    "pages/6_Sentences.py": {},
    "pages/11_Vocabulary.py": {},
    "pages/10_Pairs.py": {},
    "pages/12_Teach.py": {"lesson": "e5-head"},
    "pages/13_Imbalance.py": {},
}
SCRIPTS = {"de": re.compile(r"[äöüß]|\b(und|von|die)\b"), "ar": re.compile(r"[\u0621-\u064a]{3}")}
VERDICTS = {
    "de": {"bewegt", "etwas bewegt", "Rauschen", "nicht entschieden", "nicht getestet"},
    "ar": {"تحركت", "تحركت قليلًا", "ضجيج", "غير محسوم", "لم تُختبر"},
}
FIELDS = ("{0}", "{word}", "%s", "{word.__class__}")


def told(at: AppTest) -> str:
    """The sentences of a page, its style left out."""
    return unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", html_of(at), flags=re.DOTALL))


def figures(text: str) -> list[str]:
    return sorted(re.findall(r"\d[\d,.]*\d|\d", text))


def lead(at: AppTest) -> str:
    found = re.search(r'<p class="iso-lead">(.*?)</p>', html_of(at), re.DOTALL)
    assert found is not None
    return re.sub(r"<[^>]+>", "", found[1])


@pytest.mark.parametrize("page", LEADS)
def test_a_page_says_the_same_figures_in_german_and_arabic(page: str) -> None:
    english = visit(page, **LEADS[page])
    for code, letters in SCRIPTS.items():
        at = visit(page, lang=code, **LEADS[page])
        assert letters.search(lead(at)), lead(at)
        assert lead(at) != lead(english)
        # A word where English has a figure, a figure where it has none, would be another finding.
        assert figures(told(at)) == figures(told(english))


def test_scripts_are_called_in_the_language_of_the_visit_and_chosen_by_their_english_name() -> None:
    at = visit("pages/6_Sentences.py", lang="de", script="Cyrillic")
    chosen = next(one for one in at.selectbox if one.label == "Schrift")
    assert chosen.value == "Cyrillic"
    assert {"Kyrillisch", "Arabisch", "Lateinisch"} <= set(chosen.options)
    assert set(table_of(at, "script")["script"]) == {"Kyrillisch"}
    speak("ar")
    try:
        assert [written(code) for code in ("Cyrl", "Zyyy", "x")] == ["السيريلية", "بلا حروف", "x"]
    finally:
        speak("en")


def test_an_unknown_language_is_said_and_english_is_spoken() -> None:
    at = visit("pages/1_Neighbors.py", lang="tlh", item="climate")
    assert any("lang = tlh" in one.value for one in at.code)
    assert lead(at) == lead(visit("pages/1_Neighbors.py", item="climate"))


def test_the_environment_and_then_the_address_choose(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ISOGLOSS_LANGUAGE", "de_AT.UTF-8")
    assert SCRIPTS["de"].search(lead(visit("app.py")))
    assert SCRIPTS["ar"].search(lead(visit("app.py", lang="ar")))
    monkeypatch.setenv("ISOGLOSS_LANGUAGE", "Klingon")
    assert lead(visit("app.py")).startswith("The same words")


def test_two_visits_in_turn_do_not_mix() -> None:
    """In turn, since AppTest has one runtime for all; what they keep together, rankings and pictures, they share."""
    visits = {code: visit("pages/3_Drift.py", lang=code, item="climate") for code in SCRIPTS}
    for item in ("energy", "radical", "climate"):
        for code, at in visits.items():
            at.query_params["item"] = item
            at.run()
            verdicts = {str(one) for table in at.dataframe for one in table.value.get("verdict", [])}
            assert verdicts <= VERDICTS[code], verdicts
            said = told(at)
            assert ("Rauschen" in said) == ("Drift" in said) == (code == "de")
            assert ("الضجيج" in said) == bool(SCRIPTS["ar"].search(said)) == (code == "ar")
            assert item in lead(at)


def test_threads_speak_each_their_own_language() -> None:
    wrong: list[str] = []
    all_speak = threading.Barrier(10)
    words = {"en": "Neighbors", "de": "Nachbarn", "ar": "الجيران", "zh": "近邻", "hi": "पड़ोसी"}

    def speaker(code: str) -> None:
        speak(code)
        all_speak.wait(30)
        wrong.extend(said for _ in range(500) if (said := say("Neighbors")) != words[code])

    threads = [threading.Thread(target=speaker, args=(code,)) for code in [*words, *words]]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert wrong == []


def test_a_run_of_a_part_of_the_page_speaks_the_language_of_the_visit() -> None:
    """A fragment runs in a thread of its own, without the frame that chooses."""

    def script() -> None:
        import streamlit as st

        from components.parts.spoken import say, speak

        if "seen" not in st.session_state:
            st.session_state["seen"] = True
            speak("de")
        st.caption(say("Neighbors"))

    at = AppTest.from_function(script)
    assert [one.value for one in (*at.run().caption, *at.run().caption)] == ["Nachbarn", "Nachbarn"]


@pytest.mark.parametrize("code", ["en", "ar"])
@pytest.mark.parametrize("page", ["pages/1_Neighbors.py", "pages/2_Map.py", "pages/3_Drift.py"])
def test_a_name_that_looks_like_a_field_is_a_name(
    page: str, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ISOGLOSS_HOME", str(tmp_path))
    save_named(Workspace(tmp_path), FIELDS)
    for item in FIELDS[1:3]:
        at = visit(page, collection=NAME, item=item, lang=code)
        assert item in html_of(at)
        assert "class &#x27;" not in html_of(at)


def test_an_option_is_chosen_in_german_and_stands_in_english_in_the_address() -> None:
    at = visit("pages/2_Map.py", item="climate", lang="de")
    box = next(one for one in at.selectbox if one.label == "Karten")
    assert box.options == ["nebeneinander", "nacheinander", "zusammen"]
    box.set_value("in sequence").run()
    assert at.query_params["view"] == "in sequence"
    assert next(one for one in at.selectbox if one.label == "Karten").value == "in sequence"
    english = visit("pages/2_Map.py", item="climate", view="in sequence")
    assert next(one for one in english.selectbox if one.label == "Maps").value == "in sequence"
