"""Every page in Arabic, once: from right to left, within its width, with its finding and without an error."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

PAGES = ["", "Neighbors?item=climate", "Map?item=climate", "Drift?item=climate", "Scripts", "Align", "Sentences"]
PAGES += ["Pairs", "Vocabulary", "Teach", "Imbalance", "Atlas", "Notebook", "Stories", "Data"]
WIDE, PHONE = {"width": 1280, "height": 720}, {"width": 390, "height": 844}
BUSY = "[data-testid=stStatusWidget], [data-testid=stSkeleton], .stApp[data-test-script-state=running]"
OVER = """() => [document.documentElement, document.querySelector('[data-testid=stMain]')]
    .map(e => e.scrollWidth - e.clientWidth).filter(over => over > 1)"""
# what is seen of the page's own text and lies outside the window: [words, its left and right end]
OUTSIDE = """() => [...document.querySelectorAll('[data-testid=stMain] :is(p, h1, h2, h3, button, input, label)')]
    .filter(e => e.checkVisibility({visibilityProperty: true, opacityProperty: true}) && e.clientWidth > 1 && e.innerText?.trim())
    .filter(e => !e.closest('.lm, .js-plotly-plot, .st-key-bar, table, pre, [data-testid=stSidebar], [data-testid=stTabs]'))
    .map(e => [e.innerText.trim().slice(0, 40), Math.round(e.getBoundingClientRect().left), Math.round(e.getBoundingClientRect().right)])
    .filter(([, left, right]) => left < -1 || right > innerWidth + 1)"""  # noqa: E501

# signs that point along the text and are not mirrored with it
POINTING = """() => [...document.querySelectorAll('[data-testid=stIconMaterial]')].filter(e => e.checkVisibility()
    && /arrow_forward|arrow_right|chevron_right|double_arrow_right/.test(e.textContent))
    .filter(e => { let turned = 1;
        for (let at = e; at; at = at.parentElement)
            turned *= new DOMMatrix(getComputedStyle(at).transform).a < 0 ? -1 : 1;
        return turned > 0; })
    .map(e => e.closest('a, button, summary')?.innerText)"""

# what lies under the sign that opens the drawer
COVERED = """() => { const sign = document.querySelector("[data-testid=stExpandSidebarButton]")
        ?.getBoundingClientRect();
    return !sign ? [] : [...document.querySelectorAll('[data-testid=stMain] :is(p, button, input)')]
        .filter(e => e.checkVisibility() && !e.closest('.st-key-bar'))
        .filter(e => { const box = e.getBoundingClientRect();
            return box.left < sign.right && box.right > sign.left
                && box.top < sign.bottom - 1 && box.bottom > sign.top + 1; })
        .map(e => e.innerText); }"""


def wrong(page: Page) -> dict[str, object]:
    """What is not as it should be, by name; empty where all is."""
    found = {
        "direction": page.evaluate(
            "() => Object.entries({dir: document.documentElement.dir, lang: document.documentElement.lang,"
            " lead: getComputedStyle(document.querySelector('.iso-lead')).direction})"
            ".filter(([, e]) => e !== 'rtl' && e !== 'ar')"
        ),
        "wider than the window": page.evaluate(OVER),
        "outside the window": page.evaluate(OUTSIDE),
        "pointing the wrong way": page.evaluate(POINTING),
        "covered": page.evaluate(COVERED),
        "errors": page.locator("[data-testid=stException], .iso-error").all_inner_texts(),
        "headline": [] if page.locator(".iso-lead").first.inner_text().strip() else ["none"],
    }
    return {name: told for name, told in found.items() if told}


def test_every_page_is_laid_out_from_right_to_left(chromium: Browser, app: str) -> None:
    context = chromium.new_context(viewport=WIDE, reduced_motion="reduce")
    page, errors, found = context.new_page(), list[str](), {}
    page.on("pageerror", lambda one: errors.append(str(one)))
    for at in PAGES:
        page.set_viewport_size(WIDE)
        page.goto(f"{app}/{at}{'&' if '?' in at else '?'}lang=ar")
        expect(page.locator("html")).to_have_attribute("dir", "rtl")
        expect(page.locator(".iso-lead").first).to_be_visible(timeout=60_000)
        expect(page.locator(BUSY)).to_have_count(0, timeout=90_000)
        for size in (WIDE, PHONE):
            page.set_viewport_size(size)
            page.wait_for_timeout(150)
            if told := wrong(page):
                found[f"{at or 'Home'} at {size['width']}"] = told
    context.close()
    assert found == {}
    assert errors == []
