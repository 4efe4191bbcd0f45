"""The cells of Etymology: as wide as their words, on as many lines as they need."""

from __future__ import annotations

from itertools import pairwise

from components.rewriting.tasks.etymology import _MOST_LINES, _WIDE, _cells
from isogloss.rewriting.words.points import points
from isogloss.rewriting.words.tokens import Tokenised


def test_no_two_cells_overlap_and_no_word_leaves_its_own() -> None:
    sentences = [["iddawnlowdja", "u", "l-", "qattus"] * 6, [], ["ekonomija"], *([["mobile"] * 9] * 40)]
    named = [["a", "b", "a", "a"] * 6, [], ["b"], *([["a"] * 9] * 40)]
    lines = _cells(Tokenised(sentences), named, [points(one) for one in named], list(range(len(sentences))))
    assert [one.token for one in lines[0]] == sentences[0]
    assert [one.changed for one in lines[0][:5]] == [False, True, True, False, False]
    cells = sorted((one for line in lines for one in line), key=lambda one: (one.y, one.x))
    assert all(a.y < b.y or a.x + a.wide <= b.x for a, b in pairwise(cells))
    assert all(one.x + one.wide <= _WIDE and len(one.token) < one.wide for one in cells)
    assert lines[2][0].y == lines[0][-1].y + 1 + (not lines[1])
    assert len(lines) < len(sentences)
    assert max(one.y for one in cells) < _MOST_LINES + 2
