"""The pages Teach and Imbalance: a finding at once, a link with values that never were, nonsense for a recipe."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from isogloss.errors import InvalidValue
from isogloss.heads.kept import SHIPPED, kept_lessons
from isogloss.heads.recipe import read_teach
from isogloss.sentences.reports import LayerReports
from isogloss.spaces.collection import Collection
from isogloss.spaces.space import Space
from isogloss.workspace.store import Workspace
from tests.kit.pages import html_of, table_of, visit

TEACH, IMBALANCE = "pages/12_Teach.py", "pages/13_Imbalance.py"


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ISOGLOSS_HOME", str(tmp_path))


def test_teach_opens_with_a_finding_its_control_and_its_figures() -> None:
    page = visit(TEACH)
    html = html_of(page)
    assert "On 8 languages that were held out (Hindi, French, Chinese …): a gain of 0.022 MRR" in html
    assert "Shuffled pairs: no gain" in html
    table = table_of(page, "code")
    called = dict(zip(table["code"], table["language"], strict=True))
    assert {"hi": "Hindi", "om": "Oromo", "tn": "Tswana"}.items() <= called.items()
    whole = html_of(visit(TEACH, lesson="e5-last-layers"))
    assert "On 8 languages that were held out (Hindi, French, Chinese …): a gain of 0.070 MRR" in whole
    assert "Shuffled pairs: a loss of 0.019 MRR" in whole
    assert "On 3 languages that were held out (Sicilian, Bhojpuri, Ligurian): no gain" in html_of(
        visit(TEACH, lesson="shipped-encoder")
    )
    heads = visit(TEACH, lesson="e5-two-heads")
    assert "On 2 languages that were held out (French, Finnish): a gain of 0.325 MRR" in html_of(heads)
    assert {"partners found from the pivot, P@1", "lines found from the pivot, P@1", "lines found, P@1"} <= set(
        table_of(heads, "better is")["measure"]
    )
    broken = visit(TEACH, lesson="<img src=x>", measure="BLEU")
    assert "On 8 languages that were held out" in html_of(broken)
    assert {"lesson", "measure"} <= {one.value.split(" = ")[0] for one in broken.code}


def test_two_heads_show_what_is_known_of_their_banks_and_the_way_to_their_map(tmp_path: Path) -> None:
    told = json.loads((SHIPPED / "e5-head.json").read_text())
    none = {"value": None, "n": 160, "low": None, "high": None, "null": None}
    known = none | {"value": 0.25, "low": 0.2, "high": 0.3}
    banks = {"before": none, "after": known, "control": known, "gain": none, "control_gain": none}
    said = {"said": "separation of the two banks η² is 0.250; before, the two share no space", "control_said": "0.250"}
    told["measures"] = {"banks": banks | said}
    told["head"]["kind"] = "two heads over unpaired banks, 24 + 32 dimensions"
    told["recipe"] = "two.toml"
    workspace = Workspace(tmp_path)
    (workspace.root / "uploads").mkdir(parents=True)
    (workspace.root / "uploads" / "two.toml").write_text("")
    kept_lessons(workspace).save("two", told)
    page = visit(TEACH, lesson="two")
    assert "before, the two share no space" in html_of(page)
    row = table_of(page, "better is").iloc[0]
    assert (row["measure"], row["after"], row["better is"]) == ("separation of the two banks η²", 0.25, "less")
    assert "Make maps before and after" in [one.label for one in page.button]
    assert "of two banks that have other dimensions there is no before" in html_of(page).lower()
    told["maps"] = {"collection": "two-maps", "items": 2, "left_out": "before, <b>since</b>"}
    kept_lessons(workspace).save("two", told)
    workspace.save(Collection("two-maps", (Space("after", ("a", "b"), np.eye(2, dtype=np.float32)),), "two"))
    page = visit(TEACH, lesson="two")
    assert "Left out: before, &lt;b&gt;since" in html_of(page)
    assert "Make maps before and after" not in [one.label for one in page.button]
    told["maps"] = {"collection": "two-maps", "items": 2}
    kept_lessons(workspace).save("two", told)
    ways = {one.proto.label: one.proto for one in visit(TEACH, lesson="two").get("page_link")}
    assert (
        ways["Before and after on the map"].query_string == "collection=two-maps&view=in+sequence"
    )  # they morph there


def test_imbalance_opens_with_a_finding_and_says_what_it_cannot_show() -> None:
    page = visit(IMBALANCE)
    html = html_of(page)
    assert "Without shared words" in html
    assert "Static vectors have one vector a word" in html
    assert len(table_of(page, "shared words")) == 9
    small = html_of(visit(IMBALANCE, grid="un-small-transformer"))
    assert "In a small transformer, without shared words a word and its clone have the cosine" in small
    broken = visit(IMBALANCE, grid="none", measure="x", tokens="7")
    assert "Without shared words" in html_of(broken)
    assert {"grid", "measure"} <= {one.value.split(" = ")[0] for one in broken.code}


def test_a_grid_leads_to_the_layers_of_its_models_on_sentences(tmp_path: Path) -> None:
    page = visit(IMBALANCE, grid="un-small-transformer")
    layers = table_of(page, "layer")
    assert len(layers) == 4 * 2 * 3  # points, measures, layers
    assert (layers["low"] <= layers["value"]).all()
    page.selectbox(key="imbalance-point").set_value("share 0.1, 30% of the words shared").run()
    (way,) = [one.proto for one in page.get("page_link") if one.proto.label == "Layers on Sentences"]
    assert way.query_string == "report=un-small-transformer-p0.1-a0.3"
    assert way.page == "Sentences"
    shipped = visit(
        "pages/6_Sentences.py", report="un-small-transformer-p0.1-a0.3", measure="precision", language="clone"
    )
    said = re.sub("<[^>]+>", "", html_of(shipped))
    assert re.search(r"\d+% \(\d+% to \d+%\) of the sentences of clone find their own by layer 2", said)
    assert re.search(r"of shuffled clone, the control, \d+%\.", said)
    assert "P@1: <b>0." in html_of(shipped)
    assert "are not shipped with these figures" in html_of(shipped)
    # One's own of the same name goes before what is shipped, and its model may be used, since it was made here.
    workspace = Workspace(tmp_path)
    reports = LayerReports(workspace)
    told = dict(reports.read("un-small-transformer-p0.1-a0.3"))
    folder = workspace.root / "models" / "un-small-transformer-p0.1-a0.3"
    folder.mkdir(parents=True)
    texts = {name: {"0": f"{name} one", "1": f"{name} two"} for name in ("original", "clone", "shuffled clone")}
    lost = {"clone": {"2": [[1, 2, 0, 0.5, 0.6]]}}
    reports.save(folder.name, told | {"asked": {"model": str(folder)}, "texts": texts, "failures": lost})
    own = visit("pages/6_Sentences.py", report=folder.name, language="clone", cell="2")
    assert table_of(own, "confused with")["text"].tolist() == ["clone two"]
    assert "Send layer 2 to Map" in [one.label for one in own.button]
    elsewhere = told | {"asked": {"model": str(folder.parent / ".." / "derived")}, "texts": texts, "failures": lost}
    reports.save(folder.name, elsewhere)
    own = visit("pages/6_Sentences.py", report=folder.name, language="clone", cell="2")
    assert "Send layer 2 to Map" not in [one.label for one in own.button]


def test_a_model_that_is_taught_lies_below_an_allowed_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from components.heads.panel import _model

    (tmp_path / "words.csv").write_text("en,de\none,eins\n")
    path = tmp_path / "recipe.toml"
    path.write_text(f'[vectors]\nwords = "words.csv"\n[pairs]\nfile = "words.csv"\n[model]\nfolder = "{tmp_path}"')
    monkeypatch.delenv("ISOGLOSS_DATA_ROOTS", raising=False)
    with pytest.raises(InvalidValue, match="is not below an allowed folder"):
        _model(read_teach(path))
    monkeypatch.setenv("ISOGLOSS_DATA_ROOTS", str(tmp_path))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert _model(read_teach(path)) == ""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: name)
    assert "on one core" in _model(read_teach(path))


@pytest.mark.parametrize(("page", "key"), [(TEACH, "teach"), (IMBALANCE, "imbalance")])
def test_a_recipe_of_nonsense_is_an_error_in_words_and_names_no_file_of_the_server(page: str, key: str) -> None:
    at = visit(page)
    for text in ("[", "<img src=x onerror=alert(1)>", "[training]\nrate = 'x'", "[corpus]\n[vectors]\ncollection = 7"):
        at.text_area(key=f"{key}-recipe").set_value(text).run()
        assert not at.exception
        assert "iso-error" in html_of(at)
        assert "<img" not in html_of(at)
    table = "vectors" if key == "teach" else "corpus"
    at.text_area(key=f"{key}-recipe").set_value(f'[{table}]\nfile = "/etc/passwd"').run()
    assert not at.exception
    assert "Bring the files that it names" in html_of(at)
    assert not [one for one in at.button if one.label in ("Teach", "Train")]
