"""A view: a page and what its address says. Its link replays it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from isogloss.errors import InvalidValue

LINKS = 1
"""The version of links: `v` in an address; one without was written before there were others, and reads alike."""
MOST_KEYS, MOST_VALUES, LONGEST = 60, 40, 12_000
_PAGE = re.compile(r"[^\W_][\w -]{0,39}")


@dataclass(frozen=True)
class View:
    """page: its name in the address, empty for Home. parameters: key → the values that the address gives it, in order.

    Raises InvalidValue for a page that is no name, and for more than 60 keys, 40 values or 12,000 letters of one.

    >>> View.of_link("http://127.0.0.1:8501/Drift?item=peace&from=1946-1969").get("item")
    'peace'
    >>> View.of("Map", {"spaces": ["a", "b"]}).link
    '/Map?v=1&spaces=a&spaces=b'
    """

    page: str
    parameters: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.page, str) or (self.page and not _PAGE.fullmatch(self.page)):
            raise InvalidValue(
                f"the page {str(self.page)[:40]!r} is no name", "give a link as the address bar shows it"
            )
        if len(self.parameters) > MOST_KEYS:
            raise InvalidValue(f"the address has {len(self.parameters):,} keys", f"give at most {MOST_KEYS}")
        for key, values in self.parameters:
            texts = (key, *values)
            if not all(isinstance(one, str) for one in texts):
                raise InvalidValue(f"the address has {str(texts)[:40]!r}", "give texts")
            if len(values) > MOST_VALUES or max(map(len, texts)) > LONGEST:
                raise InvalidValue(f"the value of {key[:40]!r} is too long", f"give at most {LONGEST:,} letters")

    @classmethod
    def of(cls, page: str, parameters: Mapping[str, str | Sequence[str]]) -> View:
        """A view from a page and the parameters as a dictionary."""
        if not isinstance(parameters, Mapping):
            raise InvalidValue(f"the parameters are {str(parameters)[:40]!r}", "give an object of keys and values")
        pairs = []
        for key, value in parameters.items():
            if key == "v":
                continue  # of the link that it came from; ours is written by `link`
            if not isinstance(value, str | list | tuple):
                raise InvalidValue(f"the value of {str(key)[:40]!r} is {str(value)[:40]!r}", "give a text or texts")
            pairs.append((key, (value,) if isinstance(value, str) else tuple(value)))
        return cls(page, tuple(pairs))

    @classmethod
    def of_link(cls, link: str) -> View:
        """A view from its link, with or without the server. Raises InvalidValue."""
        if len(link) > 10 * LONGEST:
            raise InvalidValue(f"the link has {len(link):,} letters", f"give at most {10 * LONGEST:,}")
        try:
            parts = urlsplit(link.strip())
            pairs = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=MOST_KEYS * MOST_VALUES)
        except ValueError as error:
            raise InvalidValue(f"the link {link[:60]!r} cannot be read", "copy it from the address bar") from error
        found: dict[str, list[str]] = {}
        for key, value in pairs:
            found.setdefault(key, []).append(value)
        if why := unknown_version(found.get("v", [""])[-1]):
            raise InvalidValue(why, "open it in the app, which shows what it can of it, and copy the link anew")
        return cls.of(parts.path.rstrip("/").rpartition("/")[2], found)

    def get(self, key: str, default: str = "") -> str:
        """The last value of a key."""
        values = dict(self.parameters).get(key)
        return values[-1] if values else default

    def all(self, key: str) -> tuple[str, ...]:
        """Every value of a key."""
        return dict(self.parameters).get(key, ())

    def with_(self, **more: str) -> View:
        """The same with other values."""
        told = {**dict(self.parameters), **{key.rstrip("_"): (value,) for key, value in more.items()}}
        return View(self.page, tuple(told.items()))

    @property
    def link(self) -> str:
        """`/Page?…`, without the server."""
        pairs = [(key, value) for key, values in self.parameters for value in values]
        told = urlencode([("v", str(LINKS)), *pairs], errors="replace")
        return f"/{quote(self.page)}?{told}"

    def as_json(self) -> dict[str, Any]:
        told = {key: values[0] if len(values) == 1 else list(values) for key, values in self.parameters}
        return {"page": self.page, "parameters": told}


def unknown_version(told: str) -> str:
    """Why a link of this `v` cannot be read whole; empty where it can.

    >>> unknown_version(""), unknown_version("1"), unknown_version("2")
    ('', '', 'the link has version 2, and this Isogloss reads version 1')
    """
    if told in ("", str(LINKS)):
        return ""
    version = told if told.isascii() and told.isdigit() and len(told) < 6 else repr(told[:20])
    return f"the link has version {version}, and this Isogloss reads version {LINKS}"
