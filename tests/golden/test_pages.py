"""Every page by itself and by its addresses: all words a person reads, and the keys of the address."""

from __future__ import annotations

import pytest

from tests.golden.golden import Golden, golden_file
from tests.golden.pages import beyond
from tests.golden.visits import VISITS, Tour

golden = golden_file("pages")


@pytest.mark.parametrize("page", VISITS)
def test_a_page_by_itself(page: str, golden: Golden, tour: Tour) -> None:
    golden.check(page, tour.visit(page).lines, whole=True)


@pytest.mark.parametrize(("page", "address"), [(page, one) for page, some in VISITS.items() for one in some])
def test_a_page_by_its_address(page: str, address: str, golden: Golden, tour: Tour) -> None:
    shown = beyond(tour.visit(page).lines, tour.visit(page, address).lines)
    golden.check(f"{page}?{address}", shown, whole=True)


@pytest.mark.parametrize("page", VISITS)
def test_keys_of_the_address(page: str, golden: Golden, tour: Tour) -> None:
    """To which keys widgets are bound, under any of the addresses."""
    found = {key for address in ("", *VISITS[page]) for key in tour.visit(page, address).keys}
    golden.check(f"keys of {page}", sorted(found), whole=True)
