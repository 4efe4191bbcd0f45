"""The page Pairs: the demo opens at once, its link replays a row, files of one's own, and what is none."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import csv

from isogloss.notebook.ledger import FILE, Ledger
from isogloss.notebook.rules import Rule, apply
from isogloss.rewriting.chosen import reasons_csv
from isogloss.rewriting.pairs import Pairs
from isogloss.rewriting.profile import Failure
from isogloss.workspace.store import Workspace
from tests.kit.pages import html_of, table_of, visit

PAGE = "pages/10_Pairs.py"
HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ISOGLOSS_HOME", str(tmp_path))


def test_the_demo_opens_with_its_finding_and_its_key() -> None:
    page = visit(PAGE)
    html = html_of(page)
    assert "33 of 120 pairs lost or changed a protected span; 4 were not translated at all" in html
    assert "not checked by native speakers" in html
    assert "Of 40 faults planted, 40 were found and 0 missed" in html
    assert 'class="iso-pair"' in html
    page.selectbox(key="kind").set_value("added").run()
    assert len(table_of(page, "what went wrong")) == 3


def test_a_link_replays_a_row_and_a_broken_one_says_so() -> None:
    page = visit(PAGE, kind="changed", row="68", by="language")
    html = html_of(page)
    assert "Row 68" in html
    assert 'dir="auto"' in html
    assert "الطاحونة" in html
    broken = visit(PAGE, kind="bogus", row="x", profile="none")
    assert "33 of 120" in html_of(broken)
    assert {"kind", "row", "profile"} <= {one.value.split(" = ")[0] for one in broken.code}
    free = visit(PAGE, profile="free")
    assert "pairs repeat another" in html_of(free)


def test_a_file_of_ones_own_is_read_and_its_text_stays_text() -> None:
    page = visit(PAGE)
    rows = f"source,target\nOpen {{x}},{HOSTILE} Öffne\nGo 5,Geh 5\n"
    page.file_uploader(key="pairs-files").upload("mine.csv", rows.encode(), "text/csv").run()
    html = html_of(page)
    assert not page.exception
    assert "1 of 2 pairs lost or changed" in html
    assert "<img" not in html
    assert "&lt;img src=x" in html


@pytest.mark.parametrize("data", [b"\0\1\2\3", b"{", b"a", b"", b"<xliff><file>"])
def test_nonsense_is_an_error_in_words(data: bytes) -> None:
    page = visit(PAGE)
    page.file_uploader(key="pairs-files").upload("mine.csv", data, "text/csv").run()
    assert not page.exception
    assert 'class="iso-error"' in html_of(page)


@pytest.mark.parametrize(
    ("task", "finding"),
    [
        ("Switch", "switching entities moves a sentence less than as many random words"),
        ("Etymology", "The language changes in 5 of 12 sentences, 16 times; 2 words are mixed within"),
        ("Consistency", "An item's vectors agree with its English one by 0.66"),
    ],
)
def test_each_task_opens_on_our_own_set_with_its_finding_and_is_kept(task: str, finding: str) -> None:
    page = visit(PAGE, task=task)
    assert finding in html_of(page)
    assert not page.exception
    page.button(key=f"keep-Pairs{task}").click().run()
    assert not page.exception
    assert 'class="iso-error"' not in html_of(page)
    case = Ledger(Workspace().root / FILE).cases()[0]
    assert case.command[0] == task.lower()
    assert case.figures


def test_a_task_is_filtered_and_its_row_opened_by_the_address() -> None:
    words = visit(PAGE, task="Etymology", only="mixed", row="11", when="arabic")
    assert table_of(words, "MIXED")["MIXED"].tolist() == ["iddawnlowdja", "iċċekkjajt"]
    assert "iċċekkjajt ال website تاع ال bank" in html_of(words)
    german = visit(PAGE, task="Switch", language="de", order="english-first", form="plain")
    assert set(table_of(german, "variant")["language"].tolist()) == {"de"}
    broken = visit(PAGE, task="Juggle", only="x")
    assert "33 of 120" in html_of(broken)
    assert "task" in {one.value.split(" = ")[0] for one in broken.code}


def test_tasks_take_files_and_say_what_is_wrong_with_them() -> None:
    page = visit(PAGE, task="Etymology", words="script")
    page.file_uploader(key="words-files").upload(
        "a.txt", f"the дом is ноутbook\n{HOSTILE}\n".encode(), "text/plain"
    ).run()
    html = html_of(page)
    assert "The language changes in 1 of 2 sentences, 3 times; 1 word is mixed within" in html
    assert "<img" not in html
    page.selectbox(key="words").set_value("origin").run()
    assert 'class="iso-error"' in html_of(page)  # nothing is trained here
    page = visit(PAGE, task="Consistency", holds="vectors")
    page.file_uploader(key="items-files").upload("a.csv", b"item,language\na,en\n", "text/csv").run()
    assert not page.exception
    assert 'class="iso-error"' in html_of(page)
    page = visit(PAGE, task="Switch")
    page.file_uploader(key="switch-files").upload("a.txt", b"The moon is up\n", "text/plain").run()
    assert "Bring both" in html_of(page)
    page.file_uploader(key="switch-entities").upload("e.csv", b"entity,de,fr\nmoon,Mond,lune\n", "text/csv").run()
    assert "2 variants of 1 sentence in 2 languages" in html_of(page)


def test_a_row_and_a_rule_of_ones_own_file_are_kept() -> None:
    page = visit(PAGE)
    rows = "source,target,by whom\nOpen {x},Öffne {y},O'Hara\nGo 5,Geh 6,b\nSee it,Sieh es,b\n"
    page.file_uploader(key="pairs-files").upload("mine.csv", rows.encode(), "text/csv").run()
    page.selectbox(key="by").set_value("by whom").run()
    page.selectbox(key="of").set_value("O'Hara").run()
    page.button(key="pairs-keep-row").click().run()
    page.button(key="pairs-keep-rule").click().run()
    assert not page.exception
    rule, row = Ledger(Workspace().root / FILE).cases()
    assert row.lines == ("Open {x}", "Öffne {y}")
    assert row.title.startswith("row 2 of mine.csv")
    assert row.command == ()
    assert rule.rule == "`by whom` = 'O\\'Hara'"
    assert rule.figures[0].value == pytest.approx(1 / 3)
    pairs = Pairs("", ["Open {x}"], ["Öffne {y}"], {"by whom": ["O'Hara"]})
    table = csv.read_csv(pa.BufferReader(reasons_csv(pairs, {0: [Failure(0, "changed", "placeholder")]})[3:]))
    assert apply(Rule(rule.rule), table).tolist() == [True]
