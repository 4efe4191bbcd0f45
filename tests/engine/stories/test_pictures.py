"""Frozen pictures: sound XML whatever a word is, labels that do not lie on each other, noise in grey."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from isogloss.notebook.view import View
from isogloss.stories.pictures import Dot, cloud, dots, lists, way
from isogloss.stories.story import Beat
from isogloss.stories.svg import width_of
from tests.hostile.names.payloads import PAYLOADS

NASTY = [*PAYLOADS[:12], "\x00\x1b", "\ud800", "]]>", "مرحبا", "気候変動", "x" * 5_000, "\ufffe", "&amp;"]
_SVG = "{http://www.w3.org/2000/svg}"


def drawn(words: list[str]) -> list[str]:
    near = {word: [(other, 0.5) for other in words] for word in words[:4]}
    points = [(word, space, float(i), float(i * j % 7)) for j, space in enumerate("ab") for i, word in enumerate(words)]
    return [
        lists(near, words[0]),
        dots([Dot(word, 0.5, 0.4, 0.6, 0.1, said=word) for word in words], words[1], axis=words[2]),
        way(words[0], ["a", "b"], points, told=words[0], near={"a": words, "b": words}),
        cloud(
            np.random.default_rng(0).normal(size=(99, 2)).astype(np.float32),
            ["g"] * 99,
            named={"g": words[0]},
            told="t",
        ),
    ]


@pytest.mark.parametrize("at", range(0, len(NASTY), 4))
def test_a_picture_is_sound_and_holds_words_as_text(at: int):
    for picture in drawn([*NASTY[at:], *NASTY[:at]]):
        root = ET.fromstring(picture)
        assert {one.tag.removeprefix(_SVG) for one in root.iter()} <= {"svg", "style", "text", "path", "circle", "rect"}
        assert not [key for one in root.iter() for key in one.attrib if key.startswith("on") or "href" in key]
        assert Beat(View(""), picture=picture).picture_source.startswith("data:image/svg+xml;base64,")
        assert len(picture) < 60_000


def test_what_is_not_told_from_noise_is_grey_and_lies_where_it_says():
    root = ET.fromstring(dots([Dot("a", 1.0, noise=0.5), Dot("b", 0.25, sure=False)], "t", axis="x", most=1.0))
    sure, grey = root.iter(f"{_SVG}circle")
    assert (sure.get("class"), grey.get("class")) == ("dot", "grey")
    bar = next(root.iter(f"{_SVG}rect"))
    left, wide = float(bar.get("x", 0)), float(bar.get("width", 0))
    assert float(sure.get("cx", 0)) == pytest.approx(left + 2 * wide, abs=0.2)
    assert float(grey.get("cx", 0)) == pytest.approx(left + wide / 2, abs=0.2)


def test_labels_of_a_way_do_not_lie_on_each_other():
    rng = np.random.default_rng(3)
    points = [(f"word{i}", "s", *rng.normal(size=2).tolist()) for i in range(60)]
    picture = way("word0", ["s"], points, told="t", near={"s": [f"word{i}" for i in range(60)]})
    boxes = [
        (float(x), float(y) - 21, float(x) + width_of(text), float(y))
        for x, y, text in re.findall(r'<text x="([\d.]+)" y="([\d.]+)"[^>]*>([^<]*)<', picture)
    ]
    assert 15 < len(boxes) < 61
    for i, a in enumerate(boxes):
        for b in boxes[:i]:
            assert a[2] <= b[0] + 1 or a[0] >= b[2] - 1 or a[3] <= b[1] or a[1] >= b[3]
