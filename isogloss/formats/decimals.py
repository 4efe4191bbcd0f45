"""Lines of words and decimal numbers, read without making a Python object of each number."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
OK, FEW, ODD = 0, 1, 2  # a line as expected; with too few fields; with a field that is no plain decimal
_POWERS = 10.0 ** np.arange(0, 309)


@numba.njit(cache=True)  # type: ignore[untyped-decorator]
def _number(
    data: Bytes, start: int, end: int, powers: npt.NDArray[np.float64]
) -> tuple[float, bool]:  # pragma: no cover
    """A decimal: at most 18 digits are read exactly, the result is within one float32 step of the nearest."""
    at = start
    negative = False
    if data[at] == 45 or data[at] == 43:
        negative = data[at] == 45
        at += 1
    mantissa, digits, scale = np.int64(0), 0, 0
    any_digit, point = False, False
    while at < end:
        c = data[at]
        if 48 <= c <= 57:
            any_digit = True
            if digits < 18:
                mantissa = mantissa * 10 + np.int64(c - 48)
                if mantissa > 0:
                    digits += 1
                if point:
                    scale -= 1
            elif not point:
                scale += 1
        elif c == 46 and not point:
            point = True
        else:
            break
        at += 1
    if not any_digit:
        return 0.0, False
    if at < end and (data[at] == 101 or data[at] == 69):
        at += 1
        down = False
        if at < end and (data[at] == 45 or data[at] == 43):
            down = data[at] == 45
            at += 1
        if at >= end:
            return 0.0, False
        power = 0
        while at < end:
            c = data[at]
            if c < 48 or c > 57:
                return 0.0, False
            if power < 10_000:
                power = power * 10 + int(c) - 48
            at += 1
        scale += -power if down else power
    if at != end:
        return 0.0, False
    value = float(mantissa)
    if mantissa != 0:
        if scale < -308:
            value = value / powers[308] / powers[min(-scale - 308, 308)]
        elif scale < 0:
            value = value / powers[-scale]
        elif scale > 308:
            value = np.inf
        elif scale > 0:
            value = value * powers[scale]
    return (-value if negative else value), True


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _lines(
    data: Bytes,
    ends: npt.NDArray[np.int64],
    dim: int,
    out: npt.NDArray[np.float32],
    item_start: npt.NDArray[np.int64],
    item_end: npt.NDArray[np.int64],
    status: npt.NDArray[np.int8],
    powers: npt.NDArray[np.float64],
) -> None:  # pragma: no cover
    begin = 0
    for row in range(len(ends)):
        end = ends[row]
        last = end
        while last > begin and (data[last - 1] == 32 or data[last - 1] == 9 or data[last - 1] == 13):
            last -= 1
        item_start[row], item_end[row], status[row] = begin, last, 0
        at = last
        for column in range(dim - 1, -1, -1):
            stop = at
            while at > begin and data[at - 1] != 32 and data[at - 1] != 9:
                at -= 1
            if at in (stop, begin):  # nothing before this field: no item is left
                status[row] = 1
                break
            value, good = _number(data, at, stop, powers)
            if not good:
                status[row] = 2
                break
            out[row, column] = np.float32(value)
            while at > begin and (data[at - 1] == 32 or data[at - 1] == 9):
                at -= 1
        if status[row] == 0:
            item_end[row] = at
        begin = end + 1


def parse_lines(data: bytes, dim: int) -> tuple[npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any]]:
    """Of whole lines, each ended by a newline: the last `dim` fields as float32 (n, dim); where each item starts and
    ends; status.

    >>> vectors, start, end, status = parse_lines(b"a b 1 -2.5e-1\\nc 3\\n", 2)
    >>> vectors[0].tolist(), (int(start[0]), int(end[0])), status.tolist()
    ([1.0, -0.25], (0, 3), [0, 1])
    """
    array = np.frombuffer(data, dtype=np.uint8)
    ends = np.flatnonzero(array == 10).astype(np.int64)
    vectors = np.zeros((len(ends), dim), dtype=np.float32)
    start, end = np.zeros(len(ends), np.int64), np.zeros(len(ends), np.int64)
    status = np.zeros(len(ends), np.int8)
    _lines(array, ends, dim, vectors, start, end, status, _POWERS)
    return vectors, start, end, status
