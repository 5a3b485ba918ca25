import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.ranges import Part, UnsatisfiableError, asked_part

SIZES = st.integers(1, 10**12)


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-1", Part(0, 1)),
        ("bytes=0-", Part(0, 99)),
        ("bytes=90-", Part(90, 99)),
        ("bytes=-10", Part(90, 99)),
        ("bytes=-1000", Part(0, 99)),
        ("bytes=50-1000", Part(50, 99)),
        ("bytes=99-99", Part(99, 99)),
        ("bytes= 0 - 1 ", Part(0, 1)),
        ("Bytes=0-1", Part(0, 1)),
        ("", None),
        ("pages=1-2", None),
        ("bytes=0-1,5-6", None),
    ],
)
def test_a_range_is_read_as_browsers_mean_it(header, part):
    assert asked_part(header, 100) == part


@pytest.mark.parametrize(
    "header",
    ["bytes=100-", "bytes=200-300", "bytes=-0", "bytes=5-2", "bytes=-", "bytes=", "bytes=a-b", "bytes=--1",
     "bytes=٣-٤", "bytes=0x1-2", f"bytes={'9' * 5000}-"],
)  # fmt: skip
def test_a_range_with_nothing_in_it_is_refused(header):
    with pytest.raises(UnsatisfiableError):
        asked_part(header, 100)


def test_an_empty_file_has_no_parts():
    for header in ("bytes=0-", "bytes=-5", "bytes=0-0"):
        with pytest.raises(UnsatisfiableError):
            asked_part(header, 0)


@given(SIZES, st.integers(0, 10**13), st.one_of(st.none(), st.integers(0, 10**13)))
def test_a_part_lies_within_the_file_and_begins_where_it_was_asked(size, first, last):
    try:
        part = asked_part(f"bytes={first}-{'' if last is None else last}", size)
    except UnsatisfiableError:
        assert first >= size or (last is not None and last < first)
    else:
        assert part.first == first <= part.last < size
        assert part.last == min(size - 1, size if last is None else last)


@given(SIZES, st.integers(1, 10**13))
def test_a_suffix_is_the_end_of_the_file(size, length):
    part = asked_part(f"bytes=-{length}", size)
    assert part.last == size - 1
    assert part.length == min(length, size)


@given(st.text(max_size=60), SIZES)
def test_no_header_breaks_the_reading(text, size):
    try:
        part = asked_part("bytes=" + text, size)
    except UnsatisfiableError:
        return
    assert part is None or 0 <= part.first <= part.last < size
