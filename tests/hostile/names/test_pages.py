"""No name that a person gives is read as anything but text, on any page, in any picture, address or file."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from streamlit.testing.v1 import AppTest

from components.parts.markdown import as_written, plain
from components.parts.tables import to_csv
from isogloss.workspace.store import Workspace
from tests.hostile.names.named import CASE, NAME, save_named, save_told
from tests.hostile.names.payloads import MARK, PAYLOADS
from tests.hostile.names.shown import fault, texts_of
from tests.kit.pages import opened, visit
from tests.kit.tiers import cases

NEIGHBORS, MAP, DRIFT = "pages/1_Neighbors.py", "pages/2_Map.py", "pages/3_Drift.py"
SCRIPTS, ALIGN, DATA = "pages/4_Scripts.py", "pages/5_Align.py", "pages/9_Data.py"
SENTENCES, NOTEBOOK, STORIES, PAIRS = (
    f"pages/{name}.py" for name in ("6_Sentences", "7_Notebook", "8_Stories", "10_Pairs")
)
VOCABULARY, TEACH, IMBALANCE, ATLAS = (
    f"pages/{name}.py" for name in ("11_Vocabulary", "12_Teach", "13_Imbalance", "14_Atlas")
)
REFUSES = (SENTENCES, PAIRS, VOCABULARY, TEACH, IMBALANCE, ATLAS)  # what is no choice of theirs is not even shown
_EACH = 6  # fewer than eight spaces stand in pills
CHUNKS = [PAYLOADS[at : at + _EACH] for at in range(0, len(PAYLOADS) - _EACH + 1, _EACH)]


@pytest.fixture(autouse=True)
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("ISOGLOSS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ISOGLOSS_DATA_ROOTS", str(tmp_path / "data"))
    (tmp_path / "data").mkdir()
    return Workspace(tmp_path / "home")


def check(at: AppTest) -> int:
    """How many texts hold a payload; none of them is read as anything else."""
    assert not at.exception, [e.value for e in at.exception]
    found = list(texts_of(at))
    faults = [said for reader, text in found if (said := fault(reader, text))]
    assert not faults, "\n".join(faults)
    return len(found)


def addresses(payloads: tuple[str, ...]) -> Iterator[tuple[str, dict[str, str]]]:
    """Every page in every of its ways, with the collection named, and words that are payloads."""
    first, second, here = payloads[0], payloads[1], {"collection": NAME}
    yield "app.py", {}
    yield NEIGHBORS, here | {"item": second, "lines": "true", "spellings": "true", "space": first}
    yield MAP, here | {"item": first, "colour": first}
    yield DRIFT, here | {"item": second, "second": first}
    yield SCRIPTS, here | {"item": first, "by": "language", "stage": second}
    ends = {"source": f"{NAME}/{first}", "target": f"{NAME}/{second}", "anchors": "identical strings"}
    for view in ("Errors", "Diagnostics", "Map", "Keep"):
        yield ALIGN, ends | {"view": view, "methods": "Procrustes"}
    yield DATA, {"do": "Your collections"}
    yield from newer(first, second)


def newer(first: str, second: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The pages of models, papers, cases and stories; cases and stories are named, too."""
    yield SENTENCES, {"report": first, "against": second, "sort": first, "script": second, "measure": first}
    yield PAIRS, {"task": first, "profile": second}
    yield VOCABULARY, {"view": "Nursery", "outside": first, "texts": second}
    yield TEACH, {"lesson": first, "measure": second}
    yield IMBALANCE, {"grid": first, "measure": second}
    yield ATLAS, {"catalogue": first, "section": second, "title": first, "paper": second, "level": first}
    yield NOTEBOOK, {"tag": first, "find": second[:8], "page": first}
    yield NOTEBOOK, {"case": CASE}
    yield NOTEBOOK, {"view": "Rules", "case": second}
    yield STORIES, {}
    yield STORIES, {"story": "named"}
    yield STORIES, {"story": "named", "present": "true", "beat": "1"}
    yield STORIES, {"add": first}


@pytest.mark.long
@pytest.mark.parametrize("payloads", CHUNKS[: cases(len(CHUNKS), least=1)], ids=lambda some: some[0][:20])
def test_every_page_shows_names_as_they_are(workspace: Workspace, payloads: tuple[str, ...]) -> None:
    save_named(workspace, payloads)
    save_told(workspace, payloads)
    for page, address in addresses(payloads):
        at = opened(visit(page, **address), "how", "cite")
        names_nothing = page in REFUSES or "present" in address or address.get("view") == "Rules"
        assert check(at) >= (0 if names_nothing else 1), (page, address)


def test_spaces_that_are_not_aligned_nor_ordered_are_shown_as_they_are(workspace: Workspace) -> None:
    save_named(workspace, PAYLOADS[:3], aligned=False, ordered=False)
    for page in (NEIGHBORS, MAP, DRIFT, SCRIPTS):
        check(visit(page, collection=NAME))
    two = visit(MAP, collection=NAME)
    assert [box.options for box in two.multiselect] == [list(PAYLOADS[:3])]


def test_home_opens_on_a_collection_of_ones_own(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Workspace.__init__, "__defaults__", (None, workspace.root / "shipped", None))
    save_named(Workspace(workspace.root), PAYLOADS[1:4])
    assert check(visit("app.py")) >= 3


def test_spaces_are_still_chosen_by_their_names(workspace: Workspace) -> None:
    save_named(workspace, PAYLOADS[:3])
    at = visit(MAP, collection=NAME)
    at.multiselect(key="spaces").set_value([PAYLOADS[1]]).run()
    check(at)
    assert at.multiselect(key="spaces").value == [PAYLOADS[1]]
    at = visit(SCRIPTS, collection=NAME, stage=PAYLOADS[0])
    assert at.selectbox(key="stage").value == PAYLOADS[0]


@pytest.mark.parametrize("payload", PAYLOADS[:6])
def test_an_address_is_shown_as_it_is(workspace: Workspace, payload: str) -> None:
    save_named(workspace, PAYLOADS[6:9])
    keys = ("collection", "item", "space", "criterion", "from", "to", "spaces", "colour", "view", "stage", "by")
    for page in (NEIGHBORS, MAP, DRIFT, SCRIPTS)[: cases(4, least=1)]:
        check(visit(page, **dict.fromkeys(keys, payload)))
        check(visit(page, **{"collection": NAME, "item": payload, "second": payload, "pattern": payload}))
    check(visit(ALIGN, source=payload, target=payload, anchors=payload, methods=payload, view=payload))
    check(visit(DATA, do=payload))


def test_files_and_their_columns_are_shown_as_they_are(workspace: Workspace) -> None:
    data, name = workspace.root.parent / "data", f"![{MARK}](x) **{MARK}** $x$ <b> :smile:"
    values = {PAYLOADS[0]: ["one two three"] * 3, PAYLOADS[1]: list(PAYLOADS[:3]), "author": list("abc")}
    pq.write_table(pa.table(values), data / f"{name}.parquet")
    numbers = {PAYLOADS[0]: ["a", "b"], PAYLOADS[1]: ["c", "d"], "v": [[1.0, 2.0]] * 2, "u": [[1.0, 3.0]] * 2}
    pq.write_table(pa.table(numbers), data / f"{name}2.parquet")
    (data / f"{name}.vec").write_text(f"3 2\n{MARK}*a* 1 2\n{MARK}<b> 3 4\n{MARK}<b> 5 6\n", encoding="utf-8")
    with zipfile.ZipFile(data / f"{name}.zip", "w") as packed:
        for part in ("one.csv", "two.csv"):
            packed.writestr(part, "text,year\na b,1900\nc d,1950\n")
    given = {"Import vectors": (".vec", "2.parquet"), "Build from texts": (".parquet", ".zip")}
    for do, ending in ((do, ending) for do, endings in given.items() for ending in endings):
        at = visit(DATA, do=do)
        at.text_area[0].set_value(str(data / f"{name}{ending}")).run()
        assert check(at) >= 1


@pytest.mark.parametrize("payload", PAYLOADS)
def test_every_sign_of_a_label_stands_for_itself(payload: str) -> None:
    assert fault("markdown", plain(payload)) is None
    assert "\n" not in plain(payload)
    if as_written(payload):
        assert fault("markdown", payload) is None


@pytest.mark.parametrize("name", ["1946-1969", "East", "Über den Fluß", "東京 (2)", "a, b; c", "50%", "don't", "v1.2"])
def test_usual_names_stay_in_pills(name: str) -> None:
    assert as_written(name)


FORMULAS = ["=1", "+1", "-1", "@a", "\t=1", " =1", "\n=1", "＝1", "＋1", "－1", "＠a", "|x", "%x"]


@pytest.mark.parametrize("payload", [*PAYLOADS, *FORMULAS])
def test_no_cell_and_no_heading_of_a_download_begins_a_formula(payload: str) -> None:
    strings = pa.array([payload, "b"])
    for column in (strings, strings.cast(pa.large_string()), strings.dictionary_encode()):
        written = to_csv(pa.table({payload: column})).decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(written)))
        assert len(rows) == 3
        for cell in (rows[0][0], rows[1][0]):
            assert not cell.lstrip().startswith(tuple("=+-@|%＝＋－＠"))
            assert cell.removeprefix("'") == payload
