"""The year of a paper, from what its row says."""

from __future__ import annotations

import re

_FIRST, _LAST = 1900, 2099
_WHOLE = r"(19\d\d|20\d\d)"
_BRACKETED = re.compile(rf"[\[({{`][^\])}}`]{{0,40}}?(?<!\d){_WHOLE}(?!\d)[^\])}}`]{{0,40}}[\])}}`]")
_ARXIV = re.compile(
    r"arxiv\.org/(?:abs|pdf|html|format)/(?:[a-z-]+(?:\.[A-Z]{2})?/)?(\d\d)(0[1-9]|1[0-2])\.?\d{3,5}", re.I
)
_ACL = re.compile(
    r"aclanthology\.org/(?:(\d{4})\.|[A-Z](\d\d)-)|aclweb\.org/anthology/(?:(\d{4})\.|[A-Z](\d\d)-)", re.I
)
_IN_PATH = re.compile(rf"[/_-]{_WHOLE}[/._-]")
_VENUE = re.compile(rf"\b[A-Z][A-Za-z*]{{1,15}}[ -]?(?:{_WHOLE}(?!\d)|['’](\d\d)\b)")
_ANY = re.compile(rf"(?<![\d.,/-]){_WHOLE}(?![\d,]|\.\d{{3}})")


def year_of(told: str, link: str) -> int | None:
    """The year in brackets, of the arXiv or ACL number, after a venue, in the link, or the only one that is said.

    told: the row without its title and its links.

    >>> year_of("[2024] A et al.", ""), year_of("", "https://arxiv.org/abs/2304.10453"), year_of("`EMNLP`'22", "")
    (2024, 2023, None)
    >>> year_of("EMNLP'22", ""), year_of("from 1946 to 2024", ""), year_of("", "https://aclanthology.org/P19-1001/")
    (2022, None, 2019)
    """
    if match := _BRACKETED.search(told):
        return int(match[1])
    if match := _ARXIV.search(link):
        return _short(match[1])
    if match := _ACL.search(link):
        whole, short = match[1] or match[3], match[2] or match[4]
        return int(whole) if whole else _short(short)
    if match := _VENUE.search(told):
        return int(match[1]) if match[1] else _short(match[2])
    if match := _IN_PATH.search(link):
        return int(match[1])
    said = {int(one) for one in _ANY.findall(told)}
    return said.pop() if len(said) == 1 else None


def stated_year(cell: str) -> int | None:
    """Of a cell that holds a date.

    >>> stated_year("2023.05"), stated_year("soon")
    (2023, None)
    """
    match = re.search(rf"(?<!\d){_WHOLE}(?!\d)", cell)
    return int(match[1]) if match and _FIRST <= int(match[1]) <= _LAST else None


def _short(two: str) -> int:
    """90 and later are of the last century: arXiv and the ACL anthology have no older short forms but its first."""
    number = int(two)
    return (1900 if number >= 60 else 2000) + number
