"""Changing a model as a person does: fewer tokens, looked at, written, taken home and opened; a head taught live,
stopped, gone on with, held against its control, and kept.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from isogloss.vocabulary.model import open_model
from tests.browser.conftest import served
from tests.kit import tokenizers_
from tests.kit.patient import settled, taken

SLOW = 60_000
RECIPE = """[vectors]
file = "v.npz"
[pairs]
file = "words.csv"
[training]
held_out_languages = ["fr"]
pivot = "en"
constraints = []
rate = 0.01
batch = 32
epochs = 90
patience = 90
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("change")


@pytest.fixture(scope="module")
def change_app(home: Path) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ISOGLOSS_DATA_ROOTS", str(home / "given"))
        with served(home / "workspace") as (address, _):
            yield address


def opened(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator(".iso-lead")).to_be_visible(timeout=SLOW)


def test_a_model_is_trimmed_written_taken_home_and_opened(page: Page, home: Path, change_app: str) -> None:
    folder = tokenizers_.model("unigram", home / "given")
    opened(page, f"{change_app}/Vocabulary?view=Trim")
    page.get_by_label("Folder of a model").fill(str(folder))
    page.keyboard.press("Enter")
    lead = page.locator(".iso-lead")
    expect(lead).to_contain_text("of 401 tokens", timeout=SLOW)
    before = _share(lead.inner_text())
    slider = page.get_by_role("slider", name="Tokens kept, the most frequent")
    slider.focus()
    for _ in range(4):
        page.keyboard.press("PageDown")
    page.keyboard.press("Tab")
    expect(lead).not_to_contain_text(f"cuts {before}%", timeout=SLOW)
    assert _share(lead.inner_text()) < before
    expect(page.get_by_text("Of a word's 10 nearest")).to_be_visible()
    expect(page.get_by_text("Sentences are compared when the model is written")).to_be_visible()
    page.get_by_role("button", name="Write the model").click()
    expect(page.get_by_text("Equal to the bit: 100%")).to_be_visible(timeout=SLOW)
    with zipfile.ZipFile(taken(page, page.get_by_role("button", name="Download the model"))) as packed:
        packed.extractall(home / "taken")
    again = open_model(str(home / "taken"))
    kept = len(again.subwords)
    assert f"With {kept:,} of 401 tokens" in lead.inner_text()
    assert again.tables is not None
    assert again.tables.rows == kept
    from sentence_transformers import SentenceTransformer

    assert SentenceTransformer(str(home / "taken"), device="cpu").encode(["a word"]).shape == (1, 16)


def _share(said: str) -> int:
    return int(said.split(" cuts ")[1].split("%")[0])


def test_a_head_is_taught_stopped_gone_on_with_compared_and_kept(page: Page, home: Path, change_app: str) -> None:
    rng, n = np.random.default_rng(5), 900
    meanings = rng.normal(size=(n, 16))
    vectors = [np.hstack([meanings + 0.1 * rng.normal(size=(n, 16)), 3 * rng.normal(size=(n, 48))]) for _ in range(3)]
    names = ("en", "de", "fr")
    np.savez(
        home / "v.npz",
        items=[f"{name}{i}" for name in names for i in range(n)],
        languages=np.repeat(names, n),
        vectors=np.concatenate(vectors).astype(np.float32),
    )
    rows = "\n".join(",".join(f"{name}{i}" for name in names) for i in range(n))
    (home / "words.csv").write_text(f"en,de,fr\n{rows}\n", encoding="utf-8")
    opened(page, f"{change_app}/Teach")
    page.get_by_text("Teach a head, or a model").click()
    expect(page.get_by_text("1,743,104 parameters")).to_be_visible()
    page.locator('[data-testid="stFileUploaderDropzone"] input').set_input_files([home / "v.npz", home / "words.csv"])
    expect(page.get_by_text("words.csv", exact=True).first).to_be_visible(timeout=SLOW)
    page.get_by_label("Recipe").fill(RECIPE)
    page.keyboard.press("Control+Enter")
    button = page.get_by_role("button", name="Teach", exact=True)
    expect(button).to_be_enabled(timeout=SLOW)
    settled(page)
    button.click()
    expect(page.get_by_text("teaching: teaching, development MRR")).to_be_visible(timeout=SLOW)  # live
    expect(page.get_by_text("the control: ")).to_be_visible(timeout=SLOW)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Cancelled; nothing was changed.")).to_be_visible(timeout=SLOW)
    derived = home / "workspace" / "derived" / "heads"
    first = {path.name: path.stat().st_mtime_ns for path in derived.iterdir()}
    assert first  # the teaching by the pairs had ended, and is not repeated
    settled(page)
    button.click()
    lead = page.locator(".iso-lead")
    expect(lead).to_contain_text("On a language that was held out (French): a gain of", timeout=SLOW)
    expect(page.get_by_text("Shuffled pairs: no gain")).to_be_visible()
    assert all((derived / name).stat().st_mtime_ns == at for name, at in first.items())
    kept = json.loads((home / "workspace" / "heads" / "my-lesson.json").read_text(encoding="utf-8"))
    assert kept["kind"] == "linear"
    assert (home / "workspace" / "lessons" / "my-lesson.json").is_file()
    expect(page.get_by_role("button", name="Make maps before and after")).to_be_visible()
