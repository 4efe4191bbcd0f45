"""Dates as they are written: each is the interval it covers, and what is none is undated."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.corpora.corpus import assign_slices
from isogloss.corpora.recipe import Slice
from isogloss.errors import InvalidValue
from isogloss.tables.dates import bound, dated, is_dated, position

EARLY, LATE = Slice("early", 1800, 1849), Slice("late", 1850, 1899)


def column(values: list[Any]) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(values)])


def sliced(values: list[Any], *slices: Slice) -> list[int]:
    return assign_slices(column(values), slices or (EARLY, LATE)).tolist()


@pytest.mark.parametrize(
    "values",
    [
        [1800, 1849, 1850, 1899, 1900],
        [1800.0, 1849.0, 1850.0, 1899.0, 1900.0],
        ["1800", "1849", "1850", "1899", "1900"],
        ["1800.0", "1849.0", "1850.0", "1899.0", "1900.0"],
        ["1800-01-01", "1849-12-31", "1850-01-01", "1899-12-31", "1900-01-01"],
        ["1800-01", "1849-12", "1850-01", "1899-12", "1900-01"],
        ["1800/01/01", "1849/12/31", "1850/1/1", "1899/12/31", "1900/01/01"],
        [
            "1800-01-01T00:00:00Z",
            "1849-12-31T23:59:59.9Z",
            "1850-01-01 00:00:00+01:00",
            "1899-12-31T10:00",
            "1900-01-01T00:00",
        ],
        ["01.01.1800", "31.12.1849", "1.1.1850", "31.12.1899", "1.1.1900"],
        ["1/1/1800", "12/31/1849", "1/1/1850", "12/31/1899", "1/1/1900"],
        ["1/1/1800", "31/12/1849", "1/1/1850", "31/12/1899", "1/1/1900"],
        ["1-1-1800", "31-12-1849", "1-1-1850", "31-12-1899", "1-1-1900"],
        ["1800s", "1840s", "1850s", "1890s", "1900s"],
        ["1800's", "1840’s", "1850s", "1890s", "1900s"],
        ["18000101", "18491231", "18500101", "18991231", "19000101"],
        [18000101, 18491231, 18500101, 18991231, 19000101],
        ["1 January 1800", "31 Dec 1849", "January 1850", "Dec. 31, 1899", "January 1, 1900"],
        ["1800 Q1", "1849-Q4", "1850Q1", "1899Q4", "1900Q1"],
        ["01/1800", "12/1849", "01/1850", "12/1899", "01/1900"],
        [
            datetime.date(1800, 1, 1),
            datetime.date(1849, 12, 31),
            datetime.date(1850, 1, 1),
            datetime.date(1899, 12, 31),
            None,
        ],
        [
            datetime.datetime(1800, 1, 1),
            datetime.datetime(1849, 12, 31, 23),
            datetime.datetime(1850, 1, 1),
            datetime.datetime(1899, 12, 31),
            None,
        ],
    ],
)
def test_both_ends_of_a_slice_are_whole_years(values: list[Any]) -> None:
    assert sliced(values) == [0, 0, 1, 1, -1]
    assert is_dated(column(values[:4]))


@pytest.mark.parametrize(
    "value",
    [
        "c. 1850",
        "ca. 1850",
        "1850?",
        "[1850]",
        "~1850",
        "",
        "  ",
        None,
        "n.d.",
        "1850-1860",
        "185-",
        "18th century",
        "15.04.50",
        "1850-13",
        "1850-02-30",
        "32.01.1850",
        "13/13/1850",
        "spring 1850",
        "1850-",
    ],
)
def test_what_is_no_date_is_undated(value: str | None) -> None:
    found = dated(column(["1800-01-01", value, "1850-01-01"]))
    assert found is not None
    assert found.undated.tolist() == [False, True, False]
    assert sliced(["1800-01-01", value, "1850-01-01"]) == [0, -1, 1]


def test_negative_years_and_years_before_christ() -> None:
    slices = (Slice("before", -50, -1), Slice("after", 0, 50))
    for values in (
        [-50, -1, 0, 50, 51],
        ["-50", "-1", "0", "50", "51"],
        ["−50", "−1", "0", "50", "51"],
        ["-0050-01-01", "-0001-12-31", "0000-01-01", "0050-12-31", "0051-01-01"],
    ):
        assert sliced(values, *slices) == [0, 0, 1, 1, -1]
    assert sliced(["50 BC", "1 BCE", "0000-05", "0050-05", "x"], *slices) == [0, 0, 1, 1, -1]


def test_day_and_month_are_told_by_the_whole_column() -> None:
    for values, told, ambiguous in (
        (["01/02/1899", "13/02/1899"], "day first", False),
        (["01/02/1899", "02/13/1899"], "month first", False),
        (["01.02.1899", "03.04.1899"], "day first", False),
        (["01/02/1899", "03/04/1899"], "the day could be the month", True),
    ):
        found = dated(column(values))
        assert found is not None
        assert (found.told, found.ambiguous) == (told, ambiguous)
    march = Slice("march", bound("1899-03", end=False), bound("1899-03", end=True))
    assert sliced(["05/03/1899", "13/02/1899"], march) == [0, -1]
    assert sliced(["05/03/1899", "02/13/1899"], march) == [-1, -1]
    with pytest.raises(InvalidValue, match="the day could be the month"):
        sliced(["05/03/1899", "02/04/1899"], march)
    assert sliced(["05/03/1899", "02/04/1899"]) == [1, 1]


def test_months_and_days_as_bounds() -> None:
    def between(low: str, high: str) -> Slice:
        return Slice("s", bound(low, end=False), bound(high, end=True))

    values = ["1990-02-28", "1990-03-01", "1990-03", "1991-06-30", "1991-06", "1991-07-01", "1990", "1991"]
    assert sliced(values, between("1990-03", "1991-06")) == [-1, 0, 0, 0, 0, -1, -1, -1]
    assert sliced(values, between("1990-03-02", "1991-06-30")) == [-1, -1, -1, 0, 0, -1, -1, -1]
    assert sliced(["1990-01-01", "1990-01-02"], between("1990-01-01", "1990-01-01")) == [0, -1]
    assert sliced(["1990-01-01", "1990-12-31"], between("1990-01", "1990")) == [0, 0]


def test_a_decade_lies_in_a_slice_that_holds_all_of_it() -> None:
    assert sliced(["1840s", "1850s"], Slice("a", 1840, 1849), Slice("b", 1850, 1855)) == [0, -1]
    assert sliced(["1840s", "1850s"], Slice("a", 1845, 1860)) == [-1, 0]


def test_seconds_since_1970_where_years_are_asked_for() -> None:
    values = [int(datetime.datetime(year, 6, 1, tzinfo=datetime.UTC).timestamp()) for year in (1990, 2000, 2010)]
    slices = (Slice("a", 1990, 1999), Slice("b", 2000, 2009))
    assert sliced(values, *slices) == [0, 1, -1]
    assert sliced([one * 1000 for one in values], *slices) == [0, 1, -1]
    assert sliced(values, Slice("as they are", values[0], values[1])) == [0, 0, -1]
    assert sliced([19900601, 20000601, 20100601], Slice("as they are", 19900101, 20001231)) == [0, 0, -1]


def test_numbers_are_numbers() -> None:
    assert sliced([0.25, 0.5, None, float("nan")], Slice("a", 0.2, 0.3), Slice("b", 0.4, 0.5)) == [0, 1, -1, -1]
    assert sliced([1849.5], EARLY, LATE) == [-1]


def test_values_are_compared_as_people_write_them() -> None:
    assert sliced([1800.0, 1801.0], Slice("a", values=("1800",)), Slice("b", values=("1801.0",))) == [0, 1]
    assert sliced([True, False], Slice("a", values=("true",)), Slice("b", values=("False",))) == [0, 1]
    assert sliced([datetime.date(1800, 1, 1)], Slice("a", values=("1800-01-01",))) == [0]


@pytest.mark.parametrize("values", [["FRA", "GBR"], ["one 1850", "two 1860"]])
def test_names_are_no_dates(values: list[str]) -> None:
    assert dated(column(values)) is None
    assert not is_dated(column(values))
    with pytest.raises(InvalidValue, match=r"not a number or date .*slice by `values`"):
        sliced(values)


def test_a_column_of_nothing_has_no_date_and_no_error() -> None:
    assert sliced([None, None]) == [-1, -1]
    assert sliced(["", ""]) == [-1, -1]


@given(st.dates(), st.dates())
def test_positions_keep_the_order_of_days(one: datetime.date, two: datetime.date) -> None:
    a, b = (position(day.year, day.month, day.day) for day in (one, two))
    assert (a < b) == (one < two)
    assert int(a) == one.year


@given(
    st.lists(st.dates(datetime.date(1000, 1, 1)), min_size=1, max_size=20),
    st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%Y%m%d", "%d %B %Y"]),
)
def test_every_way_to_write_a_day_is_the_same_day(days: list[datetime.date], way: str) -> None:
    found = dated(column([day.strftime(way) for day in days]), bounds=[1900])
    assert found is not None
    assert np.allclose(found.low, [position(day.year, day.month, day.day) for day in days])
