"""The main pages in Firefox, on a desk and on a phone: the finding first, nothing beside the screen, maps drawn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit.firefox import Firefox, firefox, firefox_path
from tests.kit.tiers import TIER

OWN = (Path(__file__).resolve().parents[1] / "kit" / "accessible.js").read_text(encoding="utf-8")
SIZES = {"desk": (1440, 900), "phone": (390, 844)}
MAPS = "document.querySelector('.lm[data-drawn]')"
DRAWN = {  # the page's one picture
    "": "document.querySelectorAll('[data-testid=stMain] img, [data-testid=stMain] svg').length > 2",
    "Neighbors?item=climate": MAPS,
    "Map?item=climate": MAPS,
    "Drift?item=climate": "document.querySelector('.js-plotly-plot .scatterlayer .point')",
    "Scripts": MAPS,
}
LOOKS = [(at, size) for size in SIZES for at in DRAWN][:-1]  # the last maps are those of Scripts, on a phone
if TIER == "soak":
    more = "Align Sentences Pairs Vocabulary Teach Imbalance Notebook Stories Atlas Data".split()
    DRAWN |= dict.fromkeys(more, "document.querySelector('.iso-lead')")
    LOOKS = [(at, size) for size in SIZES for at in DRAWN]
AT_REST = """!document.querySelector('[data-testid=stStatusWidget], [data-testid=stSkeleton]')
  && !document.querySelector('.stApp[data-test-script-state=running]')"""
# Points of a map without WebGL are on a plain canvas, which can be read
INKED = """[...document.querySelectorAll('.lm canvas')].some((c) => { const pen = c.getContext('2d');
  return pen ? pen.getImageData(0, 0, c.width, c.height).data.some((v) => v) : c.width > 0; })"""
# What is wider than its place: the document, the page in it, the bar; and what of the bar lies outside
BESIDE = """[document.documentElement, ...document.querySelectorAll('[data-testid=stMain], .st-key-bar')]
  .filter((e) => e.scrollWidth > e.clientWidth + 1)
  .concat([...document.querySelectorAll('.iso-lead, .st-key-bar :is(a, button)')].filter((e) => e.checkVisibility()
    && e.getBoundingClientRect().width > 1 && e.getBoundingClientRect().right > innerWidth + 1))"""
TAB = "\ue004"


@pytest.fixture(scope="module")
def fox() -> Iterator[Firefox]:
    program = firefox_path()
    if program is None:
        pytest.skip("no Firefox was found: install Debian's package `firefox-esr` (apt-get install firefox-esr)")
    with firefox(program) as window:
        yield window


@pytest.mark.parametrize(("at", "size"), LOOKS, ids=[f"{at.partition('?')[0] or 'Home'}-{size}" for at, size in LOOKS])
def test_a_page_stands_in_firefox(fox: Firefox, app: str, at: str, size: str) -> None:
    width, height = SIZES[size]
    fox.resize(width, height)
    fox.goto(f"{app}/{at}")
    fox.wait("document.querySelector('.iso-lead')?.innerText.trim()", 60)
    fox.wait(DRAWN[at], 60)
    fox.wait(AT_REST, 60)
    assert fox.evaluate("[innerWidth, innerHeight]") == [width, height]
    top, bottom = fox.evaluate("(r => [r.top, r.bottom])(document.querySelector('.iso-lead').getBoundingClientRect())")
    assert 0 <= top < bottom <= height
    assert fox.evaluate("[...document.querySelectorAll('[data-testid=stException]')].map((e) => e.innerText)") == []
    fox.wait(f"({BESIDE}).length === 0", 5)
    if DRAWN[at] == MAPS:
        assert fox.evaluate(INKED)


def test_tab_shows_where_it_is_in_firefox(fox: Firefox, app: str) -> None:
    fox.resize(*SIZES["desk"])
    fox.goto(f"{app}/Neighbors?item=climate")
    fox.wait(MAPS, 60)
    fox.wait(AT_REST, 60)
    fox.evaluate(f"(() => {{ {OWN} }})()")
    wanted = set(fox.evaluate("accessible.controls('.st-key-bar')"))
    assert len(wanted) >= 8
    shown: dict[str, bool] = {}
    fox.evaluate("accessible.focus()")
    for _ in range(40):
        fox.press(TAB)
        fox.evaluate("new Promise((done) => setTimeout(done, 60))")  # the ring is drawn
        left = fox.evaluate("accessible.focus()")
        shown[left["name"]] = left["shown"]
        if wanted <= set(shown):
            break
    assert wanted - set(shown) == set()
    assert {name for name, seen in shown.items() if not seen and name in wanted} == set()
