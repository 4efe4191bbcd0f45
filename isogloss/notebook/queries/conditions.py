"""Conditions on one column that a slice may be made of: values of categories, numbers beyond a quantile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from isogloss.errors import InvalidValue
from isogloss.notebook.queries.grammar import named, spelt
from isogloss.tables.columns import is_number, text_of
from isogloss.text.tally import Tally
from isogloss.types import Floats, Mask

MOST = 300  # conditions
MOST_VALUES = 40  # of a category, the most frequent
_CUTS = 9  # quantiles of a number: deciles
_FEW = 8  # numbers of so few values are also a category
_LONGEST = 200  # letters of a value
_LIKE_TEXT = 0.5  # of the rows have a value that no other has


@dataclass(frozen=True)
class Condition:
    """text: as a rule writes it. place: of its column."""

    text: str
    place: int


def conditions_of(table: pa.Table, names: Sequence[str], *, support: int, tally: Tally) -> tuple[list[Condition], Mask]:
    """Conditions that at least `support` rows meet and not all, and which rows, (conditions, n).

    A row without a value meets none of its column. What is left out is told to the tally. Raises InvalidValue for a
    column that is not there.
    """
    found: list[Condition] = []
    masks: list[npt.NDArray[np.bool_]] = []
    for place, name in enumerate(names):
        if name not in table.column_names:
            raise InvalidValue(
                f"there is no column {name[:80]!r}", f"choose from {', '.join(table.column_names)[:300]}"
            )
        if "`" in name:
            tally.leave_out(name, "no rule can write its name")
            continue
        column = table.column(name)
        pairs = _of_numbers(column, name) if is_number(column.type) else _of_values(column, name, tally)
        pairs = [(text, mask) for text, mask in pairs if support <= mask.sum() < len(mask)]
        if not pairs and name not in tally.left_out:
            tally.leave_out(name, f"no value of it parts at least {support:,} rows from others")
        if len(found) + len(pairs) > MOST:
            tally.leave_out(name, f"more than {MOST} conditions; name the columns to look at")
            continue
        found += [Condition(text, place) for text, _ in pairs]
        masks += [mask for _, mask in pairs]
    return found, np.array(masks, dtype=np.bool_).reshape(len(masks), table.num_rows)


def _of_values(column: pa.ChunkedArray, name: str, tally: Tally) -> list[tuple[str, Mask]]:
    values = [text_of(value) or None for value in column.to_pylist()]
    values = [value if value and len(value) <= _LONGEST else None for value in values]
    counted = Counter(value for value in values if value is not None)
    if sum(n == 1 for n in counted.values()) > _LIKE_TEXT * len(values):
        tally.leave_out(name, "most rows have a value of their own")
        return []
    if len(counted) > MOST_VALUES:
        tally.leave_out(f"{name}, values", f"the {MOST_VALUES} most frequent of {len(counted):,} are looked at")
    truths = pa.types.is_boolean(column.type)
    texts = np.array([value or "" for value in values], dtype=object)
    return [
        (f"{named(name)} = {value if truths else spelt(value)}", texts == value)
        for value, _ in counted.most_common(MOST_VALUES)
    ]


def _of_numbers(column: pa.ChunkedArray, name: str) -> list[tuple[str, Mask]]:
    numbers = np.asarray(pc.cast(column, pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)
    known = np.unique(numbers[np.isfinite(numbers)])
    if len(known) < 2:
        return []
    pairs: list[tuple[str, Mask]] = []
    with np.errstate(invalid="ignore"):
        for cut in _cuts(numbers[np.isfinite(numbers)], known):
            pairs += [
                (f"{named(name)} > {spelt(cut)}", numbers > cut),
                (f"{named(name)} <= {spelt(cut)}", numbers <= cut),
            ]
        if 2 < len(known) <= _FEW:
            pairs += [(f"{named(name)} = {spelt(float(value))}", numbers == value) for value in known]
    return pairs


def _cuts(numbers: Floats, known: Floats) -> list[float]:
    """Values to cut at: each but the largest where they are few, else deciles, as short as tells the values apart."""
    if len(known) <= _CUTS + 1:
        return [float(value) for value in known[:-1]]
    cuts = []
    for cut in np.unique(np.quantile(numbers, np.arange(1, _CUTS + 1) / (_CUTS + 1), method="lower")):
        at = int(np.searchsorted(known, cut))
        above = known[at + 1] if at + 1 < len(known) else cut
        digits = next((d for d in range(1, 17) if cut <= float(f"{cut:.{d}g}") < above), 17)
        cuts.append(float(f"{cut:.{digits}g}"))
    return cuts
