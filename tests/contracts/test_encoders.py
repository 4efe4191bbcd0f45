"""What every kind of encoder keeps to; and one new file is a new kind."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from isogloss.encoders.encoder import ENCODERS, model_of, offered_models, open_encoder
from isogloss.errors import InvalidValue, needs
from isogloss.places import ROOT
from tests.kit.copied import copied_tree, run_in

TEXTS = ["bread and water", "хлеб", "", "東京"]
LAST = "sentence-transformers"  # takes any name


@pytest.mark.parametrize("name", ENCODERS.names)
def test_each_says_what_it_is(name: str) -> None:
    one = ENCODERS[name]
    assert one.name == name
    assert one.title
    assert one.help
    assert one.models or one.asks or name == "universal"  # an extra that may be absent
    assert bool(one.asks) == bool(one.example)


@pytest.mark.parametrize("name", ENCODERS.names)
def test_each_claims_its_own_models_and_nobody_elses(name: str) -> None:
    own = [*ENCODERS[name].models, *filter(None, [ENCODERS[name].example])]
    assert all(map(ENCODERS[name].claims, own))
    for other in ENCODERS:
        if other not in (name, LAST):
            assert not any(map(ENCODERS[other].claims, own))


@pytest.mark.parametrize("model", ["", *offered_models()])
def test_what_is_offered_encodes(model: str) -> None:
    encoder, told = open_encoder(model), list[tuple[float, float | None]]()
    vectors = encoder.encode(TEXTS, lambda what, share, number=None: told.append((share, number)))
    assert vectors.shape == (len(TEXTS), encoder.dim)
    assert vectors.dtype == np.float32
    assert np.isfinite(vectors).all()
    np.testing.assert_array_equal(vectors, open_encoder(model).encode(TEXTS))
    assert told[-1][0] == 1
    assert encoder.pieces(TEXTS[0])
    if model:
        assert model_of(encoder.name) == model


def test_an_encoder_that_is_not_ours_is_none_of_the_offered() -> None:
    assert model_of("") is None
    assert model_of("owner/name") is None


@pytest.mark.parametrize("package", ["sentence_transformers", "torch", "huggingface_hub"])
def test_a_package_that_is_missing_is_said_with_its_line(package: str) -> None:
    """In a process of its own: what was imported without torch stays so."""
    code = (
        f"import sys; sys.modules[{package!r}] = None\n"
        "from isogloss.encoders.encoder import open_encoder\n"
        "from isogloss.errors import InvalidValue\n"
        "try: open_encoder('owner/name')\n"
        "except InvalidValue as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == f'{package} is not installed: pip install "isogloss[encoders]"'


def test_a_line_of_another_extra() -> None:
    with (
        pytest.raises(InvalidValue, match=r'nowhere is not installed: pip install "isogloss\[build\]"'),
        needs("build"),
    ):
        import nowhere.at_all  # noqa: F401


COUNTED = """
import numpy as np

from isogloss.progress import silent


class Letters:
    name, dim = "letters-26", 26

    def pieces(self, text):
        return list(text)

    def encode(self, texts, progress=silent):
        return np.array([[1 + t.count(chr(97 + i)) for i in range(26)] for t in texts], dtype=np.float32)


class Counted:
    name, title, help, asks, example = "counted", "letters", "how often each letter stands in a text", "", ""
    models = {"letters": "letters, counted"}

    def claims(self, model):
        return model == "letters"

    def open(self, model):
        return Letters()

    def model_of(self, encoder):
        return "letters" if encoder == "letters-26" else None


member = Counted()
"""
PANEL = """
from streamlit.testing.v1 import AppTest
panel = "from components.separation.encode_panel import encode_panel; encode_panel()"
at = AppTest.from_string(panel, default_timeout=180).run()
assert not at.exception, at.exception
print(at.selectbox(key="encode-model").options)
"""


@pytest.mark.long
def test_one_new_file_is_a_new_encoder(tmp_path: Path) -> None:
    root = copied_tree(tmp_path)
    (root / "isogloss" / "encoders" / "kinds" / "counted.py").write_text(COUNTED, "utf-8")
    (tmp_path / "texts.txt").write_text("abc\nbread\n", "utf-8")
    arguments = f"encode {tmp_path / 'texts.txt'} --model letters --into mine --space s --json".split()
    done = run_in(root, "-m", "isogloss", *arguments, home=tmp_path / "home")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["dim"] == 26
    page = run_in(root, "-c", PANEL, home=tmp_path / "home")
    assert page.returncode == 0, page.stderr
    assert "letters, counted" in page.stdout
