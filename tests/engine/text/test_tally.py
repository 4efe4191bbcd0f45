import pytest

from isogloss.errors import InvalidValue
from isogloss.text.tally import LISTED, Tally


def test_rows_in_are_read_plus_skipped_and_examples_are_bounded():
    tally = Tally(read=10)
    for number in range(LISTED + 5):
        tally.skip("short_row", f"line {number}")
    tally.leave_out("b.pdf", "no text")
    assert tally.total == 10 + LISTED + 5
    assert len(tally.listed["short_row"]) == LISTED
    assert tally.as_json()["skipped"] == {"short_row": LISTED + 5}
    assert "left out: b.pdf (no text)" in tally.sentence()


def test_two_readers_of_one_thing_add_up():
    one, two = Tally(read=1), Tally(read=2)
    one.skip("blank", "line 1")
    two.skip("blank", "line 5", 3)
    one.add(two)
    assert (one.read, one.skipped, one.listed) == (3, {"blank": 4}, {"blank": ["line 1", "line 5"]})


@pytest.mark.parametrize(("read", "odd", "refused"), [(10, 5, False), (594, 6, False), (593, 7, True), (0, 6, True), (1, 1, True), (2, 1, False)])
def test_a_file_is_refused_above_one_in_a_hundred_and_more_than_a_few(read, odd, refused):
    tally = Tally(read=read)
    tally.skip("short_row", "line 3", odd)
    if refused:
        with pytest.raises(InvalidValue, match=r"v\.vec: \d of \d+ rows cannot be used \(short row: line 3\)"):
            tally.refuse_above("v.vec", {"short_row": "give one vector a line"})
    else:
        tally.refuse_above("v.vec", {"short_row": "give one vector a line"})
