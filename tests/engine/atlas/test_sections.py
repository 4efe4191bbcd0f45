"""Sections that were planted are found, sections that were dealt are not; what is misfiled and missing."""

from __future__ import annotations

import shlex
from pathlib import Path

import numpy as np
import pytest

from components.shell.lenses import lens
from isogloss.atlas.across import across
from isogloss.atlas.entry import Catalogue, Entry
from isogloss.atlas.inline import is_http
from isogloss.atlas.sections import centroid_cosines, nearest, purity_of
from isogloss.atlas.shipped import answered
from isogloss.atlas.titles import titles_of
from isogloss.cli.asked import asking, in_force
from isogloss.errors import InvalidValue
from isogloss.linear import unit_rows
from isogloss.notebook.view import View
from isogloss.workspace.store import Workspace
from tests.kit.tiers import cases

N, SECTIONS = 60, 4


def catalogue(sections, name="a", start=0):
    return Catalogue(
        name, tuple(Entry(f"Paper {start + i}", None, (f"s{s}",), "https://x.org") for i, s in enumerate(sections))
    )


def planted(seed=0, spread=0.2):
    rng = np.random.default_rng(seed)
    sections = np.arange(N) % SECTIONS
    return sections, (np.eye(8)[sections] + spread * rng.normal(size=(N, 8))).astype(np.float32)


def test_planted_sections_hold_together() -> None:
    sections, vectors = planted()
    found = purity_of(titles_of([catalogue(sections)]), vectors, k=5)
    assert found.overall.value == found.placed.value == 1.0
    assert found.overall.null.p == pytest.approx(1 / 201)
    assert found.overall.null.mean == pytest.approx((N / SECTIONS - 1) / (N - 1), abs=0.02)
    assert all(one.holds and one.n == N // SECTIONS for one in found.sections)
    assert not found.misfiled


def test_dealt_sections_do_not() -> None:
    _, vectors = planted()
    n = cases(40, least=6)
    p = []
    for seed in range(n):
        sections = np.random.default_rng(seed).permutation(N) % SECTIONS
        found = purity_of(titles_of([catalogue(sections)]), vectors, k=5, draws=60)
        p.append(found.overall.null.p)
    assert np.mean(np.array(p) > 0.05) >= 0.8


def test_catalogues_apart_are_no_finding_about_sections() -> None:
    rng = np.random.default_rng(0)
    vectors = np.vstack([np.eye(8)[np.full(30, at)] + 0.2 * rng.normal(size=(30, 8)) for at in (0, 1)])
    two = [catalogue(rng.permutation(30) % 2, "a"), catalogue(rng.permutation(30) % 2, "b", 30)]
    found = purity_of(titles_of(two), vectors.astype(np.float32), k=5)
    assert found.overall.null.mean > 0.4
    assert found.overall.null.p > 0.05


def test_a_misfiled_title_is_named_with_its_margin() -> None:
    sections, vectors = planted(spread=0.1)
    wrong = sections.copy()
    wrong[8] = (sections[8] + 1) % SECTIONS
    (one,) = purity_of(titles_of([catalogue(wrong)]), vectors, k=5).misfiled
    assert (one.title, one.section, one.other) == ("Paper 8", f"s{wrong[8]}", f"s{sections[8]}")
    assert one.margin > 0.5
    assert (one.near, one.near_own) == (5, 0)


def test_means_leave_a_title_out_and_neighbors_are_the_nearest() -> None:
    rng = np.random.default_rng(1)
    unit, held = unit_rows(rng.normal(size=(30, 5)).astype(np.float32)), rng.random((30, 4)) < 0.3
    found = centroid_cosines(held, unit)
    for i in range(30):
        for s in range(4):
            rows = [j for j in range(30) if held[j, s] and j != i]
            if rows:
                mean = unit[rows].mean(axis=0)
                assert found[i, s] == pytest.approx(float(unit[i] @ mean / np.linalg.norm(mean)), abs=1e-5)
            else:
                assert np.isnan(found[i, s])
    cosines = unit @ unit.T - 9 * np.eye(30)
    assert (nearest(unit, 4) == np.argsort(-cosines, axis=1)[:, :4]).all()


def test_what_a_catalogue_lacks() -> None:
    rng = np.random.default_rng(2)
    here = np.eye(6)[np.zeros(20, int)] + 0.3 * rng.normal(size=(20, 6))
    there = np.eye(6)[np.ones(20, int)] + 0.3 * rng.normal(size=(20, 6))
    there[3] = np.eye(6)[0]  # lies in the middle of the other
    both = [catalogue([0] * 20, "a"), catalogue([0] * 20, "b", 20)]
    found = across(titles_of(both), np.vstack([here, there]).astype(np.float32), k=5)
    first = found.missing[0]
    assert (first.title, first.catalogue, first.lacks, first.n) == ("Paper 23", "b", "a", 20)
    assert first.margin > 0
    assert not found.both
    assert all(one.nearer_than >= 0.5 for one in found.missing)


def test_a_title_of_two_lists_stands_once() -> None:
    two = [catalogue([0, 1, 1], "a"), catalogue([0, 0], "b", 2)]
    titles = titles_of(two)
    assert len(titles) == 4
    assert titles.sections == ("a: s0", "a: s1", "b: s0")
    assert titles.listed.sum() == 5


@pytest.mark.parametrize("n", [1, 2])
def test_too_few_titles(n: int) -> None:
    with pytest.raises(InvalidValue, match="different titles"):
        titles_of([catalogue([0] * n)])


def test_one_section_tells_nothing() -> None:
    with pytest.raises(InvalidValue, match="one section"):
        purity_of(titles_of([catalogue([0] * 9)]), np.eye(9, dtype=np.float32))


def test_every_paper_that_is_answered_has_a_page_a_command_and_a_line() -> None:
    assert len(answered()) == len({one.title for one in answered()}) == 21
    for one in answered():
        assert is_http(one.link)
        assert lens(View.of_link(one.view).page)
        assert in_force(one.command)  # it parses
        assert one.account.endswith((".", "?"))


@pytest.mark.long
def test_the_command_answers_of_files_and_keeps_a_collection(tmp_path: Path) -> None:
    file = tmp_path / "mine.md"
    rows = [
        f"- [{word} {n}](https://x.org/{word}{n})\n" for word in ("water and sea", "law of courts") for n in range(6)
    ]
    file.write_text("## Seas\n" + "".join(rows[:6]) + "- [up](#x)\n## Courts\n" + "".join(rows[6:]), encoding="utf-8")
    workspace = Workspace(tmp_path / "w")
    told = asking(workspace)(shlex.split(f"atlas {file} --k 3 --into papers --json"))
    assert told["catalogues"][0]["read"]["skipped"] == {"anchor": 1}
    assert told["titles"] == 12
    assert told["purity"]["value"] > 0.9
    assert set(told["purity"]["null"]) == {"mean", "p95", "p"}
    assert told["misfiled"] == told["missing"] == {"n": 0, "first": []}
    space = workspace.open("papers")["titles"]
    assert space.columns["section"].to_pylist()[:2] == ["Seas", "Seas"]
    with pytest.raises(InvalidValue, match="is not a file"):
        asking(workspace)(["atlas", str(tmp_path / "none.md"), "--json"])
