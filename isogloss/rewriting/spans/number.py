"""Numbers, by value: digits of any script, groups and decimals as different languages write them."""

from __future__ import annotations

import re

from isogloss.rewriting.span import GOES_ON
from isogloss.rewriting.spans._base import BySign

_NUMBER = re.compile(r"[-−]?\d+(?:(?:[.,'’٫٬·]|(?<=\d)[ \u00a0\u202f\u2009](?=\d{3}(?!\d)))\d+)*")
_SIMPLE = re.compile(rf"[0-9]++(?!{GOES_ON})")
_MARKS = str.maketrans({"٫": ".", "٬": "'", "’": "'", "\u00a0": "'", "\u202f": "'", "\u2009": "'", " ": "'", "·": "."})
_MOST = 400  # digits of a number that is read


class Number(BySign):
    name, title = "number", "Numbers"
    signs = "0123456789-−"

    def match(self, text: str, at: int) -> tuple[int, str | None] | None:
        """A key for a value. `1,234` is either 1234 or 1.234; a list without blanks ends at its first comma.

        >>> [Number().match(one, 0)[1] for one in ("१२,३४,५६७", "1.234.567", "1 000", "1.50", "1,5", "1,234", "3.11.4")]
        ['1234567', '1234567', '1000', '1.5', '1.5', '1234|1.234', '3.11.4']
        """
        if simple := _SIMPLE.match(text, at):
            return simple.end(), simple[0].lstrip("0") or "0"
        found = _NUMBER.match(text, at)
        if not found:
            return None
        if at > 1 and text[at].isdecimal() and text[at - 1] == "," and text[at - 2].isdecimal():  # goes on with a list
            end = found.start() + len(re.split(r"\D", found[0], maxsplit=1)[0])
            return end, str(int(text[at:end]))
        raw = found[0]
        sign = ""
        if raw[0] in "-−":
            if at and not (text[at - 1].isspace() or text[at - 1] in "(["):
                return None
            sign, raw = "-", raw[1:]
        start = found.end() - len(raw)
        if len(raw) > _MOST:
            return found.end(), raw
        digits = "".join(str(int(one)) if one.isdigit() and not one.isascii() else one for one in raw)
        digits = digits.translate(_MARKS)
        values = _values(digits)
        if not values and "," in digits:
            end = start + digits.index(",")
            return end, sign + (digits[: digits.index(",")].lstrip("0") or "0")
        return found.end(), "|".join(sign + one for one in values) if values else sign + digits


def _values(digits: str) -> list[str]:
    """What it may mean, groups before decimals; nothing where it is no number (a version, a date)."""
    marks = {one for one in digits if not one.isdecimal()}
    if not marks:
        return [digits.lstrip("0") or "0"]
    last = next(one for one in reversed(digits) if one in marks)
    head, _, tail = digits.rpartition(last)
    found = []
    if len(marks) == 1 and _grouped(digits.split(last)):
        found.append(digits.replace(last, "").lstrip("0") or "0")
    others = marks - {last}
    if last != "'" and head.count(last) == 0 and len(others) < 2:
        whole = head.split(others.pop()) if others else [head]
        if len(whole) == 1 or _grouped(whole):
            left, right = "".join(whole).lstrip("0") or "0", tail.rstrip("0")
            found.append(f"{left}.{right}" if right else left)
    return found


def _grouped(parts: list[str]) -> bool:
    """Groups of three, or of two with three at the end, as in India; in front one to three, no zero alone."""
    if not 1 <= len(parts[0]) <= 3 or len(parts) < 2 or parts[0].startswith("0") or len(parts[-1]) != 3:
        return False
    between = {len(one) for one in parts[1:-1]}
    return between <= {3} or (between == {2} and len(parts[0]) <= 2)


member = Number()
