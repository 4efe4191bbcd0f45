"""A picture as it is sent: a dictionary that was checked when it was made, or is ours and needs no checking.

Plotly builds and checks an object for every part of a figure; of a picture that only changes by a word that is most of
the time a page takes.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import cache
from threading import Lock
from typing import Any

import plotly.graph_objects as go
from plotly.basedatatypes import BaseFigure

from components.parts.spoken import spoken

_MOST = 128
_kept: OrderedDict[Hashable, Drawn] = OrderedDict()
_lock = Lock()


class Drawn(BaseFigure):  # type: ignore[misc]
    """What `st.plotly_chart` takes for a figure and sends as it is. picture: `data` and `layout`, plain or encoded.

    >>> Drawn({"data": [], "layout": {"height": 3}}).to_dict()["layout"]["height"]
    3
    """

    def __init__(self, picture: dict[str, Any]) -> None:
        layout = {"template": template(), **picture["layout"]}
        object.__setattr__(self, "picture", {**picture, "layout": layout})

    def to_dict(self) -> dict[str, Any]:
        found: dict[str, Any] = object.__getattribute__(self, "picture")
        return found


@cache
def template() -> dict[str, Any]:
    """The colours and fonts that every figure starts with; the page puts its theme in their place."""
    found: dict[str, Any] = go.Figure().to_dict()["layout"]["template"]
    return found


class _Same:
    """What cannot be hashed, as the object that it is; held, so that no other takes its number."""

    __slots__ = ("it",)

    def __init__(self, it: object) -> None:
        self.it = it

    def __hash__(self) -> int:
        return id(self.it)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.it is self.it


def drawn(make: Callable[..., go.Figure], *given: Any, of: tuple[Any, ...] = (), **named: Any) -> Drawn:
    """The figure that `make` gives, as it is sent; made once in a language for the same values and the same objects.

    of: what stands for the positional arguments where they are made anew at each run; the arguments themselves
    otherwise. What cannot be hashed counts as the object that it is: nobody may change it.

    >>> made = []
    >>> figure = lambda values: made.append(values) or go.Figure(layout={"height": 10 * len(values)})
    >>> values = [1, 2, 3]
    >>> drawn(figure, values) is drawn(figure, values), drawn(figure, [1, 2, 3]).to_dict()["layout"]["height"]
    (True, 30)
    >>> len(made)
    2
    """
    key = (make, spoken(), *map(_hashed, of or given), *((name, _hashed(one)) for name, one in named.items()))
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    found = Drawn(make(*given, **named).to_dict())
    with _lock:
        _kept[key] = found
        while len(_kept) > _MOST:
            _kept.popitem(last=False)
    return found


def _hashed(part: Any) -> Hashable:
    if isinstance(part, tuple):
        return tuple(map(_hashed, part))
    try:
        hash(part)
    except TypeError:
        return _Same(part)
    return part  # type: ignore[no-any-return]
